"""The composition root: everything that the running server is made of is built here, by hand, top to bottom.

`serve` is what `cordboard serve` runs. It ends on SIGTERM or SIGINT: the web port closes, what waits is decided, every
tenant keeps a snapshot, the leases are given back; telephony goes on without us, and is found again at the next start.
"""

import asyncio
import gc
import signal
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

import structlog
import uvloop
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector

from cordboard import __version__, logs
from cordboard.channels.asterisk.client import AriAddress
from cordboard.channels.asterisk.conf import APPLICATION, SECURITY_LOG
from cordboard.channels.asterisk.endpoints import TrunkPeer
from cordboard.channels.asterisk.wiring import AsteriskSettings, AsteriskTelephony
from cordboard.channels.email.perform import MailPerformer
from cordboard.channels.email.wiring import ServerMail
from cordboard.core.config import TenantConfig
from cordboard.core.engine import Engine
from cordboard.core.state import State
from cordboard.db.database import OUTAGES, Database
from cordboard.errors import CordboardError, Unavailable
from cordboard.expressions import evaluate
from cordboard.lookups.performer import LookUps
from cordboard.numbers import normalise
from cordboard.reach import Reach
from cordboard.runtime.background import Background
from cordboard.runtime.clock import SystemClock
from cordboard.runtime.codec import Codec
from cordboard.runtime.dispatch import Dispatch
from cordboard.runtime.leases import Leases
from cordboard.runtime.measures import Measures
from cordboard.runtime.randomness import new_id
from cordboard.runtime.recovery import Recovery
from cordboard.runtime.snapshots import Snapshots
from cordboard.runtime.tenant import Parts
from cordboard.runtime.tenants import HostedTenants, Listeners
from cordboard.seats.accounts import PhoneAccounts
from cordboard.secrets import Secrets
from cordboard.settings import Settings, Trunk
from cordboard.sounds import FOLDER as SHIPPED_SOUNDS

if TYPE_CHECKING:
    from cordboard.front import Front

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
        await _build(settings, database).run()
    except* CordboardError as group:
        raise _first(group) from None
    finally:
        await database.close()


def _first(group: BaseExceptionGroup[CordboardError]) -> BaseException:
    """What a person should read of several errors at once."""
    one: BaseException = group
    while isinstance(one, BaseExceptionGroup):
        one = one.exceptions[0]
    return one


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
    clock, codec, measures, listeners = SystemClock(), Codec(), Measures(_registry()), Listeners()
    telephony = AsteriskTelephony(_asterisk(settings), measures.telephony.observe)
    snapshots = Snapshots(database, codec)

    def config_of(tenant_id: str) -> TenantConfig | None:
        return tenants.config_of(tenant_id)  # which are made of what follows

    mail = ServerMail(database, MailPerformer(database, clock, config_of))
    dispatch = Dispatch(telephony, mails=mail.performer)
    parts = Parts(
        clock,
        codec,
        Recovery(database, codec, snapshots, _engine),
        snapshots,
        dispatch,
        measures,
        listeners.publish,
    )
    secret = settings.session_secret.get_secret_value()
    phones = PhoneAccounts(database, lambda: telephony, clock, secret)
    tenants = HostedTenants(parts, database, Leases(database, _server_id(settings)))
    background = Background()
    outside = (Reach(settings.reachable_networks), Secrets(database, secret).get)
    look_ups = LookUps(tenants, database, clock, background, outside)
    dispatch.look_up = look_ups.ask
    return Server(
        settings,
        database,
        clock,
        codec,
        measures,
        tenants,
        telephony,
        mail,
        phones,
        listeners,
        background,
        dispatch,
    )


@dataclass(frozen=True, slots=True)
class Server:
    """All that runs, in the order in which the parts need one another."""

    settings: Settings
    database: Database
    clock: SystemClock
    codec: Codec
    measures: Measures
    tenants: HostedTenants
    telephony: AsteriskTelephony
    mail: ServerMail
    phones: PhoneAccounts
    listeners: Listeners
    background: Background
    dispatch: Dispatch

    async def run(self) -> None:
        """Until SIGTERM or SIGINT, or until a part fails, which is raised."""
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        tenants, telephony = self.tenants, self.telephony
        async with asyncio.TaskGroup() as group:
            writing = group.create_task(self.mail.write(), name="mail commands")
            group.create_task(tenants.run(), name="tenants")
            await tenants.wait_until_looked()
            for tenant_id in tenants.tenant_ids():
                await self.phones.reprovision_all(tenant_id)
            tenants.on_live(self._on_live)
            telephony.start(tenants)
            feeding = group.create_task(self.mail.feed(tenants), name="mail feeder")
            retrying = group.create_task(self.mail.retry(tenants), name="mail retries")
            log.info("live_work_goes_on", version=__version__, tenants=len(tenants.tenant_ids()))
            front = await self._load_front()
            await front.seed()
            group.create_task(front.run(), name="web")
            await front.started()
            _settle_memory()
            self.background.spawn(self.measures.watch_loop(self.clock), "loop lag")
            log.info("server_ready")
            await stop.wait()
            log.info("server_stops")
            feeding.cancel()
            retrying.cancel()
            await front.stop()
            await telephony.stop()
            await tenants.stop()
            writing.cancel()
            await self.background.stop()

    async def _load_front(self) -> "Front":
        """Configuration and web. Their import takes as long as all else together: the calls go on meanwhile."""
        await asyncio.to_thread(import_module, "cordboard.front")
        from cordboard import front

        built = front.build(
            front.Behind(
                self.settings,
                self.database,
                self.clock,
                self.codec,
                self.measures.registry,
                self.tenants,
                self.telephony,
            )
        )
        self.tenants.newer_config = built.newer
        self.listeners.add(built.on_batch)
        self.dispatch.ask_bot = built.web.webchat.ask_bot
        return built

    def _on_live(self, tenant_id: str) -> None:
        """Telephony learns the phones of a tenant that comes to life later."""
        self.background.spawn(self.phones.reprovision_all(tenant_id), f"phones of {tenant_id}")


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
