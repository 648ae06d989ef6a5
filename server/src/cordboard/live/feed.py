"""One topic for one audience: its present rows, their number, and who listens.

Rows are compared with those that were sent last, so that only what has changed travels. A delta is encoded once, for all
listeners. The number `n` is the feed's: it grows by one with each delta, without gaps, so that a listener that misses one sees it.

A quiet feed tells at once; a busy one gathers, so that over time no more than `rate` deltas a second leave it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

import msgspec

from cordboard.live.rows import Row, Rows

_encoder = msgspec.json.Encoder()


def _encode(message: dict[str, object]) -> str:
    return _encoder.encode(message).decode()


class Listener(Protocol):
    """One subscription of a socket; `send` never blocks."""

    def send(self, message: str) -> None: ...


class Pace:
    """A bucket of tokens: `burst` at once, then `rate` a second. Times are monotonic seconds."""

    def __init__(self, burst: float, rate: float, now: float) -> None:
        self._burst, self._rate = burst, rate
        self._tokens, self._at = burst, now

    def take(self, now: float) -> float:
        """0 when a token was there (it is taken), else the seconds until there will be one."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens >= 1:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) / self._rate


Later = Callable[[float, Callable[[], None]], object]
"""Calls back after some seconds."""


class Feed:
    """`change` with new rows of some keys (None: gone); listeners hear of it at once or a little later."""

    def __init__(
        self, topic: str, rows: Rows, pace: Pace, monotonic: Callable[[], float], later: Later
    ) -> None:
        self.topic = topic
        self._rows = rows
        self._n = 0
        self._pace = pace
        self._monotonic = monotonic
        self._later = later
        self._listeners: set[Listener] = set()
        self._pending: dict[str, Row | None] = {}
        self._scheduled = False
        self._now = ""

    @property
    def keys(self) -> Iterable[str]:
        """Of the rows as they are, sent or not."""
        return [
            *(key for key in self._rows if key not in self._pending),
            *(k for k, v in self._pending.items() if v),
        ]

    def row(self, key: str) -> Row | None:
        """As it is, sent or not."""
        return self._pending[key] if key in self._pending else self._rows.get(key)

    @property
    def listened(self) -> bool:
        return bool(self._listeners)

    def join(self, listener: Listener, now: str) -> str:
        """The snapshot for a new listener; what was gathered goes to the others first."""
        self._flush(now)
        self._listeners.add(listener)
        return _encode({"topic": self.topic, "n": self._n, "snapshot": self._rows, "now": now})

    def leave(self, listener: Listener) -> None:
        self._listeners.discard(listener)

    def change(self, rows: Mapping[str, Row | None], now: str) -> None:
        """`now`: the instant of the change, for the listeners' clock."""
        for key, row in rows.items():
            if self._rows.get(key) != row:
                self._pending[key] = row
            else:
                self._pending.pop(key, None)
        self._now = now
        if not self._pending or self._scheduled:
            return
        wait = self._pace.take(self._monotonic())
        if wait == 0:
            self._flush(now)
        else:
            self._scheduled = True
            self._later(wait, self._late)

    def _late(self) -> None:
        self._scheduled = False
        if self._pending:
            self._pace.take(self._monotonic())
            self._flush(self._now)

    def _flush(self, now: str) -> None:
        if not self._pending:
            return
        changed = {key: row for key, row in self._pending.items() if row is not None}
        gone = [key for key, row in self._pending.items() if row is None]
        self._pending = {}
        self._rows.update(changed)
        for key in gone:
            self._rows.pop(key, None)
        self._n += 1
        message = _encode({"topic": self.topic, "n": self._n, "set": changed, "del": gone, "now": now})
        for listener in list(self._listeners):
            listener.send(message)
