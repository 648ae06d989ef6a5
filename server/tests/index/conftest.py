"""One migrated database for the tests of the list and the search; each test has a tenant of its own."""

import itertools
from collections.abc import AsyncIterator

import pytest

from cordboard.db.database import Database
from cordboard.testing.postgres import Database as Addresses
from cordboard.testing.postgres import PostgresForTests
from cordboard.testing.runtime import MakeWorld, World

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
async def addresses(postgres: PostgresForTests) -> AsyncIterator[Addresses]:
    database = postgres.fresh_database()
    yield database
    postgres.drop(database)


@pytest.fixture(scope="session")
async def database(addresses: Addresses) -> AsyncIterator[Database]:
    database = await Database.connect(addresses.app_dsn, size=4)
    yield database
    await database.close()


@pytest.fixture
def make_world(database: Database) -> MakeWorld:
    async def make() -> World:
        world = World(database, f"index-{next(_numbers)}")
        await world.create_tenant()
        return world

    return make


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    return await make_world()
