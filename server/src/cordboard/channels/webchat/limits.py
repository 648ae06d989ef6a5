"""How much a visitor, or all that come from one address, may do: a bucket of tokens each. Old buckets are let go."""

from collections import OrderedDict
from dataclasses import dataclass

MOST_BUCKETS = 20_000


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, then `per_second`."""

    burst: float
    per_second: float


MESSAGES = Rate(30, 3)
FILES = Rate(5, 0.2)
SESSIONS = Rate(30, 0.5)
LOOKS = Rate(120, 10)
INVITATIONS = Rate(10, 0.1)
CALLS = Rate(10, 0.1)
FAILED_TOKENS = Rate(30, 0.5)


class Limits:
    """`take` with a name: whose bucket. Times are monotonic seconds."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # name -> tokens, at

    def take(self, name: str, now: float) -> bool:
        """False when there is nothing left for now."""
        tokens, at = self._buckets.pop(name, (self._rate.burst, now))
        tokens = min(self._rate.burst, tokens + (now - at) * self._rate.per_second)
        allowed = tokens >= 1
        self._buckets[name] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return allowed
