"""RTF as Outlook leaves it in a winmail.dat: unpacked ([MS-OXRTFCP]), and its HTML ([MS-OXRTFEX]) or its text taken out.

Outlook wraps the HTML of a mail into RTF when it packs one; then the HTML is had back as it was written. Any other RTF becomes text:
paragraphs, tabs and characters, nothing of its looks.
"""

import re
import struct
from dataclasses import dataclass, field

_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0"
    b"\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_RING = 4_096
_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
LARGEST = 8 * 1024 * 1024
DEEPEST = 200


def unpacked(data: bytes) -> bytes:
    """The RTF of PidTagRtfCompressed, as far as it goes; raises ValueError when it is none."""
    if len(data) < 16:
        raise ValueError("too short")
    kind = data[8:12]
    (size,) = struct.unpack_from("<I", data, 4)
    if kind == _PLAIN:
        return data[16 : 16 + min(size, LARGEST)]
    if kind != _COMPRESSED:
        raise ValueError("no compressed RTF")
    return _decompressed(data, min(size, LARGEST))


def _decompressed(data: bytes, size: int) -> bytes:
    ring = bytearray(_RING)
    ring[: len(_DICTIONARY)] = _DICTIONARY
    write, at = len(_DICTIONARY), 16
    out = bytearray()
    while at < len(data) and len(out) < size:
        control, at = data[at], at + 1
        for bit in range(8):
            if control >> bit & 1:
                if at + 2 > len(data):
                    return bytes(out)
                token, at = data[at] << 8 | data[at + 1], at + 2
                read = token >> 4
                if read == write:
                    return bytes(out)
                for _ in range((token & 0xF) + 2):
                    byte = ring[read]
                    out.append(byte)
                    ring[write] = byte
                    read, write = (read + 1) % _RING, (write + 1) % _RING
            else:
                if at >= len(data):
                    return bytes(out)
                out.append(data[at])
                ring[write] = data[at]
                write, at = (write + 1) % _RING, at + 1
    return bytes(out[:size])


_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_SKIPPED = frozenset(
    (
        *("fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "themedata"),
        *("header", "headerl", "headerr", "footer", "footerl", "footerr"),
    )
)
_CHARACTERS = {
    "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "cell": "\t", "tab": "\t", "lquote": "‘",
    "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "endash": "–", "emdash": "—",
    "emspace": " ", "enspace": " ",
}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"-": "", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip


@dataclass(slots=True)
class _Group:
    """`tag`: within a piece of the HTML that was wrapped in; `hidden`: what only RTF readers should see."""

    skipped: bool = False
    tag: bool = False
    hidden: bool = False
    codec: str = ""
    fallback: int = 1  # characters that follow a \u for readers without Unicode


@dataclass(slots=True)
class _Reader:
    codec: str = "cp1252"
    html: bool = False
    fonts: dict[int, str] = field(default_factory=dict)  # number -> codec
    font: int = 0  # the one that the table of fonts tells about
    out: list[str] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)  # bytes of one charset, until it changes
    pending_codec: str = ""
    to_skip: int = 0
    high: int = 0  # the first half of a character beyond the plane

    def bytes(self, data: bytes, group: _Group) -> None:
        if self.to_skip:
            skipped, self.to_skip = min(self.to_skip, len(data)), max(0, self.to_skip - len(data))
            data = data[skipped:]
        codec = group.codec or self.codec
        if codec != self.pending_codec:
            self.flush()
            self.pending_codec = codec
        self.pending += data

    def text(self, text: str) -> None:
        if self.to_skip:
            self.to_skip -= 1
            return
        self.flush()
        self.out.append(text)

    def flush(self) -> None:
        if self.pending:
            try:
                self.out.append(self.pending.decode(self.pending_codec or self.codec, "replace"))
            except LookupError:
                self.out.append(self.pending.decode("cp1252", "replace"))
            self.pending.clear()

    def unicode(self, value: int, group: _Group) -> None:
        self.flush()
        value &= 0xFFFF
        if 0xD800 <= value < 0xDC00:
            self.high = value
        elif 0xDC00 <= value < 0xE000:
            if self.high:
                self.out.append(chr(0x10000 + ((self.high - 0xD800) << 10) + (value - 0xDC00)))
            self.high = 0
        else:
            self.out.append(chr(value))
        self.to_skip = group.fallback


def read(data: bytes) -> tuple[str, bool]:
    """The HTML that was wrapped in (True), or else the text (False)."""
    reader = _Reader()
    groups = [_Group()]
    star = opened = False
    for hit in _TOKEN.finditer(data[:LARGEST]):
        word, number, code, symbol, brace, text = hit.groups()
        group = groups[-1]
        if brace == b"{":
            if len(groups) < DEEPEST:
                groups.append(_Group(group.skipped, group.tag, group.hidden, group.codec, group.fallback))
            star, opened, reader.to_skip = False, True, 0
            continue
        if brace == b"}":
            if len(groups) > 1:
                groups.pop()
            star, opened, reader.to_skip = False, False, 0
            continue
        if symbol == b"*":
            star = True
            continue
        if word is not None:
            _word(reader, group, word.decode(), int(number) if number else None, star and opened)
        elif _is_shown(reader, group):
            if code is not None:
                reader.bytes(bytes.fromhex(code.decode()), group)
            elif symbol is not None:
                reader.text(_SYMBOLS.get(symbol, ""))
            elif text is not None:
                reader.bytes(text, group)
        star = opened = False
    reader.flush()
    return "".join(reader.out), reader.html


def _is_shown(reader: _Reader, group: _Group) -> bool:
    return not group.skipped and not (reader.html and group.hidden)


def _word(reader: _Reader, group: _Group, word: str, number: int | None, optional: bool) -> None:
    if optional or word in _SKIPPED:
        group.tag = word == "htmltag"
        group.skipped = not group.tag or not reader.html
        if optional:
            return
    match word:
        case "fromhtml":
            reader.html = number != 0
        case "ansicpg" if number:
            reader.codec = {65001: "utf-8", 10000: "mac_roman"}.get(number, f"cp{number}")
        case "htmlrtf":
            group.hidden = number != 0
        case "uc" if number is not None:
            group.fallback = max(0, min(number, 20))
        case "f" if number is not None:
            reader.font = number
            group.codec = reader.fonts.get(number, "")
        case "fcharset" if number is not None and group.skipped:
            reader.fonts[reader.font] = _CHARSETS.get(number, "")
        case "plain":
            group.codec = ""
        case "bin":
            group.skipped = True
        case "u" if number is not None and _is_shown(reader, group):
            reader.unicode(number, group)
        case _:
            if word in _CHARACTERS and _is_shown(reader, group):
                reader.text("\r\n" if reader.html and _CHARACTERS[word] == "\n" else _CHARACTERS[word])
