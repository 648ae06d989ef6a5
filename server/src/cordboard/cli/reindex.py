"""`cordboard reindex`: the list of contacts and the search, made anew from the facts."""

import asyncio
from pathlib import Path

from prometheus_client import CollectorRegistry

from cordboard.cli.configured import Customer, database_of
from cordboard.cli.options import Data
from cordboard.cli.stats import newest_config
from cordboard.index.projector import IndexMeasures, Projector, forget_all
from cordboard.runtime.codec import Codec


def command(data: Data = None, customer: Customer = None) -> None:
    """Make the list of contacts and the search anew from the facts; a running centre goes on meanwhile."""
    print(f"{asyncio.run(_again(data, customer))} contacts are in the list.")


async def _again(data: Path | None, customer: str | None) -> int:
    async with database_of(data, customer) as (database, tenant_id):
        language = (await newest_config(database, tenant_id)).language
        measures = IndexMeasures(CollectorRegistry())
        projector = Projector(database, Codec(), lambda: [tenant_id], lambda _: language, measures)
        await forget_all(database, tenant_id)
        await projector.catch_up(tenant_id)
        async with database.tenant(tenant_id) as connection:
            return int(await connection.fetchval("SELECT count(*) FROM contact_index"))
