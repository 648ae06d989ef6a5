"""The history of contacts. Whoever may read only his own sees contacts that were his or were offered to him."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec

from cordboard.contacts import repository, schemas
from cordboard.contacts.naming import leg_of, row_of
from cordboard.contacts.summary import legs_of
from cordboard.contacts.why import Reasons
from cordboard.core.facts import ContactArrived, Recorded
from cordboard.core.words import Channel
from cordboard.db.database import Database
from cordboard.errors import Refused
from cordboard.identity.rights import Permission, Session
from cordboard.index.fold import IndexRow
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.codec import wire_name
from cordboard.runtime.history import History

NO_CURSOR = 2**62


class ContactNotFound(Refused):
    """There is no such contact."""

    code = "not_found"
    status = 404


class ContactHistory:
    """`catch_up`: brings the list to the journal's end, so that what was just done is in it."""

    def __init__(
        self,
        db: Database,
        history: History,
        reasons: Reasons,
        switchboard: Switchboard,
        catch_up: Callable[[str], Awaitable[int]],
    ) -> None:
        self._db = db
        self._history = history
        self._reasons = reasons
        self._switchboard = switchboard
        self._catch_up = catch_up

    async def page(
        self, session: Session, before: int, query: str, limit: int, mine: bool
    ) -> schemas.ContactPage:
        """Newest first, older than the contact `before`."""
        query = query.strip()
        if query[:1] in "+0123456789":
            query = query.replace(" ", "")
        await self._catch_up(session.tenant_id)
        async with self._db.tenant(session.tenant_id) as connection:
            if mine or not session.may(Permission.CONTACTS_READ):
                ids = await repository.recent_of_agent(
                    connection, before, query, limit, session.agent_id or ""
                )
            else:
                ids = await repository.recent(connection, before, query, limit)
            rows = self._named(session.tenant_id, ids, await repository.rows_of(connection, ids))
        return schemas.ContactPage(items=rows, next=str(ids[-1]) if len(ids) == limit else None)

    async def page_of(
        self, tenant_id: str, contact_ids: list[int], following: str | None
    ) -> schemas.ContactPage:
        """A page of given contacts (those behind a figure)."""
        return schemas.ContactPage(items=await self.rows(tenant_id, contact_ids), next=following)

    async def rows(self, tenant_id: str, contact_ids: list[int]) -> list[schemas.ContactRow]:
        """The lines of these contacts, in their order."""
        await self._catch_up(tenant_id)
        async with self._db.tenant(tenant_id) as connection:
            found = await repository.rows_of(connection, contact_ids)
        return self._named(tenant_id, contact_ids, found)

    def _named(
        self, tenant_id: str, contact_ids: list[int], found: Mapping[int, IndexRow]
    ) -> list[schemas.ContactRow]:
        config = self._switchboard.config(tenant_id)
        return [row_of(found[contact_id], config) for contact_id in contact_ids if contact_id in found]

    async def detail(self, session: Session, contact_id: int) -> schemas.ContactDetail:
        recorded = await self._readable(session, contact_id)
        config = self._switchboard.config(session.tenant_id)
        rows = await self.rows(session.tenant_id, [contact_id])
        if not rows:
            raise ContactNotFound
        legs = [leg_of(leg, config) for leg in legs_of(recorded)]
        return schemas.ContactDetail(contact=rows[0], legs=legs)

    async def facts(self, session: Session, contact_id: int) -> schemas.Facts:
        recorded = await self._readable(session, contact_id)
        return schemas.Facts(items=[_fact_row(each) for each in recorded])

    async def why(self, session: Session, contact_id: int) -> schemas.Why:
        recorded = await self._readable(session, contact_id)
        config = self._switchboard.config(session.tenant_id)
        return await self._reasons.of_contact(session.tenant_id, recorded, config)

    async def _readable(self, session: Session, contact_id: int) -> list[Recorded]:
        recorded = await self._history.of_contact(session.tenant_id, contact_id)
        if not recorded or not (session.may(Permission.CONTACTS_READ) or self._is_his(session, recorded)):
            raise ContactNotFound
        return recorded

    def _is_his(self, session: Session, recorded: Sequence[Recorded]) -> bool:
        """An agent may open what was his or was offered to him, and what was written to his Spaces: as search finds it."""
        agent_id = session.agent_id or "-"
        if any(getattr(each.fact, "agent_id", "") == agent_id for each in recorded):
            return True
        profile = self._switchboard.config(session.tenant_id).agents.get(agent_id)
        spaces = profile.space_ids if profile else ()
        return any(
            isinstance(each.fact, ContactArrived)
            and each.fact.channel is not Channel.VOICE
            and each.fact.space_id in spaces
            for each in recorded
        )


def _fact_row(each: Recorded) -> schemas.FactRow:
    return schemas.FactRow(
        seq=each.seq,
        ordinal=each.ordinal,
        at=each.at,
        kind=wire_name(type(each.fact)),
        body=msgspec.to_builtins(each.fact),
    )
