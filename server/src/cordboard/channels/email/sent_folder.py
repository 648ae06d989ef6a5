"""The mailbox's own folder of sent mail: did a mail leave whose answer we never heard, and is a copy of ours to be put there?

Both go by the Message-ID. A copy is put there after the sending is recorded, by work of its own, so that a mailbox that is slow or
away neither delays a sending nor repeats one. Many servers keep what they send by themselves: the folder is looked at first.
"""

import asyncio
import imaplib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

import structlog
from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError

from cordboard.channels.email.imap import connect, sign_in
from cordboard.channels.email.inboxes import SENT_AUTO, SENT_NONE, InboxSettings
from cordboard.channels.email.sign_in import AccessTokens, NoAccessToken
from cordboard.core.words import MailProtocol

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 30.0
USUAL_NAMES = ("sent", "sent items", "sent messages", "sent mail")
"""How a folder of sent mail is called on servers that do not mark it."""
OUTAGES = (OSError, imaplib.IMAP4.error, ImapToolsError, NoAccessToken)


def keeps_copies(inbox: InboxSettings) -> bool:
    """Only what is fetched by IMAP has a folder that can be written to."""
    receive = inbox.receive
    return (
        receive is not None
        and receive.protocol == MailProtocol.IMAP
        and inbox.sent_folder.lower() != SENT_NONE
    )


async def was_sent(inbox: InboxSettings, message_id: str, tokens: AccessTokens) -> bool:
    """True when the inbox's folder of sent mail (RFC 6154) has it. False when it has not, or can not tell."""
    if not message_id or inbox.receive is None or inbox.receive.protocol != MailProtocol.IMAP:
        return False
    try:
        return await asyncio.to_thread(_look, inbox, message_id, tokens)
    except OUTAGES as error:
        log.warning(
            "sent_folder_not_readable", tenant=inbox.tenant_id, inbox=inbox.id, error=type(error).__name__
        )
        return False


def _look(inbox: InboxSettings, message_id: str, tokens: AccessTokens) -> bool:
    with SentFolder(inbox, tokens) as folder:
        return folder.has(message_id)


class SentFolder:
    """A connection to the mailbox. All of it blocks; raises one of `OUTAGES`."""

    def __init__(self, inbox: InboxSettings, tokens: AccessTokens) -> None:
        assert inbox.receive is not None
        self._wanted = inbox.sent_folder
        self._box = connect(inbox.receive, TIMEOUT_SECONDS)
        try:
            sign_in(self._box, inbox.receive, tokens)
        except BaseException:
            cast(Any, self._box.client).shutdown()
            raise

    def __enter__(self) -> "SentFolder":
        return self

    def __exit__(self, *_: object) -> None:
        cast(Any, self._box.client).shutdown()

    def has(self, message_id: str) -> bool:
        return any(self._holds(name, message_id) for name in self._names())

    def put(self, message_id: str, content: bytes, at: datetime) -> bool:
        """False when it is there already."""
        names = self._names()
        if any(self._holds(name, message_id) for name in names):
            return False
        self._box.append(content, names[0] if names else self._made(), dt=at, flag_set=["\\Seen"])
        return True

    def _names(self) -> list[str]:
        return sent_names(self._box, self._wanted)

    def _holds(self, name: str, message_id: str) -> bool:
        self._box.folder.set(name, readonly=True)
        client = cast(Any, self._box.client)
        kind, found = client.uid("SEARCH", "HEADER", "Message-ID", f'"<{message_id}>"')
        return bool(kind == "OK" and found and found[0])

    def _made(self) -> str:
        """A new folder. Where everything must lie below INBOX, it does."""
        wanted = "Sent" if self._wanted.lower() in (SENT_AUTO, SENT_NONE) else self._wanted
        try:
            self._box.folder.create(wanted)
        except ImapToolsError:
            folders = self._box.folder.list()
            delimiter = folders[0].delim if folders else "/"
            wanted = f"INBOX{delimiter}{wanted}"
            self._box.folder.create(wanted)
        self._box.folder.subscribe(wanted, True)
        return wanted


def sent_names(box: BaseMailBox, wanted: str) -> list[str]:
    """The folder that is named in the settings; else what the server marks as such, else what is usually called so."""
    folders = box.folder.list()
    if wanted.lower() not in (SENT_AUTO, SENT_NONE):
        return [one.name for one in folders if one.name == wanted]
    marked = [one.name for one in folders if "\\Sent" in one.flags]
    return marked or [
        one.name for one in folders if _last(one.name, one.delim) in USUAL_NAMES and _selectable(one.flags)
    ]


def _last(name: str, delimiter: str) -> str:
    return (name.rpartition(delimiter)[2] if delimiter else name).lower()


def _selectable(flags: Sequence[str]) -> bool:
    return not {"\\Noselect", "\\NonExistent"}.intersection(flags)
