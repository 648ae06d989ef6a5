"""The composition root: everything that the running server is made of is built here, by hand, top to bottom.

`serve` is what `cordboard serve` runs. It ends on SIGTERM or SIGINT: the web port closes, what waits is decided, every
tenant keeps a snapshot, the leases are given back; telephony goes on without us, and is found again at the next start.
"""

import asyncio
import gc
import signal
from dataclasses import dataclass

import structlog
import uvloop
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector

from cordboard import __version__, demo, logs
from cordboard.channels.asterisk.client import AriAddress
from cordboard.channels.asterisk.conf import APPLICATION, SECURITY_LOG
from cordboard.channels.asterisk.endpoints import TrunkPeer
from cordboard.channels.asterisk.wiring import AsteriskSettings, AsteriskTelephony
from cordboard.configuration.people import IdentityLogins
from cordboard.configuration.service import Configuration
from cordboard.core.config import TenantConfig
from cordboard.core.engine import Engine
from cordboard.core.state import State
from cordboard.db.database import OUTAGES, Database
from cordboard.errors import Unavailable
from cordboard.expressions import evaluate
from cordboard.identity.passwords import Passwords
from cordboard.numbers import normalise
from cordboard.runtime.background import Background
from cordboard.runtime.clock import SystemClock
from cordboard.runtime.codec import Codec
from cordboard.runtime.dispatch import Dispatch
from cordboard.runtime.journal import JournalState
from cordboard.runtime.leases import Leases
from cordboard.runtime.measures import Measures
from cordboard.runtime.randomness import new_id
from cordboard.runtime.recovery import Recovery
from cordboard.runtime.snapshots import Snapshots
from cordboard.runtime.tenant import Parts
from cordboard.runtime.tenants import HostedTenants, Listeners
from cordboard.settings import Settings, Trunk
from cordboard.sounds import FOLDER as SHIPPED_SOUNDS
from cordboard.web.app import Web, WebParts, WebSettings, create_web
from cordboard.web.server import Listening, WebServer

log = structlog.get_logger(__name__)


class DatabaseAway(Unavailable):
    """The database can not be reached. Check that it runs, and its address (DATABASE_URL)."""

    code = "database_away"


class DatabaseEmpty(Unavailable):
    """The database has no tables yet: run `cordboard migrate` first."""

    code = "database_empty"


def serve(settings: Settings) -> None:
    """Runs the server until it is told to stop. Raises a CordboardError when it can not start."""
    logs.set_up(settings.log_format, settings.log_level)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    database = await _connect(settings)
    try:
        await _build(settings, database).run(settings)
    finally:
        await database.close()


async def _connect(settings: Settings) -> Database:
    try:
        database = await Database.connect(settings.database_dsn)
        async with database.plain() as connection:
            if await connection.fetchval("SELECT to_regclass('public.journal') IS NULL"):
                await database.close()
                raise DatabaseEmpty
    except OUTAGES as error:
        raise DatabaseAway(
            f"The database can not be reached ({error}). Check that it runs, and its address."
        ) from error
    return database


def _build(settings: Settings, database: Database) -> "Server":
    clock, codec, background = SystemClock(), Codec(), Background()
    registry = _registry()
    passwords = Passwords()

    # live work
    listeners = Listeners()
    telephony = AsteriskTelephony(_asterisk(settings))
    snapshots = Snapshots(database, codec)
    parts = Parts(
        clock,
        codec,
        Recovery(database, codec, snapshots, _engine),
        snapshots,
        Dispatch(telephony),
        Measures(registry),
        listeners.publish,
    )

    # configuration; it asks the tenants, and they ask it for what was published while no server ran
    async def newer(tenant_id: str, version: int) -> TenantConfig | None:
        return await configuration.newer(tenant_id, version)

    tenants = HostedTenants(parts, database, Leases(database, _server_id(settings)), newer)
    logins = IdentityLogins(database, passwords, clock)
    configuration = Configuration(database, clock, logins.save, logins.owners, tenants)

    # web
    web = create_web(
        WebParts(
            WebSettings(
                settings.session_secret.get_secret_value(),
                settings.web_dist,
                settings.public_hosts,
                settings.external_address or "",
                settings.sip_port,
            ),
            database,
            clock,
            codec,
            tenants,
            configuration,
            passwords,
            lambda: telephony,
            lambda: f"ws://{settings.ari_host}:{settings.ari_port}/ws",
            registry,
            {
                "journal": lambda: (
                    "ok" if tenants.journal_state is JournalState.COMMITTING else tenants.journal_state
                ),
                "telephony": lambda: "ok" if telephony.connected else "away",
            },
        )
    )
    listeners.add(web.on_batch)
    return Server(tenants, telephony, configuration, web, passwords, background)


