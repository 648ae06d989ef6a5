"""Attachments over HTTP. A file is only ever downloaded: never shown inside our own pages."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Response, UploadFile

from cordboard.answers import schemas
from cordboard.answers.attachments import LARGEST, Attachments, Upload
from cordboard.answers.endpoints import AnswerId, IfMatch, tagged, version_of
from cordboard.identity.access import MayReadAnswers, MayWriteAnswers

FileId = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


class AttachmentEndpoints:
    def __init__(self, attachments: Attachments) -> None:
        self._attachments = attachments

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/answers/{answer_id}/attachments", tags=["answers"])
        router.add_api_route("", self.attach, methods=["POST"], status_code=201)
        router.add_api_route("/{file_id}", self.download, methods=["GET"], response_class=Response)
        router.add_api_route("/{file_id}", self.detach, methods=["DELETE"])
        return router

    async def attach(
        self,
        answer_id: AnswerId,
        file: UploadFile,
        session: MayWriteAnswers,
        response: Response,
        if_match: IfMatch = None,
    ) -> schemas.LibraryAnswer:
        """At most ten of 20 MB; changes the version named by `If-Match`."""
        upload = Upload(
            file.filename or "file",
            file.content_type or "application/octet-stream",
            await file.read(LARGEST + 1),
        )
        version = version_of(if_match)
        return tagged(await self._attachments.add(session, answer_id, version, upload), response)

    async def download(self, answer_id: AnswerId, file_id: FileId, session: MayReadAnswers) -> Response:
        found = await self._attachments.read(session, answer_id, file_id)
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=3600",
        }
        return Response(found.data, media_type="application/octet-stream", headers=headers)

    async def detach(
        self,
        answer_id: AnswerId,
        file_id: FileId,
        session: MayWriteAnswers,
        response: Response,
        if_match: IfMatch = None,
    ) -> schemas.LibraryAnswer:
        """Changes the version named by `If-Match`."""
        version = version_of(if_match)
        return tagged(await self._attachments.remove(session, answer_id, version, file_id), response)
