"""An offer: the core proposes a contact to an agent; his phone (or his desktop, without legs) answers.

An offer ends exactly once: accepted, declined, not answered in time, unreachable, or abandoned by the end-customer.
The traps: the answer may cross the time-out or the caller's hanging up (then the leg is already `leaving` and its answer
means nothing); and an agent who does not answer is withdrawn, so that the next contact does not ring in an empty room.
"""

from datetime import timedelta

from cordboard.core import facts
from cordboard.core.agent import Agent
from cordboard.core.config import Queue
from cordboard.core.contact import Contact, Engagement, EngagementState, Offer, Phase, Talk
from cordboard.core.conversation.messages import notice
from cordboard.core.ending import end_contact, end_wait, finish_wrap_up, withdraw_offer
from cordboard.core.matching import Choice
from cordboard.core.reaching import call_end_customer, is_there
from cordboard.core.transfer import transfer_failed
from cordboard.core.turn import Turn
from cordboard.core.waiting import prefer_nobody, put_back
from cordboard.core.words import Channel, EndCause, LegRole, SystemReason

_DEFAULT_RING = timedelta(seconds=20)

# what a failed offer says of the agent; any other cause means that his phone could not be reached
_BLAME = {
    EndCause.DECLINED: (SystemReason.DECLINED, "declined"),
    EndCause.BUSY: (SystemReason.DECLINED, "declined"),
    EndCause.NO_ANSWER: (SystemReason.NO_ANSWER, "no_answer"),
}
_PHONE_FAILED = (SystemReason.PHONE_UNREACHABLE, "unreachable")
_NOBODYS_FAULT = (EndCause.CLOSED, EndCause.TELEPHONY_LOST)  # leave him ready


def make_offer(turn: Turn, choice: Choice) -> None:
    """Rings the agent's phone for a contact that waits."""
    contact, agent = turn.state.contacts[choice.contact_id], turn.state.agents[choice.agent_id]
    wait = contact.wait
    assert wait is not None
    queue = turn.queue(wait.queue_id)
    counted_for = "" if wait.named_agent_id else wait.queue_id
    turn.centre.matching.remove_waiting(contact.id)
    if wait.preferred_agent_id:
        prefer_nobody(turn, contact, wait)
    turn.note(
        facts.RoutingDecided(
            contact.id,
            counted_for,
            agent.id,
            choice.rule,
            choice.eligible,
            choice.measure,
            choice.runner_up_id,
            choice.runner_up_measure,
        )
    )
    turn.note(facts.ContactOffered(contact.id, counted_for, agent.id))
    contact.phase = Phase.OFFERED
    if contact.id in agent.engagements:
        finish_wrap_up(turn, agent, contact.id)  # it comes back to who has just let it go
    expires_at = turn.now + (queue.ring if queue else _DEFAULT_RING)
    contact.offer = Offer(agent.id, turn.now, expires_at, queue_id=counted_for)
    reserve(turn, agent, contact, wait.queue_id, queue)
    if contact.channel is Channel.VOICE:
        assert agent.phone is not None
        leg = turn.start_leg(contact, LegRole.AGENT, agent.phone, agent_id=agent.id)
        contact.offer.leg_id = leg.id
    turn.wake(f"ring:{contact.id}", expires_at)


def reserve(turn: Turn, agent: Agent, contact: Contact, queue_id: str, queue: Queue | None) -> Engagement:
    plan = turn.config.dial_plan
    engagement = Engagement(
        contact.id,
        contact.channel,
        EngagementState.RESERVED,
        turn.now,
        queue_id,
        queue.space_id if queue else contact.space_id,
        queue.wrap_up if queue else plan.wrap_up,
        queue.closing_reason_required if queue else False,
    )
    agent.engagements[contact.id] = engagement
    if agent.id not in contact.agent_ids:
        contact.agent_ids.append(agent.id)
    turn.touch(agent)
    return engagement


