"""What travels over HTTP about chat messages."""

from datetime import datetime

from pydantic import BaseModel, Field


class NewMessage(BaseModel):
    """`to`: "team" or an agent's id. `key`: random, so that a repeated request is the same message."""

    to: str = Field(min_length=1, max_length=100)
    text: str = Field(min_length=1, max_length=4000)
    key: str = Field(min_length=8, max_length=64)


class Message(BaseModel):
    id: str
    from_id: str
    from_name: str
    to: str
    text: str
    at: datetime


class Messages(BaseModel):
    """Newest first; `next` is the `before` of the next page."""

    items: list[Message]
    next: str | None
