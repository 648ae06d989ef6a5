"""How many mails may leave an inbox now: a bucket that fills with its rate. Kept in memory: after a restart it begins full."""

from dataclasses import dataclass


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Rates:
    """Buckets hold ten seconds' worth of mails, at least one."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def room(self, key: tuple[str, str], a_minute: int, now: float) -> int:
        """Whole mails that may leave at `now` (monotonic seconds)."""
        most = max(1.0, a_minute / 6)
        bucket = self._buckets.setdefault(key, _Bucket(most, now))
        bucket.tokens = min(most, bucket.tokens + (now - bucket.at) * a_minute / 60)
        bucket.at = now
        return int(bucket.tokens)

    def used(self, key: tuple[str, str], count: int) -> None:
        self._buckets[key].tokens -= count
