"""From chat to call with two real browsers: the visitor's page is a telephone, a reload does not end the call; and a callback."""

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from cordboard.testing.product import Product
from cordboard.testing.traffic.exchange import NetworkLine
from tests.acceptance.browser import (
    _EARS,
    ARGUMENTS,
    CALLER_HERTZ,
    CHROMIUM,
    MICROPHONE_HERTZ,
    chromium_desk,
    strongest_heard,
    strongest_recorded,
    write_tone,
)
from tests.acceptance.site import Site, shop_site
from tests.acceptance.test_chat import ORIGINS, answer, become_ready, bubbles
from tests.acceptance.town import Town

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(240)]

expect.set_options(timeout=30_000)

NUMBER = "+33612345678"


@pytest.fixture(scope="module")
def site(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A shop of another origin whose policy allows nothing but what the widget documents."""
    with shop_site(product.base_url, "demo/shop") as site:
        change = tmp_path_factory.mktemp("change") / "origins.yaml"
        change.write_text(ORIGINS.format(origin=site.origin))
        command = [
            sys.executable,
            "-m",
            "cordboard",
            "apply",
            str(change),
            "--data",
            str(product.folder),
            "--yes",
        ]
        subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
        yield site


@asynccontextmanager
async def visitor(site: Site, folder: Path, name: str, *, microphone: bool = True) -> AsyncIterator[Page]:
    """A visitor chats on another site, under its strict policy, at a browser whose microphone hears a tone (or is not allowed)."""
    tone = folder / "visitor.wav"
    write_tone(tone, CALLER_HERTZ)
    arguments = [each for each in ARGUMENTS if microphone or "fake-ui" not in each]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*arguments, f"--use-file-for-fake-audio-capture={tone}"]
        )
        context = await browser.new_context(locale="en-GB", permissions=["microphone"] if microphone else [])
        await context.add_init_script(_EARS)
        page = await context.new_page()
        page.set_default_timeout(30_000)
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda said: broken.append(said.text) if "Content Security" in said.text else None)
        try:
            await page.goto(site.origin)
            await page.locator("cordboard-chat .launch").click()
            await page.locator("cordboard-chat input[name=name]").fill(name)
            await page.locator("cordboard-chat input[name=phone]").fill("06 12 34 56 78")
            await page.locator("cordboard-chat input[name=consent]").check()
            await page.locator("cordboard-chat button[type=submit]").click()
            await page.locator("cordboard-chat .choices button").first.click()
            yield page
        finally:
            await browser.close()
        assert broken == []


def bar(page: Page) -> Locator:
    return page.locator("cordboard-chat .call")


async def call_in_page(emma: Page, zoe: Page) -> None:
    """By the key; the visitor accepts."""
    await expect(emma.get_by_role("button", name=re.compile("Zoé Martin"))).to_be_visible()
    await expect(emma.get_by_role("button", name="Call the visitor")).to_be_visible()
    await emma.get_by_role("list", name=re.compile("Conversation with")).focus()
    await emma.keyboard.press("Shift+C")
    await expect(emma.get_by_role("option", name=re.compile("Speak in the visitor"))).to_be_visible()
    await emma.keyboard.press("Enter")
    await expect(zoe.get_by_text("Emma Clarke would like to speak with you")).to_be_visible()
    await zoe.locator("cordboard-chat .choices").get_by_role("button", name="Accept").click()


async def hears(page: Page, hertz: int) -> None:
    heard = 0.0
    for _ in range(80):
        heard = await strongest_heard(page)
        if abs(heard - hertz) < 15:
            return
        await asyncio.sleep(0.25)
    raise AssertionError(f"heard {heard:.0f} Hz, not {hertz}")


async def both_hear_each_other(emma: Page, zoe: Page) -> None:
    await expect(bar(zoe).locator("time")).to_have_text(re.compile(r"\d+:\d\d"))
    await hears(emma, CALLER_HERTZ)
    await hears(zoe, MICROPHONE_HERTZ)


async def test_a_call_in_the_page_survives_reloads_and_a_callback(
    product: Product, town: Town, site: Site, tmp_path: Path
) -> None:
    lines: list[NetworkLine] = []

    async def pick_up(line: NetworkLine) -> None:
        lines.append(line)
        await line.answer()

    town.phones[NUMBER] = pick_up
    async with chromium_desk(product, product.login("emma"), tmp_path, seat="omnichannel") as emma:
        await become_ready(emma)
        await expect(emma.get_by_text("Phone ready")).to_be_visible()
        async with visitor(site, tmp_path, "Zoé Martin") as zoe:
            await call_in_page(emma, zoe)
            await both_hear_each_other(emma, zoe)
            await expect(emma.get_by_text("In a call with Zoé Martin")).to_be_visible()
            await expect(emma.get_by_role("button", name="Out of a chat: show it")).to_be_visible()
            await answer(emma, "Is this better?")
            await expect(bubbles(zoe).get_by_text("Is this better?")).to_be_visible()

            await zoe.reload()
            await both_hear_each_other(emma, zoe)

            await emma.reload()
            await both_hear_each_other(emma, zoe)

            await bar(zoe).get_by_role("button", name="Hang up").click()
            await expect(emma.get_by_text("The call has ended")).to_be_visible()
            await expect(bar(zoe)).to_have_count(0)
            await expect(zoe.get_by_text("The call has ended.")).to_be_visible()
            await answer(emma, "Thank you for the call.")
            await expect(bubbles(zoe).get_by_text("Thank you for the call.")).to_be_visible()

            await expect(emma.get_by_role("combobox", name="Number or name")).to_be_visible(timeout=60_000)
            await emma.get_by_role("button", name="Call the visitor").click()
            await emma.get_by_role("option", name=re.compile("06 12 34 56 78")).click()
            await expect(zoe.get_by_text("You are speaking with Emma Clarke.")).to_be_visible()
            (line,) = lines
            await line.sound(f"tone:{CALLER_HERTZ}/60000")
            await hears(emma, CALLER_HERTZ)
            await line.hush()
            await line.record("callback", 2)
            path = product.folder / "network" / "spool" / "recording" / "callback.wav"
            assert abs(strongest_recorded(path) - MICROPHONE_HERTZ) < 20
            await line.hang_up()
            await expect(zoe.get_by_text("The call has ended.")).to_have_count(2)


async def ask_in_page(agent: Page) -> None:
    """By the button."""
    await agent.get_by_role("button", name="Call the visitor").click()
    await expect(agent.get_by_role("option", name=re.compile("Speak in the visitor"))).to_be_visible()
    await agent.keyboard.press("Enter")


async def test_no_microphone_and_no_thanks(product: Product, town: Town, site: Site, tmp_path: Path) -> None:
    async with chromium_desk(product, product.login("grace"), tmp_path, seat="omnichannel") as grace:
        await become_ready(grace)
        await expect(grace.get_by_text("Phone ready")).to_be_visible()
        async with visitor(site, tmp_path, "Ada Stone", microphone=False) as ada:
            await expect(grace.get_by_role("button", name=re.compile("Ada Stone"))).to_be_visible()
            choices = ada.locator("cordboard-chat .choices")
            await ask_in_page(grace)
            await choices.get_by_role("button", name="No thanks").click()
            await expect(grace.get_by_text("Ada Stone did not want to be called")).to_be_visible()
            await ask_in_page(grace)
            await choices.get_by_role("button", name="Accept").click()
            await expect(bar(ada).get_by_role("status")).to_contain_text("microphone")
            await expect(
                grace.get_by_text(re.compile("No call: the visitor’s page has no micro"))
            ).to_be_visible()
