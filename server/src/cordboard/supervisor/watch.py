"""Keeps parts running: starts each, notices at once when one ends, starts it again, and stops all in the opposite order.

One thread, no event loop: the process ids are watched by file descriptors (`pidfd_open`), signals arrive on a pipe.
A part that ended is started again at once; when it keeps ending soon, after 0.5, 1, 2, … at most 10 seconds.
"""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType

from cordboard.errors import Refused
from cordboard.supervisor.folder import DataFolder
from cordboard.supervisor.parts import Launch, Part
from cordboard.supervisor.ports import require_free
from cordboard.supervisor.precedence import give_precedence
from cordboard.supervisor.programs import ProgramId, Running

FIRST_DELAY = 0.5
LONGEST_DELAY = 10.0
STEADY_SECONDS = 30.0
"""A part that ran this long starts again without delay."""
SPARE_AFTER_SECONDS = 3.0
"""A part that ran this long gets its spare: not while everything starts at once."""
PRECEDENCE_EVERY_SECONDS = 10.0
"""So often the children that a part has started since get its precedence."""
LOG_BYTES = 50_000_000
"""A log that grew beyond this is put aside."""


class PartFailed(Refused):
    """A part of the centre does not start."""

    code = "part_failed"


class StopAsked(Exception):
    """Ctrl-C or SIGTERM."""


@dataclass(slots=True)
class _Watched:
    part: Part
    running: Running | None = None
    adopted: bool = False
    started: float = 0.0
    delay: float = 0.0
    start_at: float | None = None
    spare: subprocess.Popen[bytes] | None = None


