"""One live WebSocket: `/api/v1/live`. See the contract in docs/reference/live.md.

Messages wait in one bounded queue per socket. A browser that does not take them in time loses them and is told to subscribe
again (`resync`): it costs a snapshot, and memory stays bounded.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Annotated

import msgspec
import structlog
from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from cordboard.db.database import OUTAGES
from cordboard.errors import Unavailable
from cordboard.identity.access import COOKIE, find_session
from cordboard.identity.rights import Session
from cordboard.identity.service import Sessions
from cordboard.live.hub import Hub
from cordboard.live.rows import iso
from cordboard.runtime.clock import Clock
from cordboard.runtime.randomness import new_id

log = structlog.get_logger()

QUEUE_LENGTH = 500
LARGEST_MESSAGE = 4096
CHECK_SESSION_EVERY = 60.0  # seconds
AGAIN_AFTER = 1.0  # seconds before a browser is asked to subscribe again while the centre starts
CLOSE_CODES = {
    "no_session": 4001,
    "taken_over": 4002,
    "logged_out": 4003,
    "session_ended": 4004,
    "bad_message": 4005,
}

TopicName = Annotated[
    str,
    msgspec.Meta(pattern=r"^(me|colleagues|queues|chat|figures|work|viewers|conversation:[0-9]{1,18})$"),
]


class Writing(msgspec.Struct, forbid_unknown_fields=True):
    """An agent is writing in a chat, or has stopped."""

    contact_id: Annotated[int, msgspec.Meta(ge=1)]
    on: bool


class ClientMessage(msgspec.Struct, forbid_unknown_fields=True):
    """Anything that a browser may say. `desktop_id`: a random name of the tab, when it is an agent's desktop.

    `look`: the contact that the page shows now, 0 when it shows none any more.
    """

    subscribe: list[TopicName] = []
    unsubscribe: list[TopicName] = []
    desktop_id: Annotated[str, msgspec.Meta(max_length=64)] = ""
    ping: int | None = None
    look: Annotated[int, msgspec.Meta(ge=0)] | None = None
    typing: Writing | None = None


_decode = msgspec.json.Decoder(ClientMessage).decode


class _Subscription:
    __slots__ = ("_socket", "topic")

    def __init__(self, socket: "LiveSocket", topic: str) -> None:
        self._socket = socket
        self.topic = topic

    def send(self, message: str) -> None:
        self._socket.put(message)


class LiveSocket:
    """`run` until either side closes."""

    def __init__(
        self, websocket: WebSocket, session: Session, hub: Hub, sessions: Sessions, clock: Clock
    ) -> None:
        self.session = session
        self.desktop_id = ""
        self.connected = False
        self._websocket = websocket
        self._hub = hub
        self._sessions = sessions
        self._clock = clock
        self._subscriptions: dict[str, _Subscription] = {}
        self._queue: deque[str] = deque()
        self._something = asyncio.Event()
        self._closing = ""
        self._checked_at = clock.monotonic()

    async def run(self) -> None:
        self._hub.enter(self)
        sender = asyncio.ensure_future(self._send_all())
        receiver = asyncio.ensure_future(self._receive_all())
        try:
            await asyncio.wait([sender, receiver], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for topic in list(self._subscriptions):
                self._unsubscribe(topic)
            self._hub.leave(self)
            for task in (sender, receiver):
                task.cancel()
            results = await asyncio.gather(sender, receiver, return_exceptions=True)
            for result in results:
                if isinstance(result, Exception) and not isinstance(
                    result, WebSocketDisconnect | RuntimeError | OSError
                ):
                    log.error("live_socket_failed", exc_info=result)

    # -- out

    def put(self, message: str) -> None:
        """Queues a message; when the queue is full, all subscriptions are dropped in favour of a resync."""
        if self._closing:
            return
        if len(self._queue) >= QUEUE_LENGTH:
            self._resync()
            return
        self._queue.append(message)
        self._something.set()

    def close(self, reason: str) -> None:
        """Says why, then closes; what still waits is dropped."""
        if not self._closing:
            self._closing = reason
            self._something.set()

    def _resync(self) -> None:
        self._queue.clear()
        for topic in list(self._subscriptions):
            self._unsubscribe(topic)
            self._queue.append(f'{{"topic":"{topic}","resync":true}}')
        self._something.set()

    async def _send_all(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            while self._queue and not self._closing:
                await self._websocket.send_text(self._queue.popleft())
            if self._closing:
                await self._websocket.send_text(f'{{"closed":"{self._closing}"}}')
                await self._websocket.close(CLOSE_CODES.get(self._closing, 4000))
                return

    # -- in

    async def _receive_all(self) -> None:
        while True:
            text = await self._websocket.receive_text()
            try:
                message = _decode(text) if len(text) <= LARGEST_MESSAGE else None
            except msgspec.MsgspecError:
                message = None
            if message is None:
                self.close("bad_message")
                return
            await self._take(message)

    async def _take(self, message: ClientMessage) -> None:
        if message.desktop_id and not self.desktop_id and self.session.agent_id:
            self.desktop_id = (
                f"{message.desktop_id}.{new_id()[:8]}"  # a tab that connects anew is a desktop anew
            )
            self._hub.desktop_announced(self)
        for topic in message.unsubscribe:
            self._unsubscribe(topic)
        for topic in message.subscribe:
            await self._subscribe(topic)
        if message.look is not None:
            self._hub.look(self, message.look)
        if message.typing is not None:
            self._hub.typing(self, message.typing.contact_id, message.typing.on)
        if message.ping is not None:
            self.put(f'{{"pong":{message.ping},"now":"{iso(self._clock.now())}"}}')
            await self._check_session()

    async def _subscribe(self, topic: str) -> None:
        if not self._hub.may_listen(self.session, topic):
            log.warning(
                "denied",
                tenant_id=self.session.tenant_id,
                person_id=self.session.person_id,
                where=f"live {topic}",
            )
            self.put(f'{{"topic":"{topic}","denied":true}}')
            return
        self._unsubscribe(topic)
        subscription = _Subscription(self, topic)
        try:
            join = await self._hub.subscribe(self, subscription, topic)
        except Unavailable:
            await asyncio.sleep(AGAIN_AFTER)
            self.put(f'{{"topic":"{topic}","resync":true}}')
            return
        self._subscriptions[topic] = subscription
        self.put(join())

    def _unsubscribe(self, topic: str) -> None:
        subscription = self._subscriptions.pop(topic, None)
        if subscription is not None:
            self._hub.unsubscribe(self, subscription, topic)

    async def _check_session(self) -> None:
        """A session may have been ended by another server."""
        if self._clock.monotonic() - self._checked_at < CHECK_SESSION_EVERY:
            return
        self._checked_at = self._clock.monotonic()
        if await self._sessions.find(self._websocket.cookies.get(COOKIE, "")) is None:
            self.close("session_ended")


def live_endpoint(hub: Hub, sessions: Sessions, clock: Clock) -> Callable[[WebSocket], Awaitable[None]]:
    """The WebSocket endpoint; the handshake's Origin has been checked by `web.security`."""

    async def live(websocket: WebSocket) -> None:
        try:
            session = await find_session(websocket)
        except OUTAGES:
            await websocket.close(1013)
            return
        await websocket.accept()
        if session is None:
            await websocket.send_text('{"closed":"no_session"}')
            await websocket.close(CLOSE_CODES["no_session"])
            return
        await LiveSocket(websocket, session, hub, sessions, clock).run()

    return live
