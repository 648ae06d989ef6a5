"""The files of chats: rows beside the blobs. What an agent shares may end with a date or a number of downloads."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cordboard.attachments import kinds, tables
from cordboard.blobs import rows as blob_rows
from cordboard.blobs.rows import Keep
from cordboard.blobs.store import BlobStore
from cordboard.core.conversation.words import Attachment
from cordboard.db.database import Database
from cordboard.errors import Refused
from cordboard.scanning.verdicts import Verdicts


class FileGone(Refused):
    """This file can not be downloaded (any more): it has expired, or was downloaded as often as was allowed."""

    code = "file_gone"
    status = 410


@dataclass(frozen=True, slots=True)
class ChatFile:
    id: str
    contact_id: int
    hash: str
    name: str
    media_type: str
    size: int
    by_agent: str
    expires_at: datetime | None = None
    downloads_left: int | None = None

    @property
    def attachment(self) -> Attachment:
        return Attachment(
            self.id, self.name, self.media_type, self.size, self.expires_at, self.downloads_left
        )


@dataclass(frozen=True, slots=True)
class Upload:
    id: str
    name: str
    data: bytes
    media_type: str
    by_agent: str = ""
    expires_at: datetime | None = None
    downloads_left: int | None = None


class ChatFiles:
    """No file comes in, or goes out, that `verdicts` does not let."""

    def __init__(self, database: Database, store: BlobStore, verdicts: Verdicts) -> None:
        self._database = database
        self._store = store
        self._verdicts = verdicts

    async def add(self, tenant_id: str, contact_id: int, upload: Upload, now: datetime) -> ChatFile:
        """Keeps it; raises FileInfected, FileNotChecked. The same id again is the same file."""
        async with self._database.tenant(tenant_id) as connection:
            blob = await blob_rows.put(
                self._store, connection, tenant_id, Keep(upload.data, upload.media_type), now
            )
        await self._verdicts.require(tenant_id, blob.hash)
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(
                tables.ADD_FILE,
                tenant_id,
                upload.id,
                contact_id,
                blob.hash,
                kinds.safe_name(upload.name),
                upload.media_type,
                blob.size,
                upload.by_agent,
                now,
                upload.expires_at,
                upload.downloads_left,
            )
        assert row is not None
        return ChatFile(**dict(row.items()))

    async def find(self, tenant_id: str, contact_ids: Sequence[int], file_id: str) -> ChatFile | None:
        """`contact_ids`: of the chat, and of those that it goes on with."""
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(tables.FIND_FILE, file_id, list(contact_ids))
        return None if row is None else ChatFile(**dict(row.items()))

    async def download(
        self, tenant_id: str, contact_ids: Sequence[int], file_id: str, now: datetime
    ) -> tuple[ChatFile, Path]:
        """For the visitor: counted; raises FileGone."""
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(tables.TAKE_DOWNLOAD, file_id, list(contact_ids), now)
        if row is None:
            raise FileGone
        found = ChatFile(**dict(row.items()))
        return found, await self.path(tenant_id, found)

    async def path(self, tenant_id: str, file: ChatFile) -> Path:
        """Raises FileGone, FileInfected, FileNotChecked."""
        await self._verdicts.require(tenant_id, file.hash)
        path = self._store.path(tenant_id, file.hash)
        if not await asyncio.to_thread(path.is_file):
            raise FileGone
        return path
