"""The history of contacts. Whoever may read only his own sees contacts that were his or were offered to him."""

import msgspec

from cordboard.contacts import repository, schemas
from cordboard.contacts.naming import leg_of, row_of
from cordboard.contacts.summary import legs_of, summarise
from cordboard.contacts.why import Reasons
from cordboard.core.facts import Recorded
from cordboard.db.database import Database
from cordboard.errors import Refused
from cordboard.identity.rights import Permission, Session
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.codec import wire_name
from cordboard.runtime.history import History

NO_CURSOR = 2**62


class ContactNotFound(Refused):
    """There is no such contact."""

    code = "not_found"
    status = 404


class ContactHistory:
    def __init__(self, db: Database, history: History, reasons: Reasons, switchboard: Switchboard) -> None:
        self._db = db
        self._history = history
        self._reasons = reasons
        self._switchboard = switchboard

    async def page(
        self, session: Session, before: int, query: str, limit: int, mine: bool
    ) -> schemas.ContactPage:
        """Newest first, older than the contact `before`."""
        query = query.strip()
        if query[:1] in "+0123456789":
            query = query.replace(" ", "")
        async with self._db.tenant(session.tenant_id) as connection:
            if mine or not session.may(Permission.CONTACTS_READ):
                ids = await repository.recent_of_agent(
                    connection, before, query, limit, session.agent_id or ""
                )
            else:
                ids = await repository.recent(connection, before, query, limit)
        rows = await self.rows(session.tenant_id, ids)
        return schemas.ContactPage(items=rows, next=str(ids[-1]) if len(ids) == limit else None)

    async def page_of(
        self, tenant_id: str, contact_ids: list[int], following: str | None
    ) -> schemas.ContactPage:
        """A page of given contacts (those behind a figure)."""
        return schemas.ContactPage(items=await self.rows(tenant_id, contact_ids), next=following)

    async def rows(self, tenant_id: str, contact_ids: list[int]) -> list[schemas.ContactRow]:
        """The lines of these contacts, in their order."""
        config = self._switchboard.config(tenant_id)
        found = await self._history.of_contacts(tenant_id, contact_ids)
        summaries = [summarise(found[contact_id]) for contact_id in contact_ids]
        return [row_of(summary, config) for summary in summaries if summary is not None]

    async def detail(self, session: Session, contact_id: int) -> schemas.ContactDetail:
        recorded = await self._readable(session, contact_id)
        config = self._switchboard.config(session.tenant_id)
        summary = summarise(recorded)
        if summary is None:
            raise ContactNotFound
        legs = [leg_of(leg, config) for leg in legs_of(recorded)]
        return schemas.ContactDetail(contact=row_of(summary, config), legs=legs)

    async def facts(self, session: Session, contact_id: int) -> schemas.Facts:
        recorded = await self._readable(session, contact_id)
        return schemas.Facts(items=[_fact_row(each) for each in recorded])

    async def why(self, session: Session, contact_id: int) -> schemas.Why:
        recorded = await self._readable(session, contact_id)
        config = self._switchboard.config(session.tenant_id)
        return await self._reasons.of_contact(session.tenant_id, recorded, config)

    async def _readable(self, session: Session, contact_id: int) -> list[Recorded]:
        recorded = await self._history.of_contact(session.tenant_id, contact_id)
        own = any(getattr(each.fact, "agent_id", "") == (session.agent_id or "-") for each in recorded)
        if not recorded or not (own or session.may(Permission.CONTACTS_READ)):
            raise ContactNotFound
        return recorded


def _fact_row(each: Recorded) -> schemas.FactRow:
    return schemas.FactRow(
        seq=each.seq,
        ordinal=each.ordinal,
        at=each.at,
        kind=wire_name(type(each.fact)),
        body=msgspec.to_builtins(each.fact),
    )
