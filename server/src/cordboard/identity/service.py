"""Logging in and out, passwords, and the persons that the configuration names."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import structlog

from cordboard.db.database import Database
from cordboard.identity import repository, tables, throttle
from cordboard.identity.errors import LoginFailed, LoginLocked, LoginUnknown, PasswordTooWeak, SessionNotFound
from cordboard.identity.passwords import Passwords, weakness_of
from cordboard.identity.repository import NewSession, PersonRow, SessionRow
from cordboard.identity.rights import Role, Session
from cordboard.runtime.clock import Clock
from cordboard.runtime.randomness import new_id, new_password, new_token

log = structlog.get_logger()

SESSION_LASTS = timedelta(hours=16)  # longer than any shift; the next one logs in again

SessionEnded = Callable[[Session, str], None]
"""Called with (who has ended it, id of the ended session): the same person's, this one or another."""


@dataclass(frozen=True, slots=True)
class PersonWanted:
    """A person as the configuration document describes him. The first login of a new person gets a random password."""

    id: str
    name: str
    logins: tuple[str, ...]
    roles: tuple[Role, ...]
    agent_id: str | None = None
    email: str = ""
    language: str = "en"


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class Sessions:
    """What endpoints and handshakes ask: who is this, log in, log out."""

    def __init__(self, db: Database, clock: Clock, passwords: Passwords) -> None:
        self._db = db
        self._clock = clock
        self._passwords = passwords
        self._ended: list[SessionEnded] = []

    def on_end(self, listener: SessionEnded) -> None:
        self._ended.append(listener)

    async def find(self, token: str) -> Session | None:
        """The open session of a cookie's value."""
        async with self._db.plain() as connection:
            return await repository.find_session(connection, token_hash(token), self._clock.now())

    async def log_in(self, login: str, password: str, address: str, browser: str) -> tuple[Session, str]:
        """A new session and its cookie's value; raises LoginFailed or LoginLocked."""
        now = self._clock.now()
        async with self._db.plain() as connection:
            locked = await throttle.locked_for(connection, login, address, now)
            row = None if locked else await repository.find_login(connection, login)
        if locked:
            raise _locked(locked)
        matches = await self._passwords.check(row.password_hash if row else None, password)
        if row is None or row.disabled or not matches:
            await self._failed(login, address, now)
            raise LoginFailed()
        return await self._open(row.tenant_id, row.person_id, row.login, address, browser)

    async def log_out(self, session: Session, session_id: str | None = None) -> None:
        """Ends a session of the same person (default: this one)."""
        ending = session_id or session.id
        async with self._db.tenant(session.tenant_id) as connection:
            found = await repository.end_session(connection, ending, session.person_id, self._clock.now())
        if not found:
            raise SessionNotFound()
        self._tell(session, ending)

    async def list_open(self, session: Session) -> list[SessionRow]:
        async with self._db.tenant(session.tenant_id) as connection:
            return await repository.sessions_of(connection, session.person_id, self._clock.now())

    async def change_password(self, session: Session, current: str, new: str, address: str) -> None:
        """Checks the current password (throttled like a login) and ends the login's other sessions."""
        now = self._clock.now()
        async with self._db.plain() as connection:
            locked = await throttle.locked_for(connection, session.login, address, now)
            row = await repository.find_login(connection, session.login)
        if locked:
            raise _locked(locked)
        if not await self._passwords.check(row.password_hash if row else None, current):
            await self._failed(session.login, address, now)
            raise LoginFailed("The current password is not right.")
        weakness = weakness_of(new, session.login, *session.name.split())
        if weakness:
            raise PasswordTooWeak(weakness)
        hashed = await self._passwords.hash(new)
        async with self._db.tenant(session.tenant_id) as connection:
            await connection.execute(tables.SET_PASSWORD, session.login, hashed, now)
            ended = await repository.end_other_sessions(connection, session, now)
        for session_id in ended:
            self._tell(session, session_id)

    async def _open(
        self, tenant_id: str, person_id: str, login: str, address: str, browser: str
    ) -> tuple[Session, str]:
        now, token = self._clock.now(), new_token()
        new = NewSession(
            new_id(), token_hash(token), person_id, login, now, now + SESSION_LASTS, address, browser[:300]
        )
        async with self._db.tenant(tenant_id) as connection:
            await connection.execute(tables.DELETE_OLD_SESSIONS, now - timedelta(days=30))
            await repository.add_session(connection, tenant_id, new)
            await throttle.forget_failures(connection, login)
        session = await self.find(token)
        if session is None:
            raise LoginFailed()
        log.info("logged_in", tenant_id=tenant_id, person_id=person_id, session_id=session.id)
        return session, token

    async def _failed(self, login: str, address: str, now: datetime) -> None:
        async with self._db.plain() as connection:
            lock = await throttle.count_failure(connection, login, address, now)
        log.warning("login_failed", locked_seconds=lock.total_seconds() if lock else 0)
        if lock:
            raise _locked(lock)

    def _tell(self, session: Session, session_id: str) -> None:
        for listener in self._ended:
            listener(session, session_id)


def _locked(remaining: timedelta) -> LoginLocked:
    seconds = ceil(remaining.total_seconds())
    return LoginLocked(
        f"Too many wrong passwords. Try again in {seconds} seconds.", retry_after_seconds=str(seconds)
    )


async def ensure_logins(
    db: Database, passwords: Passwords, tenant_id: str, wanted: Sequence[PersonWanted], now: datetime
) -> dict[str, str]:
    """Makes persons and logins as the configuration says; new logins get random passwords, which are returned.

    Logins that no wanted person has are disabled, never deleted; a login that comes back works again.
    """
    hashes: dict[str, tuple[str, str]] = {}
    async with db.plain() as connection:
        for login in [login.lower() for person in wanted for login in person.logins]:
            row = await repository.find_login(connection, login)
            if row is not None and row.tenant_id != tenant_id:
                raise ValueError(f"the login {login} is taken by somebody else")
            if row is None:
                hashes[login] = ("", new_password())
    for login, (_, password) in hashes.items():
        hashes[login] = (await passwords.hash(password), password)
    async with db.tenant(tenant_id) as connection:
        for person in wanted:
            roles = [role.value for role in person.roles]
            row_ = PersonRow(person.id, person.name, person.email, person.language, person.agent_id, roles)
            await repository.save_person(connection, tenant_id, row_)
            for login in [name.lower() for name in person.logins]:
                if login in hashes:
                    await connection.execute(
                        tables.ADD_LOGIN, tenant_id, login, person.id, hashes[login][0], now
                    )
                else:
                    await connection.execute(tables.MOVE_LOGIN, login, person.id)
        kept = [login.lower() for person in wanted for login in person.logins]
        await connection.execute(tables.DISABLE_LOGINS, kept, now)
        await connection.execute(tables.END_SESSIONS_WITHOUT_LOGIN, now)
    return {login: password for login, (_, password) in hashes.items()}


async def set_password(db: Database, passwords: Passwords, login: str, password: str, now: datetime) -> None:
    """Sets a login's password without asking for the old one; ends its sessions and lifts a lock (command line, tests)."""
    async with db.plain() as connection:
        row = await repository.find_login(connection, login)
    if row is None:
        raise LoginUnknown
    hashed = await passwords.hash(password)
    async with db.tenant(row.tenant_id) as connection:
        await connection.execute(tables.SET_PASSWORD, row.login, hashed, now)
        await connection.execute(tables.END_SESSIONS_OF_LOGIN, row.login, now)
    async with db.plain() as connection:
        await throttle.forget_failures(connection, row.login)
