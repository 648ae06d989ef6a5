"""The library as one file over HTTP, for who looks after it. Files that the centre has not are brought by `cordboard answers`."""

from fastapi import APIRouter, Response

from cordboard.answers import document, importing, schemas
from cordboard.answers.document import Plan
from cordboard.answers.importing import Import
from cordboard.db.database import Connection, Database
from cordboard.identity.access import MayWriteAnswers
from cordboard.identity.rights import Session
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.clock import Clock


class LibraryFileEndpoints:
    def __init__(self, db: Database, switchboard: Switchboard, clock: Clock) -> None:
        self._db = db
        self._switchboard = switchboard
        self._clock = clock

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/library", tags=["answers"])
        router.add_api_route("", self.export, methods=["GET"], response_class=Response)
        router.add_api_route("/plan", self.plan, methods=["POST"])
        router.add_api_route("/apply", self.apply, methods=["POST"])
        return router

    async def export(self, session: MayWriteAnswers) -> Response:
        """YAML; applying it again changes nothing."""
        async with self._db.tenant(session.tenant_id) as connection:
            text = document.written((await document.stored(connection)).document)
        headers = {"Content-Disposition": f'attachment; filename="answers-{session.tenant_id}.yaml"'}
        return Response(text, media_type="application/yaml", headers=headers)

    async def plan(self, body: schemas.LibraryFile, session: MayWriteAnswers) -> schemas.LibraryPlan:
        """What a file would change, and which of its attachments the centre does not have. Nothing is changed."""
        async with self._db.tenant(session.tenant_id) as connection:
            found = await self._planned(connection, session, body.document)
            missing = await importing.missing_files(connection, found)
        return _told(found, missing)

    async def apply(self, body: schemas.LibraryFile, session: MayWriteAnswers) -> schemas.LibraryPlan:
        """All of it or nothing. Gives what was changed."""
        async with self._db.tenant(session.tenant_id) as connection:
            found = await self._planned(connection, session, body.document)
            who = Import(session.tenant_id, session.name, self._clock.now())
            await importing.apply(connection, who, found)
        return _told(found, [])

    async def _planned(self, connection: Connection, session: Session, text: str) -> Plan:
        spaces = frozenset(self._switchboard.config(session.tenant_id).spaces)
        return document.plan(document.read(text), await document.stored(connection), spaces)


def _told(plan: Plan, missing: list[str]) -> schemas.LibraryPlan:
    changes = [
        schemas.LibraryChange(kind=each.kind, path=each.path, title=each.title, what=list(each.what))
        for each in plan.changes
    ]
    return schemas.LibraryPlan(changes=changes, missing_files=missing)
