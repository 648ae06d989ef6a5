"""The wakes that the core has asked for, by key. Pure: it is told the time, and says what is due."""

import heapq
from collections.abc import Mapping
from datetime import datetime


class Timers:
    """A heap with lazy deletion: a key set again or cancelled leaves its old entry behind, which is passed over."""

    def __init__(self, wakes: Mapping[str, datetime] | None = None) -> None:
        self._at: dict[str, datetime] = dict(wakes or {})
        self._heap: list[tuple[datetime, str]] = [(at, key) for key, at in self._at.items()]
        heapq.heapify(self._heap)

    def __len__(self) -> int:
        return len(self._at)

    def set(self, key: str, at: datetime) -> None:
        self._at[key] = at
        heapq.heappush(self._heap, (at, key))
        if len(self._heap) > 64 and len(self._heap) > 4 * len(self._at):
            self._heap = [(at, key) for key, at in self._at.items()]
            heapq.heapify(self._heap)

    def cancel(self, key: str) -> None:
        self._at.pop(key, None)

    def take_due(self, now: datetime) -> list[str]:
        """The keys whose instant has come, earliest first; they are no longer kept."""
        due = []
        while self._heap and self._heap[0][0] <= now:
            at, key = heapq.heappop(self._heap)
            if self._at.get(key) == at:
                del self._at[key]
                due.append(key)
        return due

    def next_at(self) -> datetime | None:
        """The instant of the earliest wake."""
        while self._heap and self._at.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None
