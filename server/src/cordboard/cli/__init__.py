"""The command `cordboard`: a list of commands, each in a module of its own that is imported only when it is asked for.

A module exposes `command` (a function that typer reads) or `app` (a `typer.Typer` with commands below it).
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("cordboard.cli.run", "Start a whole centre on this machine and keep it up"),
    "serve": ("cordboard.cli.serve", "Run the server alone: web and live work"),
    "mail": ("cordboard.cli.mail", "Run the mail process alone: fetch, receive, understand, send"),
    "migrate": ("cordboard.cli.migrate", "Bring the database's tables up to date"),
    "plan": ("cordboard.cli.plan", "Show what a configuration file would change"),
    "apply": ("cordboard.cli.apply", "Put a configuration file in force"),
    "export": ("cordboard.cli.export", "Write the configuration in force as one file"),
    "rollback": ("cordboard.cli.rollback", "Go back to an earlier version of the configuration"),
    "answers": ("cordboard.cli.answers", "Write the library of answers as a file, plan and apply one"),
    "stats": ("cordboard.cli.stats", "Print the figures"),
    "why": ("cordboard.cli.why", "Tell what happened to a contact, and why"),
    "reindex": ("cordboard.cli.reindex", "Make the list of contacts and the search anew"),
    "password": ("cordboard.cli.password", "Give a login a new password"),
    "secret": ("cordboard.cli.secret", "Seal passwords that the configuration names"),
    "table": ("cordboard.cli.table", "Load and show the rows of customers' tables"),
    "traffic": ("cordboard.cli.traffic", "Simulate callers from a public network"),
    "bench": ("cordboard.cli.bench", "Measure, and print a table"),
}
"""Command → (module, what it does). Which command does what is known here, so that the list costs no import."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs one command and ends the program with its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in ("-h", "--help", "help"):
        print(overview())
        sys.exit(0)
    name, *rest = words
    if name not in COMMANDS:
        print(f"cordboard: there is no command {name!r}.\n\n{overview()}", file=sys.stderr)
        sys.exit(2)
    _run(name, rest)


def overview() -> str:
    """The list of commands."""
    width = max(len(name) for name in COMMANDS)
    lines = [f"  {name:<{width}}  {what}" for name, (_, what) in COMMANDS.items()]
    usage = "Usage: cordboard COMMAND [OPTIONS]      (cordboard COMMAND --help tells more)"
    return f"{usage}\n\n" + "\n".join(lines)


def _run(name: str, arguments: list[str]) -> NoReturn:
    import typer

    from cordboard.errors import CordboardError

    module = import_module(COMMANDS[name][0])
    app = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        app.command(help=module.command.__doc__)(module.command)
    try:
        app(args=arguments, prog_name=f"cordboard {name}")
    except CordboardError as error:
        print(f"cordboard {name}: {error.detail}", file=sys.stderr)
        sys.exit(1)
    sys.exit(0)
