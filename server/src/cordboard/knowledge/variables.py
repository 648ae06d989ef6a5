"""Variables in prepared texts: `{end_customer.name}`, `{agent.name}`, `{values.order}`.

A variable without a value stays in the text as it is written and is named as missing, so that nobody sends "Dear ,".
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

NAMES = (
    "end_customer.name",
    "end_customer.address",
    "agent.name",
    "contact.id",
    "contact.subject",
    "space.name",
    "company.name",
    "date",
)
"""All that are known, besides `values.<name>`: what the script or the form has found out about the contact."""

_VARIABLE = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[A-Za-z0-9_]+)?)\}")


@dataclass(frozen=True, slots=True)
class Rendered:
    html: str
    text: str
    missing: tuple[str, ...]


def render(html: str, text: str, values: Mapping[str, str]) -> Rendered:
    """Both forms with the values in their places; in HTML they are escaped, so that a name is never markup."""
    missing = [name for name in used_in(html, text) if not values.get(name)]
    return Rendered(
        _VARIABLE.sub(_put(values, escape), html), _VARIABLE.sub(_put(values, str), text), tuple(missing)
    )


def used_in(*texts: str) -> list[str]:
    """The variables of the texts, each once, in order."""
    return list(dict.fromkeys(name for text in texts for name in _VARIABLE.findall(text)))


def unknown_in(*texts: str) -> list[str]:
    """Variables that no contact will ever have."""
    return [name for name in used_in(*texts) if name not in NAMES and not name.startswith("values.")]


def _put(values: Mapping[str, str], write: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
    return lambda found: write(values.get(found[1], "")) or found[0]
