"""One word per thing: the names that DESIGN and GLOSSARY do not use must not be names in the code.

Looks at what the code *names* (modules, classes, functions, arguments, variables, attributes), not at sentences. A few words
are another system's own and are allowed in its adapter.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from _tracked import ROOT, files

NEVER: dict[str, str] = {
    "util": "name the thing it does",
    "utils": "name the thing it does",
    "helper": "name the thing it does",
    "helpers": "name the thing it does",
    "manager": "name the thing it does",
    "ticket": "Contact",
    "hunt": "Group",
    "hunting": "Group",
    "dialplan": "Script (Asterisk's own word in its adapter)",
    "disposition": "ClosingReason",
    "aux": "Withdrawn",
    "customer": "Tenant or EndCustomer",
    "acd": "matching",
}
"""Word (a part of a name between underscores or capitals) → what to write instead."""

ALLOWED: dict[str, frozenset[str]] = {
    "dialplan": frozenset({"channels/asterisk", "testing", "cli/bench"}),
    "customer": frozenset(
        {"configuration", "cli"}
    ),  # the word on screen and in the document that people write
}
"""Word → folders below `cordboard` where it is another system's own word."""

NAME_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def main() -> int:
    found: list[str] = []
    for path in files("server/src/*.py"):
        name = str(path.relative_to(ROOT / "server" / "src" / "cordboard"))
        for line, identifier in _names(path):
            found += [
                f"server/src/cordboard/{name}:{line}: {identifier}: not {word!r}, but: {NEVER[word]}"
                for word in _words(identifier)
                if word in NEVER and not any(name.startswith(folder) for folder in ALLOWED.get(word, ()))
            ]
    print("\n".join(found))
    return 1 if found else 0


def _words(identifier: str) -> list[str]:
    parts = [part.lower() for part in NAME_PARTS.findall(identifier)]
    return [
        part
        for before, part in zip(["", *parts], parts, strict=False)
        if not (part == "customer" and before == "end")
    ]


def _names(path: Path) -> Iterator[tuple[int, str]]:
    yield 1, path.stem
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield node.lineno, name
            case ast.arg(arg=name):
                yield node.lineno, name
            case ast.Name(id=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name


if __name__ == "__main__":
    sys.exit(main())
