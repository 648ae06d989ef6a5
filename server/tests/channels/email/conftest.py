from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from cordboard.db.database import Database
from cordboard.testing.dovecot import dovecot
from cordboard.testing.mail import MailForTests, mail_store
from cordboard.testing.postgres import Database as Addresses

__all__ = ["dovecot"]


@pytest.fixture
async def mail(fresh_database: Callable[[], Addresses], tmp_path: Path) -> AsyncIterator[MailForTests]:
    """A mail room that does not run yet, with the tenants north and south."""
    database = await Database.connect(fresh_database().app_dsn, size=6)
    async with database.provider() as connection:
        await connection.execute("INSERT INTO tenant (id, name) VALUES ('north', 'N'), ('south', 'S')")
    yield MailForTests(database, mail_store(tmp_path))
    await database.close()
