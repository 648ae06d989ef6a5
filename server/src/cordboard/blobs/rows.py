"""Which blobs a tenant has, as rows. A row is written after the file is safe, in the caller's transaction."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from cordboard.blobs import tables
from cordboard.blobs.store import Blob, BlobStore
from cordboard.db.database import Connection


@dataclass(frozen=True, slots=True)
class BlobRow:
    hash: str
    size: int
    media_type: str
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class Keep:
    """Bytes to be kept, and what kind they are."""

    data: bytes
    media_type: str


async def put(
    store: BlobStore, connection: Connection, tenant_id: str, content: Keep, now: datetime
) -> BlobRow:
    """Keeps the bytes and their row. The transaction is the caller's."""
    blob = await asyncio.to_thread(store.put, tenant_id, content.data)
    await add_row(connection, tenant_id, blob, content.media_type, now)
    return BlobRow(blob.hash, blob.size, content.media_type, now)


async def add_row(connection: Connection, tenant_id: str, blob: Blob, media_type: str, now: datetime) -> None:
    """Of a blob whose file is safe already. The first media type stays."""
    await connection.execute(tables.ADD_BLOB, tenant_id, blob.hash, blob.size, media_type, now)


async def find(connection: Connection, hash_: str) -> BlobRow | None:
    row = await connection.fetchrow(tables.FIND_BLOB, hash_)
    return None if row is None else BlobRow(**dict(row.items()))


async def use(connection: Connection, hash_: str, now: datetime) -> BlobRow | None:
    """As `find`, for who is about to name it in this transaction: what has just been named is not taken for lost meanwhile."""
    row = await connection.fetchrow(tables.USE_BLOB, hash_, now)
    return None if row is None else BlobRow(**dict(row.items()))


async def delete_row(connection: Connection, hash_: str) -> bool:
    """True when there was one. The file may be deleted after the commit."""
    return await connection.fetchval(tables.DELETE_BLOB, hash_) is not None
