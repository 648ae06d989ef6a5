"""Where a text says what was searched for: a few words around, with marks. Pure.

The database has found the contact by its own dictionaries; here words are marked that begin as the query's lexemes do, which is
how stems relate to words.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from cordboard.index.terms import terms_in

WIDTH = 180  # characters
_WORD = re.compile(r"\w+")
_LEXEME = re.compile(r"'((?:[^']|'')*)'(:\*)?")
_SPACES = re.compile(r"\s+")
_PLAIN = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_SHORT = 3  # a beginning of fewer letters marks whole words alone


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Marks:
    """What a query marks: beginnings of words, and exact terms (numbers, addresses)."""

    words: tuple[str, ...]
    whole: frozenset[str]
    exact: tuple[str, ...]


def folded(word: str) -> str:
    """As the database's `search_folded` does with a word."""
    bare = unicodedata.normalize("NFKD", word.lower().translate(_PLAIN))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def marks_of(query: str) -> Marks:
    """`query`: PostgreSQL's own text of it."""
    words, whole, exact = set[str](), set[str](), list[str]()
    for lexeme, beginning in _LEXEME.findall(query):
        if lexeme[:1] in "=#~":
            exact.append(lexeme)
        elif len(lexeme) < _SHORT and not beginning:
            whole.add(lexeme)
        elif lexeme:
            words.add(lexeme)
            if lexeme.endswith("i") and len(lexeme) > _SHORT:
                words.add(lexeme[:-1] + "y")
    return Marks(tuple(words), frozenset(whole), tuple(exact))


def hits_in(text: str, marks: Marks) -> list[tuple[int, int]]:
    """From where to where, in order."""
    found: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        word = folded(match.group())
        if word in marks.whole or (marks.words and word.startswith(marks.words)):
            found.append(match.span())
    if marks.exact:
        found += [span for span in _exact_spans(text, marks.exact) if not _inside(span, found)]
    return sorted(found)


def _exact_spans(text: str, exact: tuple[str, ...]) -> list[tuple[int, int]]:
    spans = []
    for match in re.finditer(r"[+(]?\d[\d ./()\-]{5,20}\d|\S+@\S+", text):
        if any(term.startswith(exact) for term in terms_in(match.group())):
            spans.append(match.span())
    return spans


def _inside(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(begin < span[1] and span[0] < end for begin, end in others)


def snippet(text: str, marks: Marks, width: int = WIDTH) -> tuple[int, list[Part]]:
    """How many hits the text has, and the stretch with the most of them; nothing when there is none."""
    hits = hits_in(text, marks)
    if not hits:
        return 0, []
    best, most, last = 0, 0, 0
    for index, (begin, _) in enumerate(hits):
        last = max(last, index)
        while last < len(hits) and hits[last][1] - begin <= width:
            last += 1
        if last - index > most:
            best, most = index, last - index
    shown = hits[best : best + most] or [hits[best]]
    spare = max(0, width - (shown[-1][1] - shown[0][0])) // 2
    begin = _word_edge(text, max(0, shown[0][0] - spare), forward=True)
    end = _word_edge(text, min(len(text), shown[-1][1] + spare), forward=False)
    begin, end = min(begin, shown[0][0]), max(end, shown[-1][1])
    return len(hits), _parts(text, begin, end, shown)


def _word_edge(text: str, at: int, *, forward: bool) -> int:
    if at in (0, len(text)):
        return at
    edge = text.find(" ", at, at + 30) if forward else text.rfind(" ", max(0, at - 30), at)
    if edge < 0:
        return at
    return edge + 1 if forward else edge


def _parts(text: str, begin: int, end: int, shown: Sequence[tuple[int, int]]) -> list[Part]:
    parts: list[Part] = []
    at = begin
    for start, stop in shown:
        parts += [Part(text[at:start], False), Part(text[start:stop], True)]
        at = stop
    parts.append(Part(text[at:end], False))
    lead, trail = "… " if begin > 0 else "", " …" if end < len(text) else ""
    parts = [Part(_SPACES.sub(" ", part.text), part.hit) for part in parts]
    parts[0] = Part(lead + parts[0].text, False)
    parts[-1] = Part(parts[-1].text + trail, False)
    return [part for part in parts if part.text]
