"""One ordered queue per tenant: everything that the core will decide on passes here, in the order in which it came.

It is bounded for requests (`submit`), which may be asked again, and not for facts of the outside (`post`), which would be
lost. When it fills up, or what is in it waits too long, or the journal can not be written, `accepts_new_contacts` turns
false: adapters leave new arrivals where they wait best, and present contacts are served on.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import timedelta

from cordboard.core.events import Event
from cordboard.errors import CordboardError, Overloaded
from cordboard.runtime.clock import Clock
from cordboard.runtime.ports import Outcome


@dataclass(frozen=True, slots=True)
class Bounds:
    """When the inbox says that it has enough."""

    requests: int = 5_000  # waiting events above which requests are refused
    slow_at: int = 1_000  # waiting events above which new contacts are kept away
    lag: timedelta = timedelta(seconds=2)  # age of the oldest above which new contacts are kept away


@dataclass(frozen=True, slots=True, eq=False)
class Posted:
    """One event on its way: `posted_at` is the monotonic clock's, `waiter` who waits for the outcome."""

    event: Event
    posted_at: float
    waiter: asyncio.Future[Outcome] | None = field(default=None, repr=False)

    def settle(self, outcome: Outcome | CordboardError) -> None:
        """Tells the waiter, if there is one that still waits."""
        if self.waiter is None or self.waiter.done():
            return
        if isinstance(outcome, Outcome):
            self.waiter.set_result(outcome)
        else:
            self.waiter.set_exception(outcome)


class TenantInbox:
    """Implements `ports.Inbox`. Used from one event loop only."""

    def __init__(self, clock: Clock, bounds: Bounds | None = None) -> None:
        self._clock = clock
        self._bounds = bounds or Bounds()
        self._waiting: deque[Posted] = deque()
        self._closed: CordboardError | None = None
        self._something = asyncio.Event()
        self.journal_is_fine = True

    def post(self, event: Event) -> None:
        if self._closed is None:
            self._add(Posted(event, self._clock.monotonic()))

    def post_first(self, event: Event) -> None:
        """Before everything that waits: for `Recovered`."""
        self._waiting.appendleft(Posted(event, self._clock.monotonic()))
        self._something.set()

    def submit(self, event: Event) -> Awaitable[Outcome]:
        if self._closed is not None:
            raise self._closed
        if len(self._waiting) >= self._bounds.requests:
            raise Overloaded
        waiter: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._add(Posted(event, self._clock.monotonic(), waiter))
        return waiter

    @property
    def accepts_new_contacts(self) -> bool:
        return (
            self._closed is None
            and self.journal_is_fine
            and len(self._waiting) < self._bounds.slow_at
            and self.lag() < self._bounds.lag
        )

    @property
    def depth(self) -> int:
        return len(self._waiting)

    @property
    def stirred(self) -> bool:
        """Whether `wait` returns at once."""
        return bool(self._waiting) or self._something.is_set()

    def lag(self) -> timedelta:
        """How long the oldest event has waited to be decided."""
        if not self._waiting:
            return timedelta()
        return timedelta(seconds=self._clock.monotonic() - self._waiting[0].posted_at)

    def take(self, limit: int) -> list[Posted]:
        """Up to `limit` events, oldest first."""
        count = min(limit, len(self._waiting))
        return [self._waiting.popleft() for _ in range(count)]

    def wake(self) -> None:
        """Makes `wait` return although nothing has come."""
        self._something.set()

    async def wait(self) -> None:
        """Returns when there is something to take, or after `wake`."""
        if not self._waiting:
            await self._something.wait()
        self._something.clear()

    def close(self, error: CordboardError) -> None:
        """Nobody decides here any more: who waits is told, who comes later too."""
        self._closed = error
        while self._waiting:
            self._waiting.popleft().settle(error)

    def _add(self, posted: Posted) -> None:
        self._waiting.append(posted)
        self._something.set()
