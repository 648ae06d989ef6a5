"""Agents at real browsers: two-way audio, keys, a reload in the middle of a call, another computer."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from cordboard.testing.product import Product
from cordboard.testing.traffic.exchange import NetworkLine
from tests.acceptance.browser import (
    CALLER_HERTZ,
    MICROPHONE_HERTZ,
    chromium_desk,
    strongest_heard,
    strongest_recorded,
)
from tests.acceptance.town import RETAIL, VIP, Town

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]


expect.set_options(timeout=30_000)


def _answer(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile(r"^Answer\s*A?$", re.IGNORECASE))


async def _become_ready(page: Page) -> None:
    await expect(page.get_by_text("Phone ready")).to_be_visible()
    await page.get_by_role("button", name="My state").click()
    await page.get_by_role("menuitem", name="Ready").click()
    await expect(page.get_by_role("button", name="My state: Ready")).to_be_visible()


async def _both_hear_each_other(product: Product, page: Page, line: NetworkLine, name: str) -> None:
    await line.sound(f"tone:{CALLER_HERTZ}/60000")
    heard = 0.0
    for _ in range(60):
        heard = await strongest_heard(page)
        if abs(heard - CALLER_HERTZ) < 15:
            break
        await asyncio.sleep(0.25)
    assert abs(heard - CALLER_HERTZ) < 15, f"the agent hears {heard:.0f} Hz"
    await line.hush()
    await line.record(name, 2)
    recorded = strongest_recorded(product.folder / "network" / "spool" / "recording" / f"{name}.wav")
    assert abs(recorded - MICROPHONE_HERTZ) < 20, f"the caller hears {recorded:.0f} Hz"


async def test_a_call_in_the_browser_survives_a_reload_and_another_computer(
    product: Product, town: Town, tmp_path: Path
) -> None:
    emma = product.login("emma")
    async with chromium_desk(product, emma, tmp_path) as page:
        await _become_ready(page)
        caller = await town.call(RETAIL, "+33612345602")
        await asyncio.sleep(0.5)
        await caller.press("1")
        await expect(_answer(page)).to_be_enabled()
        await page.keyboard.press("a")
        await expect(page.get_by_text("In conversation")).to_be_visible()
        await _both_hear_each_other(product, page, caller, "first")

        await page.reload()
        await expect(page.get_by_text("In conversation")).to_be_visible()
        await _both_hear_each_other(product, page, caller, "reloaded")

        async with chromium_desk(product, emma, tmp_path) as other:
            await expect(other.get_by_text("In conversation")).to_be_visible()
            await _both_hear_each_other(product, other, caller, "moved")
            await other.keyboard.press("x")
            await expect(other.get_by_role("button", name="My state: Wrap-up")).to_be_visible()
            await asyncio.wait_for(caller.ended.wait(), 5)


async def test_two_browsers_and_one_call(product: Product, town: Town, tmp_path: Path) -> None:
    """It rings at one; he does not answer; it rings at the other; one has it."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    async with (
        chromium_desk(product, product.login("grace"), tmp_path / "a") as grace,
        chromium_desk(product, product.login("david"), tmp_path / "b") as david,
    ):
        await _become_ready(grace)
        await _become_ready(david)
        caller = await town.call(VIP, "+33612345603")
        await expect(_answer(grace)).to_be_enabled()
        await expect(grace.get_by_role("button", name="My state: Did not answer")).to_be_visible(
            timeout=40_000
        )
        await expect(_answer(david)).to_be_enabled()
        await _answer(david).click()
        await expect(david.get_by_text("In conversation")).to_be_visible()
        await _both_hear_each_other(product, david, caller, "second")
        await caller.hang_up()
        await expect(david.get_by_role("button", name="My state: Wrap-up")).to_be_visible()
