"""Chat: 1,000 visitors and 200 agents; from a visitor's window to his agent's, beside a bare relay of WebSockets.

    just bench chat [--visitors 1000] [--agents 200] [--rate 200] [--seconds 20]

All visitors begin within `--storm` seconds (a session over HTTP, a WebSocket each); agents hold five chats each. Then visitors
write, `rate` messages a second in all, through deciding and the journal; the clock runs from sending to the arrival of the
message on the agent's live connection. A message is lost when it never arrives. The relay only passes on what it gets.
"""

import argparse
import asyncio
import json
import random
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import psutil
from rig.centre import note
from rig.table import Row, percentile, show, verdict
from websockets.asyncio.client import ClientConnection, connect

from cordboard.testing.desk import Desk
from cordboard.testing.product import Login, Product, free_port_base

EACH = 5  # chats of an agent
WANTED_MS, WANTED_MB, WANTED_STORM = 100.0, 400.0, 10.0
RELAY = """
import asyncio, json, sys
from websockets.asyncio.server import serve
agents = {}
async def serve_one(socket):
    name = await socket.recv()
    if name.startswith("agent"):
        agents[name] = socket
    async for text in socket:
        agent = agents.get(json.loads(text)["to"])
        if agent is not None:
            await agent.send(text)
        await socket.send(text)
async def main():
    async with serve(serve_one, "127.0.0.1", int(sys.argv[1]), compression=None):
        print("ready", flush=True)
        await asyncio.get_running_loop().create_future()
asyncio.run(main())
"""


@dataclass
class Measured:
    sent: dict[str, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)  # seconds
    acknowledged: set[str] = field(default_factory=set)

    def arrived(self, key: str) -> None:
        at = self.sent.pop(key, None)
        if at is not None:
            self.took.append(time.perf_counter() - at)


class Agent(Desk):
    """Subscribes to each conversation that comes into his hands, and knows each message when it arrives."""

    def __init__(self, base_url: str, login: Login, measured: Measured) -> None:
        super().__init__(base_url, login)
        self._measured = measured
        self._socket: ClientConnection | None = None
        self._listening: set[int] = set()

    async def _read(self, live: ClientConnection) -> None:
        async for text in live:
            message = json.loads(text)
            topic = message.get("topic", "")
            if topic == "me" and "closed" not in message:
                self._apply(message)
                for row in self.contacts:
                    if row["contact_id"] not in self._listening:
                        self._listening.add(row["contact_id"])
                        await live.send(json.dumps({"subscribe": [f"conversation:{row['contact_id']}"]}))
            else:
                for row in message.get("set", {}).values():
                    if row.get("author") == "visitor":
                        self._measured.arrived(row["key"])
            self._changed.set()


class Visitor:
    def __init__(self, url: str, token: str, measured: Measured) -> None:
        self._url = f"{url.replace('http', 'ws', 1)}/api/v1/visitor/socket?token={token}&after=0"
        self._measured = measured
        self._number = 0
        self.socket: ClientConnection | None = None
        self.state = ""

    async def live(self, here: Callable[[], None]) -> None:
        async with connect(self._url, proxy=None, compression=None, ping_interval=None) as socket:
            self.socket = socket
            async for text in socket:
                frame = json.loads(text)
                if frame["t"] == "state":
                    if not self.state:
                        here()
                    self.state = frame["state"]
                elif frame["t"] == "message" and frame.get("key"):
                    self._measured.acknowledged.add(frame["key"])

    async def say(self) -> None:
        self._number += 1
        key = secrets.token_hex(8)
        self._measured.sent[key] = time.perf_counter()
        assert self.socket is not None
        await self.socket.send(json.dumps({"t": "say", "key": key, "text": f"Message number {self._number}"}))


