"""The figures: id, name, unit, the one written definition, and the formula over sums.

`measures` are those whose contacts stand behind the figure. A value is None where nothing can be said (a mean of nothing).
"""

from cordboard.core.statistics.formulas import Figure, Formula, Unit, count_of, mean_of, part_of, seconds_of
from cordboard.core.statistics.items import Measure
from cordboard.core.statistics.mail_figures import MAIL_FIGURES
from cordboard.core.statistics.totals import Sums


def _service_level(sums: Sums, waiting: int) -> float | None:
    decided = part_of(sums, Measure.ANSWERED).count + part_of(sums, Measure.ABANDONED).count
    return part_of(sums, Measure.ANSWERED_IN_TIME).count / decided if decided else None


def _handle_time(sums: Sums, waiting: int) -> float | None:
    handled = part_of(sums, Measure.TALKED)
    if not handled.count:
        return None
    return (handled.seconds + part_of(sums, Measure.WRAPPED_UP).seconds) / handled.count


_AGENT_STATES = (Measure.READY, Measure.RESERVED, Measure.IN_CONTACT, Measure.WRAP_UP, Measure.WITHDRAWN)

_ALL = (
    Figure(
        "offered",
        "Offered",
        Unit.COUNT,
        "Contacts that began to wait in a queue. A contact that enters a second queue counts there too; one that is put back "
        "after an offer that came to nothing does not count again.",
        (Measure.OFFERED,),
        count_of(Measure.OFFERED),
        of_agents=False,
    ),
    Figure(
        "answered",
        "Answered",
        Unit.COUNT,
        "Contacts from a queue that an agent has taken.",
        (Measure.ANSWERED,),
        count_of(Measure.ANSWERED),
    ),
    Figure(
        "abandoned",
        "Abandoned",
        Unit.COUNT,
        "Contacts whose end-customer left while waiting in a queue, an offer that was ringing included.",
        (Measure.ABANDONED,),
        count_of(Measure.ABANDONED),
        of_agents=False,
    ),
    Figure(
        "timed_out",
        "Waited too long",
        Unit.COUNT,
        "Contacts that left a queue because the longest wait of their script's step was over.",
        (Measure.TIMED_OUT,),
        count_of(Measure.TIMED_OUT),
        of_agents=False,
    ),
    Figure(
        "dissuaded",
        "Dissuaded",
        Unit.COUNT,
        "Contacts that a script turned away on purpose (closed, saturated).",
        (Measure.DISSUADED,),
        count_of(Measure.DISSUADED),
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
        of_hours=False,
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
        mean_of(Measure.ANSWERED),
    ),
    Figure(
        "handled",
        "Handled",
        Unit.COUNT,
        "Parts of contacts that agents have finished: each agent who was connected to the end-customer counts once.",
        (Measure.TALKED,),
        count_of(Measure.TALKED),
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
        mean_of(Measure.TALKED),
    ),
    Figure(
        "hold_time",
        "Hold time",
        Unit.SECONDS,
        "Mean time on hold of a handled contact; contacts that were never held count as zero.",
        (Measure.HELD,),
        mean_of(Measure.HELD),
    ),
    Figure(
        "wrap_up_time",
        "Wrap-up time",
        Unit.SECONDS,
        "Mean time from the end of the contact to the end of its wrap-up.",
        (Measure.WRAPPED_UP,),
        mean_of(Measure.WRAPPED_UP),
    ),
    Figure(
        "missed",
        "Not taken",
        Unit.COUNT,
        "Offers that the agent declined or did not answer, or that did not reach his phone.",
        (Measure.MISSED,),
        count_of(Measure.MISSED),
    ),
    Figure(
        "transferred",
        "Transferred",
        Unit.COUNT,
        "Transfers that agents have begun, to an agent, a queue or a number.",
        (Measure.TRANSFERRED,),
        count_of(Measure.TRANSFERRED),
        of_queues=False,
    ),
    Figure(
        "outgoing",
        "Outgoing calls",
        Unit.COUNT,
        "Calls that agents have made, answered or not.",
        (Measure.OUTGOING,),
        count_of(Measure.OUTGOING),
        of_queues=False,
    ),
    Figure(
        "logged_in_time",
        "Time logged in",
        Unit.SECONDS,
        "Time that agents held a seat: the sum of the times of their states.",
        (),
        seconds_of(*_AGENT_STATES),
        of_queues=False,
        of_spaces=False,
    ),
    *(
        Figure(
            f"{measure.value}_time" if measure is not Measure.WRAP_UP else "wrap_up_state_time",
            f"Time {name}",
            Unit.SECONDS,
            f"Time that agents were {name}, within the period.",
            (),
            seconds_of(measure),
            of_queues=False,
            of_spaces=False,
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


def _share_of(part: Measure, whole: Measure) -> Formula:
    def share(sums: Sums, waiting: int) -> float | None:
        count = part_of(sums, whole).count
        return part_of(sums, part).count / count if count else None

    return share


def _concurrency(sums: Sums, waiting: int) -> float | None:
    at_least_one = part_of(sums, Measure.CHATTING).seconds
    return part_of(sums, Measure.CHATTED).seconds / at_least_one if at_least_one else None


_CHATS = (
    Figure(
        "chat_first_response",
        "First response in chats",
        Unit.SECONDS,
        "Mean time from the arrival of a chat to the first message of an agent.",
        (Measure.FIRST_RESPONSE,),
        mean_of(Measure.FIRST_RESPONSE),
    ),
    Figure(
        "chat_response_time",
        "Response time in chats",
        Unit.SECONDS,
        "Mean time that the end-customer's oldest unanswered message waited for an agent's answer, from the agent's taking of the "
        "chat on at the earliest.",
        (Measure.RESPONSE,),
        mean_of(Measure.RESPONSE),
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
        of_spaces=False,
        of_hours=False,
    ),
    Figure(
        "chat_invitations",
        "Invitations",
        Unit.COUNT,
        "Visitors whom a dynamic button has invited, each with an agent's place kept for him.",
        (),
        count_of(Measure.INVITED),
    ),
    Figure(
        "chat_invitation_acceptance",
        "Invitations accepted",
        Unit.SHARE,
        "Accepted invitations divided by all that were made.",
        (Measure.INVITATION_ACCEPTED,),
        _share_of(Measure.INVITATION_ACCEPTED, Measure.INVITED),
    ),
    Figure(
        "chat_rating",
        "Rating of chats",
        Unit.NUMBER,
        "Mean score of the surveys after chats, from 1 to 5.",
        (Measure.RATED,),
        mean_of(Measure.RATED),
        of_agents=False,
        of_queues=False,
    ),
)

FIGURES: dict[str, Figure] = {figure.id: figure for figure in (*_ALL, *MAIL_FIGURES, *_CHATS)}

GROWING: dict[Measure, tuple[str, ...]] = {
    measure: (
        "logged_in_time",
        f"{measure.value}_time" if measure is not Measure.WRAP_UP else "wrap_up_state_time",
    )
    for measure in _AGENT_STATES
}
"""The figures that grow by a second each second while an agent is in this state."""
