"""The values that come out of a mail."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NotUnderstood(Exception):
    """This mail can not be shown at all: it is empty, too large, or no mail."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MailKind(StrEnum):
    """Who wrote: a person, or which sort of machine."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    CALENDAR = "calendar"
    LOOP = "loop"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a single mail may cost. What is beyond is left out and told in `repaired`; the raw mail is kept whole."""

    size: int = 64 * 1024 * 1024
    header_bytes: int = 256 * 1024
    headers: int = 1_000
    depth: int = 30
    """Parts within parts."""
    parts: int = 300
    text: int = 1_000_000
    """Characters of a text."""
    html: int = 2_000_000
    """Characters of HTML that are read."""
    recipients: int = 1_000
    received: int = 40
    """More stations than this on its way: it goes in circles (RFC 5321, 6.3 advises at least 100; real ways have under 15)."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address and the name that its owner gave it. `address` is normalised: domain in lower case, plus-address kept."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """`kind` is to, cc or bcc."""

    kind: str
    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """An attachment. `media_type` is what its bytes are, `declared_type` what the mail says that they are.

    `inline_id` is the Content-ID, without brackets, by which the html shows it. `warning` is "" or one of: `program` (it can be
    run), `disguised` (the name says something else than the bytes), `locked` (a protected archive).
    """

    name: str
    media_type: str
    data: bytes
    declared_type: str = ""
    inline_id: str = ""
    warning: str = ""
    text: str = ""
    """Its text where that is known without reading pictures: mails within the mail, invitations, plain texts."""

    @property
    def size(self) -> int:
        return len(self.data)


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a non-delivery report tells (RFC 3464). `status` is the enhanced code such as 5.1.1, "" when unknown."""

    original_message_id: str
    recipient: str
    status: str
    diagnostic: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Understood:
    """A mail. Ids are without angle brackets; texts are NFC with `\\n`; `sent_at` is aware or None.

    `text` is the new text without quote and signature, `full_text` all of it. `html` is sanitised and "" when the mail has none:
    pictures from outside are in `data-src` and load nothing. `tokens` are our own thread tokens found anywhere in it, most
    telling first, not yet verified (`threads.read_token` does).
    """

    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender: Mailbox
    reply_to: tuple[Mailbox, ...]
    recipients: tuple[Recipient, ...]
    subject: str
    sent_at: datetime | None
    text: str
    html: str
    quoted_text: str
    signature_text: str
    full_text: str
    language: str
    kind: MailKind
    attachments: tuple[Part, ...]
    tokens: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    """Those that scripts and screens ask for, decoded, names in lower case."""
    return_path: str | None
    """None when the mail does not say; "" is the empty path of machines (RFC 5321, 4.5.5)."""
    spam_score: float | None
    """What a filter on the way said (X-Spam-Score, X-Spam-Status)."""
    auto_submitted: str
    """The keyword of RFC 3834: "" or no, auto-generated, auto-replied …"""
    bounce: Bounce | None
    protection: str
    """"" or one of: `signed` (read; whether the signature is right is not checked), `encrypted` (closed: attached as it came),
    `unreadable` (it says that it is signed, and can not be opened)."""
    repaired: tuple[str, ...]

    @property
    def token(self) -> str:
        """The most telling thread token, "" when there is none."""
        return self.tokens[0] if self.tokens else ""

    def header(self, name: str) -> str:
        """A kept header's value, "" when the mail has none."""
        return next((value for known, value in self.headers if known == name), "")
