"""Saying what is being done, running programs with their output in a log, and stamps."""

import hashlib
import os
import subprocess
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ROOT / ".parts"
LOGS = PARTS / "log"
HEARTBEAT_SECONDS = 10.0

_printing = threading.Lock()
_begin = time.monotonic()


class Failed(Exception):
    """A step failed; the message is a sentence that says what to do."""


def say(sentence: str) -> None:
    """One line of progress, with the seconds since the start."""
    with _printing:
        print(f"[{time.monotonic() - _begin:5.1f} s] {sentence}", flush=True)


def call(
    title: str,
    command: Sequence[str | Path],
    *,
    advice: str,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Runs a program with its output in `.parts/log/TITLE.log`; says every ten seconds that it still runs.

    When it fails, `Failed` carries the end of that log and the advice.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{title.replace(' ', '-')}.log"
    begin = time.monotonic()
    with log.open("wb") as output:
        child = subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            env=None if environment is None else dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            while True:
                try:
                    code = child.wait(HEARTBEAT_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    say(f"{title}: still at it after {time.monotonic() - begin:.0f} s{_last_line(log)}")
        except BaseException:
            child.terminate()
            child.wait()
            raise
    if code != 0:
        tail = "".join(f"\n    {line}" for line in log.read_text(errors="replace").splitlines()[-30:])
        raise Failed(f"{title} failed. {advice}\n  The end of {log}:{tail}")


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace")[-2000:].splitlines()]
    last = next((line for line in reversed(lines) if line), "")
    return f": {last[:90]}" if last else ""


def digest(*contents: bytes | str) -> str:
    """A short name of these contents together."""
    together = hashlib.sha256()
    for content in contents:
        data = content.encode() if isinstance(content, str) else content
        together.update(len(data).to_bytes(8, "big") + data)
    return together.hexdigest()[:32]


def digest_of_files(paths: Iterable[Path]) -> str:
    """A short name of these files' names and contents."""
    parts: list[bytes | str] = []
    for path in sorted(paths):
        parts += [str(path.relative_to(ROOT)), path.read_bytes()]
    return digest(*parts)


def files_below(folder: Path, without: frozenset[str]) -> list[Path]:
    """All files below `folder`, leaving out folders of these names."""
    found: list[Path] = []
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in without]
        found += [Path(here) / name for name in names]
    return found


class Stamp:
    """Remembers what a step was made from."""

    def __init__(self, name: str, made_from: str) -> None:
        self._path = PARTS / "stamps" / name
        self._made_from = made_from

    @property
    def is_fresh(self) -> bool:
        return self._path.exists() and self._path.read_text() == self._made_from

    def write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(self._made_from)
