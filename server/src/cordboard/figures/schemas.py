"""What travels over HTTP about figures."""

from datetime import datetime

from pydantic import BaseModel


class FigureRow(BaseModel):
    """`unit`: count, seconds or share (0..1). `value` None: nothing can be said."""

    id: str
    name: str
    definition: str
    unit: str
    value: float | None


class FigureList(BaseModel):
    since: datetime
    until: datetime
    figures: list[FigureRow]
