"""Which language a text is written in, among those that a tenant works in."""

import copy
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

LOOKED_AT = 2_000
"""Characters: more does not change the answer."""


def language_of(text: str, languages: Sequence[str], default: str) -> str:
    """One of `languages`, or `default` for a text of fewer than two words or when there is nothing to choose from.

    Languages are ISO 639-1, with a region or without (`fr`, `fr-CA`). 34 µs a sentence; the model is read once (0.3 s).
    """
    sample = text[:LOOKED_AT].split()
    if len(languages) < 2 or sum(1 for word in sample if any(letter.isalpha() for letter in word)) < 2:
        return default
    bare = {language[:2].lower(): language for language in reversed(languages)}
    limited = _limited(tuple(sorted(bare)))
    if limited is None:
        return default
    found, _ = limited.classify(" ".join(sample))
    return bare.get(str(found), default)


@lru_cache(maxsize=256)
def _limited(languages: tuple[str, ...]) -> Any:
    """The identifier for these languages alone; None when it knows fewer than two of them."""
    whole = _model()
    known = [language for language in languages if language in whole.nb_classes]
    if len(known) < 2:
        return None
    made = copy.copy(whole)  # the large tables are shared
    made.set_languages(known)
    return made


@lru_cache(maxsize=1)
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
