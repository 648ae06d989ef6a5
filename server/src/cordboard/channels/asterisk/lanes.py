"""Several connections to Asterisk at once. They are all there, or telephony counts as lost.

The first carries the events of the application; the second also those of registrations, of an application of its own
(its subscription to phones would double every event of their calls on the first). All of them carry requests.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from cordboard.channels.asterisk.client import Answer, AriAddress, AriClient, OnAnswer, Took
from cordboard.channels.asterisk.wire import Message

LANES = 8
"""One connection's requests wait for one another (some 8 ms a call, more on a busy machine); eight keep 100 calls/s apart."""

MAIN, PHONES = 0, 1


class Lanes:
    """`on_ready` is awaited when all connections stand; `on_lost` is called when one of them is lost."""

    def __init__(
        self,
        address: AriAddress,
        on_event: Callable[[Message], None],
        on_ready: Callable[[], Awaitable[None]],
        on_lost: Callable[[], None],
        count: int = LANES,
        took: Took = lambda _: None,
    ) -> None:
        self._on_ready = on_ready
        self._on_lost = on_lost
        self._application = address.application
        self._readied = False
        self._clients = [
            AriClient(
                replace(address, application=self.application(lane)),
                on_event if lane in (MAIN, PHONES) else _ignore,
                self._one_connected,
                self._one_lost,
                took,
            )
            for lane in range(count)
        ]

    @property
    def count(self) -> int:
        return len(self._clients)

    @property
    def connected(self) -> bool:
        return all(client.connected for client in self._clients)

    def application(self, lane: int) -> str:
        return self._application if lane == MAIN else f"{self._application}-{lane}"

    async def run(self) -> None:
        """Runs until cancelled."""
        async with asyncio.TaskGroup() as group:
            for client in self._clients:
                group.create_task(client.run())

    def send(
        self,
        lane: int,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: object = None,
        on_answer: OnAnswer | None = None,
    ) -> None:
        self._clients[lane].send(method, path, query, body, on_answer)

    async def request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: object = None,
        lane: int = MAIN,
    ) -> Answer:
        return await self._clients[lane].request(method, path, query, body)

    async def drain(self) -> None:
        """Waits until everything that was sent has been performed."""
        await asyncio.gather(*(client.request("GET", "asterisk/ping") for client in self._clients))

    def drop(self) -> None:
        """Cuts all connections; they come back by themselves."""
        for client in self._clients:
            client.drop()

    async def _one_connected(self) -> None:
        """Awaited by each connection as long as it stands; one of the last to connect does the work for all."""
        if self.connected and not self._readied:
            self._readied = True
            await self._on_ready()

    def _one_lost(self) -> None:
        self._readied = False
        self.drop()
        self._on_lost()


def _ignore(_message: Message) -> None:
    """Requests' own connections have no events that we read."""
