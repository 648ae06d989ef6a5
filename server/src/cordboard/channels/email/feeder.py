"""From the rows of the mail process to the core: in the order of their ids, each decided on once.

`State.mail_cursor` and `State.report_cursor` say what was decided; the feeder reads on from there. Ids are without gaps in the order
of commits, so nothing can come in behind the cursor. A crash anywhere repeats what was not decided, and the core ignores what was.
While deciding falls behind, mail stays in the table; so it does for some seconds while texts of its attachments are read. A mail
on which deciding fails is set aside with its reason.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from cordboard.channels.email import repository, tables
from cordboard.channels.email.attachment_texts import held_back_from
from cordboard.channels.email.repository import MailRow
from cordboard.channels.email.translate import Known, arrived, ended
from cordboard.core.events import Event
from cordboard.core.state import State
from cordboard.db.database import OUTAGES, Connection, Database
from cordboard.errors import CordboardError, Overloaded
from cordboard.runtime.ports import Inbox, Outcome

log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS = 0.5
BATCH = 64


class FedTenants(Protocol):
    """The tenants that this process decides for."""

    def tenant_ids(self) -> Sequence[str]: ...

    def inbox_of(self, tenant_id: str) -> Inbox | None: ...

    def state_of(self, tenant_id: str) -> State | None: ...


@dataclass(frozen=True, slots=True)
class _Item:
    """A mail or a report, as the event that the core gets."""

    id: int
    event: Event
    mail_id: int = 0  # of a mail that came in


class Feeder:
    """`run` feeds all tenants until it is cancelled; `feed` feeds one, once."""

    def __init__(self, database: Database, tenants: FedTenants) -> None:
        self._database = database
        self._tenants = tenants
        self._mended: set[str] = set()  # tenants whose rows have been compared with the facts
        self._ids: dict[str, int] = {}  # the counter when there was nothing new

    async def run(self) -> None:
        while True:
            busy = False
            for tenant_id in list(self._tenants.tenant_ids()):
                try:
                    busy = await self.feed(tenant_id) >= BATCH or busy
                except OUTAGES as error:
                    log.warning("feeder_waits_for_database", tenant=tenant_id, error=type(error).__name__)
                except CordboardError as error:
                    log.warning("feeder_waits", tenant=tenant_id, code=error.code)
                except Exception:
                    log.exception("feeder_failed", tenant=tenant_id)
            await asyncio.sleep(0 if busy else LOOK_EVERY_SECONDS)

    async def feed(self, tenant_id: str) -> int:
        """Feeds what is new, at most `BATCH`; how much that was."""
        inbox, state = self._tenants.inbox_of(tenant_id), self._tenants.state_of(tenant_id)
        if inbox is None or state is None or state.config is None or not inbox.accepts_new_contacts:
            return 0
        cursors = state.mail_cursor, state.report_cursor
        async with self._database.tenant(tenant_id) as connection:
            if tenant_id not in self._mended:
                await connection.execute(tables.MEND_CONTACTS, max(0, cursors[0] - 1_000), cursors[0])
                self._mended.add(tenant_id)
            last_id = await connection.fetchval(tables.LAST_ID)
            if last_id is None or self._ids.get(tenant_id) == last_id:
                return 0
            held = await held_back_from(connection)
            items = [
                item for item in await self._items(connection, *cursors) if held is None or item.id < held
            ]
        if not items:
            if held is None:
                self._ids[tenant_id] = last_id
            return 0
        outcomes = await asyncio.gather(*(inbox.submit(item.event) for item in items), return_exceptions=True)
        await self._note(tenant_id, items, outcomes)
        return len(items)

    async def _items(self, connection: Connection, mail_cursor: int, report_cursor: int) -> list[_Item]:
        mails = await repository.arrived_after(connection, mail_cursor, BATCH)
        reports = await repository.reports_after(connection, report_cursor, BATCH)
        items = [_Item(row.id, arrived(row, await _known(connection, row)), row.id) for row in mails]
        for report in reports:
            mail = await repository.find_mail(connection, report.mail_id)
            contact_id = report.contact_id or (mail.contact_id if mail else None)
            queue_id = await connection.fetchval(tables.LAST_QUEUE, contact_id) if contact_id else None
            items.append(_Item(report.id, ended(report, mail, queue_id or "")))
        # one of the two may have been cut short: what lies behind its end must wait for the next round
        ends = [rows[-1].id for rows in (mails, reports) if len(rows) == BATCH]
        return sorted((item for item in items if not ends or item.id <= min(ends)), key=lambda item: item.id)

    async def _note(
        self, tenant_id: str, items: Sequence[_Item], outcomes: Sequence[Outcome | BaseException]
    ) -> None:
        """Which contact each mail has come to."""
        contacts: list[tuple[int, int]] = []
        broken: list[int] = []
        for item, outcome in zip(items, outcomes, strict=True):
            if isinstance(outcome, Outcome):
                if item.mail_id and outcome.contact_id:
                    contacts.append((item.mail_id, outcome.contact_id))
            elif isinstance(outcome, CordboardError) and outcome.code == "deciding_failed":
                if item.mail_id:
                    broken.append(item.mail_id)
            elif not isinstance(outcome, Overloaded | CordboardError):
                raise outcome
        async with self._database.tenant(tenant_id) as connection:
            if contacts:
                await connection.executemany(tables.SET_CONTACT, contacts)
            for mail_id in broken:
                await repository.set_state(
                    connection, mail_id, "set_aside", "Deciding about it failed; this has been logged."
                )


async def _known(connection: Connection, row: MailRow) -> Known:
    found = await connection.fetchrow(
        tables.KNOWN,
        row.id,
        row.sender,
        row.thread_id or row.id,
        row.contact_id,
        row.in_reply_to,
        row.refs,
        row.inbox_id,
        row.received_at,
    )
    if found is None:
        return Known()
    return Known(
        found["sender_mails"],
        found["thread_mails"],
        found["agent_id"] or "",
        found["since_previous"],
        found["expert"],
    )
