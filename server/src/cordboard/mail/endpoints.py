"""The mail desk over HTTP."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, UploadFile
from starlette.responses import FileResponse, HTMLResponse, Response

from cordboard.core.mail import events as said
from cordboard.identity.access import (
    AtDesk,
    MayReadContacts,
    MaySuperviseMail,
    MayValidate,
    MayWriteConfiguration,
)
from cordboard.mail import documents, schemas
from cordboard.mail.answering import MailAnswering
from cordboard.mail.new_drafts import NewDrafts
from cordboard.mail.reading import SAFE_IMAGES, MailReading, Part
from cordboard.mail.supervising import InboxCare, Validation
from cordboard.mail.trying import NewServers
from cordboard.mail.writing import MailWriting, Upload
from cordboard.runtime.asking import Switchboard

ContactId = Annotated[int, Path(ge=1, lt=2**62)]
MailId = Annotated[int, Path(ge=1, lt=2**62)]
FileId = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
DraftId = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{8,64}$")]
InboxId = Annotated[str, Path(max_length=40)]


class MailEndpoints:
    """Reading and writing, for agents and whoever reads contacts."""

    def __init__(
        self, reading: MailReading, writing: MailWriting, answering: MailAnswering, switchboard: Switchboard
    ) -> None:
        self._reading = reading
        self._writing = writing
        self._answering = answering
        self._ask = switchboard.ask

    def router(self) -> APIRouter:
        router = APIRouter(tags=["mail"])
        at = "/contacts/{contact_id}"
        router.add_api_route(f"{at}/thread", self.thread, methods=["GET"])
        router.add_api_route(f"{at}/draft", self.draft, methods=["GET"])
        router.add_api_route(f"{at}/draft", self.save_draft, methods=["PUT"])
        router.add_api_route(f"{at}/draft", self.drop_draft, methods=["DELETE"], status_code=204)
        router.add_api_route(f"{at}/answer", self.answer, methods=["POST"], status_code=201)
        router.add_api_route(
            f"{at}/answer/{{mail_id}}/recall", self.recall, methods=["POST"], status_code=204
        )
        router.add_api_route(f"{at}/park", self.park, methods=["POST"], status_code=204)
        router.add_api_route(f"{at}/unpark", self.unpark, methods=["POST"], status_code=204)
        router.add_api_route(f"{at}/return", self.give_back, methods=["POST"], status_code=204)
        router.add_api_route(f"{at}/forward", self.forward, methods=["POST"], status_code=204)
        router.add_api_route(f"{at}/reopen", self.reopen, methods=["POST"], status_code=201)
        router.add_api_route("/mail", self.write, methods=["POST"], status_code=201)
        router.add_api_route("/mails/{mail_id}/html", self.html, methods=["GET"], response_class=HTMLResponse)
        router.add_api_route(
            "/mails/{mail_id}/attachments/{index}", self.attachment, methods=["GET"], response_class=Response
        )
        router.add_api_route("/mails/{mail_id}/raw", self.raw, methods=["GET"], response_class=Response)
        router.add_api_route("/files", self.upload, methods=["POST"], status_code=201)
        router.add_api_route("/files/{file_id}", self.file, methods=["GET"], response_class=Response)
        return router

    async def thread(self, contact_id: ContactId, session: MayReadContacts) -> schemas.Thread:
        """The contact with all mails of its thread, oldest first, its draft, and what one can do with it now."""
        return await self._reading.thread(session, contact_id)

    async def html(
        self, mail_id: MailId, session: MayReadContacts, images: Annotated[int, Query(ge=0, le=1)] = 0
    ) -> HTMLResponse:
        """A mail as a page for a sandboxed frame; remote images only with `images=1`."""
        page, _ = await self._reading.html(session, mail_id, images=bool(images))
        headers = {
            "Content-Security-Policy": documents.policy(images=bool(images)),
            "X-Frame-Options": "SAMEORIGIN",
            "Referrer-Policy": "no-referrer",
        }
        return HTMLResponse(page, headers=headers)

    async def attachment(
        self,
        mail_id: MailId,
        index: Annotated[int, Path(ge=0, le=10_000)],
        session: MayReadContacts,
        inline: Annotated[int, Query(ge=0, le=1)] = 0,
    ) -> Response:
        """One attachment. `inline=1` shows images; everything else is for saving."""
        return _file(await self._reading.part(session, mail_id, index), inline=bool(inline))

    async def raw(self, mail_id: MailId, session: MayReadContacts) -> Response:
        """The message byte for byte."""
        return _file(await self._reading.raw(session, mail_id), inline=False)

    async def draft(self, contact_id: ContactId, me: AtDesk) -> schemas.SavedDraft | None:
        """What is being written to this contact; null when there is nothing."""
        return await self._writing.draft(me.session, contact_id)

    async def save_draft(self, body: schemas.Draft, contact_id: ContactId, me: AtDesk) -> schemas.DraftSaved:
        """Keeps the draft; refused when somebody else has changed it since `version`."""
        return await self._writing.save_draft(me.session, contact_id, body)

    async def drop_draft(self, contact_id: ContactId, me: AtDesk) -> None:
        """Throws the draft away."""
        await self._writing.drop_draft(me.session, contact_id)

    async def upload(self, file: UploadFile, me: AtDesk) -> schemas.File:
        """Keeps a file that is to be attached."""
        upload = Upload(file.filename or "", file.content_type or "", file.size or 0, file.file)
        return await self._writing.keep_file(me.session, upload)

    async def file(self, file_id: FileId, session: MayReadContacts) -> Response:
        """A file that was uploaded: images are shown, everything else is for saving."""
        path, media_type = await self._writing.file(session, file_id)
        return _file(Part("file", media_type, path), inline=True)

    async def answer(self, body: schemas.Answer, contact_id: ContactId, me: AtDesk) -> schemas.Sent:
        """Sends an answer. It can be taken back until `undo_until`; a rule may hold it for approval."""
        return await self._answering.answer(me, contact_id, body)

    async def recall(self, contact_id: ContactId, mail_id: MailId, me: AtDesk) -> None:
        """Takes an answer back that has not left yet."""
        await self._answering.recall(me, contact_id, mail_id)

    async def park(self, body: schemas.Park, contact_id: ContactId, me: AtDesk) -> None:
        """Puts the contact aside until an instant, or until a reply."""
        await self._ask(me.tenant_id, said.ParkRequested(me.agent_id, contact_id, body.until, body.reason))

    async def unpark(self, contact_id: ContactId, me: AtDesk) -> None:
        """Takes a parked contact up again."""
        await self._ask(me.tenant_id, said.UnparkRequested(me.agent_id, contact_id))

    async def give_back(self, body: schemas.Return, contact_id: ContactId, me: AtDesk) -> None:
        """Returns the contact to its place in the queue."""
        await self._ask(me.tenant_id, said.ReturnRequested(me.agent_id, contact_id, body.reason))

    async def forward(self, body: schemas.Forward, contact_id: ContactId, me: AtDesk) -> None:
        """Asks an outside expert; his reply comes back into the contact."""
        await self._answering.forward(me, contact_id, body)

    async def reopen(self, contact_id: ContactId, me: AtDesk) -> schemas.Reopened:
        """Takes a closed contact up again, as a new one of the same thread."""
        return await self._answering.reopen(me, contact_id)

    async def write(self, body: schemas.NewMail, me: AtDesk) -> schemas.Written:
        """Sends a new mail without one before (an option)."""
        return await self._answering.write(me, body)


class NewDraftEndpoints:
    """Mails that answer none, while they are written."""

    def __init__(self, drafts: NewDrafts) -> None:
        self._drafts = drafts

    def router(self) -> APIRouter:
        router = APIRouter(tags=["mail"])
        router.add_api_route("/mail/drafts", self.all, methods=["GET"])
        at = "/mail/drafts/{draft_id}"
        router.add_api_route(at, self.get, methods=["GET"])
        router.add_api_route(at, self.save, methods=["PUT"])
        router.add_api_route(at, self.drop, methods=["DELETE"], status_code=204)
        return router

    async def all(self, me: AtDesk) -> schemas.NewDrafts:
        """The person's own drafts of new mails, the newest first."""
        return await self._drafts.all(me.session)

    async def get(self, draft_id: DraftId, me: AtDesk) -> schemas.SavedNewDraft:
        """One of them."""
        return await self._drafts.get(me.session, draft_id)

    async def save(self, body: schemas.NewDraft, draft_id: DraftId, me: AtDesk) -> schemas.DraftSaved:
        """Keeps it under an id that the window has chosen; refused when another one has changed, sent or dropped it."""
        return await self._drafts.save(me.session, draft_id, body)

    async def drop(self, draft_id: DraftId, me: AtDesk) -> None:
        """Throws it away."""
        await self._drafts.drop(me.session, draft_id)