def accept_automatically(turn: Turn, choice: Choice) -> None:
    """Contacts without legs, where the queue or the agent's profile says so, and while he is at a desktop."""
    contact, agent = turn.state.contacts[choice.contact_id], turn.state.agents[choice.agent_id]
    profile = turn.config.agents.get(agent.id)
    queue = turn.queue(contact.wait.queue_id) if contact.wait else None
    if contact.offer is None or contact.channel is Channel.VOICE or not agent.desktops:
        return
    if (queue is not None and queue.auto_accept) or (profile and contact.channel in profile.auto_accept):
        accept(turn, contact)


def accept(turn: Turn, contact: Contact) -> None:
    """The agent has answered: he and the end-customer hear each other from now on."""
    offer, wait = contact.offer, contact.wait
    assert offer is not None and wait is not None
    agent = turn.state.agents[offer.agent_id]
    leg, caller = contact.legs.get(offer.leg_id), contact.end_customer_leg()
    turn.cancel_wake(f"ring:{contact.id}")
    contact.offer = None
    waited = turn.now - wait.since if offer.queue_id else timedelta()
    contact.talk = Talk(agent.id, turn.now, wait.queue_id, offer.leg_id, place=wait)
    end_wait(turn, contact)
    contact.run = None
    contact.phase = Phase.TALKING
    contact.transfer_to = contact.transfer_from_agent_id = contact.transfer_failed_step = ""
    engagement = agent.engagements[contact.id]
    engagement.state, engagement.since, engagement.answered_at = (
        EngagementState.IN_CONTACT,
        turn.now,
        turn.now,
    )
    turn.touch(agent)
    if contact.thread is not None:
        contact.thread.unread = 0
    if leg is not None and caller is None and contact.origin is not None:
        call_end_customer(turn, contact, leg)
    elif leg is not None and caller is not None and is_there(caller):
        turn.set_room(contact, caller, leg)
    turn.note(facts.ContactAnswered(contact.id, offer.queue_id, agent.id, waited, turn.now - offer.since))
    if contact.chat is not None:
        contact.chat.parties.pop(agent.id, None)
        turn.cancel_wake(f"idle:{contact.id}")
        notice(turn, contact, "agent_joined", agent.id)


def offer_failed(turn: Turn, contact: Contact, cause: EndCause) -> str:
    """No answer. The agent is withdrawn if it is his doing; the contact is back at its place.

    Returns the script step to go on with when a script's own transfer has failed, else "".
    """
    blame = None if cause in _NOBODYS_FAULT else _BLAME.get(cause, _PHONE_FAILED)
    agent = withdraw_offer(turn, contact, blame[1] if blame else "withdrawn")
    if agent is not None and blame:
        agent.withdrawal, agent.planned_withdrawal = blame[0], ""
    return not_taken(turn, contact, cause)


def not_taken(turn: Turn, contact: Contact, cause: EndCause) -> str:
    """Who it was meant for has not taken it. Returns a script step to go on with, or ""."""
    wait = contact.wait
    if wait is None:
        end_contact(turn, contact, cause)
        return ""
    if wait.named_agent_id and contact.transfer_to:
        return transfer_failed(turn, contact, cause)
    return put_back(turn, contact)


def abandon(turn: Turn, contact: Contact) -> None:
    """The end-customer leaves while he waits or while it rings."""
    wait = contact.wait
    if wait is not None:
        queue_id = wait.queue_id if wait.counted else ""
        turn.note(facts.ContactAbandoned(contact.id, queue_id, turn.now - wait.since))
    end_contact(turn, contact, EndCause.END_CUSTOMER_HUNG_UP)


def ring_timed_out(turn: Turn, contact: Contact) -> str:
    """Time is up. While telephony is away nobody knows whether the agent has answered, so he is not blamed."""
    if contact.offer is None:
        return ""
    away = contact.channel is Channel.VOICE and not turn.state.telephony_up
    return offer_failed(turn, contact, EndCause.TELEPHONY_LOST if away else EndCause.NO_ANSWER)
