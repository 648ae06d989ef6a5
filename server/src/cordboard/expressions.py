"""Expressions of scripts, in CEL (Common Expression Language): pure, and bounded in length and in work.

The language itself neither loops nor reads clocks nor reaches out. We bound it further: an expression has at most
`MAX_LENGTH` characters and at most one look through a list (`tags.exists(t, t == 'vip')`), because lists inside lists
multiply. Compiled programs are kept. The variables are those of a contact (`VARIABLES`, see `core.script.steps`).
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from typing import Any, Protocol, cast

MAX_LENGTH = 500

VARIABLES = (
    *("caller", "called", "language", "channel", "priority", "tags", "values", "hour", "weekday"),
    *("sender", "sender_domain", "to", "subject", "body", "attachments", "attachment_text", "kind"),
    *("end_customer", "thread", "page"),
)
"""What an expression may name. `values` holds what the script's `set` steps have set: `values.order`."""

FUNCTIONS = (
    "size",
    "contains",
    "startsWith",
    "endsWith",
    "matches",
    "int",
    "uint",
    "double",
    "string",
    "type",
    "dyn",
)

_STRING = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", re.DOTALL)
_LOOK = re.compile(
    r"\b(all|exists|exists_one|existsOne|map|filter|transform\w*|sortBy)\b(?:\s*\(\s*(\w+)\s*,)?"
)
_NAMED = re.compile(r"^[a-zA-Z]\w*$")


class ExpressionError(ValueError):
    """The expression is wrong, or failed for this contact."""


class _Program(Protocol):
    def execute(self, context: dict[str, object]) -> object: ...

    def references(self) -> dict[str, list[str]]: ...


def evaluate(expression: str, variables: Mapping[str, object]) -> str | bool | int | float:
    """The expression's value for these variables; raises ExpressionError when it has none."""
    program = _compiled(expression)
    try:
        value = program.execute(dict(variables))
    except Exception as error:
        raise ExpressionError(_sentence(error)) from error
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":  # how the extension reports a bug of its own
            raise
        raise ExpressionError("the expression could not be evaluated") from panic
    if not isinstance(value, str | bool | int | float):
        raise ExpressionError(f"gives {type(value).__name__}; it must give a text, a number, true or false")
    return value


def check(expression: str) -> None:
    """Raises ExpressionError, with a sentence for the author, when the expression can never work."""
    references = _compiled(expression).references()
    bound = {name for _, name in _LOOK.findall(_STRING.sub("''", expression)) if name}
    for name in references["variables"]:
        if name not in VARIABLES and name not in bound:
            raise ExpressionError(f"there is no variable {name!r}; there are {', '.join(VARIABLES)}")
    for name in references["functions"]:
        if _NAMED.match(name) and name not in FUNCTIONS:
            raise ExpressionError(f"there is no function {name!r}; there are {', '.join(FUNCTIONS)}")


def _load_cel() -> Any:
    """The package's compiled module alone.

    Importing the package brings its interactive shell with it: over a second of start and 29 MB, for every command.
    """
    package = PathFinder.find_spec("cel")
    spec = (
        PathFinder.find_spec("cel.cel", package.submodule_search_locations) if package is not None else None
    )
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("the package common-expression-language is not installed")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_cel = _load_cel()


@lru_cache(maxsize=5_000)
def _compiled(expression: str) -> _Program:
    if len(expression) > MAX_LENGTH:
        raise ExpressionError(f"is {len(expression)} characters long; at most {MAX_LENGTH} are allowed")
    if len(_LOOK.findall(_STRING.sub("''", expression))) > 1:
        raise ExpressionError("looks through more than one list; split it into several cases or steps")
    try:
        return cast(_Program, _cel.compile(expression))
    except Exception as error:
        raise ExpressionError(_sentence(error)) from error
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":
            raise
        raise ExpressionError("can not be read") from panic


def _sentence(error: BaseException) -> str:
    """The first, human part of the library's message."""
    if isinstance(error, KeyError):
        return f"has no value {error.args[0]!r}" if error.args else "a value is missing"
    text = str(error)
    found = re.search(r"ERROR: <input>:\d+:(\d+): ([^\n{]*)", text)
    if found:
        what = found.group(2).split(" expecting")[0].replace("'<EOF>'", "the end").strip()
        if what.startswith("Syntax error: OtherError"):
            what = "Syntax error: too deeply nested"
        return f"at character {found.group(1)}: {what}"
    return text.split("\n", 1)[0].split(". ", 1)[0][:200]
