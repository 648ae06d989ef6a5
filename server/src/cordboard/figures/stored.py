"""Days that are over, stored: rows of numbers, little-endian, compressed. They can be made anew from the facts at any time."""

import sys
import zlib
from array import array
from collections.abc import Sequence
from datetime import datetime

import msgspec

from cordboard.core.statistics.bundles import Bundle, Key
from cordboard.core.statistics.days import FOLD_VERSION, Day
from cordboard.db.database import Connection, Record

READ = (
    "SELECT since, until, body FROM figure_day WHERE since >= $1 AND until <= $2 AND fold = $3 ORDER BY since"
)
WRITE = """
INSERT INTO figure_day (tenant_id, since, until, fold, body) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, since) DO UPDATE SET until = excluded.until, fold = excluded.fold, body = excluded.body
"""


class _Bundle(msgspec.Struct, array_like=True):
    key: Key
    rows: tuple[bytes, bytes, bytes, bytes]


class _Day(msgspec.Struct, array_like=True):
    made: list[_Bundle]
    standing: list[_Bundle]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Day)


async def read(connection: Connection, since: datetime, until: datetime) -> list[Record]:
    """The stored days between these instants, as far as this build has made them."""
    return await connection.fetch(READ, since, until, FOLD_VERSION)


def days_of(rows: Sequence[Record]) -> list[Day]:
    return [day_of(row["since"], row["until"], row["body"]) for row in rows]


async def write(connection: Connection, tenant_id: str, day: Day) -> None:
    await connection.execute(WRITE, tenant_id, day.since, day.until, FOLD_VERSION, body_of(day))


def body_of(day: Day) -> bytes:
    stored = _Day([_stored(each) for each in day.made], [_stored(each) for each in day.standing])
    return zlib.compress(_encoder.encode(stored), 1)


def day_of(since: datetime, until: datetime, body: bytes) -> Day:
    stored = _decoder.decode(zlib.decompress(body))
    return Day(since, until, _bundles(stored.made), _bundles(stored.standing))


def _stored(bundle: Bundle) -> _Bundle:
    rows = bundle.ats, bundle.contact_ids, bundle.seconds, bundle.waited
    ats, contact_ids, seconds, waited = (_bytes(each) for each in rows)
    return _Bundle(bundle.key, (ats, contact_ids, seconds, waited))


def _bundles(stored: Sequence[_Bundle]) -> list[Bundle]:
    return [Bundle(each.key, *_numbers(each.rows)) for each in stored]


def _numbers(
    rows: tuple[bytes, bytes, bytes, bytes],
) -> tuple["array[int]", "array[int]", "array[float]", "array[float]"]:
    ats, contact_ids, seconds, waited = array("q"), array("q"), array("d"), array("d")
    _fill(ats, rows[0])
    _fill(contact_ids, rows[1])
    _fill(seconds, rows[2])
    _fill(waited, rows[3])
    return ats, contact_ids, seconds, waited


def _fill(numbers: "array[int] | array[float]", row: bytes) -> None:
    numbers.frombytes(row)
    if sys.byteorder == "big":
        numbers.byteswap()


def _bytes(numbers: "array[int] | array[float]") -> bytes:
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers.tobytes()
