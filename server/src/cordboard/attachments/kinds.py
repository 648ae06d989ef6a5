"""Files of a chat: what they are is found by looking at them, not by what they are called."""

import codecs
from collections.abc import Sequence

from cordboard.errors import Refused

LONGEST_NAME = 120


class FileTooLarge(Refused):
    """The file is larger than is allowed here."""

    code = "file_too_large"
    status = 413


class FileTypeRefused(Refused):
    """Files of this kind are not accepted here."""

    code = "file_type_refused"
    status = 415


_SIGNATURES: Sequence[tuple[bytes, str]] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_OFFICE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
}
SAFE_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What a browser may show as it is; everything else is downloaded."""


def media_type_of(data: bytes, name: str) -> str:
    """By content; a name decides only between kinds that share a container."""
    ending = name.rpartition(".")[2].lower()
    for signature, media_type in _SIGNATURES:
        if data.startswith(signature):
            return _OFFICE.get(ending, media_type) if media_type == "application/zip" else media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return "video/mp4"
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data[:8192], final=len(data) <= 8192)
    except UnicodeDecodeError:
        return "application/octet-stream"
    if "\0" in text:
        return "application/octet-stream"
    beginning = text.lstrip("\ufeff \t\r\n")[:200].lower()
    if beginning.startswith(("<!doctype html", "<html", "<svg", "<?xml", "<script")):
        return "text/html"
    return "text/csv" if ending == "csv" else "text/plain"


def allowed(media_type: str, patterns: Sequence[str]) -> bool:
    return any(
        pattern == media_type or (pattern.endswith("/*") and media_type.startswith(pattern[:-1]))
        for pattern in patterns
    )


def safe_name(name: str) -> str:
    """Without folders, control characters and quotes."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in '"<>|:*?')
    return kept.strip(" .")[-LONGEST_NAME:] or "file"


def checked(data: bytes, name: str, patterns: Sequence[str]) -> str:
    """The media type; raises FileTypeRefused."""
    media_type = media_type_of(data, name)
    if not allowed(media_type, patterns):
        raise FileTypeRefused(media_type=media_type)
    return media_type
