"""A real Dovecot for tests: every address has a mailbox, the password is `demo`. One for a test session.

A plugin for pytest: `pytest_plugins = ["cordboard.testing.dovecot"]` gives the fixture `dovecot`.
"""

import contextlib
import imaplib
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.policy import SMTP
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted

from cordboard.channels.email.dovecot import DovecotConf, launch_of, run_folder, write_conf
from cordboard.channels.email.inboxes import Server
from cordboard.core.words import MailAfter, MailProtocol, MailSecurity
from cordboard.testing.postgres import free_port

PASSWORD = "demo"
START_SECONDS = 10.0


class DovecotForTests:
    """The session's server. Mailboxes of different tests do not meet: use another address in each."""

    def __init__(self, folder: Path) -> None:
        self.conf = DovecotConf(folder, PASSWORD, free_port(), free_port(), free_port())
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        write_conf(self.conf)
        launch = launch_of(self.conf)
        command = ["setpriv", "--pdeathsig", "TERM", "--", *launch.command]
        with (self.conf.folder / "log").open("ab") as log:
            self._child = subprocess.Popen(
                command, env=dict(launch.environment), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        for port in (self.conf.imap_port, self.conf.pop3_port, self.conf.lmtp_port):
            while not _answers(port):
                if self._child.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.conf.folder / "log").read_text()[-2000:])
                time.sleep(0.02)

    def stop(self) -> None:
        if self._child is not None:
            self._child.terminate()
            self._child.wait(10)
            self._child = None
            shutil.rmtree(run_folder(self.conf.folder), ignore_errors=True)

    def server(
        self,
        user: str,
        *,
        after: MailAfter = MailAfter.LEAVE,
        move_to: str = "",
        protocol: MailProtocol = MailProtocol.IMAP,
        folder: str = "INBOX",
    ) -> Server:
        """How an inbox reaches the mailbox of `user`."""
        port = self.conf.imap_port if protocol == MailProtocol.IMAP else self.conf.pop3_port
        return Server(
            protocol,
            "127.0.0.1",
            port,
            MailSecurity.NONE,
            user,
            PASSWORD,
            folder=folder,
            after=after,
            move_to=move_to,
        )

    def deliver(self, user: str, mails: Sequence[bytes]) -> None:
        """By LMTP, in this order."""
        with smtplib.LMTP("127.0.0.1", self.conf.lmtp_port, timeout=30) as client:
            for mail in mails:
                client.sendmail("sender@outside.test", [user], mail)

    @contextlib.contextmanager
    def mailbox(self, user: str, folder: str = "INBOX") -> Iterator[MailBoxUnencrypted]:
        """A mail client's view of the mailbox."""
        with MailBoxUnencrypted("127.0.0.1", self.conf.imap_port, timeout=20).login(user, PASSWORD) as box:
            box.folder.set(folder)
            yield box

    def change_uid_validity(self, user: str, folder: str) -> None:
        """As when a server is moved or repaired: the same mails in a folder of another UIDVALIDITY, with other UIDs."""
        with self.mailbox(user, folder) as box:
            before = box.folder.status(folder, ["UIDVALIDITY"])["UIDVALIDITY"]
            mails = [
                (one.obj.as_bytes(policy=SMTP), _arrived_at(box, one.uid or ""))
                for one in box.fetch(mark_seen=False)
            ]
            box.folder.set("INBOX")
            box.folder.delete(folder)
            box.folder.create(folder)
            while box.folder.status(folder, ["UIDVALIDITY"])["UIDVALIDITY"] == before:
                time.sleep(0.2)  # it is the time in seconds
                box.folder.delete(folder)
                box.folder.create(folder)
            for mail, arrived_at in reversed(mails):
                box.append(mail, folder, dt=arrived_at)


def _arrived_at(box: MailBoxUnencrypted, uid: str) -> datetime:
    (line,) = box.client.uid("FETCH", uid, "(INTERNALDATE)")[1]
    told = imaplib.Internaldate2tuple(line)
    assert told is not None
    return datetime.fromtimestamp(time.mktime(told), UTC)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def dovecot() -> Iterator[DovecotForTests]:
    folder = Path(tempfile.mkdtemp(prefix="cordboard-dovecot-"))
    server = DovecotForTests(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
