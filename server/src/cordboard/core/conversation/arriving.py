"""A visitor begins a chat, and what he writes finds its way: to the script's question, to the bot, to the agents."""

from cordboard.core import facts as core_facts
from cordboard.core.config import EntryPoint
from cordboard.core.contact import Contact, Phase, Wait
from cordboard.core.conversation import invitations
from cordboard.core.conversation.events import ChatArrived, VisitorWrote
from cordboard.core.conversation.following import visitor_answered
from cordboard.core.conversation.messages import Draft, chat_of, write
from cordboard.core.conversation.presence import button_of
from cordboard.core.conversation.state import Conversation
from cordboard.core.conversation.words import Author
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Turn
from cordboard.core.waiting import enter_queue, wait_for_agent
from cordboard.core.words import Channel, Direction
from cordboard.core.work import begin


def chat_arrived(turn: Turn, event: ChatArrived) -> Refusal | None:
    known = turn.state.chat_references.get(event.reference)
    if known is not None:
        turn.contact_id = known
        return None
    entry_point = turn.config.entry_points.get(event.entry_point_id)
    if entry_point is None or entry_point.channel is not Channel.CHAT:
        return Refusal(RefusalCode.UNKNOWN_QUEUE, {"queue": event.entry_point_id})
    contact = new_chat(turn, entry_point, event)
    turn.wake_in(f"visitor:{contact.id}", button_of(turn, contact).visitor_grace)
    if not _invited(turn, contact, event.invitation):
        begin(turn, contact, entry_point)
    return None


def new_chat(turn: Turn, entry_point: EntryPoint, event: ChatArrived) -> Contact:
    """The contact, which has gone nowhere yet."""
    contact = Contact(
        turn.seq,
        Channel.CHAT,
        Direction.INBOUND,
        Phase.SCRIPT,
        turn.now,
        entry_point.id,
        entry_point.space_id,
        event.sender,
        event.sender_name,
        entry_point.address,
        event.language or entry_point.language,
        reference=event.reference,
        answered=True,
        tags=list(entry_point.tags),
        values=dict(event.values),
        chat=Conversation(
            page_url=event.page_url,
            page_title=event.page_title,
            page_referrer=event.page_referrer,
            verified=event.verified,
        ),
    )
    turn.state.contacts[contact.id] = contact
    turn.state.chat_references[event.reference] = contact.id
    turn.contact_id = contact.id
    _note_arrival(turn, contact)
    return contact


def _note_arrival(turn: Turn, contact: Contact) -> None:
    turn.note(
        core_facts.ContactArrived(
            contact.id,
            contact.channel,
            contact.direction,
            contact.entry_point_id,
            contact.space_id,
            contact.remote,
            contact.remote_name,
            contact.address,
            contact.reference,
        )
    )
    qualified = {**contact.values, "language": contact.language}
    turn.note(core_facts.ContactQualified(contact.id, qualified))


def _invited(turn: Turn, contact: Contact, reference: str) -> bool:
    """Who was invited goes to the agent whose place was kept; an invitation that is over leads to its queue."""
    if not reference:
        return False
    invitation = invitations.close(turn, reference, "accepted", contact.id)
    queue = turn.queue(invitation.queue_id) if invitation else None
    if invitation is None or queue is None:
        return False
    agent = turn.state.agents.get(invitation.agent_id)
    if agent is None or not agent.logged_in:
        enter_queue(turn, contact, queue)
        return True
    contact.wait = Wait(queue.id, turn.now, queue.priority, ())
    wait_for_agent(turn, contact, agent.id)
    return True


def visitor_wrote(turn: Turn, event: VisitorWrote) -> Refusal | None:
    contact = turn.state.contacts.get(event.contact_id)
    if contact is None or contact.chat is None:
        return Refusal(RefusalCode.CHAT_ENDED)
    turn.contact_id = contact.id
    chat = chat_of(contact)
    if f"{Author.VISITOR}:{event.key}" in chat.keys:
        return None
    if contact.phase is Phase.ENDED:
        return Refusal(RefusalCode.CHAT_ENDED)
    write(
        turn,
        contact,
        Draft(
            Author.VISITOR,
            event.text,
            event.kind,
            event.key,
            attachment=event.attachment,
            reply_to=event.reply_to,
            values=event.values,
        ),
    )
    turn.cancel_wake(f"idle:{contact.id}")
    if contact.phase is Phase.SCRIPT:
        visitor_answered(turn, contact, event)
    return None
