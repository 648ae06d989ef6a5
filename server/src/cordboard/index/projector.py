"""Keeps the list of contacts and the search true to the facts, soon after each commit and after any crash.

`run` is the one task: woken by committed batches, and every two seconds besides. `catch_up` brings one tenant's projection to the
journal's end; who reads calls it first, so that what was just done is seen. Several servers may do it at once: the cursor's row
is locked for the length of a page.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

import msgspec
import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

from cordboard.core.facts import Recorded
from cordboard.db.database import OUTAGES, Connection, Database
from cordboard.index import tables
from cordboard.index.fold import HANDLED, INDEX_VERSION, IndexRow, fold_all
from cordboard.index.texts import SPOKEN, Found, Text, texts_of, texts_of_mail
from cordboard.runtime.codec import Codec, wire_name
from cordboard.runtime.ports import Batch

log = structlog.get_logger()

PAGE = 2_000  # facts
PAUSE_SECONDS = 0.15  # between two rounds, so that a busy centre is projected in gulps
EVERY_SECONDS = 2.0
FORGOTTEN_AT_ONCE = 500
_KINDS = [wire_name(kind) for kind in {*HANDLED, *SPOKEN}]


@dataclass(frozen=True, slots=True)
class Change:
    """A row as it was and as it is; `before` None for a new one."""

    before: IndexRow | None
    after: IndexRow


OnChanges = Callable[[str, Sequence[Change]], None]
LanguageOf = Callable[[str], str]
"""A tenant's own language, for texts that say none."""


@dataclass(frozen=True, slots=True)
class _Page:
    """Some facts, projected. `end`: the journal's end, when it was the last page; else 0."""

    changes: Sequence[Change]
    end: int


class IndexMeasures:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.lag = Gauge(
            "cordboard_index_lag_events", "Journal events that the list does not show yet.", registry=registry
        )
        self.facts = Counter("cordboard_index_facts", "Facts taken into the list.", registry=registry)


class Projector:
    def __init__(
        self,
        database: Database,
        codec: Codec,
        tenant_ids: Callable[[], Sequence[str]],
        language_of: LanguageOf,
        measures: IndexMeasures,
    ) -> None:
        self._database = database
        self._codec = codec
        self._tenant_ids = tenant_ids
        self._language_of = language_of
        self._measures = measures
        self._listeners: list[OnChanges] = []
        self._wake = asyncio.Event()
        self._woken: set[str] = set()  # tenants of batches since the last round; none: a look at all
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def on_changes(self, listener: OnChanges) -> None:
        """`listener` hears of the rows that have changed, after their commit."""
        self._listeners.append(listener)

    def on_batch(self, batch: Batch) -> None:
        if batch.recorded:
            self._woken.add(batch.tenant_id)
            self._wake.set()

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), EVERY_SECONDS)
            woken, self._woken = self._woken or set(self._tenant_ids()), set()
            self._wake.clear()
            for tenant_id in sorted(woken):
                try:
                    await self.catch_up(tenant_id)
                except OUTAGES as error:
                    self._woken.add(tenant_id)
                    log.warning("index_waits_for_database", tenant=tenant_id, error=type(error).__name__)
                except Exception:
                    log.exception("index_failed", tenant=tenant_id)
            await asyncio.sleep(PAUSE_SECONDS)

    async def catch_up(self, tenant_id: str) -> int:
        """Brings the tenant's rows to where the journal ends at this moment, and returns that end."""
        async with self._locks[tenant_id]:
            while True:
                async with self._database.tenant(tenant_id) as connection:
                    found = await connection.fetchrow(tables.BEHIND, tables.NAME, INDEX_VERSION)
                    if found is None or not found["behind"]:
                        self._measures.lag.set(0)
                        return 0 if found is None else int(found["last_seq"])
                    self._measures.lag.set(found["last_seq"] - found["projected_seq"])
                    page = await self._page(connection, tenant_id)
                if page.changes:
                    for listener in self._listeners:
                        listener(tenant_id, page.changes)
                if page.end:
                    self._measures.lag.set(0)
                    return page.end

    async def _page(self, connection: Connection, tenant_id: str) -> "_Page":
        cursor = await connection.fetchrow(tables.CLAIM, tables.NAME)
        if cursor is None:
            await connection.execute(tables.BEGIN_PROJECTION, tables.NAME, INDEX_VERSION)
            cursor = await connection.fetchrow(tables.CLAIM, tables.NAME)
        assert cursor is not None
        seq, ordinal = cursor["projected_seq"], cursor["projected_ordinal"]
        if cursor["version"] != INDEX_VERSION:
            log.info("index_made_anew", tenant=tenant_id, version=INDEX_VERSION)
            await _forget(connection)
            seq, ordinal = 0, 0
        last = int(await connection.fetchval(tables.LAST_SEQ))
        read = await connection.fetch(tables.FACTS, seq, ordinal, last, _KINDS, PAGE)
        recorded = [
            Recorded(row["seq"], row["ordinal"], row["at"], self._codec.read_fact(row["kind"], row["body"]))
            for row in read
        ]
        changes = await self._project(connection, tenant_id, recorded)
        full = len(read) == PAGE
        seq, ordinal = (read[-1]["seq"], read[-1]["ordinal"]) if full else (last, tables.WHOLE)
        await connection.execute(tables.ADVANCE, tables.NAME, INDEX_VERSION, seq, ordinal)
        self._measures.facts.inc(len(read))
        return _Page(changes, 0 if full else last)

    async def _project(
        self, connection: Connection, tenant_id: str, recorded: Sequence[Recorded]
    ) -> list[Change]:
        if not recorded:
            return []
        ids = sorted({getattr(each.fact, "contact_id", 0) for each in recorded} - {0})
        before = {
            row["contact_id"]: IndexRow(**dict(row.items()))
            for row in await connection.fetch(tables.ROWS, ids)
        }
        after = fold_all(before, recorded)
        if after:
            await put_rows(connection, before, after)
        known = {**before, **after}
        await self._put_texts(connection, tenant_id, texts_of(recorded), known)
        moved = [
            each for each, row in before.items() if each in after and after[each].queue_id != row.queue_id
        ]
        if moved:
            await connection.execute(tables.REFRESH, moved)
        return [Change(before.get(contact_id), row) for contact_id, row in after.items()]

    async def _put_texts(
        self, connection: Connection, tenant_id: str, found: Found, rows: dict[int, IndexRow]
    ) -> None:
        texts = list(found.texts)
        if found.mails:
            contact_of = {mail_id: contact_id for contact_id, mail_id in found.mails}
            for row in await connection.fetch(tables.MAILS, list(contact_of)):
                read = {
                    **dict(row.items()),
                    "recipients": msgspec.json.decode(row["recipients"]),
                    "attachments": msgspec.json.decode(row["attachments"]),
                }
                texts += texts_of_mail(contact_of[row["id"]], read)
        texts = [text for text in texts if text.contact_id in rows]
        if texts:
            own = self._language_of(tenant_id)
            await put_texts(
                connection, texts, lambda text: text.language or rows[text.contact_id].language or own
            )


