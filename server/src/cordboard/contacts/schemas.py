"""What travels over HTTP about contacts."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field


class Dial(BaseModel):
    """`number` as typed; `presented`: one of the numbers that may be presented, or ""."""

    number: str = Field(min_length=1, max_length=40)
    presented: str = Field("", max_length=40)


class Dialled(BaseModel):
    contact_id: int


class Digits(BaseModel):
    digits: str = Field(pattern=r"^[0-9A-D*#]{1,32}$")


class Transfer(BaseModel):
    """`to`: "agent:<id>", "queue:<id>", "number:<as typed>", or of a chat "step:<id>", one that its script offers (`hand_to`)."""

    to: str = Field(pattern=r"^(agent|queue|number|step):.{1,60}$")


class WrapUp(BaseModel):
    """`closing_reason_id` "" where none is required."""

    closing_reason_id: str = Field("", max_length=100)
    note: str = Field("", max_length=4000)


class Named(BaseModel):
    id: str
    name: str


class ContactRow(BaseModel):
    """One line of the history. Seconds are None while the contact has not come that far."""

    contact_id: int
    channel: str
    direction: str
    remote: str
    remote_name: str
    address: str
    subject: str
    queue: Named | None
    agent: Named | None
    entry_point: Named | None
    space_id: str
    arrived_at: datetime
    waited_seconds: float | None
    talked_seconds: float | None
    held_seconds: float | None
    outcome: str  # live | answered | abandoned | dissuaded | timed_out | refused | not_answered | ended
    cause: str
    closing_reason: Named | None
    note: str
    transferred: bool
    lasted_seconds: float | None


class ContactPage(BaseModel):
    items: list[ContactRow]
    next: str | None


class LegRow(BaseModel):
    leg_id: str
    role: str
    agent: Named | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    cause: str


class ContactDetail(BaseModel):
    contact: ContactRow
    legs: list[LegRow]


class FactRow(BaseModel):
    seq: int
    ordinal: int
    at: datetime
    kind: str
    body: dict[str, Any]


class Facts(BaseModel):
    items: list[FactRow]


class Considered(BaseModel):
    """`verdict`: chosen | eligible | excluded; `rule` says which rule excluded."""

    agent_id: str
    name: str
    verdict: str
    rule: str
    detail: str


class Decision(BaseModel):
    at: datetime
    seq: int
    queue: Named | None
    chosen: Named
    rule: str
    measure: str
    runner_up: Named | None
    runner_up_measure: str
    eligible: int
    sentence: str
    considered: list[Considered]


class Why(BaseModel):
    decisions: list[Decision]
