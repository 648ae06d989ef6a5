"""Passwords and tokens that the configuration names and never contains: sealed in the database, with a key out of the session secret.

`receive: {secret: shop-mailbox}` in a document means what `cordboard secret set shop-mailbox` has sealed for that customer.
"""

import base64
import hashlib
import re
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken

from cordboard.db.database import Database
from cordboard.errors import Refused

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")

FIND = "SELECT sealed FROM secret WHERE name = $1"
SET = """
INSERT INTO secret (tenant_id, name, sealed, changed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, name) DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at
"""
DELETE = "DELETE FROM secret WHERE name = $1 RETURNING name"
NAMES = "SELECT name, changed_at FROM secret ORDER BY name"


class SecretNameWrong(Refused):
    """A secret's name has small letters, digits, - and _, at most 40, such as `shop-mailbox`."""

    code = "invalid"
    status = 422


class Secrets:
    """The secrets of all customers. `secret` is the installation's session secret."""

    def __init__(self, database: Database, secret: str) -> None:
        self._database = database
        self._cipher = Fernet(
            base64.urlsafe_b64encode(hashlib.sha256(b"secrets:" + secret.encode()).digest())
        )

    async def get(self, tenant_id: str, name: str) -> str:
        """The secret; "" when there is none of this name, or when it was sealed with another session secret."""
        async with self._database.tenant(tenant_id) as connection:
            sealed = await connection.fetchval(FIND, name)
        if sealed is None:
            return ""
        try:
            return self._cipher.decrypt(sealed).decode()
        except InvalidToken:
            return ""

    async def set(self, tenant_id: str, name: str, value: str, now: datetime) -> None:
        """Raises SecretNameWrong."""
        if not _NAME.fullmatch(name):
            raise SecretNameWrong
        async with self._database.tenant(tenant_id) as connection:
            await connection.execute(SET, tenant_id, name, self._cipher.encrypt(value.encode()), now)

    async def delete(self, tenant_id: str, name: str) -> bool:
        """False when there was none."""
        async with self._database.tenant(tenant_id) as connection:
            return await connection.fetchval(DELETE, name) is not None

    async def names(self, tenant_id: str) -> list[tuple[str, datetime]]:
        async with self._database.tenant(tenant_id) as connection:
            return [(row["name"], row["changed_at"]) for row in await connection.fetch(NAMES)]
