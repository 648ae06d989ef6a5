"""A question over a period: the facts from a while before it (they only prepare) to its end, folded in one go."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest

from cordboard.core.facts import Recorded
from cordboard.core.statistics.bundles import Bundle, bundled
from cordboard.core.statistics.figures import FIGURES
from cordboard.core.statistics.fold import Fold
from cordboard.core.statistics.formulas import Figure
from cordboard.core.statistics.items import ConfigOf, Item, Measure
from cordboard.core.statistics.totals import Scope, Sum, Sums


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
    """What a period's facts came to, with what stands at its end."""

    bundles: Sequence[Bundle]

    def of(self, scope: Scope) -> Iterator[Bundle]:
        for bundle in self.bundles:
            covered = scope.of(bundle)
            if covered is not None:
                yield covered

    def sums(self, scope: Scope) -> Sums:
        sums: Sums = defaultdict(Sum)
        for bundle in self.of(scope):
            sums[bundle.key.measure].add_all(bundle)
        return sums

    def values(self, scope: Scope) -> list[FigureValue]:
        """All figures that make sense for this scope, in their order."""
        sums = self.sums(scope)
        return [FigureValue(figure, figure.value(sums)) for figure in figures_of(scope)]

    def contact_ids(self, figure: Figure, scope: Scope) -> list[int]:
        """The contacts behind a figure, newest first."""
        behind: set[int] = set()
        for bundle in self.of(scope):
            if bundle.key.measure in figure.measures:
                behind.update(bundle.contact_ids)
        return sorted(behind - {0}, reverse=True)

    def occurrences(self, figure: Figure, scope: Scope) -> "Occurrences":
        return Occurrences(
            [bundle for bundle in self.of(scope) if bundle.key.measure in figure.measures],
            [bundle for bundle in self.of(scope) if bundle.key.measure in figure.marks],
        )


class Occurrences:
    """All that a figure counts, each time: as many as a figure that is a number of them says."""

    def __init__(self, counted: Sequence[Bundle], marks: Sequence[Bundle]) -> None:
        self._counted = counted
        self._marks = marks
        self.total = sum(map(len, counted))
        self.counts: dict[str, int] = defaultdict(int)
        for bundle in (*counted, *marks):
            self.counts[bundle.key.measure.value] += len(bundle)
        self.contacts = len({each for bundle in counted for each in bundle.contact_ids} - {0})

    def page(self, first: int, number: int) -> list[Occurrence]:
        """Newest first."""
        places = nlargest(
            first + number,
            (
                (at, contact_id, -place, index)
                for place, bundle in enumerate(self._counted)
                for index, (at, contact_id) in enumerate(zip(bundle.ats, bundle.contact_ids, strict=True))
            ),
        )[first:]
        wanted = {(at, contact_id) for at, contact_id, _, _ in places}
        marked: dict[tuple[int, int, str], set[Measure]] = defaultdict(set)
        for bundle in self._marks:
            for at, contact_id in zip(bundle.ats, bundle.contact_ids, strict=True):
                if (at, contact_id) in wanted:
                    marked[at, contact_id, bundle.key.agent_id].add(bundle.key.measure)
        return [
            Occurrence(
                (item := self._counted[-place].item(index)),
                tuple(sorted(marked.get((at, contact_id, item.agent_id), ()))),
            )
            for at, contact_id, place, index in places
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
    return Period(bundled(items))
