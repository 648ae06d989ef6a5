"""The mail process: what `cordboard mail` runs. Builds the mail room from the settings and the published configurations.

A process of its own because mail is large, hostile and late, and calls can not wait. It meets the server in the database only.
"""

import asyncio
import gc
import hashlib
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from cordboard import __version__, logs
from cordboard.blobs.store import BlobStore
from cordboard.channels.email.demo_post import DemoPost
from cordboard.channels.email.door import DoorAddress, DoorTls, base_address
from cordboard.channels.email.inboxes import InboxSettings, Server
from cordboard.channels.email.mailroom import Mailroom, MailroomSettings
from cordboard.configuration import repository
from cordboard.configuration.compiled import read_text
from cordboard.configuration.nodes import DocumentWrong
from cordboard.core.config import Inbox, MailServer, TenantConfig
from cordboard.core.words import MailProtocol, MailSecurity, MailSignIn
from cordboard.db.database import OUTAGES, Database
from cordboard.runtime.clock import SystemClock
from cordboard.secrets import Secrets
from cordboard.settings import Settings

log = structlog.get_logger(__name__)

DEMO_HOST = "demo-mail"
"""The name by which a configuration means the demo centre's own mail server, wherever its ports are."""
DEMO_PASSWORD = "demo"  # noqa: S105  known to everybody: it is for playing
AGAIN_AFTER_SECONDS = 1.0

_TENANTS = "SELECT id FROM tenant ORDER BY id"
_VERSION = """
SELECT (SELECT max(version) FROM config_version) AS version,
       (SELECT coalesce(max(changed_at), 'epoch') || ' ' || count(*) FROM secret) AS secrets
"""


def serve(settings: Settings) -> None:
    """Until SIGTERM or SIGINT."""
    logs.set_up(settings.log_format, settings.log_level)
    asyncio.run(_run(settings))


def token_key(settings: Settings) -> bytes:
    """Signs our thread tokens: the same as long as the centre keeps its secret."""
    return hashlib.sha256(b"mail tokens:" + settings.session_secret.get_secret_value().encode()).digest()


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    work = asyncio.create_task(_work(settings))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not work.done():
        log.info("mail_stops")
        work.cancel()
    await asyncio.gather(work, return_exceptions=stop.is_set())


async def _work(settings: Settings) -> None:
    database = await _connect(settings)
    door = DoorAddress(
        settings.mail_host, settings.mail_smtp_port, settings.mail_lmtp_port, _door_tls(settings)
    )
    room = Mailroom(
        MailroomSettings(token_key(settings), door, settings.mail_workers, settings.mail_trusted_filter),
        database,
        BlobStore(settings.data_dir / "blobs"),
        SystemClock(),
        PublishedInboxes(settings, database).all,
    )
    post = DemoPost(settings.demo_smtp_port, _ways(settings, room)) if settings.demo else None
    log.info("mail_begins", version=__version__)
    gc.freeze()
    try:
        if post is not None:
            await post.start()
        await room.run()
    finally:
        if post is not None:
            await post.stop()
        await database.close()


def _door_tls(settings: Settings) -> DoorTls | None:
    """With the certificate of the web, unless mail has one of its own."""
    if settings.mail_starttls == "off":
        return None
    chain = settings.mail_certificate or settings.certificate_file
    key = settings.mail_certificate_key or settings.certificate_key_file
    return DoorTls(chain, key, required=settings.mail_starttls == "required")


def _ways(settings: Settings, room: Mailroom) -> Callable[[str], int]:
    """By which LMTP the demo's post reaches an address: ours for an inbox that is delivered to, else the mailbox.

    `nobody@` has none: ours, which knows no such address, refuses it.
    """

    def way(address: str) -> int:
        inbox = room.find(address.lower()) or room.find(base_address(address))
        delivered = inbox is not None and inbox.receive is None
        return (
            settings.mail_lmtp_port
            if delivered or address.lower().startswith("nobody@")
            else settings.demo_lmtp_port
        )

    return way


