"""How long texts are searchable: what is older than the setting leaves the search, a few hundred contacts at a time."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog

from cordboard.db.database import OUTAGES, Database
from cordboard.index.projector import drop_older
from cordboard.runtime.clock import Clock

log = structlog.get_logger()

EVERY_SECONDS = 6 * 3600.0
_FIRST_AFTER = 300.0  # seconds: not in the rush of a start
_MONTH = timedelta(days=365.25 / 12)


class Retention:
    """`run` looks a few times a day, until it is cancelled."""

    def __init__(
        self, database: Database, tenant_ids: Callable[[], Sequence[str]], months: int, clock: Clock
    ) -> None:
        self._database = database
        self._tenant_ids = tenant_ids
        self._months = months
        self._clock = clock

    async def run(self) -> None:
        await asyncio.sleep(_FIRST_AFTER)
        while True:
            for tenant_id in self._tenant_ids():
                try:
                    await self.look(tenant_id)
                except OUTAGES as error:
                    log.warning("retention_later", tenant=tenant_id, error=type(error).__name__)
            await asyncio.sleep(EVERY_SECONDS)

    async def look(self, tenant_id: str) -> None:
        keep = self._months * _MONTH
        contacts = await drop_older(self._database, tenant_id, self._clock.now(), keep)
        if contacts:
            log.info("texts_no_longer_online", tenant=tenant_id, contacts=contacts, months=self._months)
