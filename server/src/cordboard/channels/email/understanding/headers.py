"""Headers: unfolded, decoded, mended.

Names are compared in lower case. Values are kept as the bytes that came (as text with surrogates) until one is asked for.
"""

import binascii
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from cordboard.channels.email.understanding import charsets

if TYPE_CHECKING:
    from cordboard.channels.email.understanding.structure import Reading

FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
LINE = re.compile(rb"([^\r\n]*)(\r\n|\n|\r|\Z)")
ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\n]*)\?=?")
STRICT_WORD = re.compile(r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]*\?=")
BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
PARAMETER = re.compile(
    r""";\s*([^\s=;"]{1,100}?)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)""",
    re.DOTALL,
)
SECTION = re.compile(r"([^*]+)\*(?:(\d{1,3})(\*)?)?")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
TYPE = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,100}", re.ASCII)
LONGEST = 64 * 1024
SINGLE = frozenset(
    {
        "from",
        "subject",
        "date",
        "message-id",
        "to",
        "cc",
        "reply-to",
        "in-reply-to",
        "references",
        "content-type",
        "content-transfer-encoding",
    }
)
"""At most one of each (RFC 5322, 3.6)."""


class Headers:
    """The headers of one part, by name; those of one name in their order."""

    __slots__ = ("_by_name", "media_type", "mended")

    def __init__(self, fields: list[tuple[str, str]], mended: "Reading") -> None:
        self._by_name: dict[str, list[str]] = {}
        for name, value in fields:
            self._by_name.setdefault(name, []).append(value)
        self.mended = mended
        self.media_type = self._media_type()

    def __bool__(self) -> bool:
        return bool(self._by_name)

    def all_raw(self, name: str) -> list[str]:
        """Undecoded values of this name, unfolded."""
        return self._by_name.get(name, [])

    def raw(self, name: str) -> str:
        """The first undecoded value that says something, "" without one."""
        return next(filter(None, self._by_name.get(name, ())), "")

    def decoded(self, name: str) -> str:
        """The first value as a person reads it, on one line."""
        return self.readable(self.raw(name))

    def readable(self, raw: str) -> str:
        if not raw:
            return ""
        text, mended = decode_words(raw)
        for what in mended:
            self.mended.mend(what)
        return " ".join(charsets.clean(text).split())

    def parameter(self, header: str, name: str) -> str:
        """A parameter such as the boundary, the charset or a file name (RFC 2231 and what is sent instead), "" without one."""
        return self.parameters(header).get(name, "")

    def parameters(self, header: str) -> dict[str, str]:
        raw = self.raw(header)
        if ";" not in raw:
            return {}
        found, mended = parameters(raw)
        for what in mended:
            self.mended.mend(what)
        return found

    def _media_type(self) -> str:
        raw = self.raw("content-type")
        if not raw:
            return ""
        told = raw.split(";", 1)[0].strip().strip("\"'").lower()
        if TYPE.fullmatch(told):
            return told
        if told in ("text", "html", "plain"):
            self.mended.mend("content-type-wrong")
            return "text/html" if told == "html" else "text/plain"
        self.mended.mend("content-type-wrong")
        return "text/plain"


def read(reading: "Reading", start: int, end: int) -> tuple[Headers, int]:
    """The headers from `start`, and where the body begins. A body that follows without an empty line is found."""
    whole, limits = reading.whole, reading.limits
    fields: list[tuple[str, list[bytes]]] = []
    at = start
    stop = min(end, start + limits.header_bytes)
    while at < stop:
        line = LINE.match(whole, at, end)
        if line is None:
            break
        text = line[1]
        if not text.strip(b" \t"):
            at = line.end()
            break
        head = FIELD.match(text)
        if head is not None:
            fields.append((head[1].decode("ascii").lower(), [text[head.end() :]]))
        elif text[:1] in b" \t" and fields:
            fields[-1][1].append(text.strip(b" \t"))
        elif not _skip_strange(reading, text, fields, at == start):
            return _made(reading, fields), at
        at = line.end()
        if len(fields) > limits.headers:
            fields.pop()
            reading.mend("too-many-headers")
    else:
        if at >= stop and stop < end:
            reading.mend("too-many-headers")
            at = _body_after(whole, at, end)
    return _made(reading, fields), at


