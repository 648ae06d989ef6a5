"""The search. Who may read all contacts finds all; an agent finds what was his or was offered to him, and what was written to
his Spaces (calls of others stay theirs)."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cordboard.core.config import TenantConfig
from cordboard.db.database import Connection, Database
from cordboard.errors import Refused
from cordboard.identity.rights import Permission, Session
from cordboard.index.conditions import Conditions
from cordboard.index.fold import IndexRow
from cordboard.index.items import ref
from cordboard.index.search import BEGINNING, END, NEWEST, Hit, Query, Search, Within
from cordboard.index.snippets import Marks, marks_of, snippet
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.clock import Clock
from cordboard.search import schemas, tables

SNIPPETS = 2  # of one contact


class BadCursor(Refused):
    """This page can not be found any more. Search again."""

    code = "bad_cursor"
    status = 422


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for. `since` and `until`: of the contact's arrival."""

    q: str
    channel: str = ""
    agent: str = ""
    queue: str = ""
    reason: str = ""
    state: str = ""
    since: datetime | None = None
    until: datetime | None = None
    sort: schemas.Sort = "relevance"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page begins: the instant that recency counts from, the chapter, and what was shown last of it."""

    now: datetime
    before: int = NEWEST
    after: tuple[float, int] | None = None

    def __str__(self) -> str:
        after = "~" if self.after is None else f"{self.after[0]!r}~{self.after[1]}"
        return f"{self.now.timestamp()!r}~{self.before}~{after}"

    @classmethod
    def read(cls, cursor: str) -> "_Place":
        try:
            now, before, score, contact_id = cursor.split("~")
            after = (float(score), int(contact_id)) if score else None
            return cls(datetime.fromtimestamp(float(now), UTC), min(int(before), NEWEST), after)
        except (ValueError, OverflowError, OSError) as error:
            raise BadCursor from error


class SearchService:
    """`catch_up`: brings the projections to the journal's end, so that what was just said is found."""

    def __init__(
        self,
        db: Database,
        switchboard: Switchboard,
        search: Search,
        catch_up: Callable[[str], Awaitable[int]],
        clock: Clock,
    ) -> None:
        self._db = db
        self._switchboard = switchboard
        self._search = search
        self._catch_up = catch_up
        self._clock = clock

    async def find(self, session: Session, wanted: Wanted, cursor: str, limit: int) -> schemas.Found:
        config = self._switchboard.config(session.tenant_id)
        await self._catch_up(session.tenant_id)
        within = self._within(session, wanted, config)
        async with self._db.tenant(session.tenant_id) as connection:
            query = await self._search.query(connection, wanted.q)
            if query:
                place = _Place.read(cursor) if cursor else _Place(self._clock.now())
                ids, following = await self._ranked(connection, query, within, wanted.sort, place, limit)
            elif wanted.q.strip():
                return schemas.Found(items=[], next=None)
            else:
                ids, following = await _listed(connection, within, cursor, limit)
            rows = await _rows(connection, ids)
            marks = marks_of(query.beginning or query.exact)
            snippets = await _snippets(connection, ids, marks) if query else {}
        items = [_item(rows[each], config, snippets.get(each, [])) for each in ids if each in rows]
        return schemas.Found(items=items, next=following)

    async def _ranked(
        self,
        connection: Connection,
        query: Query,
        within: Within,
        sort: schemas.Sort,
        place: _Place,
        limit: int,
    ) -> tuple[list[int], str | None]:
        """A page's contacts, from as many chapters as it takes."""
        ids: list[int] = []
        while True:
            hits = await self._search.chapter(connection, query, within, place.now, place.before)
            keyed = sorted((_key(hit, sort), hit) for hit in hits)
            rest = [(key, hit) for key, hit in keyed if place.after is None or key > place.after]
            taken = rest[: limit - len(ids)]
            ids += [hit.contact_id for _, hit in taken]
            if len(rest) > len(taken):
                return ids, str(_Place(place.now, place.before, taken[-1][0]))
            if not hits or hits[0].edge == 0:
                return ids, None
            place = _Place(place.now, hits[0].edge)
            if len(ids) == limit:
                return ids, str(place)

    def _within(self, session: Session, wanted: Wanted, config: TenantConfig) -> Within:
        spaces: tuple[str, ...] | None = None
        if not session.may(Permission.CONTACTS_READ):
            profile = config.agents.get(session.agent_id or "")
            spaces = profile.space_ids if profile else ()
        return Within(
            wanted.channel,
            wanted.agent,
            wanted.queue,
            wanted.reason,
            wanted.state,
            wanted.since or BEGINNING,
            wanted.until or END,
            spaces,
            session.agent_id or "-",
        )


