"""A centre that is busy: twenty calls with agents, ten in the queue, three in the menu."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import httpx2

from cordboard.testing.desk import Desk
from cordboard.testing.product import Login, Product
from cordboard.testing.traffic.exchange import NetworkLine
from tests.acceptance.town import Town, until

LINE = "+33199001234"
AGENTS = 20
QUEUED = 10
IN_MENU = 3

_DOCUMENT = """
seats: {voice: 30}
spaces: {retail: {name: Retail}}
queues:
  busy: {name: Busy, space: retail, groups: [busy], ring: 20s, wrap_up: 0s, closing_reason_required: no}
scripts:
  retail:
    name: Busy line
    space: retail
    start: choose
    steps:
      choose: {menu: retail-menu, choices: {1: wait}, otherwise: choose-again, timeout: 60s, attempts: 3}
      choose-again: {menu: retail-menu, choices: {1: wait}, otherwise: wait, timeout: 60s, attempts: 3}
      wait: {queue: busy}
groups: {busy: Busy}
agents:
"""


def document() -> str:
    lines = [
        f"  busy-{number:02}: {{name: Busy Agent {number}, location: paris, spaces: [retail], groups: [busy]}}"
        for number in range(1, AGENTS + 1)
    ]
    return _DOCUMENT + "\n".join(lines) + "\n"


async def enlarge(product: Product) -> dict[str, Login]:
    """Applies the document on the running centre; returns the new agents' logins."""
    alice = product.login("alice")
    headers = {"Origin": product.base_url}
    async with httpx2.AsyncClient(
        base_url=f"{product.base_url}/api/v1", headers=headers, timeout=60, trust_env=False
    ) as http:
        (
            await http.post("/sessions", json={"login": alice.login, "password": alice.password})
        ).raise_for_status()
        version = (await http.get("/configuration")).json()["version"]
        body = {"document": document(), "base_version": version, "note": "a busy day"}
        answer = await http.post("/configuration/apply", json=body)
        assert answer.is_success, answer.text
        return {login: Login(login, password) for login, password in answer.json()["new_logins"].items()}


@dataclass
class BusyCentre:
    product: Product
    town: Town
    desks: list[Desk]
    bridged: list[NetworkLine]
    queued: list[NetworkLine]
    in_menu: list[NetworkLine]

    @property
    def callers(self) -> list[NetworkLine]:
        return [*self.bridged, *self.queued, *self.in_menu]

    def all_up(self) -> bool:
        return not any(line.ended.is_set() for line in self.callers)

    async def contacts(self) -> list[dict[str, Any]]:
        """The whole history, as the administrator sees it."""
        async with Desk(self.product.base_url, self.product.login("alice")) as alice:
            rows: list[dict[str, Any]] = []
            cursor = ""
            while True:
                page = await alice.get("/contacts", limit="100", **({"cursor": cursor} if cursor else {}))
                rows += page["items"]
                cursor = page["next"] or ""
                if not cursor:
                    return rows

    async def waiting(self) -> list[dict[str, Any]]:
        """Contacts that wait, the next first, as the queue's live row and the facts have them."""
        rows = [row for row in await self.contacts() if row["outcome"] == "live" and row["agent"] is None]
        return sorted(rows, key=lambda row: row["contact_id"])


@asynccontextmanager
async def busy_centre(product: Product) -> AsyncIterator[BusyCentre]:
    async with AsyncExitStack() as stack:
        town = await stack.enter_async_context(Town.of(product))
        logins = await enlarge(product)
        desks = [
            await stack.enter_async_context(town.agent(login, leave=False))
            for login in sorted(logins.values(), key=attrgetter("login"))
        ]
        centre = BusyCentre(product, town, desks, [], [], [])
        for number in range(AGENTS + QUEUED):
            line = await town.call(LINE, f"+336000001{number:02}")
            await line.press("1")
            (centre.bridged if number < AGENTS else centre.queued).append(line)
            if number < AGENTS:
                await until(lambda: _talking(desks) == number + 1, 20, "a call was not answered")  # noqa: B023  awaited at once
        for number in range(IN_MENU):
            centre.in_menu.append(await town.call(LINE, f"+336000002{number:02}"))
        await asyncio.sleep(1)
        yield centre


def _talking(desks: list[Desk]) -> int:
    return sum(1 for desk in desks if desk.agent.get("state") == "in_contact")
