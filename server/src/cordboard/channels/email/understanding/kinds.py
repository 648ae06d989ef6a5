"""Who wrote a mail: a person, or a machine; and whether a machine of ours may answer (RFC 3834)."""

import re
from typing import NamedTuple

from cordboard.channels.email.understanding.headers import Headers
from cordboard.channels.email.understanding.model import Bounce, Limits, Mailbox, MailKind, Understood

OUR_HEADER = "x-cordboard-automatic"
"""Every automatic mail of ours carries it, next to `Auto-Submitted: auto-replied`. One that comes in has gone in a circle."""

AWAY = re.compile(
    r"""^\s*(?:
      auto(?:matic|mated)?[\s-]*(?:re(?:ply|sponse)|response) | out\ of\ (?:the\ )?office | i\ am\ (?:currently\ )?out\ of\ (?:the\ )?office
    | (?:on\ )?(?:vacation|annual\ leave)\ (?:reply|notice|response) | away\ from\ (?:the\ |my\ )?(?:office|desk|mail)
    | r[ée]ponse\ automatique | message\ (?:automatique\ )?d['’]absence | absen(?:ce|t)\ (?:du|hors\ du)\ bureau
    | notification\ d['’]absence
    | automatische\ (?:antwort|rückmeldung|abwesenheitsnotiz) | abwesenheits(?:notiz|benachrichtigung|nachricht|meldung) | abwesend\b
    | autom[aá]tica\ respuesta | respuesta\ autom[aá]tica | fuera\ de\ (?:la\ )?oficina | ausencia\ (?:de\ la\ )?oficina
    | risposta\ automatica | automatisch\ antwoord | afwezig(?:heid)? | resposta\ autom[aá]tica | autosvar | odpowied[zź]\ automatyczna
    )\b\s*(?:$ | [:;,.!()\[\]–—-] | \d
      | (?:re|aw|until|till|from|since|back|reply|response|message|this|on|jusqu|du|au
          |à|depuis|le|bis|ab|vom|von|hasta|desde|del|el)\b)""",
    re.VERBOSE | re.IGNORECASE,
)
UNDELIVERED = re.compile(
    r"""undeliver(?:able|ed) | delivery\ (?:status\ notification|has\ failed|failure|failed|problem|error)
    | mail\ delivery\ (?:fail|sub|syst|err)
    | returned\ (?:to\ sender|mail) | failure\ notice | non[\s-]?(?:remis|distribu|delivery) | message\ non\ (?:remis|distribué|délivré)
    | échec\ de\ (?:la\ )?(?:remise|distribution|livraison) | unzustellbar | nicht\ zugestellt | zustellung\ fehlgeschlagen
    | no\ se\ (?:puede|ha\ podido)\ entregar | no\ entregado | mancata\ consegna | onbestelbaar""",
    re.VERBOSE | re.IGNORECASE,
)
POSTMASTERS = re.compile(
    r"(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon|maildaemon|mail delivery (?:sub)?system)\b",
    re.IGNORECASE,
)
NOBODY = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|ne[-_.]?pas[-_.]?repondre|nepasrepondre|noreponse|keine[-_.]?antwort|no[-_.]?responder|"
    r"mailer-daemon|postmaster|bounces?|listserv|majordomo|owner-.*|.*-request|.*-bounces?|notifications?|auto-?confirm)(?:[+=].*)?$",
    re.IGNORECASE,
)
BULK = frozenset({"bulk", "junk", "list"})
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
SMTP_CODE = re.compile(r"\b([45])\d\d[ -]")
FIELD = re.compile(
    r"^(final-recipient|original-recipient|action|status|diagnostic-code)\s*:\s*(.*(?:\n[ \t].*)*)",
    re.IGNORECASE | re.MULTILINE,
)
ORIGINAL_ID = re.compile(r"^[ \t>]*message-id:\s*<([^<>\s]{3,300})>", re.IGNORECASE | re.MULTILINE)
FAILED_ADDRESS = re.compile(
    r"<([^<>\s@]{1,64}@[^<>\s@]{1,255})>|\b([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})\b"
)


class MayAnswer(NamedTuple):
    """`reason` is "" when allowed, else a word that explains: see `may_be_answered_automatically`."""

    allowed: bool
    reason: str


def kind_of(
    headers: Headers, subject: str, sender: Mailbox, bounce: Bounce | None, limits: Limits
) -> MailKind:
    """PERSON unless something tells otherwise; an invitation is seen by who reads the parts."""
    if headers.raw(OUR_HEADER) or len(headers.all_raw("received")) > limits.received:
        return MailKind.LOOP
    if bounce is not None:
        return MailKind.BOUNCE
    if _replies_automatically(headers, subject):
        return MailKind.AUTO_REPLY
    if headers.raw("list-id") or headers.raw("list-post") or headers.raw("precedence").lower() in BULK:
        return MailKind.LIST
    if headers.raw("list-unsubscribe") and NOBODY.match(sender.address.rpartition("@")[0] or "-"):
        return MailKind.LIST
    return MailKind.PERSON


