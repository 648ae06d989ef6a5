"""winmail.dat, made for tests after [MS-OXTNEF]."""

import struct


def attribute(level: int, name: int, data: bytes) -> bytes:
    return bytes([level]) + struct.pack("<II", name, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def properties(*values: tuple[int, int, bytes]) -> bytes:
    """(type, name, data) of MAPI properties of variable length."""
    made = struct.pack("<I", len(values))
    for kind, name, data in values:
        made += struct.pack("<HHII", kind, name, 1, len(data)) + data + b"\0" * (-len(data) % 4)
    return made


def winmail(body: str, *attachments: tuple[str, bytes], html: bytes = b"", rtf: bytes = b"") -> bytes:
    """A winmail.dat with a body and attachments (their long names in UTF-16)."""
    made = b"\x78\x9f\x3e\x22\x01\x00"
    made += attribute(1, 0x00069007, struct.pack("<II", 1252, 0))
    if body:
        made += attribute(1, 0x0002800C, body.encode("cp1252") + b"\0")
    if html:
        made += attribute(1, 0x00069003, properties((0x0102, 0x1013, html)))
    if rtf:
        made += attribute(1, 0x00069003, properties((0x0102, 0x1009, rtf)))
    for name, data in attachments:
        made += attribute(2, 0x00069002, b"\x01\x00" + b"\xff" * 12)
        made += attribute(2, 0x00018010, name[:8].encode("cp1252", "replace") + b"\0")
        made += attribute(2, 0x0006800F, data)
        made += attribute(2, 0x00069005, properties((0x001F, 0x3707, (name + "\0").encode("utf-16-le"))))
    return made
