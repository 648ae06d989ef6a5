"""A tenant whose facts are written as they come, without a core: for tests of what is projected from facts."""

from datetime import UTC, datetime
from typing import Any

from prometheus_client import CollectorRegistry

from cordboard.core import facts
from cordboard.core.mail import facts as mail
from cordboard.core.words import Channel, Direction, MailKind
from cordboard.db.database import Database
from cordboard.index.projector import IndexMeasures, Projector
from cordboard.index.search import Search, Within
from cordboard.runtime.codec import Codec
from cordboard.runtime.journal import fact_row

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def projector_of(database: Database, *tenant_ids: str) -> Projector:
    """One that speaks English where nothing is said."""
    measures = IndexMeasures(CollectorRegistry())
    return Projector(database, Codec(), lambda: tenant_ids, lambda _: "en", measures)


class Archive:
    """One tenant, its facts, mails and searches."""

    def __init__(self, database: Database, tenant_id: str) -> None:
        self.database = database
        self.tenant_id = tenant_id
        self.seq = 0

    async def record(self, *told: Any, at: datetime = NOW) -> int:
        """One event with these facts; gives its sequence, which a contact that arrives has as its id."""
        self.seq += 1
        codec = Codec()
        async with self.database.tenant(self.tenant_id) as connection:
            for ordinal, fact in enumerate(told):
                row = fact_row(codec, fact)
                await connection.execute(
                    "INSERT INTO fact (tenant_id, seq, ordinal, at, kind, contact_id, agent_id, queue_id, body) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb)",
                    self.tenant_id,
                    self.seq,
                    ordinal,
                    at,
                    row.kind,
                    row.contact_id,
                    row.agent_id,
                    row.queue_id,
                    row.body,
                )
            await connection.execute(
                "INSERT INTO lease (tenant_id, epoch, holder, expires_at, last_seq) VALUES ($1, 1, 'test', now(), $2) "
                "ON CONFLICT (tenant_id) DO UPDATE SET last_seq = $2",
                self.tenant_id,
                self.seq,
            )
        return self.seq

    async def arrives(
        self,
        channel: Channel = Channel.EMAIL,
        remote: str = "jeanne@example.org",
        name: str = "Jeanne Martin",
        subject: str = "",
        at: datetime = NOW,
        space: str = "shop",
        reference: str = "",
    ) -> int:
        contact_id = self.seq + 1
        return await self.record(
            facts.ContactArrived(
                contact_id,
                channel,
                Direction.INBOUND,
                "inbox",
                space,
                remote,
                name,
                "+33199001000",
                reference,
                subject,
            ),
            at=at,
        )

    async def mail(self, mail_id: int, contact_id: int, language: str, text: str, **more: Any) -> None:
        """A mail row and the fact that it was received."""
        row = {
            "subject": "",
            "sender": "jeanne@example.org",
            "sender_name": "Jeanne",
            "attachments": "[]",
            "message_id": "",
        }
        row |= more
        async with self.database.tenant(self.tenant_id) as connection:
            await connection.execute(
                "INSERT INTO mail (tenant_id, id, direction, inbox_id, state, received_at, language, text, subject, sender, "
                "sender_name, attachments, message_id) "
                "VALUES ($1, $2, 'in', 'inbox', 'stored', $3, $4, $5, $6, $7, $8, $9::text::jsonb, $10)",
                self.tenant_id,
                mail_id,
                NOW,
                language,
                text,
                row["subject"],
                row["sender"],
                row["sender_name"],
                row["attachments"],
                row["message_id"],
            )
        await self.record(mail.MailReceived(contact_id, mail_id, mail_id, MailKind.PERSON))

    async def find(self, typed: str, within: Within = Within(), enough: int = 300) -> list[int]:  # noqa: B008  # frozen
        await projector_of(self.database).catch_up(self.tenant_id)
        search = Search()
        async with self.database.tenant(self.tenant_id) as connection:
            query = await search.query(connection, typed)
            hits = await search.chapter(connection, query, within, NOW, enough=enough) if query else []
        return [hit.contact_id for hit in hits]
