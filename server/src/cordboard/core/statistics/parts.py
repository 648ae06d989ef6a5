"""The figures of a period in parts: by day, hour or quarter of an hour, by queue, Space, skill, group, agent and so on.

The items and the formulas are those of the whole. In time each item is where its instant is (a mail at its receipt, an answer when it
left), or all are where their receipt is; what agents' states lasted is cut at the parts' ends. By skill and by group a contact counts
with each that its queue has; all other parts exclude one another. What belongs to none is in a part of its own, "".
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cordboard.core.statistics.bundles import MILLION, Bundle, Key, micros
from cordboard.core.statistics.items import OF_THE_END, STATE_MEASURES, STRETCHES, Measure
from cordboard.core.statistics.period import FigureValue, Period, figures_of
from cordboard.core.statistics.totals import Scope, Sum, Sums


class By(StrEnum):
    QUARTER = "quarter"  # of an hour
    HOUR = "hour"
    DAY = "day"
    QUEUE = "queue"
    SPACE = "space"
    SKILL = "skill"
    GROUP = "group"
    AGENT = "agent"
    CHANNEL = "channel"
    ENTRY_POINT = "entry_point"  # number, inbox, chat button
    REASON = "reason"  # of closing, of withdrawal


class Moment(StrEnum):
    """Where in time an occurrence is put."""

    HAPPENED = "happened"  # a reply at the hour of the reply
    RECEIVED = "received"  # at the hour of the receipt of what it replies to


STEPS = {By.QUARTER: timedelta(minutes=15), By.HOUR: timedelta(hours=1), By.DAY: timedelta(days=1)}
EARLIER = "earlier"
"""The part of what was received before the period."""
_STATES = frozenset(STATE_MEASURES.values())
_IDS: dict[By, Callable[[Key], tuple[str, ...]]] = {
    By.QUEUE: lambda key: (key.queue_id,),
    By.SPACE: lambda key: (key.space_id,),
    By.SKILL: lambda key: key.skill_ids or ("",),
    By.GROUP: lambda key: key.group_ids or ("",),
    By.AGENT: lambda key: (key.agent_id,),
    By.CHANNEL: lambda key: (key.channel,),
    By.ENTRY_POINT: lambda key: (key.entry_point_id,),
    By.REASON: lambda key: (key.reason_id,),
}
_ANY_OF = {
    By.QUEUE: Scope(queue_id="*"),
    By.SPACE: Scope(space_id="*"),
    By.SKILL: Scope(skill_id="*"),
    By.GROUP: Scope(group_id="*"),
    By.AGENT: Scope(agent_id="*"),
    By.CHANNEL: Scope(channel="*"),
    By.ENTRY_POINT: Scope(entry_point_id="*"),
    By.REASON: Scope(reason_id="*"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """`id`: of the queue, Space, skill or agent, "" for what belongs to none; in time the part's instants alone say which."""

    id: str
    since: datetime
    until: datetime
    values: list[FigureValue]


def edges_of(by: By, since: datetime, until: datetime, zone: ZoneInfo) -> list[datetime]:
    """The instants (UTC) between which the parts are, by the clock of `zone`: a day may have 23 or 25 hours."""
    edges, end = [since.astimezone(UTC)], until.astimezone(UTC)
    while (following := _next(by, edges[-1], zone)) < end:
        edges.append(following)
    return [*edges, end]


def _next(by: By, at: datetime, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone)
    if by is By.DAY:
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        return (midnight + timedelta(hours=36)).replace(hour=0).astimezone(UTC)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return at - past % STEPS[by] + STEPS[by]


