"""The outbox leaves: claim, compose, hand over, record. What is guaranteed:

- A mail of the outbox leaves, or ends as failed with a reason; the core is told either way (a report, in the same transaction).
- It is composed once and keeps its bytes and its Message-ID: every repetition is recognisably the same mail.
- A crash before the text is handed over costs nothing. Between hand-over and record the outcome is not known: then the server
  is asked when it can tell (our inbox's folder of sent mail, by Message-ID); when it can not, the mail is sent **once more
  at most**, and after a second unknown outcome it ends as failed, saying that it may have arrived.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from cordboard.blobs import tables as blob_tables
from cordboard.blobs.store import BlobStore
from cordboard.channels.email import repository, tables
from cordboard.channels.email.inboxes import InboxSettings, Server
from cordboard.channels.email.outgoing import build
from cordboard.channels.email.rates import Rates
from cordboard.channels.email.repository import MailRow, ReportRow
from cordboard.channels.email.sent_copies import ask_for_copy
from cordboard.channels.email.sent_folder import was_sent
from cordboard.channels.email.sign_in import AccessTokens
from cordboard.channels.email.smtp_out import (
    Accepted,
    Envelope,
    Permanent,
    SendFailed,
    SmtpOut,
    Temporary,
    Unknown,
)
from cordboard.db.database import OUTAGES, Connection, Database
from cordboard.runtime.clock import Clock

log = structlog.get_logger(__name__)

CLAIM = timedelta(minutes=15)
"""A claim of a process that died ends by itself. Longer than a server may take to answer."""
BATCH = 10
DELAYS = (30, 120, 300, 900, 1800, 3600, 7200, 14400)  # seconds until the next try
GIVE_UP_AFTER = timedelta(hours=48)
UNKNOWN_MOST = 2
PATIENCE_SECONDS = 2.0
AGAIN_AFTER_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Claim:
    mail: MailRow
    inbox: InboxSettings
    not_before: datetime
    attempts: int
    unknown: int  # how often the outcome was not known before
    recipients: list[str] = field(default_factory=list)
    content: bytes = b""


class Sender:
    """`run` sends what is due, inbox by inbox. `told(tenant_id)` is called when the core has something to read."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        store: BlobStore,
        tokens: AccessTokens,
        token_key: bytes,
        told: Callable[[str], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._store = store
        self._tokens = tokens
        self._token_key = token_key
        self._told = told
        self._rates = Rates()
        self._busy: dict[tuple[str, str], asyncio.Task[int]] = {}

    async def run(self, inboxes: Mapping[tuple[str, str], InboxSettings]) -> int:
        """How many mails were dealt with. An inbox whose server is slow goes on by itself, and keeps no other one waiting."""
        for tenant_id in {key[0] for key in inboxes}:
            async with self._database.tenant(tenant_id) as connection:
                rows = await connection.fetch(tables.DUE_INBOXES, self._clock.now())
            for row in rows:
                inbox = inboxes.get((tenant_id, row["inbox_id"]))
                if inbox is not None and inbox.send is not None and inbox.key not in self._busy:
                    work = self._send_some(inbox, inbox.send)
                    self._busy[inbox.key] = asyncio.create_task(work, name=f"send {tenant_id}/{inbox.id}")
        if not self._busy:
            return 0
        await asyncio.wait(self._busy.values(), timeout=PATIENCE_SECONDS)
        ended = {key: task for key, task in self._busy.items() if task.done()}
        for key in ended:
            del self._busy[key]
        return sum(task.result() for task in ended.values())

    async def stop(self) -> None:
        """What was claimed and not begun is free for the next process at once."""
        tasks = list(self._busy.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._busy.clear()

    async def _send_some(self, inbox: InboxSettings, server: Server) -> int:
        room = self._rates.room(inbox.key, inbox.rate, self._clock.monotonic())
        claims = await self._claim(inbox, min(room, BATCH)) if room else []
        if not claims:
            return 0
        self._rates.used(inbox.key, len(claims))
        waiting = list(claims)
        try:
            await self._send_all(server, waiting)
        finally:
            if waiting:
                await asyncio.shield(self._release(inbox, [claim.mail.id for claim in waiting]))
        return len(claims)

    async def _send_all(self, server: Server, waiting: list[_Claim]) -> None:
        """Takes each off the list when it begins with it."""
        try:
            connection = await SmtpOut.open(server, self._tokens)
        except Temporary as error:
            while waiting:
                await self._later(waiting.pop(0), error)
            return
        try:
            while waiting:
                await self._one(connection, waiting.pop(0))
        finally:
            await connection.close()

    async def _release(self, inbox: InboxSettings, mail_ids: list[int]) -> None:
        async with self._database.tenant(inbox.tenant_id) as connection:
            await connection.execute(tables.RELEASE, mail_ids)

    async def _surely(self, record: Callable[[], Awaitable[None]]) -> None:
        """What has happened outside is written down, however long the database is away: else it would happen again."""
        while True:
            try:
                return await record()
            except OUTAGES as error:
                log.warning("outcome_waits_for_database", error=type(error).__name__)
                await asyncio.sleep(AGAIN_AFTER_SECONDS)

    async def _claim(self, inbox: InboxSettings, limit: int) -> list[_Claim]:
        now = self._clock.now()
        claims = []
        async with self._database.tenant(inbox.tenant_id) as connection:
            for row in await connection.fetch(tables.CLAIM, now, now + CLAIM, inbox.id, limit):
                mail = await repository.find_mail(connection, row["mail_id"])
                if mail is not None:
                    unknown = int(row["smtp_marker"] or 0)
                    claims.append(_Claim(mail, inbox, row["not_before"], row["attempts"], unknown))
        return sorted(claims, key=lambda one: one.mail.id)

    async def _one(self, connection: SmtpOut, claim: _Claim) -> None:
        if claim.unknown and await self._settle_unknown(claim):
            return
        try:
            claim = await self._composed(claim)
        except (ValueError, KeyError) as error:
            await self._failed(claim, f"It can not be written as a mail: {error}")
            return

        async def before_text() -> None:
            await self._mark(claim)

        last = claim.attempts >= len(DELAYS)
        envelope = Envelope(claim.inbox.address, claim.recipients, claim.content, last_try=last)
        try:
            accepted = await connection.send(envelope, before_text)
        except Permanent as error:
            refused = error.detail
            await self._surely(lambda: self._failed(claim, refused))
        except (Temporary, Unknown) as error:
            failed = error
            await self._surely(lambda: self._later(claim, failed))
        else:
            await self._surely(lambda: self._sent(claim, accepted))

    async def _settle_unknown(self, claim: _Claim) -> bool:
        """After a crash or a broken connection: True when there is nothing left to do."""
        if await was_sent(claim.inbox, claim.mail.message_id, self._tokens):
            await self._sent(claim, Accepted("found in the folder of sent mail"))
            return True
        if claim.unknown >= UNKNOWN_MOST:
            await self._failed(
                claim,
                "Twice the connection broke after the text was handed over: it may have arrived. Ask before repeating.",
            )
            return True
        return False

    async def _composed(self, claim: _Claim) -> _Claim:
        """With its bytes, made and kept at the first try. Raises ValueError when they can not be made."""
        mail = claim.mail
        built = build(mail, claim.inbox, self._token_key, self._clock.now(), self._store)
        if mail.raw_hash:
            content = self._store.read(claim.inbox.tenant_id, mail.raw_hash)
            return _Claim(
                mail, claim.inbox, claim.not_before, claim.attempts, claim.unknown, built.recipients, content
            )
        blob = self._store.put(claim.inbox.tenant_id, built.content)
        now = self._clock.now()
        async with self._database.tenant(claim.inbox.tenant_id) as connection:
            await connection.execute(
                blob_tables.ADD_BLOB, claim.inbox.tenant_id, blob.hash, blob.size, "message/rfc822", now
            )
            await connection.execute(tables.COMPOSED, mail.id, blob.hash, built.message_id)
        return _Claim(
            mail,
            claim.inbox,
            claim.not_before,
            claim.attempts,
            claim.unknown,
            built.recipients,
            built.content,
        )

    async def _mark(self, claim: _Claim) -> None:
        async with self._database.tenant(claim.inbox.tenant_id) as connection:
            await connection.execute(tables.BEGIN_SENDING, claim.mail.id, str(claim.unknown + 1))
            await connection.execute(tables.MARK_SENDING, claim.mail.id)

    async def _sent(self, claim: _Claim, accepted: Accepted) -> None:
        refused = "; ".join(f"{address}: {answer}" for address, answer in accepted.refused.items())
        detail = f"Not to {refused}" if refused else accepted.answer
        now = self._clock.now()
        async with self._database.tenant(claim.inbox.tenant_id) as connection:
            if await connection.fetchval(tables.DELETE_FROM_OUTBOX, claim.mail.id) is None:
                return
            await connection.execute(tables.MARK_SENT, claim.mail.id, now, refused and detail)
            await ask_for_copy(connection, claim.inbox, claim.mail.id, now)
            await self._report(connection, claim, "sent", detail)
        self._told(claim.inbox.tenant_id)

    async def _failed(self, claim: _Claim, detail: str) -> None:
        tenant_id = claim.inbox.tenant_id
        async with self._database.tenant(tenant_id) as connection:
            if await connection.fetchval(tables.DELETE_FROM_OUTBOX, claim.mail.id) is None:
                return
            await connection.execute(tables.MARK_FAILED, claim.mail.id, detail[:1000])
            await self._report(connection, claim, "failed", detail)
        log.error("incident", tenant=tenant_id, kind="mail_not_sent", subject=str(claim.mail.id))
        self._told(tenant_id)

    async def _later(self, claim: _Claim, error: SendFailed) -> None:
        now = self._clock.now()
        if now - claim.not_before > GIVE_UP_AFTER and not isinstance(error, Unknown):
            await self._failed(claim, f"Given up after two days: {error.detail}")
            return
        delay = DELAYS[min(claim.attempts, len(DELAYS)) - 1]
        unknown = claim.unknown + 1 if isinstance(error, Unknown) else claim.unknown
        marker = str(unknown) if unknown else ""
        async with self._database.tenant(claim.inbox.tenant_id) as connection:
            await connection.execute(
                tables.TRY_LATER, claim.mail.id, now + timedelta(seconds=delay), error.detail[:1000], marker
            )
            await connection.execute(tables.MARK_QUEUED, claim.mail.id, error.detail[:1000])
        log.warning(
            "mail_deferred", tenant=claim.inbox.tenant_id, mail=claim.mail.id, attempts=claim.attempts
        )

    async def _report(self, connection: Connection, claim: _Claim, outcome: str, detail: str) -> None:
        (report_id,) = await repository.next_ids(connection, claim.inbox.tenant_id)
        contact_id = claim.mail.contact_id
        row = ReportRow(report_id, claim.mail.id, contact_id, outcome, detail[:1000], self._clock.now())
        await repository.add_report(connection, claim.inbox.tenant_id, row)
