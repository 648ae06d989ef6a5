"""Debian packages: only those that are missing are installed, as root or with sudo."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec

from bootstrap.steps import Failed, call, say

PATH = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"

FOR_RUNNING = {
    "python3-venv": "",
    "mmdebstrap": "mmdebstrap",
    "ca-certificates": "update-ca-certificates",
    "dovecot-imapd": "",  # the demo centre's own mail server, run by us and as us; the distribution's is not started
    "dovecot-pop3d": "",
    "dovecot-lmtpd": "",
    "tesseract-ocr": "tesseract",  # reads texts in pictures; everything else works without it
    "tesseract-ocr-fra": "",
    "hunspell-de-de": "",  # dictionaries of the spelling check
    "hunspell-en-gb": "",
    "hunspell-es": "",
    "hunspell-fr-classical": "",
}
"""Package → the program that shows that it is there; the first is asked of Python itself."""

FOR_TESTS = {
    "chromium": "chromium",
    "sip-tester": "sipp",
    "fonts-liberation": "",
}
"""What the tests need on top."""


def ensure(wanted: dict[str, str]) -> None:
    """Installs what is missing of `wanted`."""
    missing = [package for package, program in wanted.items() if not _is_there(package, program)]
    if not missing:
        return
    names = " ".join(missing)
    apt_get = shutil.which("apt-get", path=PATH)
    if apt_get is None:
        raise Failed(
            f"This machine lacks: {names}. It has no apt-get: install them with its own package tool, then try again."
        )
    say(f"Debian packages: installing {names}")
    with_rights = _with_rights(names)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PATH": PATH}
    wait = ["-o", "DPkg::Lock::Timeout=300"]
    call(
        "Debian package lists",
        [*with_rights, apt_get, *wait, "update"],
        advice="Check this machine's network and its apt sources (apt-get update must work), then try again.",
        environment=environment,
    )
    options = ["--yes", "--no-install-recommends", *wait]
    quiet = _Quiet(with_rights, [one for one in missing if one.startswith("dovecot-")])
    quiet.begin()
    call(
        "Debian packages",
        [*with_rights, "env", "DEBIAN_FRONTEND=noninteractive", apt_get, "install", *options, *missing],
        advice=f"Try it by hand: apt-get install {names}",
        environment=environment,
    )
    quiet.end()


class _Quiet:
    """Keeps a service that comes with a package from running: the programs are wanted, the machine's own mail server is not."""

    SERVICES = ("dovecot.service", "dovecot.socket")

    def __init__(self, with_rights: Sequence[str], packages: Sequence[str]) -> None:
        there = shutil.which("dovecot", path=PATH) is not None  # then it is somebody's, and stays as it is
        self._systemctl = None if there or not packages else shutil.which("systemctl", path=PATH)
        self._with_rights = with_rights

    def begin(self) -> None:
        self._do("mask", "--runtime")

    def end(self) -> None:
        self._do("disable")
        self._do("unmask", "--runtime")

    def _do(self, *what: str) -> None:
        if self._systemctl is not None:
            command = [*self._with_rights, self._systemctl, *what, *self.SERVICES]
            subprocess.run(
                command, capture_output=True, check=False
            )  # without systemd nothing starts by itself


def _is_there(package: str, program: str) -> bool:
    if package == "python3-venv":
        return find_spec("ensurepip") is not None
    if program:
        return shutil.which(program, path=PATH) is not None
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f=${db:Status-Status}", package], capture_output=True, text=True, check=False
    )
    return asked.stdout == "installed"


def _with_rights(names: str) -> Sequence[str]:
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo", path=PATH)
    if sudo is None:
        raise Failed(
            f"These Debian packages are missing: {names}. Become root and run: apt-get install {names}"
        )
    # A password can only be asked for where somebody sits; the prompt comes before any output is captured.
    asked = subprocess.run([sudo, "-v"] if sys.stdin.isatty() else [sudo, "-n", "true"], check=False)
    if asked.returncode != 0:
        raise Failed(
            f"These Debian packages are missing and sudo refuses: {names}. As root, run: apt-get install {names}"
        )
    return [sudo]
