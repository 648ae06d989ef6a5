"""Simulated agents: they use the centre as persons do (log in, one browser connection, a SIP telephone), with no right of their own.

An agent whose login is taken over by a person at a real browser leaves for good: the visitor is more interesting.
"""

import asyncio

import httpx2
import structlog

from cordboard.testing.desk import Desk, Row
from cordboard.testing.product import Login
from cordboard.testing.traffic.chance import Chance
from cordboard.testing.traffic.exchange import Exchange, NetworkLine
from cordboard.testing.traffic.report import Tally

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 5.0
LOOK_SECONDS = 1.0
REGISTER_SECONDS = 20.0


class SimulatedAgent:
    def __init__(
        self, base_url: str, login: Login, exchange: Exchange, sip_port: int, chance: Chance, tally: Tally
    ) -> None:
        self._base_url = base_url
        self._login = login
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
                async with Desk(self._base_url, self._login) as desk:
                    await self._work(desk)
                    if desk.closed_because == "taken_over":
                        log.info("agent_leaves", login=self._login.login)
                        return
            except (httpx2.HTTPError, OSError, AssertionError) as error:  # the desk asserts that it is obeyed
                log.info("agent_tries_again", login=self._login.login, error=str(error)[:200])
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

    async def _work(self, desk: Desk) -> None:
        """One login, until its connection is closed."""
        await self._take_seat(desk)
        try:
            while not desk.closed_because:
                await self._do_next(desk)
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            await self._exchange.unregister(self._login.login)

    async def _take_seat(self, desk: Desk) -> None:
        desktop = await desk.get("/desktop")
        self._reasons = [reason["id"] for reason in desktop["withdrawal_reasons"]]
        self._language = desktop["agent"].get("language") or "en"
        free = [seat for seat in desktop["seats_offered"] if seat["taken"] < seat["subscribed"]]
        held = await desk.take_seat("sip", (free or desktop["seats_offered"])[0]["seat"])
        account = held["sip_account"]
        self.username = account["username"]
        await self._exchange.register(
            self._login.login, self._sip_port, account["username"], account["password"]
        )
        await desk.until(lambda: desk.agent.get("phone_reachable"), REGISTER_SECONDS)

    async def _do_next(self, desk: Desk) -> None:
        """Looks at the desk and does what is to be done now."""
        chance = self._chance
        state = str(desk.agent.get("state", "")).lower()
        if _to_close(desk) is not None:
            await asyncio.sleep(chance.between(3.0, 12.0))
            await self._close(desk)
        elif state == "withdrawn":
            await asyncio.sleep(chance.between(4.0, 15.0))
            await desk.ready()
        elif state == "ready" and chance.happens(0.01) and self._reasons:
            await desk.post(
                "/desktop/state", {"state": "withdrawn", "reason_id": chance.one_of(self._reasons)}
            )
            await asyncio.sleep(chance.between(15.0, 50.0))

    async def _close(self, desk: Desk) -> None:
        contact = _to_close(desk)
        if contact is None:
            return
        reasons = [reason["id"] for reason in contact["closing_reasons"]]
        closing = {"closing_reason_id": self._chance.one_of(reasons) if reasons else None, "note": ""}
        await desk.post(f"/contacts/{contact['contact_id']}/wrap-up", closing)


def _to_close(desk: Desk) -> Row | None:
    """A contact in wrap-up."""
    return next((row for row in desk.contacts if row["phase"] == "wrap_up"), None)
