"""Headers as the wild sends them."""

from datetime import UTC, datetime

from cordboard.channels.email.understanding import Mailbox, Recipient
from tests.channels.email.wild import Case, case, mail

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

HEADERS: list[Case] = [
    case(
        "a mail in order",
        mail(),
        sender=Mailbox("ann@example.org", "Ann"),
        subject="Invoice",
        sent_at=NINE,
        message_id="1@example.org",
        text="Hello there.",
        recipients=(Recipient("to", "support@centre.example"),),
    ),
    case("bare line feeds", mail().replace(b"\r\n", b"\n"), text="Hello there.", subject="Invoice"),
    case(
        "bare carriage returns",
        mail("One.\r\nTwo.").replace(b"\r\n", b"\r"),
        text="One.\nTwo.",
        subject="Invoice",
    ),
    case(
        "line ends of both sorts",
        mail().replace(b"Subject: Invoice\r\n", b"Subject: Invoice\n"),
        subject="Invoice",
    ),
    case(
        "an mbox line in front",
        b"From ann@example.org Mon Nov 23 10:00:00 2026\n" + mail(),
        "mbox-line",
        subject="Invoice",
    ),
    case(
        "an empty line in front",
        b"\r\n\r\n" + mail(),
        "headers-after-blank-line",
        subject="Invoice",
        text="Hello there.",
    ),
    case(
        "8-bit subject, latin-1",
        mail("x", "Subject: Facture impay\xe9e n\xb0 3, tr\xe8s urgent".encode("latin-1")),
        "header-8bit",
        subject="Facture impayée n° 3, très urgent",
    ),
    case("8-bit subject, utf-8", mail("x", "Subject: Facture impayée"), subject="Facture impayée"),
    case(
        "encoded words, a character cut in two",
        mail("x", "Subject: =?utf-8?B?SMOpbMOobmUgw6A=?=\r\n =?utf-8?B?IFBhcmnD?=\r\n =?utf-8?B?qXo=?="),
        subject="Hélène à Pariéz",
    ),
    case(
        "encoded word with blanks inside",
        mail("x", "Subject: =?iso-8859-1?Q?Facture impay=E9e?="),
        "encoded-word-broken",
        subject="Facture impayée",
    ),
    case(
        "encoded word without its end",
        mail("x", "Subject: =?utf-8?Q?Caf=C3=A9?"),
        "encoded-word-broken",
        subject="Café",
    ),
    case(
        "encoded word in quotes",
        mail("x", 'From: "=?utf-8?Q?Ren=C3=A9e?=" <r@example.org>'),
        sender=Mailbox("r@example.org", "Renée"),
    ),
    case(
        "encoded word of an unknown charset",
        mail("x", "Subject: =?x-unknown?Q?Caf=C3=A9?="),
        "charset-unknown",
        subject="Café",
    ),
    case(
        "encoded word, base64 cut short",
        mail("x", "Subject: =?utf-8?B?SGVsbG8h?= =?utf-8?B?SGVsbG8hS?="),
        "encoded-word-broken",
        subject="Hello!Hello!",
    ),
    case(
        "a charset that lies (utf-8 called ascii)",
        mail("x", "Subject: =?us-ascii?Q?Caf=C3=A9?="),
        "charset-wrong",
        subject="Café",
    ),
    case(
        "a language in the encoded word (RFC 2231)",
        mail("x", "Subject: =?utf-8*fr?Q?Caf=C3=A9?="),
        subject="Café",
    ),
    case("subject missing", mail(without="subject"), "subject-missing", subject=""),
    case("subject doubled", mail("x", "Subject: One\r\nSubject: Two"), "header-doubled", subject="One"),
    case(
        "an empty header, then the real one",
        mail("x", "Subject:\r\nSubject: Two"),
        "header-doubled",
        subject="Two",
    ),
    case(
        "a subject that tries to begin a new header",
        mail("x", "Subject: =?utf-8?Q?a=0D=0ABcc:_x@y.z?="),
        subject="a Bcc: x@y.z",
    ),
    case(
        "direction overrides in the subject",
        mail("x", "Subject: invoice\u202efdp.exe"),
        subject="invoicefdp.exe",
    ),
    case(
        "folded without a blank",
        mail("x", "Subject: A long subject that\r\nwas folded wrongly"),
        "header-broken",
        subject="A long subject that was folded wrongly",
    ),
    case(
        "a line that is no header",
        mail("x", "X-One: 1\r\nthis is: no header\r\nX-Two: 2"),
        "header-broken",
        subject="Invoice",
    ),
    case(
        "no empty line before the body",
        b"From: a@b.example\r\nSubject: Hi\r\n\tthere\r\n!! The body begins here at once, and it goes on.\r\n",
        "header-broken",
        "date-missing",
        "message-id-missing",
        subject="Hi there",
    ),
    case(
        "From missing, Sender there",
        mail("x", "Sender: Sam <sam@example.org>", without="from"),
        "from-missing",
        sender=Mailbox("sam@example.org", "Sam"),
    ),
    case(
        "From missing, only the way back",
        mail("x", "Return-Path: <sam@example.org>", without="from"),
        "from-missing",
        sender=Mailbox("sam@example.org"),
        return_path="sam@example.org",
    ),
    case("From missing altogether", mail("x", without="from"), "from-missing", sender=Mailbox("")),
    case(
        "From without an address",
        mail("x", "From: Ann\r\nReply-To: ann@example.org"),
        "address-broken",
        "from-missing",
        sender=Mailbox("ann@example.org", "Ann"),
    ),
    case("From without brackets", mail("x", "From: ann@example.org"), sender=Mailbox("ann@example.org")),
    case(
        "From with a comment",
        mail("x", "From: ann@example.org (Ann (of Sales) Smith)"),
        sender=Mailbox("ann@example.org", "Ann (of Sales) Smith"),
    ),
    case(
        "a comma in an unquoted name",
        mail("x", "From: Smith, Ann <ann@example.org>"),
        "address-broken",
        sender=Mailbox("ann@example.org", "Ann"),
    ),
    case(
        "upper case in the domain, a plus kept",
        mail("x", "From: <Ann+Shop@Example.ORG>"),
        sender=Mailbox("Ann+Shop@example.org"),
    ),
    case(
        "a bracket not closed",
        mail("x", "From: Ann <ann@example.org"),
        sender=Mailbox("ann@example.org", "Ann"),
    ),
    case(
        "a quote not closed",
        mail("x", 'From: "Ann <ann@example.org>'),
        "address-broken",
        sender=Mailbox("ann@example.org", "Ann"),
    ),
    case(
        "address in quotes in brackets",
        mail("x", "From: <'ann@example.org'>"),
        sender=Mailbox("ann@example.org"),
    ),
    case(
        "a group",
        mail("x", "To: Friends: ann@example.org, Bob <bob@example.org>;, eve@example.org"),
        recipients=(
            Recipient("to", "ann@example.org"),
            Recipient("to", "bob@example.org", "Bob"),
            Recipient("to", "eve@example.org"),
        ),
    ),
    case("an empty group", mail("x", "To: undisclosed-recipients:;"), recipients=()),
    case(
        "semicolons between addresses",
        mail("x", "To: ann@example.org; bob@example.org"),
        recipients=(Recipient("to", "ann@example.org"), Recipient("to", "bob@example.org")),
    ),
    case(
        "blanks between addresses",
        mail("x", "To: ann@example.org bob@example.org"),
        "address-broken",
        recipients=(Recipient("to", "ann@example.org"), Recipient("to", "bob@example.org")),
    ),
    case(
        "To doubled",
        mail("x", "To: ann@example.org\r\nTo: bob@example.org"),
        "header-doubled",
        recipients=(Recipient("to", "ann@example.org"), Recipient("to", "bob@example.org")),
    ),
    case(
        "an international address (EAI)",
        mail("x", "From: Dörte <dörte@müller.example>"),
        sender=Mailbox("dörte@müller.example", "Dörte"),
    ),
    case(
        "a domain in punycode",
        mail("x", "From: <info@xn--mller-kva.example>"),
        sender=Mailbox("info@müller.example"),
    ),
    case(
        "a source route",
        mail("x", "From: <@relay.example:ann@example.org>"),
        sender=Mailbox("ann@example.org"),
    ),
    case("a date without a zone", mail("x", "Date: Mon, 23 Nov 2026 09:00:00"), sent_at=NINE),
    case("a date with a named zone", mail("x", "Date: Mon, 23 Nov 2026 04:00:00 EST"), sent_at=NINE),
    case("a French date", mail("x", "Date: lun., 23 nov. 2026 10:00:00 +0100"), "date-broken", sent_at=NINE),
    case("a German date with dots", mail("x", "Date: Mo, 23 November 2026 10.00.00 +0100"), sent_at=NINE),
    case("an ISO date", mail("x", "Date: 2026-11-23T10:00:00+01:00"), "date-broken", sent_at=NINE),
    case("a date that is none", mail("x", "Date: yesterday"), "date-broken", sent_at=None),
    case(
        "a date beyond reason",
        mail("x", "Date: Mon, 23 Nov 9999 10:00:00 +0000"),
        "date-broken",
        sent_at=None,
    ),
    case(
        "a zone beyond reason",
        mail("x", "Date: Mon, 23 Nov 2026 10:00:00 +9999"),
        "date-broken",
        sent_at=None,
    ),
    case("no date", mail("x", without="date"), "date-missing", sent_at=None),
    case("no Message-ID", mail("x", without="message-id"), "message-id-missing", message_id=""),
    case(
        "a Message-ID without brackets", mail("x", "Message-ID: 77@example.org"), message_id="77@example.org"
    ),
    case(
        "references with rubbish between",
        mail("x", "References: <a@x> (was: <b@x>), c <d@x>\r\nIn-Reply-To: Your mail of Monday <d@x>"),
        references=("a@x", "b@x", "d@x"),
        in_reply_to=("d@x",),
    ),
    case(
        "a token in three places",
        mail(
            "x",
            "To: support+cb.demo.7.aaaaaaaaaaaaaaaa@centre.example",
            "In-Reply-To: <cb.demo.9.bbbbbbbbbbbbbbbb@centre.example>",
            "Subject: Re: Invoice [#cb.demo.8.cccccccccccccccc]",
        ),
        tokens=("cb.demo.9.bbbbbbbbbbbbbbbb", "cb.demo.7.aaaaaaaaaaaaaaaa", "cb.demo.8.cccccccccccccccc"),
    ),
    case("NUL bytes in the headers", mail("x", b"Subject: a\x00b"), subject="ab"),
    case("spam score of a filter", mail("x", "X-Spam-Status: No, score=2.5 required=5.0"), spam_score=2.5),
    case("the empty way back", mail("x", "Return-Path: <>"), return_path=""),
]
