"""What was said of each blob, and who may have it. The same bytes are looked at once, whoever sent them.

A blob is `clean`, `infected` or `failed` (it is tried again when somebody wants it), "" until it was looked at. Where no scanner is
set everything is let out, and nothing is remembered.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

import structlog

from cordboard.blobs.store import BlobStore
from cordboard.db.database import OUTAGES, Connection, Database
from cordboard.errors import Refused
from cordboard.runtime.clock import Clock
from cordboard.scanning.scanners import ScanFailed, Scanner

log = structlog.get_logger(__name__)

AT_ONCE = 2
EVERY_SECONDS = 2.0
BATCH = 20

_FIND = "SELECT scan, scan_detail FROM blob WHERE hash = $1"
_STATES = "SELECT hash, scan FROM blob WHERE hash = ANY($1::text[])"
_SAVE = "UPDATE blob SET scan = $2, scan_detail = $3, scanned_at = $4 WHERE hash = $1"
_NEXT = """
SELECT hash FROM blob WHERE scan = '' AND media_type <> 'message/rfc822' ORDER BY stored_at LIMIT $1
"""


class Verdict(StrEnum):
    CLEAN = "clean"
    INFECTED = "infected"
    FAILED = "failed"


class FileInfected(Refused):
    """The file was refused by the scan for harmful content."""

    code = "file_infected"
    status = 422


class FileNotChecked(Refused):
    """The file could not be checked for harmful content, so it stays closed. Try again in a few minutes."""

    code = "file_not_checked"
    status = 503


class Verdicts:
    """One for each process. `failing_open`: what could not be looked at is let out all the same."""

    def __init__(
        self,
        database: Database,
        store: BlobStore,
        clock: Clock,
        scanner: Scanner | None = None,
        *,
        failing_open: bool = False,
    ) -> None:
        self._database = database
        self.store = store
        self._clock = clock
        self._scanner = scanner
        self._failing_open = failing_open
        self._turn = asyncio.Semaphore(AT_ONCE)

    @property
    def enabled(self) -> bool:
        return self._scanner is not None

    async def require(self, tenant_id: str, hash_: str) -> None:
        """Returns when it may be let out; raises FileInfected, FileNotChecked."""
        if self._scanner is None:
            return
        async with self._database.tenant(tenant_id) as connection:
            row = await connection.fetchrow(_FIND, hash_)
        known = (Verdict(row["scan"]), row["scan_detail"]) if row is not None and row["scan"] else None
        if known is None or known[0] is Verdict.FAILED:
            known = await self.look(tenant_id, hash_)
        self._judge(*known)

    async def look(self, tenant_id: str, hash_: str) -> tuple[Verdict, str]:
        """Scans it now, and remembers what was said where it has a row."""
        assert self._scanner is not None
        try:
            async with self._turn:
                found = await self._scanner.scan(self.store.path(tenant_id, hash_))
            verdict, detail = (Verdict.INFECTED, found) if found else (Verdict.CLEAN, "")
        except ScanFailed as error:
            verdict, detail = Verdict.FAILED, str(error)
        except OSError as error:
            verdict, detail = Verdict.FAILED, f"can not be read ({error.strerror})"
        if verdict is not Verdict.CLEAN:
            log.warning(
                "file_not_clean", tenant=tenant_id, file=hash_[:12], verdict=verdict.value, detail=detail
            )
        async with self._database.tenant(tenant_id) as connection:
            await save(connection, hash_, verdict, detail, self._clock.now())
        return verdict, detail

    def _judge(self, verdict: Verdict, detail: str) -> None:
        if verdict is Verdict.INFECTED:
            raise FileInfected(found=detail)
        if verdict is Verdict.FAILED and not self._failing_open:
            raise FileNotChecked

    async def states(self, tenant_id: str, hashes: Sequence[str]) -> dict[str, str]:
        """Hash -> scanning | clean | infected | failed; nothing where no scanner is set."""
        if self._scanner is None or not hashes:
            return {}
        async with self._database.tenant(tenant_id) as connection:
            rows = await connection.fetch(_STATES, list(set(hashes)))
        return {row["hash"]: row["scan"] or "scanning" for row in rows}

    # -- ahead of who asks

    async def run(self, tenant_ids: Callable[[], Sequence[str]]) -> None:
        """Looks at what has come in, until it is cancelled. Ends at once where no scanner is set."""
        while self._scanner is not None:
            for tenant_id in tenant_ids():
                try:
                    await self.look_ahead(tenant_id)
                except OUTAGES as error:
                    log.warning("scan_later", tenant=tenant_id, error=type(error).__name__)
            await asyncio.sleep(EVERY_SECONDS)

    async def look_ahead(self, tenant_id: str) -> int:
        """A few of those that nobody has looked at; how many they were."""
        async with self._database.tenant(tenant_id) as connection:
            hashes = [row["hash"] for row in await connection.fetch(_NEXT, BATCH)]
        for hash_ in hashes:
            await self.look(tenant_id, hash_)
        return len(hashes)


async def save(connection: Connection, hash_: str, verdict: Verdict, detail: str, now: datetime) -> None:
    await connection.execute(_SAVE, hash_, verdict.value, detail, now)
