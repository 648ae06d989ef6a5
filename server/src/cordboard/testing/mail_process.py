"""A mail process with the inboxes of a test, to be killed: `python -m cordboard.testing.mail_process FILE`.

FILE is JSON: `dsn`, `blobs` and `inboxes`, each with `tenant_id`, `id`, `address` and the IMAP server's `port`, `user`,
`password` and `after`.
"""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cordboard.blobs.store import BlobStore
from cordboard.channels.email.inboxes import InboxSettings, Server
from cordboard.channels.email.mailroom import Mailroom, MailroomSettings
from cordboard.core.words import MailAfter, MailProtocol, MailSecurity
from cordboard.db.database import Database
from cordboard.runtime.clock import SystemClock
from cordboard.testing.mail import TOKEN_KEY


@dataclass(slots=True)
class MailProcess:
    """Starts it, kills it without warning, starts it again."""

    file: Path
    log: Path
    _child: subprocess.Popen[bytes] | None = None

    def write(self, dsn: str, blobs: Path, inboxes: list[dict[str, object]], workers: int = 1) -> None:
        self.file.write_text(
            json.dumps({"dsn": dsn, "blobs": str(blobs), "inboxes": inboxes, "workers": workers})
        )

    def start(self) -> None:
        command = [sys.executable, "-m", "cordboard.testing.mail_process", str(self.file)]
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=dict(os.environ)
            )

    def kill(self) -> None:
        if self._child is not None:
            self._child.send_signal(signal.SIGKILL)
            self._child.wait()
            self._child = None

    def stop(self) -> None:
        if self._child is not None:
            self._child.terminate()
            try:
                self._child.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
            self._child = None

    def is_running(self) -> bool:
        return self._child is not None and self._child.poll() is None


def inboxes_of(rows: list[dict[str, str]]) -> list[InboxSettings]:
    return [
        InboxSettings(
            row["tenant_id"],
            row["id"],
            row["address"],
            receive=Server(
                MailProtocol.IMAP,
                "127.0.0.1",
                int(row["port"]),
                MailSecurity.NONE,
                row["user"],
                row["password"],
                after=MailAfter(row.get("after", "leave")),
            ),
        )
        for row in rows
    ]


async def _run(told: dict[str, Any]) -> None:
    inboxes = inboxes_of(told["inboxes"])
    database = await Database.connect(told["dsn"], size=4)

    async def present() -> list[InboxSettings]:
        return inboxes

    settings = MailroomSettings(TOKEN_KEY, None, int(told.get("workers", 1)))
    room = Mailroom(settings, database, BlobStore(Path(told["blobs"])), SystemClock(), present)
    task = asyncio.create_task(room.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await database.close()


if __name__ == "__main__":
    asyncio.run(_run(json.loads(Path(sys.argv[1]).read_text())))
