"""The library: reading, searching, changing. Who may is the endpoints' business; what is coherent is decided here."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from cordboard.answers import repository, schemas
from cordboard.answers.errors import (
    AnswerNotFound,
    ChangedMeanwhile,
    DatesReversed,
    EmptyAnswer,
    IdTaken,
    NameTaken,
    SpaceUnknown,
    ThemeCircle,
    ThemeInUse,
    ThemeNotFound,
    UnknownVariable,
)
from cordboard.answers.repository import AnswerRow, FiguresRow, ListedRow, Listing, TextRow, ThemeRow
from cordboard.db.database import Connection, Database
from cordboard.identity.rights import Permission, Session
from cordboard.knowledge.markup import html_of, sanitised, text_of
from cordboard.knowledge.variables import NAMES, unknown_in
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.clock import Clock
from cordboard.runtime.randomness import new_id

MOST = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question to the list. `everything`: also what is not valid today."""

    q: str = ""
    short: str = ""
    language: str = ""
    theme_id: str = ""
    channel: str = ""
    space_id: str = ""
    everything: bool = False
    limit: int = 50
    offset: int = 0


class Library:
    def __init__(self, db: Database, switchboard: Switchboard, clock: Clock) -> None:
        self._db = db
        self._switchboard = switchboard
        self._clock = clock

    def today(self, tenant_id: str) -> date:
        """The day where the tenant is."""
        zone = ZoneInfo(self._switchboard.config(tenant_id).time_zone)
        return self._clock.now().astimezone(zone).date()

    # -- themes

    async def themes(self, session: Session) -> schemas.Themes:
        async with self._db.tenant(session.tenant_id) as connection:
            return schemas.Themes(items=[_theme(row) for row in await repository.themes(connection)])

    async def add_theme(self, session: Session, content: schemas.NewTheme) -> schemas.Theme:
        row = _theme_row(content.id or new_id(), content, 1)
        async with self._db.tenant(session.tenant_id) as connection:
            _check_place(await repository.themes(connection), row)
            if not await repository.add_theme(connection, session.tenant_id, row):
                raise IdTaken
        return _theme(row)

    async def save_theme(
        self, session: Session, theme_id: str, content: schemas.ThemeContent, version: int
    ) -> schemas.Theme:
        row = _theme_row(theme_id, content, version)
        async with self._db.tenant(session.tenant_id) as connection:
            known = await repository.themes(connection)
            before = next((each for each in known if each.id == theme_id), None)
            if before is None:
                raise ThemeNotFound
            _check_place(known, row)
            if not await repository.save_theme(connection, row):
                raise ChangedMeanwhile
        return _theme(replace(row, version=version + 1, answers=before.answers))

    async def delete_theme(self, session: Session, theme_id: str) -> None:
        async with self._db.tenant(session.tenant_id) as connection:
            if await repository.theme_in_use(connection, theme_id):
                raise ThemeInUse
            if not await repository.delete_theme(connection, theme_id):
                raise ThemeNotFound

    # -- answers

    async def listed(self, session: Session, wanted: Wanted) -> schemas.Answers:
        """Best first for words, else in the order of the library; agents see their Spaces' and what is valid today."""
        tenant_id = session.tenant_id
        today = self.today(tenant_id)
        config = self._switchboard.config(tenant_id)
        spaces = [wanted.space_id] if wanted.space_id else self._spaces_of(session)
        async with self._db.tenant(tenant_id) as connection:
            rows = await repository.listed(
                connection,
                Listing(
                    wanted.language or session.language,
                    config.language,
                    await _with_themes_below(connection, wanted.theme_id),
                    wanted.channel,
                    spaces,
                    None if wanted.everything else today,
                    await _found(connection, wanted),
                    wanted.limit + 1,
                    wanted.offset,
                ),
            )
        more = str(wanted.offset + wanted.limit) if len(rows) > wanted.limit else None
        return schemas.Answers(items=[_line(row, today) for row in rows[: wanted.limit]], next=more)

    async def get(self, session: Session, answer_id: str) -> schemas.LibraryAnswer:
        async with self._db.tenant(session.tenant_id) as connection:
            row = await self.readable(connection, session, answer_id)
            texts = await repository.texts_of(connection, answer_id)
            figures = await repository.figures_of(connection, answer_id)
        return _answer(row, texts, figures, self.today(session.tenant_id))

    async def add(self, session: Session, content: schemas.NewAnswer) -> schemas.LibraryAnswer:
        row, texts = self._checked(session, content.id or new_id(), content, 0)
        async with self._db.tenant(session.tenant_id) as connection:
            await _check(connection, row)
            if not await repository.add_answer(connection, session.tenant_id, row):
                raise IdTaken
            await repository.save_texts(connection, session.tenant_id, row.id, texts)
        return await self.get(session, row.id)

    async def save(
        self, session: Session, answer_id: str, content: schemas.AnswerContent, version: int
    ) -> schemas.LibraryAnswer:
        """Raises ChangedMeanwhile unless the stored version is `version`."""
        row, texts = self._checked(session, answer_id, content, version)
        async with self._db.tenant(session.tenant_id) as connection:
            if await repository.find_answer(connection, answer_id) is None:
                raise AnswerNotFound
            await _check(connection, row)
            if await repository.save_answer(connection, row) is None:
                raise ChangedMeanwhile
            await repository.save_texts(connection, session.tenant_id, answer_id, texts)
        return await self.get(session, answer_id)

    async def delete(self, session: Session, answer_id: str, version: int) -> None:
        async with self._db.tenant(session.tenant_id) as connection:
            if await repository.find_answer(connection, answer_id) is None:
                raise AnswerNotFound
            if not await repository.delete_answer(connection, answer_id, version):
                raise ChangedMeanwhile

    async def readable(self, connection: Connection, session: Session, answer_id: str) -> AnswerRow:
        """Raises AnswerNotFound, also for those of Spaces that an agent is not in."""
        row = await repository.find_answer(connection, answer_id)
        spaces = self._spaces_of(session)
        if row is None or (spaces is not None and row.space_id and row.space_id not in spaces):
            raise AnswerNotFound
        return row

    def _spaces_of(self, session: Session) -> Sequence[str] | None:
        """None for who looks after the library: all."""
        if session.may(Permission.ANSWERS_WRITE):
            return None
        agent = self._switchboard.config(session.tenant_id).agents.get(session.agent_id or "")
        return list(agent.space_ids) if agent else []

    def _checked(
        self, session: Session, answer_id: str, content: schemas.AnswerContent, version: int
    ) -> tuple[AnswerRow, list[TextRow]]:
        if content.valid_from and content.valid_until and content.valid_until < content.valid_from:
            raise DatesReversed
        if content.space_id and content.space_id not in self._switchboard.config(session.tenant_id).spaces:
            raise SpaceUnknown
        row = AnswerRow(
            answer_id,
            content.theme_id,
            content.short_name.lower(),
            content.space_id,
            list(dict.fromkeys(content.channels)),
            content.valid_from,
            content.valid_until,
            content.position,
            "[]",
            version,
            self._clock.now(),
            session.name,
        )
        return row, texts_from(content.texts)


