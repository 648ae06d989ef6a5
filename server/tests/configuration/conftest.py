"""A migrated database, and the service on it as the server has it, with identity's real tables and a stand-in for live work."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime

import pytest

from cordboard.configuration.people import IdentityLogins
from cordboard.configuration.service import Configuration
from cordboard.core.config import TenantConfig
from cordboard.core.state import State
from cordboard.db.database import Database
from cordboard.identity.passwords import Passwords
from cordboard.runtime.clock import ManualClock
from cordboard.runtime.ports import Outcome
from cordboard.testing.postgres import Database as Addresses
from cordboard.testing.postgres import PostgresForTests


class LiveForTests:
    """What the runtime is to the service: it remembers what was published, and shows the states that a test gives it."""

    def __init__(self) -> None:
        self.published: list[tuple[str, TenantConfig]] = []
        self.states: dict[str, State] = {}

    def state_of(self, tenant_id: str) -> State | None:
        return self.states.get(tenant_id)

    async def publish(self, tenant_id: str, config: TenantConfig) -> Outcome:
        self.published.append((tenant_id, config))
        return Outcome(seq=len(self.published))


class Centre:
    """The service and everything around it."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self.database = database
        self.passwords = passwords
        self.clock = ManualClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
        self.live = LiveForTests()
        self.logins = IdentityLogins(database, passwords, self.clock)
        self.configuration = Configuration(
            database, self.clock, self.logins.save, self.logins.owners, self.live
        )

    async def rows(self, tenant_id: str, question: str) -> list[dict[str, object]]:
        async with self.database.tenant(tenant_id) as connection:
            return [dict(row.items()) for row in await connection.fetch(question)]


@pytest.fixture(scope="session")
def passwords() -> Iterator[Passwords]:
    passwords = Passwords()
    yield passwords
    passwords.close()


@pytest.fixture
async def centre(fresh_database: Callable[[], Addresses], passwords: Passwords) -> AsyncIterator[Centre]:
    database = await Database.connect(fresh_database().app_dsn, size=4)
    yield Centre(database, passwords)
    await database.close()


@pytest.fixture(scope="session", autouse=True)
def _server(postgres: PostgresForTests) -> None:
    """Starts PostgreSQL once, before the first test's own time-out counts."""
