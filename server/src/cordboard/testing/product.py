"""The whole product as a test, a bench or a trial uses it: `cordboard run` on a folder and ports of its own.

Everything goes through what a person has: the command, `endpoints.json`, the screens' HTTP and WebSocket, SIP.
"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from cordboard.settings import Settings

START_SECONDS = 180.0
STOP_SECONDS = 40.0
_PORTS_IN_USE = 1000  # of one centre, from its port base on


class ProductFailed(Exception):
    """The product did not start, or stopped."""


@dataclass(frozen=True, slots=True)
class Login:
    login: str
    password: str


@dataclass(slots=True)
class Product:
    """One running centre. `environment` adds settings (`CORDBOARD_…`)."""

    folder: Path
    port_base: int
    environment: Mapping[str, str] = field(default_factory=dict)
    endpoints: dict[str, Any] = field(default_factory=dict)
    _running: "subprocess.Popen[bytes] | None" = None

    def start(self, *arguments: str, seconds: float = START_SECONDS) -> None:
        """Starts it and waits until it is ready."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder.parent / f"{self.folder.name}.out").open("ab") as output:
            self._running = subprocess.Popen(
                [
                    *(sys.executable, "-m", "cordboard", "run", "--data", str(self.folder)),
                    *("--port-base", str(self.port_base), *arguments),
                ],
                env={**os.environ, **_without_color(), **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        ready = self.folder / "endpoints.json"
        deadline = time.monotonic() + seconds
        while not ready.exists():
            if self._running.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise ProductFailed(self.said()[-3000:])
            time.sleep(0.05)
        self.endpoints = json.loads(ready.read_text())

    def said(self) -> str:
        return (self.folder.parent / f"{self.folder.name}.out").read_text(errors="replace")

    def log(self, part: str) -> str:
        path = self.folder / "log" / f"{part}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def stop(self) -> int | None:
        """Ctrl-C. Returns the exit code."""
        if self._running is None:
            return None
        if self._running.poll() is None:
            self._running.send_signal(signal.SIGINT)
        try:
            return self._running.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._running.kill()
            return self._running.wait()

    @property
    def settings(self) -> Settings:
        return Settings.load(self.folder)

    @property
    def base_url(self) -> str:
        return str(self.endpoints["http"])

    @property
    def sip_port(self) -> int:
        return int(str(self.endpoints["sip"]).rpartition(":")[2])

    def login(self, login: str) -> Login:
        for each in self.endpoints["logins"]:
            if each["login"] == login:
                return Login(login, each["password"])
        raise KeyError(login)

    def pid(self, part: str) -> int:
        """The process of a part: postgres, asterisk, server, traffic."""
        return int(json.loads(Path(self.endpoints["parts"][part]).read_text())["pid"])

    def memory(self, part: str) -> int:
        """Resident bytes of a part."""
        return int(psutil.Process(self.pid(part)).memory_info().rss)

    def signal(self, part: str, what: signal.Signals) -> int:
        pid = self.pid(part)
        os.kill(pid, what)
        return pid


def free_port_base(low: int = 20_000, high: int = 30_000) -> int:
    """A port base whose first ports nobody uses at present; high ones, so that centres started by hand are left alone."""
    for _ in range(200):
        base = random.randrange(low, high, _PORTS_IN_USE)
        if all(_is_free(base + offset) for offset in (0, 1, 2, 3, 4, 5, 6, 100, 500)):
            return base
    raise ProductFailed("no free ports were found")


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def _without_color() -> dict[str, str]:
    source = str(Path(__file__).resolve().parents[2])
    return {"NO_COLOR": "1", "TERM": "dumb", "PYTHONPATH": source}
