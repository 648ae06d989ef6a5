"""The demo centre's library: complete in both languages, loaded once, and left as people have changed it."""

from collections.abc import Callable
from datetime import UTC, datetime

from cordboard.answers import repository
from cordboard.answers.repository import Listing
from cordboard.db.database import Database
from cordboard.demo import library
from cordboard.testing.postgres import Database as Addresses

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_every_answer_has_both_languages() -> None:
    answers = list(library.shipped())
    assert len(answers) >= 40
    assert all([text.language for text in answer.texts] == ["en", "fr"] for answer in answers)
    assert len({answer.short_name for answer in answers}) == len(answers)


async def test_it_is_loaded_once(fresh_database: Callable[[], Addresses]) -> None:
    database = await Database.connect(fresh_database().app_dsn, size=2)
    try:
        assert await library.seed(database, "demo", NOW)
        async with database.tenant("demo") as connection:
            rows = await repository.listed(connection, Listing("fr", "en", limit=200))
            assert len(rows) == len(list(library.shipped())) and {row.language for row in rows} == {"fr"}
            assert await repository.delete_answer(connection, rows[0].id, rows[0].version)
        assert not await library.seed(database, "demo", NOW)
        async with database.tenant("demo") as connection:
            assert len(await repository.listed(connection, Listing("fr", "en", limit=200))) == len(rows) - 1
        async with database.tenant("other") as connection:
            assert await repository.themes(connection) == []
    finally:
        await database.close()
