"""Texts of attachments: asked for with the mail, read once, put into the mail and the search; the core is not kept waiting."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cordboard.blobs.store import BlobStore
from cordboard.channels.email import repository
from cordboard.channels.email.attachment_texts import AttachmentTexts, ask_for_texts, held_back_from
from cordboard.channels.email.inboxes import InboxSettings
from cordboard.channels.email.repository import AttachmentJson
from cordboard.db.database import Database
from cordboard.knowledge.ocr.process import ReadingProcess
from cordboard.knowledge.ocr.reading import ReadState, ReadText
from cordboard.runtime.clock import ManualClock, SystemClock
from cordboard.testing.postgres import Database as Addresses
from tests.channels.email.test_rows import mail as stored
from tests.knowledge.documents import scan

INBOX = InboxSettings("north", "main/info", "info@example.test", languages=("en", "fr"), ocr=True)


class Reader:
    """Says what it is told to, and notes what it was asked."""

    def __init__(self, *answers: ReadText) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, tuple[str, ...]]] = []

    async def read(self, path: Path, media_type: str, languages: Sequence[str]) -> ReadText:
        self.asked.append((path.name, media_type, tuple(languages)))
        return self.answers.pop(0)

    async def stop(self) -> None: ...


@pytest.fixture
async def database(fresh_database: Callable[[], Addresses]) -> AsyncIterator[Database]:
    database = await Database.connect(fresh_database().app_dsn, size=2)
    async with database.provider() as connection:
        await connection.execute("INSERT INTO tenant (id, name) VALUES ('north', 'N'), ('south', 'S')")
    yield database
    await database.close()


def attachment(name: str, file: str, text: str = "", media_type: str = "application/pdf") -> AttachmentJson:
    return AttachmentJson(name=name, media_type=media_type, size=9_000, hash=file, inline_id="", text=text)


async def arrive(
    database: Database, *parts: AttachmentJson, inbox: InboxSettings = INBOX, at: datetime | None = None
) -> int:
    async with database.tenant("north") as connection:
        (mail_id,) = await repository.next_ids(connection, "north")
        row = replace(stored(mail_id), attachments=json.dumps(parts))
        await repository.add_mail(connection, "north", row)
        await ask_for_texts(connection, inbox, row, at or SystemClock().now())
    return mail_id


async def texts(database: Database, mail_id: int) -> list[tuple[str, str]]:
    async with database.tenant("north") as connection:
        row = await repository.find_mail(connection, mail_id)
    assert row is not None
    return [(part["text"], part.get("read", "")) for part in row.parts()]


async def held(database: Database) -> int | None:
    async with database.tenant("north") as connection:
        return await held_back_from(connection)


async def test_a_text_is_read_once_and_comes_into_every_mail_that_brings_the_file(
    database: Database, tmp_path: Path
) -> None:
    reader = Reader(ReadText(ReadState.READ, "Invoice 4711"), ReadText(ReadState.NOTHING))
    work = AttachmentTexts(database, SystemClock(), BlobStore(tmp_path), reader)
    one = await arrive(
        database,
        attachment("a.pdf", "aa" * 32),
        attachment("a again.pdf", "aa" * 32),
        attachment("n.txt", "cc" * 32, "said", "text/plain"),
    )
    two = await arrive(database, attachment("b.png", "bb" * 32, media_type="image/png"))
    assert await held(database) == one
    assert await work.run([INBOX]) == 1
    assert await held(database) == two
    assert await work.run([INBOX]) == 1
    assert await held(database) is None
    three = await arrive(database, attachment("a.pdf", "aa" * 32))
    assert await work.run([INBOX]) == 1
    assert await work.run([INBOX]) == 0
    assert await texts(database, one) == [("Invoice 4711", "read"), ("Invoice 4711", "read"), ("said", "")]
    assert await texts(database, two) == [("", "nothing")]
    assert await texts(database, three) == [("Invoice 4711", "read")]
    assert reader.asked == [
        ("aa" * 32, "application/pdf", ("en", "fr")),
        ("bb" * 32, "image/png", ("en", "fr")),
    ]


async def test_nobody_waits_longer_than_a_few_seconds(database: Database) -> None:
    await arrive(database, attachment("a.pdf", "aa" * 32), at=SystemClock().now() - timedelta(seconds=11))
    assert await held(database) is None
    await arrive(database, attachment("b.pdf", "bb" * 32))
    assert await held(database) == 2


async def test_without_the_option_nothing_is_asked(database: Database, tmp_path: Path) -> None:
    without = replace(INBOX, ocr=False)
    await arrive(database, attachment("a.pdf", "aa" * 32), inbox=without)
    assert await held(database) is None
    assert await AttachmentTexts(database, SystemClock(), BlobStore(tmp_path), Reader()).run([without]) == 0


async def test_what_is_not_installed_is_tried_again_at_the_next_start(
    database: Database, tmp_path: Path
) -> None:
    mail_id = await arrive(database, attachment("a.pdf", "aa" * 32))
    absent = AttachmentTexts(
        database, SystemClock(), BlobStore(tmp_path), Reader(ReadText(ReadState.ABSENT, detail="Install it."))
    )
    assert await absent.run([INBOX]) == 1
    assert await absent.run([INBOX]) == 0
    assert await held(database) is None
    assert await texts(database, mail_id) == [("", "absent")]
    later = AttachmentTexts(
        database, SystemClock(), BlobStore(tmp_path), Reader(ReadText(ReadState.READ, "Found."))
    )
    assert await later.run([INBOX]) == 1
    assert await texts(database, mail_id) == [("Found.", "read")]


async def test_a_text_that_is_found_late_is_searched_all_the_same(database: Database, tmp_path: Path) -> None:
    clock = ManualClock(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    work = AttachmentTexts(
        database, clock, BlobStore(tmp_path), Reader(ReadText(ReadState.READ, "The boiler is leaking."))
    )
    mail_id = await arrive(database, attachment("a.pdf", "aa" * 32), at=clock.now())
    await work.run([INBOX])
    clock.advance(timedelta(seconds=6))
    await work.run([INBOX])  # the mail has no contact yet: nothing to search in
    async with database.tenant("north") as connection:
        await connection.execute("UPDATE mail SET contact_id = 5 WHERE id = $1", mail_id)
        await connection.execute(
            "INSERT INTO contact_index SELECT (jsonb_populate_record(NULL::contact_index, $1::jsonb)).*",
            json.dumps(await _listed(database, contact_id=5)),
        )
    await work.run([INBOX])
    await work.run([INBOX])
    async with database.tenant("north") as connection:
        rows = await connection.fetch("SELECT source, key, text FROM contact_text WHERE contact_id = 5")
        words = await connection.fetchval(
            "SELECT words @@ to_tsquery('english', 'boilers') FROM contact_words WHERE contact_id = 5"
        )
    assert [(row["source"], row["key"], row["text"]) for row in rows] == [
        ("attachment", f"{mail_id}.0", "a.pdf\nThe boiler is leaking.")
    ]
    assert words


async def _listed(database: Database, contact_id: int) -> dict[str, object]:
    """A row of the list with something in every column that must have it."""
    async with database.tenant("north") as connection:
        columns = await connection.fetch(
            "SELECT column_name AS name, data_type AS type, is_nullable = 'YES' AS empty FROM information_schema.columns"
            " WHERE table_name = 'contact_index' AND is_generated = 'NEVER'"
        )
    usual: dict[str, object] = {
        "text": "",
        "bigint": 0,
        "integer": 0,
        "smallint": 0,
        "boolean": False,
        "ARRAY": [],
        "jsonb": {},
        "double precision": 0.0,
    }
    row: dict[str, object] = {}
    for column in columns:
        if not column["empty"]:
            row[column["name"]] = usual.get(column["type"], "2026-11-24T09:00:00Z")
    return {
        **row,
        "tenant_id": "north",
        "contact_id": contact_id,
        "channel": "email",
        "state": "waiting",
        "language": "en",
    }


async def test_a_scan_is_read_for_real(database: Database, tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    kept = store.put("north", scan("Invoice number 4711", "The washing machine is broken."))
    reader = ReadingProcess()
    mail_id = await arrive(database, attachment("scan.pdf", kept.hash))
    work = AttachmentTexts(database, SystemClock(), store, reader)
    assert await work.run([INBOX]) == 1
    ((text, state),) = await texts(database, mail_id)
    assert state == "read"
    assert "The washing machine is broken." in text
    await work.stop()
