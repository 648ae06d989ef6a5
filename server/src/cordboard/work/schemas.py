"""What travels over HTTP about lists of work."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from cordboard.index.items import WorkItem

Sort = Literal["due", "arrival", "newest", "priority", "last_mail"]
State = Literal["script", "waiting", "offered", "in_contact", "parked", "validating", "sending", "wrap_up"]
ChannelName = Literal["voice", "email", "chat"]


class Filters(BaseModel):
    """What a list is narrowed to; "" and [] narrow nothing. `late`: its due time is over. `mine`: I have it now, or had it last.

    `closed`: instead of the open ones those that ended in the last `days`, last ended first.
    """

    channel: ChannelName | Literal[""] = ""
    states: list[State] = Field(default_factory=list, max_length=10)
    queue: str = Field("", max_length=100)
    space: str = Field("", max_length=100)
    entry_point: str = Field("", max_length=100)
    agent: str = Field("", max_length=100)
    tag: str = Field("", max_length=100)
    language: str = Field("", max_length=20)
    q: str = Field("", max_length=200)
    mine: bool = False
    late: bool = False
    closed: bool = False
    days: int = Field(30, ge=1, le=366)
    sort: Sort = "due"

    @property
    def order(self) -> str:
        """A key of `work.tables.SORTS`."""
        return "ended" if self.closed else self.sort


class WorkPage(BaseModel):
    """`as_of`: the journal event that the list is as new as; a row of the live topic `work` with a higher `seq` is newer.

    `total_is`: exact up to 1,000, above that an estimate.
    """

    items: list[WorkItem]
    next: str | None
    total: int
    total_is: Literal["exact", "estimate"]
    as_of: int
    now: datetime


class ViewWanted(BaseModel):
    """`space_id`: shared with who works there; "" keeps it for oneself."""

    name: str = Field(min_length=1, max_length=60)
    space_id: str = Field("", max_length=100)
    filters: Filters


class View(BaseModel):
    """`count` is exact up to 1,000. `mine`: it may be changed and deleted by who asks."""

    id: str
    name: str
    space_id: str
    mine: bool
    filters: Filters
    count: int
    count_is: Literal["exact", "estimate"]


class Views(BaseModel):
    items: list[View]
