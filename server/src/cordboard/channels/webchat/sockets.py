"""A visitor's line: a WebSocket, or long polls that look like one. What has to be said waits in one bounded queue.

A visitor who does not take it in time is let go; he comes again with the number that he has seen last.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable

import msgspec
import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from cordboard.channels.webchat import frames
from cordboard.channels.webchat.rooms import Later, Rooms
from cordboard.channels.webchat.sessions import VisitorSession
from cordboard.channels.webchat.visitors import Visitors
from cordboard.channels.webchat.words import refusal
from cordboard.core.conversation.transcript import Transcript

log = structlog.get_logger(__name__)

QUEUE_LENGTH = 1_000
LARGEST_FRAME = 16_384
TOO_SLOW = 1013
BAD_FRAME = 4400
POLLER_KEPT_SECONDS = 15.0
"""So long a visitor who polls is taken to be there between two polls."""


class VisitorSocket:
    """`run` until either side closes."""

    def __init__(
        self, websocket: WebSocket, session: VisitorSession, rooms: Rooms, visitors: Visitors
    ) -> None:
        self.session = session
        self._websocket = websocket
        self._rooms = rooms
        self._visitors = visitors
        self._queue: deque[str] = deque()
        self._something = asyncio.Event()
        self._closing = 0

    def put(self, frame: str) -> None:
        if self._closing:
            return
        if len(self._queue) >= QUEUE_LENGTH:
            self._close(TOO_SLOW)
            return
        self._queue.append(frame)
        self._something.set()

    def _close(self, code: int) -> None:
        self._closing = code
        self._something.set()

    async def run(self, transcript: Transcript, after: int) -> None:
        self._rooms.enter(self, transcript, after)
        sender = asyncio.ensure_future(self._send_all())
        receiver = asyncio.ensure_future(self._receive_all())
        try:
            await asyncio.wait([sender, receiver], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._rooms.leave(self)
            for task in (sender, receiver):
                task.cancel()
            for result in await asyncio.gather(sender, receiver, return_exceptions=True):
                if isinstance(result, Exception) and not isinstance(
                    result, WebSocketDisconnect | RuntimeError | OSError
                ):
                    log.error("visitor_socket_failed", exc_info=result)

    async def _send_all(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            while self._queue and not self._closing:
                await self._websocket.send_text(self._queue.popleft())
            if self._closing:
                await self._websocket.close(self._closing)
                return

    async def _receive_all(self) -> None:
        while True:
            text = await self._websocket.receive_text()
            try:
                frame = frames.decode(text) if len(text) <= LARGEST_FRAME else None
            except msgspec.MsgspecError:
                frame = None
            if frame is None:
                self.put(frames.error("bad_frame", refusal("bad_frame", self.session.language)))
                continue
            await self._visitors.take(self.session, frame, self.put)


class Poller:
    """A visitor without a WebSocket, from one poll to the next."""

    def __init__(self, session: VisitorSession) -> None:
        self.session = session
        self.queue: deque[str] = deque(maxlen=QUEUE_LENGTH)
        self.something = asyncio.Event()
        self.polls = 0
        self.last = 0  # the number that he has been told

    def put(self, frame: str) -> None:
        self.queue.append(frame)
        self.something.set()


class Pollers:
    """By token. `later` calls back after some seconds."""

    def __init__(self, rooms: Rooms, later: Later) -> None:
        self._rooms = rooms
        self._later = later
        self._pollers: dict[bytes, Poller] = {}

    async def poll(
        self, session: VisitorSession, transcript: Transcript, after: int, wait: float
    ) -> list[str]:
        """What is new, at once; else what comes within `wait` seconds. `after` behind what was told: all is told again."""
        poller = self._pollers.get(session.token_hash)
        if poller is None or after < poller.last:
            if poller is not None:
                self._forget(poller)
            poller = self._pollers[session.token_hash] = Poller(session)
            self._rooms.enter(poller, transcript, after)
        poller.polls += 1
        turn = poller.polls
        if not poller.queue:
            poller.something.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(poller.something.wait(), wait)
        found = list(poller.queue) if poller.polls == turn else []
        if poller.polls == turn:
            poller.queue.clear()
            poller.last = len(transcript.lines)
        self._later(POLLER_KEPT_SECONDS, self._if_silent(poller, turn))
        return found

    def _if_silent(self, poller: Poller, turn: int) -> Callable[[], None]:
        def look() -> None:
            if poller.polls == turn:
                self._forget(poller)

        return look

    def _forget(self, poller: Poller) -> None:
        if self._pollers.get(poller.session.token_hash) is poller:
            del self._pollers[poller.session.token_hash]
        self._rooms.leave(poller)

    def reply_to(self, session: VisitorSession) -> Callable[[str], None]:
        """Where the answers to posted frames go: to his next poll, if he polls."""
        poller = self._pollers.get(session.token_hash)
        return poller.put if poller is not None else _nowhere


def _nowhere(frame: str) -> None:
    """He is not polling: what he should know he is told by number when he does."""
