"""Alembic's entry: runs the steps over one connection as the owner, two runs never at once."""

from alembic import context
from sqlalchemy import create_engine, pool, text

ONE_AT_A_TIME = 0x0C02DB0A
"""Key of the advisory lock that makes a second run wait for the first."""


def run() -> None:
    url = context.config.get_main_option("sqlalchemy.url")
    if url is None:
        raise ValueError("no address of a database was given")
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ONE_AT_A_TIME})
        connection.commit()
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


run()
