"""From the tree of parts: what is read as the mail's text and HTML, and what is attached."""

import re
from dataclasses import dataclass, field

from cordboard.channels.email.understanding import (
    calendar,
    charsets,
    filetypes,
    html,
    protection,
    rtf,
    tnef,
    transfer,
)
from cordboard.channels.email.understanding.html_text import to_text
from cordboard.channels.email.understanding.model import Part
from cordboard.channels.email.understanding.structure import Entity, Reading, take_apart

UU_BEGIN = re.compile(
    r"^begin [0-7]{3,4} ([^\n]{1,200})\n((?:[ -`]{1,62}\n){1,2000000}?)(?:`?\n)?end[ \t]*$", re.MULTILINE
)
HTML_START = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|meta)\b", re.IGNORECASE)
CID = re.compile(r"""\bcid:([^"'\s<>)]{1,300})""", re.IGNORECASE)
NESTED = frozenset({"message/rfc822", "message/global", "message/news"})
MOST_OPENED = 5
"""Envelopes within one another."""
TEXT_OF_ATTACHMENT = 20_000
"""Characters of a text attachment that are kept beside it to be searched."""


@dataclass(slots=True)
class Body:
    """A piece of the mail's own words: as text, as (not yet sanitised) HTML, or both."""

    plain: str = ""
    markup: str = ""


@dataclass(slots=True)
class Bodies:
    """What was found on the way through the parts."""

    reading: Reading
    language: str
    words_only: bool = False
    """Within a mail within the mail: its attachments stay inside it."""
    attachments: list[Part] = field(default_factory=list)
    calendars: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    originals: list[str] = field(default_factory=list)
    spare: Body = field(default_factory=Body)
    """Words for a mail that has none of its own: those in a winmail.dat."""

    protection: str = ""
    """See `protection`: the strongest that a part of the mail's own has."""
    opened: int = 0

    def protect(self, what: str) -> None:
        if not self.words_only:
            self.protection = protection.stronger(self.protection, what)

    def add(self, part: Part) -> None:
        if len(self.attachments) < self.reading.limits.parts:
            self.attachments.append(part)


def gather(bodies: Bodies, one: Entity) -> Body:
    """Walks the parts: the mail's own words come back, the rest is noted in `bodies`."""
    if one.children:
        if one.media_type == "multipart/encrypted":
            return _pgp_encrypted(bodies, one)
        if one.media_type == "multipart/signed":
            bodies.protect(protection.SIGNED)
        if one.media_type == "multipart/alternative":
            return _alternative([gather(bodies, child) for child in one.children])
        return _in_a_row([gather(bodies, child) for child in one.children])
    if one.media_type.startswith("multipart/"):
        return Body()
    if _is_own_words(one):
        return _words(bodies, one)
    if one.media_type in protection.CMS_TYPES and _is_protected_mail(one):
        return _opened(bodies, one)
    if not bodies.words_only:
        _attach(bodies, one)
    return Body()


def _pgp_encrypted(bodies: Bodies, one: Entity) -> Body:
    """Closed (RFC 3156, 4): its parts are attached, but for the one that says only the version."""
    bodies.protect(protection.ENCRYPTED)
    for child in one.children if not bodies.words_only else ():
        if child.media_type != "application/pgp-encrypted" and not child.children:
            name = name_of(child)
            data = content(bodies, child)
            if data:
                number = len(bodies.attachments) + 1
                found, warning = filetypes.typed(data, name, child.media_type)
                safe = filetypes.safe_name(name or "encrypted.asc", found, number)
                bodies.add(Part(safe, found, data, child.media_type, "", warning))
    return Body()


def _is_protected_mail(one: Entity) -> bool:
    """A mail's own words are in it; a signed document that is attached has a name of its own."""
    shown = bool(one.headers.parameter("content-type", "smime-type"))
    return shown or name_of(one).lower() in ("", "smime.p7m", "smime.p7z")


def _opened(bodies: Bodies, one: Entity) -> Body:
    """The words of what is signed or compressed; what is encrypted, or can not be opened, is attached as it is."""
    data = content(bodies, one)
    found = protection.open_cms(data)
    if found is None:
        wanted = one.headers.parameter("content-type", "smime-type").lower()
        closed = wanted in ("enveloped-data", "authenveloped-data", "encrypted-data")
        bodies.protect(protection.ENCRYPTED if closed else protection.UNREADABLE)
    elif found.kind == "encrypted":
        bodies.protect(protection.ENCRYPTED)
    elif found.content is not None and bodies.opened < MOST_OPENED:
        bodies.opened += 1
        if found.kind == "signed":
            bodies.protect(protection.SIGNED)
        inner = Reading(found.content, bodies.reading.limits, bodies.reading.repaired, bodies.reading.parts)
        tree = take_apart(inner)
        bodies.reading.parts = inner.parts
        return gather(bodies, tree)
    if not bodies.words_only:
        _attach(bodies, one)
    return Body()


