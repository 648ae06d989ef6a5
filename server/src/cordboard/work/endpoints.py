"""Lists of work over HTTP; changes of their rows also come on the live topic `work`."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from cordboard.identity.access import MayReadContacts
from cordboard.work import schemas
from cordboard.work.service import WorkService

ViewId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class WorkEndpoints:
    def __init__(self, work: WorkService) -> None:
        self._work = work

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/work", tags=["work"])
        router.add_api_route("", self.page, methods=["GET"])
        router.add_api_route("/views", self.views, methods=["GET"])
        router.add_api_route("/views/{view_id}", self.put_view, methods=["PUT"])
        router.add_api_route("/views/{view_id}", self.delete_view, methods=["DELETE"], status_code=204)
        return router

    async def page(
        self,
        session: MayReadContacts,
        channel: schemas.ChannelName | None = None,
        state: Annotated[list[schemas.State], Query(max_length=10)] = [],  # noqa: B006  # FastAPI copies it
        queue: Annotated[str, Query(max_length=100)] = "",
        space: Annotated[str, Query(max_length=100)] = "",
        entry_point: Annotated[str, Query(max_length=100)] = "",
        agent: Annotated[str, Query(max_length=100)] = "",
        tag: Annotated[str, Query(max_length=100)] = "",
        language: Annotated[str, Query(max_length=20)] = "",
        q: Annotated[str, Query(max_length=200)] = "",
        mine: bool = False,
        late: bool = False,
        closed: bool = False,
        days: Annotated[int, Query(ge=1, le=366)] = 30,
        sort: schemas.Sort = "due",
        cursor: Annotated[str, Query(max_length=100)] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> schemas.WorkPage:
        """The open contacts of all channels that the person may see. Agents: their own, and what they may take.

        `state` may be given several times. `late`: the due time is over. Order: `due` (soonest first), `arrival` (oldest
        first), `newest`, `priority` (highest first, then oldest), `last_mail` (newest first).

        `closed`: instead those that were closed in the last `days`, last closed first, whatever `state`, `late` and `sort` say.
        """
        filters = schemas.Filters(
            channel=channel or "",
            states=state,
            queue=queue,
            space=space,
            entry_point=entry_point,
            agent=agent,
            tag=tag,
            language=language,
            q=q,
            mine=mine,
            late=late,
            closed=closed,
            days=days,
            sort=sort,
        )
        return await self._work.page(session, filters, cursor, limit)

    async def views(self, session: MayReadContacts) -> schemas.Views:
        """The person's saved views and those shared in his Spaces, each with its number of contacts."""
        return await self._work.views(session)

    async def put_view(
        self, view_id: ViewId, body: schemas.ViewWanted, session: MayReadContacts
    ) -> schemas.View:
        """Saves a view under a name of the browser's choice."""
        return await self._work.put_view(session, view_id, body)

    async def delete_view(self, view_id: ViewId, session: MayReadContacts) -> None:
        await self._work.delete_view(session, view_id)
