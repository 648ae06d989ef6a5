"""What is true of the core whenever all that was reported has been decided: the laws, each a function that says what breaks it.

`broken_laws` looks at the live state and at the outside that obeyed its commands; `ledger` follows the facts.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from cordboard.core.agent import derive_state
from cordboard.core.contact import Contact, EngagementState, Phase, Talk
from cordboard.core.engine import Engine
from cordboard.core.reaching import is_there
from cordboard.core.state import State
from cordboard.core.words import Channel, LegRole, LegState
from cordboard.testing.outside import Outside
from cordboard.testing.wake_laws import may_be_over, may_outlive, reasons

Law = Callable[["Look"], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Look:
    """`wakes` are those that the outside will report."""

    engine: Engine
    outside: Outside
    wakes: Mapping[str, datetime]

    @property
    def state(self) -> State:
        return self.engine.state

    def live(self) -> Iterator[Contact]:
        return (contact for contact in self.state.contacts.values() if contact.phase is not Phase.ENDED)

    def calls(self) -> Iterator[Contact]:
        return (contact for contact in self.live() if contact.channel is Channel.VOICE)


def broken_laws(engine: Engine, outside: Outside, wakes: Mapping[str, datetime]) -> list[str]:
    look = Look(engine, outside, wakes)
    return [f"{law.__name__.strip('_')}: {breach}" for law in _LAWS for breach in law(look)]


# -- contacts and lines


def _no_contact_is_lost(look: Look) -> Iterator[str]:
    """Every line belongs to somebody, every call that goes on has its end-customer's line."""
    known = {leg.line for contact in look.state.contacts.values() for leg in contact.legs.values()}
    for line in look.outside.lines.values():
        if line.line not in known and line.line not in look.state.refused_lines:
            yield f"line {line.line} belongs to no contact"
    for contact in look.calls():
        leg = contact.end_customer_leg()
        if leg is None and contact.phase is not Phase.DIALLING and not _is_to_be_called(contact):
            yield f"contact {contact.id} goes on in {contact.phase} without its end-customer"
        if leg is not None and leg.line not in look.outside.lines:
            yield f"contact {contact.id} goes on, but line {leg.line} is gone"
    for contact in look.state.contacts.values():
        for leg in contact.legs.values():
            if leg.line not in look.outside.lines and not leg.leaving:
                yield f"leg {leg.id} of {contact.id} has no line"


def _is_to_be_called(contact: Contact) -> bool:
    """A call out of a chat: it waits for an agent who calls, or for the visitor's page to come back."""
    origin = contact.origin
    waits = contact.phase in (Phase.WAITING, Phase.OFFERED)
    return origin is not None and (waits or origin.lost_since is not None)


def _ended_contacts_are_wrapped_up(look: Look) -> Iterator[str]:
    for contact in look.state.contacts.values():
        held = any(contact.id in agent.engagements for agent in look.state.agents.values())
        if contact.phase is Phase.ENDED and not contact.legs and not held:
            yield f"contact {contact.id} is over and not forgotten"


def _phases_are_complete(look: Look) -> Iterator[str]:
    """A phase has the parts that it is made of, and no others."""
    for contact in look.live():
        has = (contact.wait is not None, contact.offer is not None, contact.talk is not None)
        outside = contact.outside_leg() is not None
        wanted = {
            Phase.SCRIPT: has == (False, False, False),
            Phase.WAITING: has == (True, False, False),
            Phase.OFFERED: has == (True, True, False),
            Phase.DIALLING: has == (False, False, False),
            Phase.FORWARDING: has[1:] == (False, False) and outside,
            Phase.TALKING: has == (False, False, True) or (has == (False, False, False) and outside),
            Phase.PARKED: has == (False, False, False) and contact.parked is not None,
            Phase.VALIDATING: has == (False, False, False) and bool(contact.outgoing),
            Phase.SENDING: has == (False, False, False) and bool(contact.outgoing),
        }
        if not wanted[contact.phase]:
            yield f"contact {contact.id} in {contact.phase} has wait, offer, talk = {has}"


def _index_of_lines(look: Look) -> Iterator[str]:
    lines = {
        leg.line: (contact.id, leg.id)
        for contact in look.state.contacts.values()
        for leg in contact.legs.values()
    }
    if lines != look.engine.centre.lines:
        yield f"legs have {lines}, the index has {look.engine.centre.lines}"


# -- who hears what


