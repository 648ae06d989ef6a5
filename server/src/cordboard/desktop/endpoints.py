"""The desktop's start and layout over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from cordboard.desktop.schemas import Layout, Start
from cordboard.desktop.service import DesktopService
from cordboard.identity.access import Anyone


class DesktopEndpoints:
    def __init__(self, desktop: DesktopService) -> None:
        self._desktop = desktop

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/desktop", tags=["desktop"])
        router.add_api_route("", self.start, methods=["GET"])
        router.add_api_route("/layout", self.layout, methods=["GET"])
        router.add_api_route("/layout", self.save_layout, methods=["PUT"])
        return router

    async def start(self, session: Anyone, request: Request) -> Start:
        """Everything that the page needs once: person, agent, seat, phone, reasons, queues."""
        return await self._desktop.start(session, request.url.hostname or "")

    async def layout(self, session: Anyone, response: Response) -> Layout:
        """The person's own arrangement; empty at first."""
        layout = await self._desktop.layout(session)
        response.headers["ETag"] = f'"{layout.version}"'
        return layout

    async def save_layout(
        self,
        body: Layout,
        session: Anyone,
        response: Response,
        if_match: Annotated[str | None, Header(max_length=40)] = None,
    ) -> Layout:
        """Keeps the arrangement. With `If-Match`, only if nobody has changed it since."""
        version = (if_match or "").removeprefix("W/").strip('"')
        layout = await self._desktop.save_layout(session, body, int(version) if version.isdigit() else None)
        response.headers["ETag"] = f'"{layout.version}"'
        return layout
