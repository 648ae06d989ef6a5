"""Checks texts with what the company knows."""

import asyncio

from cordboard.db.database import Database
from cordboard.errors import Refused
from cordboard.identity.rights import Session
from cordboard.knowledge.spelling import Speller, Unknown, words_of
from cordboard.runtime.asking import Switchboard
from cordboard.spelling import repository
from cordboard.spelling.schemas import MOST_WORDS


class TooManyWords(Refused):
    """A language has at most 5,000 words of the company. Remove some first."""

    code = "too_many_words"


class Spelling:
    def __init__(self, db: Database, switchboard: Switchboard, speller: Speller) -> None:
        self._db = db
        self._switchboard = switchboard
        self._speller = speller

    async def words(self, session: Session, language: str) -> list[str]:
        async with self._db.tenant(session.tenant_id) as connection:
            return await repository.words(connection, language)

    async def save_words(self, session: Session, language: str, wanted: list[str]) -> list[str]:
        """The list is exactly this from now on."""
        async with self._db.tenant(session.tenant_id) as connection:
            await repository.save_words(connection, session.tenant_id, language, list(dict.fromkeys(wanted)))
            return await repository.words(connection, language)

    async def add_word(self, session: Session, language: str, word: str) -> list[str]:
        """Raises TooManyWords."""
        async with self._db.tenant(session.tenant_id) as connection:
            if len(await repository.words(connection, language)) >= MOST_WORDS:
                raise TooManyWords
            await repository.add_word(connection, session.tenant_id, language, word)
            return await repository.words(connection, language)

    async def remove_word(self, session: Session, language: str, word: str) -> list[str]:
        async with self._db.tenant(session.tenant_id) as connection:
            await repository.remove_word(connection, language, word)
            return await repository.words(connection, language)

    async def check(self, session: Session, language: str, text: str) -> list[Unknown]:
        """Raises NoDictionary."""
        short = language.partition("-")[0].lower()
        async with self._db.tenant(session.tenant_id) as connection:
            own = await repository.words(connection, short)
            library = await repository.library_texts(connection, short)
        names = self._names(session.tenant_id)
        return await asyncio.to_thread(self._check, short, text, [*own, *names], library)

    def _check(self, language: str, text: str, own: list[str], library: list[str]) -> list[Unknown]:
        return self._speller.check(language, text, {*own, *words_of(" ".join(library))})

    def _names(self, tenant_id: str) -> list[str]:
        """Of the company, its people, Spaces and queues, and what stands in the signatures."""
        config = self._switchboard.config(tenant_id)
        named = [agent.name for agent in config.agents.values()]
        named += [space.name for space in config.spaces.values()]
        named += [queue.name for queue in config.queues.values()]
        named += [agent.signature for agent in config.agents.values()]
        named += [inbox.signature for inbox in config.inboxes.values()]
        return list(words_of(" ".join([config.name, *named])))
