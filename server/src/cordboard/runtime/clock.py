"""The only place that reads a clock. Everything else gets instants as arguments, or a `Clock` to be asked."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present wall time, aware, UTC."""

    def monotonic(self) -> float:
        """Seconds that never step back."""


class SystemClock:
    """Wall time that never steps back within a process: a clock set back makes it stand still until it has caught up.

    Order is the inbox's business; this only keeps durations from becoming negative.
    """

    def __init__(self) -> None:
        self._latest = datetime.now(UTC)

    def now(self) -> datetime:
        self._latest = max(self._latest, datetime.now(UTC))
        return self._latest

    def monotonic(self) -> float:
        return time.monotonic()


class ManualClock:
    """A clock for tests and simulations: it moves when told."""

    def __init__(self, at: datetime) -> None:
        self._now = at
        self._elapsed = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._elapsed

    def advance(self, by: timedelta) -> datetime:
        self._now += by
        self._elapsed += by.total_seconds()
        return self._now
