"""Which transition knows which event, and which timer, of the channel email."""

from collections.abc import Callable

from cordboard.core.contact import Contact
from cordboard.core.mail import answering, arrival, deciding, events, parking, validation
from cordboard.core.mail.due import due_come
from cordboard.core.mediating import Transition, by_agent, in_contact
from cordboard.core.turn import Turn
from cordboard.core.waiting import preference_over

TRANSITIONS: dict[type, Transition] = {
    events.MailArrived: arrival.mail_arrived,
    events.MailSendingEnded: arrival.sending_ended,
    events.AnswerRequested: in_contact(answering.answer),
    events.AnswerRecalled: by_agent(answering.recall),
    events.ParkRequested: in_contact(parking.park),
    events.UnparkRequested: by_agent(parking.unpark_by_agent),
    events.ReturnRequested: in_contact(parking.give_return),
    events.ForwardRequested: in_contact(parking.forward),
    events.AnswerApproved: deciding.approved,
    events.AnswerCorrected: deciding.corrected,
    events.AnswerSentBack: deciding.sent_back,
    events.MailWritten: by_agent(arrival.written),
    events.ContactReopened: by_agent(arrival.reopened),
}

_TIMERS: dict[str, Callable[[Turn, Contact], None]] = {
    "due": due_come,
    "park": parking.park_over,
    "expert": parking.expert_awaited,
    "undo": answering.undo_over,
    "valid": validation.overdue,
    "prefer": preference_over,
}


def woke(turn: Turn, contact: Contact, what: str) -> None:
    timer = _TIMERS.get(what)
    if timer is not None:
        timer(turn, contact)
