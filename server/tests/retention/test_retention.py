"""What is too old goes: words, files, questions, vectors. What is worked on, or named by anything, stays."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cordboard.answers import repository as answers
from cordboard.answers.repository import AnswerRow, TextRow, ThemeRow
from cordboard.answers.vectors import name_of
from cordboard.blobs import rows as blob_rows
from cordboard.blobs.rows import Keep
from cordboard.blobs.store import BlobStore
from cordboard.channels.email import repository as mails
from cordboard.db.database import Connection, Database
from cordboard.retention.service import NAMED_BY_NOTHING, Retention, erase
from cordboard.runtime.clock import ManualClock
from cordboard.testing.postgres import PostgresForTests
from tests.channels.email.test_rows import mail as stored

NOW = datetime.fromisoformat("2026-11-25T09:00:00+00:00")
OLD, YOUNG = NOW - timedelta(days=400), NOW - timedelta(days=300)


@pytest.fixture
async def database(postgres: PostgresForTests) -> AsyncIterator[Database]:
    addresses = postgres.fresh_database()
    database = await Database.connect(addresses.app_dsn, size=4)
    async with database.provider() as connection:
        await connection.execute("INSERT INTO tenant (id, name) VALUES ('north', 'N'), ('south', 'S')")
    yield database
    await database.close()
    postgres.drop(addresses)


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def retention(database: Database, store: BlobStore) -> Retention:
    return Retention(database, store, lambda: ["north"], 12, ManualClock(NOW))


async def keep(connection: Connection, store: BlobStore, data: bytes, at: datetime) -> str:
    """Its file is as old as its row."""
    blob = await blob_rows.put(store, connection, "north", Keep(data, "text/plain"), at)
    os.utime(store.path("north", blob.hash), (at.timestamp(), at.timestamp()))
    return blob.hash


async def add_mail(connection: Connection, at: datetime, raw: str, *parts: str, contact_id: int = 1) -> int:
    (mail_id,) = await mails.next_ids(connection, "north")
    attachments = json.dumps(
        [{"name": "a", "media_type": "text/plain", "size": 1, "hash": hash_} for hash_ in parts]
    )
    row = replace(
        stored(mail_id),
        received_at=at,
        contact_id=contact_id,
        raw_hash=raw,
        attachments=attachments,
        text="secret words",
        html="<p>secret</p>",
    )
    await mails.add_mail(connection, "north", row)
    return mail_id


async def nothing_in(table: str, connection: Connection) -> dict[str, object]:
    """A row that says nothing, as far as the table lets it."""
    nothing = {
        "text": "",
        "bigint": 0,
        "integer": 0,
        "boolean": False,
        "ARRAY": [],
        "timestamp with time zone": OLD.isoformat(),
    }
    rows = await connection.fetch(
        "SELECT column_name AS name, data_type AS type FROM information_schema.columns "
        "WHERE table_name = $1 AND is_nullable = 'NO'",
        table,
    )
    return {row["name"]: nothing[row["type"]] for row in rows}


async def texts(connection: Connection) -> dict[int, tuple[str, str, str]]:
    rows = await connection.fetch(
        "SELECT id, text, raw_hash, headers ->> 'protection' AS p FROM mail ORDER BY id"
    )
    return {row["id"]: (row["text"], row["raw_hash"], row["p"] or "") for row in rows}


async def test_old_mails_lose_their_words_and_files(database: Database, store: BlobStore) -> None:
    async with database.tenant("north") as connection:
        logo = await keep(connection, store, b"a logo that all mails have", OLD)
        old, young = [
            await keep(connection, store, data, at) for data, at in ((b"old", OLD), (b"young", YOUNG))
        ]
        part, held = [await keep(connection, store, data, OLD) for data in (b"part", b"still open")]
        first = await add_mail(connection, OLD, old, logo, part)
        second = await add_mail(connection, YOUNG, young, logo)
        third = await add_mail(connection, OLD, held, contact_id=7)
        row = {
            **await nothing_in("contact_index", connection),
            "contact_id": 7,
            "state": "parked",
            "tenant_id": "north",
        }
        await connection.execute(
            "INSERT INTO contact_index SELECT * FROM jsonb_populate_record(NULL::contact_index, $1::text::jsonb)",
            json.dumps(row),
        )
    await retention(database, store).look("north")
    async with database.tenant("north") as connection:
        found = await texts(connection)
        blobs = {row["hash"] for row in await connection.fetch("SELECT hash FROM blob")}
    assert found[first] == ("", "", "forgotten")
    assert found[second] == ("secret words", young, "")
    assert found[third] == ("secret words", held, ""), "its contact is open"
    assert blobs == {logo, young, held}
    assert [store.exists("north", hash_) for hash_ in (old, part, logo, young, held)] == [
        False,
        False,
        True,
        True,
        True,
    ]
    await retention(database, store).look("north")
    await retention(database, store).look("south")


async def test_files_that_something_names_stay(database: Database, store: BlobStore) -> None:
    async with database.tenant("north") as connection:
        names = ("chat old", "chat young", "library", "draft", "configuration", "nobody's")
        hashes = {name: await keep(connection, store, name.encode(), OLD) for name in names}
        for name, at in (("chat old", OLD), ("chat young", YOUNG)):
            await connection.execute(
                "INSERT INTO chat_file (tenant_id, id, contact_id, hash, name, media_type, size, added_at) "
                "VALUES ('north', $1, 1, $2, $1, 'text/plain', 1, $3)",
                name,
                hashes[name],
                at,
            )
        await answers.add_theme(connection, "north", ThemeRow("t", "", "{}", 0, 1, 0))
        listed = json.dumps([{"hash": hashes["library"], "name": "a", "media_type": "text/plain", "size": 1}])
        row = AnswerRow("a", "t", "a", "", ["email"], None, None, 0, listed, 0, OLD, "x")
        await answers.add_answer(connection, "north", row)
        await connection.execute("UPDATE answer SET attachments = $1::text::jsonb", listed)
        await connection.execute(
            "INSERT INTO mail_draft (tenant_id, contact_id, body, version, person_id, person_name, saved_at) "
            "VALUES ('north', 1, $1::text::jsonb, 1, 'p', 'P', $2)",
            json.dumps({"attachments": [{"file_id": hashes["draft"]}]}),
            OLD,
        )
        await connection.execute(
            "INSERT INTO config_version (tenant_id, version, document, note, applied_by, applied_at) VALUES ('north', 1, $1, '', '', $2)",
            f"messages: {{terms: {{attachments: {{terms.pdf: {hashes['configuration']}}}}}}}",
            OLD,
        )
    await retention(database, store).look("north")
    left = {name for name, hash_ in hashes.items() if store.exists("north", hash_)}
    assert left == {"chat young", "library", "draft", "configuration"}


async def test_what_comes_again_is_young_again(database: Database, store: BlobStore) -> None:
    async with database.tenant("north") as connection:
        again = await keep(connection, store, b"again", OLD)
        await blob_rows.put(store, connection, "north", Keep(b"again", "text/plain"), NOW - timedelta(days=6))
        put = await keep(connection, store, b"put, row not yet", OLD)
    path = store.path("north", put)
    store.put("north", b"put, row not yet")
    assert path.stat().st_mtime > OLD.timestamp(), "marked as used"
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    await retention(database, store).look("north")
    assert store.exists("north", again)
    assert store.exists("north", put), "its row may be about to be written"


async def test_uploads_that_nothing_names_go_after_some_days(database: Database, store: BlobStore) -> None:
    async with database.tenant("north") as connection:
        fresh = await keep(connection, store, b"fresh", NOW - NAMED_BY_NOTHING + timedelta(hours=1))
        lost = await keep(connection, store, b"lost", NOW - NAMED_BY_NOTHING - timedelta(hours=1))
        drafted = await keep(connection, store, b"drafted", NOW - NAMED_BY_NOTHING - timedelta(hours=1))
        await connection.execute(
            "INSERT INTO new_mail_draft (tenant_id, person_id, draft_id, body, version, saved_at) "
            "VALUES ('north', 'p', 'd', $1::text::jsonb, 1, $2)",
            json.dumps({"attachments": [{"file_id": drafted}]}),
            OLD,
        )
    await retention(database, store).look("north")
    assert [store.exists("north", each) for each in (fresh, lost, drafted)] == [True, False, True]


@pytest.mark.parametrize("named_first", [True, False])
async def test_what_is_named_in_that_moment_stays_or_is_said_to_be_gone(
    database: Database, store: BlobStore, named_first: bool
) -> None:
    """A mail takes an old upload while it is being let go of: either the file stays, or the mail hears that it is gone."""
    async with database.tenant("north") as connection:
        hash_ = await keep(connection, store, b"upload", OLD)
    job = retention(database, store)
    if not named_first:
        await job.look("north")
        async with database.tenant("north") as connection:
            assert await blob_rows.use(connection, hash_, NOW) is None
        return
    async with database.tenant("north") as connection:
        assert await blob_rows.use(connection, hash_, NOW) is not None
        looking = asyncio.create_task(job.look("north"))
        while await _waiting_for_locks(database) == 0:  # it has found the file, and waits for us
            await asyncio.wait([looking], timeout=0.01)
        await add_mail(connection, NOW, "", hash_)
    await looking
    assert store.exists("north", hash_)
    async with database.tenant("north") as connection:
        assert await blob_rows.find(connection, hash_) is not None


async def _waiting_for_locks(database: Database) -> int:
    async with database.plain() as connection:
        count: int = await connection.fetchval("SELECT count(*)::int FROM pg_locks WHERE NOT granted")
    return count


async def use(connection: Connection, contact_id: int, at: datetime) -> None:
    await connection.execute(
        "INSERT INTO answer_use (tenant_id, answer_id, contact_id, person_id, language, sent, edited_ratio, question, used_at) "
        "VALUES ('north', 'a', $1, 'p', 'en', true, 0, 'vector', $2)",
        contact_id,
        at,
    )


async def library(connection: Connection) -> None:
    await answers.add_theme(connection, "north", ThemeRow("t", "", "{}", 0, 1, 0))
    row = AnswerRow("a", "t", "a", "", ["email"], None, None, 0, "[]", 0, OLD, "x")
    await answers.add_answer(connection, "north", row)
    await answers.save_texts(
        connection, "north", "a", [TextRow("en", "Title", "", "Words"), TextRow("fr", "Titre", "", "Mots")]
    )
    names = ("Title", "Words", "Titre", "Mots")
    await answers.save_vectors(connection, "north", {name_of(name): name.encode() for name in names})


async def vectors(connection: Connection) -> set[str]:
    return {row["vector"].decode() for row in await connection.fetch("SELECT vector FROM answer_vector")}


async def test_questions_are_forgotten(database: Database, store: BlobStore) -> None:
    async with database.tenant("north") as connection:
        await library(connection)
        for contact_id, at in ((1, OLD), (2, YOUNG), (3, YOUNG)):
            await use(connection, contact_id, at)
    await retention(database, store).look("north")
    await erase(database, "north", [3])
    async with database.tenant("north") as connection:
        rows = await connection.fetch("SELECT contact_id, question, sent FROM answer_use ORDER BY contact_id")
        assert [row["question"] for row in rows] == [None, b"vector", None]
        assert all(row["sent"] for row in rows), "the figures stay"
        assert await vectors(connection) == {"Title", "Words", "Titre", "Mots"}


async def test_vectors_go_with_their_texts(database: Database, store: BlobStore) -> None:
    async with database.tenant("north") as connection:
        await library(connection)
        await answers.save_texts(connection, "north", "a", [TextRow("en", "Title", "", "Other words")])
        assert await vectors(connection) == {"Title"}
        await answers.save_vectors(connection, "north", {name_of("made too late"): b"late"})
    await retention(database, store).look("north")
    async with database.tenant("north") as connection:
        assert await vectors(connection) == {"Title"}
        version = await connection.fetchval("SELECT version FROM answer WHERE id = 'a'")
        assert await answers.delete_answer(connection, "a", version)
        assert await vectors(connection) == set()


async def test_an_erased_contact_says_nothing(database: Database, store: BlobStore) -> None:
    async with database.tenant("north") as connection:
        hash_ = await keep(connection, store, b"raw", YOUNG)
        mail_id = await add_mail(connection, YOUNG, hash_, contact_id=3)
        other = await add_mail(connection, YOUNG, hash_, contact_id=4)
    await erase(database, "north", [3])
    async with database.tenant("north") as connection:
        found = await texts(connection)
        row = await connection.fetchrow("SELECT sender, subject, recipients FROM mail WHERE id = $1", mail_id)
    assert (found[mail_id], found[other]) == (("", "", "forgotten"), ("secret words", hash_, ""))
    assert row is not None and (row["sender"], row["subject"], row["recipients"]) == ("", "", "[]")
