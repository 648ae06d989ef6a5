"""What the runtime needs from the outside, and what it offers to it. Adapters depend on this file and on the core only."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cordboard.core.commands import TelephonyCommand
from cordboard.core.config import TenantConfig
from cordboard.core.events import Event
from cordboard.core.facts import Recorded
from cordboard.core.mail.commands import MailCommand
from cordboard.core.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one submitted event, known once its batch is committed. `seq` is its journal sequence."""

    seq: int
    refusal: Refusal | None = None
    contact_id: int = 0  # the contact that the event created or touched, 0 if none


@dataclass(frozen=True, slots=True)
class Batch:
    """One committed batch, as listeners (live views, statistics, webhooks) see it.

    `contact_ids`: the contacts that its events were about, for changes that are no fact (a line starts to ring).
    """

    tenant_id: str
    last_seq: int
    recorded: Sequence[Recorded]
    at: datetime
    contact_ids: frozenset[int] = frozenset()


class Inbox(Protocol):
    """Where adapters and endpoints put events of one tenant. Order of calls is order of decisions."""

    def post(self, event: Event) -> None:
        """Adds an event; never blocks. For facts of the outside, which can not be refused."""

    def submit(self, event: Event) -> Awaitable[Outcome]:
        """Adds an event and waits until it is decided and committed. Raises errors.Overloaded when the inbox is full."""

    @property
    def accepts_new_contacts(self) -> bool:
        """False while deciding or the journal falls behind: adapters then leave new arrivals where they wait best."""


class Tenants(Protocol):
    """Finds the tenant that an outside address belongs to."""

    def tenant_of_number(self, number: str) -> str | None:
        """The tenant whose entry point has this voice number (E.164)."""

    def inbox_of(self, tenant_id: str) -> Inbox | None: ...

    def config_of(self, tenant_id: str) -> TenantConfig | None: ...

    def tenant_ids(self) -> Sequence[str]: ...


class Telephony(Protocol):
    """Performs telephony commands. Idempotent; hanging up what is gone is success; order is kept per line."""

    def perform(self, tenant_id: str, command: TelephonyCommand) -> None:
        """Queues the command and returns at once. Failures come back as events (LineEnded, PlaybackEnded)."""

    async def provision_phone(
        self, tenant_id: str, agent_id: str, username: str, password: str, browser: bool
    ) -> None:
        """Makes the SIP endpoint `username` exist with this password (old registrations of it are dropped)."""

    async def revoke_phone(self, username: str) -> None: ...

    async def provision_page(self, tenant_id: str, username: str, password: str) -> None:
        """Makes the page of a visitor a line that can be called and can call nobody. Again is the same."""

    @property
    def connected(self) -> bool: ...


class Mails(Protocol):
    """Performs the commands of channel email. Idempotent: a mail leaves once however often it is asked."""

    def perform(self, tenant_id: str, command: MailCommand) -> None:
        """Queues the command and returns at once; it is repeated until it is done, in the order of the calls."""

    def settled(self, tenant_id: str) -> bool:
        """Whether all that was asked for this tenant is done. Until then its commands are performed again after a crash."""


BatchListener = Callable[[Batch], None]
