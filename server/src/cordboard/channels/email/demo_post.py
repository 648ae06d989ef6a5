"""The demo centre's post office: an SMTP service that brings every mail to its address: an inbox of ours, or a demo mailbox.

What the centre sends to "the outside" is found there too: any address has a mailbox. Nothing ever leaves this machine.
"""

import asyncio
import smtplib
from collections.abc import Callable

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

log = structlog.get_logger(__name__)

SIZE_LIMIT = 64 * 1024 * 1024


class _Post(SMTP):
    line_length_limit = 1024 * 1024


class DemoPost:
    """Listens on the loopback address. `start` raises OSError when the port is taken."""

    def __init__(self, port: int, way: Callable[[str], int]) -> None:
        """`way`: address → port of the LMTP that reaches it."""
        self._port = port
        self._way = way
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, "127.0.0.1", self._port)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    def _connection(self) -> SMTP:
        return _Post(
            self,
            hostname="demo-mail",
            ident="Demo post",
            data_size_limit=SIZE_LIMIT,
            enable_SMTPUTF8=True,
            timeout=120.0,
            authenticator=None,
        )

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        try:
            await asyncio.to_thread(self._bring, envelope)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("demo_post_failed", error=type(error).__name__)
            return "451 4.3.0 The demo mail server does not take it: try again later"
        return "250 2.0.0 Brought to the mailbox"

    def _bring(self, envelope: Envelope) -> None:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        ways: dict[int, list[str]] = {}
        for address in envelope.rcpt_tos:
            ways.setdefault(self._way(address), []).append(address)
        for port, addresses in ways.items():
            with smtplib.LMTP("127.0.0.1", port, timeout=60) as client:
                client.sendmail(envelope.mail_from or "", addresses, content)
