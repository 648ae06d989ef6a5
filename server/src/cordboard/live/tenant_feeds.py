"""The feeds of one tenant: made when somebody listens first, changed after each batch, let go when nobody listens."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from cordboard.core.config import TenantConfig
from cordboard.core.state import State
from cordboard.live import views
from cordboard.live.feed import Feed, Later, Listener, Pace
from cordboard.live.rows import ChatRow, QueueRow, Row, Rows, iso, maybe_iso
from cordboard.live.tallies import Tallies
from cordboard.live.today import Today
from cordboard.live.touched import Touched, touched_by
from cordboard.runtime.ports import Batch

CHAT_KEPT = 100  # messages in the topic `chat`
_OWN = {"burst": 20.0, "rate": 5.0}  # `me` and the like: an offer and its answer are told at once
_SHARED = {"burst": 2.0, "rate": 5.0}  # what many watch

FeedKey = tuple[str, str]  # topic, audience ("" for the whole tenant)


class TenantFeeds:
    """Reads the state only right after a commit (`on_batch`) and when a feed begins."""

    def __init__(
        self, state: Callable[[], State | None], today: Today, monotonic: Callable[[], float], later: Later
    ) -> None:
        self._state = state
        self._today = today
        self._monotonic = monotonic
        self._later = later
        self._tallies = Tallies()
        self._feeds: dict[FeedKey, Feed] = {}
        self._seen: State | None = None
        self._renewed()

    def _renewed(self) -> bool:
        """Whether the state is another object than before (the core was rebuilt from its journal)."""
        present = self._state()
        if present is None or present is self._seen:
            return False
        self._seen = present
        self._tallies.rebuild(present)
        return True

    # -- listening

    def join(
        self, topic: str, audience: str, listener: Listener, now: datetime, chat: Sequence[ChatRow] = ()
    ) -> str:
        """The snapshot. `audience`: the agent of `me` and `figures`, the reader of `chat`, "" for the others."""
        key = (topic, audience)
        feed = self._feeds.get(key)
        if feed is None:
            rows: Rows = (
                {row.id: row for row in chat} if topic == "chat" else self.fresh_rows(topic, audience)
            )
            pace = Pace(**(_OWN if audience else _SHARED), now=self._monotonic())
            feed = self._feeds[key] = Feed(topic, rows, pace, self._monotonic, self._later)
        return feed.join(listener, iso(now))

    def leave(self, topic: str, audience: str, listener: Listener) -> None:
        feed = self._feeds.get((topic, audience))
        if feed is not None:
            feed.leave(listener)
            if not feed.listened:
                del self._feeds[(topic, audience)]

    def has(self, topic: str, audience: str) -> bool:
        return (topic, audience) in self._feeds

    @property
    def listened(self) -> bool:
        return bool(self._feeds)

    # -- all rows of a topic, made anew

    def fresh_rows(self, topic: str, audience: str) -> Rows:
        state = self._state()
        config = state.config if state else None
        if state is None or config is None:
            return {}
        match topic:
            case "me":
                return views.me_rows(state, audience)
            case "figures":
                return self._today.rows_of_agent(audience)
            case "colleagues":
                return _present(
                    (agent_id, views.colleague_row(state, config, agent_id)) for agent_id in config.agents
                )
            case "queues":
                return _present((queue_id, self._queue_row(config, queue_id)) for queue_id in config.queues)
            case _:
                return {}

    def _queue_row(self, config: TenantConfig, queue_id: str) -> QueueRow | None:
        queue = config.queues.get(queue_id)
        if queue is None:
            return None
        waiting, longest_since = self._tallies.waiting(queue_id)
        logged_in, ready = self._tallies.agents(queue_id)
        offered, answered, abandoned, service_level = self._today.of_queue(queue_id)
        return QueueRow(
            queue_id,
            queue.name,
            queue.space_id,
            queue.channel.value,
            waiting,
            maybe_iso(longest_since),
            ready,
            logged_in,
            offered,
            answered,
            abandoned,
            service_level,
        )

    # -- following

    def on_batch(self, batch: Batch) -> Touched:
        """Takes a committed batch over into all feeds."""
        touched = touched_by(batch)
        rolled = self._today.roll(batch.at)
        counted = self._today.apply(batch.recorded)
        state = self._state()
        if state is None or state.config is None:
            return touched
        for contact_id in touched.contact_ids:
            contact = state.contacts.get(contact_id)
            if contact is not None:
                touched.agent_ids.update(contact.agent_ids)
                touched.agent_ids.update(contact.chat.parties if contact.chat else ())
        now = iso(batch.at)
        if self._renewed() or touched.everything or rolled:
            self._tallies.rebuild(state)
            self.refresh_all(now)
            return touched
        touched.queue_ids |= self._tallies.follow(state, touched.contact_ids, touched.agent_ids)
        self._tell(state, state.config, touched, now)
        self._tell_figures(counted, now)
        return touched

    def refresh_all(self, now: str) -> None:
        """Compares all rows of all feeds (a new configuration, a new day)."""
        for (topic, audience), feed in self._feeds.items():
            if topic != "chat":
                _replace(feed, self.fresh_rows(topic, audience), now)

    def roll(self, at: datetime) -> None:
        """Now and then: a new day, or a core that was rebuilt, although nothing happens."""
        if self._today.roll(at) or self._renewed():
            self.refresh_all(iso(at))

    def _tell(self, state: State, config: TenantConfig, touched: Touched, now: str) -> None:
        for agent_id in touched.agent_ids:
            own = self._feeds.get(("me", agent_id))
            if own is not None:
                _replace(own, views.me_rows(state, agent_id), now)
        colleagues = self._feeds.get(("colleagues", ""))
        if colleagues is not None and touched.agent_ids:
            rows = {agent_id: views.colleague_row(state, config, agent_id) for agent_id in touched.agent_ids}
            colleagues.change(rows, now)
        queues = self._feeds.get(("queues", ""))
        if queues is not None and touched.queue_ids:
            queues.change(
                {queue_id: self._queue_row(config, queue_id) for queue_id in touched.queue_ids}, now
            )

    def _tell_figures(self, agent_ids: Iterable[str], now: str) -> None:
        for agent_id in agent_ids:
            figures = self._feeds.get(("figures", agent_id))
            if figures is not None:
                figures.change(self._today.rows_of_agent(agent_id), now)

    # -- chat

    def say(self, row: ChatRow, readers: Callable[[str], bool], now: datetime) -> None:
        """A new message, for the feeds of those who may read it; the oldest goes when there are too many."""
        for (topic, audience), feed in self._feeds.items():
            if topic == "chat" and readers(audience):
                kept = sorted(feed.keys, key=int)
                gone = kept[: max(0, len(kept) + 1 - CHAT_KEPT)]
                feed.change({row.id: row, **dict.fromkeys(gone)}, iso(now))


def _present(rows: Iterable[tuple[str, Row | None]]) -> Rows:
    return {key: row for key, row in rows if row is not None}


def _replace(feed: Feed, rows: Rows, now: str) -> None:
    """All rows of a feed are now these."""
    gone: dict[str, Row | None] = {key: None for key in feed.keys if key not in rows}
    feed.change({**gone, **rows}, now)
