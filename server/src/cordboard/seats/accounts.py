"""Phone accounts: the SIP name and password of an agent's browser or desk phone, in the database and in Asterisk."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from cryptography.fernet import Fernet, InvalidToken

from cordboard.db.database import Database
from cordboard.errors import Unavailable
from cordboard.runtime.clock import Clock
from cordboard.runtime.ports import Telephony
from cordboard.runtime.randomness import new_token
from cordboard.seats import repository
from cordboard.seats.repository import AccountRow

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Account:
    username: str
    password: str
    session_id: str

    def __repr__(self) -> str:
        return f"Account({self.username})"


def username_of(tenant_id: str, agent_id: str, browser: bool) -> str:
    """The endpoint's name in Asterisk, and the address in the core's `Phone`."""
    return f"{tenant_id}-{agent_id}-{'web' if browser else 'desk'}"


class PhoneAccounts:
    def __init__(
        self, db: Database, telephony: Callable[[], Telephony | None], clock: Clock, secret: str
    ) -> None:
        self._db = db
        self._telephony = telephony
        self._clock = clock
        self._cipher = Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"phones:" + secret.encode()).digest()))

    async def find(self, tenant_id: str, agent_id: str, browser: bool) -> Account | None:
        async with self._db.tenant(tenant_id) as connection:
            row = await repository.find_account(connection, agent_id, browser)
        return None if row is None else self._open(row)

    async def ensure(self, tenant_id: str, agent_id: str, browser: bool, session_id: str) -> Account:
        """The agent's account, also known to Asterisk. A browser's is made anew for each session."""
        known = await self.find(tenant_id, agent_id, browser)
        if known is not None and (not browser or known.session_id == session_id):
            return known
        made = Account(username_of(tenant_id, agent_id, browser), new_token(), session_id)
        sealed = self._cipher.encrypt(made.password.encode())
        row = AccountRow(agent_id, browser, made.username, sealed, session_id)
        async with self._db.tenant(tenant_id) as connection:
            await repository.save_account(connection, tenant_id, row, self._clock.now())
        await self._provision(tenant_id, agent_id, browser, made)
        return made

    async def revoke_browser(self, tenant_id: str, agent_id: str) -> None:
        async with self._db.tenant(tenant_id) as connection:
            username = await repository.delete_account(connection, agent_id, True)
        telephony = self._telephony()
        if username is not None and telephony is not None:
            try:
                await telephony.revoke_phone(username)
            except Unavailable:
                log.info("phone_revoked_later", tenant_id=tenant_id, agent_id=agent_id)

    async def reprovision_all(self, tenant_id: str) -> None:
        """Tells telephony all accounts of a tenant when it comes to life here: it remembers them for each reconnection."""
        async with self._db.tenant(tenant_id) as connection:
            rows = await repository.all_accounts(connection)
        for row in rows:
            account = self._open(row)
            if account is not None:
                await self._provision(tenant_id, row.agent_id, row.browser, account)

    async def _provision(self, tenant_id: str, agent_id: str, browser: bool, account: Account) -> None:
        telephony = self._telephony()
        if telephony is None:
            log.info("phone_provisioned_later", tenant_id=tenant_id, agent_id=agent_id)
            return
        try:
            await telephony.provision_phone(tenant_id, agent_id, account.username, account.password, browser)
        except Unavailable:
            log.warning("phone_provisioned_later", tenant_id=tenant_id, agent_id=agent_id)

    def _open(self, row: AccountRow) -> Account | None:
        try:
            password = self._cipher.decrypt(row.secret).decode()
        except InvalidToken:
            log.warning(
                "phone_account_unreadable", agent_id=row.agent_id
            )  # sealed with an older secret: made anew
            return None
        return Account(row.username, password, row.session_id)
