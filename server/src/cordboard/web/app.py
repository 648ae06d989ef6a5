"""Builds the web application from parts, in plain sight, top to bottom. `Web` is what `main` keeps of it."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, WebSocket
from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from cordboard import __version__
from cordboard.agents.endpoints import AgentEndpoints
from cordboard.blobs.store import BlobStore
from cordboard.channels.webchat.beginning import SecretOf
from cordboard.channels.webchat.wiring import PageParts, WebChat, WebChatSettings
from cordboard.chat.endpoints import ChatEndpoints
from cordboard.chat.repository import MessageRow
from cordboard.chat.service import ChatService, may_read
from cordboard.configuration.endpoints import ConfigurationEndpoints
from cordboard.configuration.service import Configuration
from cordboard.contacts.actions import ContactActions
from cordboard.contacts.endpoints import ContactEndpoints
from cordboard.contacts.schemas import ContactPage
from cordboard.contacts.service import ContactHistory
from cordboard.contacts.why import Reasons
from cordboard.core.config import TenantConfig
from cordboard.core.facts import Recorded
from cordboard.db.database import Database
from cordboard.desktop.endpoints import DesktopEndpoints
from cordboard.desktop.service import DesktopService
from cordboard.figures.days import FigureDays
from cordboard.figures.endpoints import FigureEndpoints
from cordboard.figures.service import FigureService
from cordboard.identity.endpoints import IdentityEndpoints
from cordboard.identity.passwords import Passwords
from cordboard.identity.rights import Session
from cordboard.identity.service import Sessions
from cordboard.index.projector import IndexMeasures, Projector
from cordboard.index.search import Search
from cordboard.knowledge.suggestions.process import WorkerEngine
from cordboard.live.hub import Hub
from cordboard.live.rows import ChatRow, iso
from cordboard.live.socket import live_endpoint
from cordboard.live.sources import Sources
from cordboard.live.tenant_feeds import CHAT_KEPT
from cordboard.mail.supervising import TestServer
from cordboard.mail.trying import TryServer
from cordboard.reach import Reach
from cordboard.retention.service import Retention
from cordboard.runtime.asking import LiveTenants, Switchboard
from cordboard.runtime.background import Background
from cordboard.runtime.clock import Clock
from cordboard.runtime.codec import Codec
from cordboard.runtime.history import History
from cordboard.runtime.ports import Batch, Telephony
from cordboard.scanning.scanners import Scanner
from cordboard.scanning.verdicts import Verdicts
from cordboard.search.endpoints import SearchEndpoints
from cordboard.search.service import SearchService
from cordboard.seats.accounts import PhoneAccounts
from cordboard.seats.endpoints import SeatEndpoints
from cordboard.seats.ice import IceServer, told
from cordboard.seats.service import SeatService, SipServer
from cordboard.web import channels, problems
from cordboard.web.configs import ConfigVersions
from cordboard.web.health import Check, HealthEndpoints
from cordboard.web.measures import Measured, WebMeasures
from cordboard.web.proxies import Network, Proxies
from cordboard.web.security import Security
from cordboard.web.sip_proxy import relay as relay_sip
from cordboard.web.sip_proxy import sip_endpoint
from cordboard.web.static import WebApplication
from cordboard.work.endpoints import WorkEndpoints
from cordboard.work.service import WorkService

API = "/api/v1"


async def no_secrets(tenant_id: str, name: str) -> str:
    """Where nothing can be sealed."""
    return ""


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What the web needs to know of the settings."""

    secret: str  # seals what must be read again (SIP passwords)
    dist: Path  # the built web application
    public_hosts: Sequence[str] = ()
    sip_host: str = ""  # where SIP telephones register; "" for the host that the browser uses
    sip_port: int = 5060
    ice_servers: Sequence[IceServer] = ()  # that browsers are told
    blobs: Path | None = None  # attachments; None: beside the web application (tests)
    webchat: WebChatSettings | None = None  # None: files and widget lie beside `dist`
    history_months: int = 12  # for which texts can be searched
    trusted_proxies: Sequence[Network] = ()  # whose word about their clients is believed

    @property
    def blob_folder(self) -> Path:
        return self.blobs or self.dist / "blobs"


