"""The demo centre's post office: an SMTP service that brings every mail to its address: an inbox of ours, or a demo mailbox.

What the centre sends to "the outside" is found there too: any address has a mailbox, but those of `nobody@`. What can not be delivered
comes back to its sender as a report (RFC 3464), as from any post office. Nothing ever leaves this machine.
"""

import asyncio
import re
import smtplib
from collections.abc import Callable, Mapping
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.policy import SMTP as SMTP_POLICY
from email.policy import compat32
from email.utils import formatdate, make_msgid

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

log = structlog.get_logger(__name__)

SIZE_LIMIT = 64 * 1024 * 1024
_STATUS = re.compile(r"\b(5\.\d{1,3}\.\d{1,3})\b")


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
        refused: dict[str, str] = {}
        for port, addresses in ways.items():
            refused |= _hand_over(port, envelope.mail_from or "", addresses, content)
        if refused and envelope.mail_from:  # never a report on a report
            report = undelivered(envelope.mail_from, refused, content)
            _hand_over(self._way(envelope.mail_from), "", [envelope.mail_from], report)


def _hand_over(port: int, sender: str, addresses: list[str], content: bytes) -> dict[str, str]:
    """Who is refused for good, with the answer. Raises when it is for now only."""
    try:
        with smtplib.LMTP("127.0.0.1", port, timeout=60) as client:
            answers = client.sendmail(sender, addresses, content)
    except smtplib.SMTPRecipientsRefused as error:
        answers = error.recipients
    told = {
        address: f"{code} {answer.decode(errors='replace')}" for address, (code, answer) in answers.items()
    }
    if any(code < 500 for code, _ in answers.values()):
        raise smtplib.SMTPRecipientsRefused(answers)
    return told


def undelivered(sender: str, refused: Mapping[str, str], content: bytes) -> bytes:
    """The report that comes back (RFC 3464)."""
    original = message_from_bytes(content, policy=SMTP_POLICY)
    lines = "".join(f"<{address}>: {answer}\n" for address, answer in refused.items())
    text = EmailMessage(policy=SMTP_POLICY)
    text.set_content(f"This mail could not be delivered to\n\n{lines}")
    status = Message()
    status["Content-Type"] = "message/delivery-status"
    about = Message()
    about["Reporting-MTA"] = "dns; demo-mail"
    parts: list[Message | str] = [about]
    for address, answer in refused.items():
        one = Message()
        one["Final-Recipient"] = f"rfc822; {address}"
        one["Action"] = "failed"
        one["Status"] = _STATUS.search(answer)[1] if _STATUS.search(answer) else "5.0.0"  # type: ignore[index]  # just found
        one["Diagnostic-Code"] = f"smtp; {answer}"
        parts.append(one)
    status.set_payload(parts)
    headers = Message()
    headers["Content-Type"] = "text/rfc822-headers"
    headers.set_payload("".join(f"{name}: {value}\n" for name, value in original.items()))
    report = MIMEMultipart("report", _subparts=[text, status, headers])
    report.set_param("report-type", "delivery-status")
    report["From"] = "Mail Delivery System <mailer-daemon@demo-mail.example>"
    report["To"] = sender
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Message-ID"] = make_msgid(domain="demo-mail.example")
    report["Date"] = formatdate()
    report["Auto-Submitted"] = "auto-replied"
    return report.as_bytes(policy=compat32.clone(linesep="\r\n"))
