"""`cordboard traffic`."""

import asyncio
import signal
from typing import Annotated

import typer

from cordboard.cli.options import Data, PortBase


def command(
    callers: Annotated[int, typer.Argument(metavar="N", min=0, help="Calls in progress, on average.")] = 20,
    agents: Annotated[
        int, typer.Option("--agents", min=0, help="Demo agents with simulated SIP telephones who answer.")
    ] = 4,
    seed: Annotated[
        str, typer.Option("--seed", help="The same seed gives the same callers with the same habits.")
    ] = "1",
    seconds: Annotated[
        float | None, typer.Option("--for", metavar="SECONDS", help="Stop by itself after this time.")
    ] = None,
    number: Annotated[
        list[str] | None,
        typer.Option("--number", help="Call this number (E.164); may be given several times."),
    ] = None,
    data: Data = None,
    port_base: PortBase = None,
) -> None:
    """Simulate callers from a public network: they speak, press keys, wait, lose patience and hang up."""
    from cordboard import logs
    from cordboard.settings import Settings
    from cordboard.testing.traffic.scene import Plan, simulate

    settings = Settings.load(data, port_base=port_base)
    logs.set_up(settings.log_format, settings.log_level)
    plan = Plan(callers, agents, seed, seconds, tuple(number or ()))

    async def run() -> None:
        task = asyncio.current_task()
        if task is not None:
            for one in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(one, task.cancel)
        tally = await simulate(settings, plan)
        print(tally.sentence())

    try:
        asyncio.run(run())
    except (asyncio.CancelledError, KeyboardInterrupt):
        raise typer.Exit(0) from None
