"""Email's part of the server process: what has come in goes to the core, what the core commands is written down."""

from cordboard.channels.email.feeder import FedTenants, Feeder
from cordboard.channels.email.perform import MailPerformer
from cordboard.db.database import Database


class ServerMail:
    """`feed` ends first at a stop; `write` goes on until all that was commanded is written down."""

    def __init__(self, database: Database, performer: MailPerformer) -> None:
        self._database = database
        self.performer = performer

    async def feed(self, tenants: FedTenants) -> None:
        """Until it is cancelled."""
        await Feeder(self._database, tenants).run()

    async def write(self) -> None:
        """Until it is cancelled."""
        await self.performer.run()
