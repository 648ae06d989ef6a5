"""What the widget calls. No cookies: the token in the query is the visitor; `door` looks at the page that asks."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request, UploadFile
from fastapi.responses import Response
from starlette.websockets import WebSocket

from cordboard.attachments import kinds
from cordboard.attachments.giving import file_response, read_upload
from cordboard.attachments.store import ChatFile, ChatFiles, FileGone, Upload
from cordboard.channels.webchat import buttons, frames, limits
from cordboard.channels.webchat.beginning import Beginning
from cordboard.channels.webchat.limits import Limits
from cordboard.channels.webchat.pages import sentence_page
from cordboard.channels.webchat.rooms import Rooms
from cordboard.channels.webchat.schemas import (
    Begun,
    ButtonShown,
    FileKept,
    Invited,
    NewInvitation,
    NewSession,
)
from cordboard.channels.webchat.sessions import TokenUnknown, VisitorSession, VisitorSessions
from cordboard.channels.webchat.sockets import Pollers, VisitorSocket
from cordboard.channels.webchat.visitors import Visitors
from cordboard.channels.webchat.words import in_words_of, refusal
from cordboard.core.config import ChatButton
from cordboard.core.conversation.events import InvitationEnded, InvitationRequested
from cordboard.db.database import OUTAGES
from cordboard.errors import Refused
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.clock import Clock
from cordboard.runtime.randomness import new_id
from cordboard.runtime.transcripts import Transcripts
from cordboard.scanning.verdicts import FileInfected, FileNotChecked

TOKEN_GONE = 4401
LONGEST_WAIT = 25.0
MOST_FRAMES = 20
LARGEST_POST = 200_000

Token = Annotated[str, Query(max_length=200)]
After = Annotated[int, Query(ge=0, lt=2**31)]


class ButtonUnknown(Refused):
    """There is no such chat button."""

    code = "unknown_button"
    status = 404


class TooManyRequests(Refused):
    """Too many requests from here. Wait a moment."""

    code = "too_many_requests"
    status = 429


class FramesWrong(Refused):
    """Something in the request is not right."""

    code = "invalid"
    status = 422


class VisitorEndpoints:
    """`words`: the file of the widget's own sentences, language → name → sentence."""

    def __init__(
        self,
        switchboard: Switchboard,
        transcripts: Transcripts,
        sessions: VisitorSessions,
        chat_files: ChatFiles,
        beginning: Beginning,
        visitors: Visitors,
        rooms: Rooms,
        pollers: Pollers,
        clock: Clock,
        words: Path,
    ) -> None:
        self._switchboard = switchboard
        self._transcripts = transcripts
        self._sessions = sessions
        self._files = chat_files
        self._beginning = beginning
        self._visitors = visitors
        self._rooms = rooms
        self._pollers = pollers
        self._clock = clock
        self._words = WidgetWords(words)
        self._limits = {
            rate: Limits(rate)
            for rate in (limits.LOOKS, limits.FILES, limits.INVITATIONS, limits.FAILED_TOKENS)
        }

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/visitor", tags=["visitor"])
        router.add_api_route("/messages", self.poll, methods=["GET"], response_class=Response)
        router.add_api_route("/messages", self.post, methods=["POST"], status_code=204)
        router.add_api_route("/files", self.upload, methods=["POST"], status_code=201)
        router.add_api_route("/files/{file_id}", self.download, methods=["GET"], response_class=Response)
        router.add_api_route("/{tenant_id}/{button_id}", self.look, methods=["GET"])
        router.add_api_route(
            "/{tenant_id}/{button_id}/sessions", self.begin, methods=["POST"], status_code=201
        )
        router.add_api_route(
            "/{tenant_id}/{button_id}/invitation", self.invite, methods=["POST"], status_code=201
        )
        router.add_api_route(
            "/{tenant_id}/{button_id}/invitation", self.decline, methods=["DELETE"], status_code=204
        )
        return router

    # -- the button

    def _button(self, tenant_id: str, button_id: str) -> ChatButton:
        if self._switchboard.find_state(tenant_id) is None:
            raise ButtonUnknown
        button = self._switchboard.config(tenant_id).chat_buttons.get(button_id)
        if button is None:
            raise ButtonUnknown
        return button

    def _take(self, rate: limits.Rate, name: str) -> None:
        if not self._limits[rate].take(name, self._clock.monotonic()):
            raise TooManyRequests

    async def look(
        self,
        tenant_id: str,
        button_id: str,
        request: Request,
        language: Annotated[str, Query(max_length=20)] = "",
    ) -> ButtonShown:
        """What the widget shows before a conversation begins."""
        self._take(limits.LOOKS, _address(request))
        button = self._button(tenant_id, button_id)
        chosen = buttons.language_of(button, language)
        return buttons.shown(
            button,
            chosen,
            self._switchboard.state(tenant_id),
            self._switchboard.config(tenant_id),
            self._words.of(chosen),
            self._clock.now(),
        )

    async def begin(self, tenant_id: str, button_id: str, body: NewSession, request: Request) -> Begun:
        """A conversation begins; the token is the visitor from now on."""
        button = self._button(tenant_id, button_id)
        try:
            token = await self._beginning.begin(tenant_id, button, body, _address(request))
        except Refused as error:
            raise in_words_of(error, buttons.language_of(button, body.language)) from error
        return Begun(token=token)

    async def invite(self, tenant_id: str, button_id: str, body: NewInvitation, request: Request) -> Invited:
        """Keeps a place with an agent for the seconds in which the visitor makes up his mind; 409 when nobody is free."""
        self._take(limits.INVITATIONS, body.visitor_id or _address(request))
        button = self._button(tenant_id, button_id)
        invitation = new_id()
        await self._switchboard.ask(tenant_id, InvitationRequested(button.id, invitation))
        return Invited(invitation=invitation, expires_in=int(button.invitation_time.total_seconds()))

    async def decline(
        self, tenant_id: str, button_id: str, invitation: Annotated[str, Query(max_length=64)]
    ) -> None:
        """The visitor does not want to be helped: the place is free again."""
        self._button(tenant_id, button_id)
        await self._switchboard.ask(tenant_id, InvitationEnded(invitation))

    # -- the conversation

    async def _session(self, token: str, address: str) -> VisitorSession:
        """Who guesses tokens is slowed down."""
        try:
            return await self._sessions.get(token, self._clock.now())
        except TokenUnknown:
            self._take(limits.FAILED_TOKENS, address)
            raise

    async def poll(
        self,
        token: Token,
        request: Request,
        after: After = 0,
        wait: Annotated[float, Query(ge=0, le=60)] = LONGEST_WAIT,
    ) -> Response:
        """Frames that are new, or that come within `wait` seconds: for who can not have a WebSocket."""
        session = await self._session(token, _address(request))
        transcript = await self._transcripts.get(session.tenant_id, session.contact_id)
        found = await self._pollers.poll(session, transcript, after, min(wait, LONGEST_WAIT))
        return Response(f"[{','.join(found)}]", media_type="application/json")

    async def post(self, token: Token, request: Request) -> None:
        """Frames of the visitor, a list; they are acknowledged by what the next poll says."""
        session = await self._session(token, _address(request))
        body = await _read(request, LARGEST_POST)
        try:
            given = frames.decode_list(body)
        except msgspec.MsgspecError as error:
            raise FramesWrong from error
        for frame in given[:MOST_FRAMES]:
            await self._visitors.take(session, frame, self._pollers.reply_to(session))

    async def socket(self, websocket: WebSocket) -> None:
        """The WebSocket: messages after `after`, then everything as it comes."""
        await websocket.accept()
        try:
            token = websocket.query_params.get("token", "")
            after = int(websocket.query_params.get("after", "0") or 0)
            session = await self._session(token, _address(websocket))
            transcript = await self._transcripts.get(session.tenant_id, session.contact_id)
            self._switchboard.config(session.tenant_id)
        except (TokenUnknown, ValueError):
            await websocket.close(TOKEN_GONE)
            return
        except (Refused, *OUTAGES):
            await websocket.close(1013)
            return
        await VisitorSocket(websocket, session, self._rooms, self._visitors).run(transcript, after)

    # -- files

    async def upload(self, token: Token, file: UploadFile, request: Request) -> FileKept:
        """A file of the visitor; the frame `file` then sends it."""
        session = await self._session(token, _address(request))
        try:
            kept = await self._keep(session, file)
        except Refused as error:
            raise in_words_of(error, session.language) from error
        return FileKept(file_id=kept.id, name=kept.name, size=kept.size, media_type=kept.media_type)

    async def _keep(self, session: VisitorSession, file: UploadFile) -> ChatFile:
        self._take(limits.FILES, session.reference)
        button = self._button(session.tenant_id, session.button_id)
        data = await read_upload(file, button.largest_file)
        media_type = kinds.checked(data, file.filename or "", button.files)
        upload = Upload(new_id(), file.filename or "file", data, media_type)
        return await self._files.add(session.tenant_id, session.contact_id, upload, self._clock.now())

    async def download(self, file_id: str, token: Token, request: Request) -> Response:
        """A file of this conversation; one that has expired says so on a page that a visitor can read."""
        session = await self._session(token, _address(request))
        transcript = await self._transcripts.get(session.tenant_id, session.contact_id)
        try:
            found, path = await self._files.download(
                session.tenant_id, transcript.contact_ids, file_id, self._clock.now()
            )
        except (FileGone, FileInfected, FileNotChecked) as error:
            if "text/html" in request.headers.get("accept", ""):
                return sentence_page(refusal(error.code, session.language), session.language, error.status)
            raise in_words_of(error, session.language) from error
        return file_response(path, found.name, found.media_type)


async def _read(request: Request, most: int) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise FramesWrong
    return body


def _address(connection: Request | WebSocket) -> str:
    return connection.client.host if connection.client else ""


class WidgetWords:
    """Looked up again when the file has changed: a new build is served at once."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._changed = 0.0
        self._words: Mapping[str, Mapping[str, str]] = {}

    def of(self, language: str) -> Mapping[str, str]:
        if self._file.is_file():
            changed = self._file.stat().st_mtime
            if changed != self._changed:
                self._words, self._changed = json.loads(self._file.read_text("utf-8")), changed
        short = language.partition("-")[0]
        return self._words.get(short) or self._words.get("en") or {}
