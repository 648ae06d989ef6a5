"""The port: what can be read, and what comes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

PICTURES = frozenset({"image/png", "image/jpeg", "image/tiff", "image/bmp", "image/gif", "image/webp"})
PDF = "application/pdf"
LARGEST = 32 * 1024 * 1024
"""Bytes of a file that is still read."""
SMALLEST_PICTURE = 3_000
"""Bytes: what is smaller is a logo or a counter of readers."""
LONGEST_TEXT = 100_000
"""Characters that are kept of one file."""


class ReadState(StrEnum):
    """How reading a file ended."""

    READ = "read"
    NOTHING = "nothing"  # there is no text in it
    UNREADABLE = "unreadable"  # broken, or locked with a password
    TOO_LONG = "too_long"  # it took longer than one file may
    ABSENT = "absent"  # what reads it is not installed


@dataclass(frozen=True, slots=True)
class ReadText:
    """`text` is "" unless READ. `detail` is a sentence for the person who looks after the machine."""

    state: ReadState
    text: str = ""
    detail: str = ""


class TextReader(Protocol):
    """Reads one file at a time; callers may ask in parallel and wait."""

    async def read(self, path: Path, media_type: str, languages: Sequence[str]) -> ReadText: ...

    async def stop(self) -> None: ...


def can_be_read(media_type: str, size: int) -> bool:
    """True for files in which there may be a text to find."""
    return (media_type in PICTURES and SMALLEST_PICTURE <= size <= LARGEST) or (
        media_type == PDF and size <= LARGEST
    )
