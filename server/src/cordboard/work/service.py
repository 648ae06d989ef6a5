"""Lists of work and saved views. Who sees what: `index.items`."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from cordboard.db.database import Connection, Database
from cordboard.errors import Refused
from cordboard.identity.access import require
from cordboard.identity.rights import Permission, Session
from cordboard.index.fold import IndexRow
from cordboard.index.items import EVERYTHING, Scope, item_of, scope_of
from cordboard.index.search import Search, Within
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.clock import Clock
from cordboard.work import repository, schemas, tables
from cordboard.work.repository import Narrowed

MOST_FOUND = 1_000
"""Contacts that a text narrows a list to."""


class ViewNotFound(Refused):
    """There is no such view any more."""

    code = "not_found"
    status = 404


class BadCursor(Refused):
    """This page can not be found any more. Load the list again."""

    code = "bad_cursor"
    status = 422


class WorkService:
    """`catch_up`: brings the list to the journal's end, and gives that end."""

    def __init__(
        self,
        db: Database,
        switchboard: Switchboard,
        search: Search,
        catch_up: Callable[[str], Awaitable[int]],
        clock: Clock,
    ) -> None:
        self._db = db
        self._switchboard = switchboard
        self._search = search
        self._catch_up = catch_up
        self._clock = clock

    async def page(
        self, session: Session, filters: schemas.Filters, cursor: str, limit: int
    ) -> schemas.WorkPage:
        config = self._switchboard.config(session.tenant_id)
        as_of = await self._catch_up(session.tenant_id)
        async with self._db.tenant(session.tenant_id) as connection:
            conditions = await self._conditions(connection, session, filters)
            rows, total, exact = await _counted_page(connection, conditions, filters.order, cursor, limit)
        return schemas.WorkPage(
            items=[item_of(row, config) for row in rows],
            next=repository.cursor_of(rows[-1], filters.order) if len(rows) == limit else None,
            total=total,
            total_is="exact" if exact else "estimate",
            as_of=as_of,
            now=self._clock.now(),
        )

    async def views(self, session: Session) -> schemas.Views:
        """With how many contacts each has now."""
        await self._catch_up(session.tenant_id)
        async with self._db.tenant(session.tenant_id) as connection:
            rows = await repository.views(connection, session.person_id, self._spaces(session))
            items = [await self._view(connection, session, row) for row in rows]
        return schemas.Views(items=items)

    async def put_view(self, session: Session, view_id: str, wanted: schemas.ViewWanted) -> schemas.View:
        """Makes or changes a view. To share one with a Space takes the right to read all contacts."""
        if wanted.space_id:
            require(session, Permission.CONTACTS_READ, "share a view")
        now = self._clock.now()
        await self._catch_up(session.tenant_id)
        async with self._db.tenant(session.tenant_id) as connection:
            present = await repository.find_view(connection, view_id)
            if present is not None and not _may_change(session, present):
                raise ViewNotFound
            await connection.execute(
                tables.PUT_VIEW,
                view_id,
                session.person_id,
                wanted.space_id,
                wanted.name,
                wanted.filters.model_dump_json(),
                now,
            )
            stored = await repository.find_view(connection, view_id)
            assert stored is not None
            return await self._view(connection, session, stored)

    async def delete_view(self, session: Session, view_id: str) -> None:
        async with self._db.tenant(session.tenant_id) as connection:
            present = await repository.find_view(connection, view_id)
            if present is None or not _may_change(session, present):
                raise ViewNotFound
            await connection.execute(tables.DELETE_VIEW, view_id)

    def scope(self, session: Session) -> Scope:
        if session.may(Permission.CONTACTS_READ):
            return EVERYTHING
        return scope_of(self._switchboard.config(session.tenant_id), session.agent_id or "-")

    def _spaces(self, session: Session) -> tuple[str, ...] | None:
        return None if session.may(Permission.CONTACTS_READ) else self.scope(session).space_ids

    async def _view(self, connection: Connection, session: Session, row: repository.ViewRow) -> schemas.View:
        filters = schemas.Filters.model_validate_json(row.filters)
        conditions = await self._conditions(connection, session, filters)
        number, exact = await repository.count(connection, conditions)
        return schemas.View(
            id=row.id,
            name=row.name,
            space_id=row.space_id,
            mine=_may_change(session, row),
            filters=filters,
            count=number,
            count_is="exact" if exact else "estimate",
        )

    async def _conditions(
        self, connection: Connection, session: Session, filters: schemas.Filters
    ) -> Narrowed:
        now = self._clock.now()
        conditions = Narrowed(closed=filters.closed)
        scope = self.scope(session)
        conditions.within(scope)
        for name in ("channel", "queue", "space", "entry_point", "agent", "tag", "language"):
            if wanted := getattr(filters, name):
                conditions.add(tables.CONDITIONS[name], wanted)
        if filters.mine:
            conditions.add(tables.CONDITIONS["agent"], session.agent_id or "-")
        if filters.closed:
            conditions.add(tables.CONDITIONS["ended_since"], now - timedelta(days=filters.days))
        else:
            self._open_conditions(conditions, filters, now)
        if filters.q.strip():
            within = Within(state="closed" if filters.closed else "open", channel=filters.channel)
            found = await self._search.ids(connection, filters.q, within, now, MOST_FOUND)
            conditions.add(tables.CONDITIONS["ids"], found)
        return conditions

    def _open_conditions(self, conditions: Narrowed, filters: schemas.Filters, now: datetime) -> None:
        if filters.states:
            conditions.add(tables.CONDITIONS["states"], filters.states)
        if filters.late:
            conditions.add(tables.CONDITIONS["late"], now)


async def _counted_page(
    connection: Connection, conditions: Narrowed, sort: str, cursor: str, limit: int
) -> tuple[list[IndexRow], int, bool]:
    """Few contacts are sorted by themselves; of many the order's index gives the page, which is full before long."""
    value, _, contact_id = cursor.rpartition("~")
    if cursor and not _is_cursor(sort, value, contact_id):
        raise BadCursor
    found = await repository.some(connection, conditions)
    exact = len(found) <= repository.COUNTED
    total = len(found) if exact else await repository.estimate(connection, conditions)
    if exact:
        conditions = Narrowed(closed=conditions.closed)
        conditions.add(tables.CONDITIONS["ids"], found)
    if cursor:
        conditions.after(sort, value, int(contact_id))
    return await repository.page(connection, conditions, sort, limit), total, exact


def _may_change(session: Session, row: repository.ViewRow) -> bool:
    if row.space_id:
        return session.may(Permission.CONTACTS_READ)
    return row.person_id == session.person_id


def _is_cursor(sort: str, value: str, contact_id: str) -> bool:
    if not contact_id.isdecimal() or len(contact_id) > 18:
        return False
    if sort == "priority":
        return value.lstrip("-").isdecimal() and len(value) < 10
    return value == "infinity" or _is_instant(value) if sort in tables.CURSOR_TYPES else value == ""


def _is_instant(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
