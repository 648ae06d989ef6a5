"""What travels over HTTP about the search."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from cordboard.index.items import Ref
from cordboard.index.snippets import Part

Sort = Literal["relevance", "newest"]


class Snippet(BaseModel):
    """Where it is said. `source`: subject (names, addresses) | mail | attachment | chat | note."""

    source: str
    at: datetime
    parts: list[Part]


class FoundContact(BaseModel):
    """A contact that the search has found. `agent`: who has it, or answered it last."""

    contact_id: int
    channel: str
    direction: str
    state: str
    outcome: str
    remote: str
    remote_name: str
    subject: str
    space: Ref | None
    queue: Ref | None
    agent: Ref | None
    closing_reason: Ref | None
    arrived_at: datetime
    ended_at: datetime | None
    language: str
    thread_id: int
    mails: int
    snippets: list[Snippet]


class Found(BaseModel):
    """`next`: the cursor of the page after this one."""

    items: list[FoundContact]
    next: str | None
