"""The adapter put together: starts, stops, reconnects, reconciles. Implements `runtime.ports.Telephony`.

**Live** means: all connections stand, and every tenant has been told what Asterisk has. Until then Asterisk's events are
kept back (what they tell is in the lists, or comes after it), and commands are kept and performed first when it is reached.
A tenant that becomes live here later (a lease taken over) is told when it is there.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import structlog

from cordboard.channels.asterisk import endpoints as sip
from cordboard.channels.asterisk.client import AriAddress, Took
from cordboard.channels.asterisk.conf import APOLOGY_CONTEXT
from cordboard.channels.asterisk.door import UNALLOCATED_NUMBER, Door
from cordboard.channels.asterisk.endpoints import Endpoints, PhoneAccount, TrunkPeer
from cordboard.channels.asterisk.guard import EXEMPT, Guard
from cordboard.channels.asterisk.lanes import LANES, MAIN, PHONES, Lanes
from cordboard.channels.asterisk.lines import Lines
from cordboard.channels.asterisk.owners import KnownOwners
from cordboard.channels.asterisk.perform import Performer
from cordboard.channels.asterisk.reconcile import (
    list_bridges,
    list_channels,
    remove_line,
    running_playbacks,
    take_channels,
    take_rooms,
)
from cordboard.channels.asterisk.sounds import SoundLibrary
from cordboard.channels.asterisk.translate import (
    EVENT_TYPES,
    PHONE_EVENT_TYPES,
    Happened,
    Unclaimed,
    translate,
)
from cordboard.channels.asterisk.wire import AriChannel, Message, decode_endpoints
from cordboard.core.commands import TelephonyCommand
from cordboard.core.config import TenantConfig
from cordboard.core.events import (
    CallArrived,
    Event,
    LineAnswered,
    LineEnded,
    LinesReconciled,
    PhoneDialled,
    PhoneReached,
    PhoneUnreached,
    PlaybackEnded,
    TelephonyLost,
)
from cordboard.errors import Unavailable
from cordboard.runtime.ports import Inbox, Tenants

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.25
KEPT_COMMANDS = 20_000


@dataclass(frozen=True, slots=True)
class AsteriskSettings:
    """`security_log`, `memory`: files beside Asterisk, if it runs on this host. `memory` keeps when it was started last."""

    address: AriAddress
    sound_folders: Sequence[Path]
    trunks: Sequence[TrunkPeer] = ()
    security_log: Path | None = None
    memory: Path | None = None
    lanes: int = LANES


class _Started(msgspec.Struct):
    startup_time: str = ""


class _Info(msgspec.Struct):
    status: _Started = msgspec.field(default_factory=_Started)


@dataclass(slots=True)
class _Told:
    """Which inbox of a tenant knows what Asterisk has; a new inbox (a lease taken again) must be told anew."""

    inboxes: dict[str, Inbox] = field(default_factory=dict)


class AsteriskTelephony:
    """One for the server. `start` once `tenants` exist; `stop` leaves all calls as they are."""

    def __init__(self, settings: AsteriskSettings, took: Took = lambda _: None) -> None:
        """`took` is told how long Asterisk has taken for each request."""
        self._settings = settings
        self._lines = Lines(settings.lanes)
        self._endpoints = Endpoints(settings.trunks)
        self._lanes = Lanes(settings.address, self._take, self._reached, self._lost, settings.lanes, took)
        self._sounds = SoundLibrary(settings.sound_folders)
        self._guard = Guard(
            settings.security_log, self._block, self._unblock, EXEMPT | _addresses(settings.trunks)
        )
        self._performer = Performer(
            self._lanes, self._lines, self._endpoints, self._sounds, self._config_of, self._post
        )
        self._tenants: Tenants | None = None
        self._owners: KnownOwners | None = None
        self._tasks: asyncio.Task[None] | None = None
        self._live = False
        self._lost_since_live = True
        self._events: deque[Message] = deque()
        self._commands: deque[tuple[str, TelephonyCommand]] = deque(maxlen=KEPT_COMMANDS)
        self._told = _Told()
        self._startup_time = ""
        self._door = Door(self._understand, self._refuse, self._apologise)

    # -- life

    @property
    def connected(self) -> bool:
        return self._live

    @property
    def line_count(self) -> int:
        """Lines that exist at present, as far as is known."""
        return len(self._lines.by_id)

    def start(self, tenants: Tenants) -> None:
        self._tenants = tenants
        self._owners = KnownOwners(tenants, self._lines, self._endpoints, self._settings.trunks)
        self._door.started()
        self._startup_time = self._remembered()
        self._tasks = asyncio.create_task(self._run(), name="asterisk")

    async def stop(self) -> None:
        if self._tasks is not None:
            self._tasks.cancel()
            await asyncio.wait([self._tasks])
            self._tasks = None
        self._live = False

    def drop_connections(self) -> None:
        """Cuts the connections to Asterisk; they come back by themselves. (For tests of exactly that.)"""
        self._lanes.drop()

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._lanes.run())
            group.create_task(self._look_around())
            group.create_task(self._guard.run())

    # -- Telephony

    def perform(self, tenant_id: str, command: TelephonyCommand) -> None:
        if self._live:
            self._performer.perform(tenant_id, command)
        else:
            self._commands.append((tenant_id, command))

    async def provision_phone(
        self, tenant_id: str, agent_id: str, username: str, password: str, browser: bool
    ) -> None:
        requests = self._lanes if self._live else None
        await self._endpoints.add_phone(
            requests, PhoneAccount(tenant_id, agent_id, username, password, browser)
        )
        if requests is not None:
            await self._watch([username])
            await self._tell_phones(tenant_id, username)

    async def provision_page(self, tenant_id: str, username: str, password: str) -> None:
        requests = self._lanes if self._live else None
        await self._endpoints.add_page(requests, PhoneAccount(tenant_id, "", username, password))

    async def revoke_phone(self, username: str) -> None:
        await self._endpoints.remove_phone(self._lanes if self._live else None, username)

    # -- (re)connection

    async def _reached(self) -> None:
        """All connections stand. Ends live."""
        await self._filter_events()
        restarted = await self._was_restarted()
        if restarted:
            self._lines.clear()
        await self._endpoints.reconcile(self._lanes)
        await self._guard.again()
        await self._watch([phone.username for phone in self._endpoints.phones()])
        while self._commands:
            self._performer.perform(*self._commands.popleft())
        await self._lanes.drain()
        self._told.inboxes.clear()
        await self._tell(afresh=True, restarted=restarted)
        log.info("telephony_reached", lines=len(self._lines.by_id), restarted=restarted)

    def _catch_up(self) -> None:
        """What came while we were not live, in its order."""
        while self._events:
            self._understand(self._events.popleft())
        while self._commands:
            self._performer.perform(*self._commands.popleft())

    async def _tell(self, *, afresh: bool = False, restarted: bool = False) -> None:
        """Lists what Asterisk has and tells the tenants that do not know it yet. `afresh`: we have been away."""
        assert self._owners is not None and self._tenants is not None
        owners, bridges = self._owners, await list_bridges(self._lanes)
        news: dict[str, tuple[Inbox, tuple[str, ...]]] = {}
        for tenant_id in self._tenants.tenant_ids():
            inbox = self._tenants.inbox_of(tenant_id)
            if inbox is not None and self._told.inboxes.get(tenant_id) is not inbox:
                news[tenant_id] = inbox, await running_playbacks(self._lanes, self._lines, tenant_id)

        def take(channels: list[AriChannel]) -> None:
            found = take_channels(channels, self._lines, owners, afresh=afresh)
            if afresh:
                take_rooms(bridges, self._lanes, self._lines, owners)
            for tenant_id, (inbox, playbacks) in news.items():
                self._told.inboxes[tenant_id] = inbox
                inbox.post(LinesReconciled(found.lines.get(tenant_id, ()), playbacks, restarted))
            for line, number in found.unclaimed:
                self._door.hold(line, number)
            self._live, self._lost_since_live = True, False
            self._catch_up()

        await list_channels(self._lanes, take)
        for tenant_id in news:
            await self._tell_phones(tenant_id)

    async def _tell_phones(self, tenant_id: str, username: str = "") -> None:
        """Registrations may have changed while nobody listened. `username`: only this one's, "" for all."""
        answer = await self._lanes.request("GET", "endpoints/PJSIP")
        states = (
            {endpoint.resource: endpoint.state for endpoint in decode_endpoints(answer.body)}
            if answer.ok
            else {}
        )
        for phone in self._endpoints.phones():
            state = states.get(phone.username)
            if phone.tenant_id != tenant_id or (username and phone.username != username):
                continue
            if state == "online":
                self._post(tenant_id, PhoneReached(phone.agent_id, phone.username))
            elif state == "offline":
                self._post(tenant_id, PhoneUnreached(phone.agent_id, phone.username))

    async def _filter_events(self) -> None:
        for lane, types in ((MAIN, EVENT_TYPES), (PHONES, PHONE_EVENT_TYPES)):
            if lane < self._lanes.count:
                body = {"allowed": [{"type": name} for name in types]}
                path = f"applications/{self._lanes.application(lane)}/eventFilter"
                await self._lanes.request("PUT", path, body=body, lane=lane)

    async def _watch(self, usernames: Sequence[str]) -> None:
        """Asks for the registrations of these phones."""
        path = f"applications/{self._lanes.application(PHONES)}/subscription"
        for username in usernames:
            await self._lanes.request(
                "POST", path, {"eventSource": f"endpoint:PJSIP/{username}"}, lane=PHONES
            )

    async def _was_restarted(self) -> bool:
        """Whether Asterisk itself was started anew since we last saw it."""
        answer = await self._lanes.request("GET", "asterisk/info", {"only": "status"})
        if not answer.ok:
            raise Unavailable(f"Asterisk does not say who it is: {answer.status} {answer.reason}")
        now = msgspec.json.decode(answer.body, type=_Info).status.startup_time
        before, self._startup_time = self._startup_time, now
        if self._settings.memory is not None and now != before:
            self._settings.memory.write_text(now)
        return before not in ("", now)

    def _remembered(self) -> str:
        memory = self._settings.memory
        return memory.read_text() if memory is not None and memory.is_file() else ""

    def _lost(self) -> None:
        self._live = False
        self._events.clear()
        if self._lost_since_live or self._tenants is None:
            return
        self._lost_since_live = True
        log.warning("telephony_lost")
        for tenant_id in self._tenants.tenant_ids():
            self._post(tenant_id, TelephonyLost())

    # -- events

    def _take(self, message: Message) -> None:
        if message.type == "ApplicationReplaced":
            log.error("telephony_taken", application=message.application)
        elif self._live:
            self._understand(message)
        else:
            self._events.append(message)

    def _understand(self, message: Message) -> None:
        """A bug here must not cost the connection, and with it everybody's calls."""
        assert self._owners is not None
        if message.type == "StasisEnd" and message.channel is not None:
            self._door.gone(message.channel.id)
        try:
            match translate(message, self._owners):
                case Happened(tenant_id, event):
                    self._note(tenant_id, event, message)
                case Unclaimed(line, number):
                    self._door.hold(line, number, message)
                    self._door.open(self._owners)
                case None:
                    pass
        except Exception:
            log.exception("event_failed", type=message.type)

    def _note(self, tenant_id: str, event: Event, message: Message) -> None:
        """Keeps the shadow, then passes the event on."""
        lines = self._lines
        match event:
            case CallArrived(line=line):
                lines.add(
                    line,
                    tenant_id,
                    ours=False,
                    up=message.channel is not None and message.channel.state == "Up",
                )
                inbox = self._tenants.inbox_of(tenant_id) if self._tenants is not None else None
                if inbox is not None and not inbox.accepts_new_contacts:
                    self._door.hold(line, event.number, message)
                    return
            case PhoneDialled(line=line):
                lines.add(line, tenant_id, ours=False)
            case LineAnswered(line=line):
                lines.add(line, tenant_id, ours=True).up = True
            case LineEnded(line=line):
                remove_line(self._lanes, lines, line)
            case PlaybackEnded(line=line, playback_id=playback_id):
                known = lines.by_id.get(line)
                if known is not None and known.playback_id == playback_id:
                    known.playback_id = ""
                missing = lines.missing.pop(playback_id, ())
                if missing:
                    event = PlaybackEnded(line, playback_id, missing)
            case _:
                pass
        self._post(tenant_id, event)

    def _post(self, tenant_id: str, event: Event) -> None:
        inbox = self._tenants.inbox_of(tenant_id) if self._tenants is not None else None
        if inbox is not None:
            inbox.post(event)

    def _config_of(self, tenant_id: str) -> TenantConfig | None:
        return self._tenants.config_of(tenant_id) if self._tenants is not None else None

    # -- at the door

    async def _look_around(self) -> None:
        """Tenants that have become live here, and calls that wait at the door."""
        assert self._tenants is not None and self._owners is not None
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not self._live:
                continue
            inboxes = {
                tenant_id: self._tenants.inbox_of(tenant_id) for tenant_id in self._tenants.tenant_ids()
            }
            if any(
                inbox and self._told.inboxes.get(tenant_id) is not inbox
                for tenant_id, inbox in inboxes.items()
            ):
                try:
                    await self._tell()
                except Unavailable as error:
                    log.warning("reconciliation_failed", error=error.detail)
                    self._lanes.drop()
            self._door.open(self._owners)

    def _refuse(self, line: str) -> None:
        self._lanes.send(MAIN, "DELETE", f"channels/{line}", {"reason_code": UNALLOCATED_NUMBER})

    def _apologise(self, line: str) -> None:
        self._lanes.send(
            MAIN, "POST", f"channels/{line}/continue", {"context": APOLOGY_CONTEXT, "extension": "s"}
        )

    async def _block(self, address: str) -> None:
        if self._live:
            await sip.block(self._lanes, address)

    async def _unblock(self, address: str) -> None:
        if self._live:
            await sip.unblock(self._lanes, address)


def _addresses(trunks: Sequence[TrunkPeer]) -> frozenset[str]:
    return frozenset(address for trunk in trunks for address in trunk.match)