class MailCareEndpoints:
    """Approval, inboxes and what was set aside, for those who lead."""

    def __init__(self, validation: Validation, care: InboxCare, new_servers: NewServers) -> None:
        self._validation = validation
        self._new_servers = new_servers
        self._care = care

    def router(self) -> APIRouter:
        router = APIRouter(tags=["mail"])
        router.add_api_route("/validation", self.held, methods=["GET"])
        at = "/validation/{mail_id}"
        router.add_api_route(f"{at}/approve", self.approve, methods=["POST"], status_code=204)
        router.add_api_route(f"{at}/correct", self.correct, methods=["POST"], status_code=204)
        router.add_api_route(f"{at}/return", self.send_back, methods=["POST"], status_code=204)
        router.add_api_route("/inboxes", self.inboxes, methods=["GET"])
        router.add_api_route("/inboxes/test", self.test_new, methods=["POST"])
        router.add_api_route("/inboxes/{inbox_id}/test", self.test, methods=["POST"])
        router.add_api_route("/mails/set-aside", self.set_aside, methods=["GET"])
        router.add_api_route("/mails/{mail_id}/retry", self.retry, methods=["POST"], status_code=202)
        return router

    async def held(self, session: MayValidate) -> schemas.HeldAnswers:
        """The answers that wait for approval, the most urgent first."""
        return await self._validation.held(session)

    async def approve(self, mail_id: MailId, session: MayValidate) -> None:
        """Lets an answer leave exactly as it was seen."""
        await self._validation.approve(session, mail_id)

    async def correct(self, body: schemas.Correction, mail_id: MailId, session: MayValidate) -> None:
        """Sends a corrected version instead."""
        await self._validation.correct(session, mail_id, body)

    async def send_back(self, body: schemas.SendBack, mail_id: MailId, session: MayValidate) -> None:
        """Gives an answer back to its author, with a remark."""
        await self._validation.send_back(session, mail_id, body.remark)

    async def inboxes(self, session: MaySuperviseMail) -> schemas.Inboxes:
        """Every inbox, when it was looked at last, and what is the matter with it."""
        return await self._care.inboxes(session)

    async def test(self, inbox_id: InboxId, session: MaySuperviseMail) -> schemas.Tested:
        """Tries the connection to an inbox's servers."""
        return await self._care.test(session, inbox_id)

    async def test_new(self, body: schemas.TypedServers, session: MayWriteConfiguration) -> schemas.Tested:
        """Tries servers that are not configured yet, step by step. Nothing of what was typed is kept."""
        return await self._new_servers.test(session, body)

    async def set_aside(self, session: MaySuperviseMail) -> schemas.SetAsides:
        """Mails that could not be understood, newest first."""
        return await self._care.set_aside(session)

    async def retry(self, mail_id: MailId, session: MaySuperviseMail) -> None:
        """Tries to understand such a mail once more."""
        await self._care.retry(session, mail_id)


def _file(part: Part, *, inline: bool) -> FileResponse:
    shown = inline and part.media_type in SAFE_IMAGES
    way = "inline" if shown else "attachment"
    return FileResponse(
        part.path,
        media_type=part.media_type if shown else "application/octet-stream",
        headers={
            "Content-Disposition": f"{way}; filename*=UTF-8''{quote(part.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
