"""The embedded PostgreSQL by itself: its roles, and what a kill leaves."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cordboard.db.embedded import EmbeddedPostgres
from cordboard.db.migrate import heads, is_current
from cordboard.settings import APP_ROLE, OWNER_ROLE
from cordboard.testing.postgres import PostgresForTests, free_port


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(
        tmp_path, free_port(), owner_password="owner", app_password="app", ends_with_parent=True
    )
    server.start()
    yield server
    server.stop()


def test_committed_rows_are_there_after_a_kill_and_a_stale_pid_file_is_no_obstacle(
    server: EmbeddedPostgres,
) -> None:
    with psycopg.connect(server.dsn(OWNER_ROLE), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (number integer)")
        connection.execute("INSERT INTO kept VALUES (7)")
    running = server.running()
    assert running is not None
    os.kill(running.pid, signal.SIGKILL)
    running.wait(10)
    pid_file = server.data / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))  # the number now belongs to somebody else
    server.start()
    with psycopg.connect(server.dsn(OWNER_ROLE)) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(7,)]


def test_the_application_role_has_no_way_round(postgres: PostgresForTests) -> None:
    with psycopg.connect(postgres.server.dsn(APP_ROLE)) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert row == (False, False, False, False)


def test_a_wrong_password_is_refused(postgres: PostgresForTests) -> None:
    dsn = postgres.server.dsn(APP_ROLE).replace(":app@", ":wrong@")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(dsn)


def test_fresh_databases_are_migrated_and_apart(postgres: PostgresForTests) -> None:
    one, two = postgres.fresh_database(), postgres.fresh_database()
    assert one.name != two.name
    for database in (one, two):
        with psycopg.connect(database.owner_dsn) as connection:
            assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
        postgres.drop(database)


def test_whether_the_tables_are_current_is_known_without_alembic(postgres: PostgresForTests) -> None:
    empty, full = postgres.fresh_database(migrated=False), postgres.fresh_database()
    assert not is_current(empty.owner_dsn)
    assert is_current(full.owner_dsn)
    for database in (empty, full):
        postgres.drop(database)


def test_the_files_have_one_head() -> None:
    assert len(heads()) == 1