def _rooms_are_talks(look: Look) -> Iterator[str]:
    """Exactly the lines of a conversation that goes on are in a room."""
    expected = {}
    for contact in look.calls():
        talk, caller = contact.talk, contact.end_customer_leg()
        if contact.phase is not Phase.TALKING or not is_there(caller) or (talk and _is_apart(talk)):
            continue
        assert caller is not None
        other = contact.legs.get(talk.leg_id) if talk else contact.outside_leg()
        if other is None:
            yield f"contact {contact.id} talks to nobody"
            continue
        expected[f"{look.state.tenant_id}-{contact.id}"] = {caller.line, other.line}
    rooms = {room_id: set(lines) for room_id, lines in look.outside.rooms.items()}
    if rooms != expected:
        yield f"there should be {expected}, there are {rooms}"


def _is_apart(talk: Talk) -> bool:
    return talk.held_since is not None or talk.adrift_since is not None


def _nobody_hears_silence(look: Look) -> Iterator[str]:
    """An end-customer whose call is answered hears a person, music or a sound, or is thinking about a menu."""
    for contact in look.calls():
        leg = contact.end_customer_leg()
        line = look.outside.lines.get(leg.line) if leg else None
        if line is None or not line.up or contact.phase is Phase.DIALLING:
            continue
        thinking = f"menu:{contact.id}" in look.wakes
        if not (look.outside.hears(line.line) or line.music or line.playback_id or thinking):
            yield f"contact {contact.id} in {contact.phase} hears nothing"
        if look.outside.hears(line.line) and (line.music or line.playback_id):
            yield f"contact {contact.id} hears a person and {line.music or line.sounds}"


# -- agents


def _agents_are_as_derived(look: Look) -> Iterator[str]:
    for agent in look.state.agents.values():
        if (agent.state, agent.reason_id) != derive_state(agent)[:2]:
            yield f"{agent.id} is {agent.state} {agent.reason_id}, derived {derive_state(agent)}"


def _one_agent_holds_a_contact(look: Look) -> Iterator[str]:
    """Who is reserved or in contact is who the contact's offer or talk names, and nobody else."""
    for contact in look.state.contacts.values():
        holders = {
            agent.id: agent.engagements[contact.id].state
            for agent in look.state.agents.values()
            if contact.id in agent.engagements
            and agent.engagements[contact.id].state is not EngagementState.WRAP_UP
        }
        expected: dict[str, EngagementState] = {}
        if contact.offer is not None:
            expected = {contact.offer.agent_id: EngagementState.RESERVED}
        elif contact.talk is not None:
            expected = {contact.talk.agent_id: EngagementState.IN_CONTACT}
        elif contact.phase is Phase.DIALLING:
            expected = {
                leg.agent_id: EngagementState.IN_CONTACT
                for leg in contact.legs.values()
                if leg.role is LegRole.AGENT
            }
        if holders != expected:
            yield f"contact {contact.id} in {contact.phase} is held by {holders}, should be {expected}"


def _nobody_is_stuck(look: Look) -> Iterator[str]:
    for agent in look.state.agents.values():
        for contact_id, engagement in agent.engagements.items():
            contact = look.state.contacts.get(contact_id)
            if contact is None:
                yield f"{agent.id} is engaged in {contact_id}, which does not exist"
            elif contact.phase is Phase.ENDED and engagement.state is not EngagementState.WRAP_UP:
                yield f"{agent.id} is {engagement.state} in {contact_id}, which is over"
        if agent.seat is None and agent.engagements:
            yield f"{agent.id} has left his seat with {list(agent.engagements)}"
        if agent.leaving and not any(
            each.state is EngagementState.IN_CONTACT for each in agent.engagements.values()
        ):
            yield f"{agent.id} is leaving for {agent.leaving} and still here"


def _capacity_is_kept(look: Look) -> Iterator[str]:
    """By the configuration in force; a version that takes capacity away takes no contact away."""
    config = look.state.config
    for agent in look.state.agents.values():
        calls = agent.engaged_in(Channel.VOICE)
        if calls > 1:
            yield f"{agent.id} has {calls} calls"
        for channel in (Channel.EMAIL, Channel.CHAT):
            profile = config.agents.get(agent.id) if config else None
            taken_back = sum(each.taken_back for each in agent.engagements.values())
            count = agent.engaged_in(channel) - (taken_back if channel is Channel.EMAIL else 0)
            if profile is not None and count > profile.capacity.get(channel, 0):
                yield f"{agent.id} has {count} of {channel}"


