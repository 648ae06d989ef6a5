"""Reading facts back: of a period, of a contact, and the world as it was before a decision.

Long periods come in pages, so that the event loop stays free for live work while they are decoded.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, timedelta

from cordboard.core import facts
from cordboard.core.conversation import facts as chat_facts
from cordboard.core.facts import Recorded
from cordboard.core.mail import facts as mail
from cordboard.db.database import Connection, Database, Record
from cordboard.runtime.codec import Codec, wire_name

PAGE = 2_000
SMALL_PAGE = 500
"""Of what is folded at once: a call in progress waits no longer."""

_COLUMNS = "seq, ordinal, at, kind, body::text AS body"
PERIOD = f"""
SELECT {_COLUMNS} FROM fact
WHERE at >= $1 AND at < $2 AND kind = ANY($3::text[]) AND (seq, ordinal) > ($4, $5) AND seq <= $6
ORDER BY seq, ordinal LIMIT $7
"""  # noqa: S608  # constants
FIRST_FROM = "SELECT seq FROM fact WHERE at >= $1 ORDER BY at, seq LIMIT 1"
"""Facts are in the order of their instants, but for steps of the clock: `_STEP` on both sides of a period."""
OF_CONTACT = f"SELECT {_COLUMNS} FROM fact WHERE contact_id = $1 ORDER BY seq, ordinal"  # noqa: S608
OF_CONTACTS = f"""
SELECT contact_id, {_COLUMNS} FROM fact WHERE contact_id = ANY($1::bigint[]) ORDER BY contact_id, seq, ordinal
"""  # noqa: S608
LAST_OF_AGENTS = f"""
SELECT last.* FROM unnest($1::text[]) AS agent (id) CROSS JOIN unnest($2::text[]) AS wanted (kind)
CROSS JOIN LATERAL (
    SELECT {_COLUMNS} FROM fact
    WHERE fact.agent_id = agent.id AND fact.kind = wanted.kind AND fact.at < $3 AND fact.seq < $4
    ORDER BY fact.seq DESC, fact.ordinal DESC LIMIT 1
) AS last ORDER BY last.seq, last.ordinal
"""  # noqa: S608
LAST_OF_SERVICE = f"""
SELECT last.* FROM unnest($1::text[]) AS wanted (kind) CROSS JOIN LATERAL (
    SELECT {_COLUMNS} FROM fact WHERE fact.kind = wanted.kind AND fact.at < $2 AND fact.seq <= $3
    ORDER BY fact.seq DESC, fact.ordinal DESC LIMIT 1
) AS last ORDER BY last.seq, last.ordinal
"""  # noqa: S608
OF_AGENTS_BETWEEN = f"""
SELECT {_COLUMNS} FROM fact
WHERE at >= $1 AND (agent_id IS NOT NULL OR kind = 'contact_arrived') AND (seq, ordinal) < ($2, $3)
ORDER BY seq, ordinal
"""  # noqa: S608

BACKLOG = f"""
SELECT {_COLUMNS} FROM fact
WHERE kind = ANY($3::text[]) AND at < $2 AND contact_id IN (
    SELECT received.contact_id FROM fact AS received
    WHERE received.kind = 'mail_received' AND received.at >= $1 AND received.at < $2 AND NOT EXISTS (
        SELECT FROM fact AS ended
        WHERE ended.contact_id = received.contact_id AND ended.kind = 'contact_ended' AND ended.at < $2))
