"""Web chat put together. `on_batch` after each commit; `ask_bot` is what the runtime's dispatch performs."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI

from cordboard.attachments.store import ChatFiles
from cordboard.channels.webchat import page_lines
from cordboard.channels.webchat.beginning import Beginning, SecretOf
from cordboard.channels.webchat.bots import Bots
from cordboard.channels.webchat.continuing import Continuing
from cordboard.channels.webchat.door import PREFIX, VisitorDoor
from cordboard.channels.webchat.endpoints import VisitorEndpoints
from cordboard.channels.webchat.folders import Folders
from cordboard.channels.webchat.limits import Rate
from cordboard.channels.webchat.page_calls import IceFor, PageCalls, Relay
from cordboard.channels.webchat.page_lines import PageLines, PageTelephony
from cordboard.channels.webchat.pages import DemoShop, WidgetFiles
from cordboard.channels.webchat.rooms import Rooms
from cordboard.channels.webchat.sessions import VisitorSessions
from cordboard.channels.webchat.sockets import Pollers
from cordboard.channels.webchat.visitors import Visitors
from cordboard.core.conversation.commands import AskBot
from cordboard.db.database import Database
from cordboard.reach import Reach
from cordboard.runtime.asking import LiveTenants, Switchboard
from cordboard.runtime.background import Background
from cordboard.runtime.clock import Clock
from cordboard.runtime.codec import Codec
from cordboard.runtime.ports import Batch
from cordboard.runtime.transcripts import Transcripts
from cordboard.scanning.verdicts import Verdicts


@dataclass(frozen=True, slots=True)
class WebChatSettings:
    """`widget`: the folder of the built widget. `sessions_per_minute`: that may begin from one address."""

    blobs: Path
    widget: Path
    demo: bool = False
    sessions_per_minute: int = 30


@dataclass(frozen=True, slots=True)
class PageParts:
    """What a visitor's page needs to become a telephone line. `secret` makes its accounts."""

    telephony: Callable[[], PageTelephony | None]
    secret: str
    ice: IceFor
    relay: Relay


@dataclass(frozen=True, slots=True)
class WebChatParts:
    database: Database
    tenants: LiveTenants
    transcripts: Transcripts
    clock: Clock
    codec: Codec
    background: Background
    secret_of: SecretOf
    reach: Reach
    page: PageParts
    verdicts: Verdicts


class WebChat:
    """One for the server."""

    def __init__(self, settings: WebChatSettings, parts: WebChatParts) -> None:
        switchboard = Switchboard(parts.tenants)
        sessions = VisitorSessions(parts.database)
        self.files = ChatFiles(parts.database, parts.verdicts.store, parts.verdicts)
        self.rooms = Rooms(switchboard, parts.transcripts, parts.clock, _later)
        outside = (parts.reach, parts.secret_of)
        self._bots = Bots(switchboard, parts.transcripts, parts.clock, parts.background, outside)
        self._tenants = parts.tenants
        rate = Rate(settings.sessions_per_minute, settings.sessions_per_minute / 60)
        self.folders = Folders(parts.database, parts.codec, parts.tenants, parts.clock)
        continuing = Continuing(
            parts.tenants, parts.transcripts, sessions, self.folders, self.rooms, parts.clock
        )
        page, background = parts.page, parts.background
        self._lines = PageLines(switchboard, page.telephony, page.secret, _later_in(background))
        self.calls = PageCalls(switchboard, sessions, self._lines, parts.clock, page.ice, page.relay)
        visitors = Visitors(
            switchboard, parts.transcripts, sessions, self.files, continuing, parts.clock, self._lines
        )
        self.endpoints = VisitorEndpoints(
            switchboard,
            parts.transcripts,
            sessions,
            self.files,
            Beginning(parts.tenants, sessions, parts.clock, parts.secret_of, rate),
            visitors,
            self.rooms,
            Pollers(self.rooms, _later),
            parts.clock,
            settings.widget / "words.json",
        )
        self._pages: list[WidgetFiles | DemoShop] = [WidgetFiles(settings.widget)]
        if settings.demo:
            self._pages.append(DemoShop())

    def install(self, app: FastAPI) -> None:
        """Adds what is no part of the API's own routes: the socket, the widget's files, the demo shop."""
        app.add_api_websocket_route(f"{PREFIX}socket", self.endpoints.socket)
        app.add_api_websocket_route(f"{PREFIX}sip", self.calls.sip)
        for page in self._pages:
            page.install(app)

    def guard(self, app: FastAPI) -> None:
        """Around everything else, so that errors too can be read by the pages that may."""
        app.add_middleware(VisitorDoor, tenants=self._tenants)

    def on_batch(self, batch: Batch) -> None:
        """After the transcripts have taken it over."""
        self.rooms.on_batch(batch)
        self.folders.on_batch(batch)
        self._lines.on_batch(batch)

    def ask_bot(self, tenant_id: str, command: AskBot) -> None:
        self._bots.ask(tenant_id, command)


def _later(seconds: float, call: Callable[[], None]) -> object:
    return asyncio.get_running_loop().call_later(seconds, call)


def _later_in(background: Background) -> page_lines.Later:
    def later(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        async def wait_and_do() -> None:
            await asyncio.sleep(seconds)
            await work()

        background.spawn(wait_and_do(), "page line")

    return later
