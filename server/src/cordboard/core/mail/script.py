"""The steps of a script that write: automatic answers, forwarding, closing; and what conditions see of an email.

An automatic answer is never given to a machine, never twice to the same sender within the step's window, and never to one of our own
addresses, so no loop can start with us. All of that is decided here; the text is made where it is performed.
"""

from cordboard.core.contact import Contact
from cordboard.core.ending import end_contact
from cordboard.core.facts import ClosingReasonChosen
from cordboard.core.mail.commands import SendAutomatic
from cordboard.core.mail.facts import AutomaticAnswerSent, AutomaticAnswerSkipped, MailForwarded
from cordboard.core.script.steps import AnswerStep, CloseStep, ForwardStep
from cordboard.core.turn import Turn
from cordboard.core.words import Channel, EndCause, MailKind


def answer_by_script(turn: Turn, contact: Contact, step_id: str, step: AnswerStep) -> None:
    cause = _reason_not_to_answer(turn, contact, step)
    if cause:
        turn.note(AutomaticAnswerSkipped(contact.id, step.message_id, cause))
        return
    key = f"{contact.id}-{step_id}"
    _remember(turn, contact, step)
    turn.note(AutomaticAnswerSent(contact.id, step.message_id, key))
    turn.do(
        SendAutomatic(
            key,
            contact.id,
            contact.entry_point_id,
            contact.remote,
            contact.remote_name,
            contact.language,
            step.message_id,
            contact.thread.mail_id if contact.thread else 0,
            values=dict(contact.values),
        )
    )


def _reason_not_to_answer(turn: Turn, contact: Contact, step: AnswerStep) -> str:
    thread = contact.thread
    if thread is None or "@" not in contact.remote:
        return "no_address"
    if thread.kind is not MailKind.PERSON or not thread.answerable:
        return "machine"
    if (Channel.EMAIL, contact.remote) in turn.centre.entry_points:
        return "loop"
    before = turn.state.answered_automatically.get(_key(contact, step))
    return "too_soon" if before is not None and turn.now - before < step.again_after else ""


def _key(contact: Contact, step: AnswerStep) -> str:
    return f"{step.message_id} {contact.entry_point_id} {contact.remote.lower()}"


def _remember(turn: Turn, contact: Contact, step: AnswerStep) -> None:
    """What is older than any window may be is let go on the way."""
    known = turn.state.answered_automatically
    known.pop(_key(contact, step), None)
    known[_key(contact, step)] = turn.now
    while True:
        oldest = next(iter(known))
        if turn.now - known[oldest] < AnswerStep.LONGEST:
            return
        del known[oldest]


def forward_by_script(turn: Turn, contact: Contact, step_id: str, step: ForwardStep) -> None:
    """Carries the mail on. Our own addresses are no outside, and would answer for ever."""
    if contact.thread is None or (Channel.EMAIL, step.to) in turn.centre.entry_points:
        turn.note(AutomaticAnswerSkipped(contact.id, "", "loop"))
        return
    if contact.thread.kind is MailKind.LOOP:
        turn.note(AutomaticAnswerSkipped(contact.id, "", "loop"))
        return
    key = f"{contact.id}-{step_id}"
    turn.note(MailForwarded(contact.id, step.to, key))
    turn.do(
        SendAutomatic(
            key,
            contact.id,
            contact.entry_point_id,
            step.to,
            "",
            contact.language,
            in_reply_to=contact.thread.mail_id,
            forward=True,
        )
    )


def close_by_script(turn: Turn, contact: Contact, step: CloseStep) -> None:
    if step.reason_id:
        turn.note(ClosingReasonChosen(contact.id, "", step.reason_id))
    end_contact(turn, contact, EndCause.CLOSED)


def forget_text(contact: Contact) -> None:
    """No condition will look at it any more; a hundred thousand waiting mails need not carry it."""
    if contact.thread is not None:
        contact.thread.body = contact.thread.attachment_text = ""


def mail_variables(contact: Contact) -> dict[str, object]:
    """What an expression sees of an email; of other contacts the same names, empty."""
    thread = contact.thread
    address = contact.remote if "@" in contact.remote else ""
    return {
        "sender": address,
        "sender_domain": address.rpartition("@")[2].lower(),
        "to": list(thread.to) if thread else [],
        "subject": contact.subject,
        "body": thread.body if thread else "",
        "attachments": list(thread.attachments) if thread else [],
        "attachment_text": thread.attachment_text if thread else "",
        "kind": thread.kind.value if thread else "",
        "end_customer": {
            "address": contact.remote,
            "name": contact.remote_name,
            "mails": thread.sender_mails if thread else 0,
            "known": bool(thread and thread.sender_mails),
        },
        "thread": {
            "mails": thread.thread_mails if thread else 0,
            "again": bool(thread and thread.thread_mails),
            "agent": thread.agent_id if thread else "",
        },
    }
