"""Keeps the days of each tenant: the present one folded on as facts come, those that are over stored once.

A question takes the stored days of its period, makes and stores those that are missing, and has today from memory. Whatever is kept,
it is what the facts give: everything here may be forgotten at any time.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import structlog

from cordboard.core.config import TenantConfig
from cordboard.core.statistics.days import Day, Days, composed
from cordboard.core.statistics.items import ConfigOf
from cordboard.core.statistics.parts import By, edges_of
from cordboard.core.statistics.period import Period
from cordboard.db.database import OUTAGES, Database
from cordboard.figures import stored
from cordboard.runtime.clock import Clock
from cordboard.runtime.history import History

log = structlog.get_logger()

Configs = Callable[[str, TenantConfig], Awaitable[ConfigOf]]
"""(tenant id, present configuration) → any of its versions by number."""
WARM_UP = timedelta(days=1)
KEPT = timedelta(days=400)
AT_ONCE = timedelta(days=2)
EVERY_SECONDS = 120.0
LATE = timedelta(minutes=10)
"""So long after its end a day may still get facts, if no later one has come."""
_INSTANT = timedelta(microseconds=1)


class _Known:
    """The configurations that a fold looks in while new ones come."""

    def __init__(self, of: ConfigOf, version: int) -> None:
        self.of = of
        self.version = version  # the newest

    def find(self, version: int) -> TenantConfig | None:
        return self.of(version)


@dataclass(frozen=True, slots=True)
class _Present:
    """Today's fold."""

    days: Days
    time_zone: str
    known: _Known


@dataclass(frozen=True, slots=True)
class _Now:
    """`today` is the day that is not closed; `following` the one after it, when that has begun meanwhile."""

    end: datetime  # just after this instant: what has happened at it belongs to it
    today: Day
    following: Day | None


