"""Items of one kind in rows of numbers: a month of a busy centre has a million of them, and most questions want their sums alone.

A **key** is all that an item can be asked for; a **bundle** is the items of one key. Instants are whole microseconds since 1970.
"""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

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


@dataclass(slots=True)
class Bundle:
    """`contact_ids` 0 where there is none."""

    key: Key
    ats: "array[int]"
    contact_ids: "array[int]"
    seconds: "array[float]"
    waited: "array[float]"

    def __len__(self) -> int:
        return len(self.ats)

    def copy(self) -> "Bundle":
        return Bundle(self.key, self.ats[:], self.contact_ids[:], self.seconds[:], self.waited[:])

    def received(self, index: int) -> int:
        return self.ats[index] - round(self.waited[index] * MILLION)

    def add(self, item: Item) -> None:
        self.ats.append(micros(item.at))
        self.contact_ids.append(item.contact_id)
        self.seconds.append(item.seconds)
        self.waited.append(item.waited)

    def only(self, keep: Callable[[int], bool]) -> "Bundle":
        """Those whose index is to be kept."""
        kept = [index for index in range(len(self.ats)) if keep(index)]
        if len(kept) == len(self.ats):
            return self
        return Bundle(
            self.key,
            array("q", [self.ats[index] for index in kept]),
            array("q", [self.contact_ids[index] for index in kept]),
            array("d", [self.seconds[index] for index in kept]),
            array("d", [self.waited[index] for index in kept]),
        )

    def item(self, index: int) -> Item:
        key = self.key
        return Item(
            key.measure,
            instant(self.ats[index]),
            self.contact_ids[index],
            key.agent_id,
            key.queue_id,
            key.space_id,
            self.seconds[index],
            key.skill_ids,
            key.group_ids,
            key.channel,
            key.entry_point_id,
            key.reason_id,
            self.waited[index],
        )


class Bundles:
    """Grows item by item."""

    def __init__(self) -> None:
        self._of: dict[Key, Bundle] = {}

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
            bundle = self._of.get(key)
            if bundle is None:
                bundle = self._of[key] = empty(key)
            bundle.add(item)

    def all(self) -> list[Bundle]:
        return list(self._of.values())


def empty(key: Key) -> Bundle:
    return Bundle(key, array("q"), array("q"), array("d"), array("d"))


def bundled(items: Iterable[Item]) -> list[Bundle]:
    bundles = Bundles()
    bundles.add(items)
    return bundles.all()


def cut(bundle: Bundle, begin: int) -> Bundle | None:
    """What of it is in a period that begins at `begin`: see `items.within`."""
    stretched = bundle.key.measure in STRETCHES
    kept = bundle
    if min(bundle.ats) < begin + stretched:
        kept = bundle.only(lambda index: bundle.ats[index] >= begin + stretched)
        if not len(kept):
            return None
    if not stretched or all(
        at - length * MILLION >= begin for at, length in zip(kept.ats, kept.seconds, strict=True)
    ):
        return kept
    lengths = array(
        "d",
        [min(length, (at - begin) / MILLION) for at, length in zip(kept.ats, kept.seconds, strict=True)],
    )
    return Bundle(kept.key, kept.ats, kept.contact_ids, lengths, kept.waited)
