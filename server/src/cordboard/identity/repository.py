"""Persons, logins and sessions as rows. A connection of a tenant sees that tenant's alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cordboard.db.database import Connection
from cordboard.identity import tables
from cordboard.identity.rights import Role, Session


@dataclass(frozen=True, slots=True)
class LoginRow:
    tenant_id: str
    login: str
    person_id: str
    password_hash: str
    disabled: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: str
    name: str
    email: str
    language: str
    agent_id: str | None
    roles: Sequence[str]


@dataclass(frozen=True, slots=True)
class SessionRow:
    """An open session as its person sees it in the list."""

    id: str
    login: str
    created_at: datetime
    expires_at: datetime
    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class NewSession:
    id: str
    token_hash: bytes
    person_id: str
    login: str
    created_at: datetime
    expires_at: datetime
    address: str
    browser: str


async def find_login(connection: Connection, login: str) -> LoginRow | None:
    row = await connection.fetchrow(tables.FIND_LOGIN, login)
    return None if row is None else LoginRow(**dict(row.items()))


async def find_session(connection: Connection, token_hash: bytes, now: datetime) -> Session | None:
    row = await connection.fetchrow(tables.FIND_SESSION, token_hash, now)
    if row is None:
        return None
    values = dict(row.items())
    values["roles"] = tuple(Role(role) for role in values["roles"])
    return Session(**values)


async def find_person(connection: Connection, person_id: str) -> PersonRow | None:
    row = await connection.fetchrow(tables.GET_PERSON, person_id)
    return None if row is None else PersonRow(**dict(row.items()))


async def save_person(connection: Connection, tenant_id: str, person: PersonRow) -> None:
    await connection.execute(
        tables.SAVE_PERSON,
        tenant_id,
        person.id,
        person.name,
        person.email,
        person.language,
        person.agent_id,
        list(person.roles),
    )


async def add_session(connection: Connection, tenant_id: str, new: NewSession) -> None:
    await connection.execute(
        tables.ADD_SESSION,
        tenant_id,
        new.id,
        new.token_hash,
        new.person_id,
        new.login,
        new.created_at,
        new.expires_at,
        new.address,
        new.browser,
    )


async def sessions_of(connection: Connection, person_id: str, now: datetime) -> list[SessionRow]:
    return [
        SessionRow(**dict(row.items())) for row in await connection.fetch(tables.SESSIONS_OF, person_id, now)
    ]


async def end_session(connection: Connection, session_id: str, person_id: str, now: datetime) -> bool:
    return await connection.fetchrow(tables.END_SESSION, session_id, person_id, now) is not None


async def end_other_sessions(connection: Connection, session: Session, now: datetime) -> list[str]:
    """Ends the sessions of the same login beside `session`; their ids."""
    rows = await connection.fetch(
        tables.END_OTHER_SESSIONS, session.person_id, session.id, now, session.login
    )
    return [row["id"] for row in rows]
