"""Suggestions for a contact: its newest question, against what the library may say to it today.

By meaning when the engine has the library at hand; else by words, while the library is being made ready in the background.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cordboard.answers import repository, schemas
from cordboard.answers.contact import ContactView, ContactViews
from cordboard.answers.ranking import Fit, Ranker, fits
from cordboard.answers.repository import CandidateRow, Listing, Use
from cordboard.answers.service import Library
from cordboard.answers.using import AnswersInUse
from cordboard.db.database import Connection, Database
from cordboard.errors import Unavailable
from cordboard.identity.rights import Session
from cordboard.knowledge.suggestions import port
from cordboard.knowledge.suggestions.port import PastUse, Scored
from cordboard.knowledge.variables import used_in
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.background import Background

SHOWN = 3
REMEMBERED = 400
"""Past uses that count, newest first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the contact asks. `language` is "" when it is not known."""

    text: str
    language: str = ""


class Suggesting:
    def __init__(
        self,
        db: Database,
        library: Library,
        in_use: AnswersInUse,
        contacts: ContactViews,
        switchboard: Switchboard,
        ranker: Ranker,
        background: Background,
    ) -> None:
        self._db = db
        self._library = library
        self._in_use = in_use
        self._contacts = contacts
        self._switchboard = switchboard
        self._ranker = ranker
        self._engine = ranker.engine
        self._background = background

    async def suggest(
        self, session: Session, contact_id: int, language: str, typed: str
    ) -> schemas.Suggestions:
        """The best three for the contact's newest question, or for what somebody has typed instead."""
        contact = await self._contacts.get(session, contact_id)
        config = self._switchboard.config(session.tenant_id)
        async with self._db.tenant(session.tenant_id) as connection:
            asked = Asked(typed) if typed.strip() else await question_of(connection, contact)
            spoken = language or asked.language or contact.language or config.language
            today = self._library.today(session.tenant_id)
            wanted = Listing(spoken, config.language, channel=contact.channel.value, valid_on=today)
            rows = {
                row.answer_id: row
                for row in await repository.candidates(connection, wanted, contact.space_id)
            }
            past = await repository.newest_uses(connection, REMEMBERED)
        uses = [
            PastUse(use.answer_id, use.question, 1 - use.edited_ratio if use.sent else 0.0) for use in past
        ]
        found: list[Scored] | None = None
        if asked.text.strip() and rows:
            question = port.Question(asked.text, spoken, uses)
            found = await self._ranker.by_meaning(session.tenant_id, list(rows.values()), question)
        engine = "words" if found is None else "meaning"
        if found is None:
            found = await self._ranker.by_words(session.tenant_id, rows, asked.text)
        values = self._in_use.values(session, contact, spoken)
        how = fits(found, by_meaning=engine == "meaning")
        items = [
            _shown(rows[each.answer_id], each, fit, values)
            for each, fit in zip(found[:SHOWN], how, strict=False)
        ]
        return schemas.Suggestions(items=items, engine=engine, language=spoken, question=asked.text[:200])

    def learn(self, session: Session, use: Use) -> None:
        """Keeps what was asked with the use of an answer, as a vector; nobody waits for it."""
        if self._engine.installed:
            self._background.spawn(self._learn(session, use), f"use of {use.answer_id}")

    async def _learn(self, session: Session, use: Use) -> None:
        contact = await self._contacts.get(session, use.contact_id)
        async with self._db.tenant(session.tenant_id) as connection:
            asked = await question_of(connection, contact)
        if not asked.text.strip():
            return
        try:
            vector = (await self._engine.embed([asked.text], questions=True))[0]
        except Unavailable:
            return
        async with self._db.tenant(session.tenant_id) as connection:
            await repository.remember_question(connection, use, vector)


async def question_of(connection: Connection, contact: ContactView) -> Asked:
    """The newest mail's own words, the visitor's last messages in a chat, else the subject."""
    mail = await repository.newest_mail(connection, contact.id)
    if mail is not None:
        return Asked(f"{mail.subject}\n{mail.text}".strip(), mail.language)
    written = await repository.last_written(connection, contact.id)
    return Asked("\n".join(reversed(written)) or contact.subject)


def _shown(row: CandidateRow, scored: Scored, fit: Fit, values: Mapping[str, str]) -> schemas.Suggestion:
    return schemas.Suggestion(
        answer_id=row.answer_id,
        title=row.title,
        language=row.language,
        beginning=row.text[:200],
        score=round(scored.score, 4),
        learned=round(scored.learned, 4),
        fit=fit.value,
        missing=[name for name in used_in(row.html, row.text) if not values.get(name)],
    )
