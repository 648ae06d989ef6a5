"""Machines that write: what they are taken for, and that nothing answers them."""

from cordboard.channels.email.understanding import Bounce
from tests.channels.email.wild import Case, case, mail, multipart, part, typed

ORIGINAL = "Message-ID: <cb.demo.9.bbbbbbbbbbbbbbbb@centre.example>\r\nSubject: Your invoice\r\nFrom: support@centre.example\r\n"
REPORT = (
    "Reporting-MTA: dns; mx.example.org\r\n\r\nFinal-Recipient: rfc822; gone@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    "Diagnostic-Code: smtp; 550 5.1.1 <gone@example.org>:\r\n Recipient address rejected: User unknown\r\n"
)
DAEMON = (
    "From: Mail Delivery System <MAILER-DAEMON@mx.example.org>",
    "Return-Path: <>",
    "Auto-Submitted: auto-replied",
)


def dsn(report: str, original: bytes, subject: str = "Undelivered Mail Returned to Sender") -> bytes:
    """A report as RFC 3464 wants it."""
    return multipart(
        part("text/plain", "This is the mail system at mx.example.org."),
        part("message/delivery-status", report),
        original,
        kind="report; report-type=delivery-status",
        lines=(*DAEMON, f"Subject: {subject}"),
    )


REASON = "550 5.1.1 <gone@example.org>: Recipient address rejected: User unknown"
BOUNCED = Bounce(
    "cb.demo.9.bbbbbbbbbbbbbbbb@centre.example", "gone@example.org", "5.1.1", REASON, permanent=True
)
TOKENS = ("cb.demo.9.bbbbbbbbbbbbbbbb",)

