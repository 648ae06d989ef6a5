"""A visitor goes on with a chat that is over.

It is a new contact of the same conversation, as a reopened email is (ADR 10): what the earlier one has counted stays counted,
and its messages go before the new ones, with one row of numbers. Whoever had it gets it first. If people are there, it goes
straight back to where it waited for them; else the script begins again, which knows what to do when nobody is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cordboard.core import facts as core_facts
from cordboard.core.config import EntryPoint, Queue
from cordboard.core.contact import Contact, Phase
from cordboard.core.conversation import facts
from cordboard.core.conversation.arriving import new_chat
from cordboard.core.conversation.events import ChatArrived, ChatReopened
from cordboard.core.conversation.messages import chat_of, notice
from cordboard.core.conversation.presence import button_of
from cordboard.core.conversation.staffing import is_staffed
from cordboard.core.ending import end_contact
from cordboard.core.facts import Recorded
from cordboard.core.mail.facts import ContactReopened
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.script import interpreter
from cordboard.core.script.steps import QueueStep, Script
from cordboard.core.turn import Turn
from cordboard.core.waiting import enter_queue
from cordboard.core.words import Channel, EndCause
from cordboard.core.work import begin


@dataclass(slots=True)
class Past:
    """What the facts of an ended chat say that the one that goes on with it has to know."""

    entry_point_id: str = ""
    sender: str = ""
    sender_name: str = ""
    language: str = ""
    page_url: str = ""
    page_title: str = ""
    values: dict[str, str] = field(default_factory=dict)
    queue_id: str = ""
    agent_id: str = ""
    ended_at: datetime | None = None


_OF_THE_CONTACT = ("language", "priority", "tag", "skill")
"""What is qualified and is no value of the script's own."""


def past_of(recorded: Iterable[Recorded]) -> Past:
    past = Past()
    for each in recorded:
        match each.fact:
            case core_facts.ContactArrived() as fact:
                past.entry_point_id, past.sender, past.sender_name = (
                    fact.entry_point_id,
                    fact.remote,
                    fact.remote_name,
                )
            case core_facts.ContactQualified(values=values):
                past.language = values.get("language", past.language)
                past.sender = past.sender or values.get("email", "")
                past.sender_name = past.sender_name or values.get("name", "")
                past.values |= {key: value for key, value in values.items() if key not in _OF_THE_CONTACT}
            case core_facts.ContactQueued(queue_id=queue_id) if not past.agent_id:
                past.queue_id = queue_id
            case core_facts.ContactAnswered() as fact:
                past.agent_id, past.queue_id = fact.agent_id, fact.queue_id or past.queue_id
            case facts.ContactTakenOver(agent_id=agent_id):
                past.agent_id = agent_id
            case facts.PageVisited(url=url, title=title):
                past.page_url, past.page_title = url, title
            case core_facts.ContactEnded():
                past.ended_at = each.at
            case _:
                pass
    return past


def reopened(turn: Turn, event: ChatReopened) -> Refusal | None:
    """The same reference again is the same contact, while that goes on."""
    for known in (turn.state.chat_references.get(event.reference, 0), event.earlier_id):
        contact = turn.state.contacts.get(known)
        if contact is not None and contact.phase is not Phase.ENDED:
            turn.contact_id = contact.id
            return None
    entry_point = turn.config.entry_points.get(event.entry_point_id)
    button = turn.config.chat_buttons.get(event.entry_point_id)
    if entry_point is None or button is None or entry_point.channel is not Channel.CHAT:
        return Refusal(RefusalCode.CHAT_ENDED)
    if turn.now - event.ended_at >= button.reopen_within:
        return Refusal(RefusalCode.TOO_LATE_TO_GO_ON)
    mail = turn.state.contacts.get(turn.state.threads.get(event.mail_thread_id, 0))
    if mail is not None and mail.phase is not Phase.ENDED:
        if _in_hand(mail):
            return Refusal(RefusalCode.ANSWERED_BY_EMAIL)
        end_contact(turn, mail, EndCause.TRANSFERRED)  # it would be answered twice
    _go_on(turn, _new_contact(turn, entry_point, event), entry_point, event)
    return None


def _in_hand(mail: Contact) -> bool:
    """An agent has it, has answered, or has set it aside for himself."""
    return mail.phase not in (Phase.SCRIPT, Phase.WAITING, Phase.OFFERED) and not (
        mail.parked and mail.parked.stranded
    )


def _new_contact(turn: Turn, entry_point: EntryPoint, event: ChatReopened) -> Contact:
    arrived = ChatArrived(
        event.entry_point_id,
        event.reference,
        event.sender,
        event.sender_name,
        event.language,
        event.page_url,
        event.page_title,
        event.values,
        event.verified,
    )
    contact = new_chat(turn, entry_point, arrived)
    chat = chat_of(contact)
    chat.messages_made, chat.earlier_id, chat.agent_id = event.messages, event.earlier_id, event.agent_id
    turn.note(ContactReopened(contact.id, event.earlier_id, event.agent_id, "visitor"))
    notice(turn, contact, "continued")
    turn.wake_in(f"visitor:{contact.id}", button_of(turn, contact).visitor_grace)
    return contact


def _go_on(turn: Turn, contact: Contact, entry_point: EntryPoint, event: ChatReopened) -> None:
    queue = turn.queue(event.queue_id)
    if queue is None or queue.channel is not Channel.CHAT or not is_staffed(queue, turn.state, turn.config):
        begin(turn, contact, entry_point)
        return
    script = turn.config.scripts.get(entry_point.script_id)
    step_id = _waiting_step(script, queue) if script else ""
    if script is not None and step_id:
        interpreter.start_script(turn, contact, script, step_id)
    else:
        enter_queue(turn, contact, queue)


def _waiting_step(script: Script, queue: Queue) -> str:
    """Where the script waits in this queue: its longest wait, and what comes after it, hold again."""
    for step_id, step in script.steps.items():
        if isinstance(step, QueueStep) and step.queue_id == queue.id:
            return step_id
    return ""
