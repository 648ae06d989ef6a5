"""Which pages may talk to a chat button: its `origins`, and our own host. Plain ASGI around everything below `/api/v1/visitor/`.

A browser says in `Origin` which page asks. A page that is not allowed gets nothing, not even an error that it can read.
What is no browser (no `Origin`) passes: tokens protect conversations, and whoever can call us can leave `Origin` out.
There are no cookies here, so no page can speak for a visitor who does not know it.
"""

from urllib.parse import parse_qs, urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cordboard.core.config import ChatButton, TenantConfig
from cordboard.runtime.asking import LiveTenants

log = structlog.get_logger(__name__)

PREFIX = "/api/v1/visitor/"
WRONG_ORIGIN = 4403
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "7200",
}


class VisitorDoor:
    def __init__(self, app: ASGIApp, tenants: LiveTenants) -> None:
        self._app = app
        self._tenants = tenants

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is not None and not self._allowed(scope, headers, origin):
            log.warning("visitor_origin_refused", path=scope["path"])
            await self._refuse(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=_cors(origin) | _PREFLIGHT)(scope, receive, send)
            return

        async def send_with_cors(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_cors(origin))
            await send(message)

        await self._app(scope, receive, send_with_cors)

    def _allowed(self, scope: Scope, headers: Headers, origin: str) -> bool:
        try:
            asked = urlsplit(origin)
        except ValueError:
            return False
        if asked.netloc and asked.netloc == headers.get("host"):
            return True
        return any(origin in button.origins for button in self._buttons(scope))

    def _buttons(self, scope: Scope) -> list[ChatButton]:
        """The button that the path names, or those of the tenant that the token names."""
        parts = scope["path"].removeprefix(PREFIX).split("/")
        if parts[0] in ("socket", "messages", "files", "call", "sip"):
            token = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
            config = self._config(token.partition(".")[0])
            return list(config.chat_buttons.values()) if config else []
        config = self._config(parts[0])
        button = config.chat_buttons.get(parts[1]) if config and len(parts) > 1 else None
        return [button] if button else []

    def _config(self, tenant_id: str) -> TenantConfig | None:
        return self._tenants.config_of(tenant_id)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": WRONG_ORIGIN})
            return
        problem = {
            "type": "urn:cordboard:problem:wrong_origin",
            "title": "Wrong origin",
            "status": 403,
            "detail": "This site may not show this chat button: add it to the button's `origins`.",
            "code": "wrong_origin",
            "params": {},
        }
        await JSONResponse(problem, 403, media_type="application/problem+json")(scope, receive, send)


def _cors(origin: str | None) -> dict[str, str]:
    headers = {
        "Vary": "Origin",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Referrer-Policy": "no-referrer",
    }
    return headers | {"Access-Control-Allow-Origin": origin} if origin else headers
