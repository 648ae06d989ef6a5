"""Simulated people write real mail to the demo's mail server, read what comes back, and reply to it."""

import asyncio
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from cordboard.channels.email.demo_post import DemoPost
from cordboard.settings import Settings
from cordboard.testing.dovecot import DovecotForTests, dovecot
from cordboard.testing.mail import until
from cordboard.testing.postgres import free_port
from cordboard.testing.traffic import writers
from cordboard.testing.traffic.chance import Chance
from cordboard.testing.traffic.report import Tally
from cordboard.testing.traffic.scene import DEMO_CENTRE
from cordboard.testing.traffic.writers import WRITERS, Writers, demo_inboxes

__all__ = ["dovecot"]


def answer(mail: str, to: str, *, automatic: bool) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = "Maison Lanterne <shop@lanterne.example>"
    message["To"] = to
    message["Subject"] = "Re: Ma commande n° 7"
    message["Message-ID"] = mail
    if automatic:
        message["Auto-Submitted"] = "auto-replied"
    message.set_content("Elle arrive demain.")
    return message.as_bytes()


async def test_they_write_and_reply(
    dovecot: DovecotForTests, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(Chance, "between", lambda *_: 0.05)
    smtp = free_port()
    post = DemoPost(smtp, lambda _address: dovecot.conf.lmtp_port)
    settings = Settings(data_dir=tmp_path, demo_imap_port=dovecot.conf.imap_port, demo_smtp_port=smtp)
    tally = Tally()
    (first, *_) = inboxes = demo_inboxes(DEMO_CENTRE)
    for number, writer in enumerate(WRITERS):
        mails = [
            answer(f"<a{number}@x>", writer.address, automatic=False),
            answer("<b@x>", writer.address, automatic=True),
        ]
        dovecot.deliver(writer.address, mails)
    await post.start()
    task = asyncio.create_task(Writers(settings, inboxes, Chance("1"), tally).run(3000))

    def found() -> list[tuple[str, str]]:
        with dovecot.mailbox(first) as box:
            return [(one.subject, one.headers.get("in-reply-to", ("",))[0]) for one in box.fetch()]

    async def ask() -> list[tuple[str, str]]:
        return await asyncio.to_thread(found)

    enough: Callable[[list[tuple[str, str]]], bool] = lambda mails: (  # noqa: E731
        any(name for _, name in mails) and sum(not name for _, name in mails) >= 3
    )
    try:
        mails = await until(ask, enough)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await post.stop()
    replies = [mail for mail in mails if mail[1]]
    assert {subject for subject, _ in replies} == {"Re: Ma commande n° 7"}
    assert "<b@x>" not in {name for _, name in replies}
    assert tally.mails >= len(mails)
    assert "mails written" in tally.sentence()
