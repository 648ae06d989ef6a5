"""What travels over HTTP about figures."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from cordboard.core.statistics.mails import MOST_REPEAT_DAYS, REPEAT_DAYS
from cordboard.core.statistics.parts import Moment
from cordboard.core.statistics.totals import Scope

_LONGEST_ID = 100


class ChannelName(StrEnum):
    VOICE = "voice"
    EMAIL = "email"
    CHAT = "chat"


class Asked(BaseModel):
    """Of which period and of what. "-" as an id: of what belongs to none. The ends of a period are not included."""

    model_config = ConfigDict(populate_by_name=True)

    since: datetime | None = Field(None, alias="from", description="default: the beginning of today")
    until: datetime | None = Field(None, alias="to", description="default: now")
    agent: str = Field("", max_length=_LONGEST_ID)
    queue: str = Field("", max_length=_LONGEST_ID)
    space: str = Field("", max_length=_LONGEST_ID)
    skill: str = Field("", max_length=_LONGEST_ID, description="of queues that needed it at the time")
    group: str = Field(
        "", max_length=_LONGEST_ID, description="of queues that are for it, else of its agents"
    )
    entry_point: str = Field("", max_length=_LONGEST_ID)
    reason: str = Field("", max_length=_LONGEST_ID, description="of closing or of withdrawal")
    channel: ChannelName | None = None
    received_since: datetime | None = Field(None, alias="received_from")
    received_until: datetime | None = Field(None, alias="received_to")
    days: int = Field(
        REPEAT_DAYS,
        ge=1,
        le=MOST_REPEAT_DAYS,
        description="so long another contact of the same sender is a further contact",
    )

    def scope(self, agent: str | None = None) -> Scope:
        return Scope(
            self.agent if agent is None else agent,
            self.queue,
            self.space,
            self.skill,
            self.group,
            self.channel.value if self.channel else "",
            self.entry_point,
            self.reason,
            self.received_since,
            self.received_until,
            self.days,
        )


class PageAsked(Asked):
    cursor: int = Field(0, ge=0, le=2**62)
    limit: int = Field(50, ge=1, le=200)


class FigureRow(BaseModel):
    """`unit`: count, seconds, share (0..1) or number. `value` None: nothing can be said."""

    id: str
    name: str
    definition: str
    unit: str
    value: float | None


class FigurePart(BaseModel):
    """`id` and `name` of the queue, Space, skill, group, agent … ("" for what belongs to none); `values` by the figures' ids.

    A part in time has no id: `since` and `until` (not included) say which it is; "earlier" is what was received before the period.
    """

    id: str
    name: str
    since: datetime
    until: datetime
    values: dict[str, float | None]


class FigureList(BaseModel):
    """`figures` are those of the whole; `parts` only where a breakdown (`by`) was asked for."""

    since: datetime
    until: datetime
    figures: list[FigureRow]
    by: str = ""
    at: Moment = Moment.HAPPENED
    parts: list[FigurePart] = []


class Choice(BaseModel):
    """`channel` of a queue or an entry point, `space_id` where it has one; "" for the others."""

    id: str
    name: str
    channel: str = ""
    space_id: str = ""


class Choices(BaseModel):
    """What figures can be asked for, by the present configuration. `local_time` is the customer's clock, now."""

    time_zone: str
    local_time: datetime
    spaces: list[Choice]
    queues: list[Choice]
    skills: list[Choice]
    groups: list[Choice]
    agents: list[Choice]
    entry_points: list[Choice]
    reasons: list[Choice]


class Occurrence(BaseModel):
    """`contact_id` 0 where there is none. `seconds`: its length, or how long it waited; of a survey its score.

    `marked`: what counts it in a share: `answered_in_time`, `mail_repeat` (a further contact), `resolved`.
    """

    measure: str
    at: datetime
    received_at: datetime
    contact_id: int
    agent_id: str
    agent: str
    queue_id: str
    queue: str
    seconds: float
    marked: list[str]


class Occurrences(BaseModel):
    """What a figure counts, each time, newest first. `contacts`: how many different ones. `counts`: how many of each measure and mark.

    `next`: the cursor of the next page.
    """

    figure: FigureRow
    since: datetime
    until: datetime
    total: int
    contacts: int
    counts: dict[str, int]
    items: list[Occurrence]
    next: int | None


class NowPart(BaseModel):
    """A queue, at this instant. `longest_seconds`: how long the first of those waiting has waited; None when nobody waits."""

    id: str
    name: str
    channel: str
    values: dict[str, float | None]
    longest_seconds: float | None


class Now(BaseModel):
    """What stands at this instant: waiting, in hand, without answer by age."""

    at: datetime
    figures: list[FigureRow]
    longest_seconds: float | None
    queues: list[NowPart]
