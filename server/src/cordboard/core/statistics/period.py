"""A question over a period: the facts from a while before it (they only prepare) to its end, folded in one go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cordboard.core.facts import Recorded
from cordboard.core.statistics.figures import FIGURES
from cordboard.core.statistics.fold import Fold
from cordboard.core.statistics.formulas import Figure
from cordboard.core.statistics.items import ConfigOf, Item, Measure
from cordboard.core.statistics.totals import Scope, sums_of


@dataclass(frozen=True, slots=True)
class FigureValue:
    figure: Figure
    value: float | None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One of what a figure counts. `marked` by these measures at the same instant (answered in time, a further contact)."""

    item: Item
    marked: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """What a period's facts came to: its items, with what stands at its end."""

    items: Sequence[Item]

    def values(self, scope: Scope) -> list[FigureValue]:
        """All figures that make sense for this scope, in their order."""
        sums = sums_of(self.items, scope)
        return [FigureValue(figure, figure.value(sums)) for figure in figures_of(scope)]

    def contact_ids(self, figure: Figure, scope: Scope) -> list[int]:
        """The contacts behind a figure, newest first."""
        behind = {
            item.contact_id
            for item in self.items
            if item.measure in figure.measures and item.contact_id and scope.covers(item)
        }
        return sorted(behind, reverse=True)

    def occurrences(self, figure: Figure, scope: Scope) -> list[Occurrence]:
        """All that a figure counts, each time, newest first: as many as a figure that is a number of them says."""
        marks: dict[tuple[int, datetime, str], set[Measure]] = {}
        found: list[Item] = []
        for item in self.items:
            if not scope.covers(item):
                continue
            if item.measure in figure.marks:
                marks.setdefault((item.contact_id, item.at, item.agent_id), set()).add(item.measure)
            if item.measure in figure.measures:
                found.append(item)
        found.sort(key=lambda item: (item.at, item.contact_id), reverse=True)
        return [
            Occurrence(item, tuple(sorted(marks.get((item.contact_id, item.at, item.agent_id), ()))))
            for item in found
        ]


def figures_of(scope: Scope) -> list[Figure]:
    """Those that make sense for this scope, in their order."""
    return [figure for figure in FIGURES.values() if _can_say(figure, scope)]


def _can_say(figure: Figure, scope: Scope) -> bool:
    return (
        (figure.of_agents or not scope.agent_id)
        and (figure.of_queues or not (scope.queue_id or scope.skill_id))
        and (figure.of_queues or figure.of_agents or not scope.group_id)
        and (figure.of_spaces or not (scope.space_id or scope.entry_point_id))
        and (figure.of_reasons or not scope.reason_id)
        and (
            not scope.channel
            or scope.channel in figure.channels
            or (scope.channel == "*" and bool(figure.channels))
        )
    )


def fold_period(
    recorded: Iterable[Recorded], config_of: ConfigOf, since: datetime, until: datetime
) -> Period:
    """`recorded` in order, beginning early enough that every agent's state and every waiting contact is in it."""
    fold = Fold(config_of, since)
    items: list[Item] = []
    for each in recorded:
        if each.at >= until:
            break
        items.extend(fold.apply(each))
    items.extend(fold.running(until))
    return Period(items)
