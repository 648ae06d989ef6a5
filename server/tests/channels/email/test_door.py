"""Direct delivery by real SMTP and LMTP: stored before it is answered, for our addresses alone."""

import asyncio
import smtplib
from collections.abc import AsyncIterator, Callable

import pytest

from cordboard.channels.email.door import DoorAddress, base_address
from cordboard.channels.email.inboxes import InboxSettings
from cordboard.channels.email.mailroom import Mailroom
from cordboard.testing.mail import MailForTests, written
from cordboard.testing.postgres import free_port

INFO = InboxSettings("north", "main/info", "info@inside.test")
SALES = InboxSettings("north", "main/sales", "Sales@inside.test")
ELSE = InboxSettings("south", "shop/info", "info@shop.test")


@pytest.fixture
async def door(mail: MailForTests) -> AsyncIterator[Mailroom]:
    mail.door = DoorAddress("127.0.0.1", free_port(), free_port())
    mail.inboxes = [INFO, SALES, ELSE]
    async with mail.running() as room:
        while True:  # the task begins to listen
            try:
                await asyncio.to_thread(lambda: smtplib.SMTP("127.0.0.1", port(mail), timeout=5).quit())
                break
            except OSError:
                await asyncio.sleep(0.02)
        yield room


def port(mail: MailForTests, lmtp: bool = False) -> int:
    assert mail.door is not None
    return mail.door.lmtp_port if lmtp else mail.door.smtp_port


async def bring(work: Callable[[], object]) -> object:
    return await asyncio.to_thread(work)


def send(
    mail: MailForTests, to: list[str], raw: bytes, sender: str = "ann@outside.test"
) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", port(mail), timeout=30) as client:
        return client.sendmail(sender, to, raw)


async def test_when_the_answer_comes_it_is_stored(door: Mailroom, mail: MailForTests) -> None:
    await bring(lambda: send(mail, ["INFO@inside.test", "sales@inside.test", "info@shop.test"], written(1)))
    assert [(one.inbox_id, one.subject) for one in await mail.mails("north")] == [
        ("main/info", "Question 1"),
        ("main/sales", "Question 1"),
    ]
    (other,) = await mail.mails("south")
    assert mail.store.read("south", other.raw_hash).rstrip() == written(1).rstrip()


async def test_who_did_not_hear_the_answer_brings_it_again_and_it_is_there_once(
    door: Mailroom, mail: MailForTests
) -> None:
    for _ in range(3):
        await bring(lambda: send(mail, ["info@inside.test"], written(1)))
    await bring(lambda: send(mail, ["info@inside.test"], written(2), sender=""))
    assert len(await mail.mails("north")) == 2


async def test_the_same_text_without_a_message_id_may_be_two_mails(
    door: Mailroom, mail: MailForTests
) -> None:
    for _ in range(2):
        await bring(lambda: send(mail, ["info@inside.test"], b"Subject: Alarm\r\n\r\nDoor 3 is open.\r\n"))
    assert len(await mail.mails("north")) == 2


async def test_only_our_addresses(door: Mailroom, mail: MailForTests) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        await bring(lambda: send(mail, ["nobody@inside.test"], written(1)))
    assert refused.value.recipients["nobody@inside.test"][0] == 550
    await bring(lambda: send(mail, ["info+cb.north.7@inside.test"], written(2)))
    assert len(await mail.mails("north")) == 1
    assert base_address("A+b+c@X.test") == "a@x.test"


async def test_what_can_not_be_stored_stays_with_who_brings_it(
    door: Mailroom, mail: MailForTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        patched.setattr(type(mail.store), "put", full)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            await bring(lambda: send(mail, ["info@inside.test"], written(1)))
        assert refused.value.smtp_code == 451
    await bring(lambda: send(mail, ["info@inside.test"], written(1)))
    assert len(await mail.mails("north")) == 1


async def test_lmtp_answers_for_each_recipient(door: Mailroom, mail: MailForTests) -> None:
    def talk() -> list[bytes]:
        with smtplib.LMTP("127.0.0.1", port(mail, lmtp=True), timeout=30) as client:
            client.ehlo()
            client.mail("ann@outside.test")
            for address in ("info@inside.test", "sales@inside.test"):
                client.rcpt(address)
            client.putcmd("data")
            client.getreply()
            client.send(written(1) + b"\r\n.\r\n")
            return [client.getreply()[0].to_bytes(2, "big") for _ in range(2)]

    assert await bring(talk) == [(250).to_bytes(2, "big")] * 2
    assert len(await mail.mails("north")) == 2


async def test_hostile_mails_are_set_aside_or_shown_and_the_rest_flow_on(
    door: Mailroom, mail: MailForTests
) -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth)
        for depth in range(3000)
    )
    hostile = [
        b"",
        b"\r\n\r\n",
        b"\0" * 1000,
        b"Subject: \0nul\0\r\n\r\n\0text\0\r\n",
        b"Subject: =?utf-8?b?/////w==?=\r\nFrom: \xff\xfe\r\n\r\n\xff\xfe\xfd\r\n",
        b"From: a@b\r\nMIME-Version: 1.0\r\n" + nested,
        b"A" * 5_000_00 + b"\r\n\r\nlong\r\n",
        b"From: a@b\r\nContent-Type: text/plain; charset=nonsense\r\n\r\nHello\r\n",
    ]
    for raw in hostile:
        await bring(lambda raw=raw: send(mail, ["info@inside.test"], raw))  # type: ignore[misc]
    await bring(lambda: send(mail, ["info@inside.test"], written(9)))
    shown = await mail.mails("north")
    assert shown[-1].subject == "Question 9"
    async with mail.database.tenant("north") as connection:
        rows = await connection.fetch("SELECT id, state, reason, raw_hash FROM mail ORDER BY id")
    assert len(rows) == len(hostile) + 1
    assert all(mail.store.exists("north", row["raw_hash"]) for row in rows)
    assert all(bool(row["reason"]) == (row["state"] == "set_aside") for row in rows)
    assert not any("defect" in row["reason"] for row in rows)
