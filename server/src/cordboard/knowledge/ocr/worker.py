"""The process that reads: one JSON request a line comes in, one JSON answer a line goes out. Started by `process`.

It may have little memory, less of the processor than everything else, and ends with who started it. PDFium is loaded with the
first PDF only. It never reads a clock: who asked kills it when a file takes too long.
"""

import ctypes
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cordboard.knowledge.ocr.reading import LONGEST_TEXT, PDF, ReadState, ReadText

MEMORY = 2 * 1024**3
PAGES_OF_TEXT = 50
PAGES_OF_PICTURE = 5
DOTS_PER_INCH = 200
MOST_PIXELS = 12_000_000
ENOUGH = 12
"""Letters on a page: with fewer it is a picture with a page number."""
TESSERACT_LANGUAGES = {
    "en": "eng", "fr": "fra", "de": "deu", "es": "spa", "it": "ita", "nl": "nld", "pt": "por", "pl": "pol",
}  # fmt: skip


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)
    ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL
    for line in sys.stdin:
        asked = json.loads(line)
        found = read(Path(asked["path"]), asked["media_type"], asked["languages"])
        sys.stdout.write(json.dumps([found.state.value, found.text, found.detail]) + "\n")
        sys.stdout.flush()


def read(path: Path, media_type: str, languages: Sequence[str]) -> ReadText:
    """One file. Whatever is wrong with it becomes a state."""
    try:
        text = _pdf(path, languages) if media_type == PDF else tesseract(path.read_bytes(), languages)
    except Absent as error:
        return ReadText(ReadState.ABSENT, detail=str(error))
    except (OSError, MemoryError, ValueError, RuntimeError) as error:
        return ReadText(ReadState.UNREADABLE, detail=type(error).__name__)
    text = tidy(text)
    return ReadText(ReadState.READ, text[:LONGEST_TEXT]) if text else ReadText(ReadState.NOTHING)


class Absent(Exception):
    """A part that reads is not installed; the message says which."""


def tesseract(picture: bytes, languages: Sequence[str]) -> str:
    """The text in a picture (PNG, JPEG, TIFF, PNM …)."""
    program = shutil.which("tesseract")
    if program is None:
        raise Absent("Tesseract is not installed: apt-get install tesseract-ocr tesseract-ocr-fra")
    known = _installed(program)
    wanted = [
        one
        for one in dict.fromkeys(TESSERACT_LANGUAGES.get(each[:2], "") for each in languages)
        if one in known
    ]
    if not wanted:
        wanted = ["eng"] if "eng" in known else sorted(known)[:1]
    if not wanted:
        raise Absent("Tesseract has no language: apt-get install tesseract-ocr-eng")
    command = [program, "stdin", "stdout", "-l", "+".join(wanted), "--psm", "3"]
    done = subprocess.run(
        command, input=picture, capture_output=True, check=False, env={**os.environ, "OMP_THREAD_LIMIT": "1"}
    )
    if done.returncode != 0:
        raise ValueError("Tesseract could not read it.")
    return done.stdout.decode("utf-8", "replace")


def tidy(text: str) -> str:
    """Without control characters, blank lines in a row and surrogates."""
    lines = [
        " ".join("".join(letter for letter in line if letter.isprintable() or letter == "\t").split())
        for line in text.splitlines()
    ]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept).encode("utf-8", "replace").decode("utf-8").strip()


def _installed(program: str) -> set[str]:
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)
    return {
        line.strip() for line in (listed.stdout + listed.stderr).splitlines() if line.strip().isalpha()
    } - {"osd"}


def _pdf(path: Path, languages: Sequence[str]) -> str:
    """Each page's own text; where there is none, and for the first such pages only, what stands in its picture."""
    try:
        import pypdfium2
    except ImportError as error:
        raise Absent("pypdfium2 is not installed: it comes with the extra `ocr`.") from error
    found: list[str] = []
    size = pictures = 0
    document = pypdfium2.PdfDocument(path)
    try:
        for number in range(min(len(document), PAGES_OF_TEXT)):
            page = document[number]
            text = page.get_textpage().get_text_bounded()
            if sum(letter.isalnum() for letter in text) < ENOUGH and pictures < PAGES_OF_PICTURE:
                pictures += 1
                text = _seen(page, languages) or text
            found.append(text)
            size += len(text)
            if size > LONGEST_TEXT:
                break
    finally:
        document.close()
    return "\n".join(found)


def _seen(page: Any, languages: Sequence[str]) -> str:
    width, height = page.get_size()
    scale = min(DOTS_PER_INCH / 72, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    across, down, stride = bitmap.width, bitmap.height, bitmap.stride
    rows = bytes(bitmap.buffer)
    pixels = b"".join(rows[at * stride : at * stride + across] for at in range(down))
    return tesseract(b"P5 %d %d 255\n" % (across, down) + pixels, languages)


if __name__ == "__main__":
    main()
