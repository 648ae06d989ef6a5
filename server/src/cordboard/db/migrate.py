"""Brings a database's tables to the shape that this version needs: Alembic, over the files in `server/migrations`.

Alembic and SQLAlchemy are imported only when there is something to do: they cost more than the rest of a start.
"""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"

_REVISION = re.compile(r'^(down_)?revision(?:: [^=]+)? = "(\w+)"', re.MULTILINE)


def is_current(owner_dsn: str) -> bool:
    """True when the tables have the shape that this version needs. Asks the database one question."""
    try:
        with psycopg.connect(owner_dsn, connect_timeout=10) as connection:
            rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except psycopg.errors.UndefinedTable:
        return False
    return {row[0] for row in rows} == heads()


def heads() -> set[str]:
    """The revisions that no other one follows, as the files say."""
    known: set[str] = set()
    followed: set[str] = set()
    for file in (MIGRATIONS / "versions").glob("*.py"):
        for down, name in _REVISION.findall(file.read_text()):
            (followed if down else known).add(name)
    return known - followed


def upgrade(owner_dsn: str, to: str = "head") -> None:
    """Runs what is missing, each step in a transaction, as the role that owns the tables."""
    from alembic import command

    command.upgrade(configuration(owner_dsn), to)


def configuration(owner_dsn: str) -> "Config":
    """Alembic's configuration, with no file of its own. `owner_dsn` is `postgresql://…`; psycopg is the driver."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", sqlalchemy_url(owner_dsn).replace("%", "%%"))
    return config


def sqlalchemy_url(dsn: str) -> str:
    """The same address as SQLAlchemy writes it, with the driver in it."""
    _, _, rest = dsn.partition("://")
    return f"postgresql+psycopg://{rest}"


OWNER_DSN_VARIABLE = "CORDBOARD_DATABASE_OWNER_URL"

if __name__ == "__main__":
    upgrade(os.environ[OWNER_DSN_VARIABLE])
