"""The connection test of a server that is not configured yet: what was typed is tried, and neither kept nor logged.

It makes this machine connect to where somebody says, so it is guarded against being a port scanner: administrators only, few tries,
one at a time for each customer, ports of mail only (or unprivileged ones), nothing within our own network unless the provider allows
it, a short patience, and never the words of who answers without being a mail server.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from cordboard.core.config import MailServer
from cordboard.core.words import MailProtocol
from cordboard.identity.rights import Session
from cordboard.mail import schemas
from cordboard.mail.errors import NothingToTry, PortNotForMail, TooManyTests
from cordboard.runtime.clock import Clock

IN_A_MINUTE = 6
IN_AN_HOUR = 60
PATIENCE_SECONDS = 45.0
PORTS = {25, 110, 143, 465, 587, 993, 995}
FIRST_UNPRIVILEGED = 1024

TryServer = Callable[[MailServer, str], Awaitable[Sequence[tuple[str, bool, str]]]]
"""(server, secret) → of each stage in turn: its name, whether it worked, and what is the matter."""


class NewServers:
    def __init__(self, clock: Clock, try_server: TryServer | None) -> None:
        self._clock = clock
        self._try = try_server
        self._tries: dict[str, deque[datetime]] = {}
        self._busy: set[str] = set()

    async def test(self, session: Session, typed: schemas.TypedServers) -> schemas.Tested:
        servers = [("receive", typed.receive), ("send", typed.send)]
        wanted = [(name, server) for name, server in servers if server is not None]
        if not wanted:
            raise NothingToTry
        for _, server in wanted:
            if server.port and server.port < FIRST_UNPRIVILEGED and server.port not in PORTS:
                raise PortNotForMail(port=str(server.port))
        self._count(session.tenant_id)
        self._busy.add(session.tenant_id)
        try:
            steps: list[schemas.TestStep] = []
            for name, server in wanted:
                steps += await self._one(name, server)
        finally:
            self._busy.discard(session.tenant_id)
        return schemas.Tested(steps=steps)

    async def _one(self, name: str, typed: schemas.TypedServer) -> list[schemas.TestStep]:
        receives = name == "receive"
        protocol = typed.protocol if receives else MailProtocol.SMTP
        if receives and protocol is MailProtocol.SMTP:
            raise NothingToTry
        server = MailServer(
            typed.host.lower(),
            typed.port,
            protocol,
            typed.security,
            typed.sign_in,
            typed.user,
            folder=typed.folder or "INBOX",
        )
        if self._try is None:
            return []
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                found = await self._try(server, typed.secret.get_secret_value())
        except TimeoutError:
            found = [("connect", False, f"{server.host} takes too long.")]
        return [schemas.TestStep(name=name, stage=stage, ok=ok, detail=detail) for stage, ok, detail in found]

    def _count(self, tenant_id: str) -> None:
        """Raises TooManyTests."""
        now = self._clock.now()
        tries = self._tries.setdefault(tenant_id, deque())
        while tries and now - tries[0] > timedelta(hours=1):
            tries.popleft()
        lately = sum(1 for at in tries if now - at < timedelta(minutes=1))
        if tenant_id in self._busy or lately >= IN_A_MINUTE or len(tries) >= IN_AN_HOUR:
            wait = (
                60
                if len(tries) < IN_AN_HOUR
                else int((tries[0] + timedelta(hours=1) - now).total_seconds()) + 1
            )
            raise TooManyTests(retry_after_seconds=str(wait))
        tries.append(now)
