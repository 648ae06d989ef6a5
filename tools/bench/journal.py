"""How fast a batch becomes durable: events through inbox, engine and journal on an embedded PostgreSQL that syncs to disk.

    python tools/bench/journal.py [--seconds 5]

Prints, for rising rates of events, the latency from `submit` to "decided and committed", and the rate that is reached when
as much is submitted as goes through. The events are half touch-tones in a menu, half calls that arrive (facts: five each).
"""

import argparse
import asyncio
import json
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import uvloop
from prometheus_client import CollectorRegistry

from cordboard.core.engine import Engine
from cordboard.core.events import CallArrived, ConfigPublished, DigitPressed, Event, LineEnded
from cordboard.core.words import EndCause
from cordboard.db.database import Database
from cordboard.db.embedded import EmbeddedPostgres
from cordboard.db.migrate import upgrade
from cordboard.expressions import evaluate
from cordboard.numbers import normalise
from cordboard.runtime.clock import SystemClock
from cordboard.runtime.codec import Codec
from cordboard.runtime.dispatch import Dispatch
from cordboard.runtime.inbox import Bounds, TenantInbox
from cordboard.runtime.journal import TenantJournal
from cordboard.runtime.leases import LASTS, Leases
from cordboard.runtime.measures import Measures
from cordboard.runtime.recovery import Recovery
from cordboard.runtime.snapshots import Every, Snapshots
from cordboard.runtime.tenant import Parts, TenantRuntime
from cordboard.settings import APP_ROLE, OWNER_ROLE
from cordboard.testing.centre import NUMBER, small_centre
from cordboard.testing.postgres import free_port
from cordboard.testing.telephony import FakeTelephony

RATES = (100, 500, 1_000, 1_500, 2_000)
TENANT = "bench"


async def _runtime(database: Database) -> TenantRuntime:
    async with database.provider() as connection:
        await connection.execute("INSERT INTO tenant (id, name) VALUES ($1, $1)", TENANT)
    clock, codec = SystemClock(), Codec()
    snapshots = Snapshots(database, codec)
    recovery = Recovery(database, codec, snapshots, lambda state: Engine(state, evaluate, normalise))
    parts = Parts(
        clock,
        codec,
        recovery,
        snapshots,
        Dispatch(FakeTelephony()),
        Measures(CollectorRegistry()),
        lambda batch: None,
        Every(),
    )
    lease = await Leases(database, "bench").take(TENANT)
    assert lease is not None
    runtime = TenantRuntime(
        parts, lease, TenantJournal(database, lease, LASTS, clock), TenantInbox(clock, Bounds(requests=10**9))
    )
    await runtime.recover()
    return runtime


def _events(count: int, offset: int) -> list[Event]:
    """Calls that arrive, press a key that means nothing, and leave."""
    made: list[Event] = []
    for number in range(offset, offset + count // 4 + 1):
        line = f"in-{number}"
        made.append(CallArrived(line, NUMBER, "+33612345678"))
        made += [DigitPressed(line, "5"), DigitPressed(line, "7")]
        made.append(LineEnded(line, EndCause.NORMAL))
    return made[:count]


async def _at_rate(runtime: TenantRuntime, rate: int, seconds: float, offset: int) -> list[float]:
    """Submits evenly; the latencies in seconds."""
    latencies: list[float] = []

    async def one(event: Event) -> None:
        begin = time.perf_counter()
        await runtime.inbox.submit(event)
        latencies.append(time.perf_counter() - begin)

    begin, running = time.perf_counter(), []
    for index, event in enumerate(_events(int(rate * seconds), offset)):
        ahead = begin + index / rate - time.perf_counter()
        if ahead > 0:
            await asyncio.sleep(ahead)
        running.append(asyncio.create_task(one(event)))
    await asyncio.gather(*running)
    return latencies


async def _measure(dsn: str, seconds: float) -> list[dict[str, float]]:
    database = await Database.connect(dsn)
    runtime = await _runtime(database)
    task = asyncio.create_task(runtime.run())
    await runtime.inbox.submit(ConfigPublished(small_centre()))
    rows, offset = [], 0
    for rate in RATES:
        latencies = sorted(await _at_rate(runtime, rate, seconds, offset))
        offset += int(rate * seconds)
        rows.append(
            {
                "rate": rate,
                "p50_ms": statistics.median(latencies) * 1000,
                "p95_ms": latencies[int(len(latencies) * 0.95)] * 1000,
                "p99_ms": latencies[int(len(latencies) * 0.99)] * 1000,
            }
        )
    events = _events(30_000, offset)
    begin = time.perf_counter()
    await asyncio.gather(*(runtime.inbox.submit(event) for event in events))
    rows.append({"most_per_second": len(events) / (time.perf_counter() - begin)})
    runtime.stop()
    await task
    await database.close()
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="cordboard-bench-"))
    postgres = EmbeddedPostgres(
        folder, free_port(), owner_password="owner", app_password="app", ends_with_parent=True
    )
    postgres.start()
    try:
        upgrade(postgres.dsn(OWNER_ROLE))
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            rows = runner.run(_measure(postgres.dsn(APP_ROLE), chosen.seconds))
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    if chosen.json:
        print(json.dumps(rows))
        return
    print(f"{'events/s':>10} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8}")
    for row in rows[:-1]:
        print(f"{row['rate']:>10} {row['p50_ms']:>8.2f} {row['p95_ms']:>8.2f} {row['p99_ms']:>8.2f}")
    print(f"{rows[-1]['most_per_second']:>10.0f} at most")


if __name__ == "__main__":
    main()
