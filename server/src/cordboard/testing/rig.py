"""The telephony adapter connected to a real Asterisk, with inboxes that only keep what they are told.

A test waits for events and gives commands as the core would:

    async with TelephonyRig(server) as rig:
        arrived = await rig.inbox.wait_for(CallArrived)
        rig.perform(AnswerLine(arrived.line))
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self, TypeVar

from cordboard.channels.asterisk.endpoints import TrunkPeer
from cordboard.channels.asterisk.wiring import AsteriskSettings, AsteriskTelephony
from cordboard.core.commands import TelephonyCommand
from cordboard.core.config import TenantConfig
from cordboard.core.events import Event
from cordboard.runtime.ports import Inbox, Outcome
from cordboard.testing.asterisk import AsteriskServer

E = TypeVar("E", bound=Event)

TENANT = "acme"
SHIPPED_SOUNDS = Path(__file__).resolve().parents[1] / "sounds"


class KeptInbox:
    """An inbox that keeps what it is told. Implements `ports.Inbox`."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.accepts = True
        self.on_event: Callable[[Event], None] | None = None
        self._news = asyncio.Event()

    def post(self, event: Event) -> None:
        self.events.append(event)
        self._news.set()
        if self.on_event is not None:
            self.on_event(event)

    async def submit(self, event: Event) -> Outcome:
        self.post(event)
        return Outcome(len(self.events))

    @property
    def accepts_new_contacts(self) -> bool:
        return self.accepts

    async def wait_for(
        self, kind: type[E], matches: Callable[[E], bool] = lambda _: True, seconds: float = 10
    ) -> E:
        """The first event of this kind (since the last `forget`) that matches."""
        async with asyncio.timeout(seconds):
            while True:
                self._news.clear()
                for event in self.events:
                    if isinstance(event, kind) and matches(event):
                        return event
                await self._news.wait()

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    def forget(self) -> None:
        self.events.clear()


class KeptTenants:
    """Tenants by number. Implements `ports.Tenants`; all of it may be changed while it runs."""

    def __init__(self, numbers: Mapping[str, str]) -> None:
        self.numbers = dict(numbers)
        self.inboxes: dict[str, KeptInbox] = {tenant_id: KeptInbox() for tenant_id in numbers.values()}
        self.configs: dict[str, TenantConfig] = {}

    def tenant_of_number(self, number: str) -> str | None:
        return self.numbers.get(number)

    def inbox_of(self, tenant_id: str) -> Inbox | None:
        return self.inboxes.get(tenant_id)

    def config_of(self, tenant_id: str) -> TenantConfig | None:
        return self.configs.get(tenant_id)

    def tenant_ids(self) -> Sequence[str]:
        return list(self.inboxes)


class TelephonyRig:
    """One adapter on one Asterisk. Entering connects it, leaving disconnects it; calls stay as they are."""

    def __init__(
        self,
        server: AsteriskServer,
        tenants: KeptTenants | None = None,
        *,
        number: str = "+33199001234",
        trunks: Sequence[TrunkPeer] | None = None,
        sound_folders: Sequence[Path] = (SHIPPED_SOUNDS,),
    ) -> None:
        self.server = server
        self.tenants = tenants or KeptTenants({number: TENANT})
        self.telephony = AsteriskTelephony(
            AsteriskSettings(
                server.address,
                sound_folders,
                [TrunkPeer("network", ("127.0.0.1",))] if trunks is None else trunks,
                security_log=server.conf.security_log,
                memory=server.conf.folder / "started",
            )
        )

    @property
    def inbox(self) -> KeptInbox:
        return self.tenants.inboxes[TENANT]

    async def __aenter__(self) -> Self:
        self.telephony.start(self.tenants)
        await self.wait_connected()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.telephony.stop()

    async def wait_connected(self, seconds: float = 15) -> None:
        async with asyncio.timeout(seconds):
            while not self.telephony.connected:
                await asyncio.sleep(0.02)

    def perform(self, *commands: TelephonyCommand) -> None:
        for command in commands:
            self.telephony.perform(TENANT, command)
