"""All live sockets and the feeds of their tenants.

After each committed batch the feeds of its tenant follow it. The hub also tells the core which desktops are connected, ends
the sockets of sessions that have ended or whose seat was taken over, and makes good what a restart of the core has forgotten.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from cordboard.core.events import DesktopConnected, DesktopDisconnected
from cordboard.db.database import OUTAGES
from cordboard.identity.rights import Permission, Session
from cordboard.index.items import Ref
from cordboard.index.projector import Change
from cordboard.live import talks
from cordboard.live.feed import Listener
from cordboard.live.lists import TenantLists
from cordboard.live.rows import ChatRow
from cordboard.live.sources import Sources
from cordboard.live.talks import TalkFeeds
from cordboard.live.tenant_feeds import TenantFeeds
from cordboard.live.today import WARM_UP, Today
from cordboard.runtime.asking import Switchboard, TenantAway
from cordboard.runtime.background import Background
from cordboard.runtime.clock import Clock
from cordboard.runtime.ports import Batch
from cordboard.runtime.transcripts import Transcripts

log = structlog.get_logger()

TOPICS: dict[str, Permission] = {
    "me": Permission.DESKTOP_USE,
    "figures": Permission.DESKTOP_USE,
    "colleagues": Permission.COLLEAGUES_WATCH,
    "queues": Permission.QUEUES_WATCH,
    "chat": Permission.CHAT_USE,
    "work": Permission.CONTACTS_READ_OWN,
    "viewers": Permission.CONTACTS_READ_OWN,
}
LISTS = ("work", "viewers")
SWEEP_EVERY_SECONDS = 5.0


class Socket(Protocol):
    """A live socket as the hub sees it."""

    session: Session
    desktop_id: str  # as the core knows it; "" until the page has said that it is a desktop
    connected: bool  # whether the core has been told

    def close(self, reason: str) -> None: ...


@dataclass(slots=True)
class _Tenant:
    """`feeds` is there once today's figures are loaded; what happens until then waits in `backlog`."""

    sockets: set[Socket] = field(default_factory=set)
    feeds: TenantFeeds | None = None
    today: Today | None = None
    backlog: list[Batch] = field(default_factory=list)
    loading: asyncio.Lock = field(default_factory=asyncio.Lock)
    lists: TenantLists | None = None


def audience_of(topic: str, session: Session) -> str:
    if topic in ("me", "figures"):
        return session.agent_id or ""
    if topic == "chat":
        return session.agent_id or session.person_id
    if topic == "work":
        return "" if session.may(Permission.CONTACTS_READ) else session.agent_id or "-"
    return ""