class Watch:
    """Runs the parts of one centre. `say` gets a sentence for each thing that happens to a part."""

    def __init__(self, folder: DataFolder, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._say = say
        self._watched: list[_Watched] = []
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        os.set_blocking(self._wake_read, False)
        self._stop_asked = False

    def catch_signals(self) -> None:
        """From now on Ctrl-C, SIGTERM and a closed terminal ask for an orderly stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def take_over(self, parts: Sequence[Part]) -> None:
        """Deals with what a killed supervisor left: adopts what may go on, ends the rest; then checks the ports."""
        known = [_Watched(part) for part in parts]
        for one in reversed(known):
            self._take_over(one)
        names = {part.name for part in parts}
        for path in (self._folder.path / "run").glob("*.json"):
            if path.stem not in names:
                self._end_leftover(path.stem, path.stem, 10.0, signal.SIGTERM)
        self._watched = known
        require_free(port for one in known if not one.adopted for port in one.part.ports)

    def prepare(self, part: Part) -> None:
        """Starts the spare of a part that is going to be started, so that it loads meanwhile."""
        if part.spare is not None:
            self._of(part).spare = self._popen(part, part.spare(), subprocess.PIPE)

    def begin(self, part: Part) -> None:
        """Starts the part unless it was adopted, and does not wait."""
        one = self._of(part)
        if one.running is None:
            self._spawn(one)

    def start(self, part: Part) -> float:
        """Starts the part unless it runs already, and waits until it is ready. Returns the seconds that it took."""
        one = self._of(part)
        begin = time.monotonic()
        self.begin(part)
        while not part.is_ready():
            if one.running is None or one.running.has_ended():
                raise PartFailed(self._failure(part, "ended while starting"))
            if time.monotonic() - begin > part.ready_seconds:
                raise PartFailed(self._failure(part, f"is not ready after {part.ready_seconds:.0f} s"))
            self.pause(0.05)
        return time.monotonic() - begin

    def pause(self, seconds: float) -> None:
        """Waits, unless a stop is asked for: then raises `StopAsked`."""
        select.select([self._wake_read], [], [], seconds)
        if self._stop_asked:
            raise StopAsked

    def forever(self) -> None:
        """Starts again whatever ends, until a stop is asked for."""
        rotate_at = first_at = 0.0
        while not self._stop_asked:
            now = time.monotonic()
            for one in self._watched:
                self._look_after(one, now)
            if now >= rotate_at:
                self._put_logs_aside()
                rotate_at = now + 60
            if now >= first_at:
                self._give_precedence()
                first_at = now + PRECEDENCE_EVERY_SECONDS
            self._wait_for_news(now, first_at)

    def stop(self) -> None:
        """Stops all parts, the last started first; one that does not end in time is killed."""
        for one in reversed(self._watched):
            _dismiss(one)
            if one.running is None:
                continue
            if one.running.has_ended():
                self._folder.pid_file(one.part.name).unlink(missing_ok=True)
                continue
            self._say(f"Stopping {one.part.title}")
            self._end(one.running, one.part.name, one.part.stop_seconds, one.part.stop_signal)
            one.running = None

    def ask_to_stop(self) -> None:
        """May be called from a signal or another thread."""
        self._stop_asked = True
        with contextlib.suppress(BlockingIOError):
            os.write(self._wake_write, b"s")

    def _of(self, part: Part) -> _Watched:
        return next(one for one in self._watched if one.part is part)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.ask_to_stop()

    def _give_precedence(self) -> None:
        for one in self._watched:
            if one.part.first and one.running is not None:
                give_precedence(one.running.program.pid)

    def _wait_for_news(self, now: float, at_latest: float) -> None:
        fds = [one.running.watch_fd for one in self._watched if one.running is not None]
        due = [one.start_at for one in self._watched if one.start_at is not None]
        due += [
            one.started + SPARE_AFTER_SECONDS + 0.1
            for one in self._watched
            if one.part.spare is not None and one.spare is None and one.running is not None
        ]
        seconds = max(0.0, min([at_latest - now, *(at - now for at in due)]))
        readable, _, _ = select.select([self._wake_read, *fds], [], [], seconds)
        if self._wake_read in readable:
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake_read, 512)

    def _look_after(self, one: _Watched, now: float) -> None:
        if one.running is not None and one.running.has_ended():
            ran = now - one.started
            how = one.running.how_it_ended
            one.running.close()
            one.running = None
            one.delay = 0.0 if ran >= STEADY_SECONDS or one.delay < 0 else one.delay
            one.start_at = now + one.delay
            when = "at once" if one.delay == 0 else f"in {one.delay:g} s"
            self._say(
                f"{one.part.title} {how}; it is started again {when} (log: {self._folder.log(one.part.name)})"
            )
            one.delay = min(max(one.delay * 2, FIRST_DELAY), LONGEST_DELAY)
        self._keep_spare(one, now)
        if one.start_at is not None and one.start_at <= now:
            one.start_at = None
            try:
                self._spawn(one)
            except (OSError, RuntimeError, Refused) as error:
                self._say(f"{one.part.title} can not be started: {error}")
                one.start_at = now + max(one.delay, FIRST_DELAY)

    def _keep_spare(self, one: _Watched, now: float) -> None:
        if one.part.spare is None or one.running is None or now - one.started <= SPARE_AFTER_SECONDS:
            return
        if one.spare is None or one.spare.poll() is not None:
            _dismiss(one)
            one.spare = self._popen(one.part, one.part.spare(), subprocess.PIPE)

    def _spawn(self, one: _Watched) -> None:
        part = one.part
        part.prepare()
        launch = part.launch()
        child = _take(one) or self._popen(part, launch, subprocess.DEVNULL)
        if part.first:
            give_precedence(child.pid)
        program = ProgramId.of(child.pid, launch.fingerprint)
        if program is None:
            child.wait()
            raise PartFailed(self._failure(part, "ended at once"))
        program.write(self._folder.pid_file(part.name))
        one.running = Running(program, child)
        one.adopted = False
        one.started = time.monotonic()

    def _popen(self, part: Part, launch: Launch, stdin: int) -> subprocess.Popen[bytes]:
        with self._folder.log(part.name).open("ab") as log:
            return subprocess.Popen(
                launch.command,
                env=dict(launch.environment),
                cwd=launch.folder,
                stdin=stdin,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _take_over(self, one: _Watched) -> None:
        part = one.part
        program = ProgramId.read(self._folder.pid_file(part.name))
        if program is None or not program.is_running():
            return
        if part.adoptable and program.fingerprint == part.launch().fingerprint:
            one.running, one.adopted, one.started = Running(program), True, time.monotonic()
            self._say(f"{part.title} still runs (process {program.pid}) and goes on")
            return
        self._end_leftover(part.name, part.title, part.stop_seconds, part.stop_signal)

    def _end_leftover(self, name: str, title: str, seconds: float, number: signal.Signals) -> None:
        program = ProgramId.read(self._folder.pid_file(name))
        if program is not None and program.is_running():
            self._say(
                f"{title} was left over by a supervisor that was killed (process {program.pid}); ending it"
            )
            self._end(Running(program), name, seconds, number)
        self._folder.pid_file(name).unlink(missing_ok=True)

    def _end(self, running: Running, name: str, seconds: float, number: signal.Signals) -> None:
        running.send(signal.SIGCONT)
        running.send(number)
        if not running.wait(seconds):
            self._say(f"{name} does not end within {seconds:.0f} s and is killed")
            running.send(signal.SIGKILL)
            running.wait(10)
        running.close()
        self._folder.pid_file(name).unlink(missing_ok=True)

    def _failure(self, part: Part, what: str) -> str:
        log = self._folder.log(part.name)
        tail = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
        quoted = "".join(f"\n  {line}" for line in tail)
        return f"{part.title} {what}. The end of its log ({log}):{quoted}"

    def _put_logs_aside(self) -> None:
        for log in (self._folder.path / "log").glob("*.log"):
            if log.stat().st_size > LOG_BYTES:
                # Parts hold their log open for appending: it is copied and emptied, not renamed.
                shutil.copyfile(log, log.with_suffix(".log.1"))
                os.truncate(log, 0)


def _take(one: _Watched) -> subprocess.Popen[bytes] | None:
    """The spare, told to go on; None when there is none or it has ended."""
    spare, one.spare = one.spare, None
    if spare is None or spare.stdin is None:
        return None
    try:
        with spare.stdin as stdin:
            stdin.write(b"!")
    except OSError:
        spare.wait()
        return None
    return spare


def _dismiss(one: _Watched) -> None:
    """Ends the spare, which ends by itself when its input is closed."""
    spare, one.spare = one.spare, None
    if spare is None:
        return
    if spare.stdin is not None:
        spare.stdin.close()
    try:
        spare.wait(10)
    except subprocess.TimeoutExpired:
        spare.kill()
        spare.wait()