class FigureDays:
    def __init__(self, database: Database, history: History, configs: Configs, clock: Clock) -> None:
        self._database = database
        self._history = history
        self._configs = configs
        self._clock = clock
        self._present: dict[str, _Present] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._making: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def period(
        self, tenant_id: str, config: TenantConfig, since: datetime, until: datetime | None
    ) -> tuple[Period, datetime]:
        """The period and its end (not included): `until`, now when that is None or still to come."""
        while True:
            over, present = await self._midnight(tenant_id, config)
            end = min(until, present) if until else present
            days = await self._over(tenant_id, config, since, min(end, over))
            if end == present:
                now = await self._now(tenant_id, config)
                if now.today.since != over:
                    continue
                days += [now.today, now.following] if now.following else [now.today]
                end = now.end
            elif end > over:
                spans = list(pairwise(_midnights(over, end, config)))
                days += await self._fold(tenant_id, config, spans)
            return await asyncio.to_thread(composed, days, since), end

    async def standing(self, tenant_id: str, config: TenantConfig) -> tuple[Period, datetime]:
        """What stands now, and when that is."""
        async with self._locks[tenant_id]:
            end = await self._catch_up(tenant_id, config)
            return self._present[tenant_id].days.standing(end), end - _INSTANT

    async def keep(self, tenant_id: str, config: TenantConfig) -> None:
        """Takes in what is new, and makes the days that are over and not stored, the newest first: nobody has to wait for them."""
        end, _ = await self._midnight(tenant_id, config)
        first = max(await self._history.first_at(tenant_id) or end, end - KEPT)
        while end > first:
            begin = _day_of(end - AT_ONCE, config)[0]
            await self._over(tenant_id, config, max(begin, first), end)
            end = begin
            await asyncio.sleep(0)

    async def run(
        self, tenant_ids: Callable[[], Sequence[str]], config_of: Callable[[str], TenantConfig | None]
    ) -> None:
        """Keeps all tenants' days until it is cancelled."""
        while True:
            for tenant_id in tenant_ids():
                config = config_of(tenant_id)
                try:
                    if config is not None:
                        await self.keep(tenant_id, config)
                except OUTAGES as error:
                    log.warning("figures_wait_for_database", tenant=tenant_id, error=type(error).__name__)
                except Exception:
                    log.exception("figures_failed", tenant=tenant_id)
            await asyncio.sleep(EVERY_SECONDS)

    # -- the present day

    async def _midnight(self, tenant_id: str, config: TenantConfig) -> tuple[datetime, datetime]:
        """The beginning of the day that is not closed, and now."""
        async with self._locks[tenant_id]:
            end = await self._catch_up(tenant_id, config)
            return self._present[tenant_id].days.since, end

    async def _now(self, tenant_id: str, config: TenantConfig) -> _Now:
        async with self._locks[tenant_id]:
            end = await self._catch_up(tenant_id, config)
            days = self._present[tenant_id].days
            return _Now(end, days.present(end), days.following(end) if end > days.until else None)

    async def _catch_up(self, tenant_id: str, config: TenantConfig) -> datetime:
        """Takes in the facts until this instant; returns the one just after it."""
        now = self._clock.now()
        present = self._present.get(tenant_id)
        if present is None or present.time_zone != config.time_zone:
            present = await self._begun(tenant_id, config, now)
        elif present.known.version != config.version:
            present.known.of = await self._configs(tenant_id, config)
            present.known.version = config.version
        days = present.days
        begin = days.since - WARM_UP
        async for page in self._history.counted_pages(tenant_id, begin, now + _INSTANT, days.last):
            for each in page:
                while each.at >= days.until:
                    await self._close(tenant_id, config, days)
                days.apply(each)
        while now >= days.until + LATE:
            await self._close(tenant_id, config, days)
        return now + _INSTANT

    async def _begun(self, tenant_id: str, config: TenantConfig, now: datetime) -> _Present:
        first = _day_of(now - LATE, config)
        before = await self._history.standing(tenant_id, first[0] - WARM_UP, list(config.agents))
        known = _Known(await self._configs(tenant_id, config), config.version)
        present = _Present(Days(known.find, first), config.time_zone, known)
        self._present[tenant_id] = present
        present.days.prepare(before)
        return present

    async def _close(self, tenant_id: str, config: TenantConfig, days: Days) -> None:
        day = days.close(_day_of(days.until, config)[1])
        await stored.write(self._database, tenant_id, day)

    # -- days that are over

    async def _over(
        self, tenant_id: str, config: TenantConfig, since: datetime, until: datetime
    ) -> list[Day]:
        """The days of this period, from the first that has a fact. Whole ones are stored, and made where they are not yet."""
        first = await self._history.first_at(tenant_id)
        begin = max(since, first) if first else until
        if begin >= until:
            return []
        spans = list(pairwise(_midnights(begin, until, config)))
        part = None if spans[-1] == _day_of(spans[-1][0], config) else spans.pop()
        days = await self._stored(tenant_id, config, spans) if spans else []
        return days + await self._fold(tenant_id, config, [part]) if part else days

    async def _stored(
        self, tenant_id: str, config: TenantConfig, spans: Sequence[tuple[datetime, datetime]]
    ) -> list[Day]:
        """One task makes days at a time: the others find them stored."""
        found = await self._read(tenant_id, spans)
        if len(found) < len(spans):
            async with self._making[tenant_id]:
                found = await self._read(tenant_id, spans)
                for run in _runs([span for span in spans if span not in found]):
                    for span, day in zip(run, await self._fold(tenant_id, config, run), strict=True):
                        found[span] = day
                        await stored.write(self._database, tenant_id, day)
        return [found[span] for span in spans]

    async def _read(
        self, tenant_id: str, spans: Sequence[tuple[datetime, datetime]]
    ) -> dict[tuple[datetime, datetime], Day]:
        async with self._database.tenant(tenant_id) as connection:
            rows = await stored.read(connection, spans[0][0], spans[-1][1])
        days = await asyncio.to_thread(stored.days_of, rows)
        wanted = set(spans)
        return {(day.since, day.until): day for day in days if (day.since, day.until) in wanted}

    async def _fold(
        self, tenant_id: str, config: TenantConfig, run: Sequence[tuple[datetime, datetime]]
    ) -> list[Day]:
        """Days that follow one another, folded in one go."""
        days = Days(await self._configs(tenant_id, config), run[0])
        following = iter(end for _, end in run[1:])
        begin, until = run[0][0] - WARM_UP, run[-1][1]
        days.prepare(await self._history.standing(tenant_id, begin, list(config.agents)))
        made: list[Day] = []
        async for page in self._history.counted_pages(tenant_id, begin, until, (0, -1)):
            for each in page:
                while each.at >= days.until:
                    made.append(days.close(next(following)))
                days.apply(each)
        while len(made) < len(run):
            made.append(days.close(next(following, until)))
        return made


def _runs(spans: Sequence[tuple[datetime, datetime]]) -> list[list[tuple[datetime, datetime]]]:
    """Those that follow one another together."""
    runs: list[list[tuple[datetime, datetime]]] = []
    for span in spans:
        if runs and runs[-1][-1][1] == span[0]:
            runs[-1].append(span)
        else:
            runs.append([span])
    return runs


def _day_of(at: datetime, config: TenantConfig) -> tuple[datetime, datetime]:
    zone = ZoneInfo(config.time_zone)
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    begin = midnight.astimezone(UTC)
    return begin, edges_of(By.DAY, begin, begin + timedelta(hours=36), zone)[1]


def _midnights(since: datetime, until: datetime, config: TenantConfig) -> list[datetime]:
    """The beginnings of the days of the period, and its end."""
    begin = _day_of(since, config)[0]
    return edges_of(By.DAY, begin, until, ZoneInfo(config.time_zone))
