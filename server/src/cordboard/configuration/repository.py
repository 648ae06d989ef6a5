"""Published versions as rows, and which number belongs to which tenant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cordboard.db.database import Connection

_NEWEST = (
    "SELECT version, document, applied_at, applied_by, note FROM config_version ORDER BY version DESC LIMIT 1"
)
_ONE = "SELECT version, document, applied_at, applied_by, note FROM config_version WHERE version = $1"
_ALL = """
SELECT version, '' AS document, applied_at, applied_by, note FROM config_version ORDER BY version DESC LIMIT $1
"""
_NEWER = """
SELECT version, document, applied_at, applied_by, note FROM config_version WHERE version > $1 ORDER BY version DESC LIMIT 1
"""
_ADD = """
INSERT INTO config_version (tenant_id, version, document, applied_at, applied_by, note) VALUES ($1, $2, $3, $4, $5, $6)
"""
_SAVE_TENANT = """
INSERT INTO tenant (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name
"""
_OWNERS = "SELECT number, tenant_id FROM entry_point_number WHERE number = ANY($1::text[])"
_DROP_NUMBERS = "DELETE FROM entry_point_number WHERE tenant_id = $1"
_ADD_NUMBERS = """
INSERT INTO entry_point_number (number, tenant_id, entry_point_id)
SELECT number, $1, entry_point_id FROM unnest($2::text[], $3::text[]) AS n (number, entry_point_id)
"""


@dataclass(frozen=True, slots=True)
class Version:
    """A published version. `document` is "" in lists."""

    version: int
    document: str
    applied_at: datetime
    applied_by: str
    note: str


async def find_newest(connection: Connection) -> Version | None:
    row = await connection.fetchrow(_NEWEST)
    return None if row is None else Version(**dict(row.items()))


async def find_version(connection: Connection, version: int) -> Version | None:
    row = await connection.fetchrow(_ONE, version)
    return None if row is None else Version(**dict(row.items()))


async def find_newer(connection: Connection, version: int) -> Version | None:
    row = await connection.fetchrow(_NEWER, version)
    return None if row is None else Version(**dict(row.items()))


async def list_versions(connection: Connection, limit: int) -> list[Version]:
    return [Version(**dict(row.items())) for row in await connection.fetch(_ALL, limit)]


async def lock(connection: Connection, tenant_id: str) -> None:
    """Only one version is written at a time; the others wait here, until the transaction ends."""
    await connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", f"configuration {tenant_id}"
    )


async def add_version(connection: Connection, tenant_id: str, version: Version) -> None:
    await connection.execute(
        _ADD,
        tenant_id,
        version.version,
        version.document,
        version.applied_at,
        version.applied_by,
        version.note,
    )


async def save_tenant(connection: Connection, tenant_id: str, name: str) -> None:
    await connection.execute(_SAVE_TENANT, tenant_id, name)


async def numbers_of_others(connection: Connection, tenant_id: str, numbers: list[str]) -> list[str]:
    """Those of `numbers` that another tenant has."""
    rows = await connection.fetch(_OWNERS, numbers)
    return [row["number"] for row in rows if row["tenant_id"] != tenant_id]


async def save_numbers(connection: Connection, tenant_id: str, entry_point_ids: Mapping[str, str]) -> None:
    """The tenant's numbers are these: E.164 → entry point."""
    await connection.execute(_DROP_NUMBERS, tenant_id)
    await connection.execute(_ADD_NUMBERS, tenant_id, list(entry_point_ids), list(entry_point_ids.values()))
