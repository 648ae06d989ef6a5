"""Starts sipp with a scenario, and stops it. Every party has its own files in the folder it is given."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cordboard.testing.sipp.registration import SipAccount, register
from cordboard.testing.sipp.registration import SipServer as SipServer
from cordboard.testing.sipp.scenarios import Step, caller_scenario, phone_scenario


@dataclass(frozen=True, slots=True)
class Load:
    """How many calls, how fast, how many at once at most."""

    calls: int = 1
    per_second: float = 1.0
    at_once: int = 1000


class SippMissing(Exception):
    """sipp is not installed (Debian package sip-tester)."""


class RegistrationRefused(Exception):
    """The phone could not be registered."""


class Party:
    """One running sipp."""

    def __init__(self, running: subprocess.Popen[bytes], name: str, folder: Path) -> None:
        self._running = running
        self.name = name
        self.folder = folder

    @property
    def pid(self) -> int:
        return self._running.pid

    def wait(self, seconds: float) -> int:
        """Waits for the end and gives the exit code: 0 when every call went as the scenario says."""
        return self._running.wait(seconds)

    def running(self) -> bool:
        return self._running.poll() is None

    def stop(self) -> None:
        """Ends it at once, calls and all. Stopping what has ended is fine."""
        if self._running.poll() is None:
            self._running.send_signal(signal.SIGKILL)
        self._running.wait(10)

    def errors(self) -> str:
        """What sipp complained about."""
        return "".join(
            path.read_text(errors="replace") for path in sorted(self.folder.glob(f"{self.name}*errors.log"))
        )


def start_scenario(folder: Path, name: str, scenario: str, arguments: Sequence[str]) -> Party:
    """Starts sipp on a scenario. `name` names its files in `folder`."""
    program = shutil.which("sipp")
    if program is None:
        raise SippMissing(SippMissing.__doc__)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.xml"
    file.write_text(scenario)
    with (folder / f"{name}.out").open("wb") as out:
        running = subprocess.Popen(
            [
                program, "-sf", str(file), "-nostdin", "-trace_err", "-error_file", str(folder / f"{name}_errors.log"),
                *([] if "-i" in arguments else ["-i", "127.0.0.1", "-mi", "127.0.0.1"]), *arguments,
            ],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
            env={**os.environ, "TERM": "dumb"},
        )  # fmt: skip
    return Party(running, name, folder)


def start_caller(
    folder: Path,
    server: SipServer,
    number: str,
    steps: Sequence[Step],
    *,
    caller: str = "+33600000001",
    caller_name: str = "",
    load: Load | None = None,
    give_up_after: timedelta | None = None,
    media_port: int | None = None,
    password: str = "",
    host: str = "127.0.0.1",
    name: str = "caller",
) -> Party:
    """Calls `number` (one call, or as many as `load` says) and acts out `steps` after the answer.

    With a `password` it is a call from the agent's phone named `caller`.
    """
    load = load or Load()
    scenario = caller_scenario(
        steps,
        give_up_after=give_up_after.total_seconds() if give_up_after else None,
        authenticate=bool(password),
    )
    return start_scenario(
        folder, name, scenario,
        [
            f"{server.host}:{server.port}", "-key", "number", number, "-key", "caller", caller,
            "-key", "caller_name", caller_name, "-m", str(load.calls), "-r", str(load.per_second),
            "-l", str(load.at_once), *_media(media_port),
            *(["-au", caller, "-ap", password] if password else []), "-i", host, "-mi", host,
        ],
    )  # fmt: skip


def start_phone(
    folder: Path,
    port: int,
    *,
    answer_after: timedelta = timedelta(),
    hang_up_after: timedelta | None = None,
    refuse_with: str = "",
    echo: bool = True,
    media_port: int | None = None,
    registered: tuple[SipServer, Sequence[SipAccount]] | None = None,
    name: str = "phone",
) -> Party:
    """A phone (or a thousand: all `accounts` at this port) which answers and echoes what it hears.

    `registered`: where, and as whom, it is registered before it starts; RegistrationRefused when that fails.
    """
    for account in registered[1] if registered is not None else ():
        status = register(registered[0], account, port) if registered is not None else 0
        if status != 200:
            raise RegistrationRefused(f"{account.username}: {status}")
    scenario = phone_scenario(
        answer_after=answer_after.total_seconds(),
        hang_up_after=hang_up_after.total_seconds() if hang_up_after is not None else None,
        refuse_with=refuse_with,
    )
    arguments = ["-p", str(port), "-aa", *(["-rtp_echo"] if echo else []), *_media(media_port)]
    return start_scenario(folder, name, scenario, arguments)


def _media(port: int | None) -> list[str]:
    return ["-mp", str(port)] if port is not None else []
