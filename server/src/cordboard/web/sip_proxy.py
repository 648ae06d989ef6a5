"""The softphone's SIP over WebSocket, passed on to Asterisk's loopback HTTP server through our one web port.

The handshake's Origin was checked by `web.security`; here a session with a desktop is needed besides. The SIP password still
decides who may register. Each direction waits until the other side has taken a message, so that nobody's memory grows.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from cordboard.db.database import OUTAGES
from cordboard.identity.access import find_session
from cordboard.identity.rights import Permission

log = structlog.get_logger()

LARGEST_MESSAGE = 65_536  # a SIP message with SDP and ICE candidates is a tenth of it
_SIP = Subprotocol("sip")


def sip_endpoint(asterisk: Callable[[], str]) -> Callable[[WebSocket], Awaitable[None]]:
    """The endpoint. `asterisk` gives the address of its WebSocket, such as `ws://127.0.0.1:8403/ws`."""

    async def sip(websocket: WebSocket) -> None:
        try:
            session = await find_session(websocket)
        except OUTAGES:
            await websocket.close(1013)
            return
        if session is None or not session.may(Permission.DESKTOP_USE):
            log.warning("denied", where="WS /sip", person_id=session.person_id if session else "")
            await websocket.close(4001)
            return
        await relay(websocket, asterisk(), _anything)

    return sip


def _anything(message: str) -> bool:
    return True


async def relay(websocket: WebSocket, asterisk: str, gate: Callable[[str], bool]) -> None:
    """Joins the page's WebSocket with one to Asterisk. What the gate does not let pass ends both."""
    if _SIP not in websocket.scope.get("subprotocols", []):
        await websocket.close(1002)
        return
    try:
        upstream = await connect(
            asterisk,
            subprotocols=[_SIP],
            max_size=LARGEST_MESSAGE,
            compression=None,
            open_timeout=5,
            proxy=None,
        )
    except (OSError, TimeoutError, WebSocketException) as error:
        log.info("sip_socket_away", error=type(error).__name__)
        await websocket.close(1013)
        return
    async with upstream:
        await websocket.accept(subprotocol=_SIP)
        await _join(websocket, upstream, gate)


async def _join(websocket: WebSocket, upstream: ClientConnection, gate: Callable[[str], bool]) -> None:
    """Passes messages both ways until one side has gone; then the other is closed, too."""
    both = [
        asyncio.ensure_future(_up(websocket, upstream, gate)),
        asyncio.ensure_future(_down(websocket, upstream)),
    ]
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in both:
            task.cancel()
        results = await asyncio.gather(*both, return_exceptions=True)
        await upstream.close()
    for result in results:
        if isinstance(result, Exception) and not isinstance(
            result, WebSocketDisconnect | ConnectionClosed | RuntimeError | OSError
        ):
            log.error("sip_socket_failed", exc_info=result)
    if websocket.client_state.name == "CONNECTED" and websocket.application_state.name == "CONNECTED":
        await websocket.close(1001)


async def _up(websocket: WebSocket, upstream: ClientConnection, gate: Callable[[str], bool]) -> None:
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        data = message.get("text")
        data = message.get("bytes") if data is None else data
        if data is None or len(data) > LARGEST_MESSAGE:
            return
        if not gate(data if isinstance(data, str) else data.decode("utf-8", "replace")):
            log.warning("sip_refused")
            return
        await upstream.send(data)


async def _down(websocket: WebSocket, upstream: ClientConnection) -> None:
    async for data in upstream:
        if isinstance(data, str):
            await websocket.send_text(data)
        else:
            await websocket.send_bytes(data)
