"""An outgoing mail as bytes: what the row says, in MIME that every program shows. Pure.

From is the inbox's own address, and so is the envelope's sender: SPF and DMARC look at the one, DKIM at the other, and both are
of one domain. The Message-ID is our thread token, so that every answer that names it finds its thread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from cordboard.channels.email.understanding.kinds import OUR_HEADER

AUTOMATIC = {
    "Auto-Submitted": "auto-replied",
    "X-Auto-Response-Suppress": "All",
    "Precedence": "bulk",
    OUR_HEADER.title(): "1",
}
"""What keeps two machines from answering each other for ever (RFC 3834, 3.1.7), and shows us our own mail when it comes back."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """An attachment with its bytes. With an `inline_id` it is shown where the html says `cid:<inline_id>`."""

    name: str
    media_type: str
    data: bytes
    inline_id: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to leave. Ids are without angle brackets; who is in `bcc` is in the envelope only."""

    message_id: str
    sender: Person
    to: tuple[Person, ...]
    subject: str
    at: datetime
    text: str
    html: str = ""
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    reply_to: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    auto_submitted: str = ""
    list_unsubscribe: str = ""

    @property
    def recipients(self) -> list[str]:
        """Addresses of the envelope, each once."""
        return list(dict.fromkeys(one.address for one in (*self.to, *self.cc, *self.bcc)))


def compose(mail: Outgoing) -> bytes:
    """Raises ValueError for an address that can not be written. Lines end with CRLF."""
    plain = all(address.isascii() for address in (mail.sender.address, *mail.recipients))
    message = EmailMessage(policy=SMTP if plain else SMTPUTF8)
    message["Message-ID"] = f"<{mail.message_id}>"
    message["Date"] = format_datetime(mail.at)
    message["From"] = _address(mail.sender)
    if mail.reply_to:
        message["Reply-To"] = _address(Person(mail.reply_to))
    for name, people in (("To", mail.to), ("Cc", mail.cc)):
        if people:
            message[name] = [_address(one) for one in people]
    if not mail.to and not mail.cc:
        message["To"] = "undisclosed-recipients:;"
    message["Subject"] = _one_line(mail.subject)
    _thread(message, mail)
    _machine(message, mail)
    _bodies(message, mail)
    return message.as_bytes()


def _address(person: Person) -> Address:
    local, _, domain = person.address.rpartition("@")
    if not local or not domain:
        raise ValueError(f"not an address: {person.address}")
    if not domain.isascii():
        domain = domain.encode("idna").decode()
    return Address(_one_line(person.name), local, domain)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _thread(message: EmailMessage, mail: Outgoing) -> None:
    references = [one for one in dict.fromkeys((*mail.references, mail.in_reply_to)) if one]
    if mail.in_reply_to:
        message["In-Reply-To"] = f"<{mail.in_reply_to}>"
    if references:
        # The first and the last ones: long threads have hundreds (RFC 5322 wants lines below 998 bytes).
        kept = references if len(references) <= 20 else [references[0], *references[-19:]]
        message["References"] = " ".join(f"<{one}>" for one in kept)


def _machine(message: EmailMessage, mail: Outgoing) -> None:
    if mail.auto_submitted and mail.auto_submitted != "no":
        for name, value in {**AUTOMATIC, "Auto-Submitted": mail.auto_submitted}.items():
            message[name] = value
    if mail.list_unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.list_unsubscribe}>"
        if mail.list_unsubscribe.startswith("https://"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058


def _bodies(message: EmailMessage, mail: Outgoing) -> None:
    """multipart/mixed ⊃ (multipart/alternative ⊃ text, (multipart/related ⊃ html, images)), attachments: as much as is needed."""
    message.set_content(mail.text or " ", cte=None)
    inline = [one for one in mail.enclosures if one.inline_id and mail.html]
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
        html_part = message.get_payload()[-1]  # type: ignore[index]  # a multipart's payload is its parts
        assert isinstance(html_part, EmailMessage)
        for one in inline:
            main, _, sub = one.media_type.partition("/")
            html_part.add_related(
                one.data,
                main,
                sub or "octet-stream",
                cid=f"<{one.inline_id}>",
                filename=one.name or None,
                disposition="inline",
            )
    for one in mail.enclosures:
        if one not in inline:
            _attach(message, one)


def _attach(message: EmailMessage, one: Enclosure) -> None:
    main, _, sub = one.media_type.partition("/")
    if main in ("multipart", "message") or not sub:
        main, sub = "application", "octet-stream"  # bytes stay bytes: nobody's program takes them apart
    message.add_attachment(one.data, main, sub, filename=one.name or "attachment")


def outgoing_people(recipients: Sequence[Mapping[str, object]], kind: str) -> tuple[Person, ...]:
    """Those of a row's recipients that are `to`, `cc` or `bcc`."""
    return tuple(
        Person(str(one["address"]), str(one.get("name") or ""))
        for one in recipients
        if one.get("kind") == kind
    )
