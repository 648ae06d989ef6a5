"""Did a mail leave whose answer we never heard? Servers that keep what they send in a folder can tell, by the Message-ID."""

import asyncio
import imaplib
from typing import Any, cast

import structlog
from imap_tools.errors import ImapToolsError

from cordboard.channels.email.imap import connect, sign_in
from cordboard.channels.email.inboxes import InboxSettings
from cordboard.channels.email.sign_in import AccessTokens, NoAccessToken
from cordboard.core.words import MailProtocol

log = structlog.get_logger(__name__)


async def was_sent(inbox: InboxSettings, message_id: str, tokens: AccessTokens) -> bool:
    """True when the inbox's folder of sent mail (RFC 6154) has it. False when it has not, or can not tell."""
    if not message_id or inbox.receive is None or inbox.receive.protocol != MailProtocol.IMAP:
        return False
    try:
        return await asyncio.to_thread(_look, inbox, message_id, tokens)
    except (OSError, imaplib.IMAP4.error, ImapToolsError, NoAccessToken) as error:
        log.warning(
            "sent_folder_not_readable", tenant=inbox.tenant_id, inbox=inbox.id, error=type(error).__name__
        )
        return False


def _look(inbox: InboxSettings, message_id: str, tokens: AccessTokens) -> bool:
    assert inbox.receive is not None
    box = connect(inbox.receive, 30.0)
    try:
        sign_in(box, inbox.receive, tokens)
        for folder in box.folder.list():
            if "\\Sent" not in folder.flags and folder.name.rpartition(folder.delim)[2] != "Sent":
                continue
            box.folder.set(folder.name, readonly=True)
            client = cast(Any, box.client)
            kind, found = client.uid("SEARCH", "HEADER", "Message-ID", f'"<{message_id}>"')
            if kind == "OK" and found and found[0]:
                return True
        return False
    finally:
        cast(Any, box.client).shutdown()
