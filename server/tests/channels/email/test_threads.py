"""Which thread a mail belongs to, among real rows."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cordboard.channels.email import repository, tokens
from cordboard.channels.email.arrival import headers_of
from cordboard.channels.email.threads import NEW, Threading, ThreadMatch, find_thread, subject_key
from cordboard.channels.email.understanding import Understood, understand
from cordboard.db.database import Connection, Database
from cordboard.testing.postgres import Database as Addresses
from tests.channels.email.test_rows import mail as stored
from tests.channels.email.wild import mail
from tests.channels.email.wild_kinds import REPORT, dsn, part

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
KEY = tokens.tenant_key("secret", "north")
THREADING = Threading("north", KEY, timedelta(days=14))


@pytest.fixture
async def database(fresh_database: Callable[[], Addresses]) -> AsyncIterator[Database]:
    database = await Database.connect(fresh_database().app_dsn, size=2)
    async with database.provider() as connection:
        await connection.execute("INSERT INTO tenant (id, name) VALUES ('north', 'N'), ('south', 'S')")
    yield database
    await database.close()


async def add(connection: Connection, direction: str = "in", **fields: object) -> int:
    (mail_id,) = await repository.next_ids(connection, "north")
    usual = {
        "sender": "ann@example.org",
        "message_id": f"{mail_id}@example.org",
        "thread_id": mail_id,
        "contact_id": mail_id + 100,
    }
    row = replace(
        stored(mail_id, direction=direction, state="stored" if direction == "in" else "sent"),
        **{**usual, **fields},
    )  # type: ignore[arg-type]
    await repository.add_mail(connection, "north", replace(row, subject_key=subject_key(row.subject)))
    return mail_id


def read(*lines: str, body: str = "x") -> Understood:
    return understand(mail(body, *lines))


async def found(connection: Connection, *lines: str) -> ThreadMatch:
    return await find_thread(connection, read(*lines), THREADING, NOW)


async def test_a_token_wins_over_everything(database: Database) -> None:
    async with database.tenant("north") as connection:
        first = await add(connection, subject="Other", message_id="other@x")
        answer = await add(connection, "out", thread_id=first, contact_id=7)
        token = tokens.make_token(KEY, "north", answer)
        for line in (
            f"In-Reply-To: <{token}@centre.example>",
            f"References: <x@y> <{token}@centre.example> <z@y>",
            f"To: support+{token}@centre.example",
            f"Subject: Something else {tokens.subject_tag(token)}",
        ):
            assert await found(connection, line, "From: someone@else.example") == ThreadMatch(
                first, 7, "token"
            )


async def test_a_forged_token_or_another_tenants_is_not_believed(database: Database) -> None:
    async with database.tenant("north") as connection:
        await add(connection, subject="Other")
        for token in (
            f"cb.north.1.{'a' * 16}",
            tokens.make_token(tokens.tenant_key("secret", "south"), "south", 1),
            tokens.make_token(tokens.tenant_key("other", "north"), "north", 1),
        ):
            assert await found(connection, f"In-Reply-To: <{token}@centre.example>") == NEW


async def test_references_are_followed_the_nearest_first(database: Database) -> None:
    async with database.tenant("north") as connection:
        one = await add(connection, message_id="a@x", subject="One", sender="x@y.example")
        two = await add(connection, message_id="b@x", subject="Two", sender="x@y.example")
        assert (await found(connection, "References: <a@x> <b@x>")).thread_id == two
        assert (await found(connection, "References: <a@x> <b@x>", "In-Reply-To: <a@x>")) == ThreadMatch(
            one, one + 100, "references"
        )
        assert await found(connection, "References: <unknown@x>") == NEW


async def test_a_bounce_comes_to_the_thread_of_the_mail_that_did_not_arrive(database: Database) -> None:
    async with database.tenant("north") as connection:
        sent = await add(connection, "out", message_id="lost@centre.example", subject="Hi")
        bounce = understand(
            dsn(REPORT, part("text/rfc822-headers", "Message-ID: <lost@centre.example>\r\nSubject: Hi\r\n"))
        )
        assert (await find_thread(connection, bounce, THREADING, NOW)).thread_id == sent


@pytest.mark.parametrize(
    ("subject", "sender", "how"),
    [
        ("RE: Re[2]: invoice  4711", "ann@example.org", "subject"),
        ("TR : Invoice 4711", "Ann@Example.org", "subject"),
        ("AW: [Support] Invoice 4711!", "ann@example.org", "subject"),
        ("Invoice 4711", "ann+shop@example.org", "subject"),
        ("Invoice 4712", "ann@example.org", "new"),
        ("Invoice 4711", "bob@example.org", "new"),
    ],
)
async def test_subject_and_sender_belong_together(
    database: Database, subject: str, sender: str, how: str
) -> None:
    async with database.tenant("north") as connection:
        await add(connection, subject="Invoice 4711", received_at=NOW - timedelta(days=3))
        assert (await found(connection, f"Subject: {subject}", f"From: {sender}")).how == how


async def test_not_after_the_window_not_for_short_subjects_and_not_for_machines(database: Database) -> None:
    async with database.tenant("north") as connection:
        await add(connection, subject="Invoice 4711", received_at=NOW - timedelta(days=15))
        await add(connection, subject="Hi", received_at=NOW)
        assert await found(connection, "Subject: Invoice 4711") == NEW
        assert await found(connection, "Subject: Re: Hi") == NEW
        await add(connection, subject="Order 12", received_at=NOW)
        assert await found(connection, "Subject: Order 12", "Auto-Submitted: auto-replied") == NEW
        never = Threading("north", KEY, timedelta())
        assert await find_thread(connection, read("Subject: Order 12"), never, NOW) == NEW


async def test_another_tenants_mails_are_not_seen(database: Database) -> None:
    async with database.tenant("north") as connection:
        await add(connection, message_id="a@x", subject="Invoice 4711")
    async with database.tenant("south") as connection:
        south = Threading("south", tokens.tenant_key("secret", "south"), timedelta(days=14))
        assert (
            await find_thread(connection, read("References: <a@x>", "Subject: Invoice 4711"), south, NOW)
            == NEW
        )


@pytest.mark.parametrize(
    ("subject", "key"),
    [
        ("Re: Fwd: RE : Straße  GRÖSSE", "strasse grösse"),
        ("[list] Re: [list] Hello", "hello"),
        ("Invoice #12 [#cb.demo.7.aaaaaaaaaaaaaaaa]", "invoice #12"),
        ("Re:", ""),
        ("Research: results", "research results"),
    ],
)
def test_what_subjects_have_in_common(subject: str, key: str) -> None:
    assert subject_key(subject) == key


async def test_a_hidden_subject_joins_nothing(database: Database) -> None:
    async with database.tenant("north") as connection:
        await add(connection, subject="Encrypted Message")
        closed = read(
            "Subject: Encrypted Message", body="-----BEGIN PGP MESSAGE-----\n\nx\n-----END PGP MESSAGE-----\n"
        )
        assert await find_thread(connection, closed, THREADING, NOW) == NEW
        assert (
            await find_thread(connection, read("Subject: Encrypted message"), THREADING, NOW)
        ).how == "subject"
        first = await add(connection, message_id="root@x", subject="...")
        answer = understand(mail("-----BEGIN PGP MESSAGE-----\n", "Subject: ...", "References: <root@x>"))
        assert answer.protection == "encrypted"
        assert (await find_thread(connection, answer, THREADING, NOW)).thread_id == first


def test_a_row_says_what_is_closed() -> None:
    closed = read("Subject: x", body="-----BEGIN PGP MESSAGE-----\n")
    assert (headers_of(closed)["protection"], headers_of(read("Subject: x")).get("protection")) == (
        "encrypted",
        None,
    )
