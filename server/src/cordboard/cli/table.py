"""`cordboard table`: the rows of customers' tables, in which scripts look things up. What the tables are, the configuration says."""

import asyncio
import csv
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cordboard.cli.configured import Customer, database_of
from cordboard.cli.options import Data
from cordboard.cli.stats import newest_config
from cordboard.core.config import Table, TenantConfig
from cordboard.db.database import Connection
from cordboard.errors import Refused
from cordboard.lookups import rows
from cordboard.lookups.importing import read_rows
from cordboard.runtime.clock import SystemClock

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)

TableId = Annotated[
    str, typer.Argument(metavar="TABLE", help="As the configuration names it, such as orders.")
]
File = Annotated[
    Path, typer.Argument(help="CSV with the columns' names in the first line; - for standard input.")
]
Replace = Annotated[bool, typer.Option("--replace", help="Remove the rows that the file does not have.")]


class NoSuchTable(Refused):
    """The configuration has no such table: add it to `tables`, then load its rows."""

    code = "not_found"


class NoSuchFile(Refused):
    """The file can not be read."""

    code = "invalid"


@app.command("import")
def import_(
    table: TableId, file: File, replace: Replace = False, data: Data = None, customer: Customer = None
) -> None:
    """Add the rows of a file; those of the same key are replaced, others stay. It holds from the next look-up on."""
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise NoSuchFile(f"{file} can not be read: {error.strerror}.") from error
    loaded, removed = asyncio.run(_import(table, content, replace, data, customer))
    print(f"{table}: {loaded} rows loaded" + (f", {removed} removed." if replace else "."))


@app.command("export")
def export(table: TableId, data: Data = None, customer: Customer = None) -> None:
    """Write the rows of a table as CSV, as `import` reads it."""
    columns, found = asyncio.run(_export(table, data, customer))
    out = csv.DictWriter(sys.stdout, columns, extrasaction="ignore", lineterminator="\n")
    out.writeheader()
    out.writerows(found)


@app.command("list")
def list_(data: Data = None, customer: Customer = None) -> None:
    """The tables, how many rows each has, and when they were last changed."""
    for name, count, changed_at in asyncio.run(_list(data, customer)):
        print(f"{name:<40}  {count:>6}" + (f"  {changed_at:%Y-%m-%d %H:%M}" if changed_at else ""))


async def _import(
    table_id: str, content: bytes, replace: bool, data: Path | None, customer: str | None
) -> tuple[int, int]:
    async with database_of(data, customer) as (database, tenant_id):
        table = _table(await newest_config(database, tenant_id), table_id)
        given = read_rows(table, content)
        async with database.tenant(tenant_id) as connection:
            await rows.put_rows(connection, tenant_id, table, given, SystemClock().now())
            keys = [row[table.key_column] for row in given]
            removed = await rows.keep_rows(connection, table, keys) if replace else 0
            await _check_count(connection, table)
    return len(given), removed


async def _check_count(connection: Connection, table: Table) -> None:
    """Raises, and so takes back what was loaded."""
    count, _ = (await rows.counts(connection)).get(table.id, (0, None))
    if count > rows.MOST_ROWS:
        raise rows.TooManyRows


async def _export(
    table_id: str, data: Path | None, customer: str | None
) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    async with database_of(data, customer) as (database, tenant_id):
        table = _table(await newest_config(database, tenant_id), table_id)
        async with database.tenant(tenant_id) as connection:
            return table.columns, await rows.all_rows(connection, table)


async def _list(data: Path | None, customer: str | None) -> list[tuple[str, int, datetime | None]]:
    async with database_of(data, customer) as (database, tenant_id):
        config = await newest_config(database, tenant_id)
        async with database.tenant(tenant_id) as connection:
            counted = await rows.counts(connection)
    return [(table_id, *counted.get(table_id, (0, None))) for table_id in config.tables]


def _table(config: TenantConfig, table_id: str) -> Table:
    found = config.tables.get(table_id)
    if found is None:
        there = ", ".join(config.tables) or "none"
        raise NoSuchTable(
            f"The configuration has no table {table_id!r} (there is {there}): add it to `tables` first."
        )
    return found
