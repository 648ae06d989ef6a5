"""`cordboard why CONTACT`: what happened to a contact and, for each routing decision, why this agent."""

import asyncio
import json
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
from cordboard.core.facts import Recorded
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
    console = Console(highlight=False)
    decisions = {decision.seq: decision for decision in why.decisions}
    for each in recorded:
        fact = _fact(each)
        said = ", ".join(
            f"{name} {value}" for name, value in fact.items() if name != "kind" and value not in ("", None)
        )
        kind = str(fact["kind"]).replace("_", " ")
        console.print(
            f"[dim]{each.at:%Y-%m-%d %H:%M:%S}.{each.at.microsecond // 1000:03}[/]  [bold]{kind}[/]  {escape(said)}"
        )
        if fact["kind"] == "routing_decided" and each.seq in decisions:
            _print_decision(console, decisions[each.seq])


def _print_decision(console: Console, decision: Decision) -> None:
    console.print(f"    {escape(decision.sentence)}")
    table = Table(box=None, padding=(0, 2, 0, 4), show_header=False)
    for considered in decision.considered:
        reason = considered.rule.replace("_", " ") + (f": {considered.detail}" if considered.detail else "")
        table.add_row(escape(considered.name), considered.verdict, escape(reason))
    console.print(table)


def _fact(each: Recorded) -> dict[str, object]:
    body = msgspec.to_builtins(each.fact)
    body.pop("contact_id", None)
    return {"kind": wire_name(type(each.fact)), **body}


async def _ask(contact_id: int, data: Path | None, customer: str | None) -> tuple[list[Recorded], Why]:
    async with database_of(data, customer) as (database, tenant_id):
        history = History(database, Codec())
        recorded = await history.of_contact(tenant_id, contact_id)
        if not recorded:
            raise CentreRefused(f"There is no contact {contact_id}.")
        present = await newest_config(database, tenant_id)
        reasons = Reasons(history, ConfigVersions(database).find)
        return recorded, await reasons.of_contact(tenant_id, recorded, present)
