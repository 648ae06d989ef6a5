"""Published configuration versions, read once each: history and figures are told by the version that was in force."""

import asyncio

from cordboard.configuration import repository
from cordboard.configuration.compiled import read_text
from cordboard.configuration.nodes import DocumentWrong
from cordboard.core.config import TenantConfig
from cordboard.core.statistics.items import ConfigOf
from cordboard.db.database import Database

MOST = 50  # versions read for figures, newest first; older ones count with the present targets


class ConfigVersions:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[tuple[str, int], TenantConfig | None] = {}

    async def find(self, tenant_id: str, version: int) -> TenantConfig | None:
        """None when it is not stored, or can not be read by this build."""
        key = (tenant_id, version)
        if key not in self._known:
            async with self._db.tenant(tenant_id) as connection:
                found = await repository.find_version(connection, version)
            try:
                self._known[key] = (
                    (await asyncio.to_thread(read_text, found.document, version)).config if found else None
                )
            except DocumentWrong:
                self._known[key] = None
        return self._known[key]

    async def all_of(self, tenant_id: str, present: TenantConfig) -> ConfigOf:
        """Any version by its number, without waiting; the present one for those that are not to be had."""
        async with self._db.tenant(tenant_id) as connection:
            versions = [each.version for each in await repository.list_versions(connection, MOST)]
        for version in versions:
            if version != present.version:
                await self.find(tenant_id, version)
        return lambda version: self._of(tenant_id, version, present)

    def _of(self, tenant_id: str, version: int, present: TenantConfig) -> TenantConfig:
        if version == present.version:
            return present
        return self._known.get((tenant_id, version)) or present
