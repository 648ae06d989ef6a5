"""Bodies, parts and attachments as the wild sends them."""

from base64 import b64encode

from tests.channels.email.tnef import winmail
from tests.channels.email.wild import (
    EXE,
    LOCKED_ZIP,
    PDF,
    PNG,
    TEXT,
    ZIP,
    Case,
    attached,
    case,
    mail,
    multipart,
    part,
    several,
    typed,
)

FRENCH = "Bonjour, je n'ai toujours pas reçu ma facture de février. Où est-elle passée ? Hélène Léglise"
RUSSIAN = "Здравствуйте, я до сих пор не получил свой счёт. Пожалуйста, сообщите мне, где он."
POLISH = "Dzień dobry, proszę o przesłanie faktury. Czekam na odpowiedź, dziękuję bardzo i życzę miłego dnia."
NESTED = mail("The first words.", "Subject: Older", "From: Bob <bob@example.org>")
INVITATION = """BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
SUMMARY:Visit\\, with
  tour
DTSTART;TZID=Europe/Paris:20261201T140000
DTEND;TZID=Europe/Paris:20261201T150000
LOCATION:Room 4
ORGANIZER;CN="Ann Smith":mailto:ann@example.org
BEGIN:VALARM
SUMMARY:not this
END:VALARM
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def names(*values: tuple[str, str, str]) -> list[tuple[str, str, str]]:
    """(name, media type, warning) of each attachment."""
    return list(values)


BODIES: list[Case] = [
    case("no charset, utf-8", mail(FRENCH), "charset-missing", text=FRENCH, language="fr"),
    case("no charset, latin-1", mail(FRENCH.encode("latin-1")), "charset-missing", text=FRENCH),
    case("no charset, Russian", mail(RUSSIAN.encode("koi8-r")), "charset-missing", text=RUSSIAN),
    case(
        "utf-8 called latin-1", typed("text/plain; charset=iso-8859-1", FRENCH), "charset-wrong", text=FRENCH
    ),
    case(
        "latin-1 called utf-8",
        typed("text/plain; charset=utf-8", FRENCH.encode("latin-1")),
        "charset-wrong",
        text=FRENCH,
    ),
    case(
        "windows-1252 called latin-1",
        typed("text/plain; charset=iso-8859-1", "“Yes” – €5".encode("cp1252")),
        text="“Yes” – €5",
    ),
    case(
        "an unknown charset",
        typed("text/plain; charset=x-user-defined", POLISH.encode("cp1250")),
        "charset-unknown",
        text=POLISH,
    ),
    case(
        "a charset that is no text",
        typed("text/plain; charset=base64", FRENCH),
        "charset-unknown",
        text=FRENCH,
    ),
    case("a charset in quotes and blanks", typed('text/plain; charset = "utf-8" ', FRENCH), text=FRENCH),
    case(
        "charset only in the markup",
        typed("text/html", f'<meta charset="koi8-r"><p>{RUSSIAN}</p>'.encode("koi8-r")),
        text=RUSSIAN,
    ),
    case("utf-16 with its mark", typed("text/plain; charset=utf-16", FRENCH.encode("utf-16")), text=FRENCH),
    case(
        "utf-7 is not believed",
        typed("text/plain; charset=utf-7", "+ADw-script+AD4-"),
        text="+ADw-script+AD4-",
    ),
    case("NUL and control characters", typed("text/plain", b"One\x00 two\x07.\x1b"), text="One two."),
    case(
        "base64 with rubbish in it",
        typed("text/plain; charset=utf-8", "SGVs*bG8g!\r\ndGhl.cmU=", "Content-Transfer-Encoding: base64"),
        "base64-broken",
        text="Hello there",
    ),
    case(
        "base64 without its padding",
        typed("text/plain", "SGVsbG8gdGhlcmU", "Content-Transfer-Encoding: BASE64"),
        "base64-broken",
        text="Hello there",
    ),
    case(
        "base64, two blocks in a row",
        typed(
            "text/plain",
            b64encode(b"One ") + b"\r\n" + b64encode(b"two."),
            "Content-Transfer-Encoding: base64",
        ),
        "base64-broken",
        text="One two.",
    ),
    case(
        "broken quoted-printable",
        typed(
            "text/plain; charset=utf-8",
            "Caf=C3=A9 =ZZ costs 3=",
            "Content-Transfer-Encoding: quoted-printable",
        ),
        "quoted-printable-broken",
        text="Café =ZZ costs 3",
    ),
    case(
        "an unknown encoding",
        typed("text/plain", "Hello.", "Content-Transfer-Encoding: rot13"),
        "encoding-unknown",
        text="Hello.",
    ),
    case(
        "format=flowed",
        typed("text/plain; format=flowed", "A long line \r\nthat goes on.\r\n> quoted \r\n> too\r\nNew."),
        text="A long line that goes on.\n> quoted too\nNew.",
    ),
    case(
        "html called text",
        typed("text/plain", "<html><body><p>Hello</p></body></html>"),
        "html-as-text",
        text="Hello",
    ),
    case("a content type that is none", typed("text", "Hello."), "content-type-wrong", text="Hello."),
    case(
        "an empty text, html beside it",
        multipart(
            part("text/plain", "\r\n"), part("text/html", "<p>Hello <b>you</b></p>"), kind="alternative"
        ),
        text="Hello you",
        html="<p>Hello <b>you</b></p>",
    ),
    case(
        "text and html",
        multipart(TEXT, part("text/html", "<p>Hello there.</p>"), kind="alternative"),
        text="Hello there.",
        html="<p>Hello there.</p>",
    ),
    case(
        "text, picture, text",
        multipart(part("text/html", "<p>One</p>"), part("text/plain", "Two <3")),
        text="One\n\nTwo <3",
        html="<p>One</p>\n<p>Two &lt;3</p>",
    ),
    case(
        "boundary missing in the header",
        multipart(TEXT, part("text/plain", "More."), parameter=""),
        "boundary-guessed",
        text="Hello there.\n\nMore.",
    ),
    case(
        "boundary of another name",
        multipart(TEXT, parameter='; boundary="other"'),
        "boundary-guessed",
        text="Hello there.",
    ),
    case(
        "no boundary anywhere",
        mail("Just text.", "Content-Type: multipart/mixed"),
        "boundary-missing",
        text="Just text.",
    ),
    case("the last boundary missing", multipart(TEXT)[:-11], "boundary-not-closed", text="Hello there."),
    case(
        "a boundary with blanks behind it",
        multipart(TEXT).replace(b"--=_b\r\n", b"--=_b  \t\r\n"),
        text="Hello there.",
    ),
    case(
        "an outer boundary closes the inner",
        mail(several(part("multipart/alternative; boundary=in", b"--in\r\n" + TEXT), TEXT)[1], several()[0]),
        "boundary-not-closed",
        text="Hello there.\n\nHello there.",
    ),
    case("an empty multipart", multipart(), text="", html=""),
    case(
        "words before and after the parts",
        mail(b"This is MIME.\r\n" + several(TEXT)[1] + b"\r\nScanned.", several()[0]),
        text="Hello there.",
    ),
    case(
        "names by RFC 2231",
        multipart(
            part(
                "application/pdf",
                PDF,
                "Content-Disposition: attachment; filename*0*=utf-8''Re%CC%81; filename*1=sume.pdf",
            )
        ),
        parts=names(("Résume.pdf", "application/pdf", "")),
        text="",
    ),
    case(
        "names in encoded words",
        multipart(attached("application/pdf", PDF, "=?utf-8?Q?R=C3=A9sum=C3=A9.pdf?=")),
        parts=names(("Résumé.pdf", "application/pdf", "")),
    ),
    case(
        "a name with a path",
        multipart(attached("application/pdf", PDF, "../../etc/x.pdf")),
        parts=names(("x.pdf", "application/pdf", "")),
    ),
    case(
        "a name turned around",
        multipart(attached("application/pdf", EXE, "invoice\u202efdp.exe")),
        parts=names(("invoicefdp.exe", "application/x-msdownload", "program")),
    ),
    case(
        "no name",
        multipart(TEXT, part("application/pdf", PDF)),
        parts=names(("attachment-1.pdf", "application/pdf", "")),
        text="Hello there.",
    ),
    case(
        "a reserved name",
        multipart(attached("application/pdf", PDF, "con.pdf")),
        parts=names(("_con.pdf", "application/pdf", "")),
    ),
    case(
        "a program named .pdf",
        multipart(attached("application/pdf", EXE, "invoice.pdf")),
        parts=names(("invoice.pdf", "application/x-msdownload", "disguised")),
    ),
    case(
        "a program by name",
        multipart(attached("application/octet-stream", b"WScript.Echo 1", "run.vbs")),
        parts=names(("run.vbs", "application/octet-stream", "program")),
    ),
    case(
        "html named .png",
        multipart(attached("image/png", b"<html><script>x</script>", "a.png")),
        parts=names(("a.png", "text/plain", "disguised")),
    ),
    case(
        "a picture called octet-stream",
        multipart(attached("application/octet-stream", PNG, "a")),
        parts=names(("a.png", "image/png", "")),
    ),
    case(
        "a locked archive",
        multipart(attached("application/zip", LOCKED_ZIP, "a.zip")),
        parts=names(("a.zip", "application/zip", "locked")),
    ),
    case(
        "an archive",
        multipart(attached("application/zip", ZIP, "a.zip")),
        parts=names(("a.zip", "application/zip", "")),
    ),
    case(
        "a mail within the mail",
        multipart(TEXT, part("message/rfc822", NESTED)),
        parts=names(("Older.eml", "message/rfc822", "")),
        text="Hello there.",
        attached_text="From: Bob <bob@example.org>\nTo: support@centre.example\nDate: Mon, 23 Nov 2026 10:00:00 +0100\n"
        "Subject: Older\n\nThe first words.",
    ),
    case(
        "a mail within the mail, in base64",
        multipart(TEXT, part("message/rfc822", b64encode(NESTED), "Content-Transfer-Encoding: base64")),
        parts=names(("Older.eml", "message/rfc822", "")),
    ),
    case(
        "an invitation",
        multipart(TEXT, part("text/calendar; method=REQUEST", INVITATION), kind="alternative"),
        kind="calendar",
        parts=names(("invitation.ics", "text/calendar", "")),
        text="Invitation: Visit, with tour\nWhen: 2026-12-01 14:00 (Europe/Paris) – 2026-12-01 15:00 (Europe/Paris)\nWhere: Room 4\n"
        "From: Ann Smith <ann@example.org>\n\nHello there.",
    ),
    case(
        "an invitation sent twice",
        multipart(
            part("text/calendar; method=REQUEST", INVITATION),
            part("application/ics", INVITATION, 'Content-Disposition: attachment; filename="invite.ics"'),
        ),
        kind="calendar",
        parts=names(("invitation.ics", "text/calendar", "")),
    ),
    case(
        "winmail.dat",
        multipart(
            TEXT,
            attached(
                "application/ms-tnef",
                winmail("", ("Quarterly report.pdf", PDF), ("a.png", PNG)),
                "winmail.dat",
            ),
        ),
        parts=names(("Quarterly report.pdf", "application/pdf", ""), ("a.png", "image/png", "")),
        text="Hello there.",
    ),
    case(
        "winmail.dat with the only text",
        typed(
            "application/ms-tnef; name=winmail.dat",
            b64encode(winmail("Hello in TNEF.")),
            "Content-Transfer-Encoding: base64",
        ),
        parts=names(),
        text="Hello in TNEF.",
    ),
    case(
        "winmail.dat cut short",
        multipart(
            attached("application/ms-tnef", winmail("", ("a.pdf", PDF), ("b.png", PNG))[:-30], "winmail.dat")
        ),
        "tnef-broken",
        parts=names(("a.pdf", "application/pdf", ""), ("b.png", "image/png", "")),
    ),
    case(
        "uuencode in the text",
        mail("See this.\r\nbegin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\nBye."),
        "uuencode",
        parts=names(("a.txt", "text/plain", "")),
        text="See this.\n\nBye.",
    ),
    case(
        "a picture shown in the html",
        multipart(
            part("text/html", '<img src="cid:a@b">'),
            attached("image/png", PNG, "a.png", "Content-ID: <a@b>"),
            kind="related",
        ),
        html='<img src="cid:a@b">',
        inline=["a@b"],
    ),
    case(
        "a picture with an id that nothing shows",
        multipart(TEXT, attached("image/png", PNG, "a.png", "Content-ID: <a@b>")),
        inline=[""],
    ),
    case(
        "an attachment cut short",
        multipart(TEXT, attached("image/png", PNG, "a.png"))[:-30],
        "base64-broken",
        "boundary-not-closed",
        parts=names(("a.png", "image/png", "")),
    ),
    case(
        "an attached text",
        multipart(
            TEXT,
            part("text/plain; charset=utf-8", "Café", 'Content-Disposition: attachment; filename="a.txt"'),
        ),
        text="Hello there.",
        parts=names(("a.txt", "text/plain", "")),
        attached_text="Café",
    ),
]
