"""Mails to send and a mail room to run, for tests and benches of email."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import TypeVar

from cordboard.blobs.store import BlobStore
from cordboard.channels.email import repository
from cordboard.channels.email.digest import Digest, Raw, digest
from cordboard.channels.email.door import DoorAddress
from cordboard.channels.email.inboxes import InboxSettings
from cordboard.channels.email.mailroom import Mailroom, MailroomSettings
from cordboard.channels.email.repository import InboxStateRow, MailRow
from cordboard.db.database import Database
from cordboard.runtime.clock import SystemClock

T = TypeVar("T")
TOKEN_KEY = b"a key for tests, 32 bytes long .."


def written(
    number: int,
    *,
    sender: str = "ann@outside.test",
    to: str = "info@inside.test",
    subject: str = "",
    text: str = "",
    answers: str = "",
    domain: str = "outside.test",
) -> bytes:
    """A plain mail as a program writes it. Its Message-ID is `m<number>@<domain>`."""
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Ann Example <{sender}>"
    message["To"] = to
    message["Subject"] = subject or f"Question {number}"
    message["Message-ID"] = f"<m{number}@{domain}>"
    message["Date"] = "Tue, 24 Nov 2026 10:00:00 +0100"
    if answers:
        message["In-Reply-To"] = message["References"] = f"<{answers}>"
    message.set_content(text or f"Good morning, this is the question with the number {number}.\r\n")
    return message.as_bytes()


@dataclass(slots=True)
class MailForTests:
    """A mail room over a real database. Change `inboxes` at any time: it looks every second."""

    database: Database
    store: BlobStore
    door: DoorAddress | None = None
    inboxes: list[InboxSettings] = field(default_factory=list)
    workers: int = 1
    trusted_filter: str = ""

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Mailroom]:
        """The mail room runs within this block."""

        async def present() -> Sequence[InboxSettings]:
            return list(self.inboxes)

        settings = MailroomSettings(TOKEN_KEY, self.door, self.workers, self.trusted_filter)
        room = Mailroom(settings, self.database, self.store, SystemClock(), present)
        task = asyncio.create_task(room.run())
        try:
            yield room
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def mails(self, tenant_id: str) -> list[MailRow]:
        """All that came in and can be shown, in order."""
        async with self.database.tenant(tenant_id) as connection:
            return await repository.arrived_after(connection, 0, 100_000)

    async def arrived(self, tenant_id: str, count: int, seconds: float = 30) -> list[MailRow]:
        """As soon as there are `count`."""

        def enough(found: list[MailRow]) -> bool:
            return len(found) >= count

        try:
            return await until(lambda: self.mails(tenant_id), enough, seconds)
        except AssertionError:
            names = [one.message_id for one in await self.mails(tenant_id)]
            raise AssertionError(f"{len(names)} of {count} mails: {names[-50:]}") from None

    async def state(self, tenant_id: str, inbox_id: str) -> InboxStateRow | None:
        async with self.database.tenant(tenant_id) as connection:
            states = await repository.inbox_states(connection)
        return next((one for one in states if one.inbox_id == inbox_id), None)


async def until(ask: Callable[[], Awaitable[T]], good: Callable[[T], bool], seconds: float = 30) -> T:
    """What `ask` gives as soon as it is good. Fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        found = await ask()
        if good(found):
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {found!r:.2000}")
        await asyncio.sleep(0.02)


def mail_store(folder: Path) -> BlobStore:
    return BlobStore(folder / "blobs")


def breaks_over_some(folder: Path, raw: Raw) -> Digest:
    """In a worker, instead of `digest`: what the mail says is done to it."""
    data = BlobStore(folder).read(raw.tenant_id, raw.blob.hash)
    if b"KILL" in data:
        os.kill(os.getpid(), signal.SIGKILL)
    if b"HANG" in data:
        time.sleep(600)
    return digest(folder, raw)
