"""Laws that hold for any bytes whatever, and the standard library as judge of mails that are in order."""

import email.policy
from base64 import b64encode
from email.message import EmailMessage
from html.parser import HTMLParser
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordboard.channels.email.understanding import (
    MailKind,
    NotUnderstood,
    Understood,
    may_be_answered_automatically,
    understand,
)
from cordboard.channels.email.understanding import html as markup
from cordboard.channels.email.understanding.html_text import to_text
from tests.channels.email.wild_bodies import BODIES
from tests.channels.email.wild_headers import HEADERS
from tests.channels.email.wild_kinds import KINDS
from tests.channels.email.wild_protected import PROTECTED

KNOWN = [case.raw for case in (*HEADERS, *BODIES, *KINDS, *PROTECTED)]
PIECES = [
    b"\r\n",
    b"\n",
    b"\r\n\r\n",
    b"--=_b",
    b"--=_b--\r\n",
    b"Content-Type: multipart/mixed; boundary==_b\r\n",
    b"Content-Type: text/html\r\n\r\n",
    b"Content-Type: message/rfc822\r\n\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"=?utf-8?b?",
    b"?=",
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b'"',
    b"(",
    b"<",
    b">",
    b"<script>",
    b"<img src=http://a.b/c>",
    b"<svg onload=x>",
    b"<a href=javascript:x>",
    b"<style>",
    b"style='background:url(http://a)'",
    b"<!--",
    b"]]>",
    b"begin 644 x\n",
    b"-----BEGIN PGP MESSAGE-----\n",
    b"-----END PGP MESSAGE-----\n",
    b"-----BEGIN PGP SIGNED MESSAGE-----\n",
    b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\n",
    b"\x30\x80",
    b"\xa0\x80",
    b"\x24\x80",
    b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
    b"BEGIN:VEVENT\n",
    b"\x78\x9f\x3e\x22",
    b"filename*0*=utf-8''%ff",
    b"On 1/1 a@b wrote:\n> ",
    b"\xc3",
    b"=E9",
    b";",
    b":",
    b"@",
]

pieces = st.lists(st.sampled_from(PIECES) | st.binary(max_size=30), max_size=30).map(b"".join)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A known mail with a few places damaged."""
    raw = bytearray(draw(st.sampled_from(KNOWN)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(raw)))
        raw[at : at + draw(st.integers(0, 20))] = draw(pieces)
    return bytes(raw)


class Shown(HTMLParser):
    """Finds what must not be in stored HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {
            "script",
            "style",
            "form",
            "input",
            "iframe",
            "object",
            "embed",
            "svg",
            "math",
            "link",
            "meta",
            "base",
            "template",
            "button",
        }:
            self.wrong.append(tag)
        for name, value in attrs:
            told = "".join((value or "").lower().split())
            if name.startswith("on") or name in (
                "srcset",
                "background",
                "action",
                "formaction",
                "xlink:href",
                "ping",
                "poster",
                "id",
                "class",
            ):
                self.wrong.append(f"{tag} {name}")
            if "javascript:" in told and name in ("href", "src", "style"):
                self.wrong.append(f"{tag} {name}={value}")
            if name == "src" and not told.startswith(("cid:", "data:image/")):
                self.wrong.append(f"{tag} src={value}")
            if name == "href" and not told.startswith(("http:", "https:", "mailto:", "tel:", "#")):
                self.wrong.append(f"{tag} href={value}")
            if name == "style" and any(
                word in told for word in ("url(", "expression", "position", "@import", "behavior", "\\")
            ):
                self.wrong.append(f"{tag} style={value}")


def wrong_in(html: str) -> list[str]:
    parser = Shown()
    parser.feed(html)
    parser.close()
    return parser.wrong


