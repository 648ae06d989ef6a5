"""The company's words as rows, and what the library says."""

from collections.abc import Sequence

from cordboard.db.database import Connection
from cordboard.spelling import tables


async def words(connection: Connection, language: str) -> list[str]:
    return [row["word"] for row in await connection.fetch(tables.WORDS, language)]


async def save_words(connection: Connection, tenant_id: str, language: str, wanted: Sequence[str]) -> None:
    """The list is exactly this."""
    await connection.execute(tables.DROP_WORDS, language, list(wanted))
    await connection.execute(tables.ADD_WORDS, tenant_id, language, list(wanted))


async def add_word(connection: Connection, tenant_id: str, language: str, word: str) -> None:
    await connection.execute(tables.ADD_WORDS, tenant_id, language, [word])


async def remove_word(connection: Connection, language: str, word: str) -> None:
    await connection.execute(tables.DROP_WORD, language, word)


async def library_texts(connection: Connection, language: str) -> list[str]:
    return [row["text"] for row in await connection.fetch(tables.LIBRARY_TEXTS, language)]
