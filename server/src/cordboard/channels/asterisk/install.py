"""Brings an Asterisk that this centre can run, without changing anything of the host.

Debian 12 has no Asterisk; a later Debian release has Asterisk 22. Its packages are fetched and unpacked (not installed)
into a private folder by `mmdebstrap`, and run from there with that folder's own loader and libraries. Where the host has
a system Asterisk that is new enough, or where nothing can be fetched, that one is used.

Standard library only: this module runs before anything else is installed.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

RELEASE = "forky"
"""The Debian release whose packages are unpacked."""

PACKAGES = (
    "asterisk",
    "asterisk-modules",
    "asterisk-core-sounds-en-wav",
    "asterisk-core-sounds-fr-wav",
    "asterisk-moh-opsound-wav",
)

MARKER = ".complete"
"""File written last; its content is the release and the packages, so that a change of either fetches again."""

_MULTI_ARCH = {"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}


class InstallFailed(Exception):
    """Asterisk could not be brought. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Where an Asterisk is. `root` is None for the host's own, whose paths are those of its package."""

    program: Path
    modules: Path
    data: Path  # documentation, sounds, music
    version: str
    root: Path | None = None
    loader: Path | None = None
    libraries: Path | None = None

    @property
    def command(self) -> list[str]:
        """How the program is started, without arguments."""
        if self.loader is None or self.libraries is None:
            return [str(self.program)]
        return [str(self.loader), "--library-path", str(self.libraries), str(self.program)]


def install(folder: Path, report: Callable[[str], None] = print) -> Installation:
    """Makes sure that `folder` holds a private Asterisk (or finds a system one) and returns it. Safe to repeat."""
    found = find(folder)
    if found is not None:
        return found
    try:
        _fetch(folder, report)
    except InstallFailed:
        system = find_system()
        if system is not None:
            report(f"Asterisk: nothing could be fetched; the system's {system.version} is used.")
            return system
        raise
    private = find_private(folder)
    if private is None:
        raise InstallFailed(
            f"Asterisk was unpacked into {folder}, but does not start there. Remove the folder and try again."
        )
    report(f"Asterisk {private.version} is ready.")
    return private


def find(folder: Path) -> Installation | None:
    """The private Asterisk in `folder` if it is complete, else a system one that is new enough, else None."""
    return find_private(folder) or (None if is_marked(folder) else find_system())


def is_marked(folder: Path) -> bool:
    """Whether an earlier `install` into `folder` came to its end, with the same packages."""
    marker = folder / MARKER
    return marker.is_file() and marker.read_text().strip() == _marker_text()


def find_private(folder: Path) -> Installation | None:
    if not is_marked(folder):
        return None
    root = folder.resolve()
    libraries = root / "usr" / "lib" / _multi_arch(root)
    loader = next(
        iter(sorted([*root.glob("usr/lib64/ld-linux-*.so.*"), *root.glob("usr/lib/ld-linux-*.so.*")])), None
    )
    program = root / "usr" / "sbin" / "asterisk"
    if loader is None or not program.is_file():
        return None
    version = _version_of([str(loader), "--library-path", str(libraries), str(program)])
    if version is None:
        return None
    return Installation(
        program=program,
        modules=libraries / "asterisk" / "modules",
        data=root / "usr" / "share" / "asterisk",
        version=version,
        root=root,
        loader=loader,
        libraries=libraries,
    )


