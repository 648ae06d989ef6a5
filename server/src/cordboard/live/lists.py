"""The topics `work` and `viewers`: lists of contacts that change, and who looks at which contact.

`work` keeps no list: each browser has its own, narrowed and sorted as its person likes, from `GET /work`. The topic holds the
rows that have changed lately, newest last, for those who may see them; a browser subscribes, then loads its list, and takes
over whatever row has a higher `seq` than the list is as of. `viewers` says who has a contact open: the soft lock.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cordboard.core.config import TenantConfig
from cordboard.index.items import EVERYTHING, Ref, Scope, WorkGone, WorkItem, item_of, scope_of, sees
from cordboard.index.projector import Change
from cordboard.live.feed import Feed, Later, Listener, Pace
from cordboard.live.rows import Row, ViewersRow, iso

KEPT = 300  # rows of a `work` topic
_PACE = {"burst": 4.0, "rate": 4.0}


@dataclass(slots=True)
class _Watched:
    """The `work` topic of one agent, or of all who see everything (audience "")."""

    feed: Feed
    scope: Scope
    version: int  # of the configuration that the scope is from
    keys: dict[str, None] = field(default_factory=dict)  # oldest first


class TenantLists:
    """One tenant's. Read and changed between awaits only."""

    def __init__(
        self, config: Callable[[], TenantConfig | None], monotonic: Callable[[], float], later: Later
    ) -> None:
        self._config = config
        self._monotonic = monotonic
        self._later = later
        self._work: dict[str, _Watched] = {}
        self._viewers: Feed | None = None
        self._looks: dict[object, tuple[int, Ref]] = {}

    def join(self, topic: str, audience: str, listener: Listener, now: datetime) -> str:
        """The snapshot. `audience`: the agent of `work`, "" for who sees everything."""
        if topic == "viewers":
            if self._viewers is None:
                self._viewers = self._feed(topic)
                self._tell_viewers({contact_id for contact_id, _ in self._looks.values()}, now)
            return self._viewers.join(listener, iso(now))
        watched = self._work.get(audience)
        if watched is None:
            watched = self._work[audience] = _Watched(self._feed(topic), EVERYTHING, -1)
            self._rescope(audience, watched)
        return watched.feed.join(listener, iso(now))

    def leave(self, topic: str, audience: str, listener: Listener) -> None:
        if topic == "viewers":
            if self._viewers is not None:
                self._viewers.leave(listener)
                self._viewers = self._viewers if self._viewers.listened else None
            return
        watched = self._work.get(audience)
        if watched is not None:
            watched.feed.leave(listener)
            if not watched.feed.listened:
                del self._work[audience]

    def _feed(self, topic: str) -> Feed:
        return Feed(topic, {}, Pace(**_PACE, now=self._monotonic()), self._monotonic, self._later)

    # -- work

    def on_changes(self, changes: Sequence[Change], now: datetime) -> None:
        config = self._config()
        if config is None:
            return
        items = (
            {change.after.contact_id: item_of(change.after, config) for change in changes}
            if self._work
            else {}
        )
        for audience, watched in self._work.items():
            if watched.version != config.version:
                self._rescope(audience, watched)
            rows: dict[str, Row | None] = {}
            for change in changes:
                row = _told(watched.scope, change, items[change.after.contact_id])
                if row is not None:
                    rows[str(row.contact_id)] = row
            if rows:
                watched.feed.change({**_make_room(watched.keys, rows), **rows}, iso(now))

    def _rescope(self, audience: str, watched: _Watched) -> None:
        config = self._config()
        if config is not None:
            watched.scope = scope_of(config, audience) if audience else EVERYTHING
            watched.version = config.version

    # -- who looks at what

    def look(self, who: object, contact_id: int, person: Ref, now: datetime) -> None:
        """`who` (a socket) has this contact open now; 0: none."""
        before = self._looks.pop(who, None)
        if contact_id:
            self._looks[who] = (contact_id, person)
        touched = {contact_id} | ({before[0]} if before else set())
        self._tell_viewers(touched - {0}, now)

    def _tell_viewers(self, contact_ids: set[int], now: datetime) -> None:
        if self._viewers is None or not contact_ids:
            return
        rows: dict[str, Row | None] = {}
        for contact_id in contact_ids:
            people = {person.id: person for looked, person in self._looks.values() if looked == contact_id}
            everybody = tuple(sorted(people.values(), key=lambda person: person.id))
            rows[str(contact_id)] = ViewersRow(contact_id, everybody) if everybody else None
        self._viewers.change(rows, iso(now))


def _told(scope: Scope, change: Change, item: WorkItem) -> WorkItem | WorkGone | None:
    """What this audience hears of a change: the row, that it is gone, or nothing."""
    if sees(scope, change.after):
        return item
    if change.before is not None and sees(scope, change.before):
        return item if change.after.state == "closed" else WorkGone(item.contact_id, item.seq)
    return None


def _make_room(keys: dict[str, None], rows: dict[str, Row | None]) -> dict[str, Row | None]:
    """Notes the new keys as the newest, and gives those that have to go."""
    for key in rows:
        keys.pop(key, None)
        keys[key] = None
    gone = list(keys)[: max(0, len(keys) - KEPT)]
    for key in gone:
        del keys[key]
    return dict.fromkeys(gone)
