"""Asking the search: what was typed becomes a query, the database's own function finds contacts, newest weeks first.

A *chapter* is what one call of that function finds: the newest contacts that match, enough to be ranked. Within a chapter the
best comes first; the next chapter is older. So a word that half of all contacts have costs no more than a rare one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import msgspec

from cordboard.db.database import Connection
from cordboard.index.terms import read_query

QUERY = """
SELECT search_query($1::text::jsonb, $3::text[])::text AS exact, search_query($2::text::jsonb, $3::text[])::text AS beginning,
    search_term($4::text::jsonb, $3::text[])::text AS last
"""
FOUND = """
SELECT contact_id, score, edge FROM search_contacts($1::text::tsquery, $2::text::tsquery, $3::text::tsquery, $4::text::jsonb,
    $5::text[], $6, $7, $8, $9, $10)
"""
LANGUAGES = ("en", "fr", "de", "es")
ENOUGH = 150  # candidates of a chapter
NEWEST = 2**62
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
END = datetime(2200, 1, 1, tzinfo=UTC)
FILTERS = ("channel", "agent", "queue", "reason", "state", "own")


@dataclass(frozen=True, slots=True)
class Within:
    """What a search is narrowed to. `spaces` and `own`: what somebody sees who does not see all."""

    channel: str = ""
    agent: str = ""
    queue: str = ""
    reason: str = ""
    state: str = ""  # open | closed
    since: datetime = BEGINNING
    until: datetime = END
    spaces: tuple[str, ...] | None = None
    own: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    contact_id: int
    score: float
    edge: (
        int  # the chapter's end: all from this contact on have been looked at; 0 when no older ones are left
    )


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, as PostgreSQL's own queries. `beginning`: the last word as the beginning of one, "" when it can not be."""

    exact: str
    beginning: str
    last: str

    def __bool__(self) -> bool:
        return self.exact != ""


class Search:
    """Stateless; give it a connection of the tenant."""

    def __init__(self, languages: Sequence[str] = LANGUAGES) -> None:
        self._languages = list(languages)

    async def query(self, connection: Connection, typed: str) -> Query:
        """False when nothing that was typed can be searched for."""
        terms = read_query(typed)
        if not terms:
            return Query("", "", "")
        last = terms[-1]
        whole = [*terms[:-1], replace(last, prefix=False)]
        row = await connection.fetchrow(
            QUERY, _json(whole), _json(terms) if last.prefix else "[]", self._languages, _json(whole[-1])
        )
        assert row is not None
        return Query(row["exact"], row["beginning"], row["last"])

    async def chapter(
        self,
        connection: Connection,
        query: Query,
        within: Within,
        now: datetime,
        before: int = NEWEST,
        enough: int = ENOUGH,
    ) -> list[Hit]:
        """Of the contacts before `before`: the newest `enough` that are found, best first."""
        filters = {name: getattr(within, name) for name in FILTERS}
        rows = await connection.fetch(
            FOUND,
            query.exact,
            query.beginning,
            query.last,
            _json(filters),
            None if within.spaces is None else list(within.spaces),
            within.since,
            within.until,
            now,
            before,
            enough,
        )
        hits = [Hit(row["contact_id"], row["score"], row["edge"]) for row in rows]
        return sorted(hits, key=lambda hit: (-hit.score, -hit.contact_id))

    async def ids(
        self,
        connection: Connection,
        typed: str,
        within: Within,
        now: datetime,
        enough: int,
    ) -> list[int]:
        """Contacts that are found, the newest `enough` or a few more."""
        query = await self.query(connection, typed)
        if not query:
            return []
        return [hit.contact_id for hit in await self.chapter(connection, query, within, now, enough=enough)]


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
