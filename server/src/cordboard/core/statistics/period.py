"""A question over a period: the facts from a while before it (they only prepare) to its end, folded in one go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cordboard.core.facts import Recorded
from cordboard.core.statistics.figures import FIGURES
from cordboard.core.statistics.formulas import Figure
from cordboard.core.statistics.items import ConfigOf, Fold, Item
from cordboard.core.statistics.totals import Scope, sums_of


@dataclass(frozen=True, slots=True)
class FigureValue:
    figure: Figure
    value: float | None


@dataclass(slots=True)
class Period:
    """What a period's facts came to: its items, and the fold at its end."""

    items: Sequence[Item]
    fold: Fold

    def values(self, scope: Scope) -> list[FigureValue]:
        """All figures that make sense for this scope, in their order."""
        sums = sums_of(self.items, scope)
        waiting = sum(
            1
            for contact_id, queue_id in self.fold.waiting.items()
            if self.waits_in(scope, contact_id, queue_id)
        )
        return [FigureValue(figure, figure.value(sums, waiting)) for figure in figures_of(scope)]

    def contact_ids(self, figure: Figure, scope: Scope) -> list[int]:
        """The contacts behind a figure, newest first."""
        if figure.id == "waiting":
            waiting = self.fold.waiting.items()
            return sorted(
                (each for each, queue_id in waiting if self.waits_in(scope, each, queue_id)), reverse=True
            )
        behind = {
            item.contact_id
            for item in self.items
            if item.measure in figure.measures and item.contact_id and scope.covers(item)
        }
        return sorted(behind, reverse=True)

    def waits_in(self, scope: Scope, contact_id: int, queue_id: str) -> bool:
        return (
            (not scope.queue_id or queue_id == scope.queue_id)
            and (not scope.space_id or self.fold.space_of(queue_id, contact_id) == scope.space_id)
            and (not scope.skill_id or scope.skill_id in self.fold.skills_of(queue_id))
        )


def figures_of(scope: Scope) -> list[Figure]:
    """Those that make sense for this scope, in their order."""
    return [
        figure
        for figure in FIGURES.values()
        if (figure.of_agents or not scope.agent_id)
        and (figure.of_queues or not (scope.queue_id or scope.skill_id))
        and (figure.of_spaces or not scope.space_id)
    ]


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
    return Period(items, fold)
