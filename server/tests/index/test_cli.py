"""`cordboard reindex` as a person types it, on a database without a running centre."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog

from cordboard.cli import main
from cordboard.db.database import Database
from cordboard.testing.archive import Archive
from cordboard.testing.postgres import Database as Addresses
from tests.configuration.documents import SMALL


def test_reindex_makes_the_list_anew(
    fresh_database: Callable[[], Addresses],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    addresses = fresh_database()
    monkeypatch.setenv("CORDBOARD_DATABASE_URL", addresses.app_dsn)
    monkeypatch.setenv("CORDBOARD_DATA_DIR", str(tmp_path / "data"))
    file = tmp_path / "centre.yaml"
    file.write_text(SMALL)

    def command(*words: str) -> str:
        with pytest.raises(SystemExit) as ended:
            main(words)
        said = capsys.readouterr()
        assert not ended.value.code, said.err
        return said.out

    async def fill() -> None:
        database = await Database.connect(addresses.app_dsn, size=1)
        async with database.plain() as connection:
            tenant_id = await connection.fetchval("SELECT id FROM tenant")
        archive = Archive(database, tenant_id)
        contact_id = await archive.arrives(subject="Umbrella")
        await archive.arrives(subject="Parasol")
        assert await archive.find("umbrella") == [contact_id]
        async with database.tenant(tenant_id) as connection:
            await connection.execute("DELETE FROM contact_words")
        await database.close()

    async def found() -> int:
        database = await Database.connect(addresses.app_dsn, size=1)
        async with database.plain() as connection:
            tenant_id = await connection.fetchval("SELECT id FROM tenant")
        archive = Archive(database, tenant_id)
        contacts = await archive.find("umbrella")
        await database.close()
        return len(contacts)

    try:
        command("apply", str(file))
        asyncio.run(fill())
        assert asyncio.run(found()) == 0
        assert "2 contacts are in the list." in command("reindex")
        assert asyncio.run(found()) == 1
    finally:
        structlog.reset_defaults()
