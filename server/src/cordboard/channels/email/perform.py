"""Makes the core's commands of email true, as changes of rows. Repeated as often as one likes, each mail leaves once.

Commands wait in one line per tenant and are written down in their order; while the database is away they wait. `settled` says
whether any are left: until then the runtime does not confirm them, and a crash repeats them. One that fails for another reason than an
outage is set aside with it (`failing`), and the next ones go on.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import assert_never

import structlog

from cordboard.channels.email import failing, repository, tables
from cordboard.channels.email.automatic import Automatic, render
from cordboard.channels.email.repository import MailRow
from cordboard.core.config import TenantConfig
from cordboard.core.mail.commands import DiscardMail, MailCommand, SendAutomatic, SendMail
from cordboard.db.database import OUTAGES, Connection, Database
from cordboard.runtime.clock import Clock

log = structlog.get_logger(__name__)

AGAIN_AFTER_SECONDS = 0.5
RETRIED_AT_ONCE = 50


class MailPerformer:
    """The port `runtime.ports.Mails`. `run` writes down what waits, until it is cancelled."""

    def __init__(
        self, database: Database, clock: Clock, config_of: Callable[[str], TenantConfig | None]
    ) -> None:
        self._database = database
        self._clock = clock
        self._config_of = config_of
        self._waiting: asyncio.Queue[tuple[str, MailCommand]] = asyncio.Queue()
        self._left: Counter[str] = Counter()

    def perform(self, tenant_id: str, command: MailCommand) -> None:
        self._left[tenant_id] += 1
        self._waiting.put_nowait((tenant_id, command))

    def settled(self, tenant_id: str) -> bool:
        return not self._left[tenant_id]

    async def run(self) -> None:
        while True:
            tenant_id, command = await self._waiting.get()
            await self._until_done(tenant_id, command)
            self._left[tenant_id] -= 1

    async def _until_done(self, tenant_id: str, command: MailCommand) -> None:
        while True:
            try:
                await self.write(tenant_id, command)
                return
            except OUTAGES as error:
                log.warning("mail_waits_for_database", tenant=tenant_id, error=type(error).__name__)
                await asyncio.sleep(AGAIN_AFTER_SECONDS)
            except Exception as error:
                log.exception("mail_command_failed", tenant=tenant_id, command=type(command).__name__)
                if await self._set_aside(tenant_id, command, error):
                    return

    async def _set_aside(self, tenant_id: str, command: MailCommand, error: Exception) -> bool:
        """False while the database is away. What can not even be set aside is in the log, and holds nobody up."""
        try:
            async with self._database.tenant(tenant_id) as connection:
                await failing.set_aside(
                    connection, tenant_id, command, failing.reason_of(error), self._clock.now()
                )
        except OUTAGES:
            await asyncio.sleep(AGAIN_AFTER_SECONDS)
            return False
        except Exception:
            log.exception("mail_command_lost", tenant=tenant_id, command=type(command).__name__)
        return True

    async def retry(self, tenant_id: str) -> int:
        """Writes down what was set aside and is to be tried again; how many commands were tried."""
        async with self._database.tenant(tenant_id) as connection:
            rows = await connection.fetch(tables.COMMANDS_TO_RETRY, RETRIED_AT_ONCE)
        for row in rows:
            command = failing.read(row["command"])
            try:
                async with self._database.tenant(tenant_id) as connection:
                    automatic = isinstance(command, SendAutomatic)
                    await connection.execute(
                        tables.DROP_RETRIED if automatic else tables.SUBMIT_AGAIN, row["id"]
                    )
                    await self._write(connection, tenant_id, command)
            except OUTAGES:
                raise
            except Exception as error:
                log.exception("mail_command_failed", tenant=tenant_id, command=type(command).__name__)
                await self._set_aside(tenant_id, command, error)
        return len(rows)

    async def write(self, tenant_id: str, command: MailCommand) -> None:
        """One command, in one transaction."""
        async with self._database.tenant(tenant_id) as connection:
            await self._write(connection, tenant_id, command)

    async def _write(self, connection: Connection, tenant_id: str, command: MailCommand) -> None:
        match command:
            case SendMail():
                await self._send(connection, tenant_id, command)
            case DiscardMail():
                await connection.execute(tables.DISCARD_MAIL, command.mail_id, command.cause)
            case SendAutomatic():
                await self._send_automatic(connection, tenant_id, command)
            case _:
                assert_never(command)

    async def _send(self, connection: Connection, tenant_id: str, command: SendMail) -> None:
        inbox_id = await connection.fetchval(tables.QUEUE_MAIL, command.mail_id, command.contact_id or None)
        if inbox_id is not None:
            now = self._clock.now()
            await repository.add_to_outbox(connection, tenant_id, command.mail_id, inbox_id, now)

    async def _send_automatic(self, connection: Connection, tenant_id: str, command: SendAutomatic) -> None:
        config = self._config_of(tenant_id)
        key = f"auto-{command.key}"
        if config is None or await connection.fetchval(tables.FIND_BY_KEY, key) is not None:
            return
        origin = await repository.find_mail(connection, command.in_reply_to or command.reminder_of)
        automatic = render(command, config, origin)
        if automatic is None:
            log.warning("automatic_mail_without_text", tenant=tenant_id, message=command.message_id)
            return
        attachments = await self._attachments(connection, automatic)
        (mail_id,) = await repository.next_ids(connection, tenant_id)
        row = self._row(mail_id, command, config, origin, automatic, attachments, key)
        await repository.add_mail(connection, tenant_id, row)
        await repository.add_to_outbox(connection, tenant_id, mail_id, row.inbox_id, row.received_at)

    async def _attachments(self, connection: Connection, automatic: Automatic) -> list[Mapping[str, object]]:
        rows = await connection.fetch(tables.BLOBS, list(automatic.files.values()))
        blobs = {row["hash"]: row for row in rows}
        hashes = [str(part["hash"]) for part in automatic.parts]
        harmful = {row["hash"] for row in await connection.fetch(tables.HARMFUL, hashes)} if hashes else set()
        found: list[Mapping[str, object]] = [part for part in automatic.parts if part["hash"] not in harmful]
        for name, hash_ in automatic.files.items():
            if hash_ in blobs:
                blob = blobs[hash_]
                found.append(
                    {
                        "name": name,
                        "media_type": blob["media_type"],
                        "size": blob["size"],
                        "hash": hash_,
                        "inline_id": "",
                        "text": "",
                    }
                )
            else:
                log.warning("attachment_missing", file=hash_[:12])
        return found

    def _row(
        self,
        mail_id: int,
        command: SendAutomatic,
        config: TenantConfig,
        origin: MailRow | None,
        automatic: Automatic,
        attachments: list[Mapping[str, object]],
        key: str,
    ) -> MailRow:
        point = config.entry_points.get(command.entry_point_id)
        inbox = config.inboxes.get(command.entry_point_id)
        now = self._clock.now()
        refs = [*origin.refs, origin.message_id] if origin and origin.message_id else []
        return MailRow(
            mail_id,
            "out",
            command.entry_point_id,
            "queued",
            command.contact_id,
            (origin.thread_id or origin.id) if origin else mail_id,
            "",
            "",
            "" if command.forward or origin is None else origin.message_id,
            [] if command.forward else refs[-20:],
            point.address if point else "",
            inbox.from_name if inbox else "",
            json.dumps([{"kind": "to", "address": command.to, "name": command.to_name}]),
            automatic.subject,
            "",
            now,
            now,
            automatic.text,
            "",
            "",
            (inbox.signature if inbox else ""),
            command.language,
            "auto_reply",
            None,
            json.dumps(attachments),
            json.dumps(
                {"key": key, "auto_submitted": automatic.auto_submitted, "reply_to": automatic.reply_to}
            ),
            "",
        )
