"""`cordboard plan`."""

from pathlib import Path
from typing import Annotated

import typer

from cordboard.cli.configured import Customer, Json, Login, ask, customer_of
from cordboard.cli.options import Data
from cordboard.cli.planned import changes_of, read_file, show_plan, show_problems


def command(
    file: Annotated[Path, typer.Argument(help="The document (YAML); - reads the standard input.")],
    data: Data = None,
    login: Login = None,
    customer: Customer = None,
    json: Json = False,
    detailed_exitcode: Annotated[
        bool,
        typer.Option("--detailed-exitcode", help="Exit with 0 for no changes, 2 for changes, 1 for errors."),
    ] = False,
) -> None:
    """Show what a configuration file would change, and for which calls in progress. Nothing is changed."""
    document = read_file(file)
    plan = ask(data, login, customer or customer_of(document), lambda centre: centre.plan(document))
    if json:
        typer.echo(plan.model_dump_json(indent=2))
    elif plan.errors:
        show_problems(str(file), plan.errors, document)
    else:
        show_plan(plan)
    if plan.errors:
        raise typer.Exit(1)
    if detailed_exitcode and changes_of(plan):
        raise typer.Exit(2)
