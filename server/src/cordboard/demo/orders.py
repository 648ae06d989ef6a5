"""The demo centre's orders, `orders.csv`: put into its table once, for the chat that tells where an order is."""

from datetime import datetime
from importlib import resources

from cordboard.core.config import Table
from cordboard.db.database import Database
from cordboard.lookups import rows
from cordboard.lookups.importing import read_rows

ORDERS = Table("orders", "Orders", ("number", "state", "day", "carrier", "article"))


async def seed(database: Database, tenant_id: str, now: datetime) -> bool:
    """Fills the table; False if there was something in it."""
    content = resources.files(__package__).joinpath("orders.csv").read_bytes()
    async with database.tenant(tenant_id) as connection:
        if (await rows.counts(connection)).get(ORDERS.id):
            return False
        await rows.put_rows(connection, tenant_id, ORDERS, read_rows(ORDERS, content), now)
    return True
