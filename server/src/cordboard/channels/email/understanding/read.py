"""bytes → `Understood`: puts together what the other modules find."""

import re
from collections.abc import Sequence
from dataclasses import replace

from cordboard.channels.email.tokens import find_tokens
from cordboard.channels.email.understanding import (
    addresses,
    bodies,
    calendar,
    charsets,
    dates,
    html,
    kinds,
    quotes,
)
from cordboard.channels.email.understanding.headers import Headers
from cordboard.channels.email.understanding.html_text import to_text
from cordboard.channels.email.understanding.model import (
    Bounce,
    Limits,
    Mailbox,
    MailKind,
    NotUnderstood,
    Part,
    Recipient,
    Understood,
)
from cordboard.channels.email.understanding.structure import Reading, take_apart
from cordboard.knowledge.language import language_of

KEPT_HEADERS = [
    "auto-submitted",
    "precedence",
    "list-id",
    "list-post",
    "list-unsubscribe",
    "x-auto-response-suppress",
    "delivered-to",
    "x-original-to",
    "importance",
    "x-priority",
    "x-mailer",
    "user-agent",
    "content-language",
    "thread-topic",
    "authentication-results",
    "x-spam-flag",
    "x-spam-status",
    "x-spam-score",
    "x-failed-recipients",
    "organization",
    "sender",
]
LONGEST_HEADER = 1_000
ID = re.compile(r"<\s*([^<>\s]{1,300})\s*>")
BARE_ID = re.compile(r"(?<![^\s<>,;\"()])[^\s<>,;\"()]{1,200}@[^\s<>,;\"()]{1,200}")
MOST_REFERENCES = 100
REPLY_MARK = re.compile(r"^(?:(?:re|fw|fwd|tr|aw|wg|rv)s?:\s*)+", re.IGNORECASE)
SCORE = re.compile(r"(?:score=)?\s*(-?\d{1,4}(?:\.\d{1,4})?)")


def understand(
    raw: bytes, *, languages: Sequence[str] = (), default_language: str = "en", limits: Limits | None = None
) -> Understood:
    """A mail as it came, with its languages to choose from. Raises `NotUnderstood` for what can not be shown at all.

    Takes some 300 µs for a usual mail and a time that grows with the size only; the same bytes give the same value.
    """
    limits = limits or Limits()
    if len(raw) > limits.size:
        raise NotUnderstood(
            f"The mail has {len(raw) // 1_048_576} MB, more than the {limits.size // 1_048_576} MB that are read."
        )
    if not raw.strip(b"\r\n\t \0"):
        raise NotUnderstood("The mail is empty.")
    reading = Reading(raw, limits)
    tree = take_apart(reading)
    found = bodies.Bodies(reading, default_language)
    body = bodies.gather(found, tree)
    if not (body.plain.strip() or body.markup.strip()):
        body = found.spare
    head = tree.headers
    if not head and not (body.plain.strip() or body.markup.strip() or found.attachments):
        raise NotUnderstood("The mail has neither headers nor a text.")
    return _told(head, found, body, default_language, languages)


def _told(
    head: Headers, found: bodies.Bodies, body: bodies.Body, default: str, languages: Sequence[str]
) -> Understood:
    reading = found.reading
    markup = html.sanitised(body.markup) if body.markup.strip() else ""
    whole = body.plain.strip("\n") or (to_text(markup, reading.limits.text) if markup else "")
    sender, reply_to = _sender(head, reading)
    recipients = _recipients(head, reading)
    subject = head.decoded("subject")
    if not head.raw("subject"):
        reading.mend("subject-missing")
    sent_at, mended = dates.read(head.decoded("date"))
    reading.mend(mended)
    bounce = kinds.read_bounce(head, sender, subject, whole, found.reports, found.originals)
    kind = kinds.kind_of(head, subject, sender, bounce, reading.limits)
    whole = _with_invitations(found, whole, default)
    if (
        found.calendars
        and kind in (MailKind.PERSON, MailKind.LIST)
        and any(map(calendar.method, found.calendars))
    ):
        kind = MailKind.CALENDAR
    new, quoted, signature = (
        quotes.divide(whole) if kind is not MailKind.BOUNCE else quotes.Divided(whole.strip(), "", "")
    )
    replied = _ids(head, "in-reply-to")
    references = _ids(head, "references")
    return Understood(
        message_id=_message_id(head, reading),
        in_reply_to=replied,
        references=references,
        sender=sender,
        reply_to=reply_to,
        recipients=recipients,
        subject=subject,
        sent_at=sent_at,
        text=new,
        html=markup,
        quoted_text=quoted,
        signature_text=signature,
        full_text=whole.strip(),
        language=language_of(_worded(new, subject), languages, default),
        kind=kind,
        attachments=_linked(found.attachments, markup),
        tokens=_tokens(head, replied, references, recipients, subject, bounce),
        headers=_kept(head),
        return_path=_return_path(head),
        spam_score=_spam_score(head),
        auto_submitted=kinds.keyword(head.raw("auto-submitted")),
        bounce=bounce,
        protection=found.protection,
        repaired=tuple(sorted(reading.repaired)),
    )