KINDS: list[Case] = [
    case("a person", mail(), kind="person", may="", bounce=None),
    case(
        "a report with the whole mail",
        dsn(REPORT, part("message/rfc822", ORIGINAL + "\r\nHello")),
        kind="bounce",
        bounce=BOUNCED,
        tokens=TOKENS,
        may="bounce",
    ),
    case(
        "a report with the headers",
        dsn(REPORT, part("text/rfc822-headers", ORIGINAL)),
        kind="bounce",
        bounce=BOUNCED,
        tokens=TOKENS,
    ),
    case(
        "a report of a full mailbox",
        dsn(REPORT.replace("5.1.1", "4.2.2").replace("550", "452"), part("text/rfc822-headers", ORIGINAL)),
        kind="bounce",
        bounce=Bounce(
            BOUNCED.original_message_id,
            "gone@example.org",
            "4.2.2",
            REASON.replace("5.1.1", "4.2.2").replace("550", "452"),
            permanent=False,
        ),
    ),
    case(
        "a report of a delay is no bounce",
        dsn(
            REPORT.replace("failed", "delayed").replace("5.1.1", "4.4.1"),
            part("text/rfc822-headers", ORIGINAL),
            "Delayed",
        ),
        kind="auto_reply",
        bounce=None,
    ),
    case(
        "a report of success is no bounce",
        dsn(REPORT.replace("failed", "relayed"), part("text/rfc822-headers", ORIGINAL), "Delivered"),
        bounce=None,
    ),
    case(
        "a report of qmail",
        mail(
            "Hi. This is the qmail-send program at mx.example.org.\r\n\r\n<gone@example.org>:\r\n192.0.2.1 does not like recipient.\r\n"
            "Remote host said: 550 5.1.1 no such user\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n"
            + ORIGINAL,
            *DAEMON[:2],
            "Subject: failure notice",
        ),
        kind="bounce",
        tokens=TOKENS,
        bounce=Bounce(
            BOUNCED.original_message_id,
            "gone@example.org",
            "5.1.1",
            "Remote host said: 550 5.1.1 no such user",
            permanent=True,
        ),
    ),
    case(
        "a report of Exim",
        mail(
            "A message could not be delivered.\r\n\r\n  gone@example.org\r\n    550 no such user\r\n\r\n"
            + ORIGINAL,
            *DAEMON,
            "X-Failed-Recipients: gone@example.org",
            "Subject: Mail delivery failed: returning message to sender",
        ),
        kind="bounce",
        bounce=Bounce(
            BOUNCED.original_message_id, "gone@example.org", "", "550 no such user", permanent=True
        ),
    ),
    case(
        "a report in French",
        mail(
            "Votre message n'a pas pu être remis à gone@example.org",
            "From: postmaster@example.fr",
            "Subject: Non remis : Votre facture",
            "In-Reply-To: <cb.demo.9.bbbbbbbbbbbbbbbb@centre.example>",
            "Content-Type: text/plain; charset=utf-8",
        ),
        kind="bounce",
        tokens=TOKENS,
    ),
    case(
        "a person who asks about an undelivered parcel",
        mail("My parcel was returned", "Subject: Undelivered parcel"),
        kind="person",
        may="",
    ),
    case(
        "out of office, by header",
        mail("I am away.", "Auto-Submitted: auto-replied (vacation)"),
        kind="auto_reply",
        may="auto_reply",
        auto_submitted="auto-replied",
    ),
    case(
        "out of office, Exchange",
        mail("Away.", "Subject: Automatic reply: Invoice", "X-Auto-Response-Suppress: All"),
        kind="auto_reply",
    ),
    case(
        "out of office, in French",
        mail("Absent.", "Subject: =?utf-8?Q?R=C3=A9ponse_automatique_:_Facture?="),
        kind="auto_reply",
    ),
    case("out of office, in German", mail("Weg.", "Subject: Abwesenheitsnotiz: Rechnung"), kind="auto_reply"),
    case(
        "out of office, in Spanish",
        mail("Fuera.", "Subject: Respuesta automática: Factura"),
        kind="auto_reply",
    ),
    case("an old autoresponder", mail("x", "X-Autoreply: yes"), kind="auto_reply"),
    case(
        "a newsletter",
        mail(
            "News",
            "List-Id: <news.example.org>",
            "List-Unsubscribe: <https://example.org/u>",
            "Precedence: bulk",
        ),
        kind="list",
        may="list",
    ),
    case(
        "a notice of a machine",
        mail("Form filled.", "Auto-Submitted: auto-generated"),
        kind="person",
        may="auto-submitted",
    ),
    case("from no-reply", mail("x", "From: no-reply@example.org"), kind="person", may="machine-address"),
    case(
        "a form that sends as no-reply, to be answered elsewhere",
        mail("x", "From: noreply@form.example", "Reply-To: ann@example.org"),
        may="machine-address",
    ),
    case("a notice without a way back", mail("x", "Return-Path: <>"), kind="person", may="empty-return-path"),
    case(
        "asks for no automatic answers",
        mail("x", "X-Auto-Response-Suppress: DR, OOF, AutoReply"),
        kind="person",
        may="suppressed",
    ),
    case("nobody to answer", mail("x", without="from"), "from-missing", may="no-sender"),
    case(
        "our own automatic mail comes back",
        mail("Received.", "Auto-Submitted: auto-replied", "X-Cordboard-Automatic: 1"),
        kind="loop",
        may="loop",
    ),
    case(
        "going in circles",
        mail("x", *[f"Received: from a{n} by b; Mon, 23 Nov 2026 10:00:00 +0100" for n in range(60)]),
        kind="loop",
    ),
    case(
        "many bulk senders unsubscribe by header",
        mail("x", "List-Unsubscribe: <mailto:u@example.org>"),
        kind="person",
        may="bulk",
    ),
    case(
        "an invitation accepted",
        typed(
            "text/calendar; method=REPLY",
            "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nSUMMARY:Visit\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        ),
        kind="calendar",
        text="Reply: Visit",
        may="calendar",
    ),
    *(
        case(
            f"a person whose subject is {subject!r}", mail("x", f"Subject: {subject}"), kind="person", may=""
        )
        for subject in (
            "Re: Out of office printers are broken",
            "Re: Automatic reply: Invoice",
            "Automatic reply button is broken",
            "Absence du bureau de poste",
            "Out of office furniture?",
        )
    ),
    *(
        case(f"away: {subject!r}", mail("x", f"Subject: {subject}"), kind="auto_reply")
        for subject in (
            "Out of Office",
            "Out of the office until Monday",
            "I am out of the office (back on 3 December)",
            "Automatic reply: Invoice",
            "Auto-Reply Re: Invoice",
            "Réponse automatique : Facture",
            "Absence du bureau",
            "Absent du bureau jusqu'au 3 décembre",
            "Automatische Antwort: Rechnung",
            "Abwesenheitsnotiz",
            "Fuera de la oficina hasta el lunes",
        )
    ),
]
