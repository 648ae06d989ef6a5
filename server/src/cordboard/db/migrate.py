"""Brings a database's tables to the shape that this version needs: Alembic, over the files in `server/migrations`."""

from pathlib import Path

from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"


def upgrade(owner_dsn: str, to: str = "head") -> None:
    """Runs what is missing, each step in a transaction, as the role that owns the tables."""
    command.upgrade(configuration(owner_dsn), to)


def configuration(owner_dsn: str) -> Config:
    """Alembic's configuration, with no file of its own. `owner_dsn` is `postgresql://…`; psycopg is the driver."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", sqlalchemy_url(owner_dsn).replace("%", "%%"))
    return config


def sqlalchemy_url(dsn: str) -> str:
    """The same address as SQLAlchemy writes it, with the driver in it."""
    _, _, rest = dsn.partition("://")
    return f"postgresql+psycopg://{rest}"
