"""Commands of email that could not be written down, whatever the reason: set aside with it, seen by who leads, tried again on request.

The mail's own row carries the command. An automatic mail, which had no row yet, gets one. The others go on.
"""

import dataclasses
import json
from datetime import datetime

import structlog

from cordboard.channels.email import repository, tables
from cordboard.channels.email.repository import MailRow
from cordboard.core.mail.commands import DiscardMail, MailCommand, SendAutomatic, SendMail
from cordboard.db.database import Connection

log = structlog.get_logger(__name__)

KINDS = {kind.__name__: kind for kind in (SendMail, DiscardMail, SendAutomatic)}


def reason_of(error: Exception) -> str:
    """For people; what it was about is in the row, and details are in the log."""
    return f"It could not be put into the outbox ({type(error).__name__}). This has been logged; it can be tried again."


def written_down(command: MailCommand) -> str:
    return json.dumps({"kind": type(command).__name__, **dataclasses.asdict(command)})


def read(text: str) -> MailCommand:
    """Raises KeyError, TypeError or ValueError when it is none."""
    told = json.loads(text)
    made: MailCommand = KINDS[told.pop("kind")](**told)
    return made


async def set_aside(
    connection: Connection, tenant_id: str, command: MailCommand, reason: str, now: datetime
) -> int:
    """The number of the mail that carries it now."""
    log.error("incident", tenant=tenant_id, kind="mail_command_failed", subject=type(command).__name__)
    if not isinstance(command, SendAutomatic):
        await connection.execute(tables.SET_COMMAND_ASIDE, command.mail_id, reason, written_down(command))
        return command.mail_id
    key = f"auto-{command.key}"
    known = await connection.fetchval(tables.FIND_BY_KEY, key)
    if known is not None:
        await connection.execute(tables.SET_COMMAND_ASIDE, known, reason, written_down(command))
        return int(known)
    (mail_id,) = await repository.next_ids(connection, tenant_id)
    await repository.add_mail(connection, tenant_id, _row(mail_id, command, key, reason, now))
    return mail_id


def _row(mail_id: int, command: SendAutomatic, key: str, reason: str, now: datetime) -> MailRow:
    return MailRow(
        id=mail_id,
        direction="out",
        inbox_id=command.entry_point_id,
        state="set_aside",
        contact_id=command.contact_id,
        thread_id=None,
        raw_hash="",
        message_id="",
        in_reply_to="",
        refs=[],
        sender="",
        sender_name="",
        recipients=json.dumps([{"kind": "to", "address": command.to, "name": command.to_name}]),
        subject="",
        subject_key="",
        sent_at=None,
        received_at=now,
        text="",
        html="",
        quoted_text="",
        signature_text="",
        language=command.language,
        kind="auto_reply",
        spam_score=None,
        attachments="[]",
        headers=json.dumps({"key": key, "command": written_down(command)}),
        reason=reason,
    )
