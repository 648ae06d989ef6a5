"""The figures: id, name, unit, the one written definition, and the formula over sums.

`measures` are those whose contacts stand behind the figure. A value is None where nothing can be said (a mean of nothing).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cordboard.core.statistics.items import Measure
from cordboard.core.statistics.mails import REPEAT_DAYS
from cordboard.core.statistics.totals import Sum, Sums


class Unit(StrEnum):
    COUNT = "count"
    SECONDS = "seconds"
    SHARE = "share"  # 0..1
    NUMBER = "number"  # with decimals


Formula = Callable[[Sums, int], float | None]
"""(sums, contacts waiting at the end of the period) -> value"""


@dataclass(frozen=True, slots=True)
class Figure:
    id: str
    name: str
    unit: Unit
    definition: str
    measures: tuple[Measure, ...]
    value: Formula
    of_agents: bool = True  # can be asked for one agent
    of_queues: bool = True  # can be asked for one queue


_NONE = Sum()


def _of(sums: Sums, measure: Measure) -> Sum:
    return sums.get(measure, _NONE)


def _count(measure: Measure) -> Formula:
    return lambda sums, waiting: _of(sums, measure).count


def _seconds(*measures: Measure) -> Formula:
    return lambda sums, waiting: sum(_of(sums, measure).seconds for measure in measures)


def _mean(measure: Measure) -> Formula:
    def mean(sums: Sums, waiting: int) -> float | None:
        part = _of(sums, measure)
        return part.seconds / part.count if part.count else None

    return mean


def _service_level(sums: Sums, waiting: int) -> float | None:
    decided = _of(sums, Measure.ANSWERED).count + _of(sums, Measure.ABANDONED).count
    return _of(sums, Measure.ANSWERED_IN_TIME).count / decided if decided else None


def _handle_time(sums: Sums, waiting: int) -> float | None:
    handled = _of(sums, Measure.TALKED)
    if not handled.count:
        return None
    return (handled.seconds + _of(sums, Measure.WRAPPED_UP).seconds) / handled.count


def _share(good: Measure, bad: Measure) -> Formula:
    def share(sums: Sums, waiting: int) -> float | None:
        whole = _of(sums, good).count + _of(sums, bad).count
        return _of(sums, good).count / whole if whole else None

    return share


def _first_contact_ratio(sums: Sums, waiting: int) -> float | None:
    contacts = _of(sums, Measure.MAIL_CONTACT).count
    return 1 - _of(sums, Measure.MAIL_REPEAT).count / contacts if contacts else None


def _resolved_ratio(sums: Sums, waiting: int) -> float | None:
    closed = _of(sums, Measure.MAIL_CLOSED).count
    return _of(sums, Measure.MAIL_RESOLVED).count / closed if closed else None


_AGENT_STATES = (Measure.READY, Measure.RESERVED, Measure.IN_CONTACT, Measure.WRAP_UP, Measure.WITHDRAWN)

_ALL = (
    Figure(
        "offered",
        "Offered",
        Unit.COUNT,
        "Contacts that began to wait in a queue. A contact that enters a second queue counts there too; one that is put back "
        "after an offer that came to nothing does not count again.",
        (Measure.OFFERED,),
        _count(Measure.OFFERED),
        of_agents=False,
    ),
    Figure(
        "answered",
        "Answered",
        Unit.COUNT,
        "Contacts from a queue that an agent has taken.",
        (Measure.ANSWERED,),
        _count(Measure.ANSWERED),
    ),
    Figure(
        "abandoned",
        "Abandoned",
        Unit.COUNT,
        "Contacts whose end-customer left while waiting in a queue, an offer that was ringing included.",
        (Measure.ABANDONED,),
        _count(Measure.ABANDONED),
        of_agents=False,
    ),
    Figure(
        "timed_out",
        "Waited too long",
        Unit.COUNT,
        "Contacts that left a queue because the longest wait of their script's step was over.",
        (Measure.TIMED_OUT,),
        _count(Measure.TIMED_OUT),
        of_agents=False,
    ),
    Figure(
        "dissuaded",
        "Dissuaded",
        Unit.COUNT,
        "Contacts that a script turned away on purpose (closed, saturated).",
        (Measure.DISSUADED,),
        _count(Measure.DISSUADED),
        of_agents=False,
        of_queues=False,
    ),
    Figure(
        "waiting",
        "Waiting",
        Unit.COUNT,
        "Contacts that wait in a queue at the end of the period, those that ring at an agent's included.",
        (),
        lambda sums, waiting: waiting,
        of_agents=False,
    ),
    Figure(
        "service_level",
        "Service level",
        Unit.SHARE,
        "Contacts answered within their queue's target, divided by all answered or abandoned.",
        (Measure.ANSWERED, Measure.ABANDONED),
        _service_level,
        of_agents=False,
    ),
    Figure(
        "speed_of_answer",
        "Speed of answer",
        Unit.SECONDS,
        "Mean wait of the answered contacts, from their place in the queue to the answer.",
        (Measure.ANSWERED,),
        _mean(Measure.ANSWERED),
    ),
    Figure(
        "handled",
        "Handled",
        Unit.COUNT,
        "Parts of contacts that agents have finished: each agent who was connected to the end-customer counts once.",
        (Measure.TALKED,),
        _count(Measure.TALKED),
    ),
    Figure(
        "handle_time",
        "Handle time",
        Unit.SECONDS,
        "Mean time of a handled contact: talk (holding included) plus wrap-up.",
        (Measure.TALKED,),
        _handle_time,
    ),
    Figure(
        "talk_time",
        "Talk time",
        Unit.SECONDS,
        "Mean time that agent and end-customer were connected, holding included.",
        (Measure.TALKED,),
        _mean(Measure.TALKED),
    ),
    Figure(
        "hold_time",
        "Hold time",
        Unit.SECONDS,
        "Mean time on hold of a handled contact; contacts that were never held count as zero.",
        (Measure.HELD,),
        _mean(Measure.HELD),
    ),
    Figure(
        "wrap_up_time",
        "Wrap-up time",
        Unit.SECONDS,
        "Mean time from the end of the contact to the end of its wrap-up.",
        (Measure.WRAPPED_UP,),
        _mean(Measure.WRAPPED_UP),
    ),
    Figure(
        "missed",
        "Not taken",
        Unit.COUNT,
        "Offers that the agent declined or did not answer, or that did not reach his phone.",
        (Measure.MISSED,),
        _count(Measure.MISSED),
    ),
    Figure(
        "transferred",
        "Transferred",
        Unit.COUNT,
        "Transfers that agents have begun, to an agent, a queue or a number.",
        (Measure.TRANSFERRED,),
        _count(Measure.TRANSFERRED),
        of_queues=False,
    ),
    Figure(
        "outgoing",
        "Outgoing calls",
        Unit.COUNT,
        "Calls that agents have made, answered or not.",
        (Measure.OUTGOING,),
        _count(Measure.OUTGOING),
        of_queues=False,
    ),
    Figure(
        "logged_in_time",
        "Time logged in",
        Unit.SECONDS,
        "Time that agents held a seat: the sum of the times of their states.",
        (),
        _seconds(*_AGENT_STATES),
        of_queues=False,
    ),
    *(
        Figure(
            f"{measure.value}_time" if measure is not Measure.WRAP_UP else "wrap_up_state_time",
            f"Time {name}",
            Unit.SECONDS,
            f"Time that agents were {name}, within the period.",
            (),
            _seconds(measure),
            of_queues=False,
        )
        for measure, name in (
            (Measure.READY, "ready"),
            (Measure.RESERVED, "reserved"),
            (Measure.IN_CONTACT, "in contact"),
            (Measure.WRAP_UP, "in wrap-up"),
            (Measure.WITHDRAWN, "withdrawn"),
        )
    ),
)

_MAILS = (
    Figure(
        "mails_received",
        "Emails received",
        Unit.COUNT,
        "Emails that have come in, into new contacts and into open ones.",
        (Measure.MAIL_RECEIVED,),
        _count(Measure.MAIL_RECEIVED),
        of_agents=False,
        of_queues=False,
    ),
    Figure(
        "mails_answered",
        "Emails answered",
        Unit.COUNT,
        "Answers of agents that have left (they can not be taken back any more), counted at that instant.",
        (Measure.MAIL_ANSWERED,),
        _count(Measure.MAIL_ANSWERED),
    ),
    Figure(
        "mail_backlog",
        "Emails without answer",
        Unit.COUNT,
        "Contacts with an email of a person that has no answer yet, at the end of the period.",
        (Measure.BACKLOG,),
        _count(Measure.BACKLOG),
        of_agents=False,
    ),
    Figure(
        "mail_backlog_day",
        "Without answer for a day",
        Unit.COUNT,
        "Of the emails without answer at the end of the period, those that came more than 24 hours before.",
        (Measure.BACKLOG_DAY,),
        _count(Measure.BACKLOG_DAY),
        of_agents=False,
    ),
    Figure(
        "mail_backlog_week",
        "Without answer for a week",
        Unit.COUNT,
        "Of the emails without answer at the end of the period, those that came more than 7 days before.",
        (Measure.BACKLOG_WEEK,),
        _count(Measure.BACKLOG_WEEK),
        of_agents=False,
    ),
    Figure(
        "mail_first_reply",
        "First reply",
        Unit.SECONDS,
        "Mean time from an email's arrival to the first answer of its contact, by the clock.",
        (Measure.MAIL_FIRST_REPLY,),
        _mean(Measure.MAIL_FIRST_REPLY),
    ),
    Figure(
        "mail_treatment",
        "Arrival to answer",
        Unit.SECONDS,
        "Mean time from the arrival of the oldest unanswered email of a contact to its answer, by the clock.",
        (Measure.MAIL_ANSWERED,),
        _mean(Measure.MAIL_ANSWERED),
    ),
    Figure(
        "mail_treatment_worked",
        "Arrival to answer, working hours",
        Unit.SECONDS,
        "The same, in the working hours of the schedule by which the contact was due; answers without one do not count.",
        (Measure.MAIL_WORKED,),
        _mean(Measure.MAIL_WORKED),
    ),
    Figure(
        "mail_service_level",
        "Answered by due time",
        Unit.SHARE,
        "Answers that left by their due time, divided by all answers to contacts that had one.",
        (Measure.MAIL_IN_DUE, Measure.MAIL_LATE),
        _share(Measure.MAIL_IN_DUE, Measure.MAIL_LATE),
    ),
    Figure(
        "first_contact_ratio",
        "First Contact Ratio",
        Unit.SHARE,
        "Of the email contacts that began in the period, those that are no further contact. A further contact is one whose "
        f"sender has begun another contact on the same theme (at the same inbox) in the {REPEAT_DAYS} days before.",
        (Measure.MAIL_CONTACT,),
        _first_contact_ratio,
        of_agents=False,
        of_queues=False,
    ),
    Figure(
        "first_contact_resolved",
        "First Contact Ratio, by reason",
        Unit.SHARE,
        "Of the email contacts that agents closed with a reason, those whose reason is marked resolved and that do not take up "
        "an earlier contact again.",
        (Measure.MAIL_CLOSED,),
        _resolved_ratio,
    ),
)


def _part_of(part: Measure, whole: Measure) -> Formula:
    def share(sums: Sums, waiting: int) -> float | None:
        count = _of(sums, whole).count
        return _of(sums, part).count / count if count else None

    return share


def _concurrency(sums: Sums, waiting: int) -> float | None:
    at_least_one = _of(sums, Measure.CHATTING).seconds
    return _of(sums, Measure.CHATTED).seconds / at_least_one if at_least_one else None


_CHATS = (
    Figure(
        "chat_first_response",
        "First response in chats",
        Unit.SECONDS,
        "Mean time from the arrival of a chat to the first message of an agent.",
        (Measure.FIRST_RESPONSE,),
        _mean(Measure.FIRST_RESPONSE),
    ),
    Figure(
        "chat_response_time",
        "Response time in chats",
        Unit.SECONDS,
        "Mean time that the end-customer's oldest unanswered message waited for an agent's answer, from the agent's taking of the "
        "chat on at the earliest.",
        (Measure.RESPONSE,),
        _mean(Measure.RESPONSE),
    ),
    Figure(
        "chat_concurrency",
        "Chats at once",
        Unit.NUMBER,
        "Time of the chats in agents' hands, each counted, divided by the time in which they had at least one. Chats that have "
        "ended count.",
        (Measure.CHATTED,),
        _concurrency,
        of_queues=False,
    ),
    Figure(
        "chat_invitations",
        "Invitations",
        Unit.COUNT,
        "Visitors whom a dynamic button has invited, each with an agent's place kept for him.",
        (),
        _count(Measure.INVITED),
    ),
    Figure(
        "chat_invitation_acceptance",
        "Invitations accepted",
        Unit.SHARE,
        "Accepted invitations divided by all that were made.",
        (Measure.INVITATION_ACCEPTED,),
        _part_of(Measure.INVITATION_ACCEPTED, Measure.INVITED),
    ),
    Figure(
        "chat_rating",
        "Rating of chats",
        Unit.NUMBER,
        "Mean score of the surveys after chats, from 1 to 5.",
        (Measure.RATED,),
        _mean(Measure.RATED),
        of_agents=False,
        of_queues=False,
    ),
)

FIGURES: dict[str, Figure] = {figure.id: figure for figure in (*_ALL, *_MAILS, *_CHATS)}

GROWING: dict[Measure, tuple[str, ...]] = {
    measure: (
        "logged_in_time",
        f"{measure.value}_time" if measure is not Measure.WRAP_UP else "wrap_up_state_time",
    )
    for measure in _AGENT_STATES
}
"""The figures that grow by a second each second while an agent is in this state."""
