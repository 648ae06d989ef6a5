"""Words of the configuration with places to be filled: `Hello {{name}}, your order is {{values.state}}.`"""

import re
from collections.abc import Mapping

_VARIABLE_AND_SPACE = re.compile(r"([ \t]?)\{\{\s*([A-Za-z_][\w.]*)\s*\}\}")


def fill(template: str, known: Mapping[str, str]) -> str:
    """`{{name}}` becomes its value; what is not known leaves nothing behind, not even a space before a comma."""
    return _VARIABLE_AND_SPACE.sub(lambda found: _filled(found, known), template)


def _filled(found: re.Match[str], known: Mapping[str, str]) -> str:
    value = known.get(found[2], "")
    return f"{found[1]}{value}" if value else ""
