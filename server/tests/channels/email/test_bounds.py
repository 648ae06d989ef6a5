"""What a hostile mail costs: always something in proportion to its size, and never an exception."""

import tracemalloc
from base64 import encodebytes
from time import process_time

import pytest

from cordboard.channels.email.understanding import Understood, understand
from tests.channels.email.wild import mail, typed

HOSTILE = {
    "10,000 parts within parts": b"From: a@b.c\r\n"
    + b"".join(b"Content-Type: multipart/mixed; boundary=B%d\r\n\r\n--B%d\r\n" % (n, n) for n in range(10_000)),
    "10,000 parts in a row": mail(b"--B\r\nContent-Type: text/plain\r\n\r\nhi\r\n" * 10_000, "Content-Type: multipart/mixed; boundary=B"),
    "mails within mails": b"Content-Type: message/rfc822\r\n\r\n" * 5_000 + b"From: a@b.c\r\n\r\nHi",
    "one boundary for all": b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n" * 5_000,
    "20,000 headers": b"X-A: b\r\n" * 20_000 + b"\r\nHi",
    "a header of 5 MB": mail("x", b"Subject: " + b"a " * 2_500_000),
    "a folded header of 200,000 lines": mail("x", b"References:" + b"\r\n <a@b>" * 200_000),
    "100,000 recipients": mail("x", b"To: " + b", ".join(b"u%d@example.org" % n for n in range(100_000))),
    "brackets within brackets": mail("x", b"From: " + b"(" * 50_000),
    "open quotes": mail("x", b"To: " + b'"' * 50_001),
    "open angles": mail("x", b"To: " + b"<" * 50_000),
    "a name of 60,000 letters": mail("x", b"To: " + b"a" * 60_000),
    "a Message-ID of 60,000 letters": mail("x", b"References: " + b"a" * 60_000),
    "ends of addresses": mail("x", b"To: " + b"@a " * 20_000),
    "words in quotes and words": mail("x", b"To: " + b'"a"a ' * 12_000),
    "at signs": mail("x", b"To: " + b"a@" * 50_000),
    "encoded words": mail("x", b"Subject: " + b"=?utf-8?q?=C3?= " * 4_000),
    "open encoded words": mail("x", b"Subject: " + b"=?utf-8?q?" * 6_000),
    "parameters": mail("x", b"Content-Type: text/plain" + b"; a*1*=b" * 8_000),
    "open parameters": mail("x", b'Content-Type: text/plain; a="' + b"\\" * 60_000),
    "equals signs for base64": typed("application/pdf", b"=" * 5_000_000, "Content-Transfer-Encoding: base64"),
    "blanks for base64": typed("application/pdf", b"a \n" * 2_000_000 + b"!", "Content-Transfer-Encoding: base64"),
    "equals signs for quoted-printable": typed("text/plain", b"=" * 3_000_000, "Content-Transfer-Encoding: quoted-printable"),
    "one line of 10 MB": mail(b"a" * 10_000_000),
    "one line of 10 MB, 8-bit": mail(b"\xe9" * 10_000_000),
    "line ends only": mail(b"\n" * 5_000_000 + b"x"),
    "quotes only": mail(b"> " * 500_000),
    "lines that begin a quote": mail(b"On 2026-11-11 a@b.c:\n" * 50_000),
    "headings without end": mail(b"From: a\nSent: b\n" * 50_000),
    "dashes": mail(b"-" * 500_000 + b"\n" + b"_" * 500_000 + b":"),
    "begin without end": mail(b"begin 644 a\n" * 50_000 + b"\nend"),
    "uuencode without end": mail(b"begin 644 a\n" + b"M" * 60 + b"\n" * 3 + b"M#####\n" * 50_000 + b"\nend x"),
    "100,000 tags within tags": typed("text/html", b"<div>" * 100_000 + b"x"),
    "100,000 tags of text style": typed("text/html", b"<b><i>" * 50_000 + b"x"),
    "a table in each cell": typed("text/html", b"<table><tr><td>" * 20_000),
    "open tags": typed("text/html", b"<a href='" * 200_000),
    "lesser signs": typed("text/html", b"<" * 1_000_000),
    "open comments": typed("text/html", b"<!--" * 200_000),
    "attributes": typed("text/html", b"<p " + b"a='b' " * 100_000 + b">x"),
    "styles": typed("text/html", b"<p style='" + b"color:red;" * 100_000 + b"'>x</p>"),
    "different styles": typed("text/html", b"".join(b"<p style='width:%dpx'>x</p>" % n for n in range(20_000))),
    "entities": typed("text/html", b"&amp;" * 400_000),
    "a calendar of 100,000 events": typed("text/calendar", b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n" * 100_000),
    "a calendar of one folded line": typed("text/calendar", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:" + b"x\n " * 500_000),
    "TNEF that counts to four thousand million": typed(
        "application/ms-tnef", bytes.fromhex("789f3e22 0100 01 03900600 08000000 ffffffff 1f100010 0000")
    ),
    "addresses in a bounce": mail(b"a" * 200_000 + b"@" + b"b." * 50_000, "From: mailer-daemon@b.c", "Subject: Undelivered mail"),
    "boundaries that are nearly right": mail(b"\r\n--Bx" * 500_000, "Content-Type: multipart/mixed; boundary=B"),
    "guessed charsets": b"From: a@b.c\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"
    + b"".join(b"--B\r\n\r\n" + bytes(range(128 + n % 90, 250)) * 9 + b"%d\r\n" % n for n in range(300)),
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def warm() -> Understood:
    """The models of languages and charsets are read before anything is measured."""
    return understand("Bonjour à tous, ça va très bien déjà".encode("latin-1"), languages=("en", "fr"))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_takes_a_second_at_most(name: str) -> None:
    begun = process_time()
    mail = understand(HOSTILE[name], languages=("en", "fr"), default_language="en")
    assert process_time() - begun < 3.0
    assert len(mail.full_text) <= 1_000_000 + 20_000
    assert len(mail.recipients) <= 1_000
    assert len(mail.attachments) <= 300


def test_a_mail_of_50_mb_is_read_in_a_second_and_three_times_its_size() -> None:
    data = bytes(range(256)) * 140_000
    raw = (
        b"From: a@b.c\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nHello\r\n--B\r\nContent-Type: application/pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + encodebytes(data) + b"\r\n--B--\r\n"
    )
    begun = process_time()
    mail = understand(raw)
    assert process_time() - begun < 3.0
    assert mail.attachments[0].data == data
    assert mail.text == "Hello"
    tracemalloc.start()
    understand(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * len(raw)
