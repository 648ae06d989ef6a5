"""What a figure is, and the formulas over sums that several figures share."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cordboard.core.statistics.items import Measure
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
    of_queues: bool = True  # can be asked for one queue, or the queues that need a skill
    of_spaces: bool = True  # can be asked for one Space
    of_hours: bool = True  # can be asked for each hour of a period


_NONE = Sum()


def part_of(sums: Sums, measure: Measure) -> Sum:
    return sums.get(measure, _NONE)


def count_of(measure: Measure) -> Formula:
    return lambda sums, waiting: part_of(sums, measure).count


def seconds_of(*measures: Measure) -> Formula:
    return lambda sums, waiting: sum(part_of(sums, measure).seconds for measure in measures)


def mean_of(measure: Measure) -> Formula:
    def mean(sums: Sums, waiting: int) -> float | None:
        part = part_of(sums, measure)
        return part.seconds / part.count if part.count else None

    return mean