def find_system() -> Installation | None:
    """The host's Asterisk, if REST requests over the event WebSocket are there (>= 20.15, >= 21.10, >= 22.5)."""
    program = shutil.which("asterisk", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    version = _version_of([program]) if program else None
    if program is None or version is None or not is_new_enough(version):
        return None
    folders = [*Path("/usr/lib").glob("*/asterisk/modules"), Path("/usr/lib/asterisk/modules")]
    modules = next((folder for folder in folders if folder.is_dir()), None)
    data = next(
        (
            Path(f)
            for f in ("/usr/share/asterisk", "/var/lib/asterisk")
            if (Path(f) / "documentation").is_dir()
        ),
        None,
    )
    if modules is None or data is None:
        return None
    return Installation(program=Path(program), modules=modules, data=data, version=version)


def is_new_enough(version: str) -> bool:
    """Whether this version takes REST requests over its event WebSocket."""
    match = re.match(r"(\d+)\.(\d+)", version)
    if match is None:
        return False
    major, minor = int(match[1]), int(match[2])
    least = {20: 15, 21: 10, 22: 5}.get(major)
    return minor >= least if least is not None else major > 22


def mirror_of_host(etc_apt: Path = Path("/etc/apt")) -> str | None:
    """Address of the Debian mirror that this host itself uses, from its apt sources; None if it uses none."""
    candidates = [*_one_line_sources(etc_apt), *_deb822_sources(etc_apt)]
    for address, suites, components in candidates:
        if "main" in components and any(re.fullmatch(r"[a-z]+", suite) for suite in suites):
            path = address.rstrip("/").rsplit("/", 1)[-1]
            if path == "debian":
                return address
    return None


def _one_line_sources(etc_apt: Path) -> Iterable[tuple[str, Sequence[str], Sequence[str]]]:
    for file in [etc_apt / "sources.list", *sorted((etc_apt / "sources.list.d").glob("*.list"))]:
        for line in file.read_text(errors="replace").splitlines() if file.is_file() else ():
            match = re.match(r"deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)", line.strip())
            if match is not None:
                yield match[1], [match[2]], match[3].split()


def _deb822_sources(etc_apt: Path) -> Iterable[tuple[str, Sequence[str], Sequence[str]]]:
    for file in sorted((etc_apt / "sources.list.d").glob("*.sources")):
        for paragraph in re.split(r"\n\s*\n", file.read_text(errors="replace")):
            fields = dict(re.findall(r"(?m)^([A-Za-z-]+):\s*(.*)$", paragraph))
            if "deb" not in fields.get("Types", "").split() or fields.get("Enabled", "yes").lower() == "no":
                continue
            for address in fields.get("URIs", "").split():
                yield address, fields.get("Suites", "").split(), fields.get("Components", "").split()


def _fetch(folder: Path, report: Callable[[str], None]) -> None:
    mmdebstrap = shutil.which("mmdebstrap")
    if mmdebstrap is None:
        raise InstallFailed(
            "Asterisk can not be fetched: the package mmdebstrap is missing (apt-get install mmdebstrap)."
        )
    mirror = os.environ.get("CORDBOARD_DEBIAN_MIRROR") or mirror_of_host()
    if mirror is None:
        raise InstallFailed(
            "Asterisk can not be fetched: this host's apt sources name no Debian mirror. "
            "Set CORDBOARD_DEBIAN_MIRROR to one, or install Asterisk 20.15, 22.5 or newer."
        )
    fresh = folder.with_name(folder.name + ".new")
    for leftover in (fresh, folder):
        if leftover.exists():
            shutil.rmtree(leftover)
    fresh.parent.mkdir(parents=True, exist_ok=True)
    report(
        f"Asterisk: fetching it from Debian {RELEASE} (about 120 MB, 330 MB on disk; half a minute to a few minutes)"
    )
    _run_mmdebstrap([*_mmdebstrap_arguments(mmdebstrap), RELEASE, str(fresh), mirror], report)
    (fresh / MARKER).write_text(_marker_text() + "\n")
    fresh.rename(folder)


def _mmdebstrap_arguments(mmdebstrap: str) -> list[str]:
    # A release in the making may carry an index that is past its validity date; that check is off for this call alone.
    return [
        mmdebstrap,
        "--variant=extract",
        "--mode=root" if os.geteuid() == 0 else "--mode=chrootless",
        '--aptopt=Acquire::Check-Valid-Until "false"',
        '--aptopt=Acquire::Languages "none"',
        "--include=" + ",".join(PACKAGES),
    ]


def _run_mmdebstrap(command: Sequence[str], report: Callable[[str], None]) -> None:
    tail: list[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as running:
        assert running.stdout is not None
        for raw in running.stdout:
            line = raw.strip()
            tail = [*tail[-7:], line]
            if line.startswith("I: ") and line[3:].startswith(
                ("running apt-get", "downloading", "extracting", "success")
            ):
                report(f"Asterisk: {line[3:]}")
    if running.returncode != 0:
        reasons = "\n  ".join(line for line in tail if line)
        raise InstallFailed(
            "Asterisk can not be fetched: Debian's packages could not be downloaded or unpacked "
            f"(network, disk space?). mmdebstrap said:\n  {reasons}"
        )


def _marker_text() -> str:
    return " ".join((RELEASE, *PACKAGES))


def _multi_arch(root: Path) -> str:
    return next(
        (name for name in _MULTI_ARCH.values() if (root / "usr" / "lib" / name / "asterisk").is_dir()), ""
    )


def _version_of(command: Sequence[str]) -> str | None:
    """The version, as in "22.10.1", or None if the program does not run."""
    try:
        said = subprocess.run(
            [*command, "-V"], capture_output=True, text=True, timeout=20, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r"Asterisk (?:certified/)?(\d+\.\d+(?:\.\d+)?)", said)
    return match[1] if match else None
