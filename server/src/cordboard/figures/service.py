"""Asks the one definition of each figure, over the facts of a period."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cordboard.core.config import TenantConfig
from cordboard.core.statistics.figures import FIGURES
from cordboard.core.statistics.formulas import Figure
from cordboard.core.statistics.items import OF_THE_END, Measure
from cordboard.core.statistics.mail_figures import definition_of
from cordboard.core.statistics.parts import (
    EARLIER,
    STEPS,
    By,
    Moment,
    Part,
    edges_of,
    parts_in_time,
    parts_of,
)
from cordboard.core.statistics.period import FigureValue, Occurrence, Period
from cordboard.core.statistics.totals import NONE, Scope
from cordboard.errors import Refused
from cordboard.figures import schemas
from cordboard.figures.days import FigureDays
from cordboard.figures.names import name_of, names_of
from cordboard.runtime.clock import Clock

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


class FigureService:
    def __init__(self, days: FigureDays, clock: Clock) -> None:
        self._days = days
        self._clock = clock

    async def period(
        self, tenant_id: str, config: TenantConfig, since: datetime | None, until: datetime | None
    ) -> tuple[Period, datetime, datetime]:
        """By default today, as the customer's clock has it, until now."""
        now = self._clock.now()
        if since is None:
            local = now.astimezone(ZoneInfo(config.time_zone))
            since = local.replace(hour=0, minute=0, second=0, microsecond=0)
        since = _aware(since, config.time_zone)
        end = _aware(until, config.time_zone) if until else None
        if since > now:
            return Period(()), since, since
        if (end or now) < since or (end or now) - since > LONGEST:
            raise WrongPeriod
        period, end = await self._days.period(tenant_id, config, since, end)
        return period, since, end

    async def figures(
        self,
        tenant_id: str,
        config: TenantConfig,
        asked: schemas.Asked,
        scope: Scope,
        by: By | None = None,
        moment: Moment = Moment.HAPPENED,
    ) -> schemas.FigureList:
        """Those of the whole, and with `by` those of its parts."""
        scope = _local(scope, config)
        period, since, until = await self.period(tenant_id, config, asked.since, asked.until)
        return await asyncio.to_thread(_told, period, scope, (by, moment), (since, until), config)

    async def occurrences(
        self,
        tenant_id: str,
        config: TenantConfig,
        figure: Figure,
        asked: schemas.PageAsked,
        scope: Scope,
    ) -> schemas.Occurrences:
        """A page of what a figure counts, newest first."""
        scope = _local(scope, config)
        period, since, until = await self.period(tenant_id, config, asked.since, asked.until)
        return await asyncio.to_thread(_opened, period, scope, figure, (since, until, asked), config)

    async def now(self, tenant_id: str, config: TenantConfig, scope: Scope) -> schemas.Now:
        """What stands at this instant, of all and of each queue that has something."""
        period, at = await self._days.standing(tenant_id, config)
        parts = parts_of(period, scope, By.QUEUE, (at, at), ())
        return schemas.Now(
            at=at,
            figures=[_figure(each, scope) for each in period.values(scope) if _of_the_end(each.figure)],
            longest_seconds=_longest(period, scope),
            queues=[
                schemas.NowPart(
                    id=part.id,
                    name=name_of(config.queues, part.id),
                    channel=config.queues[part.id].channel.value if part.id in config.queues else "",
                    values={each.figure.id: each.value for each in part.values if _of_the_end(each.figure)},
                    longest_seconds=_longest(period, replace(scope, queue_id=part.id or NONE)),
                )
                for part in parts
            ],
        )

    def choices(self, config: TenantConfig) -> schemas.Choices:
        return schemas.Choices(
            time_zone=config.time_zone,
            local_time=self._clock.now().astimezone(ZoneInfo(config.time_zone)),
            spaces=_choices(By.SPACE, config),
            queues=[
                schemas.Choice(id=each.id, name=each.name, channel=each.channel.value, space_id=each.space_id)
                for each in config.queues.values()
            ],
            skills=_choices(By.SKILL, config),
            groups=_choices(By.GROUP, config),
            agents=_choices(By.AGENT, config),
            entry_points=[
                schemas.Choice(id=each.id, name=each.name, channel=each.channel.value, space_id=each.space_id)
                for each in config.entry_points.values()
            ],
            reasons=_choices(By.REASON, config),
        )


