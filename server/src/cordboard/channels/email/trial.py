"""Tries an inbox's server for who sets it up: the whole way, with its secret, changing nothing."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace

from cordboard.channels.email.diagnosis import WELL, Stage, diagnose, stages
from cordboard.channels.email.inboxes import Server
from cordboard.channels.email.sign_in import AccessTokens
from cordboard.core.config import MailServer
from cordboard.core.words import MailSignIn
from cordboard.reach import OutOfReach, Reach
from cordboard.runtime.clock import Clock


class ServerTrial:
    """`secret_of`: (tenant, name) → the sealed secret, "" when there is none. `locate`: where a server really is."""

    def __init__(
        self,
        secret_of: Callable[[str, str], Awaitable[str]],
        clock: Clock,
        locate: Callable[[Server], Server] = lambda server: server,
        reach: Reach | None = None,
    ) -> None:
        self._reach = reach or Reach()
        self._clock = clock
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
        located = self._locate(tried)
        found = WELL
        for folder in located.fetched_folders:
            if found.ok:
                found = await asyncio.to_thread(diagnose, replace(located, folder=folder), self._tokens)
        return found.ok, f"{found.sentence} {found.hint}".strip() or "Everything works."

    async def try_typed(self, typed: MailServer, secret: str) -> list[tuple[str, bool, str]]:
        """A server that is not configured: of each stage until the first that fails its name, whether it worked, and the matter."""
        server = Server(
            typed.protocol,
            typed.host,
            typed.port,
            typed.security,
            typed.user,
            secret,
            typed.sign_in if typed.user else MailSignIn.NONE,
            typed.folder,
        )
        located = self._locate(server)
        if located is server:
            outside = await self._outside(server)
            if outside is not None:
                return [outside]
        tokens = AccessTokens(self._clock)  # of this try alone
        found = await asyncio.to_thread(diagnose, located, tokens, quoting=False)
        way = stages(located)
        if found.ok:
            return [(stage.value, True, "") for stage in way]
        passed = way[: way.index(Stage(found.stage))] if found.stage in way else way
        failed = (found.stage, False, f"{found.sentence} {found.hint}".strip())
        return [*((stage.value, True, "") for stage in passed), failed]

    async def _outside(self, server: Server) -> tuple[str, bool, str] | None:
        """What is wrong with where it leads: our own network is not for anybody to look around in."""
        try:
            await self._reach.addresses(server.host, server.real_port)
        except OutOfReach as error:
            return (Stage.DNS.value, False, f"It can not be tried: {error}.")
        if server.sign_in == MailSignIn.OAUTH2:
            try:
                address = str(json.loads(server.secret)["token_url"])
            except (ValueError, KeyError, TypeError):
                return None  # the diagnosis says what belongs there
            try:
                await self._reach.located(address)
            except OutOfReach as error:
                return (Stage.LOGIN.value, False, f"The identity provider can not be asked: {error}.")
        return None
