"""Mails as the wild sends them, written for the purpose: each with what must come out of it."""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(40))
PDF = b"%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
EXE = b"MZ\x90\x00" + b"\x00" * 80 + b"This program cannot be run in DOS mode.\r\n"
ZIP = b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + b"\x00" * 40
LOCKED_ZIP = b"PK\x03\x04\x14\x00\x01\x00\x08\x00" + b"\x00" * 40

USUAL = (
    "From: Ann <ann@example.org>",
    "To: support@centre.example",
    "Subject: Invoice",
    "Date: Mon, 23 Nov 2026 10:00:00 +0100",
    "Message-ID: <1@example.org>",
)


@dataclass(frozen=True)
class Case:
    """A mail and what must come out: values of `Understood`'s fields, and exactly what was mended."""

    name: str
    raw: bytes
    repaired: frozenset[str] = frozenset()
    expected: dict[str, Any] = field(default_factory=dict)


def case(name: str, raw: bytes, *repaired: str, **expected: Any) -> Case:
    return Case(name, raw, frozenset(repaired), expected)


def mail(body: str | bytes = "Hello there.", *lines: str | bytes, without: str = "") -> bytes:
    """The usual headers, those in `lines` (instead of the usual ones of the same name), and a body."""
    given = [line.encode() if isinstance(line, str) else line for line in lines]
    own = {line.split(b":")[0].lower() for line in given} | {without.lower().encode()}
    head = [line.encode() for line in USUAL if line.split(":")[0].lower().encode() not in own] + given
    return b"\r\n".join(head) + b"\r\n\r\n" + (body.encode() if isinstance(body, str) else body)


def typed(media_type: str, body: str | bytes, *lines: str | bytes) -> bytes:
    """A mail of one part."""
    return mail(body, f"Content-Type: {media_type}", *lines)


def part(media_type: str, body: str | bytes, *lines: str) -> bytes:
    """A part of a multipart."""
    head = "\r\n".join([f"Content-Type: {media_type}", *lines]).encode()
    return head + b"\r\n\r\n" + (body.encode() if isinstance(body, str) else body)


def attached(media_type: str, data: bytes, name: str, *lines: str) -> bytes:
    """An attachment in base64."""
    head = (
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: attachment; filename="{name}"',
        *lines,
    )
    return part(media_type, b64encode(data), *head)


def several(
    *parts: bytes, kind: str = "mixed", boundary: str = "=_b", parameter: str | None = None
) -> tuple[str, bytes]:
    """The Content-Type line and the body of a multipart."""
    told = f'; boundary="{boundary}"' if parameter is None else parameter
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + one + b"\r\n" for one in parts)
    return f"Content-Type: multipart/{kind}{told}", body + b"--" + boundary.encode() + b"--\r\n"


def multipart(*parts: bytes, kind: str = "mixed", lines: tuple[str, ...] = (), **more: Any) -> bytes:
    """A multipart mail."""
    line, body = several(*parts, kind=kind, **more)
    return mail(body, line, *lines)


TEXT = part("text/plain; charset=utf-8", "Hello there.")
