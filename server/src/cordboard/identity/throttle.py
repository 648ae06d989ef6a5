"""How wrong passwords are slowed down: by login and by address, in the database, so that a restart forgives nothing.

After `FREE_TRIES` failures within `WINDOW` a login is locked for a minute, then two, four … up to `LONGEST`; an address after
`FREE_TRIES_OF_ADDRESS`. Unknown logins are counted like known ones, so that the answer does not tell them apart.
Keys are hashes: what people type into the login field by mistake may be a password.
"""

import hashlib
from datetime import datetime, timedelta

from cordboard.db.database import Connection
from cordboard.identity import tables

FREE_TRIES = 5
FREE_TRIES_OF_ADDRESS = 50
WINDOW = timedelta(minutes=15)
SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(minutes=15)


def key_of_login(login: str) -> bytes:
    return hashlib.sha256(b"login:" + login.lower().encode()).digest()


def key_of_address(address: str) -> bytes:
    return hashlib.sha256(b"address:" + address.encode()).digest()


def lock_after(failures: int, free: int) -> timedelta | None:
    """How long is locked after this many failures."""
    if failures < free:
        return None
    doubled: timedelta = SHORTEST * 2 ** min(failures - free, 10)
    return min(LONGEST, doubled)


async def locked_for(connection: Connection, login: str, address: str, now: datetime) -> timedelta | None:
    until = await connection.fetchval(tables.FIND_THROTTLE, [key_of_login(login), key_of_address(address)])
    return until - now if until is not None and until > now else None


async def count_failure(connection: Connection, login: str, address: str, now: datetime) -> timedelta | None:
    """Counts a wrong password; how long the login is locked now, if it is."""
    longest: timedelta | None = None
    for key, free in ((key_of_login(login), FREE_TRIES), (key_of_address(address), FREE_TRIES_OF_ADDRESS)):
        failures = await connection.fetchval(tables.COUNT_FAILURE, key, now, now - WINDOW)
        lock = lock_after(failures, free)
        if lock is not None:
            await connection.execute(tables.LOCK, key, now + lock)
            longest = max(lock, longest or lock)
    return longest


async def forget_failures(connection: Connection, login: str) -> None:
    await connection.execute(tables.FORGET_FAILURES, key_of_login(login))