def texts_from(texts: Mapping[str, schemas.AnswerText]) -> list[TextRow]:
    """As they are stored: harmless, in both forms. Raises EmptyAnswer or UnknownVariable."""
    rows = []
    for language, text in texts.items():
        html = sanitised(text.html) if text.html.strip() else html_of(text.text)
        plain = text.text.strip() or text_of(html)
        if not plain:
            raise EmptyAnswer(language=language)
        unknown = unknown_in(html, plain)
        if unknown:
            known = ", ".join(f"{{{name}}}" for name in (*NAMES, "values.…"))
            raise UnknownVariable(
                f"There is no variable {{{unknown[0]}}}. Known are: {known}.", variable=unknown[0]
            )
        rows.append(TextRow(language, text.title.strip(), html, plain))
    return rows


def attachments_of(row: AnswerRow) -> list[schemas.AnswerAttachment]:
    return [
        schemas.AnswerAttachment(
            file_id=each["hash"], name=each["name"], media_type=each["media_type"], size=each["size"]
        )
        for each in json.loads(row.attachments)
    ]


async def _check(connection: Connection, row: AnswerRow) -> None:
    if not await repository.theme_is_there(connection, row.theme_id):
        raise ThemeNotFound
    if row.short_name and await repository.short_name_taken(connection, row.short_name, row.id):
        raise NameTaken


