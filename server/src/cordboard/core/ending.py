"""How an agent's part of a contact ends, and how a contact ends. Total: whatever is still there is taken apart."""

from datetime import timedelta

from cordboard.core import facts
from cordboard.core.agent import Agent
from cordboard.core.contact import Contact, EngagementState, Phase
from cordboard.core.conversation import facts as chat_facts
from cordboard.core.conversation import linked
from cordboard.core.mail.leaving import close_mail
from cordboard.core.turn import Turn
from cordboard.core.words import Channel, EndCause, LegRole


def end_contact(turn: Turn, contact: Contact, cause: EndCause) -> None:
    """The contact is over for the end-customer. Agents go to wrap-up, lines are hung up, timers are taken back."""
    if contact.phase is Phase.ENDED:
        return
    if contact.wait is not None:
        end_wait(turn, contact)
    if contact.offer is not None:
        withdraw_offer(turn, contact, "abandoned")
    end_talk(turn, contact, reason=cause is not EndCause.TELEPHONY_LOST)
    if contact.channel is Channel.EMAIL:
        close_mail(turn, contact)
    contact.phase = Phase.ENDED
    contact.run = None
    for key in ("menu", "adrift", "lost", "forward", "page", "visitor", "idle", "bot", "lookup"):
        turn.cancel_wake(f"{key}:{contact.id}")
    turn.close_room(contact)
    linked.forget_asking(turn, contact)
    linked.tell_end(turn, contact, cause)
    _dissolve(turn, contact)
    for leg in list(contact.legs.values()):
        turn.hang_up_leg(contact, leg, busy=cause is EndCause.REFUSED)
    turn.note(facts.ContactEnded(contact.id, cause, turn.now - contact.arrived_at))
    forget_if_over(turn, contact)


def _dissolve(turn: Turn, contact: Contact) -> None:
    """Colleagues and watchers leave a chat that is over."""
    if contact.chat is None:
        return
    for party_id, role in contact.chat.parties.items():
        agent = turn.state.agents.get(party_id)
        if agent is not None and contact.id in agent.beside:
            agent.beside.remove(contact.id)
        turn.note(chat_facts.PartyGone(contact.id, party_id, role))
    contact.chat.parties.clear()


def end_wait(turn: Turn, contact: Contact) -> None:
    """The contact gives up its place in the queue."""
    turn.centre.matching.remove_waiting(contact.id)
    if contact.wait is not None and contact.wait.preferred_agent_id:
        turn.centre.forget_preference(contact.wait.preferred_agent_id, contact.id)
        turn.cancel_wake(f"prefer:{contact.id}")
    contact.wait = None
    turn.cancel_wake(f"announce:{contact.id}")
    turn.cancel_wake(f"expire:{contact.id}")


def withdraw_offer(turn: Turn, contact: Contact, outcome: str) -> Agent | None:
    """The offer under way comes to nothing: the agent's phone stops ringing and he is as free as before."""
    offer = contact.offer
    if offer is None:
        return None
    contact.offer = None
    turn.cancel_wake(f"ring:{contact.id}")
    leg = contact.legs.get(offer.leg_id)
    if leg is not None:
        turn.hang_up_leg(contact, leg)
    agent = turn.state.agents[offer.agent_id]
    agent.engagements.pop(contact.id, None)
    turn.touch(agent)
    turn.note(facts.OfferEnded(contact.id, offer.queue_id, agent.id, outcome, turn.now - offer.since))
    return agent


def end_talk(turn: Turn, contact: Contact, *, wrap_up: bool = True, reason: bool = True) -> None:
    """The agent's part is over: his line is hung up and he goes to wrap-up (or is let go at once).

    `reason`: whether a closing reason is still required, if the queue requires one.
    """
    talk = contact.talk
    if talk is None:
        _release_callers(turn, contact)
        return
    contact.talk = None
    turn.cancel_wake(f"adrift:{contact.id}")
    turn.cancel_wake(f"lost:{contact.id}")
    held = talk.held + (turn.now - talk.held_since if talk.held_since else timedelta())
    turn.note(facts.TalkEnded(contact.id, talk.queue_id, talk.agent_id, turn.now - talk.since, held))
    for leg in list(contact.legs.values()):
        if leg.role is LegRole.AGENT and leg.agent_id == talk.agent_id:
            turn.hang_up_leg(contact, leg)
    agent = turn.state.agents[talk.agent_id]
    if not reason:
        agent.engagements[contact.id].reason_required = False
    begin_wrap_up(turn, agent, contact.id, skip=not wrap_up)


def _release_callers(turn: Turn, contact: Contact) -> None:
    """An outgoing call that ends before anybody has talked: its agent is let go without wrap-up."""
    for agent in _agents_of(turn, contact) if contact.phase is Phase.DIALLING else ():
        engagement = agent.engagements.get(contact.id)
        if engagement is not None and engagement.state is not EngagementState.WRAP_UP:
            del agent.engagements[contact.id]
            turn.touch(agent)


def begin_wrap_up(turn: Turn, agent: Agent, contact_id: int, *, skip: bool = False) -> None:
    engagement = agent.engagements.get(contact_id)
    if engagement is None:
        return
    turn.touch(agent)
    engagement.state = EngagementState.WRAP_UP
    engagement.since = turn.now
    done = engagement.closing_reason_id or not engagement.reason_required
    if skip or agent.leaving or (done and engagement.wrap_up <= timedelta()):
        finish_wrap_up(turn, agent, contact_id)
        return
    engagement.wrap_up_until = turn.now + engagement.wrap_up
    turn.wake(f"wrap:{agent.id}:{contact_id}", engagement.wrap_up_until)


def finish_wrap_up(turn: Turn, agent: Agent, contact_id: int) -> None:
    engagement = agent.engagements.pop(contact_id)
    turn.cancel_wake(f"wrap:{agent.id}:{contact_id}")
    turn.touch(agent)
    turn.note(
        facts.WrappedUp(
            contact_id,
            engagement.queue_id,
            agent.id,
            engagement.closing_reason_id,
            engagement.note,
            turn.now - engagement.since,
        )
    )
    if not agent.engagements:
        agent.idle_since = turn.now
    contact = turn.state.contacts.get(contact_id)
    if contact is not None:
        forget_if_over(turn, contact)


def forget_if_over(turn: Turn, contact: Contact) -> None:
    """An ended contact leaves the live state when no line and no wrap-up hangs on it any more."""
    if contact.phase is not Phase.ENDED or contact.legs:
        return
    if any(contact.id in agent.engagements for agent in _agents_of(turn, contact)):
        return
    turn.cancel_wake(f"reap:{contact.id}")
    turn.state.contacts.pop(contact.id, None)
    if contact.chat is not None:
        turn.state.chat_references.pop(contact.reference, None)


def _agents_of(turn: Turn, contact: Contact) -> list[Agent]:
    return [turn.state.agents[agent_id] for agent_id in contact.agent_ids if agent_id in turn.state.agents]
