"""The STUN and TURN servers that a browser's softphone is told, for agents whose network lets no call through otherwise.

A TURN server that shares a secret with us (coturn: `use-auth-secret`) takes a user name that says until when it holds, and a
password made from both. So what a page is given ends with its session, and we need not ask the TURN server for anything.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cordboard.identity.rights import Session
from cordboard.seats.schemas import IceServerOfBrowser


@dataclass(frozen=True, slots=True)
class IceServer:
    """`secret`: shared with the server, for a password for each session; else `username` and `password` are given as they are."""

    urls: tuple[str, ...]
    username: str = ""
    password: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)


def told_to(session: Session, servers: Sequence[IceServer]) -> list[IceServerOfBrowser]:
    return told(session.id, session.expires_at, servers)


def told(name: str, until: datetime, servers: Sequence[IceServer]) -> list[IceServerOfBrowser]:
    """For who is called `name` in the TURN server's log, until then."""
    return [_told(name, until, server) for server in servers]


def _told(name: str, until: datetime, server: IceServer) -> IceServerOfBrowser:
    username, credential = server.username, server.password
    if server.secret:
        username = f"{int(until.timestamp())}:{name}"
        made = hmac.digest(server.secret.encode(), username.encode(), hashlib.sha1)
        credential = base64.b64encode(made).decode()
    return IceServerOfBrowser(urls=list(server.urls), username=username, credential=credential)
