"""Figures of a month of 100,000 contacts, of today and of this second: from stored days, beside folding all facts at each question.

    python tools/bench/figures.py [--contacts 100000] [--days 31]

Everything is in a temporary folder: an embedded PostgreSQL as the product runs it. Measured is the service as the endpoint calls it.
`late` is how long the event loop, in which calls are decided too, was kept waiting at most.
"""

import argparse
import asyncio
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import uvloop
from rig import centre_facts as made
from rig.table import as_json, percentile, show, verdict

from cordboard.core.config import TenantConfig
from cordboard.core.statistics.figures import FIGURES
from cordboard.core.statistics.items import ConfigOf
from cordboard.core.statistics.parts import By
from cordboard.core.statistics.period import fold_period
from cordboard.core.statistics.totals import Scope
from cordboard.db.database import Database
from cordboard.db.embedded import EmbeddedPostgres
from cordboard.db.migrate import upgrade
from cordboard.figures.days import FigureDays
from cordboard.figures.schemas import Asked, PageAsked
from cordboard.figures.service import FigureService
from cordboard.runtime.clock import SystemClock
from cordboard.runtime.codec import Codec
from cordboard.runtime.history import History
from cordboard.settings import APP_ROLE, OWNER_ROLE
from cordboard.testing.postgres import free_port

ROUNDS = 5
TARGET_MS = 2_000.0
Ask = Callable[[], Awaitable[object]]


class Late:
    """How long the event loop was kept waiting."""

    def __init__(self) -> None:
        self.most = 0.0

    async def watch(self) -> None:
        while True:
            begin = time.perf_counter()
            await asyncio.sleep(0.005)
            self.most = max(self.most, (time.perf_counter() - begin - 0.005) * 1000)


async def timed(name: str, ask: Ask, rounds: int = ROUNDS) -> dict[str, Any]:
    late, taken = Late(), []
    watch = asyncio.create_task(late.watch())
    for _ in range(rounds):
        begin = time.perf_counter()
        await ask()
        taken.append((time.perf_counter() - begin) * 1000)
    watch.cancel()
    return {
        "question": name,
        "p50 ms": percentile(taken, 0.5),
        "most ms": max(taken),
        "late ms": late.most,
    }


async def measure(dsn: str, begin: datetime, now: datetime) -> dict[str, list[dict[str, Any]]]:
    database, config, clock = await Database.connect(dsn), made.config(), SystemClock()
    history = History(database, Codec())

    async def configs(tenant_id: str, present: TenantConfig) -> ConfigOf:
        return lambda version: present

    def service() -> FigureService:
        return FigureService(FigureDays(database, history, configs, clock), clock)

    async def folded() -> object:
        """What a question was before: all facts of the period, folded."""
        recorded = await history.counted(made.TENANT, begin - timedelta(days=1), until, list(config.agents))
        return fold_period(recorded, lambda version: config, begin, until).values(Scope())

    until = _midnight(now)
    over = Asked.model_validate({"from": begin, "to": until})
    month, today = Asked.model_validate({"from": begin}), Asked()
    page = PageAsked.model_validate({"from": begin, "cursor": 200, "limit": 50})
    kept = service()

    def asking(asked: Asked, scope: Scope, by: By | None = None) -> Ask:
        return lambda: kept.figures(made.TENANT, config, asked, scope, by)

    rows = [
        await timed("all facts folded at the question", folded, 1),
        await timed(
            "today, first question of a process",
            lambda: service().figures(made.TENANT, config, today, Scope()),
            1,
        ),
        await timed("the month, its days made and stored", asking(month, Scope()), 1),
        await timed("the month", asking(month, Scope())),
        await timed("the month of one agent", asking(month, Scope(agent_id="agent-7"))),
        await timed("the month by day", asking(month, Scope(), By.DAY)),
        await timed("the month by hour", asking(month, Scope(), By.HOUR)),
        await timed("the month by agent", asking(month, Scope(), By.AGENT)),
        await timed("the month by skill, emails", asking(month, Scope(channel="email"), By.SKILL)),
        await timed(
            "behind a figure of the month, a page",
            lambda: kept.occurrences(made.TENANT, config, FIGURES["received"], page, Scope()),
        ),
        await timed("today by quarter of an hour", asking(today, Scope(), By.QUARTER)),
        await timed("this second", lambda: kept.now(made.TENANT, config, Scope()), 20),
    ]
    direct = {each.figure.id: each.value for each in await folded()}  # type: ignore[attr-defined]  # values
    stored = {
        each.id: each.value for each in (await kept.figures(made.TENANT, config, over, Scope())).figures
    }
    wrong = [each for each, value in direct.items() if not _same(value, stored[each])]
    await database.close()
    return {"questions": rows, "differ": [{"figure": each} for each in wrong]}


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= 1e-9 * abs(one)


def _midnight(now: datetime) -> datetime:
    local = now.astimezone(ZoneInfo(made.config().time_zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def run(chosen: argparse.Namespace, postgres: EmbeddedPostgres) -> dict[str, list[dict[str, Any]]]:
    began = time.perf_counter()
    upgrade(postgres.dsn(OWNER_ROLE))
    superuser = postgres.dsn("postgres")
    now = datetime.now(UTC)
    begin = now - timedelta(days=chosen.days)
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("INSERT INTO tenant (id, name) VALUES (%s, %s)", (made.TENANT, made.TENANT))
    facts = made.load(superuser, chosen.contacts, begin, now)
    seconds = time.perf_counter() - began
    print(f"{chosen.contacts} contacts, {facts} facts made in {seconds:.0f} s", flush=True)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        tables = runner.run(measure(postgres.dsn(APP_ROLE), begin, now))
    with psycopg.connect(superuser) as connection:
        size = connection.execute("SELECT count(*), sum(length(body)) FROM figure_day").fetchone()
        whole = connection.execute("SELECT pg_total_relation_size('fact')").fetchone()
    assert size is not None and whole is not None
    print(f"{size[0]} stored days, {size[1] / 1e6:.1f} MB; the facts {whole[0] / 1e6:.0f} MB")
    return tables


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=31)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="cordboard-bench-"))
    postgres = EmbeddedPostgres(
        folder, free_port(), owner_password="owner", app_password="app", durable=False, ends_with_parent=True
    )
    postgres.start()
    try:
        tables = run(chosen, postgres)
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    if chosen.json:
        print(as_json(tables))
        return
    show(f"Figures of {chosen.contacts} contacts in {chosen.days} days", tables["questions"])
    slowest = max(row["most ms"] for row in tables["questions"][3:])
    differ: Sequence[dict[str, Any]] = tables["differ"]
    print()
    print(verdict("stored days, slowest question, ms", slowest, f"< {TARGET_MS:.0f}", slowest < TARGET_MS))
    print(verdict("figures that differ from the facts folded", len(differ), "0", not differ), *differ)


if __name__ == "__main__":
    main()
