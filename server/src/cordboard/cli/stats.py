"""`cordboard stats`: the figures of a period, as the API and the screens have them."""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cordboard.cli.configured import CentreRefused, Customer, Json, database_of
from cordboard.cli.options import Data
from cordboard.configuration.compiled import read_text
from cordboard.configuration.repository import find_newest
from cordboard.core.config import TenantConfig
from cordboard.core.statistics.totals import Scope
from cordboard.db.database import Database
from cordboard.figures.schemas import FigureList
from cordboard.figures.service import FigureService
from cordboard.runtime.clock import SystemClock
from cordboard.runtime.codec import Codec
from cordboard.runtime.history import History
from cordboard.web.configs import ConfigVersions

Since = Annotated[
    datetime | None,
    typer.Option("--from", help="First instant, the customer's local time (default: midnight)."),
]
Until = Annotated[datetime | None, typer.Option("--to", help="Last instant, not included (default: now).")]


def command(
    data: Data = None,
    since: Since = None,
    until: Until = None,
    agent: Annotated[str, typer.Option(help="Of this agent alone (id).")] = "",
    queue: Annotated[str, typer.Option(help="Of this queue alone (id).")] = "",
    space: Annotated[str, typer.Option(help="Of this Space alone (id).")] = "",
    definitions: Annotated[bool, typer.Option(help="Print what each figure means.")] = False,
    customer: Customer = None,
    as_json: Json = False,
) -> None:
    """Print the figures of a period (default: today)."""
    figures = asyncio.run(_ask(data, customer, since, until, Scope(agent, queue, space)))
    if as_json:
        print(json.dumps(figures.model_dump(mode="json"), indent=2))
        return
    print(
        f"{figures.since:%Y-%m-%d %H:%M} to {figures.until.astimezone(figures.since.tzinfo):%Y-%m-%d %H:%M}"
    )
    table = Table()
    table.add_column("figure")
    table.add_column("value", justify="right")
    if definitions:
        table.add_column("definition", max_width=80)
    for row in figures.figures:
        cells = [row.name, shown(row.value, row.unit)]
        table.add_row(*cells, *([row.definition] if definitions else []))
    Console().print(table)


def shown(value: float | None, unit: str) -> str:
    """A value for people: 12, 83 %, 1:05 min."""
    if value is None:
        return "–"
    if unit == "share":
        return f"{value * 100:.0f} %"
    if unit == "seconds":
        minutes, seconds = divmod(round(value), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02} h" if hours else f"{minutes}:{seconds:02} min"
    return f"{value:.0f}"


async def _ask(
    data: Path | None, customer: str | None, since: datetime | None, until: datetime | None, scope: Scope
) -> FigureList:
    async with database_of(data, customer) as (database, tenant_id):
        config = await newest_config(database, tenant_id)
        service = FigureService(History(database, Codec()), ConfigVersions(database).all_of, SystemClock())
        return await service.figures(tenant_id, config, since, until, scope)


async def newest_config(database: Database, tenant_id: str) -> TenantConfig:
    async with database.tenant(tenant_id) as connection:
        newest = await find_newest(connection)
    if newest is None:
        raise CentreRefused(f"There is no configuration of {tenant_id}.")
    return read_text(newest.document, newest.version).config
