"""How an endpoint asks a tenant's core for something, and how the core's "no" becomes an error at the edge."""

from collections.abc import Sequence
from typing import Protocol

from cordboard.core.config import TenantConfig
from cordboard.core.events import Event
from cordboard.core.refusals import Refusal
from cordboard.core.state import State
from cordboard.errors import Refused, Unavailable
from cordboard.runtime.ports import Inbox, Outcome


class NotDone(Refused):
    """The core has refused; `refusal` says why. The sentence comes from the catalogue in `web.problems`."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(**dict(refusal.params))
        self.refusal = refusal
        self.code = refusal.code.value


class TenantAway(Unavailable):
    """This centre is starting, or another server has just taken it over. Try again in a few seconds."""

    code = "tenant_away"


class LiveTenants(Protocol):
    """The tenants that this process decides for."""

    def tenant_ids(self) -> Sequence[str]: ...

    def inbox_of(self, tenant_id: str) -> Inbox | None: ...

    def config_of(self, tenant_id: str) -> TenantConfig | None: ...

    def state_of(self, tenant_id: str) -> State | None:
        """The core's present state: read it, never change it, keep no part of it across an await."""


class Switchboard:
    """Asks and reads one process's live tenants."""

    def __init__(self, tenants: LiveTenants) -> None:
        self._tenants = tenants

    async def ask(self, tenant_id: str, event: Event) -> Outcome:
        """Decided and committed; raises NotDone when it was refused."""
        inbox = self._tenants.inbox_of(tenant_id)
        if inbox is None:
            raise TenantAway
        outcome = await inbox.submit(event)
        if outcome.refusal is not None:
            raise NotDone(outcome.refusal)
        return outcome

    def post(self, tenant_id: str, event: Event) -> None:
        """Tells what has happened; without effect when the tenant is not here."""
        inbox = self._tenants.inbox_of(tenant_id)
        if inbox is not None:
            inbox.post(event)

    def config(self, tenant_id: str) -> TenantConfig:
        config = self._tenants.config_of(tenant_id)
        if config is None:
            raise TenantAway
        return config

    def tenant_ids(self) -> Sequence[str]:
        return self._tenants.tenant_ids()

    def find_config(self, tenant_id: str) -> TenantConfig | None:
        return self._tenants.config_of(tenant_id)

    def language_of(self, tenant_id: str) -> str:
        """The tenant's own language; English while it has no configuration here."""
        config = self._tenants.config_of(tenant_id)
        return config.language if config is not None else "en"

    def state(self, tenant_id: str) -> State:
        state = self._tenants.state_of(tenant_id)
        if state is None:
            raise TenantAway
        return state

    def find_state(self, tenant_id: str) -> State | None:
        return self._tenants.state_of(tenant_id)