ORDER BY seq, ordinal
"""  # noqa: S608

END_OF_TIME = 2**62
AGENT_KINDS = (
    facts.SeatTaken,
    facts.SeatFreed,
    facts.AgentStateChanged,
    facts.WithdrawalPlanned,
    facts.AgentPhoneChanged,
)
SERVICE_KINDS = (facts.ConfigChanged, facts.TelephonyChanged)
COUNTED_KINDS = (
    facts.ContactArrived,
    facts.LegStarted,
    facts.ContactQueued,
    facts.ContactAnswered,
    facts.ContactAbandoned,
    facts.WaitTimedOut,
    facts.ContactDissuaded,
    facts.ContactOffered,
    facts.OfferEnded,
    facts.TalkEnded,
    facts.WrappedUp,
    facts.ContactTransferred,
    facts.ContactEnded,
    facts.AgentStateChanged,
    facts.ConfigChanged,
    mail.MailReceived,
    mail.AnswerWritten,
    mail.AnswerTakenBack,
    mail.AnswerSentBack,
    mail.AnswerSent,
    mail.AnswerHeld,
    mail.AnswerApproved,
    mail.AnswerCorrected,
    mail.ContactReopened,
    chat_facts.ResponseGiven,
    chat_facts.InvitationMade,
    chat_facts.InvitationClosed,
    chat_facts.SurveyGiven,
)
BACKLOG_KINDS = (
    facts.ContactArrived,
    facts.ContactQueued,
    facts.ContactAnswered,
    facts.WaitTimedOut,
    facts.ContactAbandoned,
    mail.MailReceived,
    mail.AnswerWritten,
    mail.AnswerTakenBack,
    mail.AnswerSentBack,
    mail.AnswerSent,
)
_BACKLOG_LASTS = timedelta(days=60)
_ENGAGEMENTS_LAST = timedelta(days=1)
_STEP = timedelta(hours=1)


def names(kinds: Iterable[type]) -> list[str]:
    return [wire_name(kind) for kind in kinds]


class History:
    """Facts of any tenant, decoded."""

    def __init__(self, database: Database, codec: Codec) -> None:
        self._database = database
        self._codec = codec

    async def counted(
        self, tenant_id: str, since: datetime, until: datetime, agent_ids: Sequence[str]
    ) -> list[Recorded]:
        """What figures are made of, from `since` on; before it the last state of each agent and the configuration."""
        found = await self.standing(tenant_id, since, agent_ids)
        async for page in self.counted_pages(tenant_id, since, until, (0, -1)):
            found.extend(page)
        return found

    async def counted_pages(
        self, tenant_id: str, since: datetime, until: datetime, after: tuple[int, int]
    ) -> AsyncIterator[list[Recorded]]:
        """What figures are made of, between these instants and after this fact (seq, ordinal), page by page."""
        async with self._database.tenant(tenant_id) as connection:
            first = await connection.fetchval(FIRST_FROM, since - _STEP)
            last = await connection.fetchval(FIRST_FROM, until + _STEP)
        after, end = max(after, (first or 0, -1)), END_OF_TIME if last is None else last
        kinds = names(COUNTED_KINDS)
        while True:
            async with self._database.tenant(tenant_id) as connection:
                rows = await connection.fetch(PERIOD, since, until, kinds, *after, end, SMALL_PAGE)
            yield [self._read(row) for row in rows]
            if len(rows) < SMALL_PAGE:
                return
            after = rows[-1]["seq"], rows[-1]["ordinal"]
            await asyncio.sleep(0)

    async def first_at(self, tenant_id: str) -> datetime | None:
        """When the oldest fact was recorded."""
        async with self._database.tenant(tenant_id) as connection:
            found: datetime | None = await connection.fetchval("SELECT min(at) FROM fact")
        return found

    async def standing(self, tenant_id: str, at: datetime, agent_ids: Sequence[str]) -> list[Recorded]:
        """What a fold that begins at `at` needs of before: agents' last states, the configuration, open emails."""
        async with self._database.tenant(tenant_id) as connection:
            return await self._before(connection, at, agent_ids)

    async def of_contact(self, tenant_id: str, contact_id: int) -> list[Recorded]:
        async with self._database.tenant(tenant_id) as connection:
            return [self._read(row) for row in await connection.fetch(OF_CONTACT, contact_id)]

    async def of_contacts(self, tenant_id: str, contact_ids: Sequence[int]) -> dict[int, list[Recorded]]:
        """The facts of each, in their order."""
        found: dict[int, list[Recorded]] = {contact_id: [] for contact_id in contact_ids}
        async with self._database.tenant(tenant_id) as connection:
            for row in await connection.fetch(OF_CONTACTS, list(contact_ids)):
                found[row["contact_id"]].append(self._read(row))
        return found

    async def before_decision(
        self, tenant_id: str, decision: Recorded, agent_ids: Sequence[str]
    ) -> list[Recorded]:
        """What `core.explain` folds: agents, telephony and configuration as they were just before `decision`."""
        since = decision.at - _ENGAGEMENTS_LAST
        async with self._database.tenant(tenant_id) as connection:
            old = await connection.fetch(
                LAST_OF_AGENTS, list(agent_ids), names(AGENT_KINDS), since, decision.seq
            )
            service = await connection.fetch(
                LAST_OF_SERVICE, names(SERVICE_KINDS), decision.at + timedelta(microseconds=1), decision.seq
            )
            new = await connection.fetch(OF_AGENTS_BETWEEN, since, decision.seq, decision.ordinal)
        return sorted(map(self._read, (*old, *service, *new)), key=lambda each: (each.seq, each.ordinal))

    async def _before(
        self, connection: Connection, since: datetime, agent_ids: Sequence[str]
    ) -> list[Recorded]:
        kinds = names((facts.AgentStateChanged,))
        states = await connection.fetch(LAST_OF_AGENTS, list(agent_ids), kinds, since, END_OF_TIME)
        config = await connection.fetch(LAST_OF_SERVICE, names((facts.ConfigChanged,)), since, END_OF_TIME)
        mails = await connection.fetch(BACKLOG, since - _BACKLOG_LASTS, since, names(BACKLOG_KINDS))
        return sorted(map(self._read, (*states, *config, *mails)), key=lambda each: (each.seq, each.ordinal))

    def _read(self, row: Record) -> Recorded:
        fact = self._codec.read_fact(row["kind"], row["body"])
        return Recorded(row["seq"], row["ordinal"], row["at"], fact)
