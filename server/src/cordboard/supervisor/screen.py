"""What `cordboard run` shows: one line for each step with its duration, then where to log in. Plain lines when it is no terminal."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cordboard.settings import Settings


class Screen:
    """Writes to the terminal or to wherever the output goes."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, soft_wrap=True)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Shows that something is being done, then how long it took."""
        begin = time.monotonic()
        if self._console.is_terminal:
            with self._console.status(f"{escape(title)} …"):
                yield
        else:
            yield
        self._line(f"[green]✓[/] {escape(title)} [dim]{time.monotonic() - begin:.1f} s[/]")

    def note(self, sentence: str) -> None:
        """Something that happened, with the time of day."""
        self._line(f"[dim]{time.strftime('%H:%M:%S')}[/] {escape(sentence)}")

    def failure(self, sentence: str) -> None:
        """Why it does not go on, and what to do."""
        self._line(f"[red]✗[/] {escape(sentence)}")

    def ready(self, seconds: float, settings: Settings, logins: Sequence[tuple[str, str, str]]) -> None:
        """Where to log in, and as whom: rows of (who, login, password)."""
        self._line(f"\n[bold green]Cordboard is ready[/] [dim]after {seconds:.1f} s[/]\n")
        self._line(f"  Web   https://localhost:{settings.https_port}")
        for host in settings.public_hosts:
            self._line(f"        https://{escape(host)}:{settings.https_port}")
        self._line(f"  SIP   port {settings.sip_port} (UDP and TCP)")
        if settings.demo:
            read = f"IMAP 127.0.0.1:{settings.demo_imap_port}, any address, password demo"
            self._line(f"  Mail  write by SMTP 127.0.0.1:{settings.demo_smtp_port}; read by {read}")
        self._line(f"  Data  {escape(str(settings.data_dir))}   [dim]logs: its folder log[/]\n")
        if logins:
            table = Table(box=None, padding=(0, 3, 0, 2))
            for title in ("Log in as", "Login", "Password"):
                table.add_column(title, no_wrap=True, overflow="ignore")
            for row in logins:
                table.add_row(*(escape(cell) for cell in row))
            self._console.print(table)
        self._line("\nCtrl-C stops all of it.")

    def _line(self, markup: str) -> None:
        self._console.print(markup)
