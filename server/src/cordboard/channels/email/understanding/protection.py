"""What is signed or encrypted: S/MIME (CMS, RFC 5652 and 8551) and PGP (RFC 3156, and the armour within a text).

A signed content is opened and read; whether the signature is right is not checked. What is encrypted stays closed: we hold nobody's
keys. Of CMS only the few fields on the way to the content are read, in BER, which real programs write with lengths left open.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

SIGNED, ENCRYPTED, UNREADABLE = "signed", "encrypted", "unreadable"
"""A mail's protection; "" for none. The later ones are told rather than the earlier ones."""

CMS_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_KINDS = {
    bytes.fromhex("2a864886f70d010702"): "signed",  # id-signedData
    bytes.fromhex("2a864886f70d010703"): "encrypted",  # id-envelopedData
    bytes.fromhex("2a864886f70d010706"): "encrypted",  # id-encryptedData
    bytes.fromhex("2a864886f70d0109100117"): "encrypted",  # id-ct-authEnvelopedData
    bytes.fromhex("2a864886f70d0109100109"): "compressed",  # id-ct-compressedData
}
_OID, _OCTETS, _OCTETS_IN_PIECES, _SEQUENCE, _SET, _CONTENT = 0x06, 0x04, 0x24, 0x30, 0x31, 0xA0
DEEPEST = 30
MOST_ELEMENTS = 300_000
LARGEST_CONTENT = 64 * 1024 * 1024


def stronger(one: str, other: str) -> str:
    order = ("", SIGNED, UNREADABLE, ENCRYPTED)
    return max(one, other, key=order.index)


# -- S/MIME


@dataclass(frozen=True, slots=True)
class Opened:
    """`kind`: signed, encrypted or compressed. `content` is None where it is not there, or closed to us."""

    kind: str
    content: bytes | None = None


@dataclass(slots=True)
class _Bytes:
    data: bytes
    left: int = MOST_ELEMENTS

    def element(self, at: int, end: int, depth: int = 0) -> tuple[int, int, int, int]:
        """(tag, where its content begins, where that ends, where the next one begins); ValueError where it is none."""
        self.left -= 1
        if self.left < 0 or depth > DEEPEST or at + 2 > end:
            raise ValueError("no element")
        tag, length, at = self.data[at], self.data[at + 1], at + 2
        if tag & 0x1F == 0x1F:
            raise ValueError("a tag that CMS does not have")
        if length == 0x80:
            stop = at
            while self.data[stop : min(stop + 2, end)] != b"\0\0":
                stop = self.element(stop, end, depth + 1)[3]
            return tag, at, stop, stop + 2
        if length > 0x80:
            size = length & 0x7F
            length = int.from_bytes(self.data[at : min(at + size, end)], "big")
            at += size
        if at + length > end:
            raise ValueError("cut short")
        return tag, at, at + length, at + length

    def within(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        while start < end:
            tag, begins, stops, start = self.element(start, end)
            yield tag, begins, stops

    def octets(self, tag: int, start: int, end: int, depth: int = 0) -> bytes:
        if tag == _OCTETS:
            return self.data[start:end]
        if tag != _OCTETS_IN_PIECES or depth > DEEPEST:
            raise ValueError("no octets")
        return b"".join(self.octets(*piece, depth + 1) for piece in self.within(start, end))


def open_cms(data: bytes) -> Opened | None:
    """What is in a CMS object; None when it is none, or is damaged."""
    read = _Bytes(data)
    try:
        tag, start, end, _ = read.element(0, len(data))
        fields = read.within(start, end)
        oid_tag, oid_start, oid_end = next(fields)
        kind = _KINDS.get(data[oid_start:oid_end], "")
        if tag != _SEQUENCE or oid_tag != _OID or not kind:
            return None
        if kind == "encrypted":
            return Opened(kind)
        tag, start, end = next(fields)
        if tag != _CONTENT:
            return None
        _, start, end = next(read.within(start, end))
        content = _content_of(read, start, end)
        return Opened(kind, _inflated(content) if kind == "compressed" and content else content)
    except (ValueError, StopIteration, IndexError, zlib.error):
        return None


def _content_of(read: _Bytes, start: int, end: int) -> bytes | None:
    """From within SignedData or CompressedData: the octets of its encapContentInfo."""
    for tag, begins, stops in read.within(start, end):
        if tag != _SEQUENCE:
            continue
        fields = list(read.within(begins, stops))
        if not fields or fields[0][0] != _OID or len(fields) < 2 or fields[1][0] != _CONTENT:
            continue  # the algorithm of CompressedData, or a content that is elsewhere
        return read.octets(*next(read.within(fields[1][1], fields[1][2])))
    return None


def _inflated(content: bytes) -> bytes:
    engine = zlib.decompressobj()
    found = engine.decompress(content, LARGEST_CONTENT)
    if engine.unconsumed_tail:
        raise ValueError("too large")
    return found


# -- PGP in a text

_BEGIN_MESSAGE, _END_MESSAGE = "-----BEGIN PGP MESSAGE", "-----END PGP MESSAGE"
_BEGIN_SIGNED, _BEGIN_SIGNATURE = "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----"
_END_SIGNATURE = "-----END PGP SIGNATURE-----"
_ARMOUR_HEADERS = re.compile(r"(?:[A-Za-z-]{1,30}: [^\n]{0,300}\n)*\n")


@dataclass(frozen=True, slots=True)
class Unarmoured:
    """A text without the armour that was in it, and the encrypted blocks that were taken out."""

    text: str
    protection: str
    blocks: tuple[str, ...] = ()


def unarmoured(text: str) -> Unarmoured:
    """Takes encrypted blocks out, and the frame of a clear signature away from its words."""
    if "-----BEGIN PGP " not in text:
        return Unarmoured(text, "")
    text, blocks = _without_messages(text)
    text, signed = _without_signatures(text)
    protection = ENCRYPTED if blocks else (SIGNED if signed else "")
    return Unarmoured(text.strip("\n") if protection else text, protection, tuple(blocks))


def _without_messages(text: str) -> tuple[str, list[str]]:
    kept, blocks, at = [], [], 0
    while (begin := _line(text, _BEGIN_MESSAGE, at)) >= 0:
        stop = text.find(_END_MESSAGE, begin)
        end = len(text) if stop < 0 else _line_end(text, stop)
        kept.append(text[at:begin])
        blocks.append(text[begin:end])
        at = end
    return "".join([*kept, text[at:]]), blocks


def _without_signatures(text: str) -> tuple[str, bool]:
    kept, at = [], 0
    while (begin := _line(text, _BEGIN_SIGNED, at)) >= 0:
        signature = _line(text, _BEGIN_SIGNATURE, begin)
        if signature < 0:
            break
        stop = text.find(_END_SIGNATURE, signature)
        headers = _ARMOUR_HEADERS.match(text, _line_end(text, begin))
        words = text[headers.end() if headers else _line_end(text, begin) : signature]
        kept.append(text[at:begin])
        kept.append("\n".join(line.removeprefix("- ") for line in words.split("\n")))
        at = len(text) if stop < 0 else _line_end(text, stop)
    return "".join([*kept, text[at:]]), bool(kept)


def _line(text: str, mark: str, at: int) -> int:
    """Where a line begins with this mark."""
    while (found := text.find(mark, at)) >= 0:
        if found == 0 or text[found - 1] == "\n":
            return found
        at = found + 1
    return -1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1
