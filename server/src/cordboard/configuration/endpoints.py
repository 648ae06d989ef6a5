"""Configuration over HTTP, for administrators: read, plan, apply, versions, roll back."""

from fastapi import APIRouter, Response
from starlette.responses import JSONResponse

from cordboard.configuration.answers import apply_answer, error_rows, plan_answer, version_list
from cordboard.configuration.nodes import DocumentWrong, Problem
from cordboard.configuration.schemas import (
    ApplyAnswer,
    ApplyRequest,
    CurrentConfiguration,
    PlanAnswer,
    PlanRequest,
    RollbackRequest,
    Versions,
)
from cordboard.configuration.service import Configuration
from cordboard.identity.access import MayReadConfiguration, MayWriteConfiguration


class ConfigurationEndpoints:
    """Mount `router()` under `/api/v1`."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/configuration", tags=["configuration"])
        router.add_api_route("", self.current, methods=["GET"])
        router.add_api_route("/plan", self.plan, methods=["POST"])
        router.add_api_route("/apply", self.apply, methods=["POST"], response_model=ApplyAnswer)
        router.add_api_route("/versions", self.versions, methods=["GET"])
        router.add_api_route("/versions/{version}", self.version, methods=["GET"])
        router.add_api_route("/versions/{version}/plan", self.plan_rollback, methods=["POST"])
        router.add_api_route("/rollback", self.rollback, methods=["POST"], response_model=ApplyAnswer)
        return router

    async def current(self, session: MayReadConfiguration, response: Response) -> CurrentConfiguration:
        """The published document; its version is also the ETag."""
        newest = await self._configuration.current(session.tenant_id)
        response.headers["ETag"] = f'"{newest.version}"'
        return CurrentConfiguration(version=newest.version, document=newest.document)

    async def plan(self, body: PlanRequest, session: MayReadConfiguration) -> PlanAnswer:
        """What the document would change, and for which contacts of this instant; or what is wrong with it, line by line."""
        return plan_answer(await self._configuration.plan(session.tenant_id, body.document))

    async def apply(self, body: ApplyRequest, session: MayWriteConfiguration) -> ApplyAnswer | JSONResponse:
        """Publishes the document as the next version, at once and while calls run."""
        try:
            applied = await self._configuration.apply(
                session.tenant_id, body.document, body.base_version, body.note, session.login
            )
        except DocumentWrong as wrong:
            return _invalid(wrong.problems)
        return apply_answer(applied)

    async def versions(self, session: MayReadConfiguration) -> Versions:
        """Newest first."""
        return version_list(await self._configuration.versions(session.tenant_id))

    async def version(self, version: int, session: MayReadConfiguration) -> CurrentConfiguration:
        """An older version's document."""
        found = await self._configuration.version(session.tenant_id, version)
        return CurrentConfiguration(version=found.version, document=found.document)

    async def plan_rollback(self, version: int, session: MayReadConfiguration) -> PlanAnswer:
        """What going back to this version would change."""
        return plan_answer(await self._configuration.plan_rollback(session.tenant_id, version))

    async def rollback(
        self, body: RollbackRequest, session: MayWriteConfiguration
    ) -> ApplyAnswer | JSONResponse:
        """Publishes an older version's document as the next version."""
        try:
            applied = await self._configuration.rollback(
                session.tenant_id, body.version, body.note, session.login
            )
        except DocumentWrong as wrong:
            return _invalid(wrong.problems)
        return apply_answer(applied)


def _invalid(problems: list[Problem]) -> JSONResponse:
    content = {
        "type": "urn:cordboard:problem:invalid",
        "title": "Invalid",
        "status": 422,
        "detail": f"The document has {len(problems)} problem(s) and was not applied.",
        "code": "invalid",
        "params": {},
        "errors": [row.model_dump() for row in error_rows(problems)],
    }
    return JSONResponse(content, 422, {"Cache-Control": "no-store"}, media_type="application/problem+json")
