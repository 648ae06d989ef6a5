"""`cordboard apply`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cordboard.cli.configured import Configured, Customer, Login, ask, customer_of
from cordboard.cli.options import Data
from cordboard.cli.planned import changes_of, read_file, show_applied, show_plan, show_problems
from cordboard.configuration.nodes import DocumentWrong
from cordboard.configuration.schemas import ApplyAnswer

Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why: kept with the version.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def command(
    file: Annotated[Path, typer.Argument(help="The document (YAML); - reads the standard input.")],
    data: Data = None,
    login: Login = None,
    customer: Customer = None,
    note: Note = "",
    yes: Yes = False,
    base: Annotated[
        int | None,
        typer.Option("--base", metavar="VERSION", help="Refuse unless this is still the newest version."),
    ] = None,
) -> None:
    """Put a configuration file in force, at once and while calls run. What the file does not mention stays."""
    document = read_file(file)

    async def question(centre: Configured) -> ApplyAnswer | None:
        plan = await centre.plan(document)
        if plan.errors:
            show_problems(str(file), plan.errors, document)
            raise typer.Exit(1)
        show_plan(plan)
        if changes_of(plan) and not confirmed(yes):
            return None
        return await centre.apply(document, plan.base_version if base is None else base, note)

    try:
        answer = ask(data, login, customer or customer_of(document), question)
    except DocumentWrong as wrong:
        show_problems(str(file), wrong.problems, document)
        raise typer.Exit(1) from wrong
    if answer is None:
        typer.echo("Nothing was changed.")
        raise typer.Exit(1)
    if answer.changed:
        show_applied(answer)


def confirmed(yes: bool) -> bool:
    """Asks the person at the terminal; a program that has none has meant what it said."""
    return yes or not sys.stdin.isatty() or typer.confirm("Apply?")
