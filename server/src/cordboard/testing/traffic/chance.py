"""Every random choice of the simulation, from one seed: the same seed gives each party the same character again."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Chosen = TypeVar("Chosen")

FRENCH_PREFIX = "+3363998"
"""Numbers reserved for fiction in France (+33 6 39 98 xx xx); nobody has them. Four more digits follow."""
BRITISH_PREFIX = "+447700900"
"""The same in the United Kingdom. Three more digits follow."""


class Chance:
    """A stream of random choices. `child` makes an independent one, so that parties do not disturb each other's."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._random = random.Random(seed)

    def child(self, name: str) -> "Chance":
        return Chance(f"{self._seed}/{name}")

    def happens(self, probability: float) -> bool:
        return self._random.random() < probability

    def between(self, least: float, most: float) -> float:
        return self._random.uniform(least, most)

    def number_below(self, end: int) -> int:
        return self._random.randrange(end)

    def one_of(self, choices: Sequence[Chosen]) -> Chosen:
        return self._random.choice(choices)

    def about(self, median: float, spread: float, most: float) -> float:
        """A duration in seconds as durations of calls are: log-normal, never beyond `most`."""
        return min(self._random.lognormvariate(math.log(median), spread), most)

    def until_next(self, mean: float) -> float:
        """Seconds to the next of events that come independently of each other."""
        return self._random.expovariate(1 / mean)


@dataclass(frozen=True, slots=True)
class Entry:
    """A number of the centre that callers know, and the keys that its menus offer."""

    number: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Character:
    """Who calls, and how patient, attentive and talkative that person is."""

    number: str
    language: str
    entry: Entry
    listens_seconds: float  # to the greeting and the menu, before the first key
    wrong_key_first: bool
    never_presses: bool
    key: str  # "" when there is nothing to choose
    patience_seconds: float  # in the queue
    talk_seconds: float
    topic: int  # which sentence the call begins with, 1 to 3


def character(chance: Chance, entries: Sequence[Entry], index: int) -> Character:
    """`index` makes the number unique among the callers of the moment; people call again from the same numbers."""
    french = chance.happens(0.6)
    return Character(
        number=f"{FRENCH_PREFIX}{index % 10_000:04d}" if french else f"{BRITISH_PREFIX}{index % 1000:03d}",
        language="fr" if french else "en",
        entry=(entry := chance.one_of(entries)),
        listens_seconds=chance.between(2.0, 12.0),
        wrong_key_first=chance.happens(0.08),
        never_presses=chance.happens(0.06),
        key=chance.one_of(entry.keys) if entry.keys else "",
        patience_seconds=8 + chance.until_next(80),
        talk_seconds=chance.about(50, 0.6, 300),
        topic=1 + chance.number_below(3),
    )
