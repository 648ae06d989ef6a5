"""Everything that must hold before a change is good: rules, types, import laws, habits, the web's checks, then all tests.

`./test` runs all; `just check` leaves out the acceptance tests, which take minutes. pytest comes last, so that its closing
line closes the run; a check that failed before it is told again after it, and in the exit code.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap import python_parts, web_parts
from bootstrap.steps import ROOT, say

SERVER = ROOT / "server"
BIN = python_parts.VENV / "bin"


@dataclass(frozen=True, slots=True)
class Check:
    """A command that must end with 0, in a folder."""

    name: str
    command: Sequence[str]
    folder: Path


def python_checks() -> list[Check]:
    lints = sorted(path for path in (ROOT / "tools" / "lints").glob("*.py") if not path.name.startswith("_"))
    python = str(python_parts.PYTHON)
    return [
        Check(
            "ruff", [str(BIN / "ruff"), "check", "--quiet", "src", "tests", "migrations", "../tools"], SERVER
        ),
        Check(
            "ruff format",
            [str(BIN / "ruff"), "format", "--check", "--quiet", "src", "tests", "migrations", "../tools"],
            SERVER,
        ),
        Check("import laws", [str(BIN / "lint-imports"), "--no-cache"], SERVER),
        *(Check(f"lint {path.stem}", [python, str(path)], ROOT) for path in lints),
        Check("reference pages", [python, "tools/reference.py", "--check"], ROOT),
        Check("mypy", [str(BIN / "mypy"), "--no-error-summary"], SERVER),
    ]


def web_checks() -> list[Check]:
    found: list[Check] = []
    for name in ("widget", "web"):
        package = ROOT / name / "package.json"
        scripts = json.loads(package.read_text()).get("scripts", {}) if package.exists() else {}
        found += [
            Check(f"{name} {script}", ["npm", "run", "--silent", script], package.parent)
            for script in ("check", "test", "budgets")
            if script in scripts
        ]
    return found


def run_all(arguments: Sequence[str] = ()) -> int:
    """All checks and tests; with arguments, pytest alone with them."""
    if arguments:
        return _pytest(arguments)
    failed = run_checks([python_checks(), web_checks()])
    code = _pytest([])
    if failed:
        print(f"\n./test: these checks failed (see above): {', '.join(failed)}", file=sys.stderr)
    return code or (1 if failed else 0)


def run_checks(groups: Sequence[Sequence[Check]]) -> list[str]:
    """Runs the groups side by side, the checks of each one after another. Returns the names of those that failed."""
    failed: list[str] = []

    def run_group(checks: Sequence[Check]) -> None:
        failed.extend(check.name for check in checks if not _passes(check))

    threads = [threading.Thread(target=run_group, args=(checks,)) for checks in groups]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def environment() -> dict[str, str]:
    """The environment of checks and tests: our own programs and a node that is new enough first."""
    found = web_parts.environment()
    return {**found, "PATH": f"{BIN}{os.pathsep}{found.get('PATH', '')}", "PYTHONUNBUFFERED": "1"}


def _passes(check: Check) -> bool:
    begin = time.monotonic()
    done = subprocess.run(
        list(check.command),
        cwd=check.folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    seconds = time.monotonic() - begin
    if done.returncode == 0:
        say(f"{check.name}: good ({seconds:.1f} s)")
        return True
    say(f"{check.name}: FAILED ({seconds:.1f} s)\n{done.stdout.rstrip()}")
    return False


def _pytest(arguments: Sequence[str]) -> int:
    say("pytest: all tests" if not arguments else f"pytest {' '.join(arguments)}")
    code = _run_pytest(arguments)
    if code != 1 or "CI" not in os.environ or arguments:
        return code
    say(
        "pytest: what failed, once more and alone. If it passes now it is FLAKY, which is a defect: find its cause"
    )
    return _run_pytest(["--last-failed", "--last-failed-no-failures=none"])


def _run_pytest(arguments: Sequence[str]) -> int:
    command = [str(python_parts.PYTHON), "-m", "pytest", *arguments]
    return subprocess.run(
        command, cwd=SERVER, env=environment(), stdin=subprocess.DEVNULL, check=False
    ).returncode


def main(words: Sequence[str]) -> int:
    """`checks.py quick`: everything but the acceptance tests. `checks.py static`: no tests at all."""
    failed = run_checks([python_checks(), web_checks()])
    code = 0 if "static" in words else _pytest(["-m", "not acceptance"])
    if failed:
        print(f"\nThese checks failed (see above): {', '.join(failed)}", file=sys.stderr)
    return code or (1 if failed else 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
