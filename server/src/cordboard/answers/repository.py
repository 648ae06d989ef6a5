"""Themes, answers, their texts and uses as rows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cordboard.answers import tables
from cordboard.answers.vectors import drop_lost_vectors
from cordboard.db.database import Connection
from cordboard.knowledge.dictionaries import any_word_query, dictionary_of, typed_query


@dataclass(frozen=True, slots=True)
class ThemeRow:
    id: str
    parent_id: str
    names: str  # JSON: language → name
    position: int
    version: int
    answers: int


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """`attachments` is JSON: a list of {hash, name, media_type, size}."""

    id: str
    theme_id: str
    short_name: str
    space_id: str
    channels: Sequence[str]
    valid_from: date | None
    valid_until: date | None
    position: int
    attachments: str
    version: int
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class FiguresRow:
    """`kept`: how much of it was left as it is on average when it was sent, 0..1."""

    used: int
    sent: int
    success: int
    kept: float | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListedRow:
    id: str
    theme_id: str
    short_name: str
    space_id: str
    channels: Sequence[str]
    valid_from: date | None
    valid_until: date | None
    position: int
    attachments: int
    version: int
    changed_at: datetime
    changed_by: str
    title: str
    language: str
    beginning: str
    languages: Sequence[str]
    used: int
    sent: int
    kept: float | None
    success: int
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class TextRow:
    language: str
    title: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """An answer in the language that suits best."""

    answer_id: str
    language: str
    title: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class FoundText:
    answer_id: str
    language: str
    rank: float


@dataclass(frozen=True, slots=True)
class UseRow:
    answer_id: str
    question: bytes
    sent: bool
    edited_ratio: float


@dataclass(frozen=True, slots=True)
class AskedRow:
    """The newest mail of a contact."""

    subject: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Use:
    answer_id: str
    contact_id: int
    person_id: str
    language: str
    sent: bool
    edited_ratio: float
    question: bytes | None = None  # what was asked, as a vector


@dataclass(frozen=True, slots=True)
class Listing:
    """Which answers of the library: see `tables.LIST_ANSWERS`. None means all."""

    language: str
    fallback_language: str
    theme_ids: Sequence[str] | None = None
    channel: str = ""
    space_ids: Sequence[str] | None = None
    valid_on: date | None = None
    ids: Sequence[str] | None = None
    limit: int = 50
    offset: int = 0


async def themes(connection: Connection) -> list[ThemeRow]:
    return [ThemeRow(**dict(row.items())) for row in await connection.fetch(tables.THEMES)]


async def add_theme(connection: Connection, tenant_id: str, row: ThemeRow) -> bool:
    """False when there is one of that id."""
    values = (tenant_id, row.id, row.parent_id, row.names, row.position)
    return await connection.fetchval(tables.ADD_THEME, *values) is not None


async def save_theme(connection: Connection, row: ThemeRow) -> bool:
    """False when its version is another by now."""
    values = (row.id, row.parent_id, row.names, row.position, row.version)
    return await connection.fetchval(tables.SAVE_THEME, *values) is not None


async def theme_in_use(connection: Connection, theme_id: str) -> bool:
    return bool(await connection.fetchval(tables.THEME_IN_USE, theme_id))


async def delete_theme(connection: Connection, theme_id: str) -> bool:
    return await connection.fetchval(tables.DELETE_THEME, theme_id) is not None


async def theme_is_there(connection: Connection, theme_id: str) -> bool:
    return await connection.fetchval(tables.THEME_THERE, theme_id) is not None


async def listed(connection: Connection, wanted: Listing) -> list[ListedRow]:
    rows = await connection.fetch(
        tables.LIST_ANSWERS,
        wanted.language,
        wanted.fallback_language,
        wanted.theme_ids,
        wanted.channel,
        wanted.space_ids,
        wanted.valid_on,
        wanted.ids,
        wanted.limit,
        wanted.offset,
    )
    return [ListedRow(**dict(row.items())) for row in rows]


async def languages(connection: Connection) -> list[str]:
    """Those that the library has texts in."""
    return [row["language"] for row in await connection.fetch(tables.LANGUAGES)]


async def search(connection: Connection, languages: Sequence[str], typed: str, limit: int) -> list[str]:
    """Ids, best first: all words are there, in one of the languages; the last word may be its beginning."""
    query = typed_query(typed)
    if not query:
        return []
    dictionaries = [dictionary_of(language) for language in languages]
    rows = await connection.fetch(
        tables.SEARCH, list(languages), dictionaries, [query] * len(languages), limit
    )
    return [row["answer_id"] for row in rows]


async def ranked_texts(connection: Connection, languages: Sequence[str], question: str) -> list[FoundText]:
    """All texts that have any of the question's words, by how many and where."""
    query = any_word_query(question)
    if not query:
        return []
    dictionaries = [dictionary_of(language) for language in languages]
    rows = await connection.fetch(
        tables.SEARCH_TEXTS, list(languages), dictionaries, [query] * len(languages)
    )
    return [FoundText(**dict(row.items())) for row in rows]


async def by_short_name(connection: Connection, beginning: str, limit: int) -> list[str]:
    rows = await connection.fetch(tables.BY_SHORT_NAME, beginning.lower(), limit)
    return [row["id"] for row in rows]


async def all_answers(connection: Connection) -> list[AnswerRow]:
    return [AnswerRow(**dict(row.items())) for row in await connection.fetch(tables.ALL_ANSWERS)]


