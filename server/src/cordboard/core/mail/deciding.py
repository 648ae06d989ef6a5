"""What becomes of a held answer when somebody has decided on it."""

from cordboard.core.contact import Contact, Outgoing
from cordboard.core.mail import validation
from cordboard.core.mail.answering import go_on
from cordboard.core.mail.events import AnswerApproved, AnswerCorrected, AnswerSentBack
from cordboard.core.mail.leaving import discard, leave
from cordboard.core.mail.returning import give_back
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Turn


def approved(turn: Turn, event: AnswerApproved) -> Refusal | None:
    found = _held(turn, event.contact_id, event.mail_id)
    if isinstance(found, Refusal):
        return found
    contact, answer = found
    validation.note_approved(turn, contact, answer, event.person_id)
    _leaves(turn, contact, answer)
    return None


def corrected(turn: Turn, event: AnswerCorrected) -> Refusal | None:
    found = _held(turn, event.contact_id, event.mail_id)
    if isinstance(found, Refusal):
        return found
    contact, answer = found
    validation.correct(turn, contact, answer, event.person_id, event.corrected_mail_id)
    _leaves(turn, contact, answer)
    return None


def sent_back(turn: Turn, event: AnswerSentBack) -> Refusal | None:
    """To its author if he is there, else to the queue; with the remark."""
    found = _held(turn, event.contact_id, event.mail_id)
    if isinstance(found, Refusal):
        return found
    contact, answer = found
    validation.note_sent_back(turn, contact, answer, event.person_id, event.remark)
    turn.cancel_wake(f"valid:{contact.id}")
    discard(turn, contact, answer, "sent_back")
    if contact.thread is not None:
        contact.thread.trouble = f"sent_back: {event.remark}".rstrip(": ")
    give_back(turn, contact, answer.place, answer.agent_id, since=turn.now)
    return None


def _held(turn: Turn, contact_id: int, mail_id: int) -> tuple[Contact, Outgoing] | Refusal:
    contact = turn.state.contacts.get(contact_id)
    answer = validation.held_answer(contact, mail_id)
    if contact is None or answer is None:
        return Refusal(RefusalCode.ANSWER_GONE)
    turn.contact_id = contact.id
    return contact, answer


def _leaves(turn: Turn, contact: Contact, answer: Outgoing) -> None:
    turn.cancel_wake(f"valid:{contact.id}")
    leave(turn, contact, answer)
    go_on(turn, contact, answer)
