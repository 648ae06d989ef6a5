"""Answers in use: with the contact's values in them, suggested for what it asks, and told whether they served."""

from cordboard.answers import repository, schemas
from cordboard.answers.contact import ContactView, ContactViews, variables_of
from cordboard.answers.errors import AnswerNotFound
from cordboard.answers.repository import TextRow, Use
from cordboard.answers.service import Library, attachments_of
from cordboard.db.database import Database
from cordboard.identity.rights import Session
from cordboard.knowledge.variables import render
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.clock import Clock


class AnswersInUse:
    def __init__(
        self, db: Database, library: Library, contacts: ContactViews, switchboard: Switchboard, clock: Clock
    ) -> None:
        self._db = db
        self._library = library
        self._contacts = contacts
        self._switchboard = switchboard
        self._clock = clock

    async def render(
        self, session: Session, answer_id: str, wanted: schemas.RenderWanted
    ) -> schemas.RenderedAnswer:
        """With the contact's values; in its language, or the nearest that the answer has."""
        contact = await self._contacts.get(session, wanted.contact_id) if wanted.contact_id else None
        async with self._db.tenant(session.tenant_id) as connection:
            row = await self._library.readable(connection, session, answer_id)
            texts = await repository.texts_of(connection, answer_id)
        text = self._best(session, texts, wanted.language or (contact.language if contact else ""))
        values = self.values(session, contact, text.language)
        done = render(text.html, text.text, values)
        title = render("", text.title, values).text
        return schemas.RenderedAnswer(
            answer_id=answer_id,
            title=title,
            language=text.language,
            html=done.html,
            text=done.text,
            missing=list(done.missing),
            attachments=attachments_of(row),
        )

    def values(self, session: Session, contact: ContactView | None, language: str) -> dict[str, str]:
        config = self._switchboard.config(session.tenant_id)
        return variables_of(contact, session, config, self._clock.now(), language)

    async def used(self, session: Session, answer_id: str, told: schemas.UseTold) -> Use:
        """Told again for the same contact by the same person, the last word counts."""
        contact = await self._contacts.get(session, told.contact_id)
        language = told.language or contact.language or session.language
        use = Use(answer_id, contact.id, session.person_id, language, told.sent, told.edited_ratio)
        async with self._db.tenant(session.tenant_id) as connection:
            await self._library.readable(connection, session, answer_id)
            await repository.save_use(connection, session.tenant_id, use, self._clock.now())
        return use

    def _best(self, session: Session, texts: list[TextRow], language: str) -> TextRow:
        if not texts:
            raise AnswerNotFound
        by_language = {text.language: text for text in texts}
        tenants = self._switchboard.config(session.tenant_id).language
        for wanted in (language, language.partition("-")[0], session.language, tenants):
            if wanted in by_language:
                return by_language[wanted]
        return texts[0]
