"""How an email contact comes to an agent again: to the one it belongs to if he is there, else to its queue."""

from dataclasses import replace
from datetime import datetime, timedelta

from cordboard.core.agent import Agent, exclusion
from cordboard.core.contact import Contact, Phase, Wait
from cordboard.core.mail.due import due_in_queue
from cordboard.core.mail.facts import ContactUnparked
from cordboard.core.mail.leaving import pick_up
from cordboard.core.matching import Choice, needs_of
from cordboard.core.offers import accept, make_offer
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Turn
from cordboard.core.waiting import queue_for, stay, wait_in

_WAITS_FOR_ITS_AGENT = timedelta(hours=4)


def give_back(
    turn: Turn, contact: Contact, place: Wait | None, agent_id: str = "", since: datetime | None = None
) -> None:
    """To a queue: its own place, or a new one that counts from `since`. With `agent_id` it waits a while for him first."""
    pick_up(turn, contact)
    queue = turn.queue(place.queue_id) if place is not None else None
    if queue is None or queue.channel is not contact.channel:
        queue, place = queue_for(turn, contact), None
    if queue is None:
        stay(turn, contact)
        return
    if place is None:
        place = Wait(queue.id, since or turn.now, queue.priority + contact.priority, ())
    contact.wait = replace(
        place,
        since=since or place.since,
        needs=needs_of(queue, dict(place.extra_needs)),
        counted=False,
        named_agent_id="",
        preferred_agent_id=agent_id,
        preferred_until=turn.now + max(queue.preferred_wait, _WAITS_FOR_ITS_AGENT) if agent_id else None,
    )
    contact.run = None
    due_in_queue(turn, contact, queue, None, "")
    wait_in(turn, contact, queue)


def room_refusal(turn: Turn, agent: Agent, contact: Contact) -> Refusal | None:
    """Whether the agent has room for one more, also while he is withdrawn."""
    profile = turn.config.agents.get(agent.id)
    capacity = profile.capacity.get(contact.channel, 0) if profile else 0
    rule = exclusion(agent, contact.channel, capacity, turn.state.telephony_up, even_withdrawn=True)
    return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": rule}) if rule else None


def take(
    turn: Turn, agent: Agent, contact: Contact, place: Wait | None, rule: str, queue_id: str = ""
) -> None:
    """Straight into this agent's hands. It is meant for him by name, so no queue counts it."""
    pick_up(turn, contact)
    if place is None:
        place = Wait(queue_id, turn.now, contact.priority, ())
    contact.wait = replace(
        place, counted=False, named_agent_id=agent.id, preferred_agent_id="", preferred_until=None
    )
    contact.phase = Phase.WAITING
    contact.run = None
    make_offer(turn, Choice(contact.id, agent.id, rule, 1))
    accept(turn, contact)


def unpark(turn: Turn, contact: Contact, cause: str) -> Wait | None:
    """The end of parking. Its place in the queue; the caller says where the contact goes."""
    parked = contact.parked
    assert parked is not None
    contact.parked = None
    turn.cancel_wake(f"park:{contact.id}")
    turn.note(ContactUnparked(contact.id, parked.agent_id, cause, turn.now - parked.since))
    return parked.place


def wake_up(turn: Turn, contact: Contact, cause: str) -> None:
    """A parked contact is work again: for who parked it, if he is there."""
    agent_id = contact.parked.agent_id if contact.parked else ""
    place = unpark(turn, contact, cause)
    give_back(turn, contact, place, agent_id, since=turn.now)
