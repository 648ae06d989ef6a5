"""Visitors' sessions: a token says who it is. Only its hash is kept, and it names its tenant, so that it is found under RLS."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cordboard.channels.webchat import tables
from cordboard.core.config import ChatButton
from cordboard.db.database import TENANT_ID, Database
from cordboard.errors import Refused
from cordboard.runtime.randomness import new_token

LIFE = timedelta(hours=24)


class TokenUnknown(Refused):
    """This conversation is over. A new one can be begun."""

    code = "token_unknown"
    status = 401


@dataclass(frozen=True, slots=True)
class VisitorSession:
    tenant_id: str
    token_hash: bytes
    reference: str
    button_id: str
    contact_id: int
    language: str
    expires_at: datetime


def hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def reference_of(tenant_id: str, button_id: str, visitor_id: str, key: str) -> str:
    """The same request again gives the same session, and with it the same contact."""
    return hashlib.sha256("\0".join((tenant_id, button_id, visitor_id, key)).encode()).hexdigest()[:32]


def tenant_of(token: str) -> str:
    """The tenant that a token names; raises TokenUnknown when it names none."""
    tenant_id, dot, secret = token.partition(".")
    if not dot or len(secret) < 20 or len(token) > 200 or not TENANT_ID.fullmatch(tenant_id):
        raise TokenUnknown
    return tenant_id


class VisitorSessions:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def contact_of(self, tenant_id: str, reference: str, now: datetime) -> int:
        """The contact of a session that has begun; 0 when there is none."""
        async with self._database.tenant(tenant_id) as connection:
            return int(await connection.fetchval(tables.CONTACT_OF_REFERENCE, reference, now) or 0)

    async def add(
        self,
        tenant_id: str,
        reference: str,
        button: ChatButton,
        contact_id: int,
        language: str,
        now: datetime,
    ) -> str:
        """A new token for this contact, as long as it may be gone on with. Sessions that are over are cleared on the way."""
        token = f"{tenant_id}.{new_token()}"
        async with self._database.tenant(tenant_id) as connection:
            await connection.execute(tables.CLEAR_SESSIONS, now - LIFE)
            await connection.execute(
                tables.ADD_SESSION,
                tenant_id,
                hashed(token),
                reference,
                button.id,
                contact_id,
                language,
                now,
                now + LIFE + button.reopen_within,
            )
        return token

    async def get(self, token: str, now: datetime) -> VisitorSession:
        """Raises TokenUnknown."""
        tenant_id, token_hash = tenant_of(token), hashed(token)
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(tables.FIND_SESSION, token_hash, now)
        if row is None:
            raise TokenUnknown
        return VisitorSession(tenant_id, token_hash, **dict(row.items()))

    async def go_on(
        self, session: VisitorSession, contact_id: int, button: ChatButton, now: datetime
    ) -> VisitorSession:
        """Its tokens are those of the contact that goes on with it; the survey may be answered again."""
        expires_at = now + LIFE + button.reopen_within
        async with self._database.tenant(session.tenant_id) as connection:
            await connection.execute(tables.GO_ON, session.reference, contact_id, expires_at)
        return replace(session, contact_id=contact_id, expires_at=expires_at)

    async def take_survey(self, session: VisitorSession, now: datetime) -> bool:
        """True once for each session."""
        async with self._database.tenant(session.tenant_id) as connection:
            return await connection.fetchval(tables.TAKE_SURVEY, session.token_hash, now) is not None