def _skip_strange(
    reading: "Reading", text: bytes, fields: list[tuple[str, list[bytes]]], first: bool
) -> bool:
    """True when a line that is no header can be left out; False when it must be the body."""
    if text.startswith((b">From ", b"From ")) and first:
        return True
    if not fields:
        return False
    reading.mend("header-broken")
    if (b":" in text[:80] and b" " not in text.split(b":", 1)[0].strip()) or text[:1] in b"<\"'":
        return True
    if (
        len(fields[-1][1]) == 1
        and fields[-1][0] in ("subject", "to", "cc", "references", "received", "content-type")
        and len(text) < 200
        and not text.startswith(b"--")
    ):
        fields[-1][1].append(text)  # folded without the blank in front
        return True
    return False


def _body_after(whole: bytes, at: int, end: int) -> int:
    blank = re.compile(rb"\r?\n\r?\n").search(whole, at, end)
    return blank.end() if blank is not None else end


def _made(reading: "Reading", fields: list[tuple[str, list[bytes]]]) -> Headers:
    made: list[tuple[str, str]] = []
    seen: set[str] = set()
    for name, lines in fields:
        value = b" ".join(lines)[:LONGEST].strip()
        if name in SINGLE:
            if name in seen:
                reading.mend("header-doubled")
            seen.add(name)
        made.append((name, value.decode("utf-8", "surrogateescape")))
    return Headers(made, reading)


def decode_words(raw: str) -> tuple[str, list[str]]:
    """Encoded words (RFC 2047) and plain 8-bit in a header, as text; broken words as far as they go."""
    mended: list[str] = []
    if not raw.isascii():
        mended.append("header-8bit")
        data = raw.encode("utf-8", "surrogateescape")
        raw, wrong = charsets.decode(data, "utf-8")
        if not wrong:
            mended.pop()  # plain UTF-8 is in order (RFC 6532)
    if "=?" not in raw:
        return raw, mended
    joined = BETWEEN_WORDS.sub(r"\1", raw)
    pieces: list[str] = []
    waiting: tuple[str, str, bytes] = ("", "", b"")
    at = 0
    for word in ENCODED_WORD.finditer(joined):
        between = joined[at : word.start()]
        charset, encoding = word[1].split("*", 1)[0].lower(), word[2].lower()
        data = _word_bytes(encoding, word[3], mended)
        if STRICT_WORD.fullmatch(word[0]) is None:
            mended.append("encoded-word-broken")
        if not between and waiting[:2] == (charset, encoding):
            waiting = (charset, encoding, waiting[2] + data)  # a character may be cut in two between words
        else:
            pieces += [_word_text(waiting, mended), between]
            waiting = (charset, encoding, data)
        at = word.end()
    pieces += [_word_text(waiting, mended), joined[at:]]
    return "".join(pieces), mended


def _word_bytes(encoding: str, text: str, mended: list[str]) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding == "q":
        return binascii.a2b_qp(data, header=True)
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
        mended.append("encoded-word-broken")
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)) if letters else b""


def _word_text(word: tuple[str, str, bytes], mended: list[str]) -> str:
    charset, _, data = word
    if not data:
        return ""
    text, wrong = charsets.decode(data, charset)
    if wrong:
        mended.append(wrong)
    return text


def parameters(raw: str) -> tuple[dict[str, str], list[str]]:
    """The parameters of a header: quoted or not, in sections and percent-encoded (RFC 2231), or as encoded words (wrong, common)."""
    mended: list[str] = []
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[bool, str]]] = {}
    for hit in PARAMETER.finditer(raw[:LONGEST]):
        name, value = hit[1].lower(), hit[2].strip()
        if value.startswith('"'):
            value = ESCAPED.sub(r"\1", value[1:-1] if len(value) > 1 and value.endswith('"') else value[1:])
        part = SECTION.fullmatch(name)
        if part is None:
            plain.setdefault(name, value)
        else:
            number = int(part[2] or 0)
            encoded = part[2] is None or part[3] is not None
            sections.setdefault(part[1], {}).setdefault(number, (encoded, value))
        if len(plain) + len(sections) > 50:
            mended.append("too-many-parameters")
            break
    found: dict[str, str] = {}
    for name, value in plain.items():
        text, wrong = decode_words(value) if name != "boundary" else (value, [])
        mended += wrong
        found[name] = text
    for name, parts in sections.items():
        found[name] = _joined(parts, mended)
    return found, mended


def _joined(parts: dict[int, tuple[bool, str]], mended: list[str]) -> str:
    charset, whole = "", b""
    for number in sorted(parts):
        encoded, value = parts[number]
        if number == 0 and encoded and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        data = value.encode("utf-8", "surrogateescape")
        whole += unquote_to_bytes(data) if encoded else data
    text, wrong = charsets.decode(whole, charset or "utf-8")
    if wrong:
        mended.append(wrong)
    return text