def parts_in_time(
    period: Period, scope: Scope, edges: Sequence[datetime], moment: Moment = Moment.HAPPENED
) -> list[Part]:
    """Without the figures that are about the period's end. By receipt, what was received before is in a part of its own."""
    marks = [micros(edge) for edge in edges]
    columns: dict[Measure, _Columns] = defaultdict(lambda: _Columns(len(edges)))
    for bundle in period.of(scope):
        measure = bundle.key.measure
        if measure in _STATES:
            _stretch(bundle, marks, columns[measure])
        elif measure not in OF_THE_END:
            by_receipt = moment is Moment.RECEIVED and measure not in STRETCHES
            _put(bundle, marks, columns[measure], by_receipt)
    sums = [_sums(columns, index) for index in range(len(edges) - 1)]
    earlier = _sums(columns, len(edges) - 1)
    figures = [figure for figure in figures_of(scope) if figure.of_hours]
    parts = [
        Part("", since, until, [FigureValue(figure, figure.value(each)) for figure in figures])
        for since, until, each in zip(edges, edges[1:], sums, strict=False)
    ]
    if earlier:
        before = [FigureValue(figure, figure.value(earlier)) for figure in figures]
        parts.insert(0, Part(EARLIER, edges[0], edges[0], before))
    return parts


class _Columns:
    """Counts and seconds of one measure in each part; the last place is for what was before the first part."""

    __slots__ = ("counts", "seconds")

    def __init__(self, number: int) -> None:
        self.counts = [0] * number
        self.seconds = [0.0] * number


def _sums(columns: dict[Measure, _Columns], index: int) -> Sums:
    sums: Sums = defaultdict(Sum)
    for measure, column in columns.items():
        if column.counts[index]:
            sums[measure] = Sum(column.counts[index], column.seconds[index])
    return sums


def _put(bundle: Bundle, marks: Sequence[int], column: _Columns, by_receipt: bool) -> None:
    """Each where it happened or was received. These loops see a million rows: they do without what could be left out."""
    counts, seconds, last, first = column.counts, column.seconds, len(marks) - 2, marks[0]
    block = bundle.block
    ats, lengths, waited = block.ats, block.seconds, block.waited
    for row in range(bundle.start, bundle.stop):
        at = ats[row]
        if by_receipt:
            at -= round(waited[row] * MILLION)
            index = last + 1 if at < first else min(bisect_right(marks, at) - 1, last)
        else:
            index = min(max(bisect_right(marks, at) - 1, 0), last)
        counts[index] += 1
        seconds[index] += lengths[row]


def _stretch(bundle: Bundle, marks: Sequence[int], column: _Columns) -> None:
    """The parts that each time goes through, with its seconds in each."""
    counts, seconds, last = column.counts, column.seconds, len(marks) - 2
    ats, lengths = bundle.block.ats, bundle.block.seconds
    for row in range(bundle.start, bundle.stop):
        at = ats[row]
        begun = at - round(lengths[row] * MILLION)
        index = min(max(bisect_right(marks, begun) - 1, 0), last)
        while index < last and marks[index + 1] < at:
            counts[index] += 1
            seconds[index] += (marks[index + 1] - begun) / MILLION
            begun, index = marks[index + 1], index + 1
        counts[index] += 1
        seconds[index] += max(0.0, (at - begun) / MILLION)


def parts_of(
    period: Period, scope: Scope, by: By, whole: tuple[datetime, datetime], known: Iterable[str]
) -> list[Part]:
    """A part for each id that is `known` or has something, and one for what belongs to none, if it is not empty."""
    sums: dict[str, Sums] = {each: defaultdict(Sum) for each in known}
    for bundle in period.of(scope):
        for each in _IDS[by](bundle.key):
            sums.setdefault(each, defaultdict(Sum))[bundle.key.measure].add_all(bundle)
    possible = figures_of(_ANY_OF[by])
    figures = [figure for figure in figures_of(scope) if figure in possible]
    parts = [
        Part(each, *whole, [FigureValue(figure, figure.value(of_part)) for figure in figures])
        for each, of_part in sums.items()
    ]
    parts.sort(key=lambda part: not part.id)
    return [part for part in parts if part.id or any(each.value for each in part.values)]
