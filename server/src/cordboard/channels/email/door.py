"""Direct delivery: other mail servers bring mail by SMTP or LMTP, for the addresses of our inboxes alone.

A mail is answered with 250 only after its commit; when it can not be stored the answer is 4xx, and who brings it keeps it and
tries again. LMTP answers once for each recipient (RFC 2033, 4.2).
"""

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from cordboard.channels.email.inboxes import InboxSettings
from cordboard.channels.email.intake import Brought, Intake

log = structlog.get_logger(__name__)

SIZE_LIMIT = 64 * 1024 * 1024
AT_ONCE = 4
"""So many mails are taken in at the same time, for the sake of memory; the others wait."""
RECIPIENTS = 100
LONGEST_LINE = 1024 * 1024
"""Bytes; the limit of 998 (RFC 5321) is broken every day."""
PATIENCE_SECONDS = 120.0

FindInbox = Callable[[str], InboxSettings | None]
"""Address, in lower case → whose inbox it is."""


@dataclass(frozen=True, slots=True)
class DoorTls:
    """PEM files of the certificate chain and its key. `required`: by SMTP nothing is taken without STARTTLS."""

    chain: Path
    key: Path
    required: bool


@dataclass(frozen=True, slots=True)
class DoorAddress:
    """`tls` None: STARTTLS is not offered. LMTP is loopback only and may go without."""

    host: str
    smtp_port: int
    lmtp_port: int
    tls: DoorTls | None = None


class _Certificate:
    """The context of STARTTLS, read again when the files change: a renewed certificate needs no restart."""

    def __init__(self, tls: DoorTls) -> None:
        self._tls = tls
        self._context: ssl.SSLContext | None = None
        self._read: tuple[int, ...] = ()

    def context(self) -> ssl.SSLContext | None:
        """None while there are no files that fit together."""
        try:
            stamp = tuple(path.stat().st_mtime_ns for path in (self._tls.chain, self._tls.key))
            if stamp != self._read:
                fresh = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                fresh.load_cert_chain(self._tls.chain, self._tls.key)
                self._context, self._read = fresh, stamp
        except (OSError, ssl.SSLError) as error:
            log.warning("door_certificate_not_readable", error=type(error).__name__)
        return self._context


def base_address(address: str) -> str:
    """Without what follows a plus, lower case: `Info+cb42@Example.org` is an address of info@example.org."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}".lower()


class _Smtp(SMTP):
    line_length_limit = LONGEST_LINE


class _Lmtp(LMTP):
    line_length_limit = LONGEST_LINE


class MailDoor:
    """The listening servers. `start` raises OSError when a port is taken."""

    def __init__(
        self,
        address: DoorAddress,
        find: FindInbox,
        intake: Intake,
    ) -> None:
        self._address = address
        self._find = find
        self._intake = intake
        self._certificate = None if address.tls is None else _Certificate(address.tls)
        self._room = asyncio.Semaphore(AT_ONCE)
        self._servers: list[asyncio.Server] = []

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        where = self._address
        for port, make in ((where.smtp_port, self._smtp), (where.lmtp_port, self._lmtp)):
            host = where.host if make == self._smtp else "127.0.0.1"
            self._servers.append(await loop.create_server(make, host, port))

    async def stop(self) -> None:
        for server in self._servers:
            server.close()
        for server in self._servers:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(server.wait_closed(), 2)

    def _smtp(self) -> SMTP:
        return _Smtp(
            _Handler(self, lmtp=False),
            hostname="cordboard",
            ident="Cordboard",
            data_size_limit=SIZE_LIMIT,
            enable_SMTPUTF8=True,
            timeout=PATIENCE_SECONDS,
            tls_context=self._context(),
            require_starttls=self._address.tls is not None and self._address.tls.required,
        )

    def _context(self) -> ssl.SSLContext | None:
        return None if self._certificate is None else self._certificate.context()

    def _lmtp(self) -> LMTP:
        return _Lmtp(
            _Handler(self, lmtp=True),
            hostname="cordboard",
            ident="Cordboard",
            data_size_limit=SIZE_LIMIT,
            enable_SMTPUTF8=True,
            timeout=PATIENCE_SECONDS,
            tls_context=self._context(),
        )

    def find(self, address: str) -> InboxSettings | None:
        return self._find(address.lower()) or self._find(base_address(address))

    async def take(self, inboxes: Sequence[InboxSettings], content: bytes) -> None:
        """Stores it for each inbox. Raises when one can not be stored now; the others have it, and know it the next time."""
        async with self._room:
            for inbox in inboxes:
                blob = await asyncio.to_thread(self._intake.store.put, inbox.tenant_id, content)
                # A server that did not hear our 250 brings the same bytes again. Without a Message-ID they may be two mails.
                has_name = b"\nmessage-id:" in b"\n" + content[:65536].lower()
                await self._intake.take(inbox, [Brought(blob, (f"hash:{blob.hash}",) if has_name else ())])


class _Handler:
    """aiosmtpd's hooks of one connection."""

    def __init__(self, door: MailDoor, *, lmtp: bool) -> None:
        self._door = door
        self._lmtp = lmtp

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= RECIPIENTS:
            return "452 4.5.3 Too many recipients: bring the others in another mail"
        if self._door.find(address) is None:
            return "550 5.1.1 There is no such address here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        found = [self._door.find(address) for address in envelope.rcpt_tos]
        inboxes = {inbox.key: inbox for inbox in found if inbox is not None}
        content = envelope.content
        try:
            await self._door.take(list(inboxes.values()), content if isinstance(content, bytes) else b"")
        except Exception as error:  # noqa: BLE001  whatever keeps it from being stored: the other side keeps it
            log.warning("delivery_deferred", error=type(error).__name__)
            answer = "451 4.3.0 It can not be stored at present: try again later"
        else:
            answer = "250 2.0.0 OK, stored"
        return "\r\n".join([answer] * (len(envelope.rcpt_tos) if self._lmtp else 1))
