"""Registers a SIP phone by one UDP socket (RFC 3261 §10, digest by RFC 2617).

The registrar takes the address that the request came from for the phone's own, so it is sent from the phone's port,
before the phone is started there.
"""

import hashlib
import re
import secrets
import socket
from dataclasses import dataclass, field
from datetime import timedelta

ANSWER_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class SipServer:
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class SipAccount:
    username: str
    password: str = field(repr=False)


def register(
    server: SipServer,
    account: SipAccount,
    contact_port: int,
    *,
    expires: timedelta = timedelta(hours=1),
    host: str = "127.0.0.1",
) -> int:
    """The status with which it ended: 200 when it is registered. `contact_port` must be free."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.settimeout(ANSWER_SECONDS)
        wire.bind((host, contact_port))
        contact = f"<sip:{account.username}@{host}:{contact_port}>"
        return _exchange(wire, server, account, contact, round(expires.total_seconds()))


def unregister(server: SipServer, account: SipAccount) -> int:
    """Takes back all registrations of the account. The status with which it ended."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.settimeout(ANSWER_SECONDS)
        wire.bind(("127.0.0.1", 0))
        return _exchange(wire, server, account, "*", 0)


def _exchange(wire: socket.socket, server: SipServer, account: SipAccount, contact: str, expires: int) -> int:
    call = secrets.token_hex(8)
    said = [f"Call-ID: {call}", f"Contact: {contact}", f"Expires: {expires}"]
    answer = _ask(wire, server, _request(wire, server, account, [*said, "CSeq: 1 REGISTER"]))
    challenge = re.search(r"(?im)^WWW-Authenticate:\s*Digest\s+(.*)$", answer)
    if challenge is None:
        return _status(answer)
    authorization = digest(account, challenge[1], f"sip:{server.host}:{server.port}", "REGISTER")
    return _status(
        _ask(wire, server, _request(wire, server, account, [*said, "CSeq: 2 REGISTER", authorization]))
    )


def _request(wire: socket.socket, server: SipServer, account: SipAccount, said: list[str]) -> bytes:
    host, port = wire.getsockname()
    address = f"sip:{account.username}@{server.host}:{server.port}"
    lines = [
        f"REGISTER sip:{server.host}:{server.port} SIP/2.0",
        f"Via: SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bK{secrets.token_hex(8)}",
        f"From: <{address}>;tag={secrets.token_hex(4)}",
        f"To: <{address}>",
        *said,
        "Max-Forwards: 70",
        "Content-Length: 0",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _ask(wire: socket.socket, server: SipServer, request: bytes) -> str:
    wire.sendto(request, (server.host, server.port))
    while True:
        answer = wire.recv(65_535).decode(errors="replace")
        if answer.startswith("SIP/2.0") and _status(answer) >= 200:
            return answer


def _status(answer: str) -> int:
    return int(answer.split(" ", 2)[1])


def digest(account: SipAccount, challenge: str, uri: str, method: str) -> str:
    """The Authorization header that answers a `WWW-Authenticate: Digest <challenge>`."""

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    fields = dict(re.findall(r'(\w+)="?([^",\s]+)"?', challenge))
    nonce, realm, count, own = fields["nonce"], fields["realm"], "00000001", secrets.token_hex(8)
    first = md5(f"{account.username}:{realm}:{account.password}")
    second = md5(f"{method}:{uri}")
    said = [
        f'username="{account.username}"',
        f'realm="{realm}"',
        f'nonce="{nonce}"',
        f'uri="{uri}"',
        "algorithm=MD5",
    ]
    if "qop" in fields:
        response = md5(f"{first}:{nonce}:{count}:{own}:auth:{second}")
        said += ["qop=auth", f"nc={count}", f'cnonce="{own}"']
    else:
        response = md5(f"{first}:{nonce}:{second}")
    if "opaque" in fields:
        said.append(f'opaque="{fields["opaque"]}"')
    return "Authorization: Digest " + ", ".join([*said, f'response="{response}"'])
