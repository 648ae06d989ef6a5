"""How to start our Asterisk: the command line, its environment and its limits. Whoever starts it keeps it running.

It stays in the foreground, needs no root, and writes only under its own folder.
"""

import resource
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cordboard.channels.asterisk.conf import AsteriskConf
from cordboard.channels.asterisk.install import Installation

OPEN_FILES = 65_536
"""Files that Asterisk may have open: a call holds up to ten (two legs, RTP and RTCP, sounds, timers)."""


@dataclass(frozen=True, slots=True)
class Launch:
    """What `subprocess.Popen` needs: `Popen(launch.command, env=launch.environment, cwd=launch.folder, ...)`."""

    command: list[str]
    environment: Mapping[str, str]
    folder: Path


def launch_of(conf: AsteriskConf, installation: Installation) -> Launch:
    """How to start Asterisk on the files that `write_conf` wrote: foreground, no colours, no console."""
    return Launch(
        command=[*installation.command, "-f", "-n", "-C", str(conf.main_file)],
        environment={
            "HOME": str(conf.folder),
            "LANG": "C.UTF-8",
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "TZ": "UTC",
        },
        folder=conf.folder,
    )


def raise_open_files() -> None:
    """Raises this process's limit of open files as far as it may; children (Asterisk) inherit it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def start(conf: AsteriskConf, installation: Installation) -> subprocess.Popen[bytes]:
    """Starts Asterisk; its output goes to `console.log` in its log folder. It answers on ARI within about a second."""
    launch = launch_of(conf, installation)
    raise_open_files()
    with (conf.log_folder / "console.log").open("ab") as console:
        return subprocess.Popen(
            launch.command,
            env=dict(launch.environment),
            cwd=launch.folder,
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=console,
            start_new_session=True,
        )


def command_line(conf: AsteriskConf, installation: Installation, request: str) -> list[str]:
    """The command that asks the running Asterisk one thing: `asterisk -rx "core show channels"`."""
    return [*installation.command, "-C", str(conf.main_file), "-rx", request]