async def main() -> int:
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="cordboard-bench-"))
    environment = {
        "CORDBOARD_ASTERISK": "external",
        "CORDBOARD_ARI_PASSWORD": secrets.token_urlsafe(16),
        "CORDBOARD_LOG_LEVEL": "warning",
        "CORDBOARD_CHATS_PER_MINUTE": "100000",
    }
    product = Product(folder / "data", free_port_base(10_000, 20_000), environment)
    try:
        note("starting the product")
        product.start()
        ours = await _ours(product, options)
        product.stop()
        theirs = await _relay(options)
    finally:
        product.stop()
        shutil.rmtree(folder, ignore_errors=True)
    show(f"{options.visitors} visitors, {options.agents} agents, {options.rate} messages/s", [ours, theirs])
    good = [
        (float(str(ours["p95 ms"])) <= WANTED_MS, "p95 ms", f"≤ {WANTED_MS:.0f}"),
        (ours["lost"] == 0, "lost", "0"),
        (float(str(ours["server MB"])) < WANTED_MB, "server MB", f"< {WANTED_MB:.0f}"),
        (float(str(ours["storm s"])) <= WANTED_STORM, "storm s", f"≤ {WANTED_STORM:.0f}"),
    ]
    for reached, what, wanted in good:
        print(verdict(what, float(str(ours[what])), wanted, reached))
    return 0 if all(reached for reached, _, _ in good) else 1


async def _ours(product: Product, options: argparse.Namespace) -> Row:
    measured = Measured()
    note(f"making {options.agents} agents")
    logins = await _configure(product, options.agents)
    server = psutil.Process(product.pid("server"))
    async with AsyncExitStack() as stack:
        await _log_in(product, logins, measured, stack)
        note(f"{options.visitors} visitors come")
        visitors, storm = await _storm(product, options, measured, stack)
        talking = sum(visitor.state == "talking" for visitor in visitors)
        note(f"{talking} chats are held after {storm:.1f} s")
        cpu, begun = sum(server.cpu_times()[:2]), time.perf_counter()
        total = await _write(visitors, options)
        used = (sum(server.cpu_times()[:2]) - cpu) / (time.perf_counter() - begun)
        await asyncio.sleep(2)
        memory = server.memory_info().rss / 1e6
    unacknowledged = total - len(measured.acknowledged)
    return _row("Cordboard", measured, total, storm, memory, used) | {"unacknowledged": unacknowledged}


async def _configure(product: Product, agents: int) -> list[Login]:
    people = "".join(
        f"  bench{n:04d}: {{name: Bench {n}, location: paris, spaces: [retail], groups: [bench], "
        f"capacity: {{chat: {EACH}}}}}\n"
        for n in range(agents)
    )
    document = f"""customer: {{key: demo}}
seats: {{chat: {agents + 10}}}
times: {{desktop_grace: 24h}}
groups: {{bench: Bench}}
queues:
  bench: {{name: Bench, space: retail, channel: chat, groups: [bench], auto_accept: yes, closing_reason_required: no}}
scripts:
  bench: {{name: Bench, space: retail, steps: {{wait: {{queue: bench}}}}}}
chat_buttons:
  bench: {{name: Bench, space: retail, script: bench}}
agents:
{people}"""
    async with Desk(product.base_url, product.login("alice")) as desk:
        desk.http.timeout = 600.0
        version = (await desk.get("/configuration"))["version"]
        body = {"document": document, "base_version": version, "note": "bench"}
        answer = await desk.post("/configuration/apply", body)
    return [Login(login, password) for login, password in sorted(answer.json()["new_logins"].items())]


async def _log_in(product: Product, logins: list[Login], measured: Measured, stack: AsyncExitStack) -> None:
    turn = asyncio.Semaphore(4)

    async def one(login: Login) -> Agent:
        async with turn:
            agent = Agent(product.base_url, login, measured)
            await agent.__aenter__()
            await agent.post("/desktop/seat", {"seat": "chat", "phone": None})
            agent.open_live()
            await agent.until(lambda: "agent" in agent.rows["me"])
            await agent.ready()
            return agent

    note(f"logging {len(logins)} agents in")
    for agent in await asyncio.gather(*(one(login) for login in logins)):
        stack.push_async_exit(agent)


