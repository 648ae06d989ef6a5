"""`cordboard bench`: starts one of the scripts of `tools/bench`."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

SCRIPTS = Path(__file__).resolve().parents[4] / "tools/bench"
SOURCE = Path(__file__).resolve().parents[2]

app = typer.Typer(add_completion=False)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
)
def command(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Which one; none: the list.")] = "",
) -> None:
    """Measure, and print a table with ratios. Further options are those of the script (`cordboard bench NAME --help`)."""
    known = {path.stem: path for path in sorted(SCRIPTS.glob("[a-z]*.py"))}
    if name not in known:
        if name not in ("", "--help", "-h"):
            print(f"There is no bench {name!r}.\n", file=sys.stderr)
        for stem, path in known.items():
            first = path.read_text(encoding="utf-8").split("\n", 1)[0].strip('"')
            print(f"  {stem:<10} {first}")
        raise typer.Exit(0 if name in ("", "--help", "-h") else 2)
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    raise typer.Exit(
        subprocess.run(
            [sys.executable, str(known[name]), *context.args], env=environment, check=False
        ).returncode
    )
