"""The library as a file: to be reviewed, kept under version control, and put into another centre.

    themes:  {orders: {names: {en: Orders, fr: Commandes}}, order-changes: {parent: orders, names: {en: Changes}}}
    answers: {order-cancel: {theme: order-changes, short_name: cancel, valid_until: 2026-12-31, texts: {en: {title: …, text: …}},
              attachments: [{file: <SHA-256>, name: prices.pdf, media_type: application/pdf}]}}

As in the configuration's document: what a file does not mention stays, `null` removes, and putting in what was written out changes
nothing. An answer that is mentioned is exactly as the file says. Files are named by what is in them; their bytes travel beside it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from cordboard.answers import repository
from cordboard.answers.repository import AnswerRow, TextRow, ThemeRow
from cordboard.answers.schemas import AnswerText, ChannelName, Key, Language
from cordboard.answers.service import texts_from
from cordboard.db.database import Connection
from cordboard.errors import Refused
from cordboard.knowledge.markup import html_of, text_of

LARGEST = 20_000_000
"""Characters of a file."""


class ThemeEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    names: dict[Language, Annotated[str, StringConstraints(min_length=1, max_length=100)]] = Field(
        min_length=1, max_length=20
    )
    parent: str = ""
    position: int = Field(0, ge=0, le=100_000)


class FileEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    file: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: str = Field(min_length=1, max_length=200)
    media_type: str = Field("application/octet-stream", max_length=100)
    size: int = Field(0, ge=0)


class AnswerEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    theme: str
    short_name: str = Field("", max_length=40, pattern=r"^[\w.-]*$")
    space: str = ""
    channels: list[ChannelName] = Field(default_factory=lambda: ["email", "chat"], min_length=1, max_length=3)
    valid_from: date | None = None
    valid_until: date | None = None
    position: int = Field(0, ge=0, le=100_000)
    texts: dict[Language, AnswerText] = Field(min_length=1, max_length=20)
    attachments: list[FileEntry] = Field(default_factory=list, max_length=10)


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid")

    themes: dict[Key, ThemeEntry | None] = Field(default_factory=dict)
    answers: dict[Key, AnswerEntry | None] = Field(default_factory=dict)


class LibraryWrong(Refused):
    """The file can not be put into the library; nothing was changed."""

    code = "library_wrong"
    status = 422

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems[:20]), problem=problems[0] if problems else "")
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Stored:
    """The library as it is: what the document would say, and the rows that it comes from."""

    document: Document
    themes: Mapping[str, ThemeRow]
    answers: Mapping[str, AnswerRow]


@dataclass(frozen=True, slots=True)
class Change:
    """`kind`: add | change | remove. `what`: each part that becomes another, as "texts.fr.title"."""

    kind: str
    path: str
    title: str
    what: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    changes: tuple[Change, ...]
    given: Document
    stored: Stored
    files: frozenset[str] = field(default_factory=frozenset)  # named by answers that are added or changed


def read(text: str) -> Document:
    """Raises LibraryWrong."""
    if len(text) > LARGEST:
        raise LibraryWrong([f"The file has more than {LARGEST // 1_000_000} million characters."])
    try:
        found = yaml.load(text, Loader=yaml.CSafeLoader)  # the safe one, in C
    except yaml.YAMLError as error:
        raise LibraryWrong([f"This is no YAML: {error}"]) from error
    try:
        return Document.model_validate(found or {})
    except ValidationError as error:
        raise LibraryWrong([f"{_path(each['loc'])}: {each['msg']}" for each in error.errors()]) from error


def _path(parts: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in parts) or "the file"


def written(document: Document) -> str:
    """The text of a document, with only what is not as usual."""
    body = {
        "themes": {key: _spare(entry) for key, entry in document.themes.items()},
        "answers": {key: _spare(entry) for key, entry in document.answers.items()},
    }
    text: str = yaml.dump(body, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return text


def _spare(entry: BaseModel | None) -> Any:
    return None if entry is None else entry.model_dump(exclude_defaults=True)


class _Dumper(yaml.SafeDumper):
    """Texts of several lines are written as such, so that a review shows the line that was changed."""


def _words(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _words)


async def stored(connection: Connection) -> Stored:
    themes = {row.id: row for row in await repository.themes(connection)}
    answers = {row.id: row for row in await repository.all_answers(connection)}
    texts = await repository.all_texts(connection)
    document = Document(
        themes={
            key: ThemeEntry(names=json.loads(row.names), parent=row.parent_id, position=row.position)
            for key, row in themes.items()
        },
        answers={key: _entry(row, texts.get(key, ())) for key, row in answers.items()},
    )
    return Stored(document, themes, answers)


def _entry(row: AnswerRow, texts: Sequence[TextRow]) -> AnswerEntry:
    return AnswerEntry(
        theme=row.theme_id,
        short_name=row.short_name,
        space=row.space_id,
        channels=list(row.channels),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        position=row.position,
        texts={text.language: _said(text) for text in texts},
        attachments=[
            FileEntry(file=each["hash"], name=each["name"], media_type=each["media_type"], size=each["size"])
            for each in json.loads(row.attachments)
        ],
    )


def _said(text: TextRow) -> AnswerText:
    """In one form where the other one follows from it."""
    if text.html == html_of(text.text):
        return AnswerText(title=text.title, html="", text=text.text)
    if text.text == text_of(text.html):
        return AnswerText(title=text.title, html=text.html, text="")
    return AnswerText(title=text.title, html=text.html, text=text.text)


def plan(given: Document, there: Stored, spaces: frozenset[str]) -> Plan:
    """What `given` would change, without changing anything. Raises LibraryWrong."""
    given = _normal(given)
    themes = {**there.document.themes, **given.themes}
    answers = {**there.document.answers, **given.answers}
    problems = [*_theme_problems(themes), *_answer_problems(themes, answers, given, spaces)]
    if problems:
        raise LibraryWrong(problems)
    changes = [
        *_changes("themes", given.themes, there.document.themes),
        *_changes("answers", given.answers, there.document.answers),
    ]
    touched = {change.path.partition(".")[2] for change in changes if change.path.startswith("answers.")}
    named = [entry for key, entry in given.answers.items() if key in touched and entry is not None]
    files = frozenset(each.file for entry in named for each in entry.attachments)
    return Plan(tuple(changes), given, there, files)


def _normal(given: Document) -> Document:
    """As it is stored and would be written out again. Raises LibraryWrong."""
    answers: dict[str, AnswerEntry | None] = {}
    for key, entry in given.answers.items():
        if entry is None:
            answers[key] = None
            continue
        try:
            texts = {row.language: _said(row) for row in texts_from(entry.texts)}
        except Refused as refused:
            raise LibraryWrong([f"answers.{key}: {refused.detail}"]) from refused
        channels = list(dict.fromkeys(entry.channels))
        changed = {"texts": texts, "channels": channels, "short_name": entry.short_name.lower()}
        answers[key] = entry.model_copy(update=changed)
    return given.model_copy(update={"answers": answers})


def _theme_problems(themes: Mapping[str, ThemeEntry | None]) -> list[str]:
    problems = []
    for key, entry in themes.items():
        seen, above = {key}, entry.parent if entry else ""
        if above and themes.get(above) is None:
            problems.append(f"themes.{key}.parent: There is no theme {above!r}.")
            continue
        while above:
            if above in seen:
                problems.append(f"themes.{key}.parent: A theme can not be below itself.")
                break
            seen.add(above)
            parent = themes.get(above)
            above = parent.parent if parent else ""
    return problems


def _answer_problems(
    themes: Mapping[str, ThemeEntry | None],
    answers: Mapping[str, AnswerEntry | None],
    given: Document,
    spaces: frozenset[str],
) -> list[str]:
    problems, names = [], dict[str, str]()
    for key, entry in answers.items():
        if entry is None:
            continue
        if themes.get(entry.theme) is None:
            problems.append(f"answers.{key}.theme: There is no theme {entry.theme!r}.")
        if entry.short_name and names.setdefault(entry.short_name, key) != key:
            problems.append(
                f"answers.{key}.short_name: {entry.short_name!r} belongs to {names[entry.short_name]!r}."
            )
        if key in given.answers and entry.space and entry.space not in spaces:
            problems.append(f"answers.{key}.space: There is no Space {entry.space!r}.")
        if entry.valid_from and entry.valid_until and entry.valid_until < entry.valid_from:
            problems.append(f"answers.{key}.valid_until: The last day is before the first.")
    return problems


def _changes(
    kind: str, given: Mapping[str, BaseModel | None], there: Mapping[str, BaseModel | None]
) -> list[Change]:
    found = []
    for key, entry in given.items():
        before, path = there.get(key), f"{kind}.{key}"
        if entry is None:
            if before is not None:
                found.append(Change("remove", path, _title(before)))
        elif before is None:
            found.append(Change("add", path, _title(entry)))
        elif parts := _differ(_flat(before.model_dump()), _flat(entry.model_dump())):
            found.append(Change("change", path, _title(entry), parts))
    return found


def _title(entry: BaseModel) -> str:
    names = entry.names if isinstance(entry, ThemeEntry) else {}
    if isinstance(entry, AnswerEntry):
        names = {language: text.title for language, text in entry.texts.items()}
    return names.get("en") or next(iter(names.values()), "")


def _flat(value: Any, path: str = "") -> dict[str, Any]:
    if not isinstance(value, dict):
        return {path: value}
    return {
        name: part
        for key, each in value.items()
        for name, part in _flat(each, f"{path}.{key}" if path else str(key)).items()
    }


def _differ(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(key for key in {*before, *after} if before.get(key) != after.get(key)))
