"""One WebSocket to Asterisk that carries its events and our REST requests. It knows no business.

- Events are delivered in order, on the event loop, to one listener; answers to their own callbacks.
- Requests are written at once and answered in order; several may be under way. Asterisk performs the requests of one
  WebSocket one after the other, so the order of calls here is the order of effects there.
- It keeps the connection alive itself (ping every few seconds; silence means that it is lost), and reconnects with a
  growing pause. Requests under way when the connection is lost are answered with status 0.

Asterisk drops a consumer that does not read for a moment, so a large receive buffer is asked of the kernel.
"""

import asyncio
import base64
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote, urlencode

import structlog
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Response as HandshakeResponse
from websockets.protocol import State
from websockets.uri import parse_uri

from cordboard.channels.asterisk.wire import Message, Request, decode_message, encode

log = structlog.get_logger(__name__)

PING_SECONDS = 3.0
SILENCE_SECONDS = 9.0
"""A connection on which nothing at all arrived for this long is lost."""
ANSWER_SECONDS = 10.0
"""A request without an answer after this long is answered with status 0."""
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0
RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024

JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What Asterisk answered. `status` 0: no answer (connection lost, or too late)."""

    status: int
    reason: str = ""
    body: str = ""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """What the request was about does not exist (any more)."""
        return self.status == 404


NO_ANSWER = Answer(0, "no answer")
OnAnswer = Callable[[Answer], None]
Took = Callable[[float], None]
"""Told how many seconds a request has waited for its answer."""


@dataclass(frozen=True, slots=True)
class AriAddress:
    host: str
    port: int
    user: str
    password: str
    application: str

    @property
    def events_url(self) -> str:
        return f"ws://{self.host}:{self.port}/ari/events?app={quote(self.application)}&subscribeAll=false"


class AriClient:
    """Connects and stays connected. `on_connected` is awaited after each connect, and may send requests.

    All callbacks run on the event loop; `on_event` and answers must not block.
    """

    def __init__(
        self,
        address: AriAddress,
        on_event: Callable[[Message], None],
        on_connected: Callable[[], Awaitable[None]],
        on_lost: Callable[[], None],
        took: Took = lambda _: None,
    ) -> None:
        self._address = address
        self._on_event = on_event
        self._on_connected = on_connected
        self._on_lost = on_lost
        self._took = took
        self._socket: _Socket | None = None
        self._waiting: dict[str, tuple[float, OnAnswer | None, str]] = {}
        self._sent = 0

    @property
    def connected(self) -> bool:
        return self._socket is not None

    async def run(self) -> None:
        """Runs until cancelled."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                socket_ = await _open(self._address, self._receive)
            except (OSError, ConnectionError) as error:
                log.debug("ari_connect_failed", error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                continue
            pause = FIRST_PAUSE_SECONDS
            self._socket = socket_
            await self._stay(socket_)
            await asyncio.sleep(pause)

    def send(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: object = None,
        on_answer: OnAnswer | None = None,
    ) -> None:
        """Sends a request without waiting. `on_answer` is called exactly once, later."""
        if self._socket is None:
            if on_answer is not None:
                asyncio.get_running_loop().call_soon(on_answer, NO_ANSWER)
            return
        self._sent += 1
        request_id = str(self._sent)
        uri = f"{path}?{urlencode(query)}" if query else path
        self._waiting[request_id] = (asyncio.get_running_loop().time(), on_answer, path)
        text = "" if body is None else encode(body).decode()
        self._socket.send(
            encode(
                Request(request_id, method, uri, content_type=JSON_TYPE if text else "", message_body=text)
            )
        )

    async def request(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: object = None
    ) -> Answer:
        """Sends a request and waits for its answer."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        def arrived(got: Answer) -> None:
            if not answer.done():
                answer.set_result(got)

        self.send(method, path, query, body, arrived)
        return await answer

    def drop(self) -> None:
        """Cuts the connection; `run` connects again."""
        if self._socket is not None:
            self._socket.abort()

    async def _stay(self, socket_: "_Socket") -> None:
        """Keeps one connection until it is lost."""
        connected = asyncio.ensure_future(self._on_connected())
        try:
            while not socket_.lost.done():
                await asyncio.wait([socket_.lost], timeout=PING_SECONDS)
                self._answer_late_ones()
                if not socket_.lost.done():
                    socket_.keep_alive()
                if connected.done() and not connected.cancelled() and connected.exception() is not None:
                    log.error("ari_start_failed", exc_info=connected.exception())
                    break
        finally:
            connected.cancel()
            socket_.abort()
            self._socket = None
            self._answer_all()
            self._on_lost()

    def _receive(self, data: bytes) -> None:
        message = decode_message(data)
        if message.type != "RESTResponse":
            self._on_event(message)
            return
        sent = self._waiting.pop(message.request_id, None)
        if sent is None:
            return
        sent_at, on_answer, path = sent
        self._took(asyncio.get_running_loop().time() - sent_at)
        if message.status_code >= 500:
            log.warning(
                "ari_request_failed", path=path, status=message.status_code, body=message.message_body
            )
        if on_answer is not None:
            on_answer(Answer(message.status_code, message.reason_phrase, message.message_body))

    def _answer_late_ones(self) -> None:
        late = asyncio.get_running_loop().time() - ANSWER_SECONDS
        for request_id, (sent_at, on_answer, path) in list(self._waiting.items()):
            if sent_at > late:
                return  # they are in the order of sending
            del self._waiting[request_id]
            log.warning("ari_answer_late", path=path)
            if on_answer is not None:
                on_answer(NO_ANSWER)

    def _answer_all(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for _, on_answer, _path in waiting.values():
            if on_answer is not None:
                on_answer(NO_ANSWER)


async def _open(address: AriAddress, on_text: Callable[[bytes], None]) -> "_Socket":
    loop = asyncio.get_running_loop()
    raw = socket.socket(socket.AF_INET6 if ":" in address.host else socket.AF_INET, socket.SOCK_STREAM)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    raw.setblocking(False)
    try:
        async with asyncio.timeout(5):
            await loop.sock_connect(raw, (address.host, address.port))
            _, socket_ = await loop.create_connection(lambda: _Socket(address, on_text), sock=raw)
            await socket_.opened
    except BaseException:
        raw.close()
        raise
    return socket_


class _Socket(asyncio.Protocol):
    """The WebSocket itself: the `websockets` library's protocol without its tasks and queues, which cost more."""

    def __init__(self, address: AriAddress, on_text: Callable[[bytes], None]) -> None:
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = loop.create_future()
        self.lost: asyncio.Future[None] = loop.create_future()
        self._loop = loop
        self._address = address
        self._on_text = on_text
        self._protocol = ClientProtocol(parse_uri(address.events_url), max_size=None)
        self._transport: asyncio.Transport | None = None
        self._parts: list[bytes] = []
        self._heard_at = loop.time()
        self._flushing = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but its class
        request = self._protocol.connect()
        credentials = f"{self._address.user}:{self._address.password}".encode()
        request.headers["Authorization"] = "Basic " + base64.b64encode(credentials).decode()
        self._protocol.send_request(request)
        self._flush()

    def data_received(self, data: bytes) -> None:
        self._heard_at = self._loop.time()
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, HandshakeResponse):
                self._shaken()
            elif isinstance(event, Frame):
                self._frame(event)
        self._schedule_flush()

    def eof_received(self) -> None:
        self._protocol.receive_eof()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("Asterisk closed the connection"))
        if not self.lost.done():
            self.lost.set_result(None)

    def send(self, data: bytes) -> None:
        if self._protocol.state is State.OPEN:
            self._protocol.send_text(data)
            self._schedule_flush()

    def keep_alive(self) -> None:
        """Pings; gives the connection up when nothing has arrived for too long."""
        if self._loop.time() - self._heard_at > SILENCE_SECONDS:
            log.warning("ari_silent")
            self.abort()
        elif self._protocol.state is State.OPEN:
            self._protocol.send_ping(b"")
            self._flush()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _shaken(self) -> None:
        if self._protocol.handshake_exc is None:
            self.opened.set_result(None)
        else:
            self.opened.set_exception(ConnectionError(f"Asterisk refused: {self._protocol.handshake_exc}"))
            self.abort()

    def _frame(self, frame: Frame) -> None:
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            if frame.fin and not self._parts:
                self._on_text(bytes(frame.data))
                return
            self._parts.append(bytes(frame.data))
            if frame.fin:
                whole, self._parts = b"".join(self._parts), []
                self._on_text(whole)

    def _schedule_flush(self) -> None:
        """Writes once for all requests of this turn of the loop."""
        if not self._flushing:
            self._flushing = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        chunks = self._protocol.data_to_send()
        if self._transport is None or self._transport.is_closing():
            return
        data = b"".join(chunks)
        if data:
            self._transport.write(data)
        if self._protocol.close_expected():
            self._transport.close()
