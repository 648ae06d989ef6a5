"""One IMAP mailbox, by imap-tools: lists by UID, brings raw mails within bounded memory, waits by IDLE. All of it blocks.

Raises `OSError`, `imaplib.IMAP4.error` and imap-tools' errors when the server is at fault; `fetching` deals with them.
"""

import contextlib
import re
import select
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from imaplib import IMAP4
from typing import Any, cast

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.consts import MailMessageFlags

from cordboard.channels.email.inboxes import Server
from cordboard.channels.email.sign_in import AccessTokens, after_refusal, answer_of, mechanism_of, with_token
from cordboard.core.words import MailAfter, MailSecurity, MailSignIn

TIMEOUT_SECONDS = 60.0
PIECE = 1024 * 1024
"""A large mail is brought in pieces of so many bytes."""
_UID = re.compile(rb"\bUID (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]+)"')
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")


@dataclass(frozen=True, slots=True)
class Listed:
    uid: int
    size: int
    arrived_at: datetime | None = None  # by the server's own record


@dataclass(frozen=True, slots=True)
class FolderState:
    uid_validity: int
    uid_next: int | None  # not every server tells


class ImapBox:
    """A signed-in connection with its folder open. Close it with `close`."""

    def __init__(self, box: BaseMailBox, server: Server) -> None:
        self._box = box
        self._server = server
        self._client = cast(Any, box.client)  # imaplib's, which has no types for half of what is needed
        # Read at once: imaplib forgets an untagged response when it is asked for it.
        validity = self._client.response("UIDVALIDITY")[1][0]
        uid_next = self._client.response("UIDNEXT")[1][0]
        self.state = FolderState(int(validity or 0), None if uid_next is None else int(uid_next))

    @classmethod
    def open(cls, server: Server, tokens: AccessTokens, timeout: float = TIMEOUT_SECONDS) -> "ImapBox":
        """Connects, signs in and opens the folder."""
        box = connect(server, timeout)
        try:
            sign_in(box, server, tokens)
            box.folder.set(server.folder)
        except BaseException:
            with contextlib.suppress(Exception):
                box.client.shutdown()
            raise
        return cls(box, server)

    def close(self) -> None:
        """Never raises: what is gone is closed."""
        with contextlib.suppress(Exception):
            self._box.logout()
        with contextlib.suppress(Exception):
            self._box.client.shutdown()

    def cut(self) -> None:
        """From another thread: whatever waits here fails at once."""
        with contextlib.suppress(Exception):
            self._client.shutdown()

    def can_write(self) -> bool:
        """False when the folder was opened read-only."""
        return not self._client.is_readonly

    @property
    def can_idle(self) -> bool:
        return "IDLE" in self._client.capabilities

    def list_from(self, uid: int) -> list[Listed]:
        """UIDs from `uid` on, in order. `n:*` always names the last message too, even below n (RFC 3501, 6.4.8)."""
        found = []
        for line in self._fetch(f"{uid}:*", "(UID RFC822.SIZE INTERNALDATE)"):
            text = line[0] if isinstance(line, tuple) else line
            number, size = _UID.search(text or b""), _SIZE.search(text or b"")
            if number is not None and int(number[1]) >= uid:
                found.append(Listed(int(number[1]), int(size[1]) if size else 0, _arrived_at(text)))
        return sorted(found, key=lambda one: one.uid)

    def bring(self, uids: Sequence[int]) -> dict[int, bytes]:
        """Raw mails by UID, flags untouched. One that has been deleted or moved meanwhile is missing."""
        found: dict[int, bytes] = {}
        answer = self._fetch(",".join(map(str, uids)), "(UID BODY.PEEK[])")
        for line, after in zip(answer, [*answer[1:], b""], strict=True):
            if not isinstance(line, tuple):
                continue
            told = _UID.search(line[0]) or (_UID.search(after) if isinstance(after, bytes) else None)
            if told is not None:
                found[int(told[1])] = line[1]
        return found

    def bring_in_pieces(self, uid: int) -> Iterator[bytes]:
        """One large mail. Ends early when it is deleted meanwhile: compare the length with what was listed."""
        begin = 0
        while True:
            answer = self._fetch(str(uid), f"(UID BODY.PEEK[]<{begin}.{PIECE}>)")
            piece = next((line[1] for line in answer if isinstance(line, tuple)), b"")
            if piece:
                yield piece
            if len(piece) < PIECE:
                return
            begin += len(piece)

    def put_away(self, uids: Sequence[int]) -> None:
        """What the inbox's setting says for mails that are stored here. Again is the same."""
        if not uids:
            return
        names = [str(uid) for uid in uids]
        match self._server.after:
            case MailAfter.SEEN:
                self._box.flag(names, MailMessageFlags.SEEN, True)
            case MailAfter.MOVE:
                if not self._box.folder.exists(self._server.move_to):
                    self._box.folder.create(self._server.move_to)
                self._box.move(names, self._server.move_to)
            case MailAfter.DELETE:
                self._box.delete(names)
            case MailAfter.LEAVE:
                pass

    def nothing(self) -> None:
        """Asks for news without waiting (NOOP)."""
        self._client.noop()

    def wait(self, seconds: float, go_on: Callable[[], bool]) -> None:
        """IDLE until the server says anything, `seconds` are over, or `go_on` says no (it is asked every second)."""
        idle = cast(Any, self._box.idle)
        idle.start()
        try:
            left = seconds
            while left > 0 and go_on() and not self._has_news():
                select.select([self._client.sock], [], [], min(1.0, left))
                left -= 1.0
        finally:
            idle.stop()

    def _has_news(self) -> bool:
        """Looks into imaplib's own buffer too: what arrived with the answer to IDLE never shows at the socket again."""
        sock = self._client.sock
        before = sock.gettimeout()
        sock.settimeout(0)
        try:
            return bool(self._client.file.peek(1))
        except (ssl.SSLWantReadError, BlockingIOError):
            return False
        finally:
            sock.settimeout(before)

    def _fetch(self, uids: str, what: str) -> list[Any]:
        kind, answer = self._client.uid("FETCH", uids, what)
        if kind != "OK":
            raise IMAP4.error(f"FETCH was refused: {answer!r}")
        return [line for line in answer if line is not None]


def _arrived_at(line: bytes) -> datetime | None:
    told = _DATE.search(line)
    if told is None:
        return None
    return datetime.strptime(told[1].decode("ascii", "replace").strip(), "%d-%b-%Y %H:%M:%S %z")


def connect(server: Server, timeout: float) -> BaseMailBox:
    """A connection that is not signed in."""
    where = {"host": server.host, "port": server.real_port, "timeout": timeout}
    match server.security:
        case MailSecurity.TLS:
            return MailBox(**where, ssl_context=tls(server))
        case MailSecurity.STARTTLS:
            return MailBoxStartTls(**where, ssl_context=tls(server))
        case MailSecurity.NONE:
            return MailBoxUnencrypted(**where)


def sign_in(box: BaseMailBox, server: Server, tokens: AccessTokens) -> None:
    """Raises imap-tools' and imaplib's errors when the server does not accept us."""
    client = cast(Any, box.client)
    if server.sign_in == MailSignIn.NONE:
        raise IMAP4.error("IMAP needs a user and a password")
    if server.sign_in == MailSignIn.PASSWORD:
        if server.user.isascii() and server.secret.isascii():
            box.login(server.user, server.secret, initial_folder=None)
        else:
            box.login_utf8(server.user, server.secret, initial_folder=None)
        return
    mechanism = mechanism_of(" ".join(client.capabilities))

    def by_token(token: str) -> None:
        told = answer_of(mechanism, server, token)
        client.authenticate(mechanism, lambda reasons: after_refusal(mechanism) if reasons else told)

    with_token(tokens, server, IMAP4.error, by_token)


def tls(server: Server) -> ssl.SSLContext:
    """Certificates are always checked; a company's own authority can be named."""
    return ssl.create_default_context(cafile=server.certificate_file or None)
