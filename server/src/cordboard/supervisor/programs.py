"""Recognising a running program for certain: a process id alone may belong to something else by now.

A program is named by its process id, the instant it started (clock ticks since boot, from `/proc/PID/stat`) and the boot's
own id. That survives every change of the wall clock, and no other program can ever have the same three.
"""

import json
import os
import select
import signal
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ProgramId:
    """A program that runs or ran on this machine. `fingerprint` tells with which command line and files."""

    pid: int
    started_ticks: int
    boot: str
    fingerprint: str

    @classmethod
    def of(cls, pid: int, fingerprint: str) -> "ProgramId | None":
        ticks = _started_ticks(pid)
        return None if ticks is None else cls(pid, ticks, _boot(), fingerprint)

    @classmethod
    def read(cls, path: Path) -> "ProgramId | None":
        """What a pid file names; None when there is none or it is damaged."""
        try:
            content = json.loads(path.read_text())
            return cls(content["pid"], content["started_ticks"], content["boot"], content["fingerprint"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)) + "\n")

    def is_running(self) -> bool:
        """True while this very program runs (a zombie does not)."""
        return self.boot == _boot() and _started_ticks(self.pid) == self.started_ticks


class Running:
    """A program that we started (`child`) or adopted; both are watched by the same kind of file descriptor."""

    def __init__(self, program: ProgramId, child: subprocess.Popen[bytes] | None = None) -> None:
        self.program = program
        self.child = child
        self.watch_fd = os.pidfd_open(program.pid)
        """Readable once the program has ended."""

    def has_ended(self) -> bool:
        if self.child is not None:
            return self.child.poll() is not None
        return not self.program.is_running()

    @property
    def how_it_ended(self) -> str:
        """A few words for people, such as "killed by SIGKILL"."""
        code = self.child.poll() if self.child is not None else None
        if code is None:
            return "ended"
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"

    def send(self, number: signal.Signals) -> None:
        """Sends a signal; a program that is gone already is no error, and no other one can be hit."""
        try:
            signal.pidfd_send_signal(self.watch_fd, number)
        except ProcessLookupError:
            return

    def wait(self, seconds: float) -> bool:
        """True when it ended within this time."""
        deadline = time.monotonic() + seconds
        poll = select.poll()
        poll.register(self.watch_fd, select.POLLIN)
        left = seconds
        while not poll.poll(max(left, 0) * 1000):
            left = deadline - time.monotonic()
            if left <= 0:
                return False
        if self.child is not None:
            self.child.wait()
        return True

    def close(self) -> None:
        os.close(self.watch_fd)


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _started_ticks(pid: int) -> int | None:
    """Field 22 of `/proc/PID/stat` (proc(5)); None when there is no such process or only its remains."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else int(fields[19])
