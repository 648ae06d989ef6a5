"""The outbox to a real SMTP server that can be told to refuse, to be busy, to break off: what leaves, and what is told."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from cordboard.blobs import rows as blobs
from cordboard.blobs.rows import Keep
from cordboard.channels.email import repository, sender
from cordboard.channels.email.inboxes import InboxSettings, Server
from cordboard.channels.email.rates import Rates
from cordboard.channels.email.repository import MailRow, ReportRow
from cordboard.channels.email.sender import Sender
from cordboard.channels.email.sign_in import AccessTokens
from cordboard.core.words import MailProtocol, MailSecurity, MailSignIn
from cordboard.runtime.clock import ManualClock
from cordboard.testing.dovecot import DovecotForTests
from cordboard.testing.mail import TOKEN_KEY, MailForTests
from cordboard.testing.postgres import free_port

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass(slots=True)
class Outside:
    """An SMTP server. `answers` are given in turn to RCPT and to the end of the text; "" means well, "cut" breaks off."""

    port: int = field(default_factory=free_port)
    rcpt: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    got: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.rcpt.pop(0) if self.rcpt else ""
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.text.pop(0) if self.text else ""
        if answer in ("", "cut"):
            self.got.append(envelope)
        if answer == "cut":
            assert server.transport is not None
            server.transport.abort()
        return answer or "250 OK: kept"

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(one.content, policy=default) for one in self.got]  # type: ignore[misc,arg-type]


@dataclass(slots=True)
class Post:
    """A sender over a real database, an outside, and a clock that moves when told."""

    mail: MailForTests
    outside: Outside
    clock: ManualClock
    inbox: InboxSettings
    told: list[str] = field(default_factory=list)

    def sender(self) -> Sender:
        tokens = AccessTokens(self.clock)
        return Sender(self.mail.database, self.clock, self.mail.store, tokens, TOKEN_KEY, self.told.append)

    async def run(self) -> int:
        return await self.sender().run({self.inbox.key: self.inbox})

    async def submit(self, **changes: object) -> int:
        async with self.mail.database.tenant("north") as connection:
            (mail_id,) = await repository.next_ids(connection, "north")
            row = replace(answer(mail_id), **changes)  # type: ignore[arg-type]
            await repository.add_mail(connection, "north", row)
            await repository.add_to_outbox(connection, "north", mail_id, self.inbox.id, self.clock.now())
        return mail_id

    async def row(self, mail_id: int) -> MailRow:
        async with self.mail.database.tenant("north") as connection:
            found = await repository.find_mail(connection, mail_id)
        assert found is not None
        return found

    async def reports(self) -> list[ReportRow]:
        async with self.mail.database.tenant("north") as connection:
            return await repository.reports_after(connection, 0, 100)


def answer(mail_id: int) -> MailRow:
    people = [
        {"kind": "to", "address": "ann@outside.test", "name": "Ann Éxample"},
        {"kind": "cc", "address": "bob@outside.test", "name": ""},
        {"kind": "bcc", "address": "eve@outside.test", "name": ""},
    ]
    return MailRow(
        id=mail_id,
        direction="out",
        inbox_id="main/info",
        state="queued",
        contact_id=7,
        thread_id=1,
        raw_hash="",
        message_id="",
        in_reply_to="m1@outside.test",
        refs=["m0@outside.test", "m1@outside.test"],
        sender="info@inside.test",
        sender_name="Amélie, Maison Lanterne",
        recipients=json.dumps(people),
        subject="Re: Votre commande n° 42 – où est-elle ?",
        subject_key="",
        sent_at=None,
        received_at=NOW,
        text="Elle arrive demain.\n",
        html="<p>Elle arrive <b>demain</b>.</p>",
        quoted_text="",
        signature_text="",
        language="fr",
        kind="person",
        spam_score=None,
        attachments="[]",
        headers="{}",
        reason="",
        agent_id="amelie",
    )


@pytest.fixture
async def post(mail: MailForTests) -> AsyncIterator[Post]:
    outside = Outside()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(outside, hostname="outside", enable_SMTPUTF8=True), "127.0.0.1", outside.port
    )
    send = Server(MailProtocol.SMTP, "127.0.0.1", outside.port, MailSecurity.NONE, sign_in=MailSignIn.NONE)
    inbox = InboxSettings("north", "main/info", "info@inside.test", send=send, rate=6000)
    yield Post(mail, outside, ManualClock(NOW), inbox)
    server.close()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(server.wait_closed(), 1)


async def test_it_leaves_as_every_program_understands_it_and_the_core_is_told(post: Post) -> None:
    async with post.mail.database.tenant("north") as connection:
        picture = await blobs.put(post.mail.store, connection, "north", Keep(b"\x89PNG", "image/png"), NOW)
    enclosed = {"media_type": "image/png", "size": 4, "hash": picture.hash, "text": ""}
    files = [
        {**enclosed, "name": "logo.png", "inline_id": "logo"},
        {**enclosed, "name": "plan é.png", "inline_id": ""},
    ]
    mail_id = await post.submit(attachments=json.dumps(files), html='<p>Demain <img src="cid:logo"></p>')
    assert await post.run() == 1
    (envelope,) = post.outside.got
    assert envelope.mail_from == "info@inside.test"
    assert envelope.rcpt_tos == ["ann@outside.test", "bob@outside.test", "eve@outside.test"]
    (sent,) = post.outside.mails
    assert sent["From"] == '"Amélie, Maison Lanterne" <info@inside.test>'
    assert sent["To"] == "Ann Éxample <ann@outside.test>"
    assert sent["Cc"] == "bob@outside.test"
    assert sent["Bcc"] is None
    assert sent["Subject"] == "Re: Votre commande n° 42 – où est-elle ?"
    assert sent["In-Reply-To"] == "<m1@outside.test>"
    assert sent["References"] == "<m0@outside.test> <m1@outside.test>"
    assert sent["Message-ID"].startswith(f"<cb.north.{mail_id}.")
    assert sent["Message-ID"].endswith("@inside.test>")
    assert sent["Auto-Submitted"] is None
    assert [part.get_content_type() for part in sent.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "image/png",
    ]
    assert [part.get_filename() for part in sent.iter_attachments()] == ["plan é.png"]
    row = await post.row(mail_id)
    assert (row.state, row.sent_at) == ("sent", NOW)
    assert f"<{row.message_id}>" == sent["Message-ID"]
    assert post.mail.store.read("north", row.raw_hash) == envelope.original_content
    (report,) = await post.reports()
    assert (report.mail_id, report.contact_id, report.outcome) == (mail_id, 7, "sent")
    assert post.told == ["north"]
    assert await post.run() == 0


async def test_a_machines_mail_says_so(post: Post) -> None:
    told = {
        "auto_submitted": "auto-replied",
        "list_unsubscribe": "https://inside.test/u/1",
        "reply_to": "shop@inside.test",
    }
    await post.submit(headers=json.dumps(told), html="")
    await post.run()
    (sent,) = post.outside.mails
    assert sent["Auto-Submitted"] == "auto-replied"
    assert sent["X-Auto-Response-Suppress"] == "All"
    assert sent["List-Unsubscribe"] == "<https://inside.test/u/1>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["Reply-To"] == "shop@inside.test"
    assert sent.get_content_type() == "text/plain"


async def test_what_is_refused_for_good_ends_and_is_told(post: Post) -> None:
    post.outside.text = ["554 5.7.1 No"]
    mail_id = await post.submit()
    await post.run()
    row = await post.row(mail_id)
    assert (row.state, row.reason) == ("failed", "554 5.7.1 No")
    assert [one.outcome for one in await post.reports()] == ["failed"]
    assert await post.run() == 0


async def test_what_is_refused_for_now_is_tried_again_later_with_the_same_bytes(post: Post) -> None:
    post.outside.text = ["451 busy", "452 full"]
    mail_id = await post.submit()
    await post.run()
    assert (await post.row(mail_id)).state == "queued"
    assert await post.run() == 0
    first = (await post.row(mail_id)).raw_hash
    for delay in sender.DELAYS[:2]:
        post.clock.advance(timedelta(seconds=delay - 1))
        assert await post.run() == 0
        post.clock.advance(timedelta(seconds=1))
        assert await post.run() == 1
    row = await post.row(mail_id)
    assert (row.state, row.raw_hash) == ("sent", first)
    assert len(post.outside.got) == 1


async def test_a_server_that_is_away_is_tried_for_two_days(post: Post) -> None:
    assert post.inbox.send is not None
    mail_id = await post.submit()
    post.inbox = replace(post.inbox, send=replace(post.inbox.send, port=free_port()))
    tries = 0
    while (await post.row(mail_id)).state == "queued":
        post.clock.advance(timedelta(hours=4))
        tries += await post.run()
    row = await post.row(mail_id)
    assert row.state == "failed"
    assert row.reason.startswith("Given up after two days: 127.0.0.1")
    assert tries == 13
    assert [one.outcome for one in await post.reports()] == ["failed"]


async def test_one_recipient_that_does_not_exist_does_not_keep_it_from_the_others(post: Post) -> None:
    post.outside.rcpt = ["", "550 5.1.1 no such user", ""]
    mail_id = await post.submit()
    await post.run()
    assert post.outside.got[0].rcpt_tos == ["ann@outside.test", "eve@outside.test"]
    row = await post.row(mail_id)
    assert (row.state, row.reason) == ("sent", "Not to bob@outside.test: 550 5.1.1 no such user")


async def test_when_the_answer_does_not_come_it_is_sent_once_more_at_most(post: Post) -> None:
    post.outside.text = ["cut", "cut"]
    mail_id = await post.submit()
    for _ in range(6):
        await post.run()
        post.clock.advance(timedelta(hours=1))
    assert len(post.outside.got) == 2
    assert len({mail["Message-ID"] for mail in post.outside.mails}) == 1
    row = await post.row(mail_id)
    assert row.state == "failed"
    assert "may have arrived" in row.reason


async def test_a_crash_between_hand_over_and_record(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """The claim of the dead process ends; the mail goes once more, as the same mail; then never again."""

    async def die(*_: object) -> None:
        raise asyncio.CancelledError

    mail_id = await post.submit()
    with monkeypatch.context() as patched:
        patched.setattr(Sender, "_sent", die)
        with pytest.raises(asyncio.CancelledError):
            await post.run()
    assert (await post.row(mail_id)).state == "sending"
    assert await post.run() == 0
    post.clock.advance(sender.CLAIM + timedelta(seconds=1))
    assert await post.run() == 1
    assert (await post.row(mail_id)).state == "sent"
    assert len(post.outside.got) == 2
    assert len({mail["Message-ID"] for mail in post.outside.mails}) == 1


async def test_a_server_that_can_tell_is_asked_and_nothing_is_sent_twice(
    post: Post, dovecot: DovecotForTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(*_: object) -> None:
        raise asyncio.CancelledError

    post.inbox = replace(post.inbox, receive=dovecot.server("keeps-sent@inside.test"))
    mail_id = await post.submit()
    with monkeypatch.context() as patched:
        patched.setattr(Sender, "_sent", die)
        with pytest.raises(asyncio.CancelledError):
            await post.run()
    with dovecot.mailbox("keeps-sent@inside.test") as box:
        box.folder.create("Sent")
        box.append(post.outside.got[0].original_content or b"", "Sent")
    post.clock.advance(sender.CLAIM + timedelta(seconds=1))
    assert await post.run() == 1
    assert (await post.row(mail_id)).state == "sent"
    assert len(post.outside.got) == 1


async def test_two_senders_never_take_the_same_mail(post: Post) -> None:
    for _ in range(20):
        await post.submit()
    for _ in range(4):
        await asyncio.gather(post.run(), post.run(), post.run())
    assert len(post.outside.got) == 20
    assert len({mail["Message-ID"] for mail in post.outside.mails}) == 20


async def test_a_server_that_hangs_keeps_no_other_inbox_waiting_and_a_stop_gives_its_mails_back(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "PATIENCE_SECONDS", 0.2)
    kept: list[asyncio.StreamWriter] = []  # open, and nothing is ever said
    hangs = await asyncio.start_server(lambda _reader, writer: kept.append(writer), "127.0.0.1", 0)
    port = hangs.sockets[0].getsockname()[1]
    assert post.inbox.send is not None
    slow = replace(post.inbox, id="main/slow", send=replace(post.inbox.send, port=port))
    inboxes = {slow.key: slow, post.inbox.key: post.inbox}
    async with post.mail.database.tenant("north") as connection:
        (stuck,) = await repository.next_ids(connection, "north")
        await repository.add_mail(connection, "north", replace(answer(stuck), inbox_id="main/slow"))
        await repository.add_to_outbox(connection, "north", stuck, "main/slow", NOW)
    working = post.sender()
    for _ in range(2):
        mail_id = await post.submit()
        await working.run(inboxes)
        assert (await post.row(mail_id)).state == "sent"
    await working.stop()
    hangs.close()
    for writer in kept:
        writer.close()
    post.inbox = replace(slow, send=post.inbox.send)
    assert await post.run() == 1
    assert (await post.row(stuck)).state == "sent"


async def test_an_outcome_waits_for_a_database_that_is_away(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "AGAIN_AFTER_SECONDS", 0.05)
    record, tries = Sender._report, 0

    async def away_at_first(*given: object) -> None:
        nonlocal tries
        tries += 1
        if tries < 4:
            raise ConnectionRefusedError
        await record(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(Sender, "_report", away_at_first)
    mail_id = await post.submit()
    await post.run()
    assert (await post.row(mail_id)).state == "sent"
    assert len(post.outside.got) == 1


async def test_a_mail_that_can_not_be_written_ends_with_a_reason(post: Post) -> None:
    mail_id = await post.submit(recipients='[{"kind": "to", "address": "nonsense", "name": ""}]')
    other = await post.submit()
    await post.run()
    assert (await post.row(mail_id)).state == "failed"
    assert (await post.row(other)).state == "sent"


async def test_the_undo_keeps_it_and_then_it_is_too_late(post: Post) -> None:
    mail_id = await post.submit()
    async with post.mail.database.tenant("north") as connection:
        await connection.execute(
            "UPDATE outbox SET next_at = $1, not_before = $1", NOW + timedelta(seconds=10)
        )
    assert await post.run() == 0
    post.clock.advance(timedelta(seconds=10))
    assert await post.run() == 1
    async with post.mail.database.tenant("north") as connection:
        assert not await repository.drop_from_outbox(connection, mail_id)


async def test_a_bounce_is_linked_to_the_mail_that_it_is_about(post: Post, dovecot: DovecotForTests) -> None:
    mail_id = await post.submit()
    await post.run()
    message_id = (await post.row(mail_id)).message_id
    bounce = (
        "From: MAILER-DAEMON@outside.test\r\nTo: info@inside.test\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n"
        'Message-ID: <dsn@outside.test>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; outside.test\r\n\r\n"
        "Final-Recipient: rfc822; ann@outside.test\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{message_id}>\r\nSubject: Re\r\n\r\nElle arrive.\r\n--b--\r\n"
    ).encode()
    dovecot.deliver("bounced@inside.test", [bounce])
    post.mail.inboxes = [replace(post.inbox, send=None, receive=dovecot.server("bounced@inside.test"))]
    async with post.mail.running():
        (found,) = await post.mail.arrived("north", 1)
    assert (found.kind, found.thread_id) == ("bounce", 1)
    row = await post.row(mail_id)
    assert (row.state, row.reason) == ("bounced", "5.1.1 550 5.1.1 no such user")
    assert [one.outcome for one in await post.reports()] == ["sent", "bounced"]


async def test_what_people_wrote_goes_before_automatic_answers(post: Post) -> None:
    """The inbox's rate holds a flood of acknowledgements back, not the agents."""
    slow = replace(post.inbox, rate=1)
    for _ in range(3):
        await post.submit(agent_id=None)
    written = await post.submit()
    assert await post.sender().run({slow.key: slow}) == 1
    assert (await post.row(written)).state == "sent"


def test_a_rate_is_a_bucket() -> None:
    rates = Rates()
    key = ("north", "info")
    assert rates.room(key, 60, 0.0) == 10
    rates.used(key, 10)
    assert rates.room(key, 60, 0.5) == 0
    assert rates.room(key, 60, 3.5) == 3
    assert rates.room(key, 60, 1000.0) == 10
    assert rates.room(("north", "slow"), 1, 0.0) == 1
