"""Today's figures of one tenant, kept up to date fact by fact. A day is the tenant's own, from midnight to midnight."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cordboard.core.facts import AgentStateChanged, Recorded
from cordboard.core.statistics.figures import FIGURES, GROWING
from cordboard.core.statistics.fold import Fold
from cordboard.core.statistics.formulas import Figure
from cordboard.core.statistics.items import ConfigOf, Measure
from cordboard.core.statistics.totals import Totals
from cordboard.live.rows import FigureRow, Rows, iso

WARM_UP = timedelta(days=1)
"""How long before a period's beginning facts are read: no contact and no agent's state is expected to last longer."""


def day_of(now: datetime, time_zone: str) -> tuple[datetime, datetime]:
    """The day's beginning and end (exclusive) as instants; 23 or 25 hours when the clock changes."""
    local = now.astimezone(ZoneInfo(time_zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = (midnight + timedelta(hours=36)).replace(hour=0)
    return midnight.astimezone(now.tzinfo), tomorrow.astimezone(now.tzinfo)


class Today:
    """`load` once with the facts since yesterday, then `apply` each batch's; `roll` when `ends_at` has come."""

    def __init__(self, config_of: ConfigOf, now: datetime, time_zone: str) -> None:
        self.since, self.ends_at = day_of(now, time_zone)
        self._time_zone = time_zone
        self._fold = Fold(config_of, self.since)
        self._totals = Totals()
        self._last = (0, -1)  # seq and ordinal of the newest fact that is in

    def apply(self, recorded: Iterable[Recorded]) -> set[str]:
        """The agents whose figures have changed. Facts that are already in are passed over."""
        changed: set[str] = set()
        for each in recorded:
            if (each.seq, each.ordinal) > self._last:
                self._last = (each.seq, each.ordinal)
                for item in self._fold.apply(each):
                    self._totals.add(item)
                    changed.add(item.agent_id)
                if isinstance(each.fact, AgentStateChanged):
                    changed.add(each.fact.agent_id)
        return changed

    def roll(self, now: datetime) -> bool:
        """Begins a new day if it is time; True when it has."""
        if now < self.ends_at:
            return False
        self.since, self.ends_at = day_of(now, self._time_zone)
        self._fold.roll(self.since)
        self._totals = Totals()
        return True

    def of_queue(self, queue_id: str) -> tuple[int, int, int, float | None]:
        """Offered, answered, abandoned, service level."""
        sums = self._totals.of_queue(queue_id)
        service_level = FIGURES["service_level"].value(sums)
        return (
            sums[Measure.OFFERED].count,
            sums[Measure.ANSWERED].count,
            sums[Measure.ABANDONED].count,
            None if service_level is None else round(service_level, 4),
        )

    def rows_of_agent(self, agent_id: str) -> Rows:
        """Topic `figures`: the agent's own, today."""
        sums = self._totals.of_agent(agent_id)
        growing = self._fold.growing_since(agent_id)
        grows = GROWING[growing[0]] if growing else ()
        since = iso(growing[1]) if growing else None
        return {
            figure.id: _row(figure, figure.value(sums), since if figure.id in grows else None)
            for figure in FIGURES.values()
            if figure.of_agents
        }


def _row(figure: Figure, value: float | None, growing_since: str | None) -> FigureRow:
    rounded = round(value, 3) if isinstance(value, float) else value
    return FigureRow(figure.id, figure.name, rounded, figure.unit.value, figure.definition, growing_since)
