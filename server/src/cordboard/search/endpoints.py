"""The search over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from cordboard.identity.access import MayReadContacts
from cordboard.search import schemas
from cordboard.search.service import SearchService, Wanted

Id = Annotated[str, Query(max_length=100)]


class SearchEndpoints:
    def __init__(self, search: SearchService) -> None:
        self._search = search

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/search", tags=["search"])
        router.add_api_route("", self.find, methods=["GET"])
        return router

    async def find(
        self,
        session: MayReadContacts,
        q: Annotated[str, Query(max_length=200)] = "",
        channel: Literal["voice", "email", "chat"] | None = None,
        agent: Id = "",
        queue: Id = "",
        reason: Id = "",
        state: Literal["open", "closed"] | None = None,
        since: Annotated[AwareDatetime | None, Query(alias="from")] = None,
        until: Annotated[AwareDatetime | None, Query(alias="to")] = None,
        sort: schemas.Sort = "relevance",
        cursor: Annotated[str, Query(max_length=120)] = "",
        limit: Annotated[int, Query(ge=1, le=50)] = 20,
    ) -> schemas.Found:
        """Contacts that hold all the words: mails, chats, notes, texts of attachments, subjects, names; or a number in any
        spelling, an address, a contact's id, a Message-ID. Words are found in their other forms too, without their accents,
        and while the last one is being typed; "a phrase" as it stands.

        Without `q` the newest that the filters leave. `from` and `to`: when the contact arrived. Agents find what was theirs
        or was offered to them, and what was written to their Spaces.
        """
        wanted = Wanted(q, channel or "", agent, queue, reason, state or "", since, until, sort)
        return await self._search.find(session, wanted, cursor, limit)
