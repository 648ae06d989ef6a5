"""Asking the search: what was typed becomes a query, the database's own function finds contacts, newest weeks first.

A *chapter* is what one call of that function finds: from a week back, slice by slice, until there is enough to be ranked. Within
a chapter the best comes first; the next chapter is older. So a word that half of all contacts have costs no more than a rare one.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import msgspec

from cordboard.db.database import Connection
from cordboard.index.terms import Term, read_query

QUERY = "SELECT search_query($1::text::jsonb, $2::text[])::text AS query"
FOUND = """
SELECT contact_id, score, week FROM search_contacts($1::text::tsquery, $2, $3, $4, $5, $6, $7::text[], $8, $9, $10, $11, $12, $13)
"""
LANGUAGES = ("en", "fr", "de", "es")
ENOUGH = 300  # candidates of a chapter
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
END = datetime(2200, 1, 1, tzinfo=UTC)
_WEEK = 604_800


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
    week: int  # where its slice began


def week_of(at: datetime) -> int:
    return int(at.timestamp() // _WEEK)


class Search:
    """Stateless; give it a connection of the tenant."""

    def __init__(self, languages: Sequence[str] = LANGUAGES, keep_weeks: int = 106) -> None:
        self._languages = list(languages)
        self._keep_weeks = keep_weeks

    async def query(self, connection: Connection, typed: str) -> str:
        """What was typed as PostgreSQL's own query; "" when nothing in it can be searched for."""
        terms: list[Term] = read_query(typed)
        if not terms:
            return ""
        body = msgspec.json.encode([asdict(term) for term in terms]).decode()
        return str(await connection.fetchval(QUERY, body, self._languages))

    async def chapter(
        self,
        connection: Connection,
        query: str,
        within: Within,
        now: datetime,
        week: int | None = None,
        enough: int = ENOUGH,
    ) -> list[Hit]:
        """From `week` back (default: the present one): the hits of the slices that were needed, best first."""
        newest = week_of(now) + 1 if week is None else week
        oldest = datetime.fromtimestamp(max(0, week_of(now) - self._keep_weeks) * _WEEK, UTC)
        rows = await connection.fetch(
            FOUND,
            query,
            within.channel,
            within.agent,
            within.queue,
            within.reason,
            within.state,
            None if within.spaces is None else list(within.spaces),
            within.own,
            max(within.since, oldest),
            within.until,
            now,
            newest,
            enough,
        )
        hits = [Hit(row["contact_id"], row["score"], row["week"]) for row in rows]
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
