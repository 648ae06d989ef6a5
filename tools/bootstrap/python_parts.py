"""The Python packages of `server/requirements.lock`, in `.parts/venv`, installed by uv (and by pip should uv fail).

uv does not read pip's configuration. Where this machine gets packages from (index, further indexes, folders of wheels,
certificates, proxy) is asked of pip and handed to uv in its environment.
"""

import ast
import os
import subprocess
import sys
from pathlib import Path

from bootstrap.steps import PARTS, ROOT, Failed, Stamp, call, digest, say

VENV = PARTS / "venv"
PYTHON = VENV / "bin" / "python"
UV = PARTS / "uv" / "bin" / "uv"
HERE = Path(__file__).resolve().parent
ADVICE = "Check this machine's network and pip's configuration (`pip config list`), then try again."


def ensure() -> None:
    """Makes or refreshes `.parts/venv`, with the command `cordboard` in it."""
    lock = ROOT / "server" / "requirements.lock"
    stamp = Stamp("python", digest(lock.read_bytes(), sys.version, (HERE / "uv.txt").read_bytes()))
    if not (stamp.is_fresh and _works(PYTHON)):
        if not _works(PYTHON):
            _make_venv()
        say("Python packages: installing")
        _install(lock)
        stamp.write()
        say("Python packages: ready")
    _point_to_sources()


def uv_environment() -> dict[str, str]:
    """Our environment with what uv must know of this machine; its cache is in `.parts` unless one is set."""
    told = _pip_configuration()
    found = {
        "UV_DEFAULT_INDEX": told.get("index-url", ""),
        "UV_INDEX": " ".join(told.get("extra-index-url", "").split()),
        "UV_FIND_LINKS": ",".join(told.get("find-links", "").split()),
        "UV_INSECURE_HOST": told.get("trusted-host", ""),
        "UV_HTTP_TIMEOUT": told.get("default-timeout", told.get("timeout", "")),
        "SSL_CERT_FILE": told.get("cert", ""),
        "ALL_PROXY": told.get("proxy", ""),
        "UV_INDEX_STRATEGY": "unsafe-best-match",  # as pip: the best version of all indexes; hashes are checked
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_CACHE_DIR": str(PARTS / "cache" / "uv"),
    }
    return {**{name: value for name, value in found.items() if value}, **os.environ}


def ensure_uv() -> Path:
    """uv, by pip, which knows this machine's configuration."""
    stamp = Stamp("uv", digest((HERE / "uv.txt").read_bytes(), sys.version))
    if not (stamp.is_fresh and _works(UV)):
        say("Python packages: fetching uv")
        folder = PARTS / "uv"
        advice = "Is the Debian package python3-venv installed?"
        call("Python environment", [sys.executable, "-m", "venv", "--clear", folder], advice=advice)
        pip = [
            folder / "bin" / "python",
            "-m",
            "pip",
            "--no-cache-dir",
            "install",
            "--quiet",
            "--require-hashes",
        ]
        call("uv", [*pip, "-r", HERE / "uv.txt"], advice=ADVICE)
        stamp.write()
    return UV


def _make_venv() -> None:
    uv = ensure_uv()
    command = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV]
    call(
        "Python environment",
        command,
        advice="Remove the folder .parts and try again.",
        environment=uv_environment(),
    )


def _install(lock: Path) -> None:
    uv = ensure_uv()
    install = [uv, "pip", "install", "--python", PYTHON, "--require-hashes", "-r", lock]
    try:
        call("Python packages", install, advice=ADVICE, environment=uv_environment())
    except Failed as failure:
        say("Python packages: uv could not get them, trying pip")
        pip = [PARTS / "uv" / "bin" / "python", "-m", "pip", "--no-cache-dir", "--python", PYTHON, "install"]
        try:
            call("Python packages by pip", [*pip, "--require-hashes", "-r", lock], advice=ADVICE)
        except Failed as second:
            raise Failed(f"{second}\n  And before that, with uv: {failure}") from second


def _pip_configuration() -> dict[str, str]:
    """pip's options of this machine; the environment's come last and win."""
    asked = subprocess.run(
        [PARTS / "uv" / "bin" / "python", "-m", "pip", "config", "list"],
        capture_output=True,
        text=True,
        check=False,
    )
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in asked.stdout.splitlines():
        name, _, value = line.partition("=")
        section, _, option = name.rpartition(".")
        if section in found:
            found[section][option] = str(ast.literal_eval(value))
    return {**found["global"], **found["install"], **found[":env:"]}


def _works(program: Path) -> bool:
    if not program.exists():
        return False
    tried = subprocess.run([program, "--version"], capture_output=True, check=False)
    return tried.returncode == 0


def _point_to_sources() -> None:
    """Our own package is used where it lies, so that a change needs no new installation."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    _write(VENV / "lib" / version / "site-packages" / "cordboard.pth", f"{ROOT / 'server' / 'src'}\n")
    script = f"#!{PYTHON}\nfrom cordboard.cli import main\n\nmain()\n"
    command = VENV / "bin" / "cordboard"
    _write(command, script)
    command.chmod(0o755)


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
