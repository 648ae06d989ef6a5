"""Starts the server with as few imports as it needs, and keeps a spare one at hand: `python -m cordboard.cli.serving`.

A server that was killed must be back before anybody notices, and two thirds of its start are imports. So the supervisor
keeps a *spare*: the same program, everything imported, waiting for one byte on its standard input (`--spare`). When the
input is closed instead (the supervisor is gone) the spare ends.
"""

import gc
import os
import sys
from importlib import import_module
from types import ModuleType

from cordboard.settings import Settings

UNUSED = ("cel.cli", "rich")
"""What libraries import for terminal commands and coloured errors of their own: a quarter of all imports here."""


def serve(settings: Settings | None = None, *, spare: bool = False) -> None:
    """Runs the server of these settings, by default those of the environment, until it is told to stop."""
    gc.disable()
    _leave_out_unused()
    from cordboard import main

    if spare:
        import_module("cordboard.front")  # which a server without a spare loads after the calls are cared for
    gc.enable()
    if spare and not os.read(sys.stdin.fileno(), 1):
        return
    main.serve(settings or Settings.load())


def _leave_out_unused() -> None:
    for name in UNUSED:
        if name not in sys.modules:
            sys.modules[name] = ModuleType(name) if "." in name else None  # type: ignore[assignment]  # "not there"


if __name__ == "__main__":
    serve(spare="--spare" in sys.argv)
