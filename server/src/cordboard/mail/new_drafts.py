"""Drafts of mails that answer none. They belong to who writes them, and are there again wherever he signs in.

A draft and the mail that it becomes are one or the other: the transaction that writes the mail's row takes the draft away, and
what the core refuses puts it back. The draft's id is the key of the mail, so that two windows send it once.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from cordboard.db.database import Connection, Database
from cordboard.identity.rights import Session
from cordboard.mail import schemas, tables
from cordboard.mail.errors import DraftChanged, MailNotFound, TooManyDrafts
from cordboard.mail.writing import use_files
from cordboard.runtime.clock import Clock

MOST = 100
PREVIEW = 140


@dataclass(frozen=True, slots=True)
class NewDraftRow:
    draft_id: str
    version: int
    body: dict[str, object]
    saved_at: datetime


class NewDrafts:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def all(self, session: Session) -> schemas.NewDrafts:
        """The person's own, the newest first."""
        async with self._db.tenant(session.tenant_id) as connection:
            rows = await connection.fetch(tables.NEW_DRAFTS, session.person_id)
        return schemas.NewDrafts(
            items=[
                _line(NewDraftRow(row["draft_id"], row["version"], json.loads(row["body"]), row["saved_at"]))
                for row in rows
            ]
        )

    async def get(self, session: Session, draft_id: str) -> schemas.SavedNewDraft:
        async with self._db.tenant(session.tenant_id) as connection:
            row = await connection.fetchrow(tables.FIND_NEW_DRAFT, session.person_id, draft_id)
        if row is None:
            raise MailNotFound("There is no such draft: it was sent or thrown away.")
        return schemas.SavedNewDraft.model_validate(
            {
                **json.loads(row["body"]),
                "version": row["version"],
                "saved_at": row["saved_at"],
                "saved_by": {"id": session.person_id, "name": session.name},
            }
        )

    async def save(self, session: Session, draft_id: str, draft: schemas.NewDraft) -> schemas.DraftSaved:
        """Raises DraftChanged unless the stored one is the version that it started from."""
        now = self._clock.now()
        async with self._db.tenant(session.tenant_id) as connection:
            known = await connection.fetchrow(tables.FIND_NEW_DRAFT, session.person_id, draft_id)
            gone = await connection.fetchval(tables.KEY_IS_USED, key_of(session.agent_id or "", draft_id))
            if gone or (known is None and draft.version > 0):
                raise DraftChanged("This mail was sent or thrown away.", by="", at="", version="0")
            if (
                known is None
                and await connection.fetchval(tables.COUNT_NEW_DRAFTS, session.person_id) >= MOST
            ):
                raise TooManyDrafts(most=str(MOST))
            await use_files(connection, draft, now)
            version = await connection.fetchval(
                tables.SAVE_NEW_DRAFT,
                session.tenant_id,
                session.person_id,
                draft_id,
                json.dumps(draft.model_dump(mode="json", exclude={"version"})),
                now,
                draft.version,
            )
        if version is None:
            assert known is not None
            raise DraftChanged(
                by=session.name, at=known["saved_at"].isoformat(), version=str(known["version"])
            )
        return schemas.DraftSaved(version=version, saved_at=now)

    async def drop(self, session: Session, draft_id: str) -> None:
        async with self._db.tenant(session.tenant_id) as connection:
            await take(connection, session.person_id, draft_id)

    async def put_back(self, session: Session, draft_id: str, draft: schemas.NewDraft) -> None:
        """The mail was refused: its draft lives on, as the version that the window knows."""
        async with self._db.tenant(session.tenant_id) as connection:
            await put_back(
                connection,
                session.tenant_id,
                session.person_id,
                NewDraftRow(
                    draft_id,
                    draft.version,
                    draft.model_dump(mode="json", include=set(schemas.NewDraft.model_fields) - {"version"}),
                    self._clock.now(),
                ),
            )


def key_of(agent_id: str, draft_id: str) -> str:
    """The key of the mail that this draft becomes."""
    return f"new-{agent_id}-{draft_id}"


async def take(connection: Connection, person_id: str, draft_id: str) -> None:
    await connection.execute(tables.DROP_NEW_DRAFT, person_id, draft_id)


async def put_back(connection: Connection, tenant_id: str, person_id: str, row: NewDraftRow) -> None:
    await connection.execute(
        tables.PUT_BACK_NEW_DRAFT,
        tenant_id,
        person_id,
        row.draft_id,
        row.version,
        json.dumps(row.body),
        row.saved_at,
    )


def _line(row: NewDraftRow) -> schemas.NewDraftLine:
    draft = schemas.NewDraft.model_validate(row.body)
    return schemas.NewDraftLine(
        draft_id=row.draft_id,
        inbox_id=draft.inbox_id,
        to=draft.to,
        subject=draft.subject,
        preview=" ".join(draft.text[: PREVIEW * 4].split())[:PREVIEW],
        files=sum(1 for file in draft.attachments if not file.inline_id),
        saved_at=row.saved_at,
    )
