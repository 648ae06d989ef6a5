"""Contacts without legs (email, chat): arrival, acceptance, claiming, the end. The same queues, offers and wrap-up."""

from cordboard.core import facts
from cordboard.core.agent import Agent, exclusion
from cordboard.core.config import EntryPoint
from cordboard.core.contact import Contact, Phase
from cordboard.core.ending import end_contact
from cordboard.core.events import WorkArrived
from cordboard.core.matching import Choice
from cordboard.core.offers import accept, make_offer, offer_failed
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.script import interpreter
from cordboard.core.turn import Turn
from cordboard.core.waiting import enter_queue, queue_for
from cordboard.core.words import Channel, Direction, EndCause


def work_arrived(turn: Turn, event: WorkArrived) -> None:
    entry_point = turn.config.entry_points.get(event.entry_point_id)
    space_id = entry_point.space_id if entry_point else ""
    language = event.language or (entry_point.language if entry_point else turn.config.language)
    contact = Contact(
        turn.seq,
        event.channel,
        Direction.INBOUND,
        Phase.SCRIPT,
        turn.now,
        event.entry_point_id,
        space_id,
        event.sender,
        event.sender_name,
        entry_point.address if entry_point else "",
        language,
        reference=event.reference,
        subject=event.subject,
        answered=True,
    )
    turn.state.contacts[contact.id] = contact
    turn.contact_id = contact.id
    turn.note(
        facts.ContactArrived(
            contact.id,
            contact.channel,
            contact.direction,
            contact.entry_point_id,
            space_id,
            contact.remote,
            contact.remote_name,
            contact.address,
            contact.reference,
            contact.subject,
        )
    )
    begin(turn, contact, entry_point)


def begin(turn: Turn, contact: Contact, entry_point: EntryPoint | None) -> None:
    """Its script, or without one the queue that takes this channel."""
    script = turn.config.scripts.get(entry_point.script_id) if entry_point else None
    if script is not None:
        interpreter.start_script(turn, contact, script)
        return
    queue = queue_for(turn, contact)
    if queue is not None:
        enter_queue(turn, contact, queue)
    else:
        interpreter.incident(
            turn, "queue_missing", contact.entry_point_id, "no script and no queue for this channel"
        )
        end_contact(turn, contact, EndCause.FAILED)


def accepted(turn: Turn, contact: Contact, agent_id: str) -> Refusal | None:
    if contact.offer is None or contact.offer.agent_id != agent_id or contact.channel is Channel.VOICE:
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": contact.phase.value})
    accept(turn, contact)
    return None


def declined(turn: Turn, contact: Contact, agent_id: str) -> Refusal | None:
    if contact.offer is None or contact.offer.agent_id != agent_id:
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": contact.phase.value})
    step_id = offer_failed(turn, contact, EndCause.DECLINED)
    if step_id:
        interpreter.go_on(turn, contact, step_id)
    return None


def _taken_by(turn: Turn, contact: Contact) -> dict[str, str]:
    """Who has it: his name, for the sentence."""
    holder = contact.talk.agent_id if contact.talk else contact.offer.agent_id if contact.offer else ""
    profile = turn.config.agents.get(holder)
    return {"by": profile.name} if profile else {}


def claim(turn: Turn, agent: Agent, contact: Contact) -> Refusal | None:
    """PULL: atomic, because one task decides. The first claim has it, the second is told so."""
    if contact.phase is not Phase.WAITING or contact.wait is None or contact.channel is Channel.VOICE:
        return Refusal(RefusalCode.ALREADY_TAKEN, _taken_by(turn, contact))
    profile = turn.config.agents.get(agent.id)
    capacity = profile.capacity.get(contact.channel, 0) if profile else 0
    rule = exclusion(agent, contact.channel, capacity, turn.state.telephony_up, even_withdrawn=True)
    if rule:
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": rule})
    make_offer(turn, Choice(contact.id, agent.id, "claimed", 1))
    accept(turn, contact)
    return None
