"""Turns away addresses that keep failing to prove who they are.

Asterisk itself answers unknown names and wrong passwords alike, refuses calls from peers that are not configured, and says
so in its security log; it does not count. This reads that log once a second, counts failures by address, and asks for a
block (`endpoints.block`) that is lifted after a while. A name that exists is still asked for its password even from a
blocked address: passwords are random and long, and a whole office may share one address.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import structlog

from cordboard.errors import Unavailable

log = structlog.get_logger(__name__)

FAILURES = 20
WITHIN = timedelta(minutes=1)
BLOCKED_FOR = timedelta(minutes=15)
LARGEST_LOG_BYTES = 8 * 1024 * 1024
EXEMPT = frozenset({"127.0.0.1", "::1"})
"""Our own web server relays the browsers' SIP from here."""

_FAILED = re.compile(
    r'SecurityEvent="(?:InvalidPassword|InvalidAccountID|ChallengeResponseFailed|FailedACL)"'
    r'.*?RemoteAddress="IPV[46]/[A-Z]+/([^/"]+)/'
)


@dataclass(slots=True)
class Counts:
    """Failures of each address. Pure: instants (seconds of a monotonic clock) are arguments."""

    exempt: frozenset[str] = EXEMPT
    failures: dict[str, list[float]] = field(default_factory=dict)
    blocked: dict[str, float] = field(default_factory=dict)  # until

    def failed(self, address: str, now: float) -> bool:
        """Counts a failure; True if the address is to be blocked now."""
        if address in self.exempt or address in self.blocked:
            return False
        recent = [at for at in self.failures.get(address, ()) if at > now - WITHIN.total_seconds()]
        recent.append(now)
        self.failures[address] = recent
        if len(recent) < FAILURES:
            return False
        del self.failures[address]
        self.blocked[address] = now + BLOCKED_FOR.total_seconds()
        return True

    def over(self, now: float) -> list[str]:
        """Addresses whose block is over."""
        over = [address for address, until in self.blocked.items() if until <= now]
        for address in over:
            del self.blocked[address]
        old = now - WITHIN.total_seconds()
        self.failures = {address: at for address, at in self.failures.items() if at[-1] > old}
        return over


def failed_addresses(lines: Iterable[str]) -> list[str]:
    """The addresses in the lines of the security log that tell of a failure, one for each failure."""
    return [match[1] for line in lines if (match := _FAILED.search(line)) is not None]


class Guard:
    """Reads the log, blocks and unblocks. Without a log file (Asterisk elsewhere) it does nothing."""

    def __init__(
        self,
        log_file: Path | None,
        block: Callable[[str], Awaitable[None]],
        unblock: Callable[[str], Awaitable[None]],
        exempt: frozenset[str] = EXEMPT,
    ) -> None:
        self._log_file = log_file
        self._block = block
        self._unblock = unblock
        self._counts = Counts(exempt)
        self._offset: int | None = None

    @property
    def blocked(self) -> list[str]:
        return list(self._counts.blocked)

    async def run(self) -> None:
        """Runs until cancelled."""
        while True:
            await asyncio.sleep(1)
            now = asyncio.get_running_loop().time()
            try:
                for address in failed_addresses(self._news()):
                    if self._counts.failed(address, now):
                        log.warning("address_blocked", address=address)
                        await self._block(address)
                for address in self._counts.over(now):
                    await self._unblock(address)
            except (OSError, Unavailable) as error:
                log.warning("guard_failed", error=type(error).__name__)

    async def again(self) -> None:
        """Asterisk has forgotten the blocks: they are said again."""
        for address in self._counts.blocked:
            await self._block(address)

    def _news(self) -> list[str]:
        """What was written since the last look. A long log is emptied; Asterisk appends, so it goes on from there."""
        if self._log_file is None or not self._log_file.is_file():
            return []
        size = self._log_file.stat().st_size
        if self._offset is None or size < self._offset:
            self._offset = size if self._offset is None else 0
        with self._log_file.open("rb") as file:
            file.seek(self._offset)
            data = file.read()
        whole, _, rest = data.rpartition(b"\n")
        self._offset += len(data) - len(rest)
        if self._offset > LARGEST_LOG_BYTES:
            with self._log_file.open("r+b") as file:
                file.truncate(0)
            self._offset = 0
        return whole.decode(errors="replace").splitlines()
