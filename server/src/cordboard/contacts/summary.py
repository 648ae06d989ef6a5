"""A contact's life in one line, and its legs: folds over its facts. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cordboard.core import facts
from cordboard.core.facts import Recorded
from cordboard.core.words import Direction, EndCause, LegRole


@dataclass(slots=True)
class Summary:
    """What the facts of one contact come to."""

    contact_id: int
    arrived_at: datetime
    arrival: facts.ContactArrived
    queue_id: str = ""
    agent_id: str = ""
    waited: timedelta | None = None
    talked: timedelta | None = None
    held: timedelta | None = None
    answered: bool = False
    outcome: str = "live"
    cause: str = ""
    closing_reason_id: str = ""
    note: str = ""
    transferred: bool = False
    lasted: timedelta | None = None
    agent_ids: set[str] = field(default_factory=set)


@dataclass(slots=True)
class LegSummary:
    leg_id: str
    role: LegRole
    agent_id: str
    started_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    cause: str = ""


def summarise(recorded: Sequence[Recorded]) -> Summary | None:
    """None when the arrival is not among the facts."""
    first = next((each for each in recorded if isinstance(each.fact, facts.ContactArrived)), None)
    if first is None or not isinstance(first.fact, facts.ContactArrived):
        return None
    summary = Summary(first.fact.contact_id, first.at, first.fact)
    reached = ""
    for each in recorded:
        if agent_id := getattr(each.fact, "agent_id", ""):
            summary.agent_ids.add(agent_id)
        reached = _reached(each.fact) or reached
        _follow(summary, each.fact)
    if summary.lasted is not None:
        summary.outcome = "answered" if summary.answered else reached or _unanswered(summary)
    return summary


def _follow(summary: Summary, fact: facts.Fact) -> None:
    match fact:
        case facts.ContactQueued():
            summary.queue_id = fact.queue_id
        case facts.ContactAnswered():
            summary.answered = True
            summary.agent_id = fact.agent_id
            summary.waited = (summary.waited or timedelta()) + fact.waited
        case facts.ContactAbandoned() | facts.WaitTimedOut():
            summary.waited = fact.waited
        case facts.LegStarted() if (
            fact.role is LegRole.AGENT and summary.arrival.direction is Direction.OUTBOUND
        ):
            summary.agent_id = summary.agent_id or fact.agent_id
        case facts.TalkEnded():
            summary.talked = (summary.talked or timedelta()) + fact.talked
            summary.held = (summary.held or timedelta()) + fact.held
        case facts.ContactTransferred() if fact.from_agent_id:
            summary.transferred = True
        case facts.WrappedUp():
            summary.closing_reason_id = fact.closing_reason_id or summary.closing_reason_id
            summary.note = fact.note or summary.note
        case facts.ContactEnded():
            summary.cause, summary.lasted = fact.cause.value, fact.lasted
        case _:
            return


def _reached(fact: facts.Fact) -> str:
    match fact:
        case facts.ContactAbandoned():
            return "abandoned"
        case facts.ContactDissuaded():
            return "dissuaded"
        case facts.WaitTimedOut():
            return "timed_out"
        case _:
            return ""


def _unanswered(summary: Summary) -> str:
    if summary.cause == EndCause.REFUSED:
        return "refused"
    return "not_answered" if summary.arrival.direction is Direction.OUTBOUND else "ended"


def legs_of(recorded: Iterable[Recorded]) -> list[LegSummary]:
    """The legs in the order of their beginning."""
    legs: dict[str, LegSummary] = {}
    for each in recorded:
        match each.fact:
            case facts.LegStarted() as fact:
                legs[fact.leg_id] = LegSummary(fact.leg_id, fact.role, fact.agent_id, each.at)
            case facts.LegAnswered() as fact if fact.leg_id in legs:
                legs[fact.leg_id].answered_at = each.at
            case facts.LegEnded() as fact if fact.leg_id in legs:
                legs[fact.leg_id].ended_at, legs[fact.leg_id].cause = each.at, fact.cause.value
            case _:
                continue
    return list(legs.values())
