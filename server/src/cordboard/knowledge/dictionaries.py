"""PostgreSQL's full-text dictionaries by language, and queries for them that no typed text can break."""

import re
from collections.abc import Sequence

DICTIONARIES = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
_WORD = re.compile(r"\w+")
_MOST_WORDS = 64


def dictionary_of(language: str) -> str:
    """The dictionary of a language (`en`, `fr-CA`); `simple` for one that PostgreSQL does not know."""
    return DICTIONARIES.get(language.partition("-")[0].lower(), "simple")


def typed_query(text: str) -> str:
    """Every word must be there; the last may be the beginning of one, since it is still being typed. "" for no words."""
    words = words_of(text)
    return " & ".join([*words[:-1], f"{words[-1]}:*"]) if words else ""


def any_word_query(text: str) -> str:
    """Any of the words; how many of them, and where, is for the rank to say."""
    return " | ".join(dict.fromkeys(words_of(text)))


def words_of(text: str) -> Sequence[str]:
    return _WORD.findall(text.lower())[:_MOST_WORDS]
