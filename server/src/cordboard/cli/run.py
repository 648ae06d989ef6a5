"""`cordboard run`."""

from typing import Annotated

import typer

from cordboard.cli.options import Data, PortBase


def command(
    data: Data = None,
    port_base: PortBase = None,
    traffic: Annotated[
        int,
        typer.Option("--traffic", metavar="N", min=0, help="Simulated callers, so that the centre is alive."),
    ] = 0,
) -> None:
    """Start a whole centre on this machine and keep it up: PostgreSQL, Asterisk, the server."""
    from cordboard.settings import Settings
    from cordboard.supervisor.centre import run
    from cordboard.supervisor.screen import Screen

    settings = Settings.load(data, port_base=port_base)
    raise typer.Exit(run(settings, traffic, Screen()))
