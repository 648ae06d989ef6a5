"""winmail.dat: what Outlook packs a mail into when it believes that the other side is Outlook too.

The format is [MS-OXTNEF]: a signature, then attributes (level, id, length, data, checksum); an attachment begins with
attAttachRenddata; MAPI properties carry long names and bodies. Only what a person would miss is read: attachments and the body.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = b"\x78\x9f\x3e\x22"
ATT_BODY, ATT_RENDDATA, ATT_DATA, ATT_TITLE, ATT_ATTACHMENT, ATT_MSG_PROPS, ATT_CODEPAGE = (
    0x0002800C, 0x00069002, 0x0006800F, 0x00018010, 0x00069005, 0x00069003, 0x00069007,
)  # fmt: skip
BODY, BODY_HTML, BODY_RTF, LONG_NAME, NAME, DATA_OBJECT, MIME_TAG, CONTENT_ID = (
    0x1000,
    0x1013,
    0x1009,
    0x3707,
    0x3704,
    0x3701,
    0x370E,
    0x3712,
)
FIXED = {
    0x0002: 4,
    0x0003: 4,
    0x0004: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x000A: 4,
    0x000B: 4,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}
LONG = frozenset({0x001E, 0x001F, 0x000D, 0x0102})
MOST_ATTACHMENTS = 200


@dataclass(slots=True)
class Attached:
    name: str = ""
    data: bytes = b""
    media_type: str = ""
    content_id: str = ""


@dataclass(slots=True)
class Unpacked:
    """`body` and `html` as text, "" when they are not in it."""

    attachments: list[Attached]
    body: str = ""
    html: bytes = b""
    rtf: bytes = b""
    """Compressed, as Outlook packs it (`rtf.unpacked`)."""
    whole: bool = True
    """False when it breaks off or contradicts itself."""


def unpack(data: bytes) -> Unpacked | None:
    """What is in it; None when it is no TNEF."""
    if not data.startswith(SIGNATURE):
        return None
    found = Unpacked([])
    codepage = "cp1252"
    try:
        for attribute, value in _attributes(data):
            if attribute == ATT_CODEPAGE and len(value) >= 4:
                codepage = f"cp{struct.unpack_from('<I', value)[0]}"
            elif attribute == ATT_BODY:
                found.body = _text(value, codepage)
            elif attribute == ATT_MSG_PROPS:
                _message(found, value, codepage)
            elif attribute == ATT_RENDDATA:
                if len(found.attachments) >= MOST_ATTACHMENTS:
                    found.whole = False
                    break
                found.attachments.append(Attached())
            elif found.attachments:
                _attachment(found.attachments[-1], attribute, value, codepage)
    except (struct.error, ValueError, IndexError):
        found.whole = False
    found.attachments = [one for one in found.attachments if one.data]
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at + 9 <= len(data):
        attribute, length = struct.unpack_from("<II", data, at + 1)
        if at + 9 + length > len(data):
            raise ValueError("cut short")
        yield attribute, data[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _message(found: Unpacked, value: bytes, codepage: str) -> None:
    for name, kind, data in _properties(value):
        if name == BODY and not found.body:
            found.body = _property_text(kind, data, codepage)
        elif name == BODY_HTML:
            found.html = data
        elif name == BODY_RTF:
            found.rtf = data


def _attachment(one: Attached, attribute: int, value: bytes, codepage: str) -> None:
    if attribute == ATT_DATA:
        one.data = value
    elif attribute == ATT_TITLE and not one.name:
        one.name = _text(value, codepage)
    elif attribute == ATT_ATTACHMENT:
        for name, kind, data in _properties(value):
            if name == LONG_NAME or (name == NAME and not one.name):
                one.name = _property_text(kind, data, codepage)
            elif name == MIME_TAG:
                one.media_type = _property_text(kind, data, codepage).lower()
            elif name == CONTENT_ID:
                one.content_id = _property_text(kind, data, codepage).strip("<>")
            elif name == DATA_OBJECT and not one.data and len(data) > 16:
                one.data = data[16:] if kind == 0x000D else data


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(name, type, value) of each MAPI property; of several values the first."""
    (count,) = struct.unpack_from("<I", data, 0)
    at = 4
    for _ in range(min(count, 2_000)):
        kind, name = struct.unpack_from("<HH", data, at)
        at += 4
        if name >= 0x8000:
            at = _after_name(data, at)
        several = kind & 0x1000
        kind &= 0xEFFF
        values = 1
        if several or kind in LONG:
            (values,) = struct.unpack_from("<I", data, at)
            at += 4
            if values > 10_000:
                raise ValueError("too many values")
        for number in range(values):
            if kind in LONG:
                (length,) = struct.unpack_from("<I", data, at)
                at += 4
            elif kind in FIXED:
                length = FIXED[kind]
            else:
                raise ValueError("unknown type")
            if at + length > len(data):
                raise ValueError("cut short")
            if number == 0:
                yield name, kind, data[at : at + length]
            at += length + (-length % 4)


def _after_name(data: bytes, at: int) -> int:
    (how,) = struct.unpack_from("<I", data, at + 16)
    (length,) = struct.unpack_from("<I", data, at + 20)
    return at + 24 + (length + (-length % 4) if how == 1 else 0)


def _property_text(kind: int, data: bytes, codepage: str) -> str:
    return data.decode("utf-16-le", "replace").rstrip("\0") if kind == 0x001F else _text(data, codepage)


def _text(data: bytes, codepage: str) -> str:
    try:
        return data.rstrip(b"\0").decode(codepage, "replace")
    except LookupError:
        return data.rstrip(b"\0").decode("cp1252", "replace")
