import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cordboard.supervisor.programs import ProgramId, Running


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"]) as child:
        yield child
        child.kill()


def test_a_program_is_recognised_by_its_file_until_it_ends(
    sleeper: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    program = ProgramId.of(sleeper.pid, "sleep")
    assert program is not None
    program.write(tmp_path / "it.json")
    read = ProgramId.read(tmp_path / "it.json")
    assert read == program
    assert read.is_running()
    sleeper.kill()
    while read.is_running():  # a zombie does not run
        pass
    sleeper.wait()
    assert not read.is_running()


def test_another_program_with_the_same_number_is_not_it(sleeper: subprocess.Popen[bytes]) -> None:
    program = ProgramId.of(sleeper.pid, "sleep")
    assert program is not None
    assert not ProgramId(program.pid, program.started_ticks - 1, program.boot, "sleep").is_running()
    assert not ProgramId(program.pid, program.started_ticks, "another boot", "sleep").is_running()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}'])
def test_a_damaged_file_names_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "it.json").write_text(text)
    assert ProgramId.read(tmp_path / "it.json") is None


def test_how_a_child_ended(sleeper: subprocess.Popen[bytes]) -> None:
    program = ProgramId.of(sleeper.pid, "sleep")
    assert program is not None
    running = Running(program, sleeper)
    assert not running.has_ended()
    assert not running.wait(0.01)
    running.send(signal.SIGKILL)
    assert running.wait(5)
    assert running.has_ended()
    assert running.how_it_ended == "killed by SIGKILL"
    running.send(signal.SIGTERM)
    running.close()


def test_an_adopted_program_is_watched_too(sleeper: subprocess.Popen[bytes]) -> None:
    program = ProgramId.of(sleeper.pid, "sleep")
    assert program is not None
    adopted = Running(program)
    assert not adopted.has_ended()
    adopted.send(signal.SIGTERM)
    assert adopted.wait(5)
    assert adopted.has_ended()
    adopted.close()
