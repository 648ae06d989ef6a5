"""Performs `LookUp`: asks the table or the connector, and posts `LookedUp`. Whatever goes wrong, something is posted."""

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

import structlog

from cordboard.core.config import Connector, Table
from cordboard.core.look_ups import LookedUp, LookUp, LookUpOutcome
from cordboard.db.database import OUTAGES, Database
from cordboard.lookups.rows import find_row
from cordboard.reach import OutOfReach, Reach
from cordboard.runtime.asking import LiveTenants, Switchboard
from cordboard.runtime.background import Background
from cordboard.runtime.clock import Clock

log = structlog.get_logger(__name__)

SecretOf = Callable[[str, str], Awaitable[str]]
LEAST_SECONDS = 0.2


class LookUps:
    """One for the server. `secret_of`: (tenant, name) -> what was sealed under this name."""

    def __init__(
        self,
        tenants: LiveTenants,
        database: Database,
        clock: Clock,
        background: Background,
        outside: tuple[Reach, SecretOf],
    ) -> None:
        self._switchboard = Switchboard(tenants)
        self._database = database
        self._clock = clock
        self._background = background
        self._reach, self._secret_of = outside

    def ask(self, tenant_id: str, command: LookUp) -> None:
        """Returns at once."""
        self._background.spawn(self._ask(tenant_id, command), f"look-up for {command.contact_id}")

    async def _ask(self, tenant_id: str, command: LookUp) -> None:
        try:
            answer = await self._answer(tenant_id, command)
        except (OutOfReach, *OUTAGES) as error:
            detail = (
                str(error) if isinstance(error, OutOfReach) else f"not reachable ({type(error).__name__})"
            )
            answer = _failed(command, detail)
        except Exception:
            log.exception("look_up_failed", tenant=tenant_id, source=command.source)
            answer = _failed(command, "could not be asked")
        if answer.outcome is LookUpOutcome.FAILED:
            log.warning("look_up_failed", tenant=tenant_id, source=command.source, detail=answer.detail)
        self._switchboard.post(tenant_id, answer)

    async def _answer(self, tenant_id: str, command: LookUp) -> LookedUp:
        config = self._switchboard.find_config(tenant_id)
        kind, _, source_id = command.source.partition(":")
        if config is not None and kind == "table" and source_id in config.tables:
            return await self._in_table(tenant_id, command, config.tables[source_id])
        if config is not None and kind == "connector" and source_id in config.connectors:
            return await self._by_connector(tenant_id, command, config.connectors[source_id])
        return _failed(command, "is no longer in the configuration")

    async def _in_table(self, tenant_id: str, command: LookUp, table: Table) -> LookedUp:
        async with self._database.tenant(tenant_id) as connection:
            row = await find_row(connection, table, command.asked)
        if row is None:
            return LookedUp(command.contact_id, command.number, LookUpOutcome.MISSING)
        return _found(command, {name: row.get(column, "") for name, column in command.take.items()})

    async def _by_connector(self, tenant_id: str, command: LookUp, connector: Connector) -> LookedUp:
        # The client is not needed for calls: it is loaded when the first connector is asked.
        http: Any = await asyncio.to_thread(import_module, "cordboard.lookups.connectors")
        secret = await self._secret_of(tenant_id, connector.secret) if connector.secret else ""
        if connector.secret and not secret:
            return _failed(command, f"there is no secret {connector.secret}")
        key = f"{tenant_id}-{command.contact_id}-{command.number}"
        seconds = max(LEAST_SECONDS, (command.deadline - self._clock.now()).total_seconds())
        question = http.Question(connector, command.asked, secret, key)
        try:
            answer = await http.ask(question, self._reach, seconds)
        except http.ConnectorFailed as error:
            return _failed(command, str(error))
        if answer in (None, [], {}):
            return LookedUp(command.contact_id, command.number, LookUpOutcome.MISSING)
        return _found(command, {name: http.value_at(answer, path) for name, path in command.take.items()})


def _found(command: LookUp, values: dict[str, str]) -> LookedUp:
    return LookedUp(command.contact_id, command.number, LookUpOutcome.FOUND, values)


def _failed(command: LookUp, detail: str) -> LookedUp:
    return LookedUp(command.contact_id, command.number, LookUpOutcome.FAILED, detail=detail)
