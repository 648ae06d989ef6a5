"""`cordboard export`."""

from pathlib import Path
from typing import Annotated

import typer

from cordboard.cli.configured import Customer, Login, ask
from cordboard.cli.options import Data


def command(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it (default: the standard output).")
    ] = None,
    data: Data = None,
    login: Login = None,
    customer: Customer = None,
    version: Annotated[
        int | None, typer.Option("--version", metavar="N", help="An older version instead of the newest.")
    ] = None,
) -> None:
    """Write the whole configuration as one file, with its comments. Applying it again changes nothing."""
    found = ask(
        data, login, customer, lambda centre: centre.current() if version is None else centre.version(version)
    )
    if file is None:
        typer.echo(found.document, nl=not found.document.endswith("\n"))
    else:
        file.write_text(found.document, encoding="utf-8")
        typer.echo(f"Version {found.version} is written to {file}.", err=True)
