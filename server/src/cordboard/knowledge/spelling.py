"""Which words of a text no dictionary knows. Hunspell with the dictionaries that the machine has; without either, it says so.

While somebody writes, the browser's own checker marks words. This one is for what a browser can not know: the company's
words, the people's names and the library's texts are right by themselves.
"""

import re
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from cordboard.errors import Refused

if TYPE_CHECKING:
    from hunspell import Hunspell

FOLDERS = (Path("/usr/share/hunspell"), Path("/usr/share/myspell/dicts"))
DICTIONARIES = {
    "de": ("de_DE", "de_DE_frami"),
    "en": ("en_GB", "en_US"),
    "es": ("es_ES", "es"),
    "fr": ("fr", "fr_FR"),
    "it": ("it_IT",),
    "nl": ("nl_NL", "nl"),
    "pt": ("pt_PT", "pt_BR"),
}
"""Language → names of dictionaries, the first that is there is taken."""

MOST_UNKNOWN = 100
SUGGESTED = 5
_NO_PROSE = re.compile(r"\{[^}\s]*\}|\S+@\S+|https?://\S+|www\.\S+|[#/]\S+|\S*\d\S*")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_ENDS = re.compile(r"(?:^|[.!?:\n«\"])[\s«\"]*$")


class NoDictionary(Refused):
    """This server has no dictionary for this language. Install its hunspell package, or rely on the browser's checker."""

    code = "no_dictionary"
    status = 404


@dataclass(frozen=True, slots=True)
class Unknown:
    """`at`: where it begins in the text, in characters."""

    word: str
    at: int
    suggestions: tuple[str, ...]


class Speller:
    """All waits for the processor: from a coroutine call it through `asyncio.to_thread`. Dictionaries are read when first needed."""

    def __init__(self) -> None:
        self._loaded: dict[str, Hunspell] = {}
        self._lock = threading.Lock()  # hunspell is not made for several threads

    def check(self, language: str, text: str, known: Collection[str]) -> list[Unknown]:
        """In order, each word once. `known` are right in any case, whatever their capitals. Raises NoDictionary."""
        language = language.partition("-")[0].lower()
        right = {word.casefold() for word in known}
        with self._lock:
            dictionary = self._dictionary(language)
            found: dict[str, Unknown] = {}
            for word, at in _words(text, names=language != "de"):
                if word in found or len(found) >= MOST_UNKNOWN or word.casefold() in right:
                    continue
                if not _is_right(dictionary, word, right):
                    found[word] = Unknown(word, at, tuple(dictionary.suggest(word)[:SUGGESTED]))
        return list(found.values())

    def _dictionary(self, language: str) -> "Hunspell":
        if language not in self._loaded:
            place = _find(language)
            if place is None or find_spec("hunspell") is None:
                raise NoDictionary
            from hunspell import Hunspell

            self._loaded[language] = Hunspell(place.stem, hunspell_data_dir=str(place.parent))
        return self._loaded[language]


def words_of(text: str) -> set[str]:
    """The words of a text that is right, to be known elsewhere."""
    return {part for word in _WORD.findall(text) for part in (word, *re.split(r"['’-]", word)) if part}


def _find(language: str) -> Path | None:
    for name in DICTIONARIES.get(language, ()):
        for folder in FOLDERS:
            if (folder / f"{name}.dic").exists() and (folder / f"{name}.aff").exists():
                return folder / f"{name}.dic"
    return None


def _words(text: str, *, names: bool) -> Iterator[tuple[str, int]]:
    """Words that a dictionary can judge: no variables, addresses, numbers or abbreviations, and no names within a sentence."""
    prose = _NO_PROSE.sub(lambda found: " " * len(found[0]), text)
    for found in _WORD.finditer(prose):
        word = found[0]
        if len(word) < 2 or (word.isupper() and len(word) <= 5):
            continue
        if (
            names
            and word[0].isupper()
            and not _SENTENCE_ENDS.search(prose[max(0, found.start() - 8) : found.start()])
        ):
            continue
        yield word, found.start()


def _is_right(dictionary: "Hunspell", word: str, right: Collection[str]) -> bool:
    plain = word.replace("’", "'")
    if dictionary.spell(plain) or (plain[0].isupper() and dictionary.spell(plain.lower())):
        return True
    parts = re.split(r"[-']", plain)
    return len(parts) > 1 and all(
        not part or len(part) == 1 or part.casefold() in right or dictionary.spell(part) for part in parts
    )
