"""The number on the page, the list behind it, the API and the command line agree, for emails and chats that were really handled."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from cordboard.testing.product import Product
from tests.acceptance.browser import chromium_desk
from tests.acceptance.site import Site
from tests.acceptance.test_chat import answer, become_ready, centre, said, site, visitor, visitors
from tests.acceptance.test_chat import write as chat_write
from tests.acceptance.test_mail_desk import call, listed, mail_desk
from tests.acceptance.test_mail_desk import write as send_mail
from tests.web_ui.desk import serious_faults

__all__ = ["centre", "site", "visitors"]
pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]

FIGURES = {
    "email": ("received", "mails_received", "mails_answered", "closed"),
    "chat": ("received", "answered", "handled"),
}


async def mails_are_answered(browser: Browser, centre: Product) -> None:
    """Two, one after the other; an answer counts when it can not be taken back any more."""
    async with mail_desk(browser, centre, "grace") as grace:
        of_spaces = (await call(grace, "GET", "/desktop"))["closing_reasons"]
        reason = next(each for of_space in of_spaces.values() for each in of_space)
        for name, subject in (("ann", "Counted1x"), ("bea", "Counted2x")):
            address = f"{name}.counted@smith.example"
            send_mail(centre, address, subject, "Is it counted?")
            contact = await listed(grace, subject)
            await call(grace, "POST", f"/contacts/{contact}/claim")
            body = {
                "to": [address],
                "subject": f"Re: {subject}",
                "text": "It is.",
                "key": f"{subject}-0001",
                "closing_reason_id": reason["id"],
            }
            sent = await call(grace, "POST", f"/contacts/{contact}/answer", body)
            assert "mail_id" in sent, sent
            await has_left(grace, contact)


async def has_left(page: Page, contact: int) -> None:
    for _ in range(200):
        facts = (await call(page, "GET", f"/contacts/{contact}/facts"))["items"]
        if any(fact["kind"] == "answer_sent" for fact in facts):
            return
        await asyncio.sleep(0.25)
    raise AssertionError("the answer never left")


async def a_chat_is_handled(centre: Product, site: Site, visitors: Browser, folder: Path) -> None:
    async with chromium_desk(centre, centre.login("emma"), folder, seat="digital") as emma:
        await become_ready(emma)
        async with visitor(visitors, site, "Zoé Compte") as zoe:
            await expect(emma.get_by_role("button", name=re.compile("Zoé Compte"))).to_be_visible()
            await chat_write(zoe, "Does this count?")
            await expect(said(emma, "Does this count?")).to_be_visible()
            await answer(emma, "It does.")
            await expect(zoe.locator("cordboard-chat .bubble").get_by_text("It does.")).to_be_visible()
            await zoe.locator("cordboard-chat .head button").last.click()
            await zoe.get_by_role("button", name="End it").click()
            await expect(zoe.get_by_text("The conversation has ended.")).to_be_visible()


@asynccontextmanager
async def at_figures(browser: Browser, centre: Product, who: str) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1440, "height": 1000}, locale="en-GB")
    page = await context.new_page()
    page.set_default_timeout(30_000)
    login = centre.login(who)
    await page.goto(centre.base_url)
    await call(page, "POST", "/sessions", {"login": login.login, "password": login.password})
    try:
        yield page
    finally:
        await context.close()


async def told_by_command(centre: Product, *options: str) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "cordboard", "stats", "--json", "--data", str(centre.folder), *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await process.communicate()
    assert process.returncode == 0, complained.decode()
    told: dict[str, Any] = json.loads(said)
    return told


def values(told: dict[str, Any]) -> dict[str, float | None]:
    return {each["id"]: each["value"] for each in told["figures"]}


async def test_page_list_api_and_command_agree(
    centre: Product, site: Site, visitors: Browser, tmp_path: Path
) -> None:
    await mails_are_answered(visitors, centre)
    await a_chat_is_handled(centre, site, visitors, tmp_path)
    async with at_figures(visitors, centre, "camille") as page:
        for channel, counted in FIGURES.items():
            for_page = f"/figures?channel={channel}"
            told = values(await call(page, "GET", for_page))
            by_command = values(await told_by_command(centre, "--channel", channel))
            moving = {"waiting", "in_hand"}
            assert {key: told[key] for key in told.keys() - moving} == pytest.approx(
                {key: by_command[key] for key in by_command.keys() - moving}, nan_ok=True
            )
            parts = await told_by_command(centre, "--channel", channel, "--by", "queue")
            await page.goto(f"{centre.base_url}{for_page}&by=queue")
            await page.locator("[data-figure]").first.wait_for()
            await page.get_by_role("button", name=re.compile("^Show all")).click()
            for figure_id in counted:
                value = told[figure_id]
                assert value, figure_id
                tile = page.locator(f"[data-figure={figure_id}]")
                await expect(tile).to_contain_text(str(int(value)))
                await tile.click()
                await expect(page.locator("[data-behind]")).to_have_attribute("data-behind", str(int(value)))
                await expect(page.locator("[role=dialog] tbody tr")).to_have_count(int(value))
                assert sum(part["values"].get(figure_id) or 0 for part in parts["parts"]) == value
                await page.keyboard.press("Escape")
                await page.locator("[role=dialog]").wait_for(state="detached")
        await page.locator("[data-figure=received]").click()
        await page.locator("[role=dialog] tbody th button").first.click()
        await expect(page.locator("[role=dialog] [data-kind=contact_arrived]")).to_be_visible()
        assert await serious_faults(page) == []
    async with at_figures(visitors, centre, "oscar") as page:
        await page.goto(f"{centre.base_url}/figures")
        await page.locator("[data-figure=received]").click()
        await expect(page.get_by_text("You may see the numbers, not the contacts")).to_be_visible()
        refused = await call(page, "GET", "/figures/received/occurrences")
        assert refused["code"] == "forbidden"