async def _storm(
    product: Product, options: argparse.Namespace, measured: Measured, stack: AsyncExitStack
) -> tuple[list[Visitor], float]:
    """All begin spread over 90 % of the wanted time; the storm is over when each has heard where he stands."""
    here = asyncio.Semaphore(0)
    tasks: list[asyncio.Task[None]] = []
    visitors: list[Visitor] = []
    client = httpx2.AsyncClient(base_url=product.base_url, timeout=60.0, trust_env=False)
    await stack.enter_async_context(client)
    begun = time.perf_counter()

    async def one(index: int) -> None:
        await asyncio.sleep(options.storm * 0.9 * index / options.visitors)
        body = {"key": secrets.token_hex(8), "visitor_id": secrets.token_hex(8), "language": "en"}
        answer = await client.post("/api/v1/visitor/demo/bench/sessions", json=body)
        visitor = Visitor(product.base_url, answer.raise_for_status().json()["token"], measured)
        visitors.append(visitor)
        tasks.append(asyncio.create_task(visitor.live(here.release)))
        await here.acquire()

    await asyncio.gather(*(one(index) for index in range(options.visitors)))
    storm = time.perf_counter() - begun
    await asyncio.sleep(2)

    @asynccontextmanager
    async def ending() -> AsyncIterator[None]:
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    await stack.enter_async_context(ending())
    return visitors, storm


async def _write(visitors: list[Visitor], options: argparse.Namespace) -> int:
    """`rate` messages a second, each by a visitor whose turn it is."""
    order = random.Random(1).sample(visitors, len(visitors))
    note(f"writing for {options.seconds} s")
    total = int(options.rate * options.seconds)
    begun = time.perf_counter()
    for number in range(total):
        await asyncio.sleep(max(0.0, begun + number / options.rate - time.perf_counter()))
        await order[number % len(order)].say()
    return total


def _row(name: str, measured: Measured, total: int, storm: float, memory: float, used: float) -> Row:
    return {
        "": name,
        "messages": total,
        "p50 ms": percentile(measured.took, 0.50) * 1000,
        "p95 ms": percentile(measured.took, 0.95) * 1000,
        "p99 ms": percentile(measured.took, 0.99) * 1000,
        "lost": total - len(measured.took),
        "storm s": storm,
        "server MB": memory,
        "cores": used,
    }


async def _relay(options: argparse.Namespace) -> Row:
    """The same visitors and agents around a process that does nothing but pass on."""
    note("the bare relay")
    port = free_port_base(20_000, 30_000)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", RELAY, str(port), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    await process.stdout.readline()
    measured = Measured()
    tasks: list[asyncio.Task[None]] = []
    try:
        relay = psutil.Process(process.pid)

        async def line(name: str) -> ClientConnection:
            socket = await connect(f"ws://127.0.0.1:{port}", proxy=None, compression=None, ping_interval=None)
            await socket.send(name)
            tasks.append(asyncio.create_task(_hear(socket, measured, name.startswith("agent"))))
            return socket

        for n in range(options.agents):
            await line(f"agent{n}")
        begun = time.perf_counter()
        visitors = [await line(f"visitor{n}") for n in range(options.visitors)]
        storm = time.perf_counter() - begun
        cpu, begun = sum(relay.cpu_times()[:2]), time.perf_counter()
        total = int(options.rate * options.seconds)
        for number in range(total):
            await asyncio.sleep(max(0.0, begun + number / options.rate - time.perf_counter()))
            key = secrets.token_hex(8)
            measured.sent[key] = time.perf_counter()
            index = number % len(visitors)
            text = {"to": f"agent{index % options.agents}", "key": key, "text": f"Message number {number}"}
            await visitors[index].send(json.dumps(text))
        used = (sum(relay.cpu_times()[:2]) - cpu) / (time.perf_counter() - begun)
        await asyncio.sleep(1)
        row = _row("bare relay", measured, total, storm, relay.memory_info().rss / 1e6, used)
    finally:
        for task in tasks:
            task.cancel()
        process.terminate()
        await process.wait()
    return row


async def _hear(socket: ClientConnection, measured: Measured, agent: bool) -> None:
    async for text in socket:
        if agent:
            measured.arrived(json.loads(text)["key"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--visitors", type=int, default=1000)
    parser.add_argument("--agents", type=int, default=200)
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--storm", type=float, default=10.0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
