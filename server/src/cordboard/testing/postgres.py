"""One embedded PostgreSQL for a whole test session, and as many migrated databases as tests ask for.

A plugin for pytest: `pytest_plugins = ["cordboard.testing.postgres"]` gives the fixtures `postgres` (session) and
`fresh_database` (a function that makes one). The migrations run once, into a template; a fresh database is a copy of it
(about 50 ms). The server keeps nothing on disk safe, and ends with the test session however that ends.
"""

import itertools
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from psycopg import sql

from cordboard.db.embedded import EmbeddedPostgres
from cordboard.settings import APP_ROLE, OWNER_ROLE

_TEMPLATE = "cordboard_template"


@dataclass(frozen=True, slots=True)
class Database:
    """A migrated, empty database: addresses as the application role, as the owner of the tables and as superuser."""

    name: str
    app_dsn: str
    owner_dsn: str
    superuser_dsn: str


class PostgresForTests:
    """The session's server; `fresh_database` may be called at any time, from any test."""

    def __init__(self, folder: Path) -> None:
        self.server = EmbeddedPostgres(
            folder,
            free_port(),
            owner_password="owner",
            app_password="app",
            durable=False,
            ends_with_parent=True,
        )
        self._numbers = itertools.count(1)
        self._migrated = False

    def fresh_database(self, *, migrated: bool = True) -> Database:
        """Makes a database of its own for a test."""
        if migrated and not self._migrated:
            self._make_template()
        name = f"test_{next(self._numbers)}"
        self._create(name, _TEMPLATE if migrated else None)
        return self._database(name)

    def drop(self, database: Database) -> None:
        """Drops it with whatever is still connected."""
        with self.server.superuser() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database.name))
            )

    def _make_template(self) -> None:
        from cordboard.db.migrate import upgrade

        self._create(_TEMPLATE, None)
        upgrade(self._database(_TEMPLATE).owner_dsn)
        self._migrated = True

    def _create(self, name: str, template: str | None) -> None:
        statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(
            sql.Identifier(name), sql.Identifier(OWNER_ROLE)
        )
        if template is not None:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with self.server.superuser() as connection:
            connection.execute(statement)

    def _database(self, name: str) -> Database:
        dsn = self.server.dsn
        return Database(name, dsn(APP_ROLE, name), dsn(OWNER_ROLE, name), dsn("postgres", name))


def free_port() -> int:
    """A TCP port of the loopback address that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresForTests]:
    folder = Path(tempfile.mkdtemp(prefix="cordboard-postgres-"))
    postgres = PostgresForTests(folder)
    postgres.server.start()
    try:
        yield postgres
    finally:
        postgres.server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def fresh_database(postgres: PostgresForTests) -> Iterator[Callable[[], Database]]:
    """A function that makes a migrated database; all that a test made are dropped after it."""
    made: list[Database] = []

    def make() -> Database:
        made.append(postgres.fresh_database())
        return made[-1]

    yield make
    for database in made:
        postgres.drop(database)
