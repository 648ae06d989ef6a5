"""The page of figures in a browser, over the real server: by keys, in both themes and languages, narrow, slow, in trouble."""

import asyncio
import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from cordboard.testing.centre import NUMBER, small_centre
from cordboard.testing.web import OBSERVER, PASSWORD, SUPERVISOR, CentreForTests, WebForTests, add_centre
from tests.web_ui.desk import page_of, serious_faults

STILL = """Promise.all(document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().iterations < 100).map((each) => each.finished))"""
DIST = Path(__file__).resolve().parents[3] / "web" / "dist"


@pytest.fixture
async def centre(web: WebForTests) -> CentreForTests:
    """Three calls came in: two were abandoned after a minute, one waits."""
    web.dist = DIST
    centre = await add_centre(web)
    await web.start(centre.world)
    for number in range(3):
        line, outside = f"line-{number}", centre.world.telephony
        outside.call(centre.tenant_id, line, NUMBER, f"+3361234567{number}")
        await centre.server.settle()
        outside.finish_playback(line)
        await centre.server.settle()
        outside.press(line, "1")
        await centre.server.settle()
        if number < 2:
            await centre.server.advance(timedelta(seconds=60))
            outside.hang_up(line)
            await centre.server.settle()
    return centre


async def _at_figures(page: Page, centre: CentreForTests, login: str = SUPERVISOR, query: str = "") -> None:
    await page.goto(f"{centre.web.origin}/figures{query}")
    await page.locator("input[name=login]").fill(f"{login}.{centre.tenant_id}")
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.locator("form input[name=login]").wait_for(state="detached")


@pytest.mark.parametrize(
    ("theme", "language", "received", "definition", "waiting"),
    [
        ("light", "en-GB", "Received", "How it is defined", "Waiting"),
        ("dark", "fr-FR", "Reçus", "Sa définition", "En attente"),
    ],
)
async def test_a_number_opens_to_its_list_and_to_a_contacts_facts_by_keys(
    browser: Browser,
    centre: CentreForTests,
    theme: str,
    language: str,
    received: str,
    definition: str,
    waiting: str,
) -> None:
    async with page_of(browser, theme=theme, language=language) as page:
        await _at_figures(page, centre)
        if language == "fr-FR":
            await page.get_by_role("button", name=re.compile("Fran")).click()
        await expect(page.locator("[data-figure='now:waiting']")).to_contain_text(f"{waiting}1")
        tile = page.locator("[data-figure=received]")
        await expect(tile).to_contain_text(f"{received}3")
        assert await serious_faults(page) == []
        await tile.focus()
        await page.keyboard.press("Enter")
        dialog = page.locator("[role=dialog]")
        await expect(dialog.get_by_text(definition)).to_be_visible()
        await expect(dialog.locator("[data-behind='3']")).to_be_visible()
        await expect(dialog.locator("tbody tr")).to_have_count(3)
        await page.evaluate(STILL)
        assert await serious_faults(page) == []
        await dialog.locator("tbody th button").first.focus()
        await page.keyboard.press("Enter")
        await expect(dialog.locator("[data-kind=contact_arrived]")).to_be_visible()
        await page.keyboard.press("Escape")
        await dialog.wait_for(state="detached")
        await expect(tile).to_be_focused()


async def test_parts_open_too_and_are_downloaded(browser: Browser, centre: CentreForTests) -> None:
    async with page_of(browser) as page:
        await _at_figures(page, centre, query="?channel=voice&by=queue")
        cell = page.get_by_role("button", name=re.compile("^Abandoned, Sales: 2"))
        await cell.click()
        await expect(page.locator("[role=dialog] [data-behind='2']")).to_be_visible()
        await page.keyboard.press("Escape")
        async with page.expect_download() as downloading:
            await page.get_by_role("button", name="Download CSV").click()
        text = await asyncio.to_thread(Path(await (await downloading.value).path()).read_text, "utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert {row["Part"]: (row["Received"], row["Abandoned"]) for row in rows}["Sales"] == ("3", "2")
        await page.get_by_label("By", exact=True).select_option("hour")
        await expect(page.get_by_role("img", name=re.compile("^Received .* by hour"))).to_be_visible()
        await expect(page).to_have_url(re.compile("by=hour"))
        await page.get_by_role("button", name="Filters").click()
        await page.get_by_label("Queue", exact=True).select_option("support")
        await expect(page.get_by_text("Nothing has happened in this period.")).to_be_visible()
        await page.get_by_role("button", name="Clear the filters").click()
        await expect(page.locator("[data-figure=abandoned]")).to_contain_text("2")
        await page.get_by_label("Period", exact=True).select_option("yesterday")
        await expect(page.get_by_text("There are no parts here")).to_be_visible()


async def test_the_days_of_the_ratio_are_written_beside_it(browser: Browser, centre: CentreForTests) -> None:
    async with page_of(browser) as page:
        await _at_figures(page, centre, query="?channel=email")
        rule = page.locator("[data-figure=first_contact_ratio]")
        await expect(rule).to_contain_text("in the 7 days before")
        await page.get_by_label("Days").fill("14")
        await expect(rule).to_contain_text("in the 14 days before")
        await expect(page).to_have_url(re.compile("days=14"))
        await expect(page.locator("[data-figure=first_contact_resolved]")).to_contain_text("marked resolved")


async def test_another_tenant_has_nothing_and_an_observer_no_contacts(
    browser: Browser, centre: CentreForTests
) -> None:
    other = await add_centre(centre.web, small_centre(number="+33199009000"))
    async with page_of(browser) as page:
        await _at_figures(page, other)
        await expect(page.get_by_text("Nothing has happened in this period.")).to_be_visible()
        await expect(page.get_by_text("Nothing waits and nobody has anything in hand.")).to_be_visible()
    async with page_of(browser) as page:
        await _at_figures(page, centre, OBSERVER)
        await page.locator("[data-figure=received]").click()
        await expect(page.get_by_text("not the contacts behind them")).to_be_visible()


async def test_narrow_slow_and_in_trouble(browser: Browser, centre: CentreForTests) -> None:
    async with page_of(browser, width=390, height=800) as page:
        gate = asyncio.Event()

        async def slow(route: Route) -> None:
            await gate.wait()
            await route.continue_()

        await page.route(re.compile(r"/api/v1/figures\?"), slow)
        await _at_figures(page, centre)
        await expect(page.get_by_text("Still counting")).to_be_visible()
        gate.set()
        await expect(page.locator("[data-figure=received]")).to_be_visible()
        await page.evaluate(STILL)
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390
        assert await serious_faults(page) == []
        await page.unroute(re.compile(r"/api/v1/figures\?"))
        refusal = '{"status": 422, "code": "invalid", "title": "", "detail": "The period has more than 1,000 such parts."}'
        await page.route(
            re.compile(r"/api/v1/figures\?"),
            lambda route: route.fulfill(status=422, content_type="application/problem+json", body=refusal),
        )
        await page.get_by_label("Channel", exact=True).get_by_text("Email").click()
        await expect(page.get_by_role("alert")).to_be_visible()
