"""What an attachment is, by its first bytes; and a name for it that can do no harm."""

import mimetypes
import re
import unicodedata

from cordboard.channels.email.understanding.html_rules import words

MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"BM", "image/bmp"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (8, b"WAVE", "audio/wav"),
    (0, b"fLaC", "audio/flac"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"MSCF", "application/vnd.ms-cab-compressed"),
    (32769, b"CD001", "application/x-iso9660-image"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (0, b"MZ", "application/x-msdownload"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"\xca\xfe\xba\xbe", "application/x-mach-binary"),
    (0, b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (0, b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
    (0, b"#!", "text/x-shellscript"),
    (0, b"BEGIN:VCALENDAR", "text/calendar"),
    (0, b"BEGIN:VCARD", "text/vcard"),
)
OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    b"mimetypeapplication/vnd.oasis.opendocument.text": "application/vnd.oasis.opendocument.text",
    b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet": "application/vnd.oasis.opendocument.spreadsheet",
    b"mimetypeapplication/epub+zip": "application/epub+zip",
    b"META-INF/MANIFEST.MF": "application/java-archive",
    b"AndroidManifest.xml": "application/vnd.android.package-archive",
}
OLE = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".msg": "application/vnd.ms-outlook",
    ".msi": "application/x-msi",
}
PROGRAMS = frozenset(
    {"application/x-msdownload", "application/x-executable", "application/x-mach-binary", "application/x-ms-shortcut",
     "application/java-archive", "application/vnd.android.package-archive", "application/x-msi", "text/x-shellscript",
     "application/x-iso9660-image"}
)  # fmt: skip
RUNNABLE = words(
    "exe com scr pif bat cmd vbs vbe js jse wsf wsh hta msi msp msc cpl jar ps1 psm1 reg lnk dll sys iso img vhd "
    "apk app appx application chm hlp inf ins isp job sct settingcontent-ms url website xll xlam docm xlsm pptm one "
    "sh py pl rb"
)
"""Endings of names that a double click would run, or that carry macros."""
SAFE_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+_-]{0,90}")
BAD_IN_NAME = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
)
KNOWN = mimetypes.MimeTypes(())
KNOWN.add_type("image/webp", ".webp")
KNOWN.add_type("image/heic", ".heic")
KNOWN.add_type("message/rfc822", ".eml")
KNOWN.add_type("text/calendar", ".ics")
KNOWN.add_type("application/vnd.rar", ".rar")
KNOWN.add_type("application/gzip", ".gz")
KNOWN.add_type("text/vcard", ".vcf")
GENERIC = frozenset(
    {
        "",
        "application/octet-stream",
        "application/x-download",
        "application/download",
        "application/force-download",
        "application/binary",
        "text/plain",
    }
)


def typed(data: bytes, name: str, declared: str) -> tuple[str, str]:
    """The media type that the bytes have, and a warning: "", `program`, `disguised` or `locked`."""
    found = _by_bytes(data, name)
    by_name = (KNOWN.guess_type(name, strict=False)[0] or "") if "." in name else ""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if found in PROGRAMS:
        disguised = ending not in RUNNABLE and (bool(by_name) or declared not in GENERIC)
        return found, "disguised" if disguised and found != "text/x-shellscript" else "program"
    if ending in RUNNABLE:
        return found or "application/octet-stream", "program"
    if found == "application/zip" and len(data) > 8 and data[6] & 1:
        return found, "locked"
    if found:
        return found, "disguised" if _contradicts(found, by_name) else ""
    declared = declared if SAFE_TYPE.fullmatch(declared) else ""
    if _is_text(data):
        told = by_name if declared in GENERIC else declared
        textual = told.startswith("text/") or told in (
            "application/json",
            "application/xml",
            "message/rfc822",
            "image/svg+xml",
        )
        if textual or not told:
            return told or "text/plain", ""
        return "text/plain", "disguised" if _shows(told) else ""
    told = declared if declared not in GENERIC else by_name
    if _shows(told):
        return "application/octet-stream", "disguised"  # says picture or PDF, and is none
    return told if told and not told.startswith("text/") else "application/octet-stream", ""


def safe_name(name: str, media_type: str, number: int) -> str:
    """A file name without folders, control or direction characters, of at most 120 characters; made up when there is none."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    name = BAD_IN_NAME.sub("", name)
    name = " ".join(name.split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    if stem.lower() in RESERVED or name.lower() in RESERVED:
        stem = f"_{stem}"
    if not stem:
        stem = f"attachment-{number}"
    if not ending and not dot:
        ending = (KNOWN.guess_extension(media_type, strict=False) or "").lstrip(".")
    ending = ending[:20]
    return f"{stem[: 120 - len(ending) - 1]}.{ending}" if ending else stem[:120]


def _by_bytes(data: bytes, name: str) -> str:
    start = data[:64].lstrip() if data[:1] in b" \r\n\t" else data
    for offset, magic, media_type in MAGIC:
        if (start if offset == 0 else data)[offset : offset + len(magic)] == magic:
            if media_type == "application/zip":
                return _zip(data)
            if media_type == "application/x-ole-storage":
                return OLE.get("." + name.rpartition(".")[2].lower(), media_type)
            if magic == b"BM" and data[6:10] != b"\x00\x00\x00\x00":
                continue
            if magic == b"MZ" and len(data) < 64:
                continue
            if magic in (b"\x1f\x8b", b"\xff\xfb") and len(data) < 10:
                continue
            return media_type
    if b"%PDF-" in data[:1024]:
        return "application/pdf"
    return ""


def _zip(data: bytes) -> str:
    listing = data[:4096] + data[-65536:]
    return next((media_type for mark, media_type in OFFICE.items() if mark in listing), "application/zip")


def _is_text(data: bytes) -> bool:
    sample = data[:4096]
    if b"\x00" in sample:
        return sample.startswith((b"\xff\xfe", b"\xfe\xff"))
    control = sum(1 for byte in sample if byte < 9 or 13 < byte < 27 or 27 < byte < 32)
    return control * 50 <= len(sample)


def _shows(media_type: str) -> bool:
    return (
        media_type.startswith(("image/", "audio/", "video/")) and media_type != "image/svg+xml"
    ) or media_type == "application/pdf"


def _contradicts(found: str, by_name: str) -> bool:
    """True when the name promises a picture or a document and the bytes are of quite another sort."""
    if not by_name or found == by_name:
        return False
    families = [found.split("/")[0], by_name.split("/")[0]]
    if families[0] == families[1] != "application" or (
        "zip" in by_name + found and "openxml" in by_name + found
    ):
        return False
    return _shows(by_name) or (_shows(found) and by_name.startswith("text/"))
