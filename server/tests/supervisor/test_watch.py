"""The supervisor over small programs of our own: it starts, restarts, adopts, ends and stops them."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from cordboard.supervisor.folder import DataFolder
from cordboard.supervisor.parts import Launch, Part
from cordboard.supervisor.programs import ProgramId
from cordboard.supervisor.watch import PartFailed, Watch

SLEEP = "import time; print('here', flush=True); time.sleep(600)"


class Stage:
    """A data folder and the sentences that were said."""

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.left: list[Kept] = []

    def watch(self) -> Watch:
        return Watch(self.folder, self.said.append)

    def part(
        self, name: str, program: str = SLEEP, *, adoptable: bool = False, fingerprint: str = "1"
    ) -> Part:
        command = [sys.executable, "-c", program]
        return Part(
            name=name,
            title=name.capitalize(),
            launch=lambda: Launch(command, dict(os.environ), Path.cwd(), fingerprint),
            is_ready=lambda: True,
            adoptable=adoptable,
            stop_seconds=5.0,
        )

    def program(self, name: str) -> ProgramId:
        found = ProgramId.read(self.folder.pid_file(name))
        assert found is not None
        return found

    def restarted(self, name: str, old: ProgramId) -> ProgramId:
        return until(lambda: (new := self.program(name)) != old and new.is_running() and new)


def until(look: Callable[[], ProgramId | bool], seconds: float = 5.0) -> ProgramId:
    deadline = time.monotonic() + seconds
    while not isinstance(seen := look(), ProgramId):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)
    return seen


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with DataFolder(tmp_path) as folder:
        stage = Stage(folder)
        yield stage
        for kept in stage.left:
            kept.reap()


class Kept:
    """A watch whose loop runs in a thread."""

    def __init__(self, watch: Watch, parts: list[Part]) -> None:
        self.watch = watch
        watch.take_over(parts)
        for part in parts:
            watch.start(part)
        self._thread = threading.Thread(target=watch.forever)
        self._thread.start()

    def __enter__(self) -> "Kept":
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()
        self.watch.stop()

    def leave(self) -> None:
        """Ends the loop and leaves the parts alone, as a killed supervisor does."""
        self.watch.ask_to_stop()
        self._thread.join()

    def reap(self) -> None:
        """What init does for the children of a killed supervisor; here that supervisor is this very process."""
        for one in self.watch._watched:
            if one.running is not None and one.running.child is not None:
                one.running.child.wait()


def test_a_killed_part_is_back_within_a_second(stage: Stage) -> None:
    with Kept(stage.watch(), [stage.part("server")]):
        old = stage.program("server")
        begin = time.monotonic()
        os.kill(old.pid, signal.SIGKILL)
        stage.restarted("server", old)
        assert time.monotonic() - begin < 1.0
    assert any("killed by SIGKILL; it is started again at once" in sentence for sentence in stage.said)


def test_what_carries_calls_goes_first(stage: Stage, niceness: int) -> None:
    parts = [stage.part("usual"), replace(stage.part("first"), first=True)]
    with Kept(stage.watch(), parts):
        usual, first = (psutil.Process(stage.program(part.name).pid) for part in parts)
        assert (usual.nice(), first.nice()) == (0, niceness)


def test_a_part_that_keeps_ending_is_started_less_and_less_often(stage: Stage) -> None:
    with Kept(stage.watch(), [stage.part("server", "raise SystemExit(3)")]):
        time.sleep(1.2)
    ends = [sentence for sentence in stage.said if "ended with code 3" in sentence]
    assert 1 < len(ends) <= 4
    assert any("in 0.5 s" in sentence for sentence in ends)


def test_stopping_ends_all_of_them_the_last_started_first(stage: Stage) -> None:
    with Kept(stage.watch(), [stage.part("postgres"), stage.part("server")]):
        programs = [stage.program("postgres"), stage.program("server")]
    assert not any(program.is_running() for program in programs)
    stops = [sentence for sentence in stage.said if "Stopping" in sentence]
    assert stops == ["Stopping Server", "Stopping Postgres"]
    assert not list((stage.folder.path / "run").iterdir())


def test_a_part_that_does_not_listen_is_killed(stage: Stage) -> None:
    ignore = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    part = replace(
        stage.part("server", f"{ignore}; print('deaf', flush=True); time.sleep(600)"), stop_seconds=0.2
    )
    with Kept(stage.watch(), [part]):
        program = stage.program("server")
        while "deaf" not in stage.folder.log("server").read_text():
            time.sleep(0.01)
    assert not program.is_running()
    assert any("is killed" in sentence for sentence in stage.said)


def test_leftovers_of_a_killed_supervisor_are_adopted_or_ended(stage: Stage) -> None:
    parts = [stage.part("asterisk", adoptable=True), stage.part("server")]
    first = Kept(stage.watch(), parts)
    asterisk, server = stage.program("asterisk"), stage.program("server")
    first.leave()
    stage.left.append(first)
    with Kept(stage.watch(), parts):
        assert stage.program("asterisk") == asterisk
        assert stage.program("server") != server
        assert not server.is_running()
        os.kill(asterisk.pid, signal.SIGKILL)
        stage.restarted("asterisk", asterisk)


def test_a_leftover_made_from_something_else_is_ended(stage: Stage) -> None:
    first = Kept(stage.watch(), [stage.part("asterisk", adoptable=True)])
    old = stage.program("asterisk")
    first.leave()
    stage.left.append(first)
    with Kept(stage.watch(), [stage.part("asterisk", adoptable=True, fingerprint="2")]):
        assert not old.is_running()


def test_a_leftover_that_is_no_part_any_more_is_ended(stage: Stage) -> None:
    first = Kept(stage.watch(), [stage.part("traffic"), stage.part("server")])
    old = stage.program("traffic")
    first.leave()
    stage.left.append(first)
    with Kept(stage.watch(), [stage.part("server")]):
        assert not old.is_running()


def test_a_part_that_does_not_start_says_so_with_the_end_of_its_log(stage: Stage) -> None:
    part = replace(stage.part("server", "raise SystemExit('the cat is on the wire')"), is_ready=lambda: False)
    watch = stage.watch()
    watch.take_over([part])
    with pytest.raises(PartFailed, match=r"(?s)Server ended while starting.*the cat is on the wire"):
        watch.start(part)
    watch.stop()


def test_a_spare_takes_over_without_delay_and_ends_with_the_supervisor(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cordboard.supervisor.watch.SPARE_AFTER_SECONDS", 0.1)
    slow = (
        "import os, sys, time; time.sleep(1); print('loaded', flush=True);"
        "sys.argv[1:] and (os.read(0, 1) or sys.exit()); print('serves', os.getpid(), flush=True); time.sleep(600)"
    )
    part = stage.part("server", slow)
    command = [*part.launch().command, "--spare"]
    part = replace(part, spare=lambda: replace(part.launch(), command=command))
    log = stage.folder.log("server")

    def serving() -> list[str]:
        return [line.split()[1] for line in log.read_text().splitlines() if line.startswith("serves")]

    with Kept(stage.watch(), [part]):
        old = stage.program("server")
        while log.read_text().count("loaded") < 2:
            time.sleep(0.01)
        os.kill(old.pid, signal.SIGKILL)
        begin = time.monotonic()
        new = stage.restarted("server", old)
        while str(new.pid) not in serving():
            time.sleep(0.01)
        assert time.monotonic() - begin < 0.7
    assert not new.is_running()
    assert len(serving()) == 2, "the second spare must have ended without serving"
