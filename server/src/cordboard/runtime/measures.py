"""The runtime's own figures, for operators (`/metrics`). The centre's figures are folds over facts, elsewhere."""

import asyncio

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from cordboard.runtime.clock import Clock

LOOKED_EVERY_SECONDS = 0.1
_SECONDS = (0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.25, 0.5, 1, 2, 5, 15)


class Measures:
    """Made once in `main`, on a registry of its own."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.events = Counter("cordboard_events", "Events decided.", registry=registry)
        self.commit = Histogram(
            "cordboard_commit_seconds", "Time to make a batch durable.", buckets=_SECONDS, registry=registry
        )
        self.lag = Histogram(
            "cordboard_lag_seconds",
            "Time the oldest event of a batch waited.",
            buckets=_SECONDS,
            registry=registry,
        )
        self.telephony = Histogram(
            "cordboard_telephony_seconds",
            "Time that Asterisk took to answer a request.",
            buckets=_SECONDS,
            registry=registry,
        )
        self.loop_lag = Histogram(
            "cordboard_loop_lag_seconds",
            "How late the event loop was, looked at ten times a second: other work of ours, or no processor.",
            buckets=_SECONDS,
            registry=registry,
        )
        self.poisoned = Counter(
            "cordboard_poisoned_events", "Events on which deciding failed.", registry=registry
        )
        self.journal_writes = Gauge(
            "cordboard_journal_degraded", "Tenants whose journal can not be written.", registry=registry
        )
        self.waiting = Gauge("cordboard_inbox_events", "Events waiting to be decided.", registry=registry)
        self.tenants = Gauge("cordboard_tenants", "Tenants decided by this server.", registry=registry)

    async def watch_loop(self, clock: Clock) -> None:
        """Measures how late the event loop is. Runs until it is cancelled."""
        while True:
            due = clock.monotonic() + LOOKED_EVERY_SECONDS
            await asyncio.sleep(LOOKED_EVERY_SECONDS)
            self.loop_lag.observe(max(0.0, clock.monotonic() - due))
