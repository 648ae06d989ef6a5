"""A whole server for tests, adapters aside: the real runtime, the real web on a real port, a real PostgreSQL, fake telephony.

A plugin for pytest. `centre` is one tenant's: `small_centre` with persons of every role; `centre.browser(login)` is somebody
who is logged in, `Browser.live()` his live socket. `Live` applies snapshots and deltas as a browser does, and insists on
numbers without gaps.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from cordboard.channels.email.trial import ServerTrial
from cordboard.configuration.people import IdentityLogins
from cordboard.configuration.service import Configuration
from cordboard.core.config import TenantConfig
from cordboard.core.events import ConfigPublished
from cordboard.core.state import State
from cordboard.db.database import Database
from cordboard.identity.passwords import Passwords
from cordboard.identity.rights import Role
from cordboard.identity.service import PersonWanted, ensure_logins, set_password
from cordboard.knowledge.suggestions.process import WorkerEngine
from cordboard.reach import Reach
from cordboard.runtime.codec import Codec
from cordboard.runtime.inbox import TenantInbox
from cordboard.runtime.ports import Batch, Outcome
from cordboard.scanning.scanners import Scanner
from cordboard.testing.centre import small_centre
from cordboard.testing.postgres import PostgresForTests, free_port
from cordboard.testing.runtime import FakeServer, World
from cordboard.web.app import Web, WebParts, WebSettings, create_web
from cordboard.web.server import Listening, WebServer

PASSWORD = "correct horse battery"
SUPERVISOR, ADMINISTRATOR, OBSERVER = "sophie", "adrien", "oscar"


class _Told(list[Batch]):
    """The world's batches, passed on to the web as the runtime's listeners are."""

    def __init__(self, tell: Callable[[Batch], None]) -> None:
        super().__init__()
        self._tell = tell

    def append(self, batch: Batch) -> None:
        super().append(batch)
        self._tell(batch)


@dataclass(slots=True)
class Tenants:
    """`LiveTenants` over the fake servers of a test."""

    servers: dict[str, FakeServer] = field(default_factory=dict)

    def tenant_ids(self) -> list[str]:
        return list(self.servers)

    def inbox_of(self, tenant_id: str) -> TenantInbox | None:
        return self.servers[tenant_id].runtime.inbox if tenant_id in self.servers else None

    def state_of(self, tenant_id: str) -> State | None:
        return self.servers[tenant_id].state if tenant_id in self.servers else None

    def config_of(self, tenant_id: str) -> TenantConfig | None:
        state = self.state_of(tenant_id)
        return state.config if state else None

    async def publish(self, tenant_id: str, config: TenantConfig) -> Outcome:
        return await self.servers[tenant_id].ask(ConfigPublished(config))


async def _secret_of(tenant_id: str, name: str) -> str:
    return f"a secret of {name}"


@dataclass(slots=True)
class WebForTests:
    """One server with any number of tenants."""

    db: Database
    passwords: Passwords
    dist: Path
    tenants: Tenants = field(default_factory=Tenants)
    worlds: dict[str, World] = field(default_factory=dict)
    port: int = 0
    web: Web | None = None
    sip_websocket: str = "ws://127.0.0.1:9/ws"
    suggestion_engine: WorkerEngine | None = None
    scanner: Scanner | None = None
    trusted_proxies: Sequence[IPv4Network | IPv6Network] = ()
    _server: WebServer | None = None
    _task: asyncio.Task[None] | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self, clock_of: World) -> None:
        logins = IdentityLogins(self.db, self.passwords, clock_of.clock)
        configuration = Configuration(self.db, clock_of.clock, logins.save, logins.owners, self.tenants)
        self.port = free_port()
        reach = Reach([IPv4Network("127.0.0.0/8")])
        self.web = create_web(
            WebParts(
                WebSettings(
                    "a secret of tests", self.dist, trusted_proxies=self.trusted_proxies, sip_port=5060
                ),
                self.db,
                clock_of.clock,
                Codec(),
                self.tenants,
                configuration,
                self.passwords,
                lambda: clock_of.telephony,
                lambda: self.sip_websocket,
                suggestion_engine=self.suggestion_engine,
                secret_of=_secret_of,
                reach=reach,
                try_mail_server=ServerTrial(_secret_of, clock_of.clock, reach=reach).try_typed,
                scanner=self.scanner,
            )
        )
        self.web.start()
        self._server = WebServer(self.web.app, Listening("127.0.0.1", http_port=self.port))
        self._task = asyncio.create_task(self._server.run())
        await self._server.started()

    async def stop(self) -> None:
        assert self._server is not None and self._task is not None and self.web is not None
        self._server.stop()
        await self._task
        await self.web.stop()
        for server in self.tenants.servers.values():
            await server.stop()

    def tell(self, batch: Batch) -> None:
        if self.web is not None:
            self.web.on_batch(batch)


@dataclass(slots=True)
class CentreForTests:
    """One tenant of it."""

    web: WebForTests
    world: World
    server: FakeServer
    config: TenantConfig

    @property
    def tenant_id(self) -> str:
        return self.world.tenant_id

    @asynccontextmanager
    async def browser(self, login: str, *, log_in: bool = True) -> AsyncIterator["Browser"]:
        """Somebody's browser. `login` is a person's id; it is made unique for the tenant here."""
        async with httpx2.AsyncClient(
            base_url=f"{self.web.origin}/api/v1", headers={"Origin": self.web.origin}, timeout=10
        ) as client:
            browser = Browser(self, client, f"{login}.{self.tenant_id}")
            if log_in:
                answer = await browser.log_in()
                assert answer.status_code == 201, answer.text
            yield browser


@dataclass(slots=True)
class Browser:
    centre: CentreForTests
    http: httpx2.AsyncClient
    login: str

    async def log_in(self, password: str = PASSWORD) -> httpx2.Response:
        return await self.http.post("/sessions", json={"login": self.login, "password": password})

    async def take_seat(self, kind: str = "browser", address: str = "") -> dict[str, Any]:
        wanted = {"seat": "voice", "phone": {"kind": kind, "address": address}}
        answer = await self.http.post("/desktop/seat", json=wanted)
        assert answer.status_code == 200, answer.text
        held: dict[str, Any] = answer.json()
        return held

    async def state(self, state: str, reason_id: str = "") -> httpx2.Response:
        body = {"state": state} | ({"reason_id": reason_id} if reason_id else {})
        return await self.http.post("/desktop/state", json=body)

    @asynccontextmanager
    async def live(self, *topics: str, desktop: bool = True) -> AsyncIterator["Live"]:
        """A live socket with these topics' snapshots already here."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        origin = self.centre.web.origin
        async with connect(
            f"{origin.replace('http', 'ws')}/api/v1/live",
            origin=Origin(origin),
            additional_headers={"Cookie": cookie},
        ) as socket:
            live = Live(socket)
            message: dict[str, Any] = {"subscribe": list(topics)}
            if desktop:
                message["desktop_id"] = "tab"
            await socket.send(json.dumps(message))
            while not set(topics) <= live.rows.keys() | live.denied:
                await live.next()
            yield live


