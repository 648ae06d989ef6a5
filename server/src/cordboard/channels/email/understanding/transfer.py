"""Content-Transfer-Encoding, forgiving: what is broken is decoded as far as it goes."""

import binascii
import re

BASE64_JUNK = re.compile(rb"[^A-Za-z0-9+/]")
BASE64_BLOCK = re.compile(rb"[^=]+")
QP_BROKEN = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*\Z)")
PLAIN = frozenset({"", "7bit", "8bit", "binary"})


def decode(data: bytes, encoding: str) -> tuple[bytes, str]:
    """The bytes, and what had to be mended ("" for nothing)."""
    name = encoding.strip().strip("\"'").lower().split(";")[0].split(" ")[0]
    if name in PLAIN:
        return data, ""
    if name == "base64":
        return base64(data)
    if name == "quoted-printable":
        remark = "quoted-printable-broken" if QP_BROKEN.search(data) else ""
        return binascii.a2b_qp(data), remark
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        found = uuencoded(data)
        return (found, "") if found is not None else (data, "uuencode-broken")
    return data, "encoding-unknown"


def base64(data: bytes) -> tuple[bytes, str]:
    """Base64 with junk in it, without its padding, cut short, or several blocks in a row."""
    letters = data.translate(None, b"\r\n\t ")
    try:
        return binascii.a2b_base64(letters, strict_mode=True), ""
    except binascii.Error:
        pass
    found: list[bytes] = []
    for block in BASE64_BLOCK.finditer(letters):
        kept = BASE64_JUNK.sub(b"", block[0])
        kept = kept[:-1] if len(kept) % 4 == 1 else kept
        if kept:
            found.append(binascii.a2b_base64(kept + b"=" * (-len(kept) % 4)))
    return b"".join(found), "base64-broken"


def uuencoded(data: bytes) -> bytes | None:
    """What stands between `begin` and `end`; None when there is no such block."""
    begin = re.search(rb"(?:^|\n)begin [0-7]{3,4} [^\r\n]*\r?\n", data)
    if begin is None:
        return None
    found: list[bytes] = []
    for line in data[begin.end() :].splitlines():
        if line in (b"end", b"`", b""):
            if line == b"end":
                break
            continue
        try:
            found.append(binascii.a2b_uu(line))
        except binascii.Error:
            length = (
                ((line[0] - 32) & 63) * 4 + 5
            ) // 3  # some programs count wrongly (as the standard library mends it)
            try:
                found.append(binascii.a2b_uu(line[:length]))
            except binascii.Error:
                return b"".join(found) or None
    return b"".join(found)