async def put_rows(connection: Connection, before: dict[int, IndexRow], after: dict[int, IndexRow]) -> None:
    await connection.execute(tables.PUT_ROWS, msgspec.json.encode(list(after.values())).decode())
    new = [
        (agent_id, contact_id)
        for contact_id, row in after.items()
        for agent_id in row.agent_ids
        if contact_id not in before or agent_id not in before[contact_id].agent_ids
    ]
    if new:
        agents, contacts = zip(*new, strict=True)
        await connection.execute(tables.PUT_AGENTS, list(agents), list(contacts))


async def put_texts(
    connection: Connection, texts: Iterable[Text], language_of: Callable[[Text], str]
) -> None:
    """Stores texts and makes the vectors of their contacts anew."""
    rows = {(text.contact_id, text.source, text.key): text for text in texts}
    body = [
        {**{field.name: getattr(text, field.name) for field in fields(text)}, "language": language_of(text)}
        for text in rows.values()
    ]
    await connection.execute(tables.PUT_TEXTS, msgspec.json.encode(body).decode())
    await connection.execute(tables.REFRESH, sorted({text.contact_id for text in rows.values()}))


async def _forget(connection: Connection) -> None:
    for statement in (
        tables.FORGET_WORDS,
        tables.FORGET_TEXTS,
        tables.FORGET_AGENTS,
        tables.FORGET_INDEX,
    ):
        await connection.execute(statement)


async def forget_all(database: Database, tenant_id: str) -> None:
    """Lets the projection of a tenant begin anew: the next `catch_up` makes it from all facts."""
    async with database.tenant(tenant_id) as connection:
        await connection.fetchrow(tables.CLAIM, tables.NAME)
        await _forget(connection)
        await connection.execute(tables.FORGET_CURSOR, tables.NAME)


async def erase(database: Database, tenant_id: str, contact_ids: Sequence[int]) -> None:
    """Nothing of these contacts says any more who it was or what was said (erasure of a person).

    The facts and mails are erased by whom they belong to: as long as they are there, `cordboard reindex` brings all back.
    """
    async with database.tenant(tenant_id) as connection:
        await connection.execute(tables.ERASE_TEXTS, list(contact_ids))
        await connection.execute(tables.ERASE_WORDS, list(contact_ids))
        await connection.execute(tables.ERASE_ROWS, list(contact_ids))


async def drop_older(database: Database, tenant_id: str, now: datetime, keep: timedelta) -> int:
    """Texts older than `keep` are no longer online; how many contacts lost some."""
    contacts = 0
    while True:
        async with database.tenant(tenant_id) as connection:
            rows = await connection.fetch(tables.OLD_TEXTS, now - keep, FORGOTTEN_AT_ONCE)
            if not rows:
                return contacts
            ids = [row["contact_id"] for row in rows]
            await connection.execute(tables.DROP_OLD, now - keep, ids)
            await connection.execute(tables.REFRESH, ids)
            contacts += len(ids)
