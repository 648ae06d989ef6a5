"""`cordboard rollback`."""

from typing import Annotated

import typer

from cordboard.cli.apply import Note, Yes, confirmed
from cordboard.cli.configured import Configured, Customer, Login, ask
from cordboard.cli.options import Data
from cordboard.cli.planned import changes_of, show_applied, show_plan, show_problems, show_versions
from cordboard.configuration.schemas import ApplyAnswer


def command(
    version: Annotated[
        int | None, typer.Argument(help="The version to go back to; without it, the versions.")
    ] = None,
    data: Data = None,
    login: Login = None,
    customer: Customer = None,
    note: Note = "",
    yes: Yes = False,
) -> None:
    """Publish an older version's document as the next version. Nothing is lost: that can be rolled back too."""
    if version is None:
        show_versions(ask(data, login, customer, lambda centre: centre.versions()))
        return

    async def question(centre: Configured) -> ApplyAnswer | None:
        plan = await centre.plan_rollback(version)
        if plan.errors:
            show_problems(f"version {version}", plan.errors, (await centre.version(version)).document)
            raise typer.Exit(1)
        show_plan(plan)
        if changes_of(plan) and not confirmed(yes):
            return None
        return await centre.rollback(version, note)

    answer = ask(data, login, customer, question)
    if answer is None:
        typer.echo("Nothing was changed.")
        raise typer.Exit(1)
    if answer.changed:
        show_applied(answer)
