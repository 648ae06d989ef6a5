"""What travels over HTTP when a desktop starts."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field


class Named(BaseModel):
    id: str
    name: str


class SkillOfAgent(BaseModel):
    id: str
    name: str
    level: int


class DesktopPerson(BaseModel):
    id: str
    name: str
    roles: list[str]
    permissions: list[str]
    language: str
    tenant_id: str
    tenant_name: str


class DesktopAgent(BaseModel):
    id: str
    name: str
    location: Named | None
    groups: list[Named]
    skills: list[SkillOfAgent]
    spaces: list[Named]
    extension: str
    language: str


class SeatOffered(BaseModel):
    seat: str
    subscribed: int
    taken: int


class MailDesk(BaseModel):
    """How this agent works on emails: `push` offers them, `pull` lets him pick."""

    mode: str
    undo_seconds: float
    upload_limit_mb: int


class OutgoingSignature(BaseModel):
    html: str
    text: str


class OutgoingAddress(BaseModel):
    """`signature`: the agent's own, else the inbox's; a new mail begins with it."""

    inbox_id: str
    address: str
    name: str
    language: str
    signature: OutgoingSignature


class Start(BaseModel):
    """`seat`, `phone`, `sip` and `sip_account` as POST /desktop/seat gives them, when this session holds a seat."""

    server_time: datetime
    config_version: int
    person: DesktopPerson
    agent: DesktopAgent | None
    seat: str | None
    phone: dict[str, Any] | None
    sip: dict[str, Any] | None
    sip_account: dict[str, Any] | None
    held_elsewhere: bool
    seats_offered: list[SeatOffered]
    withdrawal_reasons: list[Named]
    queues: list[Named]
    spaces: list[Named]
    phones_offered: list[str]
    presented_numbers: list[str]
    closing_reasons: dict[str, list[Named]]
    mail: MailDesk | None = None  # None: he takes no emails
    outgoing_mail: list[OutgoingAddress] = []  # from which new mails may be written; empty: not offered


class Layout(BaseModel):
    """Any JSON up to 256 KiB; `version` comes back as the ETag, too."""

    version: int = 0
    layouts: dict[str, Any] = Field(default_factory=dict)
    preferences: dict[str, Any] = Field(default_factory=dict)
