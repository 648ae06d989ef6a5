"""Days that are over, stored: rows of numbers, little-endian, compressed. They can be made anew from the facts at any time."""

import asyncio
import contextlib
import sys
import zlib
from array import array
from collections.abc import Sequence
from datetime import datetime

import msgspec

from cordboard.core.statistics.bundles import Block, Bundle, Key, Rows
from cordboard.core.statistics.days import FOLD_VERSION, Day
from cordboard.db.database import Connection, Database, Record

READ = (
    "SELECT since, until, body FROM figure_day WHERE since >= $1 AND until <= $2 AND fold = $3 ORDER BY since"
)
WRITE = """
INSERT INTO figure_day (tenant_id, since, until, fold, body) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, since) DO UPDATE SET until = excluded.until, fold = excluded.fold, body = excluded.body
"""


class _Part(msgspec.Struct, array_like=True):
    """Bundles of one block: `stops` are where their rows end, `rows` instants, contacts, seconds and waits.

    Keys are encoded each for itself, because a month has the same ones again and again: see `_Keys`.
    """

    keys: list[bytes]
    stops: bytes
    totals: bytes
    rows: tuple[bytes, bytes, bytes, bytes]
    earliest: int
    first_at: int
    last_at: int


class _Day(msgspec.Struct, array_like=True):
    made: _Part
    standing: _Part


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Day)
_key_decoder = msgspec.msgpack.Decoder(Key)
MOST_KEYS = 100_000


class _Keys(dict[bytes, Key]):
    """Each key once, however many days have it."""

    def __missing__(self, stored: bytes) -> Key:
        if len(self) >= MOST_KEYS:
            self.clear()
        key = self[stored] = _key_decoder.decode(stored)
        return key


_keys = _Keys()


async def read(connection: Connection, since: datetime, until: datetime) -> list[Record]:
    """The stored days between these instants, as far as this build has made them."""
    return await connection.fetch(READ, since, until, FOLD_VERSION)


def days_of(rows: Sequence[Record]) -> list[Day]:
    """Those that can be read: the others are made anew."""
    days: list[Day] = []
    for row in rows:
        with contextlib.suppress(msgspec.DecodeError, zlib.error, ValueError):
            days.append(day_of(row["since"], row["until"], row["body"]))
    return days


async def write(database: Database, tenant_id: str, day: Day) -> None:
    """The numbers are packed in a thread: calls in progress do not wait for it."""
    body = await asyncio.to_thread(body_of, day)
    async with database.tenant(tenant_id) as connection:
        await connection.execute(WRITE, tenant_id, day.since, day.until, FOLD_VERSION, body)


def body_of(day: Day) -> bytes:
    return zlib.compress(_encoder.encode(_Day(_stored(day.made), _stored(day.standing))), 1)


def day_of(since: datetime, until: datetime, body: bytes) -> Day:
    stored = _decoder.decode(zlib.decompress(body))
    return Day(since, until, _bundles(stored.made), _bundles(stored.standing))


def _stored(bundles: Sequence[Bundle]) -> _Part:
    """They are of one block, in its order, as `Bundles.all` makes them."""
    stops, totals, rows = array("q"), array("d"), Rows()
    earliest = first_at = last_at = 0
    for bundle in bundles:
        stops.append(bundle.stop)
        totals.append(bundle.total)
    if bundles:
        block = bundles[0].block
        rows.ats, rows.contact_ids = block.ats, block.contact_ids
        earliest, first_at, last_at = block.earliest, block.first_at, block.last_at
        rows.seconds, rows.waited = block.seconds, block.waited
    numbers = _bytes(rows.ats), _bytes(rows.contact_ids), _bytes(rows.seconds), _bytes(rows.waited)
    keys = [_encoder.encode(each.key) for each in bundles]
    return _Part(keys, _bytes(stops), _bytes(totals), numbers, earliest, first_at, last_at)


def _bundles(part: _Part) -> list[Bundle]:
    stops, totals, rows = array("q"), array("d"), Rows()
    integers = (stops, part.stops), (rows.ats, part.rows[0]), (rows.contact_ids, part.rows[1])
    decimals = (totals, part.totals), (rows.seconds, part.rows[2]), (rows.waited, part.rows[3])
    for whole, stored in integers:
        _fill(whole, stored)
    for decimal, stored in decimals:
        _fill(decimal, stored)
    block = Block(
        rows.ats, rows.contact_ids, rows.seconds, rows.waited, part.earliest, part.first_at, part.last_at
    )
    start, bundles = 0, []
    for key, stop, total in zip(part.keys, stops, totals, strict=True):
        bundles.append(Bundle(_keys[key], block, start, stop, total))
        start = stop
    return bundles


def _fill(numbers: "array[int] | array[float]", stored: bytes) -> None:
    numbers.frombytes(stored)
    if sys.byteorder == "big":
        numbers.byteswap()


def _bytes(numbers: "array[int] | array[float]") -> bytes:
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers.tobytes()
