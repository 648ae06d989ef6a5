"""One POP3 mailbox, by the standard library: lists by UIDL, brings raw mails line by line. All of it blocks."""

import base64
import contextlib
import poplib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from cordboard.channels.email.imap import tls
from cordboard.channels.email.inboxes import Server
from cordboard.channels.email.sign_in import AccessTokens, with_token, xoauth2
from cordboard.core.words import MailSecurity, MailSignIn

TIMEOUT_SECONDS = 60.0
LONGEST_LINE = 4 * 1024 * 1024
"""The standard library breaks at 2,048 bytes; the wild does not know of limits."""
_limits = threading.Lock()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail on the server: its number in this session, its unique id, its size."""

    number: int
    uidl: str
    size: int


class PopBox:
    """A signed-in session. What `delete` marks is gone only after `close`."""

    def __init__(self, client: poplib.POP3) -> None:
        self._client = client

    @classmethod
    def open(cls, server: Server, tokens: AccessTokens, timeout: float = TIMEOUT_SECONDS) -> "PopBox":
        client = connect(server, timeout)
        try:
            sign_in(client, server, tokens)
        except BaseException:
            client.close()
            raise
        return cls(client)

    def list(self) -> list[Waiting]:
        """In the server's order. Servers without UIDL are not supported: nothing else names a mail for certain."""
        sizes = {int(line.split()[0]): int(line.split()[1]) for line in self._client.list()[1]}
        found = []
        for line in self._client.uidl()[1]:
            number, _, uidl = line.partition(b" ")
            if int(number) in sizes:
                found.append(Waiting(int(number), uidl.decode("latin-1").strip(), sizes[int(number)]))
        return found

    def bring(self, number: int) -> Iterator[bytes]:
        """The raw mail in pieces, each ending with CRLF."""
        client = cast(Any, self._client)  # its public `retr` holds all lines of a mail in memory
        client._shortcmd(f"RETR {number}")
        lines: list[bytes] = []
        held = 0
        while True:
            line, _ = client._getline()
            if line == b".":
                break
            if line.startswith(b".."):
                line = line[1:]
            lines.append(line + b"\r\n")
            held += len(line)
            if held > 256 * 1024:
                yield b"".join(lines)
                lines, held = [], 0
        yield b"".join(lines)

    def delete(self, number: int) -> None:
        self._client.dele(number)

    def close(self) -> None:
        """Never raises."""
        with contextlib.suppress(Exception):
            self._client.quit()
        with contextlib.suppress(Exception):
            self._client.close()

    def cut(self) -> None:
        """From another thread: whatever waits here fails at once."""
        with contextlib.suppress(Exception):
            self._client.close()


def connect(server: Server, timeout: float) -> poplib.POP3:
    with _limits:
        poplib._MAXLINE = LONGEST_LINE  # type: ignore[attr-defined]  # there is no other way
    if server.security == MailSecurity.TLS:
        return poplib.POP3_SSL(server.host, server.real_port, timeout=timeout, context=tls(server))
    client = poplib.POP3(server.host, server.real_port, timeout=timeout)
    if server.security == MailSecurity.STARTTLS:
        client.stls(tls(server))
    return client


def sign_in(client: poplib.POP3, server: Server, tokens: AccessTokens) -> None:
    if server.sign_in == MailSignIn.OAUTH2:

        def by_token(token: str) -> None:
            told = base64.b64encode(xoauth2(server.user, token)).decode()
            cast(Any, client)._shortcmd(f"AUTH XOAUTH2 {told}")

        with_token(tokens, server, poplib.error_proto, by_token)
        return
    client.user(server.user)
    client.pass_(server.secret)