def _key(hit: Hit, sort: schemas.Sort) -> tuple[float, int]:
    return (-hit.score if sort == "relevance" else 0.0, -hit.contact_id)


async def _listed(
    connection: Connection, within: Within, cursor: str, limit: int
) -> tuple[list[int], str | None]:
    """Without words: the newest contacts that the filters leave."""
    conditions = Conditions()
    for name in ("channel", "queue", "reason", "agent"):
        if value := getattr(within, name):
            conditions.add(tables.CONDITIONS[name], value)
    if within.since > BEGINNING:
        conditions.add(tables.CONDITIONS["since"], within.since)
    if within.until < END:
        conditions.add(tables.CONDITIONS["until"], within.until)
    if within.state:
        conditions.say(tables.OPEN if within.state == "open" else tables.CLOSED)
    if within.spaces is not None:
        conditions.add(tables.WITHIN, list(within.spaces), within.own)
    if cursor:
        if not cursor.isdecimal() or len(cursor) > 18:
            raise BadCursor
        conditions.add(tables.CONDITIONS["before"], int(cursor))
    query = f"{tables.ROWS}{conditions.where} ORDER BY contact_id DESC LIMIT {int(limit)}"
    ids = [row["contact_id"] for row in await connection.fetch(query, *conditions.values)]
    return ids, str(ids[-1]) if len(ids) == limit else None


async def _rows(connection: Connection, ids: Sequence[int]) -> dict[int, IndexRow]:
    conditions = Conditions()
    conditions.add(tables.CONDITIONS["ids"], list(ids))
    rows = await connection.fetch(f"{tables.ROWS}{conditions.where}", *conditions.values)
    return {row["contact_id"]: IndexRow(**dict(row.items())) for row in rows}


async def _snippets(
    connection: Connection, ids: Sequence[int], marks: Marks
) -> dict[int, list[schemas.Snippet]]:
    """The best places of each contact: those with the most hits, the newest of them."""
    found: defaultdict[int, list[tuple[int, schemas.Snippet]]] = defaultdict(list)
    for row in await connection.fetch(tables.TEXTS, list(ids)):
        hits, parts = snippet(row["text"], marks)
        if hits:
            one = schemas.Snippet(source=row["source"], at=row["at"], parts=parts)
            found[row["contact_id"]].append((hits, one))
    return {
        contact_id: [one for _, one in sorted(places, key=lambda place: -place[0])[:SNIPPETS]]
        for contact_id, places in found.items()
    }


def _item(row: IndexRow, config: TenantConfig, snippets: list[schemas.Snippet]) -> schemas.FoundContact:
    return schemas.FoundContact(
        contact_id=row.contact_id,
        channel=row.channel,
        direction=row.direction,
        state=row.state,
        outcome=row.outcome,
        remote=row.remote,
        remote_name=row.remote_name,
        subject=row.subject,
        space=ref(config.spaces, row.space_id),
        queue=ref(config.queues, row.queue_id),
        agent=ref(config.agents, row.agent_id or row.answered_by),
        closing_reason=ref(config.closing_reasons, row.closing_reason_id),
        arrived_at=row.arrived_at,
        ended_at=row.ended_at,
        language=row.language,
        thread_id=row.thread_id,
        mails=row.mails,
        snippets=snippets,
    )
