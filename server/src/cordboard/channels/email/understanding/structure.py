"""Bytes → the tree of a mail's parts, in time that grows with its size only.

The standard library's parser reads line by line, takes nine times a mail's size in memory and breaks off (RecursionError) at a
thousand parts within parts. This reader looks for the boundaries in the bytes and copies nothing until a part is asked for;
depth and number of parts are limited. In tests the standard library is its judge on mails that are in order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cordboard.channels.email.understanding import headers as headings
from cordboard.channels.email.understanding.headers import FIELD, Headers
from cordboard.channels.email.understanding.model import Limits

GUESSED_BOUNDARY = re.compile(
    rb"^--([^\s-][^\r\n]{0,69}|-[^\r\n]{3,68})[ \t]*\r?\n(?:content-|\r?\n)", re.IGNORECASE | re.MULTILINE
)
BLANK_LINES = re.compile(rb"(?:[ \t\0]*(?:\r\n|\n|\r))+")
AFTER_BOUNDARY = re.compile(rb"(--)?[ \t]*(?:\r?\n|\r|\Z)")


@dataclass(slots=True)
class Entity:
    """One part: its headers, and where its body stands in the whole. A multipart has children and no body of its own."""

    headers: Headers
    whole: bytes
    start: int
    end: int
    children: list["Entity"] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        return self.whole[self.start : self.end]

    @property
    def media_type(self) -> str:
        return self.headers.media_type

    def walk(self) -> Iterator["Entity"]:
        """This part and all below it, in the order of the mail. Without recursion."""
        waiting = [self]
        while waiting:
            one = waiting.pop()
            yield one
            waiting.extend(reversed(one.children))


@dataclass(slots=True)
class Reading:
    """One mail being taken apart: what is left of its limits, and what was mended."""

    whole: bytes
    limits: Limits
    repaired: dict[str, None] = field(default_factory=dict)
    parts: int = 0

    def mend(self, what: str) -> None:
        if what:
            self.repaired[what] = None


def take_apart(reading: Reading) -> Entity:
    """The whole mail as a tree."""
    whole = reading.whole
    start = 0
    if whole.startswith(b"From "):  # an mbox line that a program left in front
        start = whole.find(b"\n") + 1
        reading.mend("mbox-line")
    blank = BLANK_LINES.match(whole, start)
    if blank is not None and FIELD.match(whole, blank.end()):
        start = blank.end()
        reading.mend("headers-after-blank-line")
    return _entity(reading, start, len(whole), depth=0, within="text/plain")


def _entity(reading: Reading, start: int, end: int, depth: int, within: str) -> Entity:
    reading.parts += 1
    found, body = headings.read(reading, start, end)
    if not found.media_type:
        found.media_type = within
    one = Entity(found, reading.whole, body, end)
    if not found.media_type.startswith("multipart/"):
        return one
    if depth >= reading.limits.depth:
        reading.mend("too-deep")
        found.media_type = "text/plain" if depth > reading.limits.depth else "application/octet-stream"
        return one
    boundary = found.parameter("content-type", "boundary").encode("utf-8", "surrogateescape").rstrip()
    if not boundary or (b"--" + boundary) not in reading.whole[body:end]:
        boundary = _guess_boundary(reading, body, end)
    if not boundary:
        reading.mend("boundary-missing")
        found.media_type = (
            "text/html" if _looks_like_html(reading.whole[body : body + 2_000]) else "text/plain"
        )
        return one
    kind = "message/rfc822" if found.media_type == "multipart/digest" else "text/plain"
    for child_start, child_end in _between(reading, boundary, body, end):
        if reading.parts >= reading.limits.parts:
            reading.mend("too-many-parts")
            break
        one.children.append(_entity(reading, child_start, child_end, depth + 1, kind))
    return one


def _between(reading: Reading, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the parts stand between the boundary's lines. The line end before a boundary belongs to it (RFC 2046, 5.1.1)."""
    whole, mark = reading.whole, b"--" + boundary
    opened, at = -1, start
    while (at := whole.find(mark, at, end)) >= 0:
        line = at
        at += len(mark)
        if line > start and whole[line - 1] not in b"\r\n":
            continue
        rest = AFTER_BOUNDARY.match(whole, at, end)
        if rest is None:
            continue
        if opened >= 0:
            yield opened, max(opened, _without_line_end(whole, opened, line))
        if rest[1]:
            return
        opened = at = rest.end()
    if opened >= 0:
        reading.mend("boundary-not-closed")
        yield opened, end


def _without_line_end(whole: bytes, start: int, end: int) -> int:
    if end > start and whole[end - 1 : end] == b"\n":
        end -= 1
    if end > start and whole[end - 1 : end] == b"\r":
        end -= 1
    return end


def _guess_boundary(reading: Reading, start: int, end: int) -> bytes:
    """The boundary that is in the body when the header does not tell it, or tells another."""
    hit = GUESSED_BOUNDARY.search(reading.whole, start, min(end, start + 200_000))
    if hit is None:
        return b""
    reading.mend("boundary-guessed")
    return hit[1].rstrip()


def _looks_like_html(start: bytes) -> bool:
    return re.search(rb"<(?:!doctype\s+html|html|body|div|p|table)\b", start, re.IGNORECASE) is not None