@dataclass(frozen=True, slots=True)
class WebParts:
    """What `main` has made. `telephony` and `sip_websocket` are asked each time: Asterisk may come later."""

    settings: WebSettings
    db: Database
    clock: Clock
    codec: Codec
    tenants: LiveTenants
    configuration: Configuration
    passwords: Passwords
    telephony: Callable[[], Telephony | None]
    sip_websocket: Callable[[], str]
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    checks: Mapping[str, Check] = field(default_factory=dict)
    suggestion_engine: WorkerEngine | None = None  # None: this machine's, where it is installed
    secret_of: SecretOf = no_secrets  # (tenant, name) -> what was sealed under this name
    test_mail_server: TestServer | None = None
    try_mail_server: TryServer | None = None  # one that is not configured
    scanner: Scanner | None = None  # who looks at files for harmful content
    scan_failing_open: bool = False
    reach: Reach = field(default_factory=Reach)  # where bots may be asked


@dataclass(frozen=True, slots=True)
class Web:
    """`app` to be served; `on_batch` to be called after each commit; `start` in the loop, `stop` at the end."""

    app: FastAPI
    hub: Hub
    seats: SeatService
    sessions: Sessions
    phone_accounts: PhoneAccounts
    background: Background
    projector: Projector
    retention: Retention
    written: channels.Written
    tenant_ids: Callable[[], Sequence[str]]
    days_of_figures: Callable[[], Coroutine[Any, Any, None]]

    @property
    def webchat(self) -> WebChat:
        return self.written.webchat

    def on_batch(self, batch: Batch) -> None:
        self.written.on_batch(batch)
        self.projector.on_batch(batch)
        self.hub.on_batch(batch)
        self.seats.on_batch(batch)

    def start(self) -> None:
        self.background.spawn(self.hub.sweep(), "live sweep")
        self.background.spawn(self.written.webchat.folders.run(self.tenant_ids), "mails of chats")
        self.background.spawn(self.written.undecided.run(self.tenant_ids), "undecided mails")
        self.background.spawn(self.projector.run(), "list of contacts")
        self.background.spawn(self.retention.run(), "what is too old")
        self.background.spawn(self.days_of_figures(), "days of figures")
        self.background.spawn(self.written.verdicts.run(self.tenant_ids), "scans")

    async def stop(self) -> None:
        await self.background.stop()
        await self.written.engine.stop()


def create_web(parts: WebParts) -> Web:
    settings, db, clock = parts.settings, parts.db, parts.clock
    background = Background()
    switchboard = Switchboard(parts.tenants)
    history = History(db, parts.codec)
    configs = ConfigVersions(db)
    sessions = Sessions(db, clock, parts.passwords)
    accounts = PhoneAccounts(db, parts.telephony, clock, settings.secret)
    sip_server = SipServer(settings.sip_host, settings.sip_port)
    seats = SeatService(switchboard, accounts, background, sip_server, settings.ice_servers)
    chat = ChatService(db, switchboard, clock)
    measures = IndexMeasures(parts.registry)
    projector = Projector(db, parts.codec, switchboard.tenant_ids, switchboard.language_of, measures)
    contacts = ContactHistory(db, history, Reasons(history, configs.find), switchboard, projector.catch_up)
    written = channels.build(
        channels.Under(db, switchboard, history, clock, background, parts.codec, parts.tenants, projector),
        _choices(parts),
    )
    sources = _sources(history, switchboard, configs, chat, clock)
    hub = Hub(switchboard, sources, clock, background, written.transcripts)
    projector.on_changes(hub.on_index)
    chat.on_message(
        lambda tenant_id, row: hub.on_chat(tenant_id, _chat_row(row), lambda who: may_read(row, who))
    )
    sessions.on_end(seats.session_ended)
    sessions.on_end(hub.session_ended)
    figure_days = FigureDays(db, history, configs.all_of, clock)
    figures = FigureService(figure_days, clock)
    health = HealthEndpoints(db, parts.checks, parts.registry)
    routers = [
        IdentityEndpoints(sessions, seats.holds_seat).router(),
        SeatEndpoints(seats).router(),
        AgentEndpoints(switchboard).router(),
        DesktopEndpoints(DesktopService(db, switchboard, clock, _seat_of(seats))).router(),
        ContactActions(switchboard).router(),
        ContactEndpoints(contacts).router(),
        WorkEndpoints(WorkService(db, switchboard, Search(), projector.catch_up, clock)).router(),
        SearchEndpoints(SearchService(db, switchboard, Search(), projector.catch_up, clock)).router(),
        FigureEndpoints(figures, switchboard, _page_of(contacts), ContactPage).router(),
        ChatEndpoints(chat).router(),
        *written.routers,
        ConfigurationEndpoints(parts.configuration).router(),
        health.api_router(),
    ]
    app = create_app(routers, settings)
    app.state.sessions = sessions
    app.add_api_websocket_route(f"{API}/live", live_endpoint(hub, sessions, clock))
    app.add_api_route("/metrics", health.metrics, methods=["GET"], include_in_schema=False)
    _around(app, parts, written, WebMeasures(parts.registry, hub.sockets))
    retention = Retention(
        db, BlobStore(settings.blob_folder), switchboard.tenant_ids, settings.history_months, clock
    )
    ids = switchboard.tenant_ids

    def days() -> Coroutine[Any, Any, None]:
        return figure_days.run(ids, parts.tenants.config_of)

    return Web(app, hub, seats, sessions, accounts, background, projector, retention, written, ids, days)


