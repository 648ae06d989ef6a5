"""Mails whose row was written, and on which the core never decided: the server ended in that instant.

Whether it decided is certain: its facts are committed with the decision. What it has not decided on has not left and never will,
so it becomes a draft again: of its contact, or of who wrote a new mail. A question to an expert, which has no draft, is shown as not
sent. A correction goes: what it was to replace still waits for approval.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from cordboard.db.database import OUTAGES, Connection, Database
from cordboard.mail import repository, schemas, tables
from cordboard.mail.new_drafts import NewDraftRow, put_back
from cordboard.mail.repository import Mail
from cordboard.mail.writing import draft_of
from cordboard.runtime.clock import Clock

log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS = 60.0
AGAIN_AFTER_SECONDS = 1.0
SURELY_UNDECIDED_AFTER = timedelta(minutes=10)
"""While this server runs, a decision may still be waiting for the database."""
NOT_SENT = "The centre was interrupted before this was decided on: it has not been sent."


class Undecided:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._started_at = clock.now()

    async def run(self, tenant_ids: Callable[[], Sequence[str]]) -> None:
        """At the start what an earlier server left; then now and then what else was left behind. Until cancelled."""
        before = self._started_at
        while True:
            try:
                for tenant_id in list(tenant_ids()):
                    await self.settle(tenant_id, before)
            except OUTAGES as error:
                log.warning("undecided_mails_wait", error=type(error).__name__)
                await asyncio.sleep(AGAIN_AFTER_SECONDS)
                continue
            except Exception:
                log.exception("undecided_mails_failed")
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            before = self._clock.now() - SURELY_UNDECIDED_AFTER

    async def settle(self, tenant_id: str, before: datetime) -> int:
        """Those that were written before this instant; how many."""
        async with self._db.tenant(tenant_id) as connection:
            rows = await connection.fetch(tables.UNDECIDED, before)
            for row in rows:
                mail = await repository.find_mail(connection, row["id"])
                if mail is not None:
                    await self._settle(connection, tenant_id, mail)
                    log.warning("incident", tenant=tenant_id, kind="mail_undecided", subject=str(mail.id))
            # And the other way round: it was decided on, and its draft had no time to go.
            await connection.execute(tables.DROP_STALE_DRAFTS)
        return len(rows)

    async def _settle(self, connection: Connection, tenant_id: str, mail: Mail) -> None:
        key = str(mail.headers.get("key", ""))
        person_id = str(mail.headers.get("person", ""))
        if mail.headers.get("expert"):
            await connection.execute(tables.NEVER_SENT, mail.id, NOT_SENT)
            return
        if mail.contact_id is not None and "corrects" not in mail.headers:
            body = draft_of(mail).model_dump(mode="json", exclude={"version"})
            writer = mail.agent_id or ""
            await connection.execute(
                tables.DRAFT_AGAIN, tenant_id, mail.contact_id, json.dumps(body), writer, mail.received_at
            )
        elif mail.contact_id is None and person_id:
            draft = schemas.NewDraft(
                **draft_of(mail).model_dump(), inbox_id=mail.inbox_id, note=str(mail.headers.get("note", ""))
            )
            row = NewDraftRow(
                key.removeprefix(f"new-{mail.agent_id}-"),
                1,
                draft.model_dump(mode="json", exclude={"version"}),
                mail.received_at,
            )
            await put_back(connection, tenant_id, person_id, row)
        await connection.execute(tables.DROP_OUTGOING, mail.id)
