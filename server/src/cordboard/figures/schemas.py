"""What travels over HTTP about figures."""

from datetime import datetime

from pydantic import BaseModel


class FigureRow(BaseModel):
    """`unit`: count, seconds, share (0..1) or number. `value` None: nothing can be said."""

    id: str
    name: str
    definition: str
    unit: str
    value: float | None


class FigurePart(BaseModel):
    """`id` and `name` of the queue, Space, skill or agent ("" for what belongs to none); `values` by the figures' ids.

    A part in time has no id: `since` and `until` (not included) say which it is.
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
    parts: list[FigurePart] = []
