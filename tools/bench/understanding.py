"""What it costs to understand a mail, by kind, beside the standard library's parser alone.

    python tools/bench/understanding.py [--seconds 1.0]

Processor time for one mail. "parse" is `email.message_from_bytes` with the modern policy and the bodies decoded: it gives parts, and
neither sanitised HTML, nor quotes, signature, language, kind, types of attachments or anything mended. Each mail is another one
(names of boundaries, subjects, words), so that nothing is answered out of a cache.
"""

import argparse
import email
import email.policy
import time
from base64 import encodebytes
from collections.abc import Callable
from email.message import EmailMessage

from rig.table import Row, show

from cordboard.channels.email.understanding import understand

WORDS = "Hello, I have ordered a washing machine and it has not arrived yet. Please tell me when it will come. Thank you very much."
QUOTED = "\n".join(f"> line {at} of what was written before in this conversation" for at in range(40))
VARIANTS = 20


def text(number: int) -> bytes:
    return _message(number, f"{WORDS}\n\nKind regards,\nAnn Smith {number}").as_bytes()


def reply(number: int) -> bytes:
    """A reply as Gmail sends it: text and HTML, with a quote."""
    head = f"On Mon, 23 Nov 2026 at 10:{number:02d}, Support <support@centre.example> wrote:"
    message = _message(number, f"{WORDS}\n\n{head}\n{QUOTED}")
    quote = "".join(f'<div style="margin:0px">line {at}<br></div>' for at in range(40))
    message.add_alternative(
        f'<div dir="ltr">{WORDS}</div><br><div class="gmail_quote">{head}<blockquote style="margin:0 0 0 .8ex">{quote}</blockquote></div>',
        subtype="html",
    )
    return message.as_bytes()


def newsletter(number: int) -> bytes:
    """60 kB of nested tables with inline styles and pictures from outside."""
    cell = (
        '<table width="100%" cellpadding="0" style="border-collapse:collapse"><tr><td style="padding:8px;font-family:Arial;color:#333333">'
        '<img src="https://pictures.example/{0}.png" width="120" alt="Picture {0}"><a href="https://shop.example/{0}?u=1&amp;v=2" '
        'style="color:#0066cc;text-decoration:none">Article {0}</a><p style="margin:4px 0">{1}</p></td></tr></table>'
    )
    body = "".join(cell.format(f"{number}-{at}", WORDS) for at in range(110))
    message = _message(number, "Read this in a browser.")
    message["List-Id"] = "<news.shop.example>"
    message.add_alternative(
        f"<html><head><style>p {{ margin: 0 }}</style></head><body>{body}</body></html>", subtype="html"
    )
    return message.as_bytes()


def attachment(number: int, size: int) -> bytes:
    message = _message(number, WORDS)
    data = b"%PDF-1.4\n" + bytes(range(256)) * (size // 256)
    message.add_attachment(data, maintype="application", subtype="pdf", filename=f"invoice {number}.pdf")
    return message.as_bytes()


def undeclared(number: int) -> bytes:
    """8-bit without a charset."""
    words = f"Bonjour, je n'ai toujours pas reçu ma commande n° {number} passée en février. Où est-elle passée ? Merci d'avance, Hélène"
    return (
        b"From: =?utf-8?q?H=C3=A9l=C3=A8ne?= <helene@example.org>\r\nSubject: Commande\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\n\r\n"
        + words.encode("latin-1")
    )


def bounce(number: int) -> bytes:
    report = f"Final-Recipient: rfc822; gone{number}@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    original = f"Message-ID: <{number}@centre.example>\r\nSubject: Your order\r\n\r\n"
    parts = (
        ("text/plain", "Could not deliver."),
        ("message/delivery-status", report),
        ("message/rfc822", original),
    )
    body = "".join(f"--b{number}\r\nContent-Type: {kind}\r\n\r\n{said}\r\n" for kind, said in parts)
    head = f"From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nContent-Type: multipart/report; boundary=b{number}"
    return f"{head}\r\n\r\n{body}--b{number}--\r\n".encode()


def huge(_: int) -> bytes:
    data = encodebytes(bytes(range(256)) * 140_000)
    return (
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nHello\r\n--B\r\n"
        b"Content-Type: application/pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + data + b"\r\n--B--\r\n"
    )


KINDS: dict[str, tuple[Callable[[int], bytes], int]] = {
    "short text": (text, VARIANTS),
    "reply, text and HTML": (reply, VARIANTS),
    "newsletter": (newsletter, VARIANTS),
    "PDF of 1 MB": (lambda number: attachment(number, 1_000_000), 3),
    "attachment, 50 MB mail": (huge, 1),
    "no charset, French": (undeclared, VARIANTS),
    "non-delivery report": (bounce, VARIANTS),
}


def _message(number: int, words: str) -> EmailMessage:
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = f"Ann Smith <ann{number}@example.org>"
    message["To"] = "Support <support@centre.example>"
    message["Subject"] = f"Where is my order {number}?"
    message["Date"] = "Mon, 23 Nov 2026 10:00:00 +0100"
    message["Message-ID"] = f"<{number}.abc@example.org>"
    for at in range(4):
        message["Received"] = f"from mx{at}.example.org by mx.example.net; Mon, 23 Nov 2026 10:00:0{at} +0100"
    message.set_content(words)
    return message


def _parse(raw: bytes) -> None:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for part in message.walk():
        if not part.is_multipart():
            part.get_payload(decode=True)


def _cost(work: Callable[[bytes], object], mails: list[bytes], seconds: float) -> float:
    """Processor time of one, in µs: the best of three."""
    best = float("inf")
    for _ in range(3):
        done, begun, used = 0, time.perf_counter(), time.process_time()
        while not done or time.perf_counter() - begun < seconds / 3:
            for raw in mails:
                work(raw)
            done += len(mails)
        best = min(best, (time.process_time() - used) / done * 1e6)
    return best


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=float, default=1.0, help="for each kind and reader")
    seconds = asked.parse_args().seconds
    languages = ("en", "fr", "de", "es")
    understand(text(0), languages=languages)  # the model of languages is read once
    rows: list[Row] = []
    for name, (make, variants) in KINDS.items():
        mails = [make(number) for number in range(variants)]
        ours = _cost(lambda raw: understand(raw, languages=languages), mails, seconds)
        theirs = _cost(_parse, mails, seconds)
        rows.append(
            {
                "mail": name,
                "kB": sum(map(len, mails)) // len(mails) // 1024,
                "understand µs": round(ours),
                "parse alone µs": round(theirs),
                "ratio": ours / theirs,
                "mails/s": round(1e6 / ours),
            }
        )
    show("Understanding a mail, processor time", rows)


if __name__ == "__main__":
    main()
