"""Outgoing calls: first the agent's own phone, then the number. Emergency numbers are refused on every path."""

from dataclasses import dataclass
from datetime import timedelta

from cordboard.core import commands as do
from cordboard.core import facts
from cordboard.core.agent import Agent
from cordboard.core.contact import Contact, EngagementState, Leg, Phase, Talk
from cordboard.core.conversation.state import Origin
from cordboard.core.dialling import check_number
from cordboard.core.ending import end_contact
from cordboard.core.offers import reserve
from cordboard.core.reaching import call_end_customer, connected
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Turn
from cordboard.core.words import Channel, Direction, EndCause, LegRole, LegState


def dial(turn: Turn, agent: Agent, typed: str, presented: str) -> Refusal | None:
    """Rings the agent's own phone (a browser answers by itself), then calls the number."""
    number = _may_dial(turn, agent, typed)
    if isinstance(number, Refusal):
        return number
    refusal = _phone_refusal(agent)
    if refusal is not None:
        return refusal
    presented_numbers = turn.config.dial_plan.presented_numbers
    if presented and presented not in presented_numbers:
        return Refusal(RefusalCode.NUMBER_NOT_PRESENTABLE)
    ring_agent(turn, agent, new_contact(turn, Callee(number, _space_of(turn, agent), presented=presented)))
    return None


def dialled_on_phone(turn: Turn, agent: Agent, line: str, typed: str) -> Refusal | None:
    """The agent has dialled on his SIP phone: his leg is there already. A refusal is spoken to him."""
    number = _may_dial(turn, agent, typed)
    if isinstance(number, Refusal):
        prompt = "emergency-refused" if number.code is RefusalCode.EMERGENCY_NUMBER else "number-not-allowed"
        playback_id = f"{turn.state.tenant_id}-{turn.seq}.refused"
        turn.state.refused_lines[line] = playback_id
        turn.do(do.AnswerLine(line))
        turn.do(do.Play(line, playback_id, (f"prompt:{prompt}",), turn.config.language))
        return number
    contact = new_contact(turn, Callee(number, _space_of(turn, agent)))
    _take(turn, agent, contact)
    leg = turn.add_leg(contact, LegRole.AGENT, line, LegState.UP, agent_id=agent.id)
    turn.do(do.AnswerLine(line))
    call_end_customer(turn, contact, leg)
    return None


def _phone_refusal(agent: Agent) -> Refusal | None:
    if agent.phone is None:
        return Refusal(RefusalCode.PHONE_MISSING)
    return None if agent.phone_reachable else Refusal(RefusalCode.PHONE_UNREACHABLE)


def not_free_to_call(turn: Turn, agent: Agent) -> Refusal | None:
    """Why he can not speak with the visitor of his chat now. The wrap-up of other chats does not keep him."""
    if agent.engaged_in(Channel.VOICE):
        return Refusal(RefusalCode.IN_A_CALL)
    refusal = _phone_refusal(agent)
    if refusal is None and not turn.state.telephony_up:
        refusal = Refusal(RefusalCode.TELEPHONY_AWAY)
    return refusal


def _may_dial(turn: Turn, agent: Agent, typed: str) -> str | Refusal:
    """Emergency first: that answer must come whatever else is wrong."""
    number = check_number(turn.config.dial_plan, typed, turn.centre.normalise)
    if isinstance(number, Refusal):
        return number
    if agent.seat is None or Channel.VOICE not in agent.seat.channels or agent.leaving:
        return Refusal(RefusalCode.NOT_LOGGED_IN)
    if any(engagement.state is EngagementState.WRAP_UP for engagement in agent.engagements.values()):
        return Refusal(RefusalCode.WRAP_UP_FIRST)
    if agent.engaged_in(Channel.VOICE):
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": agent.state.value})
    if not turn.state.telephony_up:
        return Refusal(RefusalCode.TELEPHONY_AWAY)
    return number


@dataclass(frozen=True, slots=True)
class Callee:
    """Whom a call of ours is for. `presented`: the number shown to him, "" the dial plan's first."""

    remote: str
    space_id: str
    name: str = ""
    language: str = ""
    origin: Origin | None = None
    presented: str = ""


def new_contact(turn: Turn, callee: Callee) -> Contact:
    """The contact of a call that we make; nobody has it yet."""
    presented = callee.presented or next(iter(turn.config.dial_plan.presented_numbers), "")
    contact = Contact(
        turn.seq,
        Channel.VOICE,
        Direction.OUTBOUND,
        Phase.DIALLING,
        turn.now,
        "",
        callee.space_id,
        callee.remote,
        callee.name,
        presented,
        callee.language or turn.config.language,
        answered=True,
        origin=callee.origin,
    )
    turn.state.contacts[contact.id] = contact
    turn.contact_id = contact.id
    turn.note(
        facts.ContactArrived(
            contact.id,
            contact.channel,
            contact.direction,
            "",
            contact.space_id,
            contact.remote,
            contact.remote_name,
            presented,
        )
    )
    return contact


def ring_agent(turn: Turn, agent: Agent, contact: Contact) -> None:
    """The agent's own phone first; a browser answers by itself."""
    assert agent.phone is not None
    _take(turn, agent, contact)
    turn.start_leg(contact, LegRole.AGENT, agent.phone, agent_id=agent.id, auto_answer=True)
    turn.wake_in(f"forward:{contact.id}", turn.config.dial_plan.ring)


def _take(turn: Turn, agent: Agent, contact: Contact) -> None:
    engagement = reserve(turn, agent, contact, "", None)
    engagement.state = EngagementState.IN_CONTACT


def _space_of(turn: Turn, agent: Agent) -> str:
    return next(iter(turn.config.agents[agent.id].space_ids), "")


def leg_answered(turn: Turn, contact: Contact, leg: Leg) -> None:
    """While dialling: the agent's phone (now the number is called), or the number (now they talk)."""
    if leg.role is LegRole.AGENT:
        call_end_customer(turn, contact, leg)
        return
    agent_leg = next(
        (other for other in contact.legs.values() if other.role is LegRole.AGENT and not other.leaving), None
    )
    if agent_leg is None:
        end_contact(turn, contact, EndCause.AGENT_HUNG_UP)
        return
    turn.cancel_wake(f"forward:{contact.id}")
    contact.phase = Phase.TALKING
    contact.talk = Talk(agent_leg.agent_id, turn.now, "", agent_leg.id)
    engagement = turn.state.agents[agent_leg.agent_id].engagements[contact.id]
    engagement.answered_at = turn.now
    turn.set_room(contact, agent_leg, leg)
    turn.note(facts.OutsideAnswered(contact.id, agent_leg.agent_id, turn.now - leg.started_at))
    turn.note(
        facts.ContactAnswered(contact.id, "", agent_leg.agent_id, timedelta(), turn.now - leg.started_at)
    )
    connected(turn, contact)


def playback_ended(turn: Turn, contact: Contact, playback_id: str) -> None:
    """The agent hears it ring until somebody answers."""
    if playback_id == turn.last_playback_id(contact):
        _ring_again(turn, contact)


def say_again(turn: Turn, contact: Contact, playing: set[str]) -> None:
    """After an outage."""
    if contact.playbacks_made and turn.last_playback_id(contact) not in playing:
        _ring_again(turn, contact)


def _ring_again(turn: Turn, contact: Contact) -> None:
    for leg in contact.legs.values():
        if leg.role is LegRole.AGENT and not leg.leaving:
            turn.play(contact, leg, "tone:ring")
