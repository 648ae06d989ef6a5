"""The data folder: its lock, what the first start chose, and where things lie in it.

DATA/cordboard.env     port base and random passwords (0600)
DATA/lock              held by the one supervisor that runs on this folder
DATA/run/NAME.json     which program a part is, to recognise it after the supervisor was killed
DATA/log/NAME.log      what a part says (NAME.log.1: the one before)
DATA/tls/              certificate and key made at the first start
DATA/logins.json       demo logins (0600)
DATA/endpoints.json    every address and demo login of the running centre (0600); there while it is ready
DATA/postgres, DATA/asterisk, …   what the parts keep
"""

import fcntl
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from cordboard.errors import Refused
from cordboard.settings import ENV_FILE_NAME, RANDOM, Settings


class FolderInUse(Refused):
    """Another Cordboard runs on this data folder."""

    code = "folder_in_use"


class DataFolder:
    """The folder `path`; a context manager that holds its lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    def __enter__(self) -> Self:
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Refused(
                f"The data folder {self.path} can not be used ({error.strerror}). Choose another with --data DIR."
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(handle, 20).decode().strip() or "unknown"
            os.close(handle)
            raise FolderInUse(
                f"Cordboard already runs on the data folder {self.path} (process {holder}). "
                "Stop it first, or choose another folder with --data DIR and other ports with --port-base N."
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._lock = handle
        for name in ("run", "log"):
            (self.path / name).mkdir(exist_ok=True, mode=0o700)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.endpoints.unlink(missing_ok=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @property
    def endpoints(self) -> Path:
        return self.path / "endpoints.json"

    @property
    def logins(self) -> Path:
        return self.path / "logins.json"

    def log(self, part: str) -> Path:
        return self.path / "log" / f"{part}.log"

    def pid_file(self, part: str) -> Path:
        return self.path / "run" / f"{part}.json"

    def remember(self, settings: Settings) -> bool:
        """Writes the port base and random passwords where they are not yet kept. True at the first start."""
        path = self.path / ENV_FILE_NAME
        first = not path.exists()
        kept = {} if first else _parse(path.read_text())
        wanted = dict(kept)
        wanted["CORDBOARD_PORT_BASE"] = str(settings.port_base)
        for name in RANDOM:
            wanted.setdefault(f"CORDBOARD_{name.upper()}", secrets.token_urlsafe(24))
        if wanted != kept:
            text = "# Written by the first start; other settings may be added.\n"
            write_private(path, text + "".join(f"{name}={value}\n" for name, value in sorted(wanted.items())))
        return first


def write_private(path: Path, text: str) -> None:
    """Replaces the file at once, readable by its owner alone."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    fresh.replace(path)


def write_json(path: Path, content: Mapping[str, object]) -> None:
    """Replaces the file at once, readable by its owner alone."""
    write_private(path, json.dumps(content, indent=2) + "\n")


def _parse(text: str) -> dict[str, str]:
    lines = (line.strip() for line in text.splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#") and "=" in line)