def _places_of_invitations(look: Look) -> Iterator[str]:
    """A place is kept for every invitation, and for nothing else; parties know the chats that they are in."""
    kept = {reference: agent.id for agent in look.state.agents.values() for reference in agent.invitations}
    made = {invitation.reference: invitation.agent_id for invitation in look.state.invitations.values()}
    if kept != made:
        yield f"places are kept for {kept}, invitations are {made}"
    for agent in look.state.agents.values():
        for contact_id in agent.beside:
            contact = look.state.contacts.get(contact_id)
            if contact is None or contact.chat is None or agent.id not in contact.chat.parties:
                yield f"{agent.id} is beside {contact_id}, which does not know him"


# -- matching


def _nobody_waits_for_a_free_agent(look: Look) -> Iterator[str]:
    for key, waiting, free in look.engine.centre.matching.standing():
        if waiting and free:
            yield f"{waiting} wait while {free} are free: {key}"


def _index_is_the_state(look: Look) -> Iterator[str]:
    """An engine made from the same state has the same index."""
    again = Engine(look.state, look.engine.centre.evaluate, look.engine.centre.normalise)
    here, there = (
        {key: (waiting, free) for key, waiting, free in engine.centre.matching.standing() if waiting or free}
        for engine in (look.engine, again)
    )
    if look.engine.centre.preferred != again.centre.preferred:
        yield f"preferred: running {look.engine.centre.preferred}, rebuilt {again.centre.preferred}"
    shared = {key for key in here if key in there}
    for key in shared:
        if here[key] != there[key]:
            yield f"{key}: running {here[key]}, rebuilt {there[key]}"
    for key, (waiting, _) in {**here, **there}.items():
        if key not in shared and waiting:
            yield f"{key} with {waiting} is in one index only"


# -- timers


def _wakes_have_a_reason(look: Look) -> Iterator[str]:
    if dict(look.wakes) != look.state.wakes:
        yield f"the state has {look.state.wakes}, the outside {dict(look.wakes)}"
    known = set(reasons(look.state))
    for key in look.state.wakes:
        if key not in known and not may_outlive(look.state, key):
            yield f"wake {key} is for nothing"
    for key in known - set(look.state.wakes):
        if not may_be_over(look.state, key):
            yield f"{key} has no wake"


def _threads_are_open_contacts(look: Look) -> Iterator[str]:
    """A thread names its open contact, and every mail that an agent has sent is on its way or gone."""
    open_ones = {contact.thread.id: contact.id for contact in look.live() if contact.thread is not None}
    if open_ones != look.state.threads:
        yield f"open are {open_ones}, the state has {look.state.threads}"
    aside = {
        contact.id: contact.aside_of
        for contact in look.state.contacts.values()
        if contact.aside_of in look.state.agents
    }
    theirs = {contact_id: agent.id for agent in look.state.agents.values() for contact_id in agent.aside}
    if aside != theirs:
        yield f"aside are {aside}, agents have {theirs}"
    for contact in look.live():
        for answer in contact.outgoing:
            if bool(answer.rule_id) != (contact.phase is Phase.VALIDATING):
                yield f"contact {contact.id} in {contact.phase} has {answer}"
        asks = contact.run is not None and contact.run.asked
        if contact.channel is Channel.EMAIL and contact.phase is Phase.SCRIPT and not asks:
            yield f"email {contact.id} stands in its script"


def _answered_legs_are_up(look: Look) -> Iterator[str]:
    for contact in look.calls():
        for leg in contact.legs.values():
            line = look.outside.lines.get(leg.line)
            if line is not None and not leg.leaving and line.up != (leg.state is LegState.UP):
                yield f"leg {leg.id} is {leg.state}, its line is {'up' if line.up else 'not up'}"


_LAWS: tuple[Law, ...] = (
    _no_contact_is_lost,
    _ended_contacts_are_wrapped_up,
    _phases_are_complete,
    _index_of_lines,
    _rooms_are_talks,
    _nobody_hears_silence,
    _agents_are_as_derived,
    _one_agent_holds_a_contact,
    _nobody_is_stuck,
    _capacity_is_kept,
    _places_of_invitations,
    _nobody_waits_for_a_free_agent,
    _index_is_the_state,
    _wakes_have_a_reason,
    _answered_legs_are_up,
    _threads_are_open_contacts,
)
