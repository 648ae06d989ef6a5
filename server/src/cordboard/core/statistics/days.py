"""A day's items, once and for all: facts do not change, so neither does a day that is over.

A **day** keeps what its facts made, uncut, and what stood at its end. A period is composed of days: what they made from its beginning
on, and what stood at the end of the last. Law: the composed period is the one that its facts give when they are folded in one go.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cordboard.core.facts import Recorded
from cordboard.core.statistics.bundles import Bundle, Bundles, bundled, cut, micros
from cordboard.core.statistics.fold import Fold
from cordboard.core.statistics.items import ConfigOf
from cordboard.core.statistics.period import Period

FOLD_VERSION = 3
"""Of what facts are made into, and how that is stored. Raise it with each change of `fold`, of what it uses, or of
`figures.stored`: days of before are made anew."""
BEGINNING = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Day:
    """From `since` to `until`, which is not included; of a day that is not over `until` is now."""

    since: datetime
    until: datetime
    made: Sequence[Bundle]
    standing: Sequence[Bundle]


class Days:
    """Folds facts in their order, across days. Facts before the first day only prepare."""

    def __init__(self, config_of: ConfigOf, first: tuple[datetime, datetime]) -> None:
        self._fold = Fold(config_of, BEGINNING)
        self._bundles = Bundles()
        self.since, self.until = first
        self._first = self.since
        self.last = (0, -1)  # seq and ordinal of the newest fact that is in

    def apply(self, recorded: Recorded) -> None:
        """It must not be of a later day than the present one."""
        items = self._fold.apply(recorded)
        if recorded.at >= self._first:
            self._bundles.add(items)
        self.last = (recorded.seq, recorded.ordinal)

    def prepare(self, before: Sequence[Recorded]) -> None:
        """With what stood before the first fact that will come."""
        for each in before:
            self._fold.apply(each)

    def present(self, now: datetime) -> Day:
        """The day as it is; when it is over, as it ended. What follows does not change it."""
        until = min(now, self.until)
        return Day(self.since, until, self._bundles.all(), bundled(self._fold.running(until)))

    def following(self, now: datetime) -> Day:
        """The day after it, in which nothing has happened yet."""
        return Day(self.until, now, (), bundled(self._fold.running(now)))

    def standing(self, now: datetime) -> Period:
        return Period(bundled(self._fold.running(now)))

    def close(self, until: datetime) -> Day:
        """The day is over, the next begins and lasts until `until`."""
        day = self.present(self.until)
        self._fold.forget()
        self._bundles = Bundles()
        self.since, self.until = self.until, until
        return day


def composed(days: Sequence[Day], begin: datetime) -> Period:
    """The period from `begin` to the last day's end. `days` follow one another; none: an empty period."""
    at = micros(begin)
    bundles: list[Bundle] = []
    for part in (*(day.made for day in days), *(day.standing for day in days[-1:])):
        if part and part[0].block.earliest >= at:  # nothing of it has to be cut
            bundles.extend(part)
        else:
            bundles.extend(kept for bundle in part if (kept := cut(bundle, at)) is not None)
    return Period(bundles)
