"""`cordboard why CONTACT`: what happened to a contact and, for each routing decision, why this agent."""

import asyncio
import dataclasses
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cordboard.cli.configured import CentreRefused, Customer, Json, database_of
from cordboard.cli.options import Data
from cordboard.cli.stats import newest_config
from cordboard.contacts.schemas import Decision, Why
from cordboard.contacts.why import Reasons
from cordboard.core.facts import Fact, Recorded, RoutingDecided
from cordboard.runtime.codec import Codec, wire_name
from cordboard.runtime.history import History
from cordboard.web.configs import ConfigVersions

ContactId = Annotated[
    int, typer.Argument(help="The contact's number, as the desktop and the history show it.")
]


def command(contact: ContactId, data: Data = None, customer: Customer = None, as_json: Json = False) -> None:
    """Tell what happened to a contact, and why it was given to whom."""
    recorded, why = asyncio.run(_ask(contact, data, customer))
    if as_json:
        lines = [{"at": each.at.isoformat(), **_fact(each)} for each in recorded]
        print(json.dumps({"facts": lines, **why.model_dump(mode="json")}, indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    decisions = {decision.seq: decision for decision in why.decisions}
    for each in recorded:
        kind = wire_name(type(each.fact)).replace("_", " ")
        at = f"{each.at:%Y-%m-%d %H:%M:%S}.{each.at.microsecond // 1000:03}"
        console.print(f"[dim]{at}[/]  [bold]{kind}[/]  {escape(_said(each.fact))}")
        if isinstance(each.fact, RoutingDecided) and each.seq in decisions:
            _print_decision(console, decisions[each.seq])


def _print_decision(console: Console, decision: Decision) -> None:
    console.print(f"    {escape(decision.sentence)}")
    table = Table(box=None, padding=(0, 2, 0, 4), show_header=False)
    for considered in decision.considered:
        reason = considered.rule.replace("_", " ") + (f": {considered.detail}" if considered.detail else "")
        table.add_row(escape(considered.name), considered.verdict, escape(reason))
    console.print(table)


def _fact(each: Recorded) -> dict[str, object]:
    return {"kind": wire_name(type(each.fact)), **msgspec.to_builtins(each.fact)}


def _said(fact: Fact) -> str:
    """The fact's values for people; what is empty is left out."""
    values = {field.name: getattr(fact, field.name) for field in dataclasses.fields(fact)}
    values.pop("contact_id", None)
    return ", ".join(
        f"{name.removesuffix('_id').replace('_', ' ')} {_shown(value)}"
        for name, value in values.items()
        if value not in ("", None, {}, False)
    )


def _shown(value: object) -> str:
    match value:
        case timedelta():
            return f"{value.total_seconds():.1f} s"
        case datetime():
            return f"{value:%H:%M:%S}"
        case Mapping():
            return " ".join(f"{key}={each}" for key, each in value.items())
        case _:
            return str(value)


async def _ask(contact_id: int, data: Path | None, customer: str | None) -> tuple[list[Recorded], Why]:
    async with database_of(data, customer) as (database, tenant_id):
        history = History(database, Codec())
        recorded = await history.of_contact(tenant_id, contact_id)
        if not recorded:
            raise CentreRefused(f"There is no contact {contact_id}.")
        present = await newest_config(database, tenant_id)
        reasons = Reasons(history, ConfigVersions(database).find)
        return recorded, await reasons.of_contact(tenant_id, recorded, present)
