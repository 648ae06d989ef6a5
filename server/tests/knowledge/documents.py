"""Documents for tests: PDFs with a text, PDFs and PNGs in which the text is only a picture."""

import struct
import zlib
from pathlib import Path

import pypdfium2


def pdf(*lines: str, drawn: bytes = b"", size: tuple[int, int] = (595, 842)) -> bytes:
    """A PDF of one page with these lines in Helvetica."""
    words = b"".join(
        b"BT /F 20 Tf 60 %d Td (%s) Tj ET\n"
        % (760 - 32 * at, line.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)"))
        for at, line in enumerate(lines)
    )
    stream = words + drawn
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
        % size,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    return _file(objects)


def scan(*lines: str) -> bytes:
    """A PDF of one page that is a picture of these lines."""
    across, down, pixels = _rendered(pdf(*lines))
    data = zlib.compress(pixels)
    picture = (
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 "
        b"/Filter /FlateDecode /Length %d >>\n"
        b"stream\n%s\nendstream" % (across, down, len(data), data)
    )
    stream = b"595 0 0 842 0 0 cm /I Do"
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
            picture,
        ]
    )


def png(*lines: str) -> bytes:
    """A picture of these lines."""
    across, down, pixels = _rendered(pdf(*lines))
    rows = b"".join(b"\0" + pixels[at * across : (at + 1) * across] for at in range(down))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", across, down, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    made = b"\x89PNG\r\n\x1a\n"
    for name, data in chunks:
        made += struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    return made


def kept(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _file(objects: list[bytes]) -> bytes:
    made = b"%PDF-1.4\n"
    places: list[int] = []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        made
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(made))
    )


def _rendered(data: bytes) -> tuple[int, int, bytes]:
    document = pypdfium2.PdfDocument(data)
    bitmap = document[0].render(scale=150 / 72, grayscale=True)
    rows = bytes(bitmap.buffer)
    across, down, stride = bitmap.width, bitmap.height, bitmap.stride
    document.close()
    return across, down, b"".join(rows[at * stride : at * stride + across] for at in range(down))