def _replies_automatically(headers: Headers, subject: str) -> bool:
    submitted = keyword(headers.raw("auto-submitted"))
    if submitted.startswith("auto-replied") or submitted == "auto-notified":
        return True
    if any(
        headers.raw(name)
        for name in (
            "x-autoreply",
            "x-autorespond",
            "x-autoresponder",
            "x-auto-reply-from",
            "x-mail-autoreply",
        )
    ):
        return headers.raw("x-autoreply").lower() != "no"
    if (
        headers.raw("precedence").lower() in ("auto_reply", "auto-reply")
        or headers.raw("x-precedence").lower() == "auto_reply"
    ):
        return True
    return len(subject) < 200 and AWAY.match(subject) is not None


def keyword(raw: str) -> str:
    """The keyword of an Auto-Submitted header: before comments and parameters."""
    return re.split(r"[;(\s]", raw.strip().lower(), maxsplit=1)[0][:40]


def may_be_answered_automatically(mail: Understood) -> MayAnswer:
    """RFC 3834 and what has been learned since. Reasons: `kind` words, `auto-submitted`, `no-sender`, `machine-address`,
    `empty-return-path`, `suppressed`, `bulk`, `own-header`."""
    if mail.kind is not MailKind.PERSON:
        return MayAnswer(False, mail.kind.value)
    if mail.auto_submitted not in ("", "no"):
        return MayAnswer(False, "auto-submitted")
    if mail.return_path == "":
        return MayAnswer(False, "empty-return-path")
    answer_to = mail.reply_to[0].address if mail.reply_to else mail.sender.address
    if not answer_to:
        return MayAnswer(False, "no-sender")
    if NOBODY.match(answer_to.rpartition("@")[0]) or NOBODY.match(
        mail.sender.address.rpartition("@")[0] or "-"
    ):
        return MayAnswer(False, "machine-address")
    suppressed = {word.strip().lower() for word in mail.header("x-auto-response-suppress").split(",")}
    if suppressed & {"all", "oof", "autoreply"}:
        return MayAnswer(False, "suppressed")
    if mail.header("list-unsubscribe") or mail.header("precedence").lower() in BULK:
        return MayAnswer(False, "bulk")
    return MayAnswer(True, "")


def read_bounce(
    headers: Headers, sender: Mailbox, subject: str, text: str, reports: list[str], originals: list[str]
) -> Bounce | None:
    """What a non-delivery report tells; None when the mail is none.

    `reports` are the texts of message/delivery-status parts, `originals` the beginnings of the returned mail. Reports of success
    or delay are no bounces.
    """
    fields: dict[str, str] = {}
    for report in reports:
        for name, value in FIELD.findall(report[:20_000]):
            fields.setdefault(name.lower(), " ".join(value.split()))
    action = fields.get("action", "").lower()
    if reports and action and action != "failed":
        return None
    postmaster = POSTMASTERS.search(sender.address) is not None or POSTMASTERS.search(sender.name) is not None
    failed = headers.decoded("x-failed-recipients")
    empty_path = headers.raw("return-path").strip() in ("<>", "< >")
    told = UNDELIVERED.search(subject) is not None or "This is the qmail-send program" in text[:500]
    if not (reports and fields) and not failed and not (told and (postmaster or empty_path)):
        return None
    recipient = (
        (fields.get("final-recipient") or fields.get("original-recipient") or failed)
        .rpartition(";")[2]
        .strip()
        .strip("<>")
    )
    diagnostic = (
        fields.get("diagnostic-code", "").partition(";")[2].strip()
        or fields.get("diagnostic-code", "")
        or _reason(text)
    )
    status = (
        STATUS.search(fields.get("status", "")) or STATUS.search(diagnostic) or STATUS.search(text[:5_000])
    )
    code = status[1] if status is not None else ""
    smtp = SMTP_CODE.search(diagnostic)
    original = next(
        (hit[1] for told_in in [*originals, text] if (hit := ORIGINAL_ID.search(told_in[:100_000]))), ""
    )
    return Bounce(
        original_message_id=original or headers.raw("in-reply-to").strip("<> ")[:300],
        recipient=(recipient or _failed_address(text))[:320],
        status=code,
        diagnostic=diagnostic[:500],
        permanent=code.startswith("5") if code else (smtp is None or smtp[1] == "5"),
    )


def _reason(text: str) -> str:
    """The line of a non-standard report that tells why."""
    lines = [line.strip() for line in text[:5_000].split("\n")]
    return next((line for line in lines if STATUS.search(line) or re.match(r"^[45]\d\d\b", line)), "")


def _failed_address(text: str) -> str:
    hit = FAILED_ADDRESS.search(text[:5_000])
    return (hit[1] or hit[2]) if hit is not None else ""
