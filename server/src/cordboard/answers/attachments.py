"""Files of answers: kept once each as blobs; the answer names them."""

import asyncio
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cordboard.answers import repository, schemas
from cordboard.answers.errors import AttachmentNotFound, ChangedMeanwhile, TooLarge, TooMany
from cordboard.answers.repository import AnswerRow
from cordboard.answers.service import Library
from cordboard.blobs import rows
from cordboard.blobs.rows import Keep
from cordboard.blobs.store import BlobStore
from cordboard.db.database import Database
from cordboard.identity.rights import Session
from cordboard.runtime.clock import Clock

LARGEST = 20 * 1024 * 1024
MOST = 10


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    media_type: str
    data: bytes


class Attachments:
    def __init__(self, db: Database, library: Library, store: BlobStore, clock: Clock) -> None:
        self._db = db
        self._library = library
        self._store = store
        self._clock = clock

    async def add(
        self, session: Session, answer_id: str, version: int, upload: Upload
    ) -> schemas.LibraryAnswer:
        """The same file again stands there once."""
        if len(upload.data) > LARGEST:
            raise TooLarge
        now = self._clock.now()
        async with self._db.tenant(session.tenant_id) as connection:
            row = await self._library.readable(connection, session, answer_id)
            keep = Keep(upload.data, upload.media_type)
            blob = await rows.put(self._store, connection, session.tenant_id, keep, now)
            listed = [each for each in _listed(row) if each["hash"] != blob.hash]
            if len(listed) >= MOST:
                raise TooMany
            made = {
                "hash": blob.hash,
                "name": Path(upload.name).name[:200] or "file",
                "media_type": upload.media_type,
                "size": blob.size,
            }
            changed = self._changed(session, row, version, [*listed, made])
            if await repository.save_attachments(connection, changed) is None:
                raise ChangedMeanwhile
        return await self._library.get(session, answer_id)

    async def remove(
        self, session: Session, answer_id: str, version: int, file_id: str
    ) -> schemas.LibraryAnswer:
        """The file itself stays: mails that have been sent with it name it too."""
        async with self._db.tenant(session.tenant_id) as connection:
            row = await self._library.readable(connection, session, answer_id)
            kept = [each for each in _listed(row) if each["hash"] != file_id]
            if len(kept) == len(_listed(row)):
                raise AttachmentNotFound
            if (
                await repository.save_attachments(connection, self._changed(session, row, version, kept))
                is None
            ):
                raise ChangedMeanwhile
        return await self._library.get(session, answer_id)

    async def read(self, session: Session, answer_id: str, file_id: str) -> Upload:
        async with self._db.tenant(session.tenant_id) as connection:
            row = await self._library.readable(connection, session, answer_id)
        found = next((each for each in _listed(row) if each["hash"] == file_id), None)
        if found is None:
            raise AttachmentNotFound
        data = await asyncio.to_thread(self._store.read, session.tenant_id, file_id)
        return Upload(found["name"], found["media_type"], data)

    def _changed(
        self, session: Session, row: AnswerRow, version: int, listed: list[dict[str, Any]]
    ) -> AnswerRow:
        text = json.dumps(listed, ensure_ascii=False)
        return replace(
            row,
            attachments=text,
            version=version,
            changed_at=self._clock.now(),
            changed_by=session.name,
        )


def _listed(row: AnswerRow) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(row.attachments)
    return found
