"""`cordboard answers`: the library of predefined answers as a file, to be reviewed and put into this or another centre."""

import asyncio
import hashlib
import mimetypes
from pathlib import Path
from typing import Annotated

import typer

from cordboard.answers import document, importing
from cordboard.answers.document import Document, LibraryWrong, Plan
from cordboard.answers.importing import Import
from cordboard.blobs import rows
from cordboard.blobs.rows import Keep
from cordboard.blobs.store import BlobStore
from cordboard.cli.apply import Yes, confirmed
from cordboard.cli.configured import Customer, database_of
from cordboard.cli.options import Data
from cordboard.cli.planned import read_file
from cordboard.cli.stats import newest_config
from cordboard.db.database import Connection, Database
from cordboard.runtime.clock import SystemClock
from cordboard.settings import Settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="The file (YAML); - reads the standard input.")]
Files = Annotated[
    Path | None,
    typer.Option("--files", metavar="DIR", help="Where the attachments lie, named by their SHA-256."),
]
BY = "cordboard answers"
MARKS = {"add": "+", "change": "~", "remove": "-"}


@app.command("export")
def export(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it (default: the standard output).")
    ] = None,
    files: Files = None,
    data: Data = None,
    customer: Customer = None,
) -> None:
    """Write the whole library as one file. Applying it again changes nothing."""
    text = asyncio.run(_export(files, data, customer))
    if file is None:
        typer.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8")
        typer.echo(f"The library is written to {file}.", err=True)


@app.command("plan")
def plan(file: File, files: Files = None, data: Data = None, customer: Customer = None) -> None:
    """Show what a file would change in the library. Nothing is changed."""
    found, missing = asyncio.run(_plan(read_file(file), files, data, customer))
    _show(found)
    for each in missing:
        typer.echo(f"! the file {each} is neither here nor in --files", err=True)
    if missing:
        raise typer.Exit(1)


@app.command("apply")
def apply(
    file: File, files: Files = None, data: Data = None, customer: Customer = None, yes: Yes = False
) -> None:
    """Put a file into the library: all of it or nothing. What the file does not mention stays, `null` removes."""
    text = read_file(file)
    found, _ = asyncio.run(_plan(text, files, data, customer))
    _show(found)
    if not found.changes:
        return
    if not confirmed(yes):
        typer.echo("Nothing was changed.")
        raise typer.Exit(1)
    asyncio.run(_apply(text, files, data, customer))
    typer.echo(f"{len(found.changes)} changes are in force.")


def _show(plan: Plan) -> None:
    for change in plan.changes:
        what = f": {', '.join(change.what)}" if change.what else ""
        typer.echo(f"{MARKS[change.kind]} {change.path}  {change.title}{what}")
    if not plan.changes:
        typer.echo("Nothing would change.")


async def _planned(database: Database, connection: Connection, tenant_id: str, text: str) -> Plan:
    spaces = frozenset((await newest_config(database, tenant_id)).spaces)
    return document.plan(document.read(text), await document.stored(connection), spaces)


async def _export(files: Path | None, data: Path | None, customer: str | None) -> str:
    async with database_of(data, customer) as (database, tenant_id):
        async with database.tenant(tenant_id) as connection:
            there = (await document.stored(connection)).document
        if files is not None:
            await asyncio.to_thread(_write_files, _store(data), tenant_id, there, files)
    return document.written(there)


def _write_files(store: BlobStore, tenant_id: str, there: Document, files: Path) -> None:
    files.mkdir(parents=True, exist_ok=True)
    for hash_ in {each.file for entry in there.answers.values() if entry for each in entry.attachments}:
        (files / hash_).write_bytes(store.read(tenant_id, hash_))


async def _plan(
    text: str, files: Path | None, data: Path | None, customer: str | None
) -> tuple[Plan, list[str]]:
    async with database_of(data, customer) as (database, tenant_id), database.tenant(tenant_id) as connection:
        found = await _planned(database, connection, tenant_id, text)
        missing = await importing.missing_files(connection, found)
    return found, [each for each in missing if files is None or not (files / each).is_file()]


async def _apply(text: str, files: Path | None, data: Path | None, customer: str | None) -> None:
    now, store = SystemClock().now(), _store(data)
    async with database_of(data, customer) as (database, tenant_id), database.tenant(tenant_id) as connection:
        found = await _planned(database, connection, tenant_id, text)
        for hash_ in await importing.missing_files(connection, found):
            keep = _read(files, hash_)
            if keep is not None:
                await rows.put(store, connection, tenant_id, keep, now)
        await importing.apply(connection, Import(tenant_id, BY, now), found)


def _read(files: Path | None, hash_: str) -> Keep | None:
    """Raises LibraryWrong when something else lies under that name."""
    if files is None or not (files / hash_).is_file():
        return None
    content = (files / hash_).read_bytes()
    if hashlib.sha256(content).hexdigest() != hash_:
        raise LibraryWrong([f"{files / hash_} is not what its name says."])
    return Keep(content, mimetypes.guess_type(hash_)[0] or "application/octet-stream")


def _store(data: Path | None) -> BlobStore:
    return BlobStore(Settings.load(data).data_dir / "blobs")
