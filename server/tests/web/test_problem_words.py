"""Whatever the server refuses is said in the person's language: every code has words in English and in French."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import cordboard
from cordboard.core.refusals import RefusalCode
from cordboard.errors import CordboardError, Refused, Unavailable

WORDS = Path(__file__).resolve().parents[3] / "web/src/lib/words"
NEVER_ON_A_SCREEN = ("cordboard.main", "cordboard.front", "cordboard.supervisor", "cordboard.cli")
"""What stops a program before it serves anybody; its sentence is read in a terminal."""
A_PROCESS_OF_ITS_OWN = ("cordboard.__main__", "cordboard.knowledge.suggestions.worker")


def kinds(of: type[CordboardError]) -> Iterator[type[CordboardError]]:
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def codes() -> set[str]:
    for module in pkgutil.walk_packages(cordboard.__path__, "cordboard."):
        if module.name not in A_PROCESS_OF_ITS_OWN and ".testing" not in module.name:
            importlib.import_module(module.name)
    raised = {
        kind.code
        for base in (Refused, Unavailable)
        for kind in kinds(base)
        if kind.__module__.startswith("cordboard.") and not kind.__module__.startswith(NEVER_ON_A_SCREEN)
    }
    return raised | {code.value for code in RefusalCode}


def words_of(language: str) -> set[str]:
    text = (WORDS / f"{language}.ts").read_text(encoding="utf-8")
    block = text[text.index("\n  problem: {") :]
    return set(re.findall(r"^    (\w+):", block[: block.index("\n  },")], re.MULTILINE))


def test_every_code_has_words_in_both_languages() -> None:
    wanted = codes()
    assert {"short_name_taken", "already_taken", "bad_cursor", "draft_changed", "no_dictionary"} <= wanted
    for language in ("en", "fr"):
        assert wanted - words_of(language) == set(), f"add problem.<code> to web/src/lib/words/{language}.ts"
