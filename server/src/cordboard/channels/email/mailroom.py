"""The mail process's parts put together: a fetcher for each mailbox, the door for deliveries, retries, and the outbox's sender.

`inboxes` is asked again and again; a fetcher is started, replaced or stopped when its inbox appears, changes or goes.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from cordboard.blobs.store import BlobStore
from cordboard.channels.email.arrival import Arrivals
from cordboard.channels.email.attachment_texts import AttachmentTexts
from cordboard.channels.email.door import DoorAddress, MailDoor
from cordboard.channels.email.fetching import Fetcher
from cordboard.channels.email.inboxes import InboxSettings
from cordboard.channels.email.intake import Intake
from cordboard.channels.email.retries import Retries
from cordboard.channels.email.sender import Sender
from cordboard.channels.email.sent_copies import SentCopies
from cordboard.channels.email.sign_in import AccessTokens
from cordboard.channels.email.workers import Understanding
from cordboard.db.database import OUTAGES, Database
from cordboard.knowledge.ocr.process import ReadingProcess
from cordboard.runtime.clock import Clock

log = structlog.get_logger(__name__)

Inboxes = Callable[[], Awaitable[Sequence[InboxSettings]]]
LOOK_EVERY_SECONDS = 1.0
STOP_SECONDS = 3.0
WAKE_CHANNEL = "cordboard_mail"
"""NOTIFY with the tenant's id: something arrived or was sent. A wake-up only; who misses it looks every second."""


@dataclass(frozen=True, slots=True)
class MailroomSettings:
    """`token_key` signs thread tokens. `door` None: no direct delivery."""

    token_key: bytes
    door: DoorAddress | None
    workers: int = 1
    trusted_filter: str = ""  # whose Authentication-Results are believed


class Mailroom:
    """All of the mail process. `run` until cancelled."""

    def __init__(
        self, settings: MailroomSettings, database: Database, store: BlobStore, clock: Clock, inboxes: Inboxes
    ) -> None:
        self._database = database
        self._inboxes = inboxes
        self._tokens = AccessTokens(clock)
        self._understanding = Understanding(store.folder, settings.workers)
        self._arrivals = Arrivals(database, clock, settings.token_key, self._news, settings.trusted_filter)
        self._intake = Intake(database, clock, store, self._understanding, self._arrivals)
        self._door = None if settings.door is None else MailDoor(settings.door, self.find, self._intake)
        self._retries = Retries(database, self._understanding, self._arrivals)
        self._sender = Sender(database, clock, store, self._tokens, settings.token_key, self._news)
        self._copies = SentCopies(database, clock, store, self._tokens)
        self._texts = AttachmentTexts(database, clock, store, ReadingProcess())
        self._fetchers: dict[tuple[str, str, str], Fetcher] = {}  # tenant, inbox, folder
        self._stopping: list[Fetcher] = []
        self._by_address: dict[str, InboxSettings] = {}
        self._by_key: dict[tuple[str, str], InboxSettings] = {}
        self._to_tell: set[str] = set()
        self._tell = asyncio.Event()

    def find(self, address: str) -> InboxSettings | None:
        """Whose inbox the address is, of those that mail may be delivered to."""
        return self._by_address.get(address)

    async def run(self) -> None:
        if self._door is not None:
            await self._look()
            await self._door.start()
        log.info("mail_ready")
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep_looking(), name="inboxes")
                group.create_task(self._tell_news(), name="news")
                group.create_task(self._keep_sending(), name="outbox")
                group.create_task(self._keep_copies(), name="sent_copies")
                group.create_task(self._keep_reading(), name="attachment_texts")
        finally:
            await self._sender.stop()
            await self._stop_fetchers()
            if self._door is not None:
                await self._door.stop()
            await self._understanding.stop()
            await self._texts.stop()

    async def _stop_fetchers(self) -> None:
        """Lets each come to the end of what it does; one that hangs in the network is left to end with the process."""
        left = [*self._fetchers.values(), *self._stopping]
        for fetcher in left:
            fetcher.stop()
        joins = [asyncio.to_thread(fetcher.join, STOP_SECONDS) for fetcher in left]
        await asyncio.gather(*joins)

    async def _keep_looking(self) -> None:
        while True:
            await self._look()
            await self._guarded(self._retries.run(list(self._by_key.values())), "retries")
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _keep_sending(self) -> None:
        while True:
            sent = await self._guarded(self._sender.run(self._by_key), "outbox")
            await asyncio.sleep(0 if sent else LOOK_EVERY_SECONDS / 2)

    async def _keep_copies(self) -> None:
        while True:
            kept = await self._guarded(self._copies.run(self._by_key), "sent_copies")
            await asyncio.sleep(0 if kept else LOOK_EVERY_SECONDS * 2)

    async def _keep_reading(self) -> None:
        while True:
            read = await self._guarded(self._texts.run(list(self._by_key.values())), "attachment_texts")
            await asyncio.sleep(0 if read else LOOK_EVERY_SECONDS)

    async def _look(self) -> None:
        """Starts, replaces and stops fetchers, as the published configurations say now."""
        try:
            present = {inbox.key: inbox for inbox in await self._inboxes()}
        except OUTAGES as error:
            log.warning("inboxes_not_known", error=type(error).__name__)
            return
        except Exception:
            log.exception("inboxes_not_readable")  # those known before go on
            return
        self._by_key = present
        self._by_address = {inbox.address.lower(): inbox for inbox in present.values()}
        wanted = {
            (*key, folder): (inbox, replace(inbox.receive, folder=folder))
            for key, inbox in present.items()
            if inbox.receive is not None
            for folder in inbox.receive.fetched_folders
        }
        for place, fetcher in list(self._fetchers.items()):
            if wanted.get(place) != (fetcher.inbox, fetcher.server) or not fetcher.is_alive():
                fetcher.stop()
                self._stopping.append(self._fetchers.pop(place))
        self._stopping = [one for one in self._stopping if one.is_alive()]
        busy = {(*one.inbox.key, one.server.folder) for one in self._stopping}
        for place, (inbox, server) in wanted.items():
            # The one before must have ended: one folder, one fetcher, so that the order is kept.
            if place not in self._fetchers and place not in busy:
                fetcher = self._fetchers[place] = Fetcher(inbox, server, self._intake, self._tokens)
                fetcher.start()

    async def _guarded(self, work: Awaitable[int], what: str) -> int:
        try:
            return await work
        except OUTAGES as error:
            log.warning("database_away", work=what, error=type(error).__name__)
        except Exception:
            log.exception("mail_work_failed", work=what)  # a defect there does not end the rest
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        return 0

    def _news(self, tenant_id: str) -> None:
        self._to_tell.add(tenant_id)
        self._tell.set()

    async def _tell_news(self) -> None:
        """One NOTIFY for all that came meanwhile, never within the transaction that stores: that would serialise commits."""
        while True:
            await self._tell.wait()
            self._tell.clear()
            tenants, self._to_tell = self._to_tell, set()
            with contextlib.suppress(*OUTAGES):
                async with self._database.plain() as connection:
                    for tenant_id in tenants:
                        await connection.execute("SELECT pg_notify($1, $2)", WAKE_CHANNEL, tenant_id)
            await asyncio.sleep(0.02)