def _told(
    period: Period,
    scope: Scope,
    how: tuple[By | None, Moment],
    whole: tuple[datetime, datetime],
    config: TenantConfig,
) -> schemas.FigureList:
    """In a thread: a month takes a while, and calls in progress wait for nothing."""
    by, moment = how
    rows = [_figure(each, scope) for each in period.values(scope)]
    told = schemas.FigureList(since=whole[0], until=whole[1], figures=rows, at=moment)
    if by is None:
        return told
    parts = _parts(period, scope, (by, moment), whole, config)
    return told.model_copy(
        update={"by": by.value, "parts": [_row(part, by, config) for part in parts]},
    )


def _opened(
    period: Period,
    scope: Scope,
    figure: Figure,
    asked: tuple[datetime, datetime, schemas.PageAsked],
    config: TenantConfig,
) -> schemas.Occurrences:
    since, until, page = asked
    found = period.occurrences(figure, scope)
    value = next((each for each in period.values(scope) if each.figure is figure), None)
    end = page.cursor + page.limit
    return schemas.Occurrences(
        figure=_figure(value or FigureValue(figure, None), scope),
        since=since,
        until=until,
        total=found.total,
        contacts=found.contacts,
        counts=found.counts,
        items=[_occurrence(each, config) for each in found.page(page.cursor, page.limit)],
        next=end if end < found.total else None,
    )


def _occurrence(each: Occurrence, config: TenantConfig) -> schemas.Occurrence:
    item = each.item
    return schemas.Occurrence(
        measure=item.measure.value,
        at=item.at,
        received_at=item.received_at,
        contact_id=item.contact_id,
        agent_id=item.agent_id,
        agent=name_of(config.agents, item.agent_id),
        queue_id=item.queue_id,
        queue=name_of(config.queues, item.queue_id),
        seconds=item.seconds,
        marked=[mark.value for mark in each.marked],
    )


def _of_the_end(figure: Figure) -> bool:
    return bool(figure.measures) and OF_THE_END.issuperset(figure.measures)


def _longest(period: Period, scope: Scope) -> float | None:
    waiting = (each for each in period.of(scope) if each.key.measure is Measure.WAITING)
    return max((max(each.seconds) for each in waiting), default=None)


def _choices(by: By, config: TenantConfig) -> list[schemas.Choice]:
    return [schemas.Choice(id=each, name=name) for each, name in names_of(config, by).items()]


def _figure(each: FigureValue, scope: Scope) -> schemas.FigureRow:
    return schemas.FigureRow(
        id=each.figure.id,
        name=each.figure.name,
        definition=definition_of(each.figure, scope.repeat_days),
        unit=each.figure.unit.value,
        value=each.value,
    )


def _parts(
    period: Period,
    scope: Scope,
    how: tuple[By, Moment],
    whole: tuple[datetime, datetime],
    config: TenantConfig,
) -> list[Part]:
    (by, moment), (since, until) = how, whole
    if by not in STEPS:
        known = names_of(config, by) if by is not By.REASON and scope == Scope() else ()
        return parts_of(period, scope, by, whole, known)
    if (until - since) / STEPS[by] > MOST_PARTS:
        raise TooManyParts
    return parts_in_time(period, scope, edges_of(by, since, until, ZoneInfo(config.time_zone)), moment)


def _row(part: Part, by: By, config: TenantConfig) -> schemas.FigurePart:
    zone = ZoneInfo(config.time_zone)
    return schemas.FigurePart(
        id=part.id,
        name="" if part.id == EARLIER and by in STEPS else names_of(config, by).get(part.id, part.id),
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


def _local(scope: Scope, config: TenantConfig) -> Scope:
    since, until = scope.received_since, scope.received_until
    return replace(
        scope,
        received_since=_aware(since, config.time_zone) if since else None,
        received_until=_aware(until, config.time_zone) if until else None,
    )