@dataclass(slots=True)
class Live:
    """What a browser knows from its live socket."""

    socket: ClientConnection
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    closed: str = ""
    pongs: int = 0

    async def next(self, seconds: float = 5) -> dict[str, Any]:
        """Takes one message and applies it."""
        message: dict[str, Any] = json.loads(await asyncio.wait_for(self.socket.recv(), seconds))
        self.apply(message)
        return message

    def apply(self, message: dict[str, Any]) -> None:
        topic = message.get("topic", "")
        if "snapshot" in message:
            self.rows[topic], self.numbers[topic] = message["snapshot"], message["n"]
        elif "set" in message:
            assert message["n"] == self.numbers[topic] + 1, "a gap"
            self.numbers[topic] = message["n"]
            self.rows[topic].update(message["set"])
            for key in message["del"]:
                del self.rows[topic][key]
        elif "denied" in message:
            self.denied.add(topic)
        elif "closed" in message:
            self.closed = message["closed"]
        elif "pong" in message:
            self.pongs += 1

    async def until(self, holds: Callable[["Live"], object], seconds: float = 5) -> None:
        """Takes messages until the condition holds."""
        async with asyncio.timeout(seconds):
            while not holds(self):
                await self.next()

    async def drain(self) -> None:
        """Takes what has been said so far: a ping answered, gathered deltas awaited."""
        pongs = self.pongs
        await asyncio.sleep(0.45)
        await self.socket.send('{"ping":1}')
        await self.until(lambda live: live.pongs > pongs)

    @property
    def me(self) -> dict[str, Any]:
        return self.rows["me"]["agent"]

    def contact(self) -> dict[str, Any] | None:
        """The agent's one contact."""
        contacts = [row for key, row in self.rows["me"].items() if key.startswith("contact:")]
        return contacts[0] if contacts else None


