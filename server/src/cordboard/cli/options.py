"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Data folder of the centre (default: .data of the clone)."),
]
PortBase = Annotated[
    int | None,
    typer.Option("--port-base", metavar="N", help="First of the ports; the web is there (default: 8400)."),
]
