"""What fetchers hand mails to, from their threads: blobs at once, understanding while they fetch on, storing in order."""

import asyncio
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from cordboard.blobs.store import Blob, BlobStore
from cordboard.channels.email import tables
from cordboard.channels.email.arrival import Arrivals, Item, Step, Stored
from cordboard.channels.email.diagnosis import Diagnosis
from cordboard.channels.email.digest import Digest, Raw
from cordboard.channels.email.inboxes import InboxSettings
from cordboard.channels.email.repository import BookmarkRow
from cordboard.channels.email.workers import Understanding
from cordboard.db.database import Database
from cordboard.runtime.clock import Clock

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Brought:
    """A raw mail that is safe on the disk, and what it will be recognised by."""

    raw: Blob
    keys: tuple[str, ...]
    perhaps_known: bool = False


class Intake:
    """The way from fetchers' threads into the mail process's loop and database."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        store: BlobStore,
        understanding: Understanding,
        arrivals: Arrivals,
    ) -> None:
        self._database = database
        self._clock = clock
        self.store = store
        self._understanding = understanding
        self._arrivals = arrivals
        self._told: dict[tuple[str, str], dict[str, Diagnosis]] = {}  # inbox → folder → how it was last
        self._loop = asyncio.get_running_loop()

    # -- from the loop

    async def take(
        self, inbox: InboxSettings, brought: Sequence[Brought], step: Step | None = None
    ) -> Stored:
        """Understands and stores. Returns after the commit."""
        return await self._save(inbox, brought, await self._digest(inbox, brought), step)

    # -- from threads

    def begin_digest(self, inbox: InboxSettings, brought: Sequence[Brought]) -> "Future[list[Digest]]":
        return asyncio.run_coroutine_threadsafe(self._digest(inbox, brought), self._loop)

    def save(
        self, inbox: InboxSettings, brought: Sequence[Brought], digests: Sequence[Digest], step: Step | None
    ) -> Stored:
        """Returns after the commit."""
        return self._wait(self._save(inbox, brought, digests, step))

    def bookmark(self, inbox: InboxSettings, folder: str) -> BookmarkRow | None:
        return self._wait(self._bookmark(inbox, folder))

    def pass_over(self, inbox: InboxSettings, keys: Sequence[str], bookmark: BookmarkRow) -> None:
        """An inbox begins with what comes from now on: these are never fetched. Once, with its bookmark."""
        self._wait(self._pass_over(inbox, keys, bookmark))

    def now(self) -> datetime:
        return self._clock.now()

    def known(self, inbox: InboxSettings, keys: Sequence[str]) -> set[str]:
        """Those of `keys` that a stored mail has."""
        return self._wait(self._known(inbox, keys))

    def tell(self, inbox: InboxSettings, folder: str, diagnosis: Diagnosis) -> None:
        """How the inbox is, for its owner to see. While one of its folders is in trouble, the inbox is."""
        self._wait(self._tell(inbox, folder, diagnosis))

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    # -- within

    async def _digest(self, inbox: InboxSettings, brought: Sequence[Brought]) -> list[Digest]:
        mails = [Raw(inbox.tenant_id, one.raw, inbox.languages, inbox.language) for one in brought]
        return await self._understanding.digest_all(mails)

    async def _save(
        self, inbox: InboxSettings, brought: Sequence[Brought], digests: Sequence[Digest], step: Step | None
    ) -> Stored:
        items = [
            Item(one.raw, one.keys, digest, one.perhaps_known)
            for one, digest in zip(brought, digests, strict=True)
        ]
        return await self._arrivals.store(inbox, items, step)

    async def _bookmark(self, inbox: InboxSettings, folder: str) -> BookmarkRow | None:
        async with self._database.tenant(inbox.tenant_id) as connection:
            row = await connection.fetchrow(tables.FIND_BOOKMARK, inbox.id, folder)
        return None if row is None else BookmarkRow(**dict(row.items()))

    async def _pass_over(self, inbox: InboxSettings, keys: Sequence[str], bookmark: BookmarkRow) -> None:
        now = self._clock.now()
        async with self._database.tenant(inbox.tenant_id) as connection:
            await connection.fetch(tables.ADD_SEEN_ALL, inbox.tenant_id, inbox.id, list(keys), now)
        await self._arrivals.store(inbox, [], Step(None, bookmark))

    async def _known(self, inbox: InboxSettings, keys: Sequence[str]) -> set[str]:
        async with self._database.tenant(inbox.tenant_id) as connection:
            rows = await connection.fetch(tables.FIND_SEEN, inbox.id, list(keys))
        return {row["key"] for row in rows}

    async def _tell(self, inbox: InboxSettings, folder: str, diagnosis: Diagnosis) -> None:
        present = inbox.receive.fetched_folders if inbox.receive is not None else ()
        told = {key: each for key, each in self._told.get(inbox.key, {}).items() if key in present}
        self._told[inbox.key] = {**told, folder: diagnosis}
        diagnosis = next((each for each in self._told[inbox.key].values() if not each.ok), diagnosis)
        async with self._database.tenant(inbox.tenant_id) as connection:
            await connection.execute(
                tables.SAVE_INBOX_STATE,
                inbox.tenant_id,
                inbox.id,
                self._clock.now(),
                diagnosis.ok,
                diagnosis.stage,
                diagnosis.sentence,
                diagnosis.hint,
            )
