"""Where the time goes: the server's own measures, how late the bench's loop is, and who had the processors meanwhile."""

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2
import psutil

from rig.centre import BenchCentre
from rig.table import Row, percentile

SERVER_STAGES = {
    "cordboard_http_seconds": "server: request to answer",
    "cordboard_lag_seconds": "server: event waits to be decided",
    "cordboard_commit_seconds": "server: batch made durable",
    "cordboard_telephony_seconds": "Asterisk: ARI request to answer",
    "cordboard_loop_lag_seconds": "server: event loop is late",
}
LOOKED_EVERY_SECONDS = 0.01
_BUCKET = re.compile(r'^(\w+)_bucket\{le="([^"]+)"\} (\S+)$', re.MULTILINE)

Buckets = Mapping[str, Mapping[float, float]]  # measure -> upper bound in seconds -> how many so far


@dataclass(slots=True)
class Stages:
    """`begin` and `end` around what is measured; then `rows` and `processors`."""

    bench: BenchCentre
    late: list[float] = field(default_factory=list)
    _before: Buckets = field(default_factory=dict)
    _after: Buckets = field(default_factory=dict)
    _used: Mapping[str, float] = field(default_factory=dict)
    _watch: "asyncio.Task[None] | None" = None

    async def begin(self) -> None:
        self._before = await self._look()
        self._used = _used(self.bench)
        self._watch = asyncio.create_task(self._watch_loop())

    async def end(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        after = _used(self.bench)
        self._used = {who: after[who] - seconds for who, seconds in self._used.items()}
        self._after = await self._look()

    def rows(self) -> list[Row]:
        found: list[Row] = []
        for name, title in SERVER_STAGES.items():
            before, after = self._before.get(name, {}), self._after.get(name, {})
            counts = {bound: count - before.get(bound, 0) for bound, count in after.items()}
            found.append(
                stage_row(title, counts[max(counts)], *(_from_buckets(counts, s) for s in (0.5, 0.95, 0.99)))
            )
        found.append(of_list("bench: event loop is late", self.late))
        return found

    def processors(self) -> list[Row]:
        """Shares of all processors together, in per cent."""
        whole = self._used["all"]
        ours = sum(used for who, used in self._used.items() if who not in ("all", "idle"))
        shares = {**self._used, "others": whole - self._used["idle"] - ours}
        return [{who: 100 * used / whole for who, used in shares.items() if who != "all"}]

    async def _look(self) -> Buckets:
        async with httpx2.AsyncClient(trust_env=False) as http:
            text = (await http.get(f"{self.bench.product.base_url}/metrics")).text
        found: dict[str, dict[float, float]] = {}
        for name, bound, count in _BUCKET.findall(text):
            found.setdefault(name, {})[float(bound)] = float(count)
        return found

    async def _watch_loop(self) -> None:
        while True:
            due = time.perf_counter() + LOOKED_EVERY_SECONDS
            await asyncio.sleep(LOOKED_EVERY_SECONDS)
            self.late.append(max(0.0, time.perf_counter() - due))


def stage_row(title: str, count: float, p50: float, p95: float, p99: float) -> Row:
    return {
        "stage": title,
        "times": int(count),
        "p50 ms": p50 * 1000,
        "p95 ms": p95 * 1000,
        "p99 ms": p99 * 1000,
    }


def of_list(title: str, seconds: list[float]) -> Row:
    return stage_row(title, len(seconds), *(percentile(seconds, share) for share in (0.5, 0.95, 0.99)))


def _from_buckets(counts: Mapping[float, float], share: float) -> float:
    """As Prometheus estimates it: evenly spread within the bucket."""
    bounds = sorted(counts)
    wanted = share * counts[bounds[-1]]
    low = below = 0.0
    for bound in bounds:
        if counts[bound] >= wanted and counts[bound] > below:
            return (
                low
                if bound == float("inf")
                else low + (bound - low) * (wanted - below) / (counts[bound] - below)
            )
        low, below = bound, counts[bound]
    return float("nan")


def _used(bench: BenchCentre) -> Mapping[str, float]:
    """Seconds of processor time so far, by whom; `all` and `idle` are the machine's."""
    times = psutil.cpu_times()
    database = psutil.Process(bench.product.pid("postgres"))
    return {
        "server": _of(bench.server),
        "PostgreSQL": sum(_of(each) for each in (database, *database.children(recursive=True))),
        "Asterisk": _of(psutil.Process(bench.asterisk.pid)),
        "bench": _of(psutil.Process()),
        "sipp": sum(_of(each) for each in psutil.Process().children() if each.name() == "sipp"),
        "idle": times.idle + times.iowait,
        "all": sum(times) - times.guest - times.guest_nice,
    }


def _of(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