def _alternative(bodies: list[Body]) -> Body:
    """The last form of each sort is the best (RFC 2046, 5.1.4)."""
    plain = next((one.plain for one in reversed(bodies) if one.plain.strip() and not one.markup), "")
    with_markup = next((one for one in reversed(bodies) if one.markup.strip()), None)
    if with_markup is None:
        return Body(plain)
    return Body(plain or with_markup.plain, with_markup.markup)


def _in_a_row(bodies: list[Body]) -> Body:
    bodies = [one for one in bodies if one.plain.strip() or one.markup.strip()]
    if len(bodies) <= 1:
        return bodies[0] if bodies else Body()
    plain = "\n\n".join(one.plain or to_text(html.sanitised(one.markup)) for one in bodies)
    if not any(one.markup for one in bodies):
        return Body(plain)
    return Body(plain, "\n".join(one.markup or html.from_text(one.plain) for one in bodies))


def _is_own_words(one: Entity) -> bool:
    if one.media_type not in ("text/plain", "text/html", "text/enriched", "text/x-amp-html"):
        return False
    shown = one.headers.raw("content-disposition").split(";")[0].strip().lower()
    return shown != "attachment" and not name_of(one)


def name_of(one: Entity) -> str:
    """The file name that a part is given, "" without one."""
    found = one.headers.parameter("content-disposition", "filename") or one.headers.parameter(
        "content-type", "name"
    )
    return charsets.clean(found)


def content(bodies: Bodies, one: Entity) -> bytes:
    """A part's bytes, decoded."""
    data, mended = transfer.decode(one.body, one.headers.raw("content-transfer-encoding"))
    bodies.reading.mend(mended)
    return data


def text_of(bodies: Bodies, one: Entity, data: bytes | None = None) -> str:
    """A text part as clean text."""
    data = content(bodies, one) if data is None else data
    limit = bodies.reading.limits.html if one.media_type == "text/html" else bodies.reading.limits.text
    if len(data) > limit * 4:
        data = data[: limit * 4]
    charset = one.headers.parameter("content-type", "charset")
    if not charset and one.media_type == "text/html":
        charset = _charset_of_markup(data)
    text, mended = charsets.decode(data, charset)
    bodies.reading.mend(mended)
    if len(text) > limit:
        text = text[:limit]
        bodies.reading.mend("text-cut")
    return charsets.clean(text)


def _words(bodies: Bodies, one: Entity) -> Body:
    text = text_of(bodies, one)
    if one.media_type == "text/x-amp-html":
        return Body()
    if "-----BEGIN PGP " in text:
        return _without_armour(
            bodies, to_text(html.sanitised(text)) if one.media_type == "text/html" else text
        )
    if one.media_type == "text/html":
        return Body("", text)
    if one.media_type == "text/enriched":
        return Body(re.sub(r"</?[a-zA-Z-]{1,60}>", "", text).replace("<<", "<"))
    if HTML_START.match(text):
        bodies.reading.mend("html-as-text")
        return Body("", text)
    if one.headers.parameter("content-type", "format").lower() == "flowed":
        text = _unflowed(text, one.headers.parameter("content-type", "delsp").lower() == "yes")
    return Body(_without_uuencoded(bodies, text))


def _without_armour(bodies: Bodies, text: str) -> Body:
    found = protection.unarmoured(text)
    bodies.protect(found.protection)
    for block in found.blocks if not bodies.words_only else ():
        number = len(bodies.attachments) + 1
        name = "encrypted.asc" if number == 1 else f"encrypted-{number}.asc"
        bodies.add(Part(name, "application/pgp-encrypted", block.encode(), "text/plain"))
    return Body(_without_uuencoded(bodies, found.text))


