"""Tries an inbox's server for who sets it up: the whole way, with its secret, changing nothing."""

import asyncio
from collections.abc import Awaitable, Callable

from cordboard.channels.email.diagnosis import diagnose
from cordboard.channels.email.inboxes import Server
from cordboard.channels.email.sign_in import AccessTokens
from cordboard.core.config import MailServer
from cordboard.core.words import MailSignIn
from cordboard.runtime.clock import Clock


class ServerTrial:
    """`secret_of`: (tenant, name) → the sealed secret, "" when there is none. `locate`: where a server really is."""

    def __init__(
        self,
        secret_of: Callable[[str, str], Awaitable[str]],
        clock: Clock,
        locate: Callable[[Server], Server] = lambda server: server,
    ) -> None:
        self._secret_of = secret_of
        self._locate = locate
        self._tokens = AccessTokens(clock)

    async def test(self, tenant_id: str, server: MailServer) -> tuple[bool, str]:
        """Whether everything works; else what is the matter, and what to do about it."""
        secret = await self._secret_of(tenant_id, server.secret) if server.secret else ""
        if server.secret and not secret and server.sign_in is not MailSignIn.NONE:
            return False, f"The secret {server.secret} is not set: `cordboard secret set {server.secret}`."
        tried = Server(
            server.protocol,
            server.host,
            server.port,
            server.security,
            server.user,
            secret,
            server.sign_in if server.user else MailSignIn.NONE,
            server.folder,
            server.after,
            server.move_to,
            server.folders,
        )
        found = await asyncio.to_thread(diagnose, self._locate(tried), self._tokens)
        return found.ok, f"{found.sentence} {found.hint}".strip() or "Everything works."
