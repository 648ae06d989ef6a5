"""The lints find what they are for."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

LINTS = Path(__file__).resolve().parents[3] / "tools" / "lints"


@pytest.fixture(autouse=True)
def lints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(LINTS))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CallManager", ["call", "manager"]),
        ("string_utils", ["string", "utils"]),
        ("EndCustomer", ["end"]),
        ("end_customer_id", ["end", "id"]),
        ("customer_id", ["customer", "id"]),
        ("HTTPHelper2", ["http", "helper", "2"]),
    ],
)
def test_words_are_found_in_names(name: str, words: list[str]) -> None:
    import words as lint  # type: ignore[import-not-found]  # a script of tools/lints

    assert lint._words(name) == words


@pytest.mark.parametrize("line", ["https://pypi" + ".org/simple", "cd /ro" + "ot/x", "/ho" + "me/ann/y"])
def test_addresses_and_places_are_found(line: str) -> None:
    import addresses as lint  # type: ignore[import-not-found]  # a script of tools/lints

    assert lint.FORBIDDEN.search(line)


def test_the_size_of_a_function_is_its_lines() -> None:
    import sizes as lint  # type: ignore[import-not-found]  # a script of tools/lints

    sizes = lint._functions("a.py", ast.parse("def f(self, a, b):\n    x = 1\n    return x\n"))
    assert sizes["a.py:f"][0] == 3
    assert sizes["a.py:f()"][0] == 2


@pytest.mark.parametrize("lint", sorted(path.name for path in LINTS.glob("[a-z]*.py")))
def test_the_code_is_free_of_it(lint: str) -> None:
    done = subprocess.run([sys.executable, str(LINTS / lint)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
