"""Bytes → text when the charset is missing, unknown or a lie.

What is declared is tried first; UTF-8 is then tried, since text that is valid UTF-8 and not plain ASCII is hardly ever
anything else; then the charset is guessed from a sample; the last resort is windows-1252 with replaced characters.
"""

import codecs
import unicodedata
from functools import lru_cache

from charset_normalizer import from_bytes

SAMPLE = 4 * 1024
FEW = 6
"""With fewer bytes beyond ASCII than this a guess says nothing: they are taken for windows-1252."""
WESTERN = frozenset("àâäáãåæçéèêëíîïñóôöøœùúûüßÀÂÄÁÆÇÉÈÊËÍÎÏÑÓÔÖŒÙÚÛÜ¿¡«»‘’“”–—…€°ºª§\xa0".encode("cp1252"))
"""What French, German, Spanish, Dutch and Nordic texts have beyond ASCII. Guessers take short ones for Central European."""
LIKELY = (
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1257",
    "koi8_r",
    "shift_jis",
    "euc_jp",
    "gb18030",
    "big5",
)
SUPERSETS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
}
"""Mail programs name the smaller set and send the larger one (as browsers read it, WHATWG Encoding)."""

SEVEN_BIT = frozenset(
    {"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "hz", "iso2022_kr"}
)
"""Charsets whose text may look like ASCII and is none."""

NICKNAMES = {
    "utf8mb4": "utf-8",
    "unicode": "utf-8",
    "x-unknown": "",
    "unknown-8bit": "",
    "8bit": "",
    "default": "",
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "cp-850": "cp850",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "utf-7": "",
}
"""Names that Python does not know; "" is "no charset". UTF-7 can hide markup from who reads it otherwise: it is not believed."""


@lru_cache(maxsize=512)
def known_charset(declared: str) -> str:
    """Python's name for a declared charset, the superset where there is one; "" when it is none."""
    name = declared.strip().strip("\"'").lower()[:64]
    name = NICKNAMES.get(name, name)
    if not name or not name.isascii():
        return ""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    if not found._is_text_encoding or found.name in {
        "utf-7",
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
        "undefined",
        "mbcs",
        "oem",
    }:
        return ""
    return SUPERSETS.get(found.name, found.name)


def decode(data: bytes, declared: str) -> tuple[str, str]:
    """The text and what had to be mended ("" when the mail told the truth)."""
    charset = known_charset(declared)
    shifts = b"\x1b$" in data
    if data.isascii() and not shifts and charset not in SEVEN_BIT:
        return data.decode("ascii"), ""
    if not charset and shifts:
        charset = "iso2022_jp"
    if charset:
        remark = "" if charset != "cp1252" or not _is_utf8(data) else "charset-wrong"
        if not remark:
            try:
                return data.decode(charset), ""
            except (UnicodeDecodeError, UnicodeError):
                remark = "charset-wrong"
    else:
        remark = "charset-unknown" if declared.strip() else "charset-missing"
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, "replace"), remark
    try:
        return data.decode("utf-8"), remark
    except UnicodeDecodeError as failure:
        if charset == "utf-8" and failure.start > 0 and _mostly_utf8(data):
            return data.decode("utf-8", "replace"), remark
    return data.decode(_guessed(data[:SAMPLE]), "replace"), remark


def clean(text: str) -> str:
    """NFC, `\\n` line ends, no NUL, no surrogates, no control characters but tab and line end, no direction overrides."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text.translate(CLEARED)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(data: bytes) -> bool:
    text = data[: SAMPLE * 4].decode("utf-8", "replace")
    return text.count("�") * 10 <= sum(1 for letter in text if letter > "\x7f")


@lru_cache(maxsize=256)
def _guessed(sample: bytes) -> str:
    beyond = bytes(byte for byte in sample if byte > 127)
    if len(beyond) < FEW or (WESTERN.issuperset(beyond) and len(beyond) * 5 < len(sample)):
        return "cp1252"
    found = from_bytes(sample, steps=3, cp_isolation=list(LIKELY), preemptive_behaviour=False).best()
    return found.encoding if found is not None else "cp1252"


CLEARED: dict[int, str | None] = {
    **{code: None for code in range(32) if code not in (9, 10)},
    0x0C: "\n",
    0x7F: None,
    **dict.fromkeys(range(8234, 8239)),
    **dict.fromkeys(range(8294, 8298)),
    **dict.fromkeys(range(55296, 57344), "�"),
    0xFEFF: None,
}
