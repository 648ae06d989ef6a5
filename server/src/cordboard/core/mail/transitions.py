"""Which transition knows which event, and which timer, of the channel email."""

from collections.abc import Callable
from typing import Any

from cordboard.core.agent import Agent
from cordboard.core.contact import Contact
from cordboard.core.mail import answering, arrival, deciding, events, parking, validation
from cordboard.core.mail.due import due_come
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Turn
from cordboard.core.waiting import preference_over

_Transition = Callable[[Turn, Any], Refusal | None]


def _by_agent(transition: Callable[[Turn, Agent, Any], Refusal | None]) -> _Transition:
    def run(turn: Turn, event: Any) -> Refusal | None:
        agent = turn.state.agents.get(event.agent_id)
        if agent is None or not agent.logged_in:
            return Refusal(RefusalCode.NOT_LOGGED_IN)
        return transition(turn, agent, event)

    return run


def _in_contact(transition: Callable[[Turn, Contact, Any], Refusal | None]) -> _Transition:
    def run(turn: Turn, event: Any) -> Refusal | None:
        contact = turn.own_contact(event.agent_id, event.contact_id)
        if isinstance(contact, Refusal):
            return contact
        turn.contact_id = contact.id
        return transition(turn, contact, event)

    return run


TRANSITIONS: dict[type, _Transition] = {
    events.MailArrived: arrival.mail_arrived,
    events.MailSendingEnded: arrival.sending_ended,
    events.AnswerRequested: _in_contact(answering.answer),
    events.AnswerRecalled: _by_agent(answering.recall),
    events.ParkRequested: _in_contact(parking.park),
    events.UnparkRequested: _by_agent(parking.unpark_by_agent),
    events.ReturnRequested: _in_contact(parking.give_return),
    events.ForwardRequested: _in_contact(parking.forward),
    events.AnswerApproved: deciding.approved,
    events.AnswerCorrected: deciding.corrected,
    events.AnswerSentBack: deciding.sent_back,
    events.MailWritten: _by_agent(arrival.written),
    events.ContactReopened: _by_agent(arrival.reopened),
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
