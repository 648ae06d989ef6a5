"""A stored mail, or what became of a sent one, as the core's event. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from cordboard.channels.email.repository import MailRow, ReportRow
from cordboard.core.mail.events import MailArrived, MailSendingEnded
from cordboard.core.words import MailKind, MailOutcome

BODY = 4_000
"""Characters of a mail that conditions look at."""
ATTACHMENT_TEXT = 2_000
MOST_ATTACHMENTS = 50
REPEAT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Known:
    """What the other rows say about a mail that has come in."""

    sender_mails: int = 0
    thread_mails: int = 0
    agent_id: str = ""  # who answered last in its thread
    since_previous: timedelta | None = (
        None  # since his last mail of another contact at this inbox, of 90 days
    )
    expert: bool = False  # it answers a question to an outside expert
    values: Mapping[str, str] = field(default_factory=dict)


def arrived(row: MailRow, known: Known) -> MailArrived:
    parts = row.parts()[:MOST_ATTACHMENTS]
    return MailArrived(
        row.id,
        row.thread_id or row.id,
        row.inbox_id,
        row.message_id,
        row.sender.lower(),
        row.sender_name,
        tuple(one["address"] for one in row.to()[:MOST_ATTACHMENTS]),
        row.subject,
        row.language,
        _kind(row.kind),
        row.text[:BODY],
        tuple(word for part in parts for word in (part["name"], part["media_type"]) if word),
        " ".join(part.get("text") or "" for part in parts).strip()[:ATTACHMENT_TEXT],
        row.contact_id or 0,
        known.agent_id,
        known.expert,
        known.sender_mails,
        known.thread_mails,
        known.since_previous is not None and known.since_previous < REPEAT,
        known.values,
        answerable=not _header(row, "not_to_answer"),
        since_previous=known.since_previous,
    )


def _header(row: MailRow, name: str) -> object:
    headers = json.loads(row.headers)
    return headers.get(name) if isinstance(headers, dict) else None


def _kind(word: str) -> MailKind:
    """What this build does not know is no person: it is answered by people only."""
    return MailKind(word) if word in set(MailKind) else MailKind.AUTO_REPLY


def ended(report: ReportRow, mail: MailRow | None, queue_id: str) -> MailSendingEnded:
    """`queue_id`: where the contact waited last, so that one that is made anew waits there too."""
    to = next((one for one in mail.to() if one["kind"] == "to"), None) if mail else None
    return MailSendingEnded(
        report.id,
        report.mail_id,
        report.contact_id or (mail.contact_id if mail else None) or 0,
        MailOutcome(report.outcome),
        report.detail[:500],
        (mail.thread_id or mail.id) if mail else 0,
        mail.inbox_id if mail else "",
        (mail.agent_id or "") if mail else "",
        queue_id,
        to["address"] if to else "",
        to["name"] if to else "",
        mail.subject if mail else "",
        mail.language if mail else "",
    )
