"""The ports between a configuration and identity, on the real tables: who may log in follows from the document."""

from collections.abc import Mapping, Sequence

from cordboard.configuration.compiled import Login
from cordboard.db.database import Database
from cordboard.identity import repository as identity
from cordboard.identity.passwords import Passwords
from cordboard.identity.service import PersonWanted, ensure_logins
from cordboard.runtime.clock import Clock


class IdentityLogins:
    """`save` and `owners` are what `service.Configuration` asks for."""

    def __init__(self, database: Database, passwords: Passwords, clock: Clock) -> None:
        self._database = database
        self._passwords = passwords
        self._clock = clock

    async def save(self, tenant_id: str, logins: Sequence[Login]) -> Mapping[str, str]:
        """Makes persons and logins as the document says; the first passwords of new logins come back."""
        wanted = [
            PersonWanted(
                id=person.id,
                name=person.name,
                logins=person.logins,
                roles=person.roles,
                agent_id=person.agent_id or None,
                email=person.email,
                language=person.language,
            )
            for person in logins
        ]
        return await ensure_logins(self._database, self._passwords, tenant_id, wanted, self._clock.now())

    async def owners(self, logins: Sequence[str]) -> Mapping[str, str]:
        """Login → tenant, of those that exist."""
        found: dict[str, str] = {}
        async with self._database.plain() as connection:
            for login in logins:
                row = await identity.find_login(connection, login)
                if row is not None:
                    found[row.login] = row.tenant_id
        return found
