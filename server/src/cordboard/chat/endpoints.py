"""The internal chat over HTTP; new messages also come on the live topic `chat`."""

from typing import Annotated

from fastapi import APIRouter, Query

from cordboard.chat.repository import MessageRow
from cordboard.chat.schemas import Message, Messages, NewMessage
from cordboard.chat.service import ChatService
from cordboard.identity.access import MayChat


class ChatEndpoints:
    def __init__(self, chat: ChatService) -> None:
        self._chat = chat

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/chat", tags=["chat"])
        router.add_api_route("/messages", self.read, methods=["GET"])
        router.add_api_route("/messages", self.write, methods=["POST"], status_code=201)
        return router

    async def read(
        self,
        session: MayChat,
        other: Annotated[str, Query(alias="with", max_length=100)] = "team",
        before: Annotated[int, Query(ge=0, lt=2**62)] = 2**62 - 1,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> Messages:
        """The team's messages, or those between the person and an agent; newest first."""
        rows = await self._chat.read(session, other, before, limit)
        more = str(rows[-1].id) if len(rows) == limit else None
        return Messages(items=[_message(row) for row in rows], next=more)

    async def write(self, body: NewMessage, session: MayChat) -> Message:
        """Writes to the team or to an agent."""
        return _message(await self._chat.write(session, body.to, body.text, body.key))


def _message(row: MessageRow) -> Message:
    return Message(
        id=str(row.id), from_id=row.from_id, from_name=row.from_name, to=row.to_id, text=row.text, at=row.at
    )
