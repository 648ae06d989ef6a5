"""The control plane is killed, stopped, cut off; the database is restarted; Asterisk is killed. With real calls in all of it."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator

import httpx2
import pytest

from cordboard.testing.product import Product, free_port_base
from tests.acceptance.busy import AGENTS, IN_MENU, LINE, QUEUED, BusyCentre, busy_centre
from tests.acceptance.town import until

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(420)]


@pytest.fixture(scope="module")
async def centre(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BusyCentre]:
    product = Product(tmp_path_factory.mktemp("outages") / "data", free_port_base())
    product.start()
    try:
        async with busy_centre(product) as centre:
            yield centre
    finally:
        product.stop()


async def _served_again(centre: BusyCentre, seconds: float) -> float:
    """Waits until the server answers and telephony is reached; returns the seconds that it took."""
    begin = time.monotonic()
    async with httpx2.AsyncClient(base_url=centre.product.base_url, timeout=10, trust_env=False) as http:
        while time.monotonic() - begin < seconds:
            try:
                health = await http.get("/api/v1/health")
            except httpx2.TransportError:  # the port is closed or half open while it starts
                health = None
            if health is not None and health.is_success and health.json()["status"] == "ok":
                return time.monotonic() - begin
            await asyncio.sleep(0.1)
    raise AssertionError(f"not served again after {seconds:.0f} s:\n{centre.product.log('server')[-2000:]}")


async def test_killed_server_loses_nobody(centre: BusyCentre) -> None:
    before = await centre.waiting()
    assert len(before) == QUEUED + IN_MENU
    order = [row["contact_id"] for row in before]
    since = {row["contact_id"]: row["arrived_at"] for row in before}
    killed = centre.product.signal("server", signal.SIGKILL)
    late = await centre.town.exchange.call("+33600000300", LINE)
    took = await _served_again(centre, 30)
    print(f"served again after {took:.1f} s")
    assert centre.product.pid("server") != killed
    assert centre.all_up(), "a call was lost"
    for desk in centre.desks:
        await desk.until_state("in_contact", 20)
    waiting = [row for row in await centre.waiting() if row["remote"] != late.number]
    assert [row["contact_id"] for row in waiting] == order
    assert {row["contact_id"]: row["arrived_at"] for row in waiting} == since
    assert await late.wait_answered(20), "a call made while the server was down was not served"
    await late.press("1")
    assert centre.all_up()
    await centre.in_menu[0].press("1")  # the menu goes on
    rows = await centre.contacts()
    assert len([row for row in rows if row["outcome"] == "live"]) == AGENTS + QUEUED + IN_MENU + 1
    assert len({row["contact_id"] for row in rows}) == len(rows)
    await late.hang_up()


async def test_order_of_the_queue_is_kept(centre: BusyCentre) -> None:
    """An agent becomes free: he gets the one who has waited longest."""
    first = centre.queued.pop(0)
    freed = centre.bridged.pop(0)
    await freed.hang_up()
    remotes = lambda: {row["remote"] for desk in centre.desks for row in desk.contacts}  # noqa: E731
    await until(lambda: first.number in remotes(), 20, "the oldest was not served first")
    centre.bridged.append(first)


async def test_stopped_for_twenty_seconds(centre: BusyCentre) -> None:
    pid = centre.product.signal("server", signal.SIGSTOP)
    late = await centre.town.exchange.call("+33600000301", LINE)
    await asyncio.sleep(20)
    os.kill(pid, signal.SIGCONT)
    await _served_again(centre, 30)
    assert centre.all_up(), "a call was lost"
    assert await late.wait_answered(30), "a call made while the server was stopped was not served"
    for desk in centre.desks:
        await desk.until_state("in_contact", 30)
    await late.hang_up()


async def test_database_restarted(centre: BusyCentre) -> None:
    centre.product.signal("postgres", signal.SIGKILL)
    await asyncio.sleep(1)
    await _served_again(centre, 40)
    caller = await centre.town.call(LINE, "+33600000302")
    assert centre.all_up(), "a call was lost"
    await caller.hang_up()


async def test_no_orphans_are_left(centre: BusyCentre) -> None:
    """All hang up: agents are Ready again, and Asterisk has neither channels nor bridges of ours."""
    for line in centre.callers:
        await line.hang_up()
    for desk in centre.desks:
        await desk.until_state("ready", 30)
    settings = centre.product.settings
    auth = (settings.ari_user, settings.ari_password.get_secret_value())
    async with httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{settings.ari_port}/ari", auth=auth, trust_env=False
    ) as ari:
        deadline = time.monotonic() + 60
        while True:
            channels, bridges = (await ari.get("/channels")).json(), (await ari.get("/bridges")).json()
            if not channels and not bridges:
                break
            assert time.monotonic() < deadline, (channels, bridges)
            await asyncio.sleep(0.5)
    rows = await centre.contacts()
    assert not [row for row in rows if row["outcome"] == "live"]


async def test_asterisk_killed(centre: BusyCentre) -> None:
    """Its calls are closed with that cause; the agents are consistent and can take calls again."""
    callers = []
    for number in range(3):
        line = await centre.town.call(LINE, f"+336000004{number:02}")
        await line.press("1")
        callers.append(line)
    await until(lambda: sum(1 for desk in centre.desks if desk.agent["state"] == "in_contact") == 3, 20)
    centre.product.signal("asterisk", signal.SIGKILL)
    for desk in centre.desks:
        await desk.until_state("ready", 60)
    await _served_again(centre, 40)
    rows = [row for row in await centre.contacts() if row["remote"].startswith("+336000004")]
    assert [row["cause"] for row in rows] == ["telephony_lost"] * 3
    for line in callers:
        await line.hang_up()  # a killed telephone server says goodbye to nobody