def _sender(head: Headers, reading: Reading) -> tuple[Mailbox, tuple[Mailbox, ...]]:
    """Who wrote: From, and where that says nothing Sender, Reply-To or the way back."""
    reply_to = tuple(box for box in _mailboxes(head, "reply-to", reading) if box.address)
    named = _mailboxes(head, "from", reading)
    sender = next((box for box in named if box.address), None)
    if sender is None:
        reading.mend("from-missing")
        others = [*_mailboxes(head, "sender", reading), *reply_to, *_mailboxes(head, "return-path", reading)]
        sender = next((box for box in others if box.address), Mailbox(""))
        name = next((box.name for box in named if box.name), "")
        sender = replace(sender, name=sender.name or name)
    return sender, reply_to


def _mailboxes(head: Headers, name: str, reading: Reading) -> tuple[Mailbox, ...]:
    found: list[Mailbox] = []
    for raw in head.all_raw(name):
        boxes, mended = addresses.read(raw, reading.limits.recipients)
        found += boxes
        for what in mended:
            reading.mend(what)
    return tuple(found[: reading.limits.recipients])


def _recipients(head: Headers, reading: Reading) -> tuple[Recipient, ...]:
    found: dict[tuple[str, str], Recipient] = {}
    for kind in ("to", "cc", "bcc"):
        for box in _mailboxes(head, kind, reading):
            if box.address:
                found.setdefault((kind, box.address), Recipient(kind, box.address, box.name))
    return tuple(found.values())[: reading.limits.recipients]


def _message_id(head: Headers, reading: Reading) -> str:
    found = _ids(head, "message-id")
    if not found:
        reading.mend("message-id-missing")
    return found[0] if found else ""


def _ids(head: Headers, name: str) -> tuple[str, ...]:
    """Message ids without brackets, each once, in order; of very many the first and the last ones."""
    raw = " ".join(head.all_raw(name)).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    found = list(dict.fromkeys(ID.findall(raw) or BARE_ID.findall(raw)))
    found = [charsets.clean(one) for one in found]
    return tuple(found if len(found) <= MOST_REFERENCES else [found[0], *found[1 - MOST_REFERENCES :]])


def _tokens(
    head: Headers,
    replied: tuple[str, ...],
    references: tuple[str, ...],
    to: tuple[Recipient, ...],
    subject: str,
    bounce: Bounce | None,
) -> tuple[str, ...]:
    original = bounce.original_message_id if bounce is not None else ""
    delivered = " ".join([*head.all_raw("delivered-to"), *head.all_raw("x-original-to")])
    addressed = " ".join(one.address for one in to)
    return find_tokens(
        original, " ".join(replied), " ".join(reversed(references)), addressed, delivered, subject
    )


def _with_invitations(found: bodies.Bodies, whole: str, language: str) -> str:
    told = [text for text in (calendar.summary(one, language) for one in found.calendars) if text]
    return "\n\n".join(dict.fromkeys([*told, whole])).strip() if told else whole


def _worded(text: str, subject: str) -> str:
    """What the language is read from: the new text, with the subject's help when it is short."""
    bare = re.sub(r"https?://\S+|\S{1,99}@\S{1,99}", " ", text[:4_000])
    return bare if len(bare) > 200 else f"{REPLY_MARK.sub('', subject)} {bare}"


def _linked(attachments: list[Part], markup: str) -> tuple[Part, ...]:
    """Content-IDs only for the pictures that the html shows: the others are ordinary attachments."""
    if not any(one.inline_id for one in attachments):
        return tuple(attachments)
    shown = set(bodies.CID.findall(markup))
    return tuple(one if one.inline_id in shown else replace(one, inline_id="") for one in attachments)


def _kept(head: Headers) -> tuple[tuple[str, str], ...]:
    return tuple((name, head.decoded(name)[:LONGEST_HEADER]) for name in KEPT_HEADERS if head.raw(name))


def _return_path(head: Headers) -> str | None:
    raw = next(iter(head.all_raw("return-path")), None)
    return None if raw is None else addresses.normalise(raw)


def _spam_score(head: Headers) -> float | None:
    for name in ("x-spam-score", "x-spam-status"):
        raw = head.raw(name)
        hit = (
            (
                re.search(r"score=(-?\d{1,4}(?:\.\d{1,4})?)", raw)
                if name == "x-spam-status"
                else SCORE.match(raw)
            )
            if raw
            else None
        )
        if hit is not None:
            return float(hit[1])
    return None
