"""Figures over HTTP. Agents see their own; who may read all of them can ask for any agent, queue, Space, skill …, and for breakdowns."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, create_model

from cordboard.core.statistics.formulas import Figure
from cordboard.core.statistics.parts import By, Moment
from cordboard.core.statistics.totals import Scope
from cordboard.figures.schemas import Asked, Choices, FigureList, Now, Occurrences, PageAsked
from cordboard.figures.service import FigureService, get_figure
from cordboard.identity.access import MayReadFigures, require
from cordboard.identity.rights import Permission, Session
from cordboard.runtime.asking import Switchboard

ContactPageOf = Callable[[str, list[int], str | None], Awaitable[BaseModel]]
NOBODY = "!"
"""No agent has this id."""


class Question(Asked):
    by: By | None = None
    at: Moment = Moment.HAPPENED


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
        self._occurrence_page = create_model(
            "OccurrencePage", __base__=Occurrences, rows=(page_type, ...), __doc__=Occurrences.__doc__
        )

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/figures", tags=["figures"])
        router.add_api_route("", self.list_all, methods=["GET"])
        router.add_api_route("/now", self.now, methods=["GET"])
        router.add_api_route("/choices", self.choices, methods=["GET"])
        router.add_api_route(
            "/{figure_id}/contacts", self.contacts, methods=["GET"], response_model=self._page_type
        )
        router.add_api_route(
            "/{figure_id}/occurrences",
            self.occurrences,
            methods=["GET"],
            response_model=self._occurrence_page,
        )
        return router

    async def list_all(self, session: MayReadFigures, asked: Annotated[Question, Query()]) -> FigureList:
        """All figures of a period (default: today) with their written definitions.

        `skill` takes the queues that needed it at the time. `by` breaks the period down as well: in time by the customer's
        clock, each figure at the instant of what it counts (`at=happened`) or of its receipt (`at=received`); who may read all
        figures can ask for it.
        """
        if asked.by is not None:
            require(session, Permission.FIGURES_READ, "figures in parts")
        config = self._switchboard.config(session.tenant_id)
        scope = _scope(session, asked)
        return await self._figures.figures(session.tenant_id, config, asked, scope, asked.by, asked.at)

    async def now(self, session: MayReadFigures, asked: Annotated[Asked, Query()]) -> Now:
        """What stands at this instant; the period that is asked for does not matter."""
        config = self._switchboard.config(session.tenant_id)
        return await self._figures.now(session.tenant_id, config, _scope(session, asked))

    async def choices(self, session: MayReadFigures) -> Choices:
        """What figures can be asked for."""
        require(session, Permission.FIGURES_READ, "figures of all")
        return self._figures.choices(self._switchboard.config(session.tenant_id))

    async def contacts(
        self, figure_id: str, session: MayReadFigures, asked: Annotated[PageAsked, Query()]
    ) -> BaseModel:
        """The contacts behind a figure, each once, newest first."""
        figure = _openable(session, figure_id)
        config = self._switchboard.config(session.tenant_id)
        scope = _scope(session, asked)
        period, _, _ = await self._figures.period(session.tenant_id, config, asked.since, asked.until)
        behind = await asyncio.to_thread(period.contact_ids, figure, scope)
        if asked.cursor:
            behind = [each for each in behind if each < asked.cursor]
        page = behind[: asked.limit]
        following = str(page[-1]) if len(behind) > asked.limit else None
        return await self._contact_page(session.tenant_id, page, following)

    async def occurrences(
        self, figure_id: str, session: MayReadFigures, asked: Annotated[PageAsked, Query()]
    ) -> BaseModel:
        """What a figure counts, each time, newest first: as many as the figure says, where it is a number of them.

        `rows` has the contacts of this page, `next` is the cursor of the following one.
        """
        figure = _openable(session, figure_id)
        config = self._switchboard.config(session.tenant_id)
        scope = _scope(session, asked)
        page = await self._figures.occurrences(session.tenant_id, config, figure, asked, scope)
        contact_ids = list(dict.fromkeys(each.contact_id for each in page.items if each.contact_id))
        rows = await self._contact_page(session.tenant_id, contact_ids, None)
        return self._occurrence_page.model_validate({**dict(page), "rows": rows})


def _openable(session: Session, figure_id: str) -> Figure:
    """Who may read figures but no contacts does not see whose they are."""
    require(session, Permission.CONTACTS_READ_OWN, "contacts behind a figure")
    return get_figure(figure_id)


def _scope(session: Session, asked: Asked) -> Scope:
    """What the session may ask: its own agent, or anything."""
    if session.may(Permission.FIGURES_READ):
        return asked.scope()
    if asked.agent not in ("", session.agent_id):
        require(session, Permission.FIGURES_READ, "figures of another agent")
    return asked.scope(session.agent_id or NOBODY)
