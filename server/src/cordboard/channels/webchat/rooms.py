"""Who listens to which chat, and what he is told: messages by number, read marks, the state, typing.

A frame is encoded once for all listeners of one language. Whatever a listener has missed he gets again by the last number
that he has seen; so nothing here has to be kept, and a listener that is too slow is simply let go.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from cordboard.channels.webchat import frames
from cordboard.channels.webchat.places import Places, positions
from cordboard.channels.webchat.sessions import VisitorSession
from cordboard.core import facts
from cordboard.core.config import TenantConfig
from cordboard.core.conversation import facts as chat_facts
from cordboard.core.conversation.asking import may_leave_message
from cordboard.core.conversation.events import VisitorConnected, VisitorDisconnected
from cordboard.core.conversation.staffing import is_staffed
from cordboard.core.conversation.transcript import Transcript
from cordboard.core.facts import Recorded
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.clock import Clock
from cordboard.runtime.ports import Batch
from cordboard.runtime.transcripts import Transcripts

PLACES_EVERY_SECONDS = 1.0

_MOVES = (
    facts.ContactQueued,
    facts.ContactOffered,
    facts.ContactAnswered,
    facts.ContactAbandoned,
    facts.WaitTimedOut,
    facts.ContactEnded,
)


class Listener(Protocol):
    session: VisitorSession

    def put(self, frame: str) -> None:
        """Never blocks."""


Later = Callable[[float, Callable[[], None]], object]


@dataclass(slots=True)
class Room:
    transcript: Transcript
    listeners: list[Listener] = field(default_factory=list)
    told: str = ""  # the state that was told last


class Rooms:
    """One for the server. `later` calls back after some seconds."""

    def __init__(
        self, switchboard: Switchboard, transcripts: Transcripts, clock: Clock, later: Later
    ) -> None:
        self._switchboard = switchboard
        self._transcripts = transcripts
        self._clock = clock
        self._later = later
        self._rooms: dict[tuple[str, int], Room] = {}
        self._places: dict[str, Places] = {}
        self._scheduled: set[str] = set()
        transcripts.on_change(self._changed)
        transcripts.on_typing(self._typed)

    def __len__(self) -> int:
        return sum(len(room.listeners) for room in self._rooms.values())

    # -- coming and going

    def enter(self, listener: Listener, transcript: Transcript, after: int) -> None:
        """Says all that is newer than `after`, and everything from now on. Without an await, so that nothing is missed."""
        session = listener.session
        key = (session.tenant_id, session.contact_id)
        room = self._rooms.get(key)
        if room is None:
            room = self._rooms[key] = Room(transcript)
            self._transcripts.hold(*key)
        config = self._switchboard.config(session.tenant_id)
        state = self._state_frame(session.tenant_id, room)
        hello = {"t": "hello", "last": len(transcript.lines), "state": state["state"]}
        listener.put(frames.encoded(hello))
        for line in transcript.lines:
            if line.number > after or line.edited or line.deleted or line.call is not None:
                listener.put(frames.encoded(frames.message(line, config, session.language)))
        if transcript.agent_seen:
            listener.put(frames.encoded({"t": "read", "n": transcript.agent_seen}))
        room.told = frames.encoded(state)
        listener.put(room.told)
        room.listeners.append(listener)
        if len(room.listeners) == 1 and transcript.ended is None:
            self._switchboard.post(session.tenant_id, VisitorConnected(session.contact_id))

    def leave(self, listener: Listener) -> None:
        session = listener.session
        key = (session.tenant_id, session.contact_id)
        room = self._rooms.get(key)
        if room is None or listener not in room.listeners:
            return
        room.listeners.remove(listener)
        if not room.listeners:
            del self._rooms[key]
            self._transcripts.let_go(*key)
            if room.transcript.ended is None:
                self._switchboard.post(session.tenant_id, VisitorDisconnected(session.contact_id))

    def go_on(self, before: VisitorSession, after: VisitorSession, transcript: Transcript) -> None:
        """Everybody who listened to the chat that is over listens to the one that goes on with it, whatever tab he has."""
        room = self._rooms.get((before.tenant_id, before.contact_id))
        for listener in list(room.listeners) if room is not None else ():
            self.leave(listener)
            listener.session = replace(listener.session, contact_id=after.contact_id)
            known = sum(line.earlier for line in transcript.lines)
            self.enter(listener, transcript, known)

    # -- what happens

    def _changed(
        self, tenant_id: str, transcript: Transcript, numbers: Sequence[int], recorded: Sequence[Recorded]
    ) -> None:
        room = self._rooms.get((tenant_id, transcript.contact_id))
        if room is None:
            return
        config = self._switchboard.config(tenant_id)
        for number in numbers:
            self._tell_message(room, number, config)
        for each in recorded:
            fact = each.fact
            if isinstance(fact, chat_facts.MessagesSeen) and fact.agent_id:
                self._tell(room, frames.encoded({"t": "read", "n": fact.number}))
            elif isinstance(fact, chat_facts.VisitorGone):  # the core was built again; he is here
                self._switchboard.post(tenant_id, VisitorConnected(transcript.contact_id))

    def _tell_message(self, room: Room, number: int, config: TenantConfig) -> None:
        line = room.transcript.find(number)
        if line is None:
            return
        by_language: dict[str, str] = {}
        for listener in list(room.listeners):
            language = listener.session.language
            if language not in by_language:
                by_language[language] = frames.encoded(frames.message(line, config, language))
            listener.put(by_language[language])

    def _typed(self, tenant_id: str, contact_id: int, agent_id: str, on: bool, preview: str) -> None:
        room = self._rooms.get((tenant_id, contact_id))
        if room is not None and agent_id:
            self._tell(room, '{"t":"typing","on":true}' if on else '{"t":"typing","on":false}')

    def _tell(self, room: Room, frame: str) -> None:
        for listener in list(room.listeners):
            listener.put(frame)

    def on_batch(self, batch: Batch) -> None:
        """After the transcripts have taken the batch over: states, and places in queues."""
        places = self._places.get(batch.tenant_id)
        moved = False
        touched: set[int] = set(batch.contact_ids)
        for recorded in batch.recorded:
            fact = recorded.fact
            if isinstance(fact, _MOVES):
                moved = True
                touched.add(fact.contact_id)
                if isinstance(fact, facts.ContactAnswered):
                    places = places or self._places.setdefault(batch.tenant_id, Places())
                    places.follow(recorded)
        here = [room for each in touched if (room := self._rooms.get((batch.tenant_id, each)))]
        state = self._switchboard.find_state(batch.tenant_id) if here else None
        standing = positions(state) if state is not None and moved else None
        for room in here:
            self._tell_state(batch.tenant_id, room, standing)
        if moved and self._rooms and batch.tenant_id not in self._scheduled:
            self._scheduled.add(batch.tenant_id)
            self._later(PLACES_EVERY_SECONDS, lambda: self._tell_places(batch.tenant_id))

    def _tell_places(self, tenant_id: str) -> None:
        self._scheduled.discard(tenant_id)
        state = self._switchboard.find_state(tenant_id)
        if state is None:
            return
        standing = positions(state)
        for contact_id in standing:
            room = self._rooms.get((tenant_id, contact_id))
            if room is not None:
                self._tell_state(tenant_id, room, standing)

    def _tell_state(self, tenant_id: str, room: Room, standing: dict[int, int] | None = None) -> None:
        frame = frames.encoded(self._state_frame(tenant_id, room, standing))
        if frame != room.told:
            room.told = frame
            self._tell(room, frame)

    def _state_frame(
        self, tenant_id: str, room: Room, standing: dict[int, int] | None = None
    ) -> dict[str, object]:
        state = self._switchboard.find_state(tenant_id)
        config = self._switchboard.config(tenant_id)
        contact_id = room.transcript.contact_id
        contact = state.contacts.get(contact_id) if state else None
        place, now = frames.NOWHERE, self._clock.now()
        if contact is not None and contact.wait is not None and state is not None:
            position = (standing or positions(state)).get(contact_id, 0)
            places = self._places.get(tenant_id)
            estimate = None
            if places is not None and position:
                estimate = places.estimate(contact.wait.queue_id, position, now)
            queue = config.queues.get(contact.wait.queue_id)
            nobody = queue is not None and not is_staffed(queue, state, config)
            place = frames.Place(position, estimate, nobody, may_leave_message(state, contact))
        return frames.state(contact, room.transcript, config, now, place)