async def _connect(settings: Settings) -> Database:
    """Waits for the database: it may be starting, or on its way back."""
    while True:
        try:
            database = await Database.connect(settings.database_dsn, size=6)
            async with database.plain() as connection:
                if not await connection.fetchval("SELECT to_regclass('public.outbox') IS NULL"):
                    return database
            await database.close()
        except OUTAGES as error:
            log.warning("database_away", error=type(error).__name__)
        await asyncio.sleep(AGAIN_AFTER_SECONDS)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read last of a tenant: its version, when its secrets changed, its inboxes."""

    version: int
    secrets: str
    inboxes: list[InboxSettings]


class PublishedInboxes:
    """The inboxes of all tenants, as their newest configurations and their secrets say. A document is read once."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self._database = database
        self._secrets = Secrets(database, settings.session_secret.get_secret_value())
        self._known: dict[str, _Read] = {}

    async def all(self) -> Sequence[InboxSettings]:
        async with self._database.plain() as connection:
            tenants = [row["id"] for row in await connection.fetch(_TENANTS)]
        found: list[InboxSettings] = []
        for tenant_id in tenants:
            found += await self._of(tenant_id)
        return found

    async def _of(self, tenant_id: str) -> list[InboxSettings]:
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(_VERSION)
            known = self._known.get(tenant_id)
            if row is None or row["version"] is None:
                return []
            if known is not None and (known.version, known.secrets) == (row["version"], row["secrets"]):
                return known.inboxes
            newest = await repository.find_newest(connection)
        assert newest is not None
        try:
            config = (await asyncio.to_thread(read_text, newest.document, newest.version)).config
        except DocumentWrong:
            log.exception("configuration_not_readable", tenant=tenant_id, version=newest.version)
            return known.inboxes if known else []
        inboxes = [await self._inbox(tenant_id, config, inbox) for inbox in config.inboxes.values()]
        self._known[tenant_id] = _Read(newest.version, row["secrets"], inboxes)
        return inboxes

    async def _inbox(self, tenant_id: str, config: TenantConfig, inbox: Inbox) -> InboxSettings:
        entry = config.entry_points[inbox.id]
        languages = {config.language, entry.language, *(agent.language for agent in config.agents.values())}
        return InboxSettings(
            tenant_id,
            inbox.id,
            entry.address,
            receive=None if inbox.receive is None else await self._open(tenant_id, inbox.receive),
            send=self._relay() if inbox.send is None else await self._open(tenant_id, inbox.send),
            from_name=inbox.from_name,
            rate=inbox.rate,
            languages=tuple(sorted(languages)),
            ocr=config.options.ocr,
            language=entry.language,
            thread_days=inbox.thread_days,
            sent_folder=inbox.sent_folder,
        )

    async def _open(self, tenant_id: str, server: MailServer) -> Server:
        """With its secret."""
        secret = await self._secrets.get(tenant_id, server.secret) if server.secret else ""
        made = self._server(server)
        return replace(made, secret=secret) if secret else made

    def _server(self, server: MailServer) -> Server:
        made = Server(
            server.protocol,
            server.host,
            server.port,
            server.security,
            server.user,
            "",
            server.sign_in,
            server.folder,
            server.after,
            server.move_to,
            server.folders,
            server.start,
        )
        if server.host != DEMO_HOST:
            return made
        ports = {
            MailProtocol.IMAP: self.settings.demo_imap_port,
            MailProtocol.POP3: self.settings.demo_pop3_port,
            MailProtocol.SMTP: self.settings.demo_smtp_port,
        }
        here = replace(made, host="127.0.0.1", port=ports[server.protocol], security=MailSecurity.NONE)
        if server.protocol == MailProtocol.SMTP:
            return replace(here, sign_in=MailSignIn.NONE)
        return replace(here, secret=DEMO_PASSWORD, sign_in=MailSignIn.PASSWORD)

    def _relay(self) -> Server | None:
        settings = self.settings
        if not settings.mail_relay_host:
            demo = MailServer(DEMO_HOST, protocol=MailProtocol.SMTP)
            return self._server(demo) if settings.demo else None
        sign_in = MailSignIn.PASSWORD if settings.mail_relay_user else MailSignIn.NONE
        return Server(
            MailProtocol.SMTP,
            settings.mail_relay_host,
            settings.mail_relay_port,
            MailSecurity(settings.mail_relay_security),
            settings.mail_relay_user,
            settings.mail_relay_password.get_secret_value(),
            sign_in,
        )
