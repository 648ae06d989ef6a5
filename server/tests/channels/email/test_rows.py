"""Rows of mail: ids without gaps in the order of commits, tenants apart."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest

from cordboard.channels.email import repository
from cordboard.channels.email.repository import MailRow, ReportRow
from cordboard.db.database import Database
from cordboard.testing.postgres import Database as Addresses

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
async def database(fresh_database: Callable[[], Addresses]) -> AsyncIterator[Database]:
    database = await Database.connect(fresh_database().app_dsn, size=8)
    async with database.provider() as connection:
        await connection.execute("INSERT INTO tenant (id, name) VALUES ('north', 'N'), ('south', 'S')")
    yield database
    await database.close()


def mail(mail_id: int, *, direction: str = "in", state: str = "stored") -> MailRow:
    return MailRow(
        id=mail_id,
        direction=direction,
        inbox_id="main/info",
        state=state,
        contact_id=None,
        thread_id=mail_id,
        raw_hash="",
        message_id=f"<{mail_id}@example.test>",
        in_reply_to="",
        refs=["<1@example.test>"],
        sender="ann@example.test",
        sender_name="Ann",
        recipients='[{"kind": "to", "name": "", "address": "info@example.test"}]',
        subject="Hello",
        subject_key="hello",
        sent_at=NOW,
        received_at=NOW,
        text="Hello.",
        html="",
        quoted_text="",
        signature_text="",
        language="en",
        kind="person",
        spam_score=None,
        attachments="[]",
        headers="{}",
        reason="",
    )


async def test_whoever_reads_on_from_the_last_id_misses_nothing(database: Database) -> None:
    """Eight write at once, one of them dies halfway each time; a reader follows by id alone."""
    read: list[int] = []
    done = asyncio.Event()

    async def write(writer: int) -> None:
        for number in range(12):
            try:
                async with database.tenant("north") as connection:
                    for mail_id in await repository.next_ids(connection, "north", 1 + number % 3):
                        await repository.add_mail(connection, "north", mail(mail_id))
                    if (writer + number) % 4 == 0:
                        raise ConnectionAbortedError
            except ConnectionAbortedError:
                continue

    async def follow() -> None:
        last = 0
        while True:
            finished = done.is_set()
            async with database.tenant("north") as connection:
                arrived = await repository.arrived_after(connection, last, 100)
            read.extend(row.id for row in arrived)
            last = read[-1] if read else 0
            if finished and not arrived:
                return
            await asyncio.sleep(0)

    follower = asyncio.create_task(follow())
    await asyncio.gather(*(write(writer) for writer in range(6)))
    done.set()
    await follower
    assert read == list(range(1, len(read) + 1))
    assert len(read) > 50


async def test_a_mail_comes_back_as_it_was_written_and_to_its_own_tenant_alone(database: Database) -> None:
    async with database.tenant("north") as connection:
        (mail_id,) = await repository.next_ids(connection, "north")
        await repository.add_mail(connection, "north", mail(mail_id))
        assert await repository.find_mail(connection, mail_id) == mail(mail_id)
        assert mail(mail_id).to()[0]["address"] == "info@example.test"
    async with database.tenant("south") as connection:
        assert await repository.find_mail(connection, mail_id) is None
        assert await repository.next_ids(connection, "south") == range(1, 2)


async def test_reports_and_mails_share_one_row_of_ids(database: Database) -> None:
    async with database.tenant("north") as connection:
        first, second = await repository.next_ids(connection, "north", 2)
        await repository.add_mail(connection, "north", mail(first, direction="out", state="sent"))
        report = ReportRow(second, first, 7, "sent", "250 ok", NOW)
        await repository.add_report(connection, "north", report)
        assert await repository.reports_after(connection, first, 10) == [report]
        assert await repository.arrived_after(connection, 0, 10) == []


async def test_what_is_claimed_can_not_be_taken_out_of_the_outbox(database: Database) -> None:
    async with database.tenant("north") as connection:
        for mail_id in await repository.next_ids(connection, "north", 2):
            await repository.add_mail(connection, "north", mail(mail_id, direction="out", state="queued"))
            await repository.add_to_outbox(connection, "north", mail_id, "main/info", NOW)
        await connection.execute("UPDATE outbox SET claimed_until = $1 WHERE mail_id = 2", NOW)
        assert await repository.drop_from_outbox(connection, 1)
        assert not await repository.drop_from_outbox(connection, 1)
        assert not await repository.drop_from_outbox(connection, 2)


async def test_a_retry_is_asked_for_once(database: Database) -> None:
    async with database.tenant("north") as connection:
        (mail_id,) = await repository.next_ids(connection, "north")
        await repository.add_mail(connection, "north", mail(mail_id, state="set_aside"))
        assert await repository.ask_retry(connection, mail_id)
        assert not await repository.ask_retry(connection, mail_id)
        assert [row.state for row in await repository.mails_set_aside(connection, 10)] == ["retry"]
