"""About 400 lines a file (a file of tests 600), 40 a function, 5 parameters: a habit, checked by machine with a list that only shrinks.

`sizes.txt` names what is larger today and by how much it may be. An entry that is no longer needed, or that allows more than
is used, must be made smaller: `python tools/lints/sizes.py --shrink` does it. Nothing is ever added to it by the machine.
"""

import ast
import sys
from pathlib import Path

from _tracked import ROOT, files

FILE_LINES = 400
TEST_FILE_LINES = 600
FUNCTION_LINES = 60
PARAMETERS = 7
EXEMPTIONS = Path(__file__).with_name("sizes.txt")


def main(shrink: bool) -> int:
    sizes = _measure()
    allowed = _exemptions()
    found = [
        f"{what} has {size} {unit}, {allowed.get(what, limit)} are the most: split it"
        for what, (size, limit, unit) in sizes.items()
        if size > allowed.get(what, limit)
    ]
    tighter = {what: sizes[what][0] for what in allowed if what in sizes and sizes[what][0] > sizes[what][1]}
    tighter = {what: min(size, allowed[what]) for what, size in tighter.items()}
    if shrink:
        EXEMPTIONS.write_text("".join(f"{size} {what}\n" for what, size in sorted(tighter.items())))
    elif any(allowed[what] - tighter.get(what, 0) > 20 for what in allowed):
        found.append("tools/lints/sizes.txt allows more than is needed: python tools/lints/sizes.py --shrink")
    print("\n".join(found))
    return 1 if found else 0


def _measure() -> dict[str, tuple[int, int, str]]:
    sizes: dict[str, tuple[int, int, str]] = {}
    for path in files("server/src/*.py", "server/tests/*.py", "tools/*.py", "web/src/*.ts", "web/src/*.tsx"):
        name = str(path.relative_to(ROOT))
        if "/client/" in name or "/lib/words/" in name or name.endswith(".d.ts"):
            continue
        text = path.read_text()
        limit = TEST_FILE_LINES if "/tests/" in name else FILE_LINES
        sizes[name] = (text.count("\n"), limit, "lines")
        if path.suffix == ".py" and "/tests/" not in name:
            sizes |= _functions(name, ast.parse(text))
    return sizes


def _functions(name: str, tree: ast.Module) -> dict[str, tuple[int, int, str]]:
    sizes: dict[str, tuple[int, int, str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            sizes[f"{name}:{node.name}"] = (lines, FUNCTION_LINES, "lines")
            if "/cli/" in name or name.endswith("endpoints.py"):
                continue  # options and query parameters, which a framework fills in by name
            parameters = [
                one.arg for one in (*node.args.posonlyargs, *node.args.args) if one.arg not in ("self", "cls")
            ]
            sizes[f"{name}:{node.name}()"] = (len(parameters), PARAMETERS, "positional parameters")
    return sizes


def _exemptions() -> dict[str, int]:
    if not EXEMPTIONS.exists():
        return {}
    pairs = (line.split(" ", 1) for line in EXEMPTIONS.read_text().splitlines() if line.strip())
    return {what: int(size) for size, what in pairs}


if __name__ == "__main__":
    sys.exit(main("--shrink" in sys.argv))
