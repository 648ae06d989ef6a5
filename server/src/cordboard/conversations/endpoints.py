"""Chats over HTTP: each request is one event for the core; the live topic shows what came of it."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, UploadFile
from fastapi.responses import Response

from cordboard.attachments import kinds
from cordboard.attachments.giving import file_response, read_upload
from cordboard.attachments.store import Upload
from cordboard.conversations.schemas import (
    ChangedText,
    FileKept,
    Invite,
    LibraryFile,
    LiveChat,
    LiveChats,
    Messages,
    Named,
    NewCall,
    NewMessage,
    ReadMark,
    Written,
)
from cordboard.conversations.service import ConversationService, FromLibrary, More, viewer_of
from cordboard.core.conversation import events
from cordboard.core.conversation.words import CallWay, MessageKind
from cordboard.identity.access import AtDesk, MayReadAllContacts, MayReadAnswers, MayReadContacts
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.randomness import new_id

ContactId = Annotated[int, Path(ge=1, lt=2**62)]
Number = Annotated[int, Path(ge=1, lt=2**31)]
LARGEST_FILE = 25_000_000
_SENT_BY_AGENTS = ("image/*", "application/*", "text/*", "audio/*", "video/*")


class ConversationEndpoints:
    def __init__(self, conversations: ConversationService, switchboard: Switchboard) -> None:
        self._conversations = conversations
        self._ask = switchboard.ask
        self._switchboard = switchboard

    def router(self) -> APIRouter:
        router = APIRouter(tags=["conversations"])
        at = "/contacts/{contact_id}"
        router.add_api_route("/conversations", self.live, methods=["GET"])
        router.add_api_route(f"{at}/messages", self.read, methods=["GET"])
        router.add_api_route(f"{at}/messages", self.write, methods=["POST"], status_code=201)
        router.add_api_route(f"{at}/messages/{{number}}", self.edit, methods=["PATCH"], status_code=204)
        router.add_api_route(f"{at}/messages/{{number}}", self.delete, methods=["DELETE"], status_code=204)
        router.add_api_route(f"{at}/files", self.upload, methods=["POST"], status_code=201)
        router.add_api_route(f"{at}/library-files", self.take_from_library, methods=["POST"], status_code=201)
        router.add_api_route(
            f"{at}/files/{{file_id}}", self.download, methods=["GET"], response_class=Response
        )
        router.add_api_route(f"{at}/call", self.call, methods=["POST"], status_code=202)
        router.add_api_route(f"{at}/call", self.withdraw_call, methods=["DELETE"], status_code=204)
        for name, endpoint in (
            ("read", self.mark_read),
            ("invite", self.invite),
            ("watch", self.watch),
            ("leave", self.leave),
            ("take-over", self.take_over),
            ("answer-by-email", self.answer_by_email),
        ):
            router.add_api_route(f"{at}/{name}", endpoint, methods=["POST"], status_code=204)
        return router

    async def live(self, session: MayReadAllContacts) -> LiveChats:
        """The chats that go on, those that have waited longest for an answer first."""
        config = self._switchboard.config(session.tenant_id)
        items = []
        for contact in self._conversations.live(session):
            talk, chat = contact.talk, contact.chat
            queue_id = talk.queue_id if talk else contact.wait.queue_id if contact.wait else ""
            queue = config.queues.get(queue_id)
            agent = config.agents.get(talk.agent_id) if talk else None
            items.append(
                LiveChat(
                    contact_id=contact.id,
                    visitor=contact.remote_name or contact.remote,
                    queue=Named(id=queue.id, name=queue.name) if queue else None,
                    agent=Named(id=agent.id, name=agent.name) if agent else None,
                    phase=contact.phase.value,
                    since=talk.since if talk else contact.arrived_at,
                    last_at=chat.last_message_at if chat else None,
                    unanswered_since=chat.unanswered_since if chat else None,
                )
            )
        return LiveChats(items=items)

    async def read(
        self,
        contact_id: ContactId,
        session: MayReadContacts,
        after: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    ) -> Messages:
        """What was written, oldest first; also of a chat that is over."""
        return Messages(items=await self._conversations.messages(session, contact_id, after))

    async def write(self, body: NewMessage, contact_id: ContactId, session: MayReadContacts) -> Written:
        """Writes to the visitor, or (`whisper`) to the agents of the chat alone."""
        kind = MessageKind(body.kind)
        more = More(body.file_id, body.url)
        number = await self._conversations.write(session, contact_id, kind, body.key, body.text, more)
        return Written(n=number)

    async def edit(self, body: ChangedText, contact_id: ContactId, number: Number, me: AtDesk) -> None:
        """Changes an own message; what it said before stays in the history."""
        await self._ask(me.tenant_id, events.EditRequested(me.agent_id, contact_id, number, body.text))

    async def delete(self, contact_id: ContactId, number: Number, me: AtDesk) -> None:
        """Takes an own message out of everybody's sight; it stays in the history."""
        await self._ask(me.tenant_id, events.DeleteRequested(me.agent_id, contact_id, number))

    async def mark_read(self, body: ReadMark, contact_id: ContactId, me: AtDesk) -> None:
        """The agent has read everything up to this number."""
        await self._ask(me.tenant_id, events.MessagesRead(contact_id, me.agent_id, body.n))

    async def invite(self, body: Invite, contact_id: ContactId, me: AtDesk) -> None:
        """A colleague joins the chat; it stays in the agent's hands."""
        await self._ask(me.tenant_id, events.ColleagueInvited(me.agent_id, contact_id, body.agent_id))

    async def watch(self, contact_id: ContactId, session: MayReadAllContacts) -> None:
        """A supervisor reads along, and may whisper."""
        await self._ask(session.tenant_id, events.WatchRequested(viewer_of(session), contact_id))

    async def leave(self, contact_id: ContactId, session: MayReadContacts) -> None:
        """A colleague or a watcher leaves the chat."""
        await self._ask(session.tenant_id, events.PartyLeft(viewer_of(session), contact_id))

    async def take_over(self, contact_id: ContactId, session: MayReadAllContacts) -> None:
        """A supervisor who has a seat takes the chat from its agent."""
        await self._ask(session.tenant_id, events.TakeOverRequested(session.agent_id or "", contact_id))

    async def call(self, body: NewCall, contact_id: ContactId, me: AtDesk) -> None:
        """From chat to call: the visitor is asked in his page, or called back. The chat's topic shows what comes of it."""
        event = events.CallRequested(
            me.agent_id, contact_id, body.key, CallWay(body.way), body.number.strip()
        )
        await self._ask(me.tenant_id, event)

    async def withdraw_call(self, contact_id: ContactId, me: AtDesk) -> None:
        """Takes back what the visitor has not answered yet, or what waits for an agent with a telephone."""
        await self._ask(me.tenant_id, events.CallWithdrawn(me.agent_id, contact_id))

    async def answer_by_email(self, contact_id: ContactId, session: MayReadContacts) -> None:
        """The chat becomes an email in its button's inbox, to be answered there; again is the same."""
        await self._conversations.answer_by_email(session, contact_id)

    # -- files

    async def upload(
        self,
        contact_id: ContactId,
        me: AtDesk,
        file: UploadFile,
        expires_seconds: Annotated[int | None, Form(ge=60, le=31_536_000)] = None,
        downloads: Annotated[int | None, Form(ge=1, le=10_000)] = None,
    ) -> FileKept:
        """A file for the visitor; a message of kind `file` then sends it."""
        data = await read_upload(file, LARGEST_FILE)
        media_type = kinds.checked(data, file.filename or "", _SENT_BY_AGENTS)
        upload = Upload(new_id(), file.filename or "file", data, media_type)
        lives = timedelta(seconds=expires_seconds) if expires_seconds else None
        kept = await self._conversations.add_file(me.session, contact_id, upload, lives, downloads)
        return FileKept(file_id=kept.id, name=kept.name, size=kept.size, media_type=kept.media_type)

    async def take_from_library(
        self, body: LibraryFile, contact_id: ContactId, session: MayReadAnswers
    ) -> FileKept:
        """A file of a ready-made answer for the visitor; a message of kind `file` then sends it."""
        lives = timedelta(seconds=body.expires_seconds) if body.expires_seconds else None
        chosen = FromLibrary(new_id(), body.answer_id, body.file_id, lives, body.downloads)
        kept = await self._conversations.add_from_library(session, contact_id, chosen)
        return FileKept(file_id=kept.id, name=kept.name, size=kept.size, media_type=kept.media_type)

    async def download(
        self, contact_id: ContactId, file_id: Annotated[str, Path(max_length=64)], session: MayReadContacts
    ) -> Response:
        """A file of the chat."""
        file, path = await self._conversations.file(session, contact_id, file_id)
        return file_response(path, file.name, file.media_type)
