"""Files are looked at before anybody may have them: scanners over a real socket and a real program, verdicts in a real database."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cordboard.blobs import rows as blob_rows
from cordboard.blobs.rows import Keep
from cordboard.blobs.store import BlobStore
from cordboard.channels.email import tables as mail_tables
from cordboard.db.database import Database
from cordboard.runtime.clock import ManualClock
from cordboard.scanning.scanners import Clamd, Command, ScanFailed, scanner_of
from cordboard.scanning.verdicts import FileInfected, FileNotChecked, Verdicts
from cordboard.settings import Settings
from cordboard.testing.postgres import PostgresForTests
from cordboard.testing.runtime import BEGIN

HARMFUL = b"This stands for something harmful."


@dataclass
class FakeClamd:
    """Speaks INSTREAM as clamd does. `says` instead of a verdict; `most`: more bytes than that are refused half-way."""

    says: str = ""
    most: int = 10_000_000
    silent: bool = False
    seen: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        content = b""
        while (size := struct.unpack(">I", await reader.readexactly(4))[0]) and len(content) <= self.most:
            content += await reader.readexactly(size)
        self.seen.append(content)
        if self.silent:
            await reader.read()
        reply = self.says or ("stream: Test.Harmful FOUND" if HARMFUL in content else "stream: OK")
        if len(content) > self.most:
            reply = "INSTREAM size limit exceeded. ERROR"
        writer.write(reply.encode() + b"\0")
        writer.close()


@asynccontextmanager
async def clamd(tmp_path: Path, fake: FakeClamd) -> AsyncIterator[str]:
    path = str(tmp_path / "clamd")
    server = await asyncio.start_unix_server(fake.serve, path)
    yield path
    server.close()


async def test_clamd_is_asked(tmp_path: Path) -> None:
    clean, harmful = tmp_path / "clean", tmp_path / "harmful"
    clean.write_bytes(b"x" * 300_000)
    harmful.write_bytes(HARMFUL)
    fake = FakeClamd()
    async with clamd(tmp_path, fake) as path:
        assert await Clamd(path, 5).scan(clean) == ""
        assert await Clamd(path, 5).scan(harmful) == "Test.Harmful"
        assert fake.seen == [clean.read_bytes(), HARMFUL]
        fake.most = 1_000
        with pytest.raises(ScanFailed):  # its answer, or that it has hung up
            await Clamd(path, 5).scan(clean)
        fake.silent = True
        with pytest.raises(ScanFailed, match="in time"):
            await Clamd(path, 0.2).scan(harmful)
    server = await asyncio.start_server(FakeClamd().serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert await Clamd(f"127.0.0.1:{port}", 5).scan(harmful) == "Test.Harmful"
    server.close()
    for nowhere in (str(tmp_path / "none"), "127.0.0.1:1", "somewhere"):
        with pytest.raises(ScanFailed):
            await Clamd(nowhere, 5).scan(clean)


async def test_a_command_is_asked(tmp_path: Path) -> None:
    file, script = tmp_path / "file", tmp_path / "scan"
    file.write_bytes(HARMFUL)
    script.write_text(
        '#!/bin/sh\necho "$2: Test.Harmful FOUND"\n[ "$1" = slow ] && exec sleep 60\nexit "$1"\n'
    )
    script.chmod(0o700)
    assert await Command((str(script), "0"), 5).scan(file) == ""
    assert await Command((str(script), "1"), 5).scan(file) == "Test.Harmful"
    for word in ("2", "slow"):
        with pytest.raises(ScanFailed):
            await Command((str(script), word), 0.5).scan(file)
    with pytest.raises(ScanFailed, match="can not be started"):
        await Command((str(tmp_path / "none"),), 5).scan(file)


def test_the_setting() -> None:
    assert scanner_of("", 5) is None
    assert scanner_of("clamd:/run/clamd", 5) == Clamd("/run/clamd", 5)
    assert scanner_of("command:/bin/scan -x 'a b'", 5) == Command(("/bin/scan", "-x", "a b"), 5)
    for wrong in ("clamd", "icap://x", "command: "):
        with pytest.raises(ValueError, match="no way to scan"):
            Settings(scan=wrong)


class Scan:
    """A scanner that says what it is told."""

    def __init__(self, found: str | Exception = "") -> None:
        self.found = found
        self.asked: list[Path] = []

    async def scan(self, path: Path) -> str:
        self.asked.append(path)
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


@pytest.fixture
async def database(postgres: PostgresForTests) -> AsyncIterator[Database]:
    addresses = postgres.fresh_database()
    database = await Database.connect(addresses.app_dsn, size=2)
    yield database
    await database.close()
    postgres.drop(addresses)


async def keep(database: Database, store: BlobStore, data: bytes, media_type: str = "text/plain") -> str:
    async with database.tenant("north") as connection:
        return (await blob_rows.put(store, connection, "north", Keep(data, media_type), BEGIN)).hash


Made = Callable[[Scan | None, bool], Verdicts]


@pytest.fixture
def made(database: Database, tmp_path: Path) -> Made:
    store = BlobStore(tmp_path / "blobs")

    def make(scan: Scan | None, failing_open: bool = False) -> Verdicts:
        return Verdicts(database, store, ManualClock(BEGIN), scan, failing_open=failing_open)

    return make


async def test_each_content_is_looked_at_once(database: Database, made: Made) -> None:
    scan = Scan()
    verdicts = made(scan, False)
    file = await keep(database, verdicts.store, b"clean")
    assert await verdicts.states("north", [file]) == {file: "scanning"}
    await verdicts.require("north", file)
    await verdicts.require("north", file)
    assert len(scan.asked) == 1
    scan.found = "Test.Harmful"
    other = await keep(database, verdicts.store, HARMFUL)
    raw = await keep(database, verdicts.store, b"From: x", "message/rfc822")
    assert await verdicts.look_ahead("north") == 1
    assert await verdicts.look_ahead("north") == 0
    assert await verdicts.states("north", [file, other, raw]) == {
        file: "clean",
        other: "infected",
        raw: "scanning",
    }
    with pytest.raises(FileInfected):
        await verdicts.require("north", other)
    with pytest.raises(FileInfected):
        await verdicts.require("north", raw)
    assert len(scan.asked) == 3
    async with database.tenant("north") as connection:
        harmful = await connection.fetch(mail_tables.HARMFUL, [file, other])
        assert [row["hash"] for row in harmful] == [other]


async def test_what_could_not_be_looked_at(database: Database, made: Made) -> None:
    scan = Scan(ScanFailed("clamd can not be reached"))
    closed, open_ = made(scan, False), made(scan, True)
    file = await keep(database, closed.store, b"unknown")
    with pytest.raises(FileNotChecked):
        await closed.require("north", file)
    await open_.require("north", file)
    assert await closed.states("north", [file]) == {file: "failed"}
    scan.found = ""
    await closed.require("north", file)
    assert await closed.states("north", [file]) == {file: "clean"}
    gone = "0" * 64
    scan.found = FileNotFoundError(2, "No such file")
    with pytest.raises(FileNotChecked):
        await closed.require("north", gone)


async def test_without_a_scanner_everything_is_let_out(database: Database, made: Made) -> None:
    verdicts = made(None, False)
    file = await keep(database, verdicts.store, HARMFUL)
    await verdicts.require("north", file)
    assert await verdicts.states("north", [file]) == {}
    await verdicts.run(lambda: ["north"])
