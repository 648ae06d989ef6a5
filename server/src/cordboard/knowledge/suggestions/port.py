"""What the engine is asked, and what it says: one contract for the worker and for a test's stand-in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cordboard.errors import Unavailable

VECTOR_BYTES = 384 * 2
"""A vector as it travels and is stored: 384 half-precision numbers."""


class EngineAway(Unavailable):
    """Suggestions by meaning are not to be had at present; those by words are."""

    code = "suggestions_away"


@dataclass(frozen=True, slots=True)
class PastUse:
    """`served`: 1 sent as it was, 0 rewritten or not sent."""

    answer_id: str
    question: bytes
    served: float


@dataclass(frozen=True, slots=True)
class Library:
    """Vectors of titles and texts, in the order of `answer_ids`; `key` changes with any of them."""

    key: str
    answer_ids: tuple[str, ...]
    titles: bytes
    texts: bytes


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    language: str
    past: Sequence[PastUse] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """`learned`: the part of `score` that comes from past uses."""

    answer_id: str
    score: float
    learned: float


class SuggestionEngine(Protocol):
    """All raise EngineAway when there is no answer in time."""

    @property
    def installed(self) -> bool:
        """False where it can never work: then nothing need be prepared for it."""

    async def embed(self, texts: Sequence[str], *, questions: bool) -> list[bytes]:
        """A vector for each text. A few at a time: everybody waits for it."""

    async def load(self, library: Library) -> None:
        """Keeps the library at hand; the least recently used ones are forgotten."""

    async def rank(self, library_key: str, question: Question) -> list[Scored] | None:
        """Best first; None when that library is not at hand."""
