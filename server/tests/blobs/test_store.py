"""Blobs: kept once, found again, never half written, each tenant's its own."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cordboard.blobs import rows
from cordboard.blobs.rows import Keep
from cordboard.blobs.store import BlobMissing, BlobStore
from cordboard.db.database import Database

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_name_is_the_hash_and_the_same_bytes_are_kept_once(store: BlobStore, tmp_path: Path) -> None:
    first, again, other = store.put_all("north", [b"a", b"a", b"b"])
    assert first == again
    assert first.hash == hashlib.sha256(b"a").hexdigest()
    assert files(tmp_path / "blobs" / "north") == sorted(
        f"{one.hash[:2]}/{one.hash}" for one in (first, other)
    )
    assert store.read("north", first.hash) == b"a"


def test_a_tenant_does_not_find_anothers(store: BlobStore) -> None:
    blob = store.put("north", b"a")
    assert not store.exists("south", blob.hash)
    with pytest.raises(BlobMissing):
        store.read("south", blob.hash)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63])
def test_only_hashes_are_names(store: BlobStore, name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        store.path("north", name)


@pytest.mark.parametrize("tenant_id", ["", "..", "a/b"])
def test_only_tenants_have_folders(store: BlobStore, tenant_id: str) -> None:
    with pytest.raises(ValueError, match="not a tenant"):
        store.put(tenant_id, b"a")


def test_a_stream_is_kept_like_its_bytes(store: BlobStore) -> None:
    chunks = [bytes([number]) * 1000 for number in range(200)]
    assert store.put_stream("north", chunks) == store.put("north", b"".join(chunks))


def test_a_stream_that_breaks_off_leaves_nothing(store: BlobStore, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.put_stream("north", broken())
    assert files(tmp_path / "blobs") == []


def test_a_damaged_file_is_written_again(store: BlobStore) -> None:
    blob = store.put("north", b"whole")
    store.path("north", blob.hash).write_bytes(b"ha")
    store.put("north", b"whole")
    assert store.read("north", blob.hash) == b"whole"


def test_deleting_what_is_gone_is_no_error(store: BlobStore) -> None:
    blob = store.put("north", b"a")
    store.delete("north", blob.hash)
    store.delete("north", blob.hash)
    assert not store.exists("north", blob.hash)


async def test_rows(store: BlobStore, web_database: Database) -> None:
    async with web_database.tenant("north") as connection:
        row = await rows.put(store, connection, "north", Keep(b"a", "text/plain"), NOW)
        assert await rows.put(store, connection, "north", Keep(b"a", "text/plain"), NOW) == row
        assert await rows.find(connection, row.hash) == row
    async with web_database.tenant("south") as connection:
        assert await rows.find(connection, row.hash) is None
    async with web_database.tenant("north") as connection:
        assert await rows.delete_row(connection, row.hash)
        assert not await rows.delete_row(connection, row.hash)
