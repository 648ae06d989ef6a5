"""The folder of blobs. All of it waits for the disk: from a coroutine call it through `asyncio.to_thread`, or use `blobs.rows.put`."""

import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TypeVar

from cordboard.errors import CordboardError

_HASH = re.compile(r"[0-9a-f]{64}")
_TENANT_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
T = TypeVar("T")
WAIT_AT_ONCE = 16
CHUNK = 256 * 1024
"""Bytes that streaming holds in memory at a time."""


class BlobMissing(CordboardError):
    """A stored file is missing on the disk. Restore it from a backup of the data folder."""

    code = "blob_missing"
    status = 500


@dataclass(frozen=True, slots=True)
class Blob:
    """What was stored: its name, and its length in bytes."""

    hash: str
    size: int


class BlobStore:
    """The blobs of all tenants below `folder`. Several processes may write at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, tenant_id: str, data: bytes) -> Blob:
        """Keeps these bytes; when this returns they survive a power cut. The same bytes again cost a look only."""
        return self.put_all(tenant_id, [data])[0]

    def put_all(self, tenant_id: str, contents: Sequence[bytes]) -> list[Blob]:
        """Several at once: the disk is waited for together, which takes little longer than for one."""
        blobs = [Blob(hashlib.sha256(data).hexdigest(), len(data)) for data in contents]
        self._make_folder(tenant_id)
        with contextlib.ExitStack() as stack:
            written: dict[Path, tuple[BinaryIO, Path]] = {}
            for blob, data in zip(blobs, contents, strict=True):
                target = self.path(tenant_id, blob.hash)
                if target in written or _is_there(target, blob.size):
                    continue
                handle, fresh = written[target] = stack.enter_context(_fresh_file(target))
                handle.write(data)
                handle.flush()
            _all_at_once(_sync_file, [handle for handle, _ in written.values()])
            for target, (_, fresh) in written.items():
                fresh.replace(target)
        _all_at_once(_sync_folder, list({target.parent for target in written}))
        return blobs

    def put_stream(self, tenant_id: str, chunks: Iterable[bytes]) -> Blob:
        """Keeps what comes in pieces, without holding all of it in memory."""
        base = self._of(tenant_id)
        self._make_folder(tenant_id)
        digest, size = hashlib.sha256(), 0
        with _fresh_file(base / "stream") as (handle, fresh):
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                handle.write(chunk)
            blob = Blob(digest.hexdigest(), size)
            target = self.path(tenant_id, blob.hash)
            if _is_there(target, size):
                return blob
            _settle(handle, fresh, target)
        _sync_folder(target.parent)
        return blob

    def put_file(self, tenant_id: str, source: BinaryIO) -> Blob:
        """Keeps what is left to read of an open file."""
        return self.put_stream(tenant_id, iter(lambda: source.read(CHUNK), b""))

    def path(self, tenant_id: str, hash_: str) -> Path:
        """Where it lies, whether it is there or not."""
        if not _HASH.fullmatch(hash_):
            raise ValueError("not the name of a blob")
        return self._of(tenant_id) / hash_[:2] / hash_

    def open(self, tenant_id: str, hash_: str) -> BinaryIO:
        """Raises `BlobMissing`."""
        try:
            return self.path(tenant_id, hash_).open("rb")
        except FileNotFoundError as error:
            raise BlobMissing from error

    def read(self, tenant_id: str, hash_: str) -> bytes:
        """All of it at once. Raises `BlobMissing`."""
        with self.open(tenant_id, hash_) as file:
            return file.read()

    def exists(self, tenant_id: str, hash_: str) -> bool:
        return self.path(tenant_id, hash_).exists()

    def delete(self, tenant_id: str, hash_: str) -> None:
        """What is gone already is no error. The caller knows that no row names it any more."""
        self.path(tenant_id, hash_).unlink(missing_ok=True)

    def delete_unused(self, tenant_id: str, hash_: str, put_before: datetime) -> None:
        """The same, but not what has been put again since: its row may be about to be written anew."""
        path = self.path(tenant_id, hash_)
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < put_before.timestamp():
                path.unlink()

    def _of(self, tenant_id: str) -> Path:
        if not _TENANT_ID.fullmatch(tenant_id):
            raise ValueError("not a tenant id")
        return self.folder / tenant_id

    def _make_folder(self, tenant_id: str) -> None:
        """All 256 below the tenant's at once, so that storing never waits for a folder."""
        base = self._of(tenant_id)
        if (base / "ff").is_dir():
            return
        for number in range(256):
            (base / f"{number:02x}").mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (base, self.folder, self.folder.parent):
            _sync_folder(folder)


def _is_there(target: Path, size: int) -> bool:
    """A file of another size is what a failing disk left: it is written again. One that is there is marked as used."""
    try:
        if target.stat().st_size != size:
            return False
        os.utime(target)
        return True
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def _fresh_file(target: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A new file beside `target`; gone afterwards unless it was renamed."""
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
    handle = os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    try:
        with handle:
            yield handle, fresh
    finally:
        fresh.unlink(missing_ok=True)


def _all_at_once(work: Callable[[T], None], things: Sequence[T]) -> None:
    """The file system commits what waits at the same moment in one go."""
    if len(things) < 2:
        for thing in things:
            work(thing)
        return
    with ThreadPoolExecutor(min(len(things), WAIT_AT_ONCE)) as pool:
        list(pool.map(work, things))


def _sync_file(handle: BinaryIO) -> None:
    os.fsync(handle.fileno())


def _settle(handle: BinaryIO, fresh: Path, target: Path) -> None:
    handle.flush()
    os.fsync(handle.fileno())
    fresh.replace(target)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
