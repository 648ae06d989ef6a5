"""The whole of it: Debian packages first, then Python, Asterisk and the web side by side."""

import fcntl
import sys
import threading
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from bootstrap import packages, python_parts, web_parts
from bootstrap.steps import PARTS, ROOT, Failed, say


def set_up(*, for_tests: bool = False) -> Path:
    """Brings everything; returns the Python to go on with. Raises `Failed` with a sentence."""
    if sys.version_info < (3, 11):
        raise Failed(
            f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Debian 12 has it as python3."
        )
    PARTS.mkdir(exist_ok=True)
    with (PARTS / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Waiting: another ./run or ./test is setting up this folder")
            fcntl.flock(lock, fcntl.LOCK_EX)
        packages.ensure({**packages.FOR_RUNNING, **(packages.FOR_TESTS if for_tests else {})})
        python_parts.ensure_uv()
        _side_by_side({"Asterisk": _asterisk, "Python": python_parts.ensure, "Web": web_parts.ensure})
    return python_parts.PYTHON


def _side_by_side(steps: dict[str, Callable[[], None]]) -> None:
    failures: list[str] = []

    def guarded(name: str, step: Callable[[], None]) -> None:
        try:
            step()
        except Failed as failure:
            failures.append(str(failure))
            say(f"{name}: failed (the others are let come to their end)")
        except Exception as error:  # noqa: BLE001  a thread's error must reach the end of the command
            failures.append(f"{name}: {type(error).__name__}: {error}")

    threads = [threading.Thread(target=guarded, args=item) for item in steps.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise Failed("\n".join(failures))


def _asterisk() -> None:
    # The module needs nothing but the standard library; its package is not importable yet.
    source = ROOT / "server" / "src" / "cordboard" / "channels" / "asterisk" / "install.py"
    spec = spec_from_file_location("cordboard_asterisk_install", source)
    if spec is None or spec.loader is None:
        raise Failed(f"{source} can not be read: the clone is incomplete.")
    install = module_from_spec(spec)
    sys.modules[spec.name] = install
    spec.loader.exec_module(install)
    try:
        install.install(PARTS / "asterisk", say)
    except install.InstallFailed as failure:
        raise Failed(str(failure)) from failure
