"""The outside of a centre: a telephone network (a second Asterisk) with callers and agents' SIP telephones."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Self

from cordboard.testing.desk import Desk
from cordboard.testing.product import Login, Product
from cordboard.testing.traffic.exchange import Exchange, NetworkLine
from cordboard.testing.traffic.network import Network

RETAIL = "+33199001234"
SUPPORT = "+442079460018"
VIP = "+33199005678"

Rings = Callable[[NetworkLine], Awaitable[None]]


async def answer_at_once(line: NetworkLine) -> None:
    await line.answer()


@dataclass
class Town:
    product: Product
    network: Network
    exchange: Exchange
    phones: dict[str, Rings] = field(
        default_factory=dict
    )  # number or SIP user name -> what happens when it rings
    rung: dict[str, list[NetworkLine]] = field(default_factory=dict)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    @classmethod
    @asynccontextmanager
    async def of(cls, product: Product) -> AsyncIterator[Self]:
        network = Network(product.settings)
        (product.folder / "network" / "spool" / "recording").mkdir(parents=True, exist_ok=True)
        await network.start()
        town: Self | None = None

        def called(line: NetworkLine) -> None:
            assert town is not None
            town.called(line)

        exchange = Exchange(network.address, called)
        town = cls(product, network, exchange)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(network.stop)
            running = asyncio.get_running_loop().create_task(exchange.run())
            stack.push_async_callback(_end, running)
            assert await exchange.wait_connected(20), "the simulated network did not start"
            yield town

    def called(self, line: NetworkLine) -> None:
        self.rung.setdefault(line.number, []).append(line)
        rings = self.phones.get(line.number)
        if rings is not None:
            task = asyncio.get_running_loop().create_task(_run(rings, line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    @asynccontextmanager
    async def agent(
        self, login: Login, rings: Rings = answer_at_once, *, ready: bool = True, leave: bool = True
    ) -> AsyncIterator[Desk]:
        """An agent at his desk with a registered SIP telephone, Ready."""
        async with Desk(self.product.base_url, login) as desk:
            account = (await desk.take_seat("sip"))["sip_account"]
            self.phones[account["username"]] = rings
            await self.exchange.register(
                login.login, self.product.sip_port, account["username"], account["password"]
            )
            await until(lambda: self.registered(desk), 20)
            if ready:
                await desk.ready()
                await desk.until_state("ready")
            try:
                yield desk
            finally:
                if leave:
                    await self.exchange.unregister(login.login)
                    await desk.http.delete("/desktop/seat")

    def registered(self, desk: Desk) -> bool:
        return bool(desk.agent.get("phone_reachable"))

    async def call(self, number: str = RETAIL, caller: str = "+33612345678", name: str = "") -> NetworkLine:
        """Calls the centre and waits for its answer."""
        line = await self.exchange.call(caller, number, name)
        assert await line.wait_answered(20), f"the centre did not answer {number}"
        return line


async def _run(rings: Rings, line: NetworkLine) -> None:
    await rings(line)


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(true: Callable[[], object], seconds: float = 15.0, what: str = "") -> None:
    """Waits for something that can only be asked for."""
    try:
        async with asyncio.timeout(seconds):
            while not true():
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(what or "it did not become true in time") from None
