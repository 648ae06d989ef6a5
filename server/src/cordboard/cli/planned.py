"""How plans, errors and what was applied look on a terminal."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cordboard.configuration.changes import ChangeKind
from cordboard.configuration.nodes import Problem
from cordboard.configuration.schemas import ApplyAnswer, ChangeRow, ErrorRow, PlanAnswer, Versions
from cordboard.errors import Refused

_SIGNS = {
    ChangeKind.ADD: ("+", "green"),
    ChangeKind.CHANGE: ("~", "yellow"),
    ChangeKind.REMOVE: ("-", "red"),
    ChangeKind.KEEP: ("=", "dim"),
}

out = Console(highlight=False, soft_wrap=True)
err = Console(highlight=False, soft_wrap=True, stderr=True)


def read_file(file: Path) -> str:
    """The text of a document; `-` is the standard input."""
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except OSError as error:
        raise Refused(f"{file} can not be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{file} is no UTF-8 text (byte {error.start}).") from error


def show_plan(plan: PlanAnswer) -> None:
    """The changes, who is affected, and a count."""
    for change in plan.changes:
        _show_change(change)
    if not changes_of(plan):
        out.print(f"No changes: version {plan.base_version} says the same.")
        return
    if plan.summary:
        out.print("\n[bold]In progress now[/]")
        for sentence in plan.summary:
            out.print(f"  {escape(sentence)}")
    counts = {kind: sum(change.kind is kind for change in plan.changes) for kind in ChangeKind}
    out.print(
        f"\n[bold]Plan[/]: {counts[ChangeKind.ADD]} to add, {counts[ChangeKind.CHANGE]} to change, "
        f"{counts[ChangeKind.REMOVE]} to remove, on top of version {plan.base_version}."
    )


def changes_of(plan: PlanAnswer) -> list[ChangeRow]:
    """What changes, without what stays."""
    return [change for change in plan.changes if change.kind is not ChangeKind.KEEP]


def show_problems(name: str, problems: Sequence[Problem | ErrorRow], document: str) -> None:
    """Each problem with its place, and the line that it is about."""
    lines = document.splitlines()
    for problem in problems:
        place = f"{name}:{problem.line}:{problem.column}" if problem.line else "published document"
        err.print(f"[red]✗[/] [bold]{escape(place)}[/] [dim]{escape(problem.path)}[/]")
        err.print(f"  {escape(problem.message)}")
        if 0 < problem.line <= len(lines):
            err.print(f"  [dim]{problem.line:>5} │[/] {escape(lines[problem.line - 1])}")
            err.print(f"  [dim]      │[/] {' ' * (problem.column - 1)}[red]^[/]")
    count = len(problems)
    err.print(f"\n{count} problem{'s' if count != 1 else ''}: nothing was changed.")


def show_applied(answer: ApplyAnswer) -> None:
    """Which version is in force now, and the first passwords of new logins."""
    if not answer.changed:
        out.print(f"Nothing to change: version {answer.version} stays in force.")
        return
    out.print(
        f"[green]✓[/] Version {answer.version} is published" + (" and in force." if answer.in_force else ".")
    )
    if not answer.in_force:
        out.print(
            "  A running server takes it up within seconds; otherwise it is in force at the next start."
        )
    if answer.new_logins:
        table = Table("New login", "First password", box=None, padding=(0, 3, 0, 2))
        for login, password in answer.new_logins.items():
            table.add_row(escape(login), escape(password))
        out.print("\nTell these people their first password; it is shown only now.\n")
        out.print(table)


def show_versions(versions: Versions) -> None:
    """Newest first."""
    table = Table("Version", "Applied", "By", "Note", box=None, padding=(0, 3, 0, 0))
    for row in versions.items:
        applied = row.applied_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(str(row.version), applied, escape(row.applied_by), escape(row.note))
    out.print(table)


def _show_change(change: ChangeRow) -> None:
    sign, style = _SIGNS[change.kind]
    out.print(f"[{style}]{sign} {escape(change.sentence)}[/]")
