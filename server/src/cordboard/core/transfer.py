"""Blind transfer, by an agent or by a script: to an agent, a queue or an outside number.

The end-customer hears music until somebody answers. If nobody does, he is put back: to the script's `failed` step, to
his place in the queue he came from, or to the agent who sent him. He is never left alone.
"""

from cordboard.core import facts
from cordboard.core.agent import exclusion
from cordboard.core.config import Queue
from cordboard.core.contact import Contact, Leg, Phase, Wait
from cordboard.core.conversation.messages import notice
from cordboard.core.dialling import check_number
from cordboard.core.ending import end_contact, end_talk, end_wait
from cordboard.core.events import Phone
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Turn
from cordboard.core.waiting import enter_queue, farewell, place_again, put_back, wait_for_agent
from cordboard.core.words import Channel, EndCause, LegRole, LegState, PhoneKind


def transfer_by_agent(turn: Turn, contact: Contact, agent_id: str, to: str) -> Refusal | None:
    """The agent lets go at once and goes to wrap-up."""
    talk = contact.talk
    if contact.phase is not Phase.TALKING or talk is None or talk.agent_id != agent_id:
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": contact.phase.value})
    target = _target(turn, contact, to)
    if isinstance(target, Refusal):
        return target
    turn.note(facts.ContactTransferred(contact.id, agent_id, to))
    if contact.chat is not None:
        notice(turn, contact, "transferred", agent_id)
    turn.close_room(contact)
    end_talk(turn, contact)
    _hand_over(turn, contact, target, to, agent_id, place_again(talk))
    return None


def transfer_by_script(turn: Turn, contact: Contact, to: str, failed_step: str) -> Refusal | None:
    target = _target(turn, contact, to)
    if isinstance(target, Refusal):
        return target
    turn.note(facts.ContactTransferred(contact.id, "", to))
    contact.transfer_failed_step = failed_step
    _hand_over(turn, contact, target, to)
    return None


Target = Queue | str | Phone  # a queue, an agent's id, an outside number


def _target(turn: Turn, contact: Contact, to: str) -> Target | Refusal:
    kind, _, name = to.partition(":")
    if kind == "queue":
        queue = turn.queue(name)
        return (
            queue
            if queue and queue.channel is contact.channel
            else Refusal(RefusalCode.UNKNOWN_QUEUE, {"queue": name})
        )
    if kind == "agent":
        profile = turn.config.agents.get(name)
        if profile is None:
            return Refusal(RefusalCode.UNKNOWN_AGENT, {"agent": name})
        agent = turn.state.agents.get(name)
        capacity = profile.capacity.get(contact.channel, 0)
        if agent is None or exclusion(agent, contact.channel, capacity, turn.state.telephony_up):
            return Refusal(RefusalCode.AGENT_NOT_READY, {"agent": profile.name})
        return name
    if kind == "number" and contact.channel is Channel.VOICE:
        number = check_number(turn.config.dial_plan, name, turn.centre.normalise)
        return number if isinstance(number, Refusal) else Phone(PhoneKind.NUMBER, number)
    return Refusal(RefusalCode.NUMBER_INVALID, {"number": to})


def _hand_over(
    turn: Turn,
    contact: Contact,
    target: Target,
    to: str,
    from_agent_id: str = "",
    place: Wait | None = None,
) -> None:
    """`place`: where the contact goes back to when nobody takes it."""
    contact.transfer_to = to
    contact.transfer_from_agent_id = from_agent_id
    if isinstance(target, Queue):
        contact.transfer_to = ""
        enter_queue(turn, contact, target)
        return
    contact.wait = place
    if place is not None:
        place.from_agent_id = from_agent_id
    if isinstance(target, str):
        wait_for_agent(turn, contact, target, from_agent_id)
        return
    leg = contact.end_customer_leg()
    if leg is not None:
        turn.answer(contact, leg)
    contact.phase = Phase.FORWARDING
    turn.music(contact)
    turn.start_leg(contact, LegRole.OUTSIDE, target)
    turn.wake_in(f"forward:{contact.id}", turn.config.dial_plan.ring)


def outside_answered(turn: Turn, contact: Contact, leg: Leg) -> None:
    """The outside number that the contact was transferred to has answered."""
    caller = contact.end_customer_leg()
    turn.cancel_wake(f"forward:{contact.id}")
    if caller is None or contact.phase is not Phase.FORWARDING:
        turn.hang_up_leg(contact, leg)
        return
    if contact.wait is not None:
        end_wait(turn, contact)
    contact.phase = Phase.TALKING
    contact.run = None
    turn.set_room(contact, caller, leg)
    turn.note(facts.OutsideAnswered(contact.id, contact.transfer_from_agent_id, turn.now - leg.started_at))


def transfer_failed(turn: Turn, contact: Contact, cause: EndCause) -> str:
    """Nobody has taken the transferred contact. Returns the script step to go on with, "" when it is settled here."""
    turn.cancel_wake(f"forward:{contact.id}")
    turn.note(facts.TransferFailed(contact.id, contact.transfer_to, cause))
    failed_step, contact.transfer_failed_step = contact.transfer_failed_step, ""
    from_agent_id, contact.transfer_from_agent_id = contact.transfer_from_agent_id, ""
    contact.transfer_to = ""
    if failed_step and contact.run is not None:
        if contact.wait is not None:
            end_wait(turn, contact)
        return failed_step
    if contact.wait is None and from_agent_id:
        contact.wait = Wait("", turn.now, contact.priority, (), from_agent_id=from_agent_id)
    if contact.wait is not None:
        return put_back(turn, contact)
    farewell(turn, contact, "prompt:agent-unreachable", cause)
    return ""


def outside_ended(turn: Turn, contact: Contact, leg: Leg, cause: EndCause) -> str:
    """The outside leg is gone: a transfer that failed, or the end of the conversation. Returns a step to go on with."""
    if contact.phase is Phase.FORWARDING:
        return transfer_failed(turn, contact, cause)
    if contact.phase is Phase.TALKING and contact.talk is None and leg.state is LegState.UP:
        end_contact(turn, contact, EndCause.OUTSIDE_HUNG_UP)
    return ""
