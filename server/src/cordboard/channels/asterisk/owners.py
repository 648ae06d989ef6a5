"""Who owns a number, a line or a phone: asked of the tenants, of the lines that we know, and of names that we gave."""

from collections.abc import Sequence

from cordboard.channels.asterisk.endpoints import Endpoints, TrunkPeer
from cordboard.channels.asterisk.lines import Lines
from cordboard.runtime.ports import Tenants


class KnownOwners:
    """Implements `translate.Owners`."""

    def __init__(
        self, tenants: Tenants, lines: Lines, endpoints: Endpoints, trunks: Sequence[TrunkPeer]
    ) -> None:
        self._tenants = tenants
        self._lines = lines
        self._endpoints = endpoints
        self._country = trunks[0].country if trunks else "FR"

    def tenant_of_number(self, number: str) -> str | None:
        return self._tenants.tenant_of_number(number)

    def tenant_of_line(self, line: str) -> str | None:
        known = self._lines.by_id.get(line)
        return known.tenant_id if known is not None else self._named_after(line)

    def is_ours(self, line: str) -> bool:
        known = self._lines.by_id.get(line)
        return known.ours if known is not None else self._named_after(line) is not None

    def agent_of_phone(self, username: str) -> tuple[str, str] | None:
        return self._endpoints.owner_of(username)

    @property
    def country(self) -> str:
        return self._country

    def _named_after(self, name: str) -> str | None:
        """The tenant whose id this name starts with ("acme-4711.2"), the longest if several do."""
        if "-" not in name:
            return None
        owners = [tenant_id for tenant_id in self._tenants.tenant_ids() if name.startswith(f"{tenant_id}-")]
        return max(owners, key=len, default=None)
