"""Who really asks when a proxy stands in front: what it says of its own clients is believed, what anybody else says is not.

`X-Forwarded-For` is read from its end, where the nearest proxy has written: the first address that is none of the trusted proxies'
is the client's. What stands before it the client may have made up himself. Limits by address, the pause after wrong passwords, and
what is for this machine alone (`/metrics`) then see him instead of the proxy.
"""

import ipaddress
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_SECURE = {"http": {"http": "http", "https": "https"}, "websocket": {"http": "ws", "https": "wss"}}
MOST_STATIONS = 50


class Proxies:
    """Wraps everything else. `trusted`: the proxies' addresses, or their networks."""

    def __init__(self, app: ASGIApp, trusted: Sequence[Network]) -> None:
        self._app = app
        self._trusted = tuple(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in _SECURE and self._is_proxy(_address(_peer(scope))):
            headers = Headers(scope=scope)
            client = self.client_of(_peer(scope), headers.getlist("x-forwarded-for"))
            scheme = headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
            scope = {
                **scope,
                "client": (client, 0),
                "scheme": _SECURE[scope["type"]].get(scheme, scope["scheme"]),
            }
        await self._app(scope, receive, send)

    def client_of(self, peer: str, forwarded: Sequence[str]) -> str:
        """The nearest address that is no trusted proxy's; of a way that is not understood, the last one that is."""
        client = peer
        for said in reversed(",".join(forwarded).split(",")[-MOST_STATIONS:]):
            address = _address(said)
            if address is None:
                break
            client = str(address)
            if not self._is_proxy(address):
                break
        return client

    def _is_proxy(self, address: Address | None) -> bool:
        return address is not None and any(
            address in network for network in self._trusted if network.version == address.version
        )


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _address(said: str) -> Address | None:
    """`203.0.113.7`, `203.0.113.7:4711`, `2001:db8::7` or `[2001:db8::7]:4711`."""
    said = said.strip()
    if said.startswith("["):
        said = said[1:].partition("]")[0]
    elif said.count(":") == 1:
        said = said.partition(":")[0]
    try:
        address = ipaddress.ip_address(said.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
