"""Signed and encrypted mails, whole and damaged, and words that Outlook has packed as RTF."""

import zlib
from base64 import b64encode

from tests.channels.email import sealed
from tests.channels.email.tnef import winmail
from tests.channels.email.wild import PDF, TEXT, attached, case, mail, multipart, part, typed

ARMOUR = "-----BEGIN PGP MESSAGE-----\nVersion: X\n\nhQEMA1234\n=abcd\n-----END PGP MESSAGE-----\n"
CLEAR = (
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello there.\n- -- \n- - a point\n"
    "-----BEGIN PGP SIGNATURE-----\n\niQEz\n=abcd\n-----END PGP SIGNATURE-----\n"
)


def smime(data: bytes, kind: str = "signed-data", media_type: str = "application/pkcs7-mime") -> bytes:
    told = f"{media_type}; smime-type={kind}; name=smime.p7m" if kind else media_type
    return typed(told, b64encode(data), "Content-Transfer-Encoding: base64")


P7M = ("smime.p7m", "application/pkcs7-mime", "")
RTF = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss Arial;}{\f1\fnil\fcharset204 Arial;}}{\colortbl;}"
    rb"\pard Hello\tab d\'e9j\'e0 \u8364?\par {\f1 \'cf\'f0\'e8\'e2\'e5\'f2}{\*\generator x;}\line \{ok\} \u-10179?\u-8694?}"
)
WRAPPED = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}{\*\htmltag19 <html>}{\*\htmltag50 <body>}"
    rb"{\*\htmltag64 <p class=\'22x\'22>}\htmlrtf {\htmlrtf0 Hello {\*\htmltag84 <b>}\htmlrtf {\b \htmlrtf0 d\'e9j\'e0"
    rb"{\*\htmltag92 </b>}\htmlrtf }\htmlrtf0 {\*\htmltag84 &nbsp;}\htmlrtf\'a0\htmlrtf0{\*\mhtmltag84 no}\htmlrtf \par }\htmlrtf0"
    rb"{\*\htmltag72 </p>}{\*\htmltag58 </body>}{\*\htmltag27 </html>}}"
)


def packed(rtf: bytes) -> bytes:
    """Compressed RTF of literals alone, which every reader must take too."""
    body = b"".join(b"\0" + rtf[at : at + 8] for at in range(0, len(rtf), 8))
    size = (len(body) + 12).to_bytes(4, "little") + len(rtf).to_bytes(4, "little")
    return size + b"LZFu" + b"\0" * 4 + body


def of_outlook(rtf: bytes) -> bytes:
    return multipart(attached("application/ms-tnef", winmail("", rtf=rtf), "winmail.dat"))


PROTECTED = [
    case(
        "smime-opaque-signed",
        smime(sealed.signed()),
        text="Signed words.",
        protection="signed",
        parts=[],
        message_id="1@example.org",
    ),
    case(
        "smime-signed-with-an-attachment",
        smime(sealed.signed(multipart(TEXT, attached("application/pdf", PDF, "a.pdf")))),
        text="Hello there.",
        protection="signed",
        parts=[("a.pdf", "application/pdf", "")],
    ),
    case(
        "smime-signed-old-type-without-a-name",
        smime(sealed.signed(), "", "application/x-pkcs7-mime"),
        text="Signed words.",
        protection="signed",
    ),
    case("smime-signed-in-open-lengths", smime(sealed.streamed()), text="Signed words.", protection="signed"),
    case(
        "smime-signed-twice",
        smime(sealed.signed(b"Content-Type: application/pkcs7-mime\r\n\r\n" + sealed.streamed())),
        text="Signed words.",
        protection="signed",
    ),
    case(
        "smime-compressed",
        smime(sealed.compressed(zlib.compress(sealed.INNER)), "compressed-data"),
        text="Signed words.",
        protection="",
    ),
    case(
        "smime-compressed-wrongly",
        smime(sealed.compressed(b"not deflated"), "compressed-data"),
        text="",
        protection="unreadable",
        parts=[P7M],
    ),
    case(
        "smime-encrypted",
        smime(sealed.enveloped(), "enveloped-data"),
        text="",
        html="",
        protection="encrypted",
        parts=[P7M],
        subject="Invoice",
    ),
    case(
        "smime-encrypted-and-damaged",
        smime(sealed.enveloped()[:40], "enveloped-data"),
        protection="encrypted",
        parts=[P7M],
    ),
    case(
        "smime-encrypted-within-a-list",
        multipart(
            part("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", sealed.enveloped()),
            part("text/plain", "The list's foot."),
        ),
        text="The list's foot.",
        protection="encrypted",
        parts=[P7M],
    ),
    case(
        "smime-signed-and-damaged",
        smime(sealed.signed()[:60]),
        text="",
        protection="unreadable",
        parts=[P7M],
    ),
    case(
        "smime-of-nothing",
        smime(b""),
        protection="unreadable",
        text="",
        parts=[("smime.p7m", "text/plain", "")],
    ),
    case(
        "a-signed-document-is-no-mail",
        multipart(TEXT, attached("application/pkcs7-mime", sealed.signed(b"<invoice/>"), "invoice.xml.p7m")),
        text="Hello there.",
        protection="",
        parts=[("invoice.xml.p7m", "application/pkcs7-mime", "")],
    ),
    case(
        "smime-clear-signed",
        multipart(
            TEXT, attached("application/pkcs7-signature", sealed.signed(b""), "smime.p7s"), kind="signed"
        ),
        text="Hello there.",
        protection="signed",
    ),
    case(
        "pgp-mime-encrypted",
        multipart(
            part("application/pgp-encrypted", "Version: 1\r\n"),
            part("application/octet-stream; name=encrypted.asc", ARMOUR),
            kind="encrypted",
        ),
        text="",
        protection="encrypted",
        parts=[("encrypted.asc", "text/plain", "")],
    ),
    case(
        "pgp-inline-encrypted",
        mail(f"See below.\n\n{ARMOUR}\nBye."),
        text="See below.\n\n\nBye.",
        protection="encrypted",
        parts=[("encrypted.asc", "application/pgp-encrypted", "")],
    ),
    case("pgp-inline-cut-short", mail(ARMOUR[:60]), text="", protection="encrypted"),
    case(
        "pgp-inline-in-html",
        typed("text/html", f"<pre>{ARMOUR}</pre>"),
        text="",
        html="",
        protection="encrypted",
        parts=[("encrypted.asc", "application/pgp-encrypted", "")],
    ),
    case(
        "pgp-inline-signed",
        mail(CLEAR),
        full_text="Hello there.\n-- \n- a point",
        protection="signed",
        parts=[],
    ),
    case("pgp-inline-signed-without-an-end", mail(CLEAR[:70]), protection="", parts=[]),
    case(
        "a-talk-about-pgp",
        mail("It began with -----BEGIN PGP MESSAGE----- and so on."),
        protection="",
        parts=[],
    ),
    case(
        "outlook-words-as-rtf",
        of_outlook(packed(RTF)),
        text="Hello\tdéjà €\nПривет\n{ok} 😊",
        html="",
    ),
    case(
        "outlook-html-wrapped-in-rtf",
        of_outlook(packed(WRAPPED)),
        html="<p>Hello <b>déjà</b>&nbsp;</p>",
        text="Hello déjà",
    ),
    case("outlook-rtf-that-is-none", of_outlook(b"x" * 40), "rtf-broken", text=""),
    case("outlook-rtf-cut-short", of_outlook(packed(RTF)[:90]), text=""),
]