async def _found(connection: Connection, wanted: Wanted) -> list[str] | None:
    """Ids by words or by the beginning of a short name, best first; None without a question."""
    if wanted.short:
        return await repository.by_short_name(connection, wanted.short, MOST)
    if not wanted.q.strip():
        return None
    languages = [wanted.language] if wanted.language else await repository.languages(connection)
    by_name = await repository.by_short_name(connection, wanted.q.strip().removeprefix("/"), 5)
    by_words = await repository.search(connection, languages, wanted.q, MOST)
    return list(dict.fromkeys([*by_name, *by_words]))


async def _with_themes_below(connection: Connection, theme_id: str) -> list[str] | None:
    if not theme_id:
        return None
    rows = await repository.themes(connection)
    found = [theme_id]
    for known in found:  # grows while it is walked: a theme comes before those below it
        found += [row.id for row in rows if row.parent_id == known and row.id not in found]
    return found


def _check_place(known: Sequence[ThemeRow], row: ThemeRow) -> None:
    """The parent is there, and not below the theme itself."""
    parents = {each.id: each.parent_id for each in known}
    if row.parent_id and row.parent_id not in parents:
        raise ThemeNotFound
    above = row.parent_id
    while above:
        if above == row.id:
            raise ThemeCircle
        above = parents.get(above, "")


def _theme_row(theme_id: str, content: schemas.ThemeContent, version: int) -> ThemeRow:
    names = repository.names_json(content.names)
    return ThemeRow(theme_id, content.parent_id, names, content.position, version, 0)


def _theme(row: ThemeRow) -> schemas.Theme:
    return schemas.Theme(
        id=row.id,
        parent_id=row.parent_id,
        names=json.loads(row.names),
        position=row.position,
        version=row.version,
        answers=row.answers,
    )


def _figures(row: FiguresRow | ListedRow) -> schemas.AnswerFigures:
    return schemas.AnswerFigures(
        used=row.used,
        sent=row.sent,
        success=row.success,
        kept_ratio=row.kept,
        last_used_at=row.last_used_at,
    )


def _valid(row: AnswerRow | ListedRow, today: date) -> bool:
    return (row.valid_from is None or row.valid_from <= today) and (
        row.valid_until is None or row.valid_until >= today
    )


def _line(row: ListedRow, today: date) -> schemas.AnswerLine:
    return schemas.AnswerLine(
        id=row.id,
        theme_id=row.theme_id,
        short_name=row.short_name,
        space_id=row.space_id,
        channels=list(row.channels),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        valid_now=_valid(row, today),
        attachments=row.attachments,
        version=row.version,
        title=row.title,
        language=row.language,
        languages=list(row.languages),
        beginning=row.beginning,
        figures=_figures(row),
    )


def _answer(
    row: AnswerRow, texts: Sequence[TextRow], figures: FiguresRow, today: date
) -> schemas.LibraryAnswer:
    return schemas.LibraryAnswer(
        id=row.id,
        theme_id=row.theme_id,
        short_name=row.short_name,
        space_id=row.space_id,
        channels=list(row.channels),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        position=row.position,
        texts={
            each.language: schemas.AnswerText(title=each.title, html=each.html, text=each.text)
            for each in texts
        },
        version=row.version,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        valid_now=_valid(row, today),
        attachments=attachments_of(row),
        figures=_figures(figures),
    )
