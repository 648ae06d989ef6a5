"""Reference pages made from the code itself: the API's OpenAPI document, the core's events, commands and facts, the figures."""

import dataclasses
import inspect
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast, get_args

from cordboard.configuration.service import Configuration
from cordboard.core import commands, events, facts
from cordboard.core.statistics.figures import FIGURES
from cordboard.db.database import Database
from cordboard.identity.passwords import Passwords
from cordboard.runtime.clock import ManualClock
from cordboard.runtime.codec import Codec, wire_name
from cordboard.web.app import WebParts, WebSettings, create_web


def openapi() -> str:
    """The API as the running server describes it. Nothing is connected: only the routes are looked at."""
    nothing = cast(Any, None)
    clock, db = ManualClock(datetime(2026, 1, 1, tzinfo=UTC)), Database(nothing)
    passwords = Passwords()
    parts = WebParts(
        WebSettings("", Path()),
        db,
        clock,
        Codec(),
        nothing,
        Configuration(db, clock, nothing, nothing),
        passwords,
        lambda: None,
        lambda: "",
    )
    document = create_web(parts).app.openapi()
    passwords.close()
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def vocabulary_page() -> str:
    """Every event, command and fact with its fields."""
    lines = [
        "# Events, commands, facts",
        "",
        "*Generated from `cordboard/core` by `just docs`.* The closed vocabulary of the core (see `docs/architecture.md`): events come "
        "in, commands and facts go out. The name in brackets is the wire name, in the journal and in the history.",
    ]
    for title, module, union in (
        ("Events", events, events.Event),
        ("Commands", commands, commands.Command),
        ("Facts", facts, facts.Fact),
    ):
        lines += ["", f"## {title}", "", inspect.getdoc(module) or ""]
        for member in get_args(union):
            lines += ["", *_entry(member)]
    return "\n".join(lines) + "\n"


def _entry(member: type) -> list[str]:
    doc = inspect.getdoc(member) or ""
    if doc.startswith(f"{member.__name__}("):  # what dataclasses write by themselves
        doc = ""
    fields = ", ".join(f"`{field.name}`: {_kind(field.type)}" for field in dataclasses.fields(member))
    entry = [f"### {member.__name__} (`{wire_name(member)}`)"]
    if doc:
        entry += ["", doc]
    return [*entry, "", fields or "no fields"]


def _kind(annotation: object) -> str:
    name = (
        annotation.__name__ if isinstance(annotation, type) and not get_args(annotation) else str(annotation)
    )
    return (
        name.replace("cordboard.core.words.", "")
        .replace("cordboard.core.config.", "")
        .replace("cordboard.core.events.", "")
        .replace("collections.abc.", "")
        .replace("datetime.", "")
    )


def figures_page() -> str:
    """Every figure with its one written definition."""
    lines = [
        "# Figures",
        "",
        "*Generated from `core/statistics/figures.py` by `just docs`.* Each figure is defined once; wall board, report, API and "
        "`cordboard stats` show the same value, and its contacts can be listed. *of*: what it can be asked for and broken down by "
        "(a figure of queues also by skill; *hour* stands for quarters of an hour, hours and days): [Figures](../howto/figures.md).",
        "",
        "| id | name | unit | of | definition |",
        "| --- | --- | --- | --- | --- |",
    ]
    for figure in FIGURES.values():
        scopes = ["all"] + ["agent"] * figure.of_agents + ["queue"] * figure.of_queues
        scopes += ["Space"] * figure.of_spaces + ["hour"] * figure.of_hours
        lines.append(
            f"| `{figure.id}` | {figure.name} | {figure.unit.value} | {', '.join(scopes)} | {figure.definition} |"
        )
    return "\n".join(lines) + "\n"
