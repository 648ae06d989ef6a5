"""Where the server may be sent by what a customer has configured: out into the public network, and nowhere inside by itself.

A connector's or a bot's address is written by a customer's administrator. Without this guard it could name this machine, its
neighbours or a cloud's metadata service. A name is resolved once, the address found is checked, and exactly that address is
connected to, so that a second answer of the name service can not lead elsewhere.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # NAT64: an IPv4 address is inside


class OutOfReach(ValueError):
    """The address is not allowed, or there is none. The message is for people who look after the centre."""


class Reach:
    """`networks`: those of our own that may be asked all the same (`CORDBOARD_REACHABLE_NETWORKS`)."""

    def __init__(self, networks: Iterable[Network] = ()) -> None:
        self._networks = tuple(networks)

    def allows(self, address: Address) -> bool:
        if any(address in network for network in self._networks if network.version == address.version):
            return True
        if isinstance(address, ipaddress.IPv6Address):
            inner = address.ipv4_mapped
            if inner is None and address in _TRANSLATED:
                inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
            if inner is not None:
                return self.allows(inner)
            if address.sixtofour is not None or address.teredo is not None:
                return False
        return address.is_global and not address.is_multicast

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host that may be connected to; raises OutOfReach when there is none."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise OutOfReach(f"host {host} not found") from error
        names = [str(each[4][0]) for each in found]
        allowed = [name for name in names if self.allows(ipaddress.ip_address(name.partition("%")[0]))]
        if not allowed:
            raise OutOfReach(f"host {host} is inside: its network is not allowed")
        return list(dict.fromkeys(allowed))

    async def located(self, url: str, turn: int = 0) -> tuple[str, str, str]:
        """The address with the host's place taken by its checked address; the Host header; the name for TLS."""
        parts = urlsplit(url)
        try:
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise OutOfReach("the address has no valid port") from error
        if parts.scheme not in ("http", "https") or not host:
            raise OutOfReach("the address is no web address")
        addresses = await self.addresses(host, port or (443 if parts.scheme == "https" else 80))
        address = addresses[turn % len(addresses)]
        place = f"[{address}]" if ":" in address else address
        where = f"{place}:{port}" if port else place
        named = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, where, parts.path, parts.query, "")), named, host
