"""The figures: id, name, unit, the one written definition, and the formula over sums.

`measures` are those whose contacts stand behind the figure. A value is None where nothing can be said (a mean of nothing).
"""

from cordboard.core.statistics.chat_figures import CHAT_FIGURES
from cordboard.core.statistics.formulas import Figure, Unit, count_of, mean_of, part_of, seconds_of, share_of
from cordboard.core.statistics.items import Measure
from cordboard.core.statistics.mail_figures import MAIL_FIGURES
from cordboard.core.statistics.totals import Sums
from cordboard.core.words import Channel


def _service_level(sums: Sums) -> float | None:
    decided = part_of(sums, Measure.ANSWERED).count + part_of(sums, Measure.ABANDONED).count
    return part_of(sums, Measure.ANSWERED_IN_TIME).count / decided if decided else None


def _handle_time(sums: Sums) -> float | None:
    handled = part_of(sums, Measure.TALKED)
    if not handled.count:
        return None
    return (handled.seconds + part_of(sums, Measure.WRAPPED_UP).seconds) / handled.count


_AGENT_STATES = (Measure.READY, Measure.RESERVED, Measure.IN_CONTACT, Measure.WRAP_UP, Measure.WITHDRAWN)

_ALL = (
    Figure(
        "received",
        "Received",
        Unit.COUNT,
        "Contacts that have come in, whatever became of them, at the instant of their arrival. Their queue is the one that they "
        "were first put into.",
        (Measure.ARRIVED,),
        count_of(Measure.ARRIVED),
        of_agents=False,
    ),
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
        (Measure.WAITING,),
        count_of(Measure.WAITING),
        of_agents=False,
        of_hours=False,
    ),
    Figure(
        "in_hand",
        "In hand",
        Unit.COUNT,
        "Contacts that agents have in their hands at the end of the period: from the answer, or the taking, until they are done "
        "with it, transferred or parked. Wrap-up is not part of it.",
        (Measure.IN_HAND,),
        count_of(Measure.IN_HAND),
        of_hours=False,
    ),
    Figure(
        "service_level",
        "Service level",
        Unit.SHARE,
        "Contacts answered within their queue's target, divided by all answered or abandoned.",
        (Measure.ANSWERED, Measure.ABANDONED),
        _service_level,
        (Measure.ANSWERED_IN_TIME,),
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
        channels=(Channel.VOICE,),
    ),
    Figure(
        "wrap_up_time",
        "Wrap-up time",
        Unit.SECONDS,
        "Mean time from the end of the contact to the end of its wrap-up.",
        (Measure.WRAPPED_UP,),
        mean_of(Measure.WRAPPED_UP),
        of_reasons=True,
    ),
    Figure(
        "closed",
        "Closed with a reason",
        Unit.COUNT,
        "Contacts that agents have closed with a reason, counted at the end of the wrap-up.",
        (Measure.CLOSED,),
        count_of(Measure.CLOSED),
        of_reasons=True,
    ),
    Figure(
        "first_contact_resolved",
        "First Contact Ratio, by reason",
        Unit.SHARE,
        "Of the contacts that agents closed with a reason, those whose reason is marked resolved and that do not take up an "
        "earlier contact again.",
        (Measure.CLOSED,),
        share_of(Measure.RESOLVED, Measure.CLOSED),
        (Measure.RESOLVED,),
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
        channels=(Channel.VOICE,),
        of_queues=False,
    ),
    Figure(
        "logged_in_time",
        "Time logged in",
        Unit.SECONDS,
        "Time that agents held a seat: the sum of the times of their states.",
        _AGENT_STATES,
        seconds_of(*_AGENT_STATES),
        channels=(),
        of_queues=False,
        of_spaces=False,
    ),
    *(
        Figure(
            f"{measure.value}_time" if measure is not Measure.WRAP_UP else "wrap_up_state_time",
            f"Time {name}",
            Unit.SECONDS,
            f"Time that agents were {name}, within the period.",
            (measure,),
            seconds_of(measure),
            channels=(),
            of_reasons=measure is Measure.WITHDRAWN,
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


FIGURES: dict[str, Figure] = {figure.id: figure for figure in (*_ALL, *MAIL_FIGURES, *CHAT_FIGURES)}

GROWING: dict[Measure, tuple[str, ...]] = {
    measure: (
        "logged_in_time",
        f"{measure.value}_time" if measure is not Measure.WRAP_UP else "wrap_up_state_time",
    )
    for measure in _AGENT_STATES
}
"""The figures that grow by a second each second while an agent is in this state."""
