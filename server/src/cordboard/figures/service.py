"""Asks the one definition of each figure, over the facts of a period."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cordboard.core.config import TenantConfig
from cordboard.core.statistics.figures import FIGURES
from cordboard.core.statistics.formulas import Figure
from cordboard.core.statistics.items import ConfigOf
from cordboard.core.statistics.parts import STEPS, By, Part, edges_of, parts_in_time, parts_of
from cordboard.core.statistics.period import Period, fold_period
from cordboard.core.statistics.totals import Scope
from cordboard.errors import Refused
from cordboard.figures import schemas
from cordboard.runtime.clock import Clock
from cordboard.runtime.history import History

WARM_UP = timedelta(days=1)
LONGEST = timedelta(days=400)
MOST_PARTS = 1_000


class UnknownFigure(Refused):
    """There is no such figure."""

    code = "not_found"
    status = 404


class WrongPeriod(Refused):
    """The period ends before it begins, or is longer than 400 days."""

    code = "invalid"
    status = 422


class TooManyParts(Refused):
    """The period has more than 1,000 such parts: ask for a shorter one, or for longer parts."""

    code = "invalid"
    status = 422


Configs = Callable[[str, TenantConfig], Awaitable[ConfigOf]]
"""(tenant id, present configuration) → any of its versions by number."""


class FigureService:
    def __init__(self, history: History, configs: Configs, clock: Clock) -> None:
        self._history = history
        self._configs = configs
        self._clock = clock

    async def period(
        self, tenant_id: str, config: TenantConfig, since: datetime | None, until: datetime | None
    ) -> tuple[Period, datetime, datetime]:
        """Folds the period; by default today, as the customer's clock has it, until now."""
        now = self._clock.now()
        if since is None:
            local = now.astimezone(ZoneInfo(config.time_zone))
            since = local.replace(hour=0, minute=0, second=0, microsecond=0)
        since = _aware(since, config.time_zone)
        latest = now + timedelta(microseconds=1)  # what has happened at this very instant belongs to it
        until = min(_aware(until, config.time_zone), latest) if until else latest
        if since > now:
            until = since
        if until < since or until - since > LONGEST:
            raise WrongPeriod
        recorded = await self._history.counted(tenant_id, since - WARM_UP, until, list(config.agents))
        period = fold_period(recorded, await self._configs(tenant_id, config), since, until)
        return period, since, until

    async def figures(
        self,
        tenant_id: str,
        config: TenantConfig,
        since: datetime | None,
        until: datetime | None,
        scope: Scope,
        by: By | None = None,
    ) -> schemas.FigureList:
        """Those of the whole, and with `by` those of its parts."""
        period, since, until = await self.period(tenant_id, config, since, until)
        rows = [
            schemas.FigureRow(
                id=each.figure.id,
                name=each.figure.name,
                definition=each.figure.definition,
                unit=each.figure.unit.value,
                value=each.value,
            )
            for each in period.values(scope)
        ]
        whole = schemas.FigureList(since=since, until=until, figures=rows)
        if by is None:
            return whole
        parts = _parts(period, scope, by, (since, until), config)
        return whole.model_copy(
            update={"by": by.value, "parts": [_row(part, by, config) for part in parts]},
        )


def _parts(
    period: Period, scope: Scope, by: By, whole: tuple[datetime, datetime], config: TenantConfig
) -> list[Part]:
    since, until = whole
    if by not in STEPS:
        return parts_of(period, scope, by, whole, _names(config, by) if scope == Scope() else ())
    if (until - since) / STEPS[by] > MOST_PARTS:
        raise TooManyParts
    return parts_in_time(period, scope, edges_of(by, since, until, ZoneInfo(config.time_zone)))


def _names(config: TenantConfig, by: By) -> dict[str, str]:
    match by:
        case By.QUEUE:
            return {each.id: each.name for each in config.queues.values()}
        case By.SPACE:
            return {each.id: each.name for each in config.spaces.values()}
        case By.SKILL:
            return {each.id: each.name for each in config.skills.values()}
        case By.AGENT:
            return {each.id: each.name for each in config.agents.values()}
        case _:
            return {}


def _row(part: Part, by: By, config: TenantConfig) -> schemas.FigurePart:
    zone = ZoneInfo(config.time_zone)
    return schemas.FigurePart(
        id=part.id,
        name=_names(config, by).get(part.id, part.id),
        since=part.since.astimezone(zone),
        until=part.until.astimezone(zone),
        values={each.figure.id: each.value for each in part.values},
    )


def get_figure(figure_id: str) -> Figure:
    figure = FIGURES.get(figure_id)
    if figure is None:
        raise UnknownFigure
    return figure


def _aware(at: datetime, time_zone: str) -> datetime:
    """An instant without a zone is the customer's local time."""
    return at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(time_zone))
