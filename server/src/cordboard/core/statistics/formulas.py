"""What a figure is, and the formulas over sums that several figures share."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cordboard.core.statistics.items import Measure
from cordboard.core.statistics.totals import Sum, Sums
from cordboard.core.words import Channel


class Unit(StrEnum):
    COUNT = "count"
    SECONDS = "seconds"
    SHARE = "share"  # 0..1
    NUMBER = "number"  # with decimals


Formula = Callable[[Sums], float | None]
ALL_CHANNELS = (Channel.VOICE, Channel.EMAIL, Channel.CHAT)


@dataclass(frozen=True, slots=True)
class Figure:
    """`measures`: whose items stand behind it. `marks`: those of other measures that say which of them make the share."""

    id: str
    name: str
    unit: Unit
    definition: str
    measures: tuple[Measure, ...]
    value: Formula
    marks: tuple[Measure, ...] = ()
    channels: tuple[Channel, ...] = ALL_CHANNELS  # () where it is of no contacts
    of_agents: bool = True  # can be asked for one agent
    of_queues: bool = True  # can be asked for one queue, or the queues that need a skill
    of_spaces: bool = True  # can be asked for one Space, or one entry point
    of_hours: bool = True  # can be asked for each hour of a period
    of_reasons: bool = False  # can be asked for one reason of closing or withdrawal


_NONE = Sum()


def part_of(sums: Sums, measure: Measure) -> Sum:
    return sums.get(measure, _NONE)


def count_of(measure: Measure) -> Formula:
    return lambda sums: part_of(sums, measure).count


def seconds_of(*measures: Measure) -> Formula:
    return lambda sums: sum(part_of(sums, measure).seconds for measure in measures)


def mean_of(measure: Measure) -> Formula:
    def mean(sums: Sums) -> float | None:
        part = part_of(sums, measure)
        return part.seconds / part.count if part.count else None

    return mean


def share_of(part: Measure, whole: Measure) -> Formula:
    def share(sums: Sums) -> float | None:
        count = part_of(sums, whole).count
        return part_of(sums, part).count / count if count else None

    return share
