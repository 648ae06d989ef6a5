"""One turn of the core: the event's instant, what is decided so far, and the few moves that every transition is made of.

A **centre** is the state with the indexes derived from it and the two pure functions that the core is given. A **turn**
lives for one event. Transitions are functions `(turn, contact, …)`; they change the state, and say commands and facts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cordboard.core import commands as do
from cordboard.core import facts
from cordboard.core.agent import Agent
from cordboard.core.config import EntryPoint, Queue, TenantConfig
from cordboard.core.contact import Contact, Leg
from cordboard.core.events import Phone
from cordboard.core.matching import Matching
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.state import State
from cordboard.core.words import Channel, LegRole, LegState

REAP_AFTER = timedelta(seconds=20)  # a line whose end is not reported by then is given up

Evaluate = Callable[[str, Mapping[str, object]], object]  # CEL; raises ValueError
Normalise = Callable[[str, str], str | None]  # (number as typed, country) -> E.164


@dataclass(slots=True)
class Centre:
    state: State
    evaluate: Evaluate
    normalise: Normalise
    matching: Matching = field(default_factory=Matching)
    lines: dict[str, tuple[int, str]] = field(default_factory=dict)  # line -> contact id, leg id
    entry_points: dict[tuple[Channel, str], EntryPoint] = field(default_factory=dict)  # by address
    preferred: dict[str, dict[int, tuple[int, datetime, int]]] = field(default_factory=dict)
    """Agent -> the contacts that wait for him rather than for anybody, each with its place (`matching.WaitKey`)."""

    def index_config(self) -> None:
        """To be called when the state has another configuration."""
        points = self.state.config.entry_points.values() if self.state.config else ()
        self.entry_points = {(point.channel, point.address): point for point in points}

    def forget_preference(self, agent_id: str, contact_id: int) -> None:
        places = self.preferred.get(agent_id)
        if places is not None and places.pop(contact_id, None) is not None and not places:
            del self.preferred[agent_id]


class Turn:
    __slots__ = (
        "centre",
        "commands",
        "contact_id",
        "do",
        "facts",
        "named_offers",
        "note",
        "now",
        "seq",
        "state",
        "touched",
        "waiting",
    )

    def __init__(self, centre: Centre, now: datetime, seq: int) -> None:
        self.centre = centre
        self.state = centre.state
        self.now = now
        self.seq = seq
        self.commands: list[do.Command] = []
        self.facts: list[facts.Fact] = []
        self.do: Callable[[do.Command], None] = self.commands.append
        self.note: Callable[[facts.Fact], None] = self.facts.append
        self.touched: dict[str, Agent] = {}  # whose derived state may have changed
        self.waiting: list[
            int
        ] = []  # contacts that have just begun to wait, to be matched when all is decided
        self.named_offers: list[tuple[int, str]] = []  # contact, agent
        self.contact_id = 0

    @property
    def config(self) -> TenantConfig:
        config = self.state.config
        assert config is not None, "the first event of a tenant is ConfigPublished"
        return config

    def touch(self, agent: Agent) -> None:
        self.touched[agent.id] = agent

    def queue(self, queue_id: str) -> Queue | None:
        return self.config.queues.get(queue_id)

    # -- timers

    def wake(self, key: str, at: datetime) -> None:
        self.state.wakes[key] = at
        self.commands.append(do.WakeAt(key, at))

    def wake_in(self, key: str, delay: timedelta) -> None:
        self.wake(key, self.now + delay)

    def cancel_wake(self, key: str) -> None:
        if self.state.wakes.pop(key, None) is not None:
            self.commands.append(do.CancelWake(key))

    # -- legs

    def start_leg(
        self, contact: Contact, role: LegRole, phone: Phone, *, agent_id: str = "", auto_answer: bool = False
    ) -> Leg:
        """Dials a phone for this contact. The party called sees the number at the other end."""
        leg = self.add_leg(contact, role, "", LegState.DIALLING, agent_id=agent_id)
        leg.line = f"{self.state.tenant_id}-{leg.id}"
        leg.number = "" if role is LegRole.AGENT else phone.address
        self.centre.lines[leg.line] = (contact.id, leg.id)
        caller = contact.remote if role is LegRole.AGENT else contact.address
        name = contact.remote_name if role is LegRole.AGENT else ""
        self.do(do.Dial(leg.line, contact.id, phone, caller, name, auto_answer))
        return leg

    def add_leg(
        self, contact: Contact, role: LegRole, line: str, state: LegState, *, agent_id: str = ""
    ) -> Leg:
        contact.legs_made += 1
        leg = Leg(f"{contact.id}.{contact.legs_made}", line, role, state, self.now, agent_id)
        contact.legs[leg.id] = leg
        if line:
            self.centre.lines[line] = (contact.id, leg.id)
        self.note(facts.LegStarted(contact.id, leg.id, role, agent_id))
        return leg

    def hang_up_leg(self, contact: Contact, leg: Leg, *, busy: bool = False) -> None:
        """Asks for the end of a leg; it stays in sight until its line has ended (or `reap` gives it up)."""
        if leg.leaving:
            return
        leg.leaving = True
        self.do(do.HangUp(leg.line, busy))
        self.wake_in(f"reap:{contact.id}", REAP_AFTER)

    def drop_leg(self, contact: Contact, leg: Leg) -> None:
        contact.legs.pop(leg.id, None)
        self.centre.lines.pop(leg.line, None)

    # -- what the end-customer hears

    def answer(self, contact: Contact, leg: Leg) -> None:
        if not contact.answered:
            contact.answered = True
            leg.state = LegState.UP
            leg.answered_at = self.now
            self.do(do.AnswerLine(leg.line))
            self.note(facts.LegAnswered(contact.id, leg.id))

    def play(self, contact: Contact, leg: Leg, *sounds: str) -> str:
        contact.playbacks_made += 1
        playback_id = self.last_playback_id(contact)
        self.do(do.Play(leg.line, playback_id, sounds, contact.language))
        return playback_id

    def last_playback_id(self, contact: Contact) -> str:
        return f"{self.state.tenant_id}-{contact.id}.p{contact.playbacks_made}"

    def set_room(self, contact: Contact, *legs: Leg) -> None:
        contact.room = True
        self.do(do.SetRoom(self.room_id(contact), tuple(leg.line for leg in legs)))

    def close_room(self, contact: Contact) -> None:
        if contact.room:
            contact.room = False
            self.do(do.CloseRoom(self.room_id(contact)))

    def room_id(self, contact: Contact) -> str:
        return f"{self.state.tenant_id}-{contact.id}"

    def music(self, contact: Contact, queue_id: str = "") -> None:
        leg = contact.end_customer_leg()
        if leg is not None and leg.state is LegState.UP:
            queue = self.queue(queue_id)
            self.do(do.StartMusic(leg.line, queue.music if queue else "default"))

    # -- looking up

    def own_contact(self, agent_id: str, contact_id: int) -> Contact | Refusal:
        """The contact, if this agent is in it."""
        agent = self.state.agents.get(agent_id)
        if agent is None or not agent.logged_in:
            return Refusal(RefusalCode.NOT_LOGGED_IN)
        contact = self.state.contacts.get(contact_id)
        if contact is None:
            return Refusal(RefusalCode.UNKNOWN_CONTACT)
        if contact_id not in agent.engagements:
            return Refusal(RefusalCode.NOT_YOUR_CONTACT)
        return contact
