"""What the rows of an email tell beside those of a call: its thread, what is due, and what can still be taken back."""

from datetime import timedelta
from typing import TypedDict

from cordboard.core.contact import Contact, Engagement, EngagementState, Outgoing, Phase
from cordboard.live.rows import iso, maybe_iso

ASIDE = (Phase.SENDING, Phase.VALIDATING, Phase.PARKED)
"""Phases of an email that no agent has in hand, and that one of them can take up again."""


class MailFields(TypedDict, total=False):
    thread_id: int | None
    mails: int
    unread: int
    due_at: str | None
    sending_mail_id: int | None
    sending_until: str | None
    held_mail_id: int | None
    parked_until: str | None
    parked_reason: str
    expert_to: str
    expert_deadline: str | None
    trouble: str
    return_reason: str


def fields(contact: Contact) -> MailFields:
    """The email's part of a contact's row; nothing for the other channels."""
    thread = contact.thread
    if thread is None:
        return {}
    sending = next((answer for answer in contact.outgoing if not answer.rule_id), None)
    held = next((answer for answer in contact.outgoing if answer.rule_id), None)
    return {
        "thread_id": thread.id,
        "mails": thread.received,
        "unread": thread.unread,
        "due_at": maybe_iso(thread.due_at),
        "sending_mail_id": sending.mail_id if sending else None,
        "sending_until": iso(sending.undo_until) if sending else None,
        "held_mail_id": held.mail_id if held else None,
        "parked_until": maybe_iso(contact.parked.until if contact.parked else None),
        "parked_reason": contact.parked.reason if contact.parked else "",
        "expert_to": contact.expert.to if contact.expert else "",
        "expert_deadline": maybe_iso(contact.expert.deadline if contact.expert else None),
        "trouble": thread.trouble,
        "return_reason": thread.return_reason,
    }


def can_in_hand(contact: Contact) -> tuple[str, ...]:
    recall = ("recall",) if contact.outgoing else ()
    return ("answer", "park", "return", "forward", "transfer", "hang_up", "wrap_up", *recall)


def aside_engagement(contact: Contact) -> Engagement:
    """For the row of a contact that the agent has set aside: as if he were still engaged."""
    answer: Outgoing | None = contact.outgoing[-1] if contact.outgoing else None
    place = contact.parked.place if contact.parked else None
    since = answer.since if answer else contact.parked.since if contact.parked else contact.arrived_at
    return Engagement(
        contact.id,
        contact.channel,
        EngagementState.IN_CONTACT,
        since,
        answer.queue_id if answer else place.queue_id if place else "",
        contact.space_id,
        timedelta(),
        False,
        closing_reason_id=answer.closing_reason_id if answer else "",
        note=answer.note if answer else "",
    )
