"""Where a request comes from, and the headers of every answer. Plain ASGI, so that WebSocket handshakes pass here too.

A browser tells on every unsafe request and on every WebSocket handshake which page sent it (`Sec-Fetch-Site`, `Origin`).
We answer our own pages alone. What tells neither is no browser page; it is refused too when it changes something.
The session cookie is SameSite=Strict besides.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cordboard.identity.errors import ForeignOrigin
from cordboard.web import problems

log = structlog.get_logger()

FOR_ALL_SITES = "/api/v1/visitor/"
"""Chat buttons stand on other sites: who may ask there is looked at by `channels.webchat.door`."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
}
_HSTS = "max-age=31536000"


def comes_from_us(headers: Headers, public_hosts: Sequence[str]) -> bool:
    """Whether the page that sent this is ours: same host and port as asked for, or one of `public_hosts`."""
    site = headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = headers.get("origin")
    if origin is None:
        return site is not None
    try:
        asked = urlsplit(origin)
    except ValueError:
        return False
    return asked.netloc == headers.get("host") or (asked.hostname or "") in public_hosts


class Security:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, public_hosts: Sequence[str] = ()) -> None:
        self._app = app
        self._public_hosts = frozenset(public_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope.get("path", "").startswith(FOR_ALL_SITES):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket" and not comes_from_us(
            Headers(scope=scope), list(self._public_hosts)
        ):
            log.warning("foreign_origin", path=scope["path"])
            await send({"type": "websocket.close", "code": 4003})
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        secure = scope["scheme"] == "https"
        api = scope["path"].startswith("/api/")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if secure:
                    headers.setdefault("Strict-Transport-Security", _HSTS)
                if api:
                    headers.setdefault("Cache-Control", "no-store")
                    headers.setdefault(
                        "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"
                    )
            await send(message)

        foreign = not scope["path"].startswith(FOR_ALL_SITES) and scope["method"] not in SAFE
        if foreign and not comes_from_us(Headers(scope=scope), list(self._public_hosts)):
            log.warning("foreign_origin", path=scope["path"])
            await problems.of_error(ForeignOrigin())(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)
