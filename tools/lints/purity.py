"""Laws on imports that import-linter can not say.

- `core` imports itself and the standard library, and of that nothing that reads a clock, draws random numbers or does I/O.
- Nobody imports `main` but the command that starts it.
- A capability's service is its own: another capability that needs it asks for it in its constructor.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from _tracked import ROOT, files

SOURCE = ROOT / "server" / "src"
IMPURE = frozenset(
    {
        "asyncio",
        "os",
        "pathlib",
        "random",
        "secrets",
        "select",
        "socket",
        "subprocess",
        "threading",
        "time",
        "uuid",
        "io",
    }
)
SHARED = frozenset(
    {
        "core",
        "runtime",
        "channels",
        "web",
        "live",
        "db",
        "index",
        "cli",
        "testing",
        "supervisor",
        "speech",
        "knowledge",
        "demo",
    }
)
"""Packages that are not capabilities."""

EXEMPT = frozenset({"configuration/people.py"})
"""Files that may use another capability's service: persons of the document are made by identity's own rules."""


def main() -> int:
    found = [remark for path in files("server/src/*.py") for remark in _remarks(path)]
    print("\n".join(found))
    return 1 if found else 0


def _remarks(path: Path) -> Iterator[str]:
    where = path.relative_to(SOURCE / "cordboard")
    place = where.parts[0] if len(where.parts) > 1 else ""
    for line, module in _imports(path):
        begin = f"{path.relative_to(ROOT)}:{line}: imports {module}:"
        top, *rest = module.split(".")
        if place == "core":
            if top == "cordboard" and rest[:1] != ["core"]:
                yield f"{begin} the core imports nothing but itself"
            elif top != "cordboard" and (top not in sys.stdlib_module_names or top in IMPURE):
                yield f"{begin} the core is pure: time, chance and the outside are arguments"
        if module == "cordboard.main" and str(where) not in ("cli/serving.py",):
            yield f"{begin} nobody imports main"
        capability = rest[0] if top == "cordboard" and len(rest) > 1 else ""
        if str(where) in EXEMPT:
            continue
        if place and place not in SHARED and capability not in {"", place, *SHARED} and rest[1] == "service":
            yield f"{begin} the service of {capability} is its own"


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.lineno, node.module
            if node.module == "cordboard":
                yield from ((node.lineno, f"cordboard.{name.name}") for name in node.names)


if __name__ == "__main__":
    sys.exit(main())
