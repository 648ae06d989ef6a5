"""From what the service says to what goes over the wire; the command line speaks the same."""

from collections.abc import Sequence

from cordboard.configuration.affected import summary
from cordboard.configuration.changes import Change
from cordboard.configuration.nodes import Problem
from cordboard.configuration.repository import Version
from cordboard.configuration.schemas import (
    AffectedRow,
    ApplyAnswer,
    ChangeRow,
    ErrorRow,
    PlanAnswer,
    VersionRow,
    Versions,
)
from cordboard.configuration.service import Applied, Plan


def _changes(changes: tuple[Change, ...]) -> list[ChangeRow]:
    return [
        ChangeRow(path=c.path, kind=c.kind, before=c.before, after=c.after, sentence=c.sentence)
        for c in changes
    ]


def error_rows(problems: Sequence[Problem]) -> list[ErrorRow]:
    return [ErrorRow(line=p.line, column=p.column, path=p.path, message=p.message) for p in problems]


def plan_answer(plan: Plan) -> PlanAnswer:
    return PlanAnswer(
        base_version=plan.base_version,
        changes=_changes(plan.changes),
        affected=[AffectedRow(contact_id=item.contact_id, sentence=item.sentence) for item in plan.affected],
        summary=summary(list(plan.affected)),
        errors=error_rows(plan.errors),
    )


def apply_answer(applied: Applied) -> ApplyAnswer:
    return ApplyAnswer(
        version=applied.version,
        changed=applied.plan.changes_something,
        in_force=applied.in_force,
        changes=_changes(applied.plan.changes),
        summary=summary(list(applied.plan.affected)),
        new_logins=dict(applied.new_logins),
    )


def version_list(versions: Sequence[Version]) -> Versions:
    rows = [
        VersionRow(version=row.version, applied_at=row.applied_at, applied_by=row.applied_by, note=row.note)
        for row in versions
    ]
    return Versions(items=rows)