class Hub:
    def __init__(
        self,
        switchboard: Switchboard,
        sources: Sources,
        clock: Clock,
        background: Background,
        transcripts: Transcripts,
    ) -> None:
        self._switchboard = switchboard
        self._sources = sources
        self._clock = clock
        self._background = background
        self._tenants: dict[str, _Tenant] = {}
        self._talks = TalkFeeds(switchboard, transcripts, clock.now, clock.monotonic, _later)

    # -- sockets

    def enter(self, socket: Socket) -> None:
        self._tenants.setdefault(socket.session.tenant_id, _Tenant()).sockets.add(socket)

    def leave(self, socket: Socket) -> None:
        tenant = self._tenants.get(socket.session.tenant_id)
        if tenant is not None:
            tenant.sockets.discard(socket)
            self.look(socket, 0)
        if socket.connected and socket.session.agent_id:
            event = DesktopDisconnected(socket.session.agent_id, socket.desktop_id)
            self._switchboard.post(socket.session.tenant_id, event)

    async def subscribe(self, socket: Socket, listener: Listener, topic: str) -> Callable[[], str]:
        """Prepares; the returned function joins and gives the snapshot, to be called without an await in between."""
        tenant_id = socket.session.tenant_id
        contact_id = talks.contact_of(topic)
        if contact_id:
            feeds_of_chats = self._talks
            self._switchboard.state(tenant_id)  # raises TenantAway
            transcript = await feeds_of_chats.prepare(tenant_id, contact_id)
            return lambda: feeds_of_chats.join(socket.session, transcript, listener)
        if topic in LISTS:
            lists, reader = self._lists(tenant_id), audience_of(topic, socket.session)
            return lambda: lists.join(topic, reader, listener, self._clock.now())
        feeds = await self._feeds(tenant_id)
        audience = audience_of(topic, socket.session)
        chat = []
        if topic == "chat" and not feeds.has(topic, audience):
            chat = list(await self._sources.chat(tenant_id, audience))
        return lambda: feeds.join(topic, audience, listener, self._clock.now(), chat)

    def unsubscribe(self, socket: Socket, listener: Listener, topic: str) -> None:
        tenant = self._tenants.get(socket.session.tenant_id)
        contact_id = talks.contact_of(topic)
        if contact_id:
            self._talks.leave(socket.session, contact_id, listener)
        elif topic in LISTS:
            self._lists(socket.session.tenant_id).leave(topic, audience_of(topic, socket.session), listener)
        elif tenant is not None and tenant.feeds is not None:
            tenant.feeds.leave(topic, audience_of(topic, socket.session), listener)

    def may_listen(self, session: Session, topic: str) -> bool:
        contact_id = talks.contact_of(topic)
        if contact_id:
            return talks.may_see(session, self._switchboard.find_state(session.tenant_id), contact_id)
        return session.may(TOPICS[topic])

    def typing(self, socket: Socket, contact_id: int, on: bool) -> None:
        self._talks.typing(socket.session, contact_id, on)

    def look(self, socket: Socket, contact_id: int) -> None:
        """The page of this socket shows this contact now; 0: none."""
        session = socket.session
        person = Ref(session.agent_id or session.person_id, session.name)
        self._lists(session.tenant_id).look(socket, contact_id, person, self._clock.now())

    def _lists(self, tenant_id: str) -> TenantLists:
        tenant = self._tenants.setdefault(tenant_id, _Tenant())
        if tenant.lists is None:
            later = asyncio.get_running_loop().call_later
            tenant.lists = TenantLists(
                lambda: self._switchboard.find_config(tenant_id), self._clock.monotonic, later
            )
        return tenant.lists

    def sockets(self) -> int:
        return sum(len(tenant.sockets) for tenant in self._tenants.values())

    # -- what happens

    def on_batch(self, batch: Batch) -> None:
        self._talks.on_batch(batch)
        tenant = self._tenants.get(batch.tenant_id)
        if tenant is None:
            return
        if tenant.feeds is None:
            if tenant.loading.locked():
                tenant.backlog.append(batch)
            return
        touched = tenant.feeds.on_batch(batch)
        if touched.moved or touched.everything:
            self._follow_seats(tenant)

    def on_index(self, tenant_id: str, changes: Sequence[Change]) -> None:
        """Rows of the list of contacts have changed."""
        tenant = self._tenants.get(tenant_id)
        if tenant is not None and tenant.lists is not None:
            tenant.lists.on_changes(changes, self._clock.now())

    def on_chat(self, tenant_id: str, row: ChatRow, readers: Callable[[str], bool]) -> None:
        tenant = self._tenants.get(tenant_id)
        if tenant is not None and tenant.feeds is not None:
            tenant.feeds.say(row, readers, self._clock.now())

    def session_ended(self, session: Session, session_id: str) -> None:
        for tenant in self._tenants.values():
            for socket in [each for each in tenant.sockets if each.session.id == session_id]:
                socket.close("logged_out" if session.id == session_id else "session_ended")

    def desktop_announced(self, socket: Socket) -> None:
        """The page of this socket has said that it is a desktop."""
        tenant = self._tenants.get(socket.session.tenant_id)
        if tenant is not None:
            self._follow_seat(socket)

    def _follow_seats(self, tenant: _Tenant) -> None:
        for socket in list(tenant.sockets):
            self._follow_seat(socket)

    def _follow_seat(self, socket: Socket) -> None:
        """Tells the core of desktops whose session holds the seat; ends those whose seat another login has taken."""
        session = socket.session
        state = self._switchboard.find_state(session.tenant_id)
        agent = state.agents.get(session.agent_id or "") if state else None
        if agent is None or agent.seat is None or not socket.desktop_id:
            socket.connected = socket.connected and agent is not None and agent.seat is not None
            return
        if agent.login_id == session.id:
            if socket.desktop_id not in agent.desktops:
                socket.connected = True
                self._switchboard.post(session.tenant_id, DesktopConnected(agent.id, socket.desktop_id))
        elif socket.connected:
            socket.close("taken_over")

    async def sweep(self) -> None:
        """Every few seconds: what no event tells. Runs until it is cancelled."""
        while True:
            await asyncio.sleep(SWEEP_EVERY_SECONDS)
            for tenant_id, tenant in list(self._tenants.items()):
                try:
                    self._sweep_tenant(tenant)
                except Exception:
                    log.exception("sweep_failed", tenant_id=tenant_id)

    def _sweep_tenant(self, tenant: _Tenant) -> None:
        now = self._clock.now()
        self._follow_seats(tenant)
        for socket in [each for each in tenant.sockets if each.session.expires_at <= now]:
            socket.close("session_ended")
        if tenant.feeds is not None:
            tenant.feeds.roll(now)

    # -- a tenant's feeds

    async def _feeds(self, tenant_id: str) -> TenantFeeds:
        tenant = self._tenants.setdefault(tenant_id, _Tenant())
        async with tenant.loading:
            if tenant.feeds is None:
                await self._load(tenant_id, tenant)
        assert tenant.feeds is not None
        return tenant.feeds

    async def _load(self, tenant_id: str, tenant: _Tenant) -> None:
        """Folds today's facts so far, then what has happened meanwhile."""
        config = self._switchboard.config(tenant_id)
        now = self._clock.now()
        tenant.backlog.clear()
        try:
            today = Today(await self._sources.configs(tenant_id, config), now, config.time_zone)
            today.apply(await self._sources.facts_since(tenant_id, today.since - WARM_UP))
        except OUTAGES as error:
            log.warning("live_waits_for_database", tenant_id=tenant_id, error=type(error).__name__)
            raise TenantAway from error
        for batch in tenant.backlog:
            today.apply(batch.recorded)
        tenant.backlog.clear()
        tenant.today = today
        loop = asyncio.get_running_loop()
        tenant.feeds = TenantFeeds(
            lambda: self._switchboard.find_state(tenant_id), today, self._clock.monotonic, loop.call_later
        )


def _later(seconds: float, call: Callable[[], None]) -> object:
    return asyncio.get_running_loop().call_later(seconds, call)
