"""What carries calls goes before other work of the machine: an agent who is free must not wait for somebody's build.

Two places say who goes first on Linux. `nice` orders the processes of one session; where sessions are scheduled as groups
(`kernel.sched_autogroup_enabled`, outside of systemd's services) the group has a niceness of its own, and each process of
PostgreSQL is a session of its own. Both need root or CAP_SYS_NICE; without, all goes on as it is.
"""

import contextlib
import os
from pathlib import Path

NICENESS = -10
"""Ten times the weight of ordinary work, and far from what only the kernel should have."""


def give_precedence(pid: int) -> None:
    """To a process, the threads that it will start, and its present children. May be done again."""
    for each in (pid, *_children(pid)):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, each, NICENESS)
        with contextlib.suppress(OSError):
            Path(f"/proc/{each}/autogroup").write_text(str(NICENESS))


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []  # it has ended, or the kernel does not tell
