"""The list of work as queries: conditions put together, a page, how many there are."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cordboard.db.database import Connection
from cordboard.index.conditions import Conditions
from cordboard.index.fold import IndexRow
from cordboard.index.items import Scope
from cordboard.work import tables

COUNTED = 1_000
"""Up to here totals are exact."""


@dataclass(frozen=True, slots=True)
class ViewRow:
    id: str
    person_id: str
    space_id: str
    name: str
    filters: str
    version: int


class Narrowed(Conditions):
    """The open contacts, or the closed ones, narrowed."""

    def __init__(self, *, closed: bool = False) -> None:
        super().__init__(tables.ENDED if closed else tables.OPEN)
        self.closed = closed

    def within(self, scope: Scope) -> None:
        if scope.everything:
            return
        if self.closed:
            agent, spaces = self.value(scope.agent_id), self.value(list(scope.space_ids))
            self.say(tables.HIS_OR_OF_HIS_SPACES.format(agent=agent, spaces=spaces))
        else:
            self.say(
                tables.OWN_OR_FOR_HIM.format(
                    agent=self.value(scope.agent_id),
                    queues=self.value(list(scope.queue_ids)),
                    channels=self.value(list(scope.channels)),
                    spaces=self.value(list(scope.space_ids)),
                    skills=self.value(list(scope.skills)),
                )
            )

    def after(self, sort: str, value: object, contact_id: int) -> None:
        """What comes after this row in the order `sort`."""
        _, following = tables.SORTS[sort]
        own = f"{self.value(value)}::text::{tables.CURSOR_TYPES[sort]}" if sort in tables.CURSOR_TYPES else ""
        self.say(following.format(own, self.value(contact_id)))


async def page(connection: Connection, conditions: Narrowed, sort: str, limit: int) -> list[IndexRow]:
    order, _ = tables.SORTS[sort]
    query = f"{tables.LIST}{conditions.where} ORDER BY {order} LIMIT {int(limit)}"  # fragments are constants
    rows = await connection.fetch(query, *conditions.values)
    return [IndexRow(**dict(row.items())) for row in rows]


async def some(connection: Connection, conditions: Narrowed) -> list[int]:
    """Up to `COUNTED` + 1 of the contacts, in no order."""
    query = tables.SOME.format(where=conditions.where, limit=COUNTED + 1)
    return [row["contact_id"] for row in await connection.fetch(query, *conditions.values)]


async def estimate(connection: Connection, conditions: Narrowed) -> int:
    """PostgreSQL's own idea of how many there are, and more than `COUNTED`."""
    plan = await connection.fetchval(tables.ESTIMATE.format(where=conditions.where), *conditions.values)
    return max(COUNTED + 1, int(json.loads(plan)[0]["Plan"]["Plan Rows"]))


async def count(connection: Connection, conditions: Narrowed) -> tuple[int, bool]:
    """How many, and whether that is exact: above `COUNTED` it is an estimate."""
    found = len(await some(connection, conditions))
    if found <= COUNTED:
        return found, True
    return await estimate(connection, conditions), False


def cursor_of(row: IndexRow, sort: str) -> str:
    """Where the next page begins: the row's value in the order, and its contact."""
    match sort:
        case "due":
            value = _instant(row.due_at) if row.due_at is not None else "infinity"
        case "last_mail":
            value = _instant(row.last_mail_at or row.arrived_at)
        case "ended":
            value = _instant(row.ended_at or row.arrived_at)
        case "priority":
            value = str(row.priority)
        case _:
            value = ""
    return f"{value}~{row.contact_id}"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


async def views(connection: Connection, person_id: str, spaces: Sequence[str] | None) -> list[ViewRow]:
    """The person's own, and those shared in these Spaces (None: in all)."""
    rows = await connection.fetch(tables.VIEWS, person_id, None if spaces is None else list(spaces))
    return [ViewRow(**dict(row.items())) for row in rows]


async def find_view(connection: Connection, view_id: str) -> ViewRow | None:
    row = await connection.fetchrow(tables.FIND_VIEW, view_id)
    return None if row is None else ViewRow(**dict(row.items()))