MakeCentre = Callable[..., Any]


@pytest.fixture(scope="session")
def test_passwords() -> Iterator[Passwords]:
    passwords = Passwords(rounds=1, memory_kib=64)
    yield passwords
    passwords.close()


@pytest.fixture(scope="session")
async def web_database(postgres: PostgresForTests) -> AsyncIterator[Database]:
    """One database for all tests of the web; every test has tenants of its own."""
    addresses = postgres.fresh_database()
    db = await Database.connect(addresses.app_dsn, size=4)
    yield db
    await db.close()
    postgres.drop(addresses)


@pytest.fixture
async def web(
    web_database: Database, test_passwords: Passwords, tmp_path: Path
) -> AsyncIterator[WebForTests]:
    """A server without tenants yet."""
    async with web_database.plain() as connection:
        await connection.execute("DELETE FROM login_throttle")
    web = WebForTests(web_database, test_passwords, tmp_path)
    yield web
    if web.web is not None:
        await web.stop()


_tenants = itertools.count(1)


async def add_centre(web: WebForTests, config: TenantConfig | None = None) -> CentreForTests:
    """A tenant of a new name, with its agents (login: the agent's id) and one person of each other role."""
    tenant_id = f"acme-{next(_tenants)}"
    config = config or small_centre()
    world = World(web.db, tenant_id)
    if web.worlds:
        world.clock = next(iter(web.worlds.values())).clock
    world.batches = _Told(web.tell)
    web.worlds[tenant_id] = world
    await world.create_tenant()
    persons = [(agent_id, profile.name, Role.AGENT, agent_id) for agent_id, profile in config.agents.items()]
    persons += [
        (SUPERVISOR, "Sophie", Role.SUPERVISOR, ""),
        (ADMINISTRATOR, "Adrien", Role.ADMINISTRATOR, ""),
        (OBSERVER, "Oscar", Role.OBSERVER, ""),
    ]
    wanted = [
        PersonWanted(person_id, name, (f"{person_id}.{tenant_id}",), (role,), agent_id or None)
        for person_id, name, role, agent_id in persons
    ]
    now = world.clock.now()
    for login in await ensure_logins(web.db, web.passwords, tenant_id, wanted, now):
        await set_password(web.db, web.passwords, login, PASSWORD, now)
    server = await world.start()
    web.tenants.servers[tenant_id] = server
    await server.publish(config)
    await server.settle()
    return CentreForTests(web, world, server, config)


@pytest.fixture
async def centre(web: WebForTests) -> CentreForTests:
    """The server with one tenant."""
    made = await add_centre(web)
    await web.start(made.world)
    return made