def _around(app: FastAPI, parts: WebParts, written: channels.Written, measures: WebMeasures) -> None:
    """What stands before and beside the API; the pages come last, they answer everything else."""
    app.add_middleware(Measured, measures=measures, clock=parts.clock)
    app.add_api_websocket_route("/sip", sip_endpoint(parts.sip_websocket))
    written.webchat.install(app)
    written.webchat.guard(app)
    if parts.settings.trusted_proxies:
        app.add_middleware(Proxies, trusted=tuple(parts.settings.trusted_proxies))
    WebApplication(parts.settings.dist).install(app)


def _choices(parts: WebParts) -> channels.Choices:
    settings = parts.settings
    return channels.Choices(
        settings.blob_folder,
        settings.webchat or WebChatSettings(settings.blob_folder, settings.dist),
        parts.secret_of,
        parts.suggestion_engine,
        parts.test_mail_server,
        parts.try_mail_server,
        parts.reach,
        _pages(parts),
        Verdicts(
            parts.db,
            BlobStore(settings.blob_folder),
            parts.clock,
            parts.scanner,
            failing_open=parts.scan_failing_open,
        ),
    )


def _pages(parts: WebParts) -> PageParts:
    """Visitors' pages become lines by the same road as agents' browsers."""
    servers = parts.settings.ice_servers

    def ice(name: str, until: datetime) -> list[dict[str, object]]:
        return [server.model_dump() for server in told(name, until, servers)]

    async def relay(websocket: WebSocket, gate: Callable[[str], bool]) -> None:
        await relay_sip(websocket, parts.sip_websocket(), gate)

    return PageParts(parts.telephony, parts.settings.secret, ice, relay)


def _seat_of(seats: SeatService) -> Callable[[Session, str], Awaitable[Mapping[str, object] | None]]:
    async def seat_of(session: Session, host: str) -> Mapping[str, object] | None:
        held = await seats.present(session, host)
        return held.model_dump() if held else None

    return seat_of


def create_app(routers: Sequence[APIRouter], settings: WebSettings) -> FastAPI:
    """FastAPI with our errors and our security around the given routers."""
    app = FastAPI(
        title="Cordboard",
        version=__version__,
        description="The API of the contact centre. Errors are problem+json with a stable `code`.",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: f"{route.tags[0] if route.tags else 'web'}_{route.name}",
    )
    problems.install(app)
    app.add_middleware(Security, public_hosts=tuple(settings.public_hosts))
    for router in routers:
        app.include_router(router, prefix=API, responses=problems.RESPONSES)
    return app


def _sources(
    history: History, switchboard: Switchboard, configs: ConfigVersions, chat: ChatService, clock: Clock
) -> Sources:
    async def facts_since(tenant_id: str, since: datetime) -> Sequence[Recorded]:
        config: TenantConfig = switchboard.config(tenant_id)
        return await history.counted(tenant_id, since, clock.now(), list(config.agents))

    async def newest_chat(tenant_id: str, reader: str) -> Sequence[ChatRow]:
        return [_chat_row(row) for row in await chat.newest(tenant_id, reader, CHAT_KEPT)]

    return Sources(facts_since, configs.all_of, newest_chat)


def _chat_row(row: MessageRow) -> ChatRow:
    return ChatRow(str(row.id), row.from_id, row.from_name, row.to_id, row.text, iso(row.at))


def _page_of(contacts: ContactHistory) -> Callable[[str, list[int], str | None], Awaitable[BaseModel]]:
    async def page(tenant_id: str, contact_ids: list[int], following: str | None) -> BaseModel:
        return await contacts.page_of(tenant_id, contact_ids, following)

    return page
