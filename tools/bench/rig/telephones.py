"""Many SIP telephones on one UDP socket: they register, answer, hang up, and know to the microsecond when they rang.

Only what a bench on loopback needs: no retransmission of our own, no media (the SDP names a socket that swallows it).
"""

import asyncio
import hashlib
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

REGISTER_SECONDS = 10.0
HOST = "127.0.0.2"
"""Not the address that callers come from, by which the centre recognises its trunk."""


@dataclass(slots=True)
class Dialog:
    """One call on a telephone."""

    user: str
    request: "Message"
    tag: str
    answered: bool = False
    cseq: int = 100


@dataclass(slots=True)
class Message:
    start: str
    headers: list[tuple[str, str]]

    @classmethod
    def parse(cls, data: bytes) -> "Message":
        head = data.decode(errors="replace").split("\r\n\r\n", 1)[0].split("\r\n")
        pairs = [line.split(":", 1) for line in head[1:] if ":" in line]
        return cls(head[0], [(name.strip().lower(), value.strip()) for name, value in pairs])

    def get(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]


@dataclass(slots=True)
class Registering:
    user: str
    password: str
    done: "asyncio.Future[None]"
    call_id: str = field(default_factory=lambda: secrets.token_hex(8))


class Telephones(asyncio.DatagramProtocol):
    """`on_ring(user, at)` is told of every new INVITE, `at` by time.perf_counter."""

    def __init__(self, server_port: int, port: int, on_ring: Callable[[str, float], None]) -> None:
        self._server = ("127.0.0.1", server_port)
        self._port = port
        self._on_ring = on_ring
        self._registering: dict[str, Registering] = {}
        self._dialogs: dict[str, Dialog] = {}
        self._transport: asyncio.DatagramTransport | None = None
        self._sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sink.bind((HOST, 0))

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(HOST, self._port))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
        self._sink.close()

    async def register(self, user: str, password: str) -> None:
        """Registers `user` at this socket for an hour. Raises TimeoutError when it is refused."""
        one = Registering(user, password, asyncio.get_running_loop().create_future())
        self._registering[one.call_id] = one
        self._send_register(one, 1, "")
        async with asyncio.timeout(REGISTER_SECONDS):
            await one.done

    def hang_up(self, user: str) -> None:
        """Ends the answered call of this telephone."""
        for call_id, dialog in list(self._dialogs.items()):
            if dialog.user == user and dialog.answered:
                del self._dialogs[call_id]
                self._send_bye(call_id, dialog)

    def answer(self, user: str) -> None:
        """Answers what rings on this telephone."""
        for dialog in self._dialogs.values():
            if dialog.user == user and not dialog.answered:
                dialog.answered = True
                self._reply(dialog.request, "200 OK", dialog.tag, _sdp(self._sink.getsockname()[1]))

    # -- asyncio.DatagramProtocol

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if len(data) < 16:
            return  # a keep-alive
        at = time.perf_counter()
        message = Message.parse(data)
        if message.start.startswith("SIP/2.0"):
            self._response(message)
            return
        method = message.start.split(" ", 1)[0]
        if method == "INVITE":
            self._invite(message, at)
        elif method == "CANCEL":
            self._reply(message, "200 OK", "c")
            dialog = self._dialogs.pop(message.get("call-id"), None)
            if dialog is not None:
                self._reply(dialog.request, "487 Request Terminated", dialog.tag)
        elif method != "ACK":
            if method == "BYE":
                self._dialogs.pop(message.get("call-id"), None)
            self._reply(message, "200 OK", "o")

    # -- what is sent

    def _invite(self, message: Message, at: float) -> None:
        call_id = message.get("call-id")
        known = self._dialogs.get(call_id)
        user = message.start.split(":", 1)[1].split("@", 1)[0]
        if known is not None:  # again, or a re-INVITE
            if known.answered:
                self._reply(message, "200 OK", known.tag, _sdp(self._sink.getsockname()[1]))
            return
        self._dialogs[call_id] = Dialog(user, message, secrets.token_hex(4))
        self._reply(message, "180 Ringing", self._dialogs[call_id].tag)
        self._on_ring(user, at)

    def _response(self, message: Message) -> None:
        one = self._registering.get(message.get("call-id"))
        if one is None:
            return
        code = message.start.split(" ")[1]
        if code == "401" and message.get("cseq").startswith("1 "):
            self._send_register(one, 2, _authorization(message.get("www-authenticate"), one, self._server[1]))
        elif code == "200":
            del self._registering[one.call_id]
            if not one.done.done():
                one.done.set_result(None)

    def _send_register(self, one: Registering, cseq: int, authorization: str) -> None:
        to = f"sip:{one.user}@127.0.0.1:{self._server[1]}"
        self._send(
            [
                f"REGISTER sip:127.0.0.1:{self._server[1]} SIP/2.0",
                self._via(),
                f"From: <{to}>;tag={one.call_id}",
                f"To: <{to}>",
                f"Call-ID: {one.call_id}",
                f"CSeq: {cseq} REGISTER",
                f"Contact: <sip:{one.user}@{HOST}:{self._port}>",
                "Max-Forwards: 70",
                "Expires: 3600",
                *([f"Authorization: {authorization}"] if authorization else []),
            ]
        )

    def _send_bye(self, call_id: str, dialog: Dialog) -> None:
        request = dialog.request
        target = request.get("contact").split("<", 1)[-1].split(">", 1)[0]
        dialog.cseq += 1
        self._send(
            [
                f"BYE {target} SIP/2.0",
                self._via(),
                f"From: {request.get('to')};tag={dialog.tag}",
                f"To: {request.get('from')}",
                f"Call-ID: {call_id}",
                f"CSeq: {dialog.cseq} BYE",
                "Max-Forwards: 70",
            ]
        )

    def _reply(self, request: Message, status: str, tag: str, body: str = "") -> None:
        to = request.get("to")
        self._send(
            [
                f"SIP/2.0 {status}",
                *(f"Via: {via}" for via in request.all("via")),
                f"From: {request.get('from')}",
                f"To: {to if ';tag=' in to else f'{to};tag={tag}'}",
                f"Call-ID: {request.get('call-id')}",
                f"CSeq: {request.get('cseq')}",
                f"Contact: <sip:phone@{HOST}:{self._port}>",
                *(["Content-Type: application/sdp"] if body else []),
            ],
            body,
        )

    def _via(self) -> str:
        return f"Via: SIP/2.0/UDP {HOST}:{self._port};branch=z9hG4bK{secrets.token_hex(6)};rport"

    def _send(self, lines: list[str], body: str = "") -> None:
        if self._transport is not None:
            head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""])
            self._transport.sendto((head + body).encode(), self._server)


def _authorization(challenge: str, one: Registering, server_port: int) -> str:
    """RFC 2617 digest, MD5, qop auth."""
    parts = dict(
        part.strip().split("=", 1) for part in challenge.removeprefix("Digest ").split(",") if "=" in part
    )
    realm, nonce = parts["realm"].strip('"'), parts["nonce"].strip('"')
    uri, cnonce = f"sip:127.0.0.1:{server_port}", secrets.token_hex(8)

    def digest(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    first, second = digest(f"{one.user}:{realm}:{one.password}"), digest(f"REGISTER:{uri}")
    answer = digest(f"{first}:{nonce}:00000001:{cnonce}:auth:{second}")
    opaque = f", opaque={parts['opaque']}" if "opaque" in parts else ""
    return (
        f'Digest username="{one.user}", realm="{realm}", nonce="{nonce}", uri="{uri}", response="{answer}", '
        f'algorithm=MD5, qop=auth, nc=00000001, cnonce="{cnonce}"{opaque}'
    )


def _sdp(port: int) -> str:
    return (
        f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 {HOST}\r\nt=0 0\r\n"
        f"m=audio {port} RTP/AVP 8 0\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n"
    )
