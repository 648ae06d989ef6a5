"""Sums of items by measure, agent and queue, and the scope that a question looks at."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from cordboard.core.statistics.bundles import Bundle, Key, micros
from cordboard.core.statistics.items import Item, Measure
from cordboard.core.statistics.mails import REPEAT_DAYS

NONE = "-"
"""As an id of a scope: what belongs to none."""
_DAY = 86_400.0


def _is(wanted: str, has: str) -> bool:
    return wanted == has or (wanted == NONE and not has)


def _among(wanted: str, has: tuple[str, ...]) -> bool:
    return wanted in has or (wanted == NONE and not has)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose items count; "" is everybody's, `NONE` nobody's.

    `received_since`, `received_until`: what was received then, whenever it happened (the end not included).
    `repeat_days`: so long another contact of the same sender counts as a further contact.
    """

    agent_id: str = ""
    queue_id: str = ""
    space_id: str = ""
    skill_id: str = ""  # what a queue that needs it has
    group_id: str = ""
    channel: str = ""
    entry_point_id: str = ""
    reason_id: str = ""
    received_since: datetime | None = None
    received_until: datetime | None = None
    repeat_days: int = REPEAT_DAYS

    def covers(self, key: Key) -> bool:
        return (
            (not self.agent_id or _is(self.agent_id, key.agent_id))
            and (not self.queue_id or _is(self.queue_id, key.queue_id))
            and (not self.space_id or _is(self.space_id, key.space_id))
            and (not self.skill_id or _among(self.skill_id, key.skill_ids))
            and (not self.group_id or _among(self.group_id, key.group_ids))
            and (not self.channel or _is(self.channel, key.channel))
            and (not self.entry_point_id or _is(self.entry_point_id, key.entry_point_id))
            and (not self.reason_id or _is(self.reason_id, key.reason_id))
        )

    def of(self, bundle: Bundle) -> Bundle | None:
        """What of it counts."""
        if not self.covers(bundle.key):
            return None
        if bundle.key.measure is Measure.MAIL_REPEAT:
            most = self.repeat_days * _DAY
            bundle = bundle.only([seconds <= most for seconds in bundle.seconds])
        if self.received_since is not None:
            least = micros(self.received_since)
            bundle = bundle.only([at >= least for at in bundle.received()])
        if self.received_until is not None:
            end = micros(self.received_until)
            bundle = bundle.only([at < end for at in bundle.received()])
        return bundle if len(bundle) else None


@dataclass(slots=True)
class Sum:
    count: int = 0
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        self.count += 1
        self.seconds += seconds

    def add_all(self, bundle: Bundle) -> None:
        self.count += len(bundle)
        self.seconds += bundle.total


Sums = dict[Measure, Sum]


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
