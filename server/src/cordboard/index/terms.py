"""Exact words of the search, beside the words of the language: numbers in any spelling, addresses, references. Pure.

They begin with a sign that no word of a text has: `#` the digits of a number, from its beginning, with and without its country
code; `~` its last nine digits, backwards, so that +33 6 12 34 56 78, 0033612345678, 06 12 34 56 78 and 56 78 all find it;
`=a:` an address; `=m:` a reference; `=i:` a contact's id.
"""

import re
from dataclasses import dataclass

from cordboard.numbers import national

_NUMBER = re.compile(r"(?<![\w])(?:\+|00)?\(?\d[\d ./()\-\u00a0]{5,20}\d(?![\w])")
_NUMBER_TYPED = re.compile(r"[+(]?[\d ./()\-]{3,24}\d")
_ADDRESS = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
_UNSAFE = re.compile(r"[\s'\"\\]")
LONGEST_TEXT = 200_000
MOST_TERMS = 12
_ENDING = 9  # digits of a number that tell it apart, whatever its country code or trunk prefix


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must be found. `exact`: (term, whether only its beginning is known); any of them, or the text, will do."""

    text: str
    prefix: bool = False
    droppable: bool = False  # when it is a word like "the"
    exact: tuple[tuple[str, bool], ...] = ()


def number_terms(number: str) -> list[str]:
    digits = _significant(number)
    if len(digits) < 3:
        return []
    own = national(number.strip()) if number.strip().startswith("+") else ""
    return [f"#{digits}", f"~{digits[::-1][:_ENDING]}", *([f"#{own}"] if len(own) >= 3 else [])]


def address_term(address: str) -> str:
    return f"=a:{_safe(address.lower())}"


def reference_terms(reference: str) -> list[str]:
    plain = _safe(reference.strip("<>"))
    return [f"=m:{plain}"[:500]] if plain else []


def terms_in(text: str) -> list[str]:
    """Of the numbers and addresses that a text holds."""
    found: dict[str, None] = {}
    for match in _NUMBER.finditer(text):
        if 7 <= sum(letter.isdigit() for letter in match.group()) <= 15:
            found.update(dict.fromkeys(number_terms(match.group())))
    for match in _ADDRESS.finditer(text):
        found[address_term(match.group())] = None
    return list(found)[:200]


def read_query(typed: str) -> list[Term]:
    """What somebody has typed: words, "phrases", a number, an address, a reference. All must be found."""
    typed = typed.strip()
    if re.fullmatch(r"#\d{1,18}", typed):
        return [Term("", exact=((f"=i:{typed[1:]}", False),))]
    if typed.isascii() and typed.isdigit() and len(typed) < 4:
        return [Term(typed, exact=_number_typed(typed))]
    if _NUMBER_TYPED.fullmatch(typed):
        return [Term(typed, prefix=True, exact=_number_typed(typed))]
    parts = [part for part in re.findall(r'"([^"]*)"?|(\S+)', typed) if any(part)]
    terms: list[Term] = []
    for at, (phrase, word) in enumerate(parts):
        last = at == len(parts) - 1
        if phrase:
            terms.append(Term(phrase))
        elif any(letter.isalnum() for letter in word) and (len(word) > 1 or len(parts) == 1):
            terms.append(_word(word, last=last, alone=len(parts) == 1))
    return terms[:MOST_TERMS]


def _word(word: str, *, last: bool, alone: bool) -> Term:
    exact: tuple[tuple[str, bool], ...] = ()
    if "@" in word:
        plain = _safe(word.strip("<>,;"))
        exact = ((f"=a:{plain.lower()}", last), (f"=m:{plain}"[:500], False))
    elif sum(letter.isdigit() for letter in word) >= 3 and _NUMBER_TYPED.fullmatch(word.lstrip("#")):
        exact = _number_typed(word.lstrip("#"))
    return Term(word, prefix=last, droppable=not last and not alone, exact=exact)


def _number_typed(typed: str) -> tuple[tuple[str, bool], ...]:
    digits = _significant(typed)
    if len(digits) < 3:
        return ((f"=i:{typed}", False),) if typed.isdigit() else ()
    whole = ((f"=i:{typed}", False),) if typed.isdigit() else ()
    return (*whole, (f"#{digits}", True), (f"~{digits[::-1][:_ENDING]}", True))


def _significant(number: str) -> str:
    """The digits, without the zeros by which a network begins."""
    return "".join(letter for letter in number if letter.isdigit()).lstrip("0")


def _safe(text: str) -> str:
    return _UNSAFE.sub("", text)[:500]