def check(mail: Understood) -> None:
    texts = [
        mail.text,
        mail.quoted_text,
        mail.signature_text,
        mail.html,
        mail.subject,
        mail.sender.name,
        *(part.name for part in mail.attachments),
    ]
    for text in texts:
        text.encode()  # no surrogates: it can be stored
        assert "\0" not in text
    assert "\n" not in mail.subject + mail.sender.address + mail.message_id + "".join(
        part.name for part in mail.attachments
    )
    assert not any("/" in part.name or part.name in ("", ".", "..") for part in mail.attachments)
    assert wrong_in(mail.html) == []
    assert isinstance(mail.kind, MailKind)
    assert may_be_answered_automatically(mail).reason or mail.sender.address
    assert mail.language in ("en", "fr")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2_000) | pieces | damaged())
def test_any_bytes_are_understood_or_said_not_to_be(raw: bytes) -> None:
    try:
        mail = understand(raw, languages=("en", "fr"), default_language="en")
    except NotUnderstood as error:
        assert error.reason
        return
    check(mail)
    assert understand(raw, languages=("en", "fr"), default_language="en") == mail


NASTY = st.sampled_from(
    [
        "<",
        ">",
        '"',
        "'",
        "&",
        "=",
        "/",
        " ",
        "\n",
        "\0",
        "script",
        "style",
        "img",
        "a",
        "svg",
        "math",
        "table",
        "p",
        "title",
        "noscript",
        "select",
        "mtext",
        "mglyph",
        "src",
        "href",
        "onerror",
        "style",
        "data-src",
        "javascript:",
        "http://x",
        "//x",
        "cid:x",
        "data:image/png;base64,AA",
        "data:text/html,x",
        "url(",
        "<!--",
        "-->",
        "]]>",
        "&#x6a;",
        "&lt;",
        "&quot;",
        "x",
    ]
)
html_texts = st.lists(NASTY | st.text(max_size=5), max_size=40).map("".join)


@settings(max_examples=300, deadline=None)
@given(html_texts)
def test_stored_html_runs_and_loads_nothing(html: str) -> None:
    stored = markup.sanitised(html)
    assert wrong_in(stored) == []
    without = markup.shown(stored, pictures=False, address_of=lambda _: None)
    assert wrong_in(without) == []
    to_text(stored)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_a_text_becomes_html_and_the_same_text_again(text: str) -> None:
    made = markup.from_text(text)
    assert wrong_in(made) == []
    assert (
        "".join(to_text(markup.sanitised(made)).split()) == "".join(text.replace("\0", "").split())
        or not text.isprintable()
    )


SAFE = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.sampled_from(" \n"), max_size=200
)


@settings(max_examples=150, deadline=None)
@given(
    SAFE,
    SAFE,
    st.binary(max_size=300),
    st.sampled_from(["7bit", "base64", "quoted-printable"]),
    st.booleans(),
)
def test_the_standard_library_agrees_on_mails_in_order(
    text: str, other: str, data: bytes, encoding: str, alternative: bool
) -> None:
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = "Ann Smith <ann@example.org>"
    message["Subject"] = " ".join(other.split())
    message["Date"] = "Mon, 23 Nov 2026 10:00:00 +0100"
    message["Message-ID"] = "<1@example.org>"
    message.set_content(text, cte="base64" if encoding == "7bit" and not text.isascii() else encoding)
    if alternative and text.strip():
        message.add_alternative("<p>x</p>", subtype="html")
    message.add_attachment(data, maintype="application", subtype="x-own", filename="é .bin")
    raw = message.as_bytes()
    judge = email.message_from_bytes(raw, policy=email.policy.default)
    mail = understand(raw)
    body = judge.get_body(("plain",))
    assert body is not None
    assert "".join(mail.full_text.split()) == "".join(normalize("NFC", body.get_content()).split())
    assert mail.subject.split() == normalize("NFC", str(judge["Subject"])).split()
    assert [part.data for part in mail.attachments] == [data]
    assert [part.name for part in mail.attachments] == ["é .bin"]
    assert mail.sent_at == judge["Date"].datetime


@pytest.mark.parametrize("encoded", [b64encode(b"Hello").decode(), "SGVsbG8"])
def test_base64_may_lack_its_padding(encoded: str) -> None:
    assert understand(f"From: a@b.c\nContent-Transfer-Encoding: base64\n\n{encoded}".encode()).text == "Hello"
