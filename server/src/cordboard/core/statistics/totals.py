"""Sums of items by measure, agent, queue, Space and skill, and the scope that a question looks at."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from cordboard.core.statistics.items import Item, Measure


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose items count; "" is everybody's."""

    agent_id: str = ""
    queue_id: str = ""
    space_id: str = ""
    skill_id: str = ""  # what a queue that needs it has

    def covers(self, item: Item) -> bool:
        return (
            (not self.agent_id or item.agent_id == self.agent_id)
            and (not self.queue_id or item.queue_id == self.queue_id)
            and (not self.space_id or item.space_id == self.space_id)
            and (not self.skill_id or self.skill_id in item.skill_ids)
        )


@dataclass(slots=True)
class Sum:
    count: int = 0
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        self.count += 1
        self.seconds += seconds


Sums = dict[Measure, Sum]


def sums_of(items: Iterable[Item], scope: Scope) -> Sums:
    """The sums of one scope: the batch form, for a question over a period."""
    sums: Sums = defaultdict(Sum)
    for item in items:
        if scope.covers(item):
            sums[item.measure].add(item.seconds)
    return sums


class Totals:
    """The same sums kept up to date for each agent, each queue and all: the incremental form, for live rows."""

    def __init__(self) -> None:
        self.all: Sums = defaultdict(Sum)
        self._of_agent: dict[str, Sums] = defaultdict(lambda: defaultdict(Sum))
        self._of_queue: dict[str, Sums] = defaultdict(lambda: defaultdict(Sum))

    def add(self, item: Item) -> None:
        self.all[item.measure].add(item.seconds)
        if item.agent_id:
            self._of_agent[item.agent_id][item.measure].add(item.seconds)
        if item.queue_id:
            self._of_queue[item.queue_id][item.measure].add(item.seconds)

    def of_agent(self, agent_id: str) -> Sums:
        return self._of_agent[agent_id]

    def of_queue(self, queue_id: str) -> Sums:
        return self._of_queue[queue_id]
