"""What travels over HTTP about the messages of chats."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field


class NewMessage(BaseModel):
    """`key`: random, so that a repeated request is the same message. `url`: of a link or a page to be shown."""

    key: str = Field(min_length=8, max_length=64)
    kind: Literal["text", "whisper", "file", "link", "page"] = "text"
    text: str = Field("", max_length=4000)
    file_id: str = Field("", max_length=64)
    url: str = Field("", max_length=2000, pattern=r"^(https?://\S+)?$")


class Written(BaseModel):
    n: int


class ChangedText(BaseModel):
    text: str = Field(min_length=1, max_length=4000)


class ReadMark(BaseModel):
    n: int = Field(ge=0, lt=2**31)


class Invite(BaseModel):
    agent_id: str = Field(min_length=1, max_length=100)


class LibraryFile(BaseModel):
    """A file of a ready-made answer. It ends after `expires_seconds`, or when it was downloaded `downloads` times."""

    answer_id: str = Field(min_length=1, max_length=100)
    file_id: str = Field(pattern=r"^[0-9a-f]{64}$")
    expires_seconds: int | None = Field(None, ge=60, le=31_536_000)
    downloads: int | None = Field(None, ge=1, le=10_000)


class NewCall(BaseModel):
    """`way`: in the visitor's page, or back on a telephone, whose `number` is as typed. `key`: random; the same again is the same."""

    key: str = Field(min_length=8, max_length=64)
    way: Literal["page", "callback"]
    number: str = Field("", max_length=40)


class FileKept(BaseModel):
    file_id: str
    name: str
    size: int
    media_type: str


class Messages(BaseModel):
    """Rows as on the live topic `conversation:<contact>`, oldest first."""

    items: list[dict[str, Any]]


class Named(BaseModel):
    id: str
    name: str


class LiveChat(BaseModel):
    contact_id: int
    visitor: str
    queue: Named | None
    agent: Named | None
    phase: str
    since: datetime
    last_at: datetime | None
    unanswered_since: datetime | None


class LiveChats(BaseModel):
    items: list[LiveChat]
