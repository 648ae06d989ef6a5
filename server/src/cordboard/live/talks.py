"""Chats on screens: the topic `conversation:<contact>`, and what the topic `me` says of a chat.

Each viewer has a feed of his own, because what he may do differs. Messages are rows by number, `state` says where the chat
stands, `typing` who is writing: that one is told and forgotten.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from cordboard.core.agent import Agent
from cordboard.core.config import TenantConfig
from cordboard.core.contact import Contact, Engagement, EngagementState
from cordboard.core.conversation import showing
from cordboard.core.conversation.transcript import Transcript
from cordboard.core.conversation.words import Author, PartyRole
from cordboard.core.facts import Recorded
from cordboard.core.state import State
from cordboard.identity.rights import Permission, Session
from cordboard.live.feed import Feed, Later, Listener, Pace
from cordboard.live.rows import Rows, Shown, iso
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.ports import Batch
from cordboard.runtime.transcripts import Transcripts

PREFIX = "conversation:"
_PACE = {"burst": 20.0, "rate": 20.0}


def contact_of(topic: str) -> int:
    """The contact of a topic `conversation:<contact>`; 0 for any other topic."""
    name, _, number = topic.partition(":")
    return int(number) if name == "conversation" and number.isdigit() else 0


def viewer_of(session: Session) -> str:
    return session.agent_id or session.person_id


def may_see(session: Session, state: State | None, contact_id: int) -> bool:
    """Who holds it or wraps it up, who was invited or watches, and who may read all contacts."""
    if session.may(Permission.CONTACTS_READ):
        return True
    agent = state.agents.get(session.agent_id or "") if state else None
    return agent is not None and (contact_id in agent.engagements or contact_id in agent.beside)


# -- topic `me`


def fields(contact: Contact) -> dict[str, Any]:
    chat = contact.chat
    assert chat is not None
    return {
        "unread": chat.unread,
        "unanswered_since": None if chat.unanswered_since is None else iso(chat.unanswered_since),
        "last_message": showing.last_message(contact),
        "visitor_connected": chat.connected,
        "earlier_id": chat.earlier_id or None,
    }


def invited_in(state: State, agent: Agent) -> list[tuple[Contact, Engagement]]:
    """The chats that he was invited to, as if they were in his hands."""
    found = []
    for contact_id in agent.beside:
        contact = state.contacts.get(contact_id)
        if contact is None or contact.chat is None or contact.talk is None or contact_id in agent.engagements:
            continue
        if contact.chat.parties.get(agent.id) is PartyRole.COLLEAGUE:
            holder = state.agents[contact.talk.agent_id].engagements.get(contact_id)
            if holder is not None:
                found.append((contact, _beside(holder)))
    return found


def _beside(holder: Engagement) -> Engagement:
    return Engagement(
        holder.contact_id,
        holder.channel,
        EngagementState.IN_CONTACT,
        holder.since,
        holder.queue_id,
        holder.space_id,
        holder.wrap_up,
        False,
    )


# -- topic `conversation:<contact>`


class TalkFeeds:
    """One for the server."""

    def __init__(
        self,
        switchboard: Switchboard,
        transcripts: Transcripts,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        later: Later,
    ) -> None:
        self._switchboard = switchboard
        self._transcripts = transcripts
        self._clock = clock
        self._monotonic = monotonic
        self._later = later
        self._feeds: dict[tuple[str, int], dict[str, Feed]] = {}
        transcripts.on_change(self._changed)
        transcripts.on_typing(self._typed)

    async def prepare(self, tenant_id: str, contact_id: int) -> Transcript:
        return await self._transcripts.get(tenant_id, contact_id)

    def join(self, session: Session, transcript: Transcript, listener: Listener) -> str:
        """The snapshot."""
        key, viewer = (session.tenant_id, transcript.contact_id), viewer_of(session)
        feeds = self._feeds.get(key)
        if feeds is None:
            feeds = self._feeds[key] = {}
            self._transcripts.hold(*key)
        feed = feeds.get(viewer)
        if feed is None:
            rows = self._rows(session.tenant_id, transcript, viewer)
            pace = Pace(**_PACE, now=self._monotonic())
            topic = f"{PREFIX}{transcript.contact_id}"
            feed = feeds[viewer] = Feed(topic, rows, pace, self._monotonic, self._later)
        return feed.join(listener, iso(self._clock()))

    def leave(self, session: Session, contact_id: int, listener: Listener) -> None:
        key, viewer = (session.tenant_id, contact_id), viewer_of(session)
        feeds = self._feeds.get(key, {})
        feed = feeds.get(viewer)
        if feed is None:
            return
        feed.leave(listener)
        if not feed.listened:
            del feeds[viewer]
        if not feeds:
            del self._feeds[key]
            self._transcripts.let_go(*key)

    def _rows(self, tenant_id: str, transcript: Transcript, viewer: str) -> Rows:
        state, config = self._switchboard.state(tenant_id), self._switchboard.config(tenant_id)
        name = showing.visitor_name(state.contacts.get(transcript.contact_id))
        rows: Rows = {str(line.number): showing.line_shown(line, config, name) for line in transcript.lines}
        rows["state"] = showing.standing(state, config, transcript, viewer)
        rows["typing"] = _nobody()
        return rows

    # -- following

    def _changed(
        self, tenant_id: str, transcript: Transcript, numbers: Sequence[int], recorded: Sequence[Recorded]
    ) -> None:
        feeds = self._feeds.get((tenant_id, transcript.contact_id))
        if not feeds or not numbers:
            return
        state, config = self._switchboard.state(tenant_id), self._switchboard.config(tenant_id)
        name = showing.visitor_name(state.contacts.get(transcript.contact_id))
        rows: Rows = {}
        written = False
        for number in numbers:
            line = transcript.find(number)
            if line is not None:
                rows[str(number)] = showing.line_shown(line, config, name)
                written = written or line.author is Author.VISITOR
        if written:
            rows["typing"] = _nobody()
        now = iso(recorded[-1].at)
        for feed in feeds.values():
            feed.change(rows, now)

    def on_batch(self, batch: Batch) -> None:
        """After the transcripts: who is in the chats that the batch is about, and what they may do."""
        if not self._feeds:
            return
        touched = set(batch.contact_ids)
        for recorded in batch.recorded:
            contact_id = getattr(recorded.fact, "contact_id", 0)
            if contact_id:
                touched.add(contact_id)
        now = iso(batch.at)
        for contact_id in touched:
            feeds = self._feeds.get((batch.tenant_id, contact_id))
            transcript = self._transcripts.find(batch.tenant_id, contact_id) if feeds else None
            state = self._switchboard.find_state(batch.tenant_id)
            if not feeds or transcript is None or state is None or state.config is None:
                continue
            for viewer, feed in feeds.items():
                feed.change({"state": showing.standing(state, state.config, transcript, viewer)}, now)

    def _typed(self, tenant_id: str, contact_id: int, agent_id: str, on: bool, preview: str) -> None:
        feeds = self._feeds.get((tenant_id, contact_id), {})
        if not feeds or agent_id == "bot":
            return
        config: TenantConfig = self._switchboard.config(tenant_id)
        for viewer, feed in feeds.items():
            if viewer == agent_id:
                continue
            before = feed.row("typing")
            row: Shown = dict(before) if isinstance(before, dict) else _nobody()
            if agent_id:
                names = [each for each in _names(row) if each != showing.name_of(config, agent_id)]
                row["agents"] = [*names, *([showing.name_of(config, agent_id)] if on else [])]
            else:
                row["on"], row["preview"] = on, preview if on else ""
            feed.change({"typing": row}, iso(self._clock()))

    def typing(self, session: Session, contact_id: int, on: bool) -> None:
        """An agent writes in a chat that he holds or was invited to."""
        state = self._switchboard.find_state(session.tenant_id)
        contact = state.contacts.get(contact_id) if state else None
        if contact is None or not session.agent_id:
            return
        if "say" in showing.verbs(contact, session.agent_id):
            self._transcripts.typing(session.tenant_id, contact_id, session.agent_id, on)


def _nobody() -> Shown:
    return {"on": False, "preview": "", "agents": []}


def _names(row: Shown) -> list[str]:
    names = row.get("agents")
    return list(names) if isinstance(names, list) else []
