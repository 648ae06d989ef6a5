"""`cordboard stats`: the figures of a period, as the API and the screens have them."""

import asyncio
import json
import sys
from collections.abc import Sequence
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
from cordboard.core.statistics.figures import FIGURES
from cordboard.core.statistics.mails import MOST_REPEAT_DAYS, REPEAT_DAYS
from cordboard.core.statistics.parts import EARLIER, STEPS, By, Moment
from cordboard.db.database import Database
from cordboard.figures.days import FigureDays
from cordboard.figures.schemas import Asked, ChannelName, FigureList
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

Agent = Annotated[str, typer.Option(help="Of this agent alone (id).")]
Queue = Annotated[str, typer.Option(help="Of this queue alone (id).")]
Space = Annotated[str, typer.Option(help="Of this Space alone (id).")]
Skill = Annotated[str, typer.Option(help="Of the queues alone that need this skill (id).")]
Group = Annotated[str, typer.Option(help="Of the queues alone that are for this group (id).")]
EntryPoint = Annotated[str, typer.Option(help="Of this number, inbox or chat button alone (id).")]
Reason = Annotated[str, typer.Option(help="Of this reason of closing or withdrawal alone (id).")]
OfChannel = Annotated[ChannelName | None, typer.Option(help="Of this channel alone.")]
Days = Annotated[
    int,
    typer.Option(
        min=1, max=MOST_REPEAT_DAYS, help="So long another contact of the same sender is a further one."
    ),
]
At = Annotated[Moment, typer.Option(help="In time: where it happened, or where it was received.")]

WIDE = 180
"""Characters in a line where nobody looks: a file, another program."""
_USUAL = (
    "received",
    "answered",
    "abandoned",
    "service_level",
    "mails_received",
    "mails_answered",
    "mail_first_reply",
    "mail_treatment",
    "chat_first_response",
)


def command(
    data: Data = None,
    since: Since = None,
    until: Until = None,
    agent: Agent = "",
    queue: Queue = "",
    space: Space = "",
    skill: Skill = "",
    group: Group = "",
    entry_point: EntryPoint = "",
    reason: Reason = "",
    channel: OfChannel = None,
    days: Days = REPEAT_DAYS,
    by: Annotated[By | None, typer.Option(help="In parts.")] = None,
    at: At = Moment.HAPPENED,
    figure: Annotated[
        list[str] | None, typer.Option(help="A column of --by (id; again for more; default: the usual ones).")
    ] = None,
    definitions: Annotated[bool, typer.Option(help="Print what each figure means.")] = False,
    customer: Customer = None,
    as_json: Json = False,
) -> None:
    """Print the figures of a period (default: today)."""
    for each in figure or ():
        if each not in FIGURES:
            raise typer.BadParameter(f"there is no figure {each!r}: cordboard stats --json lists their ids")
    of = {"agent": agent, "queue": queue, "space": space, "skill": skill, "group": group, "reason": reason}
    of |= {"entry_point": entry_point}
    period = {"from": since, "to": until}
    asked = Asked.model_validate({**period, **of, "channel": channel, "days": days})
    figures = asyncio.run(_ask(data, customer, asked, by, at))
    if as_json:
        print(json.dumps(figures.model_dump(mode="json"), indent=2))
        return
    print(
        f"{figures.since:%Y-%m-%d %H:%M} to {figures.until.astimezone(figures.since.tzinfo):%Y-%m-%d %H:%M}"
    )
    if by is not None:
        console = Console() if sys.stdout.isatty() else Console(width=WIDE)
        console.print(_table_of_parts(figures, figure or _USUAL))
        return
    table = Table()
    table.add_column("figure")
    table.add_column("value", justify="right")
    if definitions:
        table.add_column("definition", max_width=80)
    for row in figures.figures:
        cells = [row.name, shown(row.value, row.unit)]
        table.add_row(*cells, *([row.definition] if definitions else []))
    Console().print(table)


def _table_of_parts(figures: FigureList, wanted: Sequence[str]) -> Table:
    """A row for each part, a column for each wanted figure that such parts have."""
    columns = [
        row
        for row in figures.figures
        if row.id in wanted and any(row.id in part.values for part in figures.parts)
    ]
    table = Table()
    table.add_column(figures.by, no_wrap=True)
    for row in columns:
        table.add_column(row.name, justify="right")
    for part in figures.parts:
        name = f"{part.since:%Y-%m-%d %H:%M}" if By(figures.by) in STEPS else part.name or "none"
        if part.id == EARLIER and By(figures.by) in STEPS:
            name = "received earlier"
        table.add_row(name, *(shown(part.values.get(row.id), row.unit) for row in columns))
    return table


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
    data: Path | None,
    customer: str | None,
    asked: Asked,
    by: By | None,
    moment: Moment,
) -> FigureList:
    async with database_of(data, customer) as (database, tenant_id):
        config = await newest_config(database, tenant_id)
        clock = SystemClock()
        days = FigureDays(database, History(database, Codec()), ConfigVersions(database).all_of, clock)
        service = FigureService(days, clock)
        return await service.figures(tenant_id, config, asked, asked.scope(), by, moment)


async def newest_config(database: Database, tenant_id: str) -> TenantConfig:
    async with database.tenant(tenant_id) as connection:
        newest = await find_newest(connection)
    if newest is None:
        raise CentreRefused(f"There is no configuration of {tenant_id}.")
    return read_text(newest.document, newest.version).config
