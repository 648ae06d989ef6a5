"""Whether this server works, for whoever watches it: `/api/v1/health` for all, `/metrics` for this machine alone."""

from collections.abc import Callable, Mapping

import asyncpg
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from cordboard.db.database import OUTAGES, Database

Check = Callable[[], str]
"""One part's state: "ok", or a word that says what is wrong."""

_LOOPBACK = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})


class Health(BaseModel):
    """`status` is "ok" when all parts are, else "degraded"; "down" when the database is away."""

    status: str
    parts: dict[str, str]


class HealthEndpoints:
    def __init__(self, db: Database, checks: Mapping[str, Check], registry: CollectorRegistry) -> None:
        self._db = db
        self._checks = checks
        self._registry = registry

    def api_router(self) -> APIRouter:
        router = APIRouter(tags=["health"])
        router.add_api_route("/health", self.health, methods=["GET"])
        return router

    async def health(self, response: Response) -> Health:
        """The state of each part; 503 when the database is away."""
        parts = {"database": await self._database()}
        parts |= {name: check() for name, check in self._checks.items()}
        status = "ok" if all(state == "ok" for state in parts.values()) else "degraded"
        if parts["database"] != "ok":
            status, response.status_code = "down", 503
        return Health(status=status, parts=parts)

    async def metrics(self, request: Request) -> Response:
        """Prometheus text, on the loopback interface only."""
        if request.client is None or request.client.host not in _LOOPBACK:
            raise HTTPException(404, "There is nothing here.")
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

    async def _database(self) -> str:
        try:
            async with self._db.plain() as connection:
                await connection.fetchval("SELECT 1")
        except (*OUTAGES, asyncpg.PostgresError):
            return "away"
        return "ok"
