"""A visitor goes on with a conversation that is over: the core makes the next contact, his tokens and all his tabs move to it."""

from typing import Protocol

from cordboard.channels.webchat.limits import Limits, Rate
from cordboard.channels.webchat.rooms import Rooms
from cordboard.channels.webchat.sessions import VisitorSession, VisitorSessions
from cordboard.core.conversation.continuing import past_of
from cordboard.core.conversation.events import ChatReopened
from cordboard.core.facts import Recorded
from cordboard.errors import Overloaded, Refused
from cordboard.runtime.asking import LiveTenants, Switchboard
from cordboard.runtime.clock import Clock
from cordboard.runtime.transcripts import Transcripts

AGAIN = Rate(5, 1 / 60)


class ButtonGone(Refused):
    """There is no such chat button any more."""

    code = "unknown_button"
    status = 404


class TooOften(Refused):
    """Too many requests from here. Wait a moment."""

    code = "too_many_requests"
    status = 429


class Archive(Protocol):
    """What is kept of chats that are over."""

    async def thread_of(self, tenant_id: str, contact_id: int) -> int: ...

    async def facts_of(self, tenant_id: str, contact_id: int) -> list[Recorded]: ...


class Continuing:
    """One for the server."""

    def __init__(
        self,
        tenants: LiveTenants,
        transcripts: Transcripts,
        sessions: VisitorSessions,
        archive: Archive,
        rooms: Rooms,
        clock: Clock,
    ) -> None:
        self._tenants = tenants
        self._switchboard = Switchboard(tenants)
        self._transcripts = transcripts
        self._sessions = sessions
        self._archive = archive
        self._rooms = rooms
        self._clock = clock
        self._limits = Limits(AGAIN)

    async def go_on(self, session: VisitorSession) -> None:
        """Again is the same: a second click, or another tab, leads to the same contact. Raises what `words` has sentences for."""
        tenant_id, now = session.tenant_id, self._clock.now()
        button = self._switchboard.config(tenant_id).chat_buttons.get(session.button_id)
        if button is None:
            raise ButtonGone
        if not self._limits.take(session.reference, self._clock.monotonic()):
            raise TooOften
        inbox = self._tenants.inbox_of(tenant_id)
        if inbox is not None and not inbox.accepts_new_contacts:
            raise Overloaded
        outcome = await self._switchboard.ask(tenant_id, await self._event(session))
        if outcome.contact_id in (0, session.contact_id):
            return
        after = await self._sessions.go_on(session, outcome.contact_id, button, now)
        self._rooms.go_on(session, after, await self._transcripts.get(tenant_id, outcome.contact_id))

    async def _event(self, session: VisitorSession) -> ChatReopened:
        tenant_id, earlier_id = session.tenant_id, session.contact_id
        transcript = await self._transcripts.get(tenant_id, earlier_id)
        past = past_of(await self._archive.facts_of(tenant_id, earlier_id))
        return ChatReopened(
            session.button_id,
            f"again-{earlier_id}",
            earlier_id,
            past.ended_at or self._clock.now(),
            len(transcript.lines),
            past.sender,
            past.sender_name,
            past.language or session.language,
            past.page_url,
            past.page_title,
            past.values,
            bool(past.values.get("identity")),
            past.queue_id,
            past.agent_id,
            await self._archive.thread_of(tenant_id, earlier_id),
        )
