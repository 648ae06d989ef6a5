"""Email's part of the server process: what has come in goes to the core, what the core commands is written down."""

import asyncio

import structlog

from cordboard.channels.email.feeder import FedTenants, Feeder
from cordboard.channels.email.perform import MailPerformer
from cordboard.db.database import OUTAGES, Database

log = structlog.get_logger(__name__)

RETRY_EVERY_SECONDS = 2.0


class ServerMail:
    """`feed` ends first at a stop; `write` goes on until all that was commanded is written down."""

    def __init__(self, database: Database, performer: MailPerformer) -> None:
        self._database = database
        self.performer = performer

    async def feed(self, tenants: FedTenants) -> None:
        """Until it is cancelled."""
        await Feeder(self._database, tenants).run()

    async def retry(self, tenants: FedTenants) -> None:
        """What was set aside and is to be tried again. Until it is cancelled."""
        while True:
            for tenant_id in list(tenants.tenant_ids()):
                try:
                    await self.performer.retry(tenant_id)
                except OUTAGES as error:
                    log.warning("retries_wait_for_database", tenant=tenant_id, error=type(error).__name__)
                except Exception:
                    log.exception("retries_failed", tenant=tenant_id)
            await asyncio.sleep(RETRY_EVERY_SECONDS)

    async def write(self) -> None:
        """Until it is cancelled."""
        await self.performer.run()