@dataclass(frozen=True, slots=True)
class Server:
    """All that runs, in the order in which the parts need one another."""

    tenants: HostedTenants
    telephony: AsteriskTelephony
    configuration: Configuration
    web: Web
    passwords: Passwords
    background: Background

    async def run(self, settings: Settings) -> None:
        """Until SIGTERM or SIGINT, or until a part fails, which is raised."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        port = WebServer(self.web.app, _listening(settings))
        async with asyncio.TaskGroup() as group:
            group.create_task(self.tenants.run(), name="tenants")
            await self.tenants.wait_until_looked()
            if settings.demo:
                await demo.seed(self.configuration, settings.data_dir / "logins.json")
            for tenant_id in self.tenants.tenant_ids():
                await self.web.phone_accounts.reprovision_all(tenant_id)
            self.tenants.on_live(self._on_live)
            self.telephony.start(self.tenants)
            self.web.start()
            group.create_task(port.run(), name="web port")
            await port.started()
            _settle_memory()
            log.info("server_ready", version=__version__, tenants=len(self.tenants.tenant_ids()))
            await stop.wait()
            log.info("server_stops")
            port.stop()
            await self.web.stop()
            await self.telephony.stop()
            await self.tenants.stop()
            await self.background.stop()
            self.passwords.close()

    def _on_live(self, tenant_id: str) -> None:
        """Telephony learns the phones of a tenant that comes to life later."""
        self.background.spawn(self.web.phone_accounts.reprovision_all(tenant_id), f"phones of {tenant_id}")


def _engine(state: State) -> Engine:
    return Engine(state, evaluate, normalise)


def _asterisk(settings: Settings) -> AsteriskSettings:
    address = AriAddress(
        settings.ari_host,
        settings.ari_port,
        settings.ari_user,
        settings.ari_password.get_secret_value(),
        APPLICATION,
    )
    own = settings.data_dir / "asterisk"
    private = settings.asterisk == "private"
    return AsteriskSettings(
        address,
        (settings.data_dir / "sounds", SHIPPED_SOUNDS),
        [_trunk(trunk) for trunk in settings.trunks] or [_this_machine(settings)],
        own / "log" / SECURITY_LOG if private else None,
        own / "started" if private else None,
    )


def _trunk(trunk: Trunk) -> TrunkPeer:
    return TrunkPeer(
        trunk.name,
        tuple(trunk.match),
        trunk.host,
        trunk.username,
        trunk.password.get_secret_value(),
        trunk.register_there,
        trunk.country,
    )


def _this_machine(settings: Settings) -> TrunkPeer:
    """Without a trunk: SIP clients on this machine may call, and outgoing calls go to the simulated network."""
    return TrunkPeer("this-machine", ("127.0.0.1",), f"127.0.0.1:{settings.network_sip_port}")


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


def _listening(settings: Settings) -> Listening:
    return Listening(
        settings.host,
        settings.https_port,
        settings.http_port,
        settings.certificate_file,
        settings.certificate_key_file,
    )


def _server_id(settings: Settings) -> str:
    """Names this data folder in leases: the same after each start, another one on every other machine."""
    file = settings.data_dir / "server-id"
    if not file.exists():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        file.write_text(new_id() + "\n")
    return file.read_text().strip()


def _settle_memory() -> None:
    """What was loaded until now stays: the garbage collector need not look at it again and again.

    A full collection over a busy centre takes tens of milliseconds, and Asterisk hangs up on a consumer that stalls 100.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
