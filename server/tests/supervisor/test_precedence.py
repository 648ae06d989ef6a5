"""What carries calls goes first, as far as this machine allows."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from cordboard.supervisor.precedence import give_precedence

PARENT = """
import subprocess, sys
child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, start_new_session=True)
print(child.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def family() -> Iterator[tuple[int, int]]:
    """A process and its child, each a session of its own, as PostgreSQL and its backends are."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as parent:
        assert parent.stdout is not None
        yield parent.pid, int(parent.stdout.readline())
        assert parent.stdin is not None
        parent.stdin.close()


def test_a_process_and_its_children_go_first(family: tuple[int, int], niceness: int) -> None:
    give_precedence(family[0])
    for pid in family:
        assert psutil.Process(pid).nice() == niceness
        group = Path(f"/proc/{pid}/autogroup")
        if group.exists():
            assert group.read_text().strip().endswith(f"nice {niceness}")


def test_a_process_that_has_ended_is_no_error() -> None:
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
        give_precedence(ended.pid)
