"""The second half of the composition root: configuration and web, on top of the live work that `main` has built.

A module of its own because its imports take as long as everything else at a start together: after a crash the calls are
looked after first, while this is being loaded.
"""

from dataclasses import dataclass, replace
from functools import partial

from prometheus_client import CollectorRegistry

from cordboard import demo
from cordboard.channels.asterisk.wiring import AsteriskTelephony
from cordboard.channels.email.inboxes import Server as MailServer
from cordboard.channels.email.trial import ServerTrial
from cordboard.channels.webchat.wiring import WebChatSettings
from cordboard.configuration.people import IdentityLogins
from cordboard.configuration.service import Configuration
from cordboard.core.config import TenantConfig
from cordboard.core.words import MailProtocol, MailSecurity, MailSignIn
from cordboard.db.database import Database
from cordboard.demo import library, orders
from cordboard.errors import Unavailable
from cordboard.identity.passwords import Passwords
from cordboard.reach import Reach
from cordboard.runtime.clock import Clock
from cordboard.runtime.codec import Codec
from cordboard.runtime.journal import JournalState
from cordboard.runtime.ports import Batch
from cordboard.runtime.tenants import HostedTenants
from cordboard.scanning.scanners import scanner_of
from cordboard.seats.ice import IceServer
from cordboard.secrets import Secrets
from cordboard.settings import IceServer as IceServerSetting
from cordboard.settings import Settings
from cordboard.web.app import Web, WebParts, WebSettings, create_web
from cordboard.web.server import Listening, WebServer


class PortTaken(Unavailable):
    """A port of the web is taken by another program, or may not be opened by this user."""

    code = "port_taken"


@dataclass(frozen=True, slots=True)
class Behind:
    """The live work, and what it shares with the front."""

    settings: Settings
    database: Database
    clock: Clock
    codec: Codec
    registry: CollectorRegistry
    tenants: HostedTenants
    telephony: AsteriskTelephony


@dataclass(frozen=True, slots=True)
class Front:
    """What people and programs reach over the web, and the configuration that they change there."""

    settings: Settings
    database: Database
    clock: Clock
    configuration: Configuration
    passwords: Passwords
    web: Web
    port: WebServer

    async def newer(self, tenant_id: str, version: int) -> TenantConfig | None:
        """What was published while no server ran."""
        return await self.configuration.newer(tenant_id, version)

    def on_batch(self, batch: Batch) -> None:
        self.web.on_batch(batch)

    async def run(self) -> None:
        """Serves until `stop`. The ports have been opened when it was built."""
        self.web.start()
        await self.port.run()

    async def started(self) -> None:
        """Returns when all ports answer."""
        await self.port.started()

    async def seed(self) -> None:
        """The demo centre, in an empty database."""
        if self.settings.demo:
            await demo.seed(self.configuration, self.settings.data_dir / "logins.json")
            await library.seed(self.database, demo.TENANT_ID, self.clock.now())
            await orders.seed(self.database, demo.TENANT_ID, self.clock.now())

    async def stop(self) -> None:
        self.port.stop()
        await self.web.stop()
        self.passwords.close()


def build(behind: Behind) -> Front:
    """Builds the front and opens its ports; raises PortTaken."""
    settings, tenants, telephony = behind.settings, behind.tenants, behind.telephony
    passwords = Passwords()
    logins = IdentityLogins(behind.database, passwords, behind.clock)
    configuration = Configuration(behind.database, behind.clock, logins.save, logins.owners, tenants)
    secrets = Secrets(behind.database, settings.session_secret.get_secret_value())
    reach = Reach(settings.reachable_networks)
    trial = ServerTrial(secrets.get, behind.clock, partial(_located, settings), reach)
    web = create_web(
        WebParts(
            _web_settings(settings),
            behind.database,
            behind.clock,
            behind.codec,
            tenants,
            configuration,
            passwords,
            lambda: telephony,
            lambda: f"ws://{settings.ari_host}:{settings.ari_port}/ws",
            behind.registry,
            {
                "journal": lambda: _word(tenants.journal_state),
                "telephony": lambda: "ok" if telephony.connected else "away",
            },
            secret_of=secrets.get,
            reach=reach,
            test_mail_server=trial.test,
            try_mail_server=trial.try_typed,
            scanner=scanner_of(settings.scan, settings.scan_seconds),
            scan_failing_open=settings.scan_failing == "open",
        )
    )
    listening = Listening(
        settings.host,
        settings.https_port,
        settings.http_port,
        settings.certificate_file,
        settings.certificate_key_file,
    )
    try:
        port = WebServer(web.app, listening)
    except OSError as error:
        ports = f"{settings.https_port} (HTTPS) or {settings.http_port} (HTTP)"
        raise PortTaken(f"Port {ports} of the web can not be opened: {error.strerror}.") from error
    return Front(settings, behind.database, behind.clock, configuration, passwords, web, port)


def _web_settings(settings: Settings) -> WebSettings:
    return WebSettings(
        settings.session_secret.get_secret_value(),
        settings.web_dist,
        settings.public_hosts,
        settings.external_address or "",
        settings.sip_port,
        [_ice_server(server) for server in settings.ice_servers],
        settings.data_dir / "blobs",
        WebChatSettings(
            settings.data_dir / "blobs",
            settings.widget_dist,
            settings.demo,
            settings.chats_per_minute,
        ),
        settings.history_months,
        trusted_proxies=settings.trusted_proxies,
    )


def _located(settings: Settings, server: MailServer) -> MailServer:
    """The demo centre's own mail server has a name in its configuration, and its ports wherever it runs."""
    if server.host != "demo-mail":
        return server
    ports = {
        MailProtocol.IMAP: settings.demo_imap_port,
        MailProtocol.POP3: settings.demo_pop3_port,
        MailProtocol.SMTP: settings.demo_smtp_port,
    }
    sign_in = MailSignIn.NONE if server.protocol is MailProtocol.SMTP else MailSignIn.PASSWORD
    here = replace(server, host="127.0.0.1", port=ports[server.protocol], security=MailSecurity.NONE)
    return replace(here, secret="demo", sign_in=sign_in)  # noqa: S106  known to everybody: it is for playing


def _ice_server(given: IceServerSetting) -> IceServer:
    return IceServer(
        tuple(given.urls), given.username, given.password.get_secret_value(), given.secret.get_secret_value()
    )


def _word(state: JournalState) -> str:
    return "ok" if state is JournalState.COMMITTING else state.value
