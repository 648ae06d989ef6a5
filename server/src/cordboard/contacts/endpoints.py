"""The history of contacts over HTTP: pages, one contact, its facts, the reasons of its routing."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from cordboard.contacts.schemas import ContactDetail, ContactPage, Facts, Why
from cordboard.contacts.service import NO_CURSOR, ContactHistory
from cordboard.identity.access import MayReadContacts

ContactId = Annotated[int, Path(ge=1, lt=2**62)]


class ContactEndpoints:
    def __init__(self, history: ContactHistory) -> None:
        self._history = history

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/contacts", tags=["contacts"])
        router.add_api_route("", self.page, methods=["GET"])
        router.add_api_route("/{contact_id}", self.detail, methods=["GET"])
        router.add_api_route("/{contact_id}/facts", self.facts, methods=["GET"])
        router.add_api_route("/{contact_id}/why", self.why, methods=["GET"])
        return router

    async def page(
        self,
        session: MayReadContacts,
        cursor: Annotated[int, Query(ge=0, le=NO_CURSOR)] = NO_CURSOR,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        q: Annotated[str, Query(max_length=100)] = "",
        mine: bool = False,
    ) -> ContactPage:
        """Newest first. `q`: part of a number or name, or a contact's id. Agents see their own."""
        return await self._history.page(session, cursor, q, limit, mine)

    async def detail(self, contact_id: ContactId, session: MayReadContacts) -> ContactDetail:
        """One contact with its legs."""
        return await self._history.detail(session, contact_id)

    async def facts(self, contact_id: ContactId, session: MayReadContacts) -> Facts:
        """Everything that happened to it, in order."""
        return await self._history.facts(session, contact_id)

    async def why(self, contact_id: ContactId, session: MayReadContacts) -> Why:
        """For each routing decision: who was considered, who was excluded by which rule, what broke the tie."""
        return await self._history.why(session, contact_id)
