"""Items of one kind in rows of numbers: a month of a busy centre has a million of them, and most questions want their sums alone.

A **key** is all that an item can be asked for; a **bundle** is the items of one key, a stretch of the rows of a **block**, which
belongs to many of them. Instants are whole microseconds since 1970.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import compress

from cordboard.core.statistics.items import STRETCHES, Item, Measure

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
MILLION = 1_000_000


def micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def instant(at: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at)


@dataclass(frozen=True, slots=True)
class Key:
    """As in `Item`."""

    measure: Measure
    agent_id: str = ""
    queue_id: str = ""
    space_id: str = ""
    skill_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    channel: str = ""
    entry_point_id: str = ""
    reason_id: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """`contact_ids` 0 where there is none. `earliest`: when the first of its times began."""

    ats: "array[int]"
    contact_ids: "array[int]"
    seconds: "array[float]"
    waited: "array[float]"
    earliest: int
    first_at: int
    last_at: int


@dataclass(slots=True)
class Bundle:
    """The rows from `start` to `stop` (not included). `total`: their seconds."""

    key: Key
    block: Block
    start: int
    stop: int
    total: float

    def __len__(self) -> int:
        return self.stop - self.start

    @property
    def ats(self) -> "array[int]":
        return self.block.ats[self.start : self.stop]

    @property
    def contact_ids(self) -> "array[int]":
        return self.block.contact_ids[self.start : self.stop]

    @property
    def seconds(self) -> "array[float]":
        return self.block.seconds[self.start : self.stop]

    @property
    def waited(self) -> "array[float]":
        return self.block.waited[self.start : self.stop]

    def received(self) -> list[int]:
        """When each was received."""
        return [at - round(waited * MILLION) for at, waited in zip(self.ats, self.waited, strict=True)]

    def only(self, keep: Sequence[bool]) -> "Bundle":
        """Those that are to be kept."""
        if all(keep):
            return self
        rows = Rows()
        rows.ats.extend(compress(self.ats, keep))
        rows.contact_ids.extend(compress(self.contact_ids, keep))
        rows.seconds.extend(compress(self.seconds, keep))
        rows.waited.extend(compress(self.waited, keep))
        return rows.bundle(self.key)

    def item(self, index: int) -> Item:
        key, row = self.key, self.start + index
        return Item(
            key.measure,
            instant(self.block.ats[row]),
            self.block.contact_ids[row],
            key.agent_id,
            key.queue_id,
            key.space_id,
            self.block.seconds[row],
            key.skill_ids,
            key.group_ids,
            key.channel,
            key.entry_point_id,
            key.reason_id,
            self.block.waited[row],
        )


class Rows:
    """Grows row by row."""

    def __init__(self) -> None:
        self.ats = array("q")
        self.contact_ids = array("q")
        self.seconds = array("d")
        self.waited = array("d")

    def add(self, item: Item) -> None:
        self.ats.append(micros(item.at))
        self.contact_ids.append(item.contact_id)
        self.seconds.append(item.seconds)
        self.waited.append(item.waited)

    def extend(self, other: "Rows") -> None:
        self.ats.extend(other.ats)
        self.contact_ids.extend(other.contact_ids)
        self.seconds.extend(other.seconds)
        self.waited.extend(other.waited)

    def block(self, earliest: int) -> Block:
        first, last = (min(self.ats), max(self.ats)) if self.ats else (0, 0)
        return Block(self.ats, self.contact_ids, self.seconds, self.waited, earliest, first, last)

    def bundle(self, key: Key) -> Bundle:
        """All of them, of this key."""
        return Bundle(key, self.block(self.earliest(key)), 0, len(self.ats), sum(self.seconds))

    def earliest(self, key: Key) -> int:
        if key.measure not in STRETCHES:
            return min(self.ats, default=0)
        return min(
            (at - round(seconds * MILLION) for at, seconds in zip(self.ats, self.seconds, strict=True)),
            default=0,
        )


class Bundles:
    """Grows item by item."""

    def __init__(self) -> None:
        self._of: dict[Key, Rows] = {}

    def add(self, items: Iterable[Item]) -> None:
        for item in items:
            key = Key(
                item.measure,
                item.agent_id,
                item.queue_id,
                item.space_id,
                item.skill_ids,
                item.group_ids,
                item.channel,
                item.entry_point_id,
                item.reason_id,
            )
            rows = self._of.get(key)
            if rows is None:
                rows = self._of[key] = Rows()
            rows.add(item)

    def all(self) -> list[Bundle]:
        """As they are now: what is added later does not change them."""
        together, places = Rows(), []
        for key, rows in self._of.items():
            start = len(together.ats)
            together.extend(rows)
            places.append((key, start, len(together.ats), sum(rows.seconds)))
        earliest = min((rows.earliest(key) for key, rows in self._of.items()), default=0)
        block = together.block(earliest)
        return [Bundle(key, block, start, stop, total) for key, start, stop, total in places]


def bundled(items: Iterable[Item]) -> list[Bundle]:
    bundles = Bundles()
    bundles.add(items)
    return bundles.all()


def cut(bundle: Bundle, begin: int) -> Bundle | None:
    """What of it is in a period that begins at `begin`: see `items.within`."""
    if bundle.block.earliest >= begin:
        return bundle
    stretched = bundle.key.measure in STRETCHES
    kept = bundle.only([at >= begin + stretched for at in bundle.ats])
    if not stretched or not len(kept):
        return kept if len(kept) else None
    lengths = [min(length, (at - begin) / MILLION) for at, length in zip(kept.ats, kept.seconds, strict=True)]
    rows = Rows()
    rows.ats, rows.contact_ids, rows.waited = kept.ats, kept.contact_ids, kept.waited
    rows.seconds = array("d", lengths)
    return rows.bundle(kept.key)
