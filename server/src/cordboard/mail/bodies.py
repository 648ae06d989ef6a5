"""What is written, as it leaves: recipients read, html made harmless, what is answered quoted below. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import parseaddr
from html import escape

from cordboard.knowledge.markup import sanitised, text_of
from cordboard.mail.errors import NothingWritten, RecipientInvalid, RecipientMissing
from cordboard.mail.repository import Mail
from cordboard.mail.schemas import Draft

_ADDRESS = re.compile(r"[^\s@<>\",;:\\()\[\]]+@[^\s@<>\",;:\\()\[\]]+\.[^\s@<>\",;:\\()\[\].]+")
_WROTE = {
    "en": "On {at:%d %B %Y}, {who} wrote:",
    "fr": "Le {at:%d/%m/%Y}, {who} a écrit :",
}
_MOST_QUOTED = 20_000


def recipients_of(draft: Draft) -> list[dict[str, str]]:
    """Raises RecipientInvalid, RecipientMissing. Who is in several lists stays in the first."""
    found: dict[str, dict[str, str]] = {}
    for kind, written in (("to", draft.to), ("cc", draft.cc), ("bcc", draft.bcc)):
        for one in written:
            if one.strip():
                name, address = read_address(one)
                found.setdefault(address.lower(), {"kind": kind, "address": address, "name": name})
    if not any(one["kind"] == "to" for one in found.values()):
        raise RecipientMissing
    return list(found.values())


def read_address(written: str) -> tuple[str, str]:
    """Name and address of `Name <address>` or a bare address."""
    name, address = parseaddr(written.strip())
    if not _ADDRESS.fullmatch(address):
        raise RecipientInvalid(address=written.strip()[:100])
    return name, address


def written_bodies(draft: Draft) -> tuple[str, str]:
    """Text and html. The text follows from the html when it is not given; a plain mail has no html."""
    html = "" if draft.plain else sanitised(draft.html)
    text = draft.text.strip() or text_of(html)
    if not text.strip() and not draft.attachments and "<img" not in html:
        raise NothingWritten
    return text, html


def quote(answered: Mail, language: str) -> tuple[str, str]:
    """What the answer answers, as text and as html; nothing of a mail without words (one that is encrypted)."""
    if not answered.text.strip():
        return "", ""
    who = answered.sender_name or answered.sender
    at = answered.sent_at or answered.received_at
    intro = _intro(language, at, who)
    text = answered.text[:_MOST_QUOTED].strip()
    lines = "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
    html = escape(text, quote=False).replace("\n", "<br>")
    return f"{intro}\n{lines}", f"<p>{escape(intro)}</p><blockquote>{html}</blockquote>"


def own_and_quoted(html: str, quoted_text: str) -> tuple[str, str]:
    """What the author has written, and the mail that it answers with the line above it: taken apart to be written anew."""
    intro, _, _ = quoted_text.partition("\n")
    for mark in (f"<p>{escape(intro)}</p><blockquote>", f"<p>{escape(intro, quote=False)}</p><blockquote>"):
        at = html.rfind(mark) if intro else -1
        if at >= 0:
            return html[:at], html[at:]
    own, mark, rest = html.partition("<blockquote>")
    return own, f"{mark}{rest}"


def _intro(language: str, at: datetime, who: str) -> str:
    return _WROTE.get(language, _WROTE["en"]).format(at=at, who=who)


def references_of(answered: Mail | None) -> list[str]:
    if answered is None:
        return []
    return [one for one in (*answered.refs, answered.message_id) if one][-30:]


def expert_mails(mails: Sequence[Mail]) -> set[int]:
    """The questions to outside experts, and what answers them."""
    questions = {mail.id for mail in mails if mail.headers.get("expert")}
    names = {mail.message_id for mail in mails if mail.id in questions and mail.message_id}
    addresses = {str(mail.headers["expert"]).lower() for mail in mails if mail.id in questions}
    answers = {
        mail.id
        for mail in mails
        if mail.direction == "in"
        and (mail.in_reply_to in names or names & set(mail.refs) or mail.sender.lower() in addresses)
    }
    return questions | answers


def answered_mail(mails: Iterable[Mail]) -> Mail | None:
    """The newest mail from the end-customer that a person wrote, else his newest. An expert's words are not his."""
    mails = list(mails)
    experts = expert_mails(mails)
    incoming = [mail for mail in mails if mail.direction == "in" and mail.id not in experts]
    people = [mail for mail in incoming if mail.kind == "person"]
    found = people or incoming
    return found[-1] if found else None
