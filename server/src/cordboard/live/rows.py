"""The rows of the topics, exactly as they travel. Instants are ISO 8601 UTC with milliseconds; durations are seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cordboard.index.items import Ref as Named
from cordboard.index.items import WorkGone, WorkItem


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def maybe_iso(at: datetime | None) -> str | None:
    return None if at is None else iso(at)


@dataclass(frozen=True, slots=True)
class Ref:
    """Something named: its id and its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class SkillRef:
    id: str
    name: str
    level: int


@dataclass(frozen=True, slots=True)
class PhoneRow:
    kind: str
    address: str


@dataclass(frozen=True, slots=True)
class MeRow:
    """Topic `me`, key `agent`. `since` is None while logged out. `holder`: the session that holds the seat."""

    id: str
    name: str
    state: str
    since: str | None
    reason_id: str
    reason_name: str
    planned_reason_id: str | None
    planned_reason_name: str | None
    seat: str | None
    holder: str
    phone: PhoneRow | None
    phone_reachable: bool
    telephony_up: bool
    config_version: int


@dataclass(frozen=True, slots=True)
class ContactRow:
    """Topic `me`, key `contact:<id>`: a contact in the agent's hands, from the offer to the end of wrap-up."""

    contact_id: int
    channel: str
    direction: str
    phase: (
        str  # reserved | dialling | talking | held | adrift | wrap_up | ended | sending | validating | parked
    )
    since: str  # of the phase
    offered_at: str | None
    answered_at: str | None
    ring_until: str | None
    wrap_up_until: str | None
    arrived_at: str
    remote: str
    remote_name: str
    address: str
    subject: str
    queue: Ref | None
    entry_point: Ref | None
    space_id: str
    language: str
    tags: tuple[str, ...]
    values: dict[str, str]
    skills: tuple[SkillRef, ...]
    waited_seconds: float
    leg_id: str
    line: str
    leg_state: str  # dialling | ringing | up | lost | ""
    closing_reason_id: str | None
    note: str
    closing_reason_required: bool
    closing_reasons: tuple[Ref, ...]
    website: str
    transfer_to: str
    can: tuple[str, ...]
    thread_id: int | None = None  # of an email, as all that follows
    mails: int = 0  # that have come in for this contact
    unread: int = 0  # of them since it was taken
    due_at: str | None = None
    sending_mail_id: int | None = None  # it can be taken back until `sending_until`
    sending_until: str | None = None
    held_mail_id: int | None = None  # it waits for approval
    parked_until: str | None = None  # None while parked: until a reply
    parked_reason: str = ""
    expert_to: str = ""
    expert_deadline: str | None = None
    trouble: str = ""  # bounced: … | failed: … | sent_back: … | expert_overdue
    return_reason: str = ""
    unanswered_since: str | None = None  # of a chat, as all that follows
    last_message: Mapping[str, str] | None = None  # author, text (its beginning), at
    visitor_connected: bool = False
    earlier_id: int | None = None  # the chat that this one goes on with
    chat_id: int | None = None  # of a call: the chat that it comes from
    role: str = ""  # colleague: he was invited; "" for who holds it


@dataclass(frozen=True, slots=True)
class ColleagueRow:
    """`since` is None while logged out."""

    id: str
    name: str
    state: str
    since: str | None
    reason_name: str
    groups: tuple[str, ...]
    extension: str
    space_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """`ready` and `agents`: who could take its contacts, free or logged in. The figures are those of today."""

    id: str
    name: str
    space_id: str
    channel: str
    waiting: int
    longest_since: str | None
    ready: int
    agents: int
    offered: int
    answered: int
    abandoned: int
    service_level: float | None


@dataclass(frozen=True, slots=True)
class ChatRow:
    id: str
    from_id: str
    from_name: str
    to: str
    text: str
    at: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """`growing_since`: from this instant on the value grows by one each second (the present agent state's time)."""

    id: str
    name: str
    value: float | None
    unit: str
    definition: str
    growing_since: str | None


@dataclass(frozen=True, slots=True)
class ViewersRow:
    """Topic `viewers`, key: the contact. Who has it open on a screen."""

    contact_id: int
    people: tuple[Named, ...]


Shown = dict[str, object]
"""Rows of `conversation:<id>`: `core.conversation.showing` makes them."""
Row = (
    MeRow
    | ContactRow
    | ColleagueRow
    | QueueRow
    | ChatRow
    | FigureRow
    | ViewersRow
    | WorkItem
    | WorkGone
    | Shown
)
Rows = dict[str, Row]