async def all_texts(connection: Connection) -> dict[str, list[TextRow]]:
    """By answer."""
    found: dict[str, list[TextRow]] = {}
    for row in await connection.fetch(tables.ALL_TEXTS):
        text = TextRow(row["language"], row["title"], row["html"], row["text"])
        found.setdefault(row["answer_id"], []).append(text)
    return found


async def find_answer(connection: Connection, answer_id: str) -> AnswerRow | None:
    row = await connection.fetchrow(tables.GET_ANSWER, answer_id)
    return None if row is None else AnswerRow(**dict(row.items()))


async def texts_of(connection: Connection, answer_id: str) -> list[TextRow]:
    return [TextRow(**dict(row.items())) for row in await connection.fetch(tables.TEXTS_OF, answer_id)]


async def figures_of(connection: Connection, answer_id: str) -> FiguresRow:
    row = await connection.fetchrow(tables.FIGURES_OF, answer_id)
    assert row is not None
    return FiguresRow(**dict(row.items()))


async def short_name_taken(connection: Connection, short_name: str, answer_id: str) -> bool:
    return await connection.fetchval(tables.SHORT_NAME_TAKEN, short_name, answer_id) is not None


async def add_answer(connection: Connection, tenant_id: str, row: AnswerRow) -> bool:
    """False when there is one of that id."""
    made = await connection.fetchval(
        tables.ADD_ANSWER, tenant_id, row.id, *_content(row), row.changed_at, row.changed_by
    )
    return made is not None


async def save_answer(connection: Connection, row: AnswerRow) -> int | None:
    """The new version; None when `row.version` is not the stored one."""
    values = (row.id, *_content(row), row.changed_at, row.changed_by, row.version)
    version: int | None = await connection.fetchval(tables.SAVE_ANSWER, *values)
    return version


def _content(row: AnswerRow) -> tuple[object, ...]:
    return (
        row.theme_id,
        row.short_name,
        row.space_id,
        row.channels,
        row.valid_from,
        row.valid_until,
        row.position,
    )


async def save_attachments(connection: Connection, row: AnswerRow) -> int | None:
    values = (row.id, row.attachments, row.changed_at, row.changed_by, row.version)
    version: int | None = await connection.fetchval(tables.SAVE_ATTACHMENTS, *values)
    return version


async def save_texts(
    connection: Connection, tenant_id: str, answer_id: str, texts: Sequence[TextRow]
) -> None:
    """The answer has exactly these. What was made of those before goes with them."""
    await connection.execute(tables.DROP_TEXTS, answer_id, [text.language for text in texts])
    for text in texts:
        await connection.execute(
            tables.SAVE_TEXT,
            tenant_id,
            answer_id,
            text.language,
            text.title,
            text.html,
            text.text,
            dictionary_of(text.language),
        )
    await drop_lost_vectors(connection)


async def delete_answer(connection: Connection, answer_id: str, version: int) -> bool:
    gone = await connection.fetchval(tables.DELETE_ANSWER, answer_id, version) is not None
    await drop_lost_vectors(connection)
    return gone


async def candidates(connection: Connection, wanted: Listing, space_id: str) -> list[CandidateRow]:
    """What may be suggested on that day, each answer in the language that suits best."""
    rows = await connection.fetch(
        tables.CANDIDATES,
        wanted.language,
        wanted.fallback_language,
        wanted.channel,
        space_id,
        wanted.valid_on,
    )
    return [CandidateRow(**dict(row.items())) for row in rows]


async def save_use(connection: Connection, tenant_id: str, use: Use, now: datetime) -> None:
    """One use a person and contact: told again, the last word counts."""
    await connection.execute(
        tables.SAVE_USE,
        tenant_id,
        use.answer_id,
        use.contact_id,
        use.person_id,
        use.language,
        use.sent,
        use.edited_ratio,
        use.question,
        now,
    )


async def remember_question(connection: Connection, use: Use, question: bytes) -> None:
    """What was asked when it was used; the first time counts."""
    await connection.execute(tables.REMEMBER_QUESTION, use.answer_id, use.contact_id, use.person_id, question)


async def newest_mail(connection: Connection, contact_id: int) -> AskedRow | None:
    row = await connection.fetchrow(tables.NEWEST_MAIL, contact_id)
    return None if row is None else AskedRow(**dict(row.items()))


async def last_written(connection: Connection, contact_id: int) -> list[str]:
    """The end-customer's last messages of a chat, newest first."""
    return [row["text"] for row in await connection.fetch(tables.LAST_WRITTEN, contact_id)]


async def newest_uses(connection: Connection, limit: int) -> list[UseRow]:
    return [UseRow(**dict(row.items())) for row in await connection.fetch(tables.NEWEST_USES, limit)]


async def vectors(connection: Connection, hashes: Sequence[bytes]) -> dict[bytes, bytes]:
    rows = await connection.fetch(tables.VECTORS, list(hashes))
    return {row["hash"]: row["vector"] for row in rows}


async def save_vectors(connection: Connection, tenant_id: str, made: Mapping[bytes, bytes]) -> None:
    await connection.executemany(
        tables.SAVE_VECTOR, [(tenant_id, hash_, vector) for hash_, vector in made.items()]
    )


def names_json(names: Mapping[str, str]) -> str:
    return json.dumps(dict(names), ensure_ascii=False, sort_keys=True)
