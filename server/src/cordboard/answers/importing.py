"""A planned file put into the library, in one transaction: all of it or nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cordboard.answers import repository, tables
from cordboard.answers.document import AnswerEntry, LibraryWrong, Plan, ThemeEntry
from cordboard.answers.repository import AnswerRow, ThemeRow
from cordboard.answers.service import texts_from
from cordboard.blobs import rows
from cordboard.db.database import Connection


@dataclass(frozen=True, slots=True)
class Import:
    """Whose library, by whom, when."""

    tenant_id: str
    by: str
    now: datetime


async def missing_files(connection: Connection, plan: Plan) -> list[str]:
    """Named by the file and not kept here yet."""
    return [each for each in sorted(plan.files) if await rows.find(connection, each) is None]


async def apply(connection: Connection, who: Import, plan: Plan) -> None:
    """Raises LibraryWrong, also when a theme that goes still has answers."""
    missing = await missing_files(connection, plan)
    if missing:
        raise LibraryWrong([f"The file {each} is not here: bring it along." for each in missing])
    kinds = {change.path: change.kind for change in plan.changes}
    for key, theme in _above_first(plan.given.themes):
        if kinds.get(f"themes.{key}") in ("add", "change"):
            await _put_theme(connection, who, plan, key, theme)
    changed = [path.partition(".")[2] for path, kind in kinds.items() if path.startswith("answers.")]
    await connection.execute(
        tables.CLEAR_SHORT_NAMES, changed
    )  # one may go from an answer of the file to another
    for key, answer in plan.given.answers.items():
        kind = kinds.get(f"answers.{key}")
        if kind == "remove":
            await repository.delete_answer(connection, key, plan.stored.answers[key].version)
        elif kind is not None and answer is not None:
            await _put_answer(connection, who, plan, key, answer)
    for key in _below_first(plan):
        if await repository.theme_in_use(connection, key):
            raise LibraryWrong([f"themes.{key}: It still has answers or themes below it."])
        await repository.delete_theme(connection, key)


async def _put_theme(connection: Connection, who: Import, plan: Plan, key: str, entry: ThemeEntry) -> None:
    before = plan.stored.themes.get(key)
    version = before.version if before else 1
    row = ThemeRow(key, entry.parent, repository.names_json(entry.names), entry.position, version, 0)
    if before is None:
        await repository.add_theme(connection, who.tenant_id, row)
    else:
        await repository.save_theme(connection, row)


async def _put_answer(connection: Connection, who: Import, plan: Plan, key: str, entry: AnswerEntry) -> None:
    before = plan.stored.answers.get(key)
    files = [
        {"hash": each.file, "name": each.name, "media_type": each.media_type, "size": each.size}
        for each in entry.attachments
    ]
    row = AnswerRow(
        key,
        entry.theme,
        entry.short_name,
        entry.space,
        entry.channels,
        entry.valid_from,
        entry.valid_until,
        entry.position,
        json.dumps(files),
        before.version if before else 0,
        who.now,
        who.by,
    )
    if before is None:
        await repository.add_answer(connection, who.tenant_id, row)
        version: int | None = await connection.fetchval(tables.VERSION_OF, key)
    else:
        version = await repository.save_answer(connection, row)
        if version is None:
            raise LibraryWrong([f"answers.{key}: Somebody has just changed it. Plan again."])
    await repository.save_texts(connection, who.tenant_id, key, texts_from(entry.texts))
    if version is not None and row.attachments != (before.attachments if before else "[]"):
        await repository.save_attachments(connection, replace(row, version=version))


def _above_first(themes: Mapping[str, ThemeEntry | None]) -> list[tuple[str, ThemeEntry]]:
    """Each after the one that it is below."""
    placed: dict[str, ThemeEntry] = {}

    def place(key: str) -> None:
        entry = themes.get(key)
        if entry is not None and key not in placed:
            if entry.parent:
                place(entry.parent)
            placed[key] = entry

    for key in themes:
        place(key)
    return list(placed.items())


def _below_first(plan: Plan) -> list[str]:
    """The themes that go, each before the one that it is below."""
    going = [
        change.path.partition(".")[2]
        for change in plan.changes
        if change.kind == "remove" and change.path.startswith("themes.")
    ]

    def depth(key: str) -> int:
        row = plan.stored.themes.get(key)
        return 1 + depth(row.parent_id) if row and row.parent_id else 0

    return sorted(going, key=depth, reverse=True)
