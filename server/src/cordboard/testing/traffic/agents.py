"""Simulated agents: they use the centre as persons do (log in, one browser connection, a SIP telephone), with no right of their own.

An agent whose login is taken over by a person at a real browser leaves for good: the visitor is more interesting.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2
import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from cordboard.testing.traffic.chance import Chance
from cordboard.testing.traffic.exchange import Exchange, NetworkLine
from cordboard.testing.traffic.report import Tally

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 5.0
PING_SECONDS = 15.0
LOOK_AGAIN_SECONDS = 20.0
Row = Mapping[str, Any]  # a row of the live topics, as JSON has it


class TakenOver(Exception):
    """A person uses this login now."""


@dataclass(frozen=True, slots=True)
class Account:
    login: str
    password: str


@dataclass(slots=True)
class Desk:
    """What the agent's browser shows: the rows of the topic `me`."""

    rows: dict[str, Row] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def apply(self, message: Row) -> None:
        if message.get("topic") != "me":
            return
        if "snapshot" in message:
            self.rows = dict(message["snapshot"])
        self.rows.update(message.get("set", {}))
        for key in message.get("del", ()):
            self.rows.pop(key, None)
        self.changed.set()

    @property
    def state(self) -> str:
        return str(self.rows.get("agent", {}).get("state", "")).lower()

    def to_close(self) -> Row | None:
        """A contact in wrap-up."""
        return next(
            (
                row
                for key, row in self.rows.items()
                if key.startswith("contact:") and row["phase"] == "wrap_up"
            ),
            None,
        )


class SimulatedAgent:
    def __init__(
        self, base_url: str, account: Account, exchange: Exchange, sip_port: int, chance: Chance, tally: Tally
    ) -> None:
        self._base_url = base_url
        self._account = account
        self._exchange = exchange
        self._sip_port = sip_port
        self._chance = chance
        self._tally = tally
        self._reasons: list[str] = []
        self._language = "en"
        self.username = ""

    async def run(self) -> None:
        """Works until cancelled or until somebody else takes the login over."""
        while True:
            try:
                await self._work()
            except TakenOver:
                log.info("agent_leaves", login=self._account.login)
                return
            except (httpx2.HTTPError, OSError, ConnectionClosed, InvalidHandshake, TimeoutError) as error:
                log.info("agent_tries_again", login=self._account.login, error=str(error)[:200])
            await asyncio.sleep(AGAIN_SECONDS)

    async def take_call(self, line: NetworkLine) -> None:
        """The telephone rings: answers after a moment (now and then not at all), talks, hangs up."""
        chance = self._chance
        await line.ring()
        if chance.happens(0.05) or not await line.pause(chance.between(1.0, 4.5)):
            return
        await line.answer()
        self._tally.answered_by_agents += 1
        language = self._language
        left = chance.about(55, 0.5, 240)
        sentence = "agent-1"
        while left > 0 and await line.pause(chance.between(0.4, 1.0)):
            if not await line.say(sentence, language):
                return
            pause = chance.between(7.0, 14.0)  # the caller speaks
            left -= pause + 3
            if not await line.pause(pause):
                return
            sentence = chance.one_of(("agent-2", "agent-3"))
        await line.say("agent-4", language)
        await line.pause(chance.between(4.0, 8.0))  # for the caller's goodbye
        await line.hang_up()

    async def _work(self) -> None:
        """One login, from the password to the end of the connection."""
        async with httpx2.AsyncClient(
            base_url=f"{self._base_url}/api/v1", headers={"Origin": self._base_url}, timeout=15.0
        ) as client:
            await self._post(
                client, "/sessions", {"login": self._account.login, "password": self._account.password}
            )
            await self._take_seat(client)
            name = self._account.login
            try:
                await self._sit(client)
            except ExceptionGroup as group:
                raise group.exceptions[0] from None
            finally:
                await self._exchange.unregister(name)

    async def _take_seat(self, client: httpx2.AsyncClient) -> None:
        desktop = (await client.get("/desktop")).raise_for_status().json()
        self._reasons = [reason["id"] for reason in desktop["withdrawal_reasons"]]
        self._language = desktop["agent"].get("language") or "en"
        answer: httpx2.Response | None = None
        for offered in desktop["seats_offered"]:
            answer = await client.post(
                "/desktop/seat", json={"seat": offered["seat"], "phone": {"kind": "sip"}}
            )
            if answer.is_success:
                break
        if answer is None:
            raise httpx2.HTTPError("no seat is offered")
        account = answer.raise_for_status().json()["sip_account"]
        self.username = account["username"]
        await self._exchange.register(
            self._account.login, self._sip_port, account["username"], account["password"]
        )

    async def _sit(self, client: httpx2.AsyncClient) -> None:
        """The connection of the desktop, and what the agent does at it."""
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        url = f"{self._base_url.replace('http', 'ws', 1)}/api/v1/live"
        async with connect(url, additional_headers={"Cookie": cookie}, origin=self._base_url) as socket:  # type: ignore[arg-type]  # websockets' own NewType of str
            desk = Desk()
            desktop_id = f"simulated-{self._account.login}"
            await socket.send(json.dumps({"subscribe": ["me"], "desktop_id": desktop_id}))
            async with asyncio.TaskGroup() as group:
                group.create_task(_keep_alive(socket))
                group.create_task(self._behave(client, desk))
                await self._watch(socket, desk)
                raise ConnectionClosed(None, None)

    async def _watch(self, socket: ClientConnection, desk: Desk) -> None:
        async for text in socket:
            message = json.loads(text)
            if message.get("closed") == "taken_over":
                raise TakenOver
            if message.get("resync"):
                await socket.send(json.dumps({"subscribe": ["me"]}))
            desk.apply(message)

    async def _behave(self, client: httpx2.AsyncClient, desk: Desk) -> None:
        """Looks at the desk whenever it changes, and does the next thing."""
        chance = self._chance
        await asyncio.sleep(3.0)  # the telephone registers
        while True:
            desk.changed.clear()
            contact = desk.to_close()
            if contact is not None:
                await asyncio.sleep(chance.between(3.0, 12.0))
                await self._close(client, desk)
            elif desk.state == "withdrawn":
                await asyncio.sleep(chance.between(4.0, 15.0))
                await self._post(client, "/desktop/state", {"state": "ready"})
            elif desk.state == "ready" and chance.happens(0.04) and self._reasons:
                reason = {"state": "withdrawn", "reason_id": chance.one_of(self._reasons)}
                await self._post(client, "/desktop/state", reason)
                await asyncio.sleep(chance.between(15.0, 50.0))
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                    await desk.changed.wait()

    async def _close(self, client: httpx2.AsyncClient, desk: Desk) -> None:
        contact = desk.to_close()
        if contact is None:
            return
        reasons = [reason["id"] for reason in contact.get("closing_reasons", ())]
        closing = {"closing_reason_id": self._chance.one_of(reasons) if reasons else None, "note": ""}
        await self._post(client, f"/contacts/{contact['contact_id']}/wrap-up", closing)

    async def _post(self, client: httpx2.AsyncClient, path: str, body: Row) -> None:
        """A refusal (409, 422) is said in the log and changes nothing; anything worse starts the login anew."""
        answer = await client.post(path, json=dict(body))
        if answer.status_code in (409, 422):
            log.info("agent_refused", login=self._account.login, path=path, answer=answer.text[:200])
            return
        answer.raise_for_status()


async def _keep_alive(socket: ClientConnection) -> None:
    number = 0
    while True:
        await asyncio.sleep(PING_SECONDS)
        number += 1
        await socket.send(json.dumps({"ping": number}))