def _attach(bodies: Bodies, one: Entity) -> None:
    data = content(bodies, one)
    media_type = one.media_type
    if media_type in ("message/delivery-status", "message/global-delivery-status"):
        bodies.reports.append(charsets.clean(charsets.decode(data, "utf-8")[0]))
        return
    if media_type in ("text/rfc822-headers", "message/rfc822-headers"):
        bodies.originals.append(charsets.clean(charsets.decode(data[:100_000], "utf-8")[0]))
    if media_type in NESTED:
        _attach_mail(bodies, data)
        return
    name = name_of(one)
    if media_type in ("application/ms-tnef", "application/vnd.ms-tnef") or name.lower() == "winmail.dat":
        unpacked = tnef.unpack(data)
        if unpacked is not None:
            _attach_unpacked(bodies, unpacked)
            return
    inline_id = one.headers.raw("content-id").strip("<> \t")[:300]
    number = len(bodies.attachments) + 1
    found, warning = filetypes.typed(data, name, media_type)
    text = ""
    if media_type == "text/calendar" or found == "text/calendar":
        found = "text/calendar"
        if any(other.media_type == found and other.data == data for other in bodies.attachments):
            return  # Google and others send the same invitation twice: to be shown, and to be saved
        whole = text_of(bodies, one, data)
        text = calendar.summary(whole, bodies.language)
        bodies.calendars.append(whole)
        name = name or "invitation.ics"
    elif found.startswith("text/"):
        text = text_of(bodies, one, data[: TEXT_OF_ATTACHMENT * 4])[:TEXT_OF_ATTACHMENT]
        text = to_text(html.sanitised(text)) if found == "text/html" else text
    if not data and not name:
        return
    bodies.add(
        Part(filetypes.safe_name(name, found, number), found, data, media_type, inline_id, warning, text)
    )


def _attach_mail(bodies: Bodies, data: bytes) -> None:
    """A mail within the mail: kept whole as .eml, its words beside it so that they are found."""
    bodies.originals.append(charsets.decode(data[:20_000], "utf-8")[0])
    inner = Reading(data, bodies.reading.limits, bodies.reading.repaired, bodies.reading.parts)
    tree = take_apart(inner)
    bodies.reading.parts = inner.parts
    subject = tree.headers.decoded("subject")
    body = gather(Bodies(inner, bodies.language, words_only=True), tree)
    text = body.plain or to_text(html.sanitised(body.markup))
    lines = [
        f"{name.capitalize()}: {tree.headers.decoded(name)}"
        for name in ("from", "to", "date", "subject")
        if tree.headers.raw(name)
    ]
    told = "\n".join(lines) + "\n\n" + text
    name = filetypes.safe_name(
        f"{subject[:80]}.eml" if subject else "mail.eml", "message/rfc822", len(bodies.attachments) + 1
    )
    bodies.add(Part(name, "message/rfc822", data, "message/rfc822", text=told.strip()[:TEXT_OF_ATTACHMENT]))


def _attach_unpacked(bodies: Bodies, unpacked: tnef.Unpacked) -> None:
    if not unpacked.whole:
        bodies.reading.mend("tnef-broken")
    if unpacked.body or unpacked.html:
        markup = charsets.decode(unpacked.html, _charset_of_markup(unpacked.html))[0]
        bodies.spare = Body(charsets.clean(unpacked.body), charsets.clean(markup))
    elif unpacked.rtf:
        bodies.spare = _from_rtf(bodies, unpacked.rtf)
    for one in unpacked.attachments:
        found, warning = filetypes.typed(one.data, one.name, one.media_type)
        name = filetypes.safe_name(one.name, found, len(bodies.attachments) + 1)
        bodies.add(Part(name, found, one.data, one.media_type, one.content_id, warning))


def _from_rtf(bodies: Bodies, packed: bytes) -> Body:
    try:
        text, is_markup = rtf.read(rtf.unpacked(packed))
    except ValueError:
        bodies.reading.mend("rtf-broken")
        return Body()
    limit = bodies.reading.limits.html if is_markup else bodies.reading.limits.text
    text = charsets.clean(text[:limit])
    return Body("", text) if is_markup else Body(text)


def _without_uuencoded(bodies: Bodies, text: str) -> str:
    if "begin " not in text or "\nend" not in text:
        return text

    def unpacked(hit: re.Match[str]) -> str:
        data = transfer.uuencoded(hit[0].encode("ascii", "replace"))
        if data is None:
            return hit[0]
        found, warning = filetypes.typed(data, hit[1], "")
        name = filetypes.safe_name(hit[1], found, len(bodies.attachments) + 1)
        bodies.add(Part(name, found, data, "application/octet-stream", "", warning))
        bodies.reading.mend("uuencode")
        return ""

    return UU_BEGIN.sub(unpacked, text)


def _unflowed(text: str, delsp: bool) -> str:
    """format=flowed (RFC 3676): a line that ends with a blank goes on in the next of the same quoting depth."""
    lines: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        soft = words.endswith(" ") and words != "-- "
        if soft and delsp:
            words = words[:-1]
        if open_depth == depth and words != "-- ":
            lines[-1] += words
        else:
            lines.append((">" * depth + " " if depth else "") + words)
        open_depth = depth if soft else -1
    return "\n".join(lines)


def _charset_of_markup(data: bytes) -> str:
    hit = re.search(
        rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", data[:4_096], re.IGNORECASE
    )
    return hit[1].decode("ascii") if hit is not None else ""
