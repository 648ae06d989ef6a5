"""Figures over HTTP. Agents see their own; who may read all of them can ask for any agent, queue, Space or skill, and for breakdowns."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from cordboard.core.statistics.parts import By
from cordboard.core.statistics.totals import Scope
from cordboard.figures.schemas import FigureList
from cordboard.figures.service import FigureService, get_figure
from cordboard.identity.access import MayReadFigures, require
from cordboard.identity.rights import Permission, Session
from cordboard.runtime.asking import Switchboard

ContactPageOf = Callable[[str, list[int], str | None], Awaitable[BaseModel]]
Id = Annotated[str, Query(max_length=100)]


class FigureEndpoints:
    """`contact_page`: (tenant id, contact ids, cursor of the next page) → the history's page of these contacts."""

    def __init__(
        self,
        figures: FigureService,
        switchboard: Switchboard,
        contact_page: ContactPageOf,
        page_type: type[BaseModel],
    ) -> None:
        self._figures = figures
        self._switchboard = switchboard
        self._contact_page = contact_page
        self._page_type = page_type

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/figures", tags=["figures"])
        router.add_api_route("", self.list_all, methods=["GET"])
        router.add_api_route(
            "/{figure_id}/contacts", self.contacts, methods=["GET"], response_model=self._page_type
        )
        return router

    async def list_all(
        self,
        session: MayReadFigures,
        since: Annotated[datetime | None, Query(alias="from")] = None,
        until: Annotated[datetime | None, Query(alias="to")] = None,
        agent: Id = "",
        queue: Id = "",
        space: Id = "",
        skill: Id = "",
        by: By | None = None,
    ) -> FigureList:
        """All figures of a period (default: today) with their written definitions.

        `skill` takes the queues that needed it at the time. `by` breaks the period down as well: in time by the customer's
        clock, each figure at the instant of what it counts; who may read all figures can ask for it.
        """
        if by is not None:
            require(session, Permission.FIGURES_READ, "figures in parts")
        config = self._switchboard.config(session.tenant_id)
        scope = _scope(session, agent, queue, space, skill)
        return await self._figures.figures(session.tenant_id, config, since, until, scope, by)

    async def contacts(
        self,
        figure_id: str,
        session: MayReadFigures,
        since: Annotated[datetime | None, Query(alias="from")] = None,
        until: Annotated[datetime | None, Query(alias="to")] = None,
        agent: Id = "",
        queue: Id = "",
        space: Id = "",
        skill: Id = "",
        cursor: Annotated[int, Query(ge=0, le=2**62)] = 2**62,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> BaseModel:
        """The contacts behind a figure, newest first."""
        figure = get_figure(figure_id)
        config = self._switchboard.config(session.tenant_id)
        scope = _scope(session, agent, queue, space, skill)
        period, _, _ = await self._figures.period(session.tenant_id, config, since, until)
        behind = [each for each in period.contact_ids(figure, scope) if each < cursor]
        page = behind[:limit]
        return await self._contact_page(
            session.tenant_id, page, str(page[-1]) if len(behind) > limit else None
        )


def _scope(session: Session, agent: str, queue: str, space: str, skill: str) -> Scope:
    """What the session may ask: its own agent, or anything."""
    if not session.may(Permission.FIGURES_READ):
        if agent not in ("", session.agent_id):
            require(session, Permission.FIGURES_READ, "figures of another agent")
        agent = session.agent_id or "-"
    return Scope(agent, queue, space, skill)
