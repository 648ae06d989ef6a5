"""The library's screen in a browser, over the real server and a real PostgreSQL: by mouse and keys, both themes and languages."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from cordboard.demo import library
from cordboard.testing.web import ADMINISTRATOR, PASSWORD, SUPERVISOR, CentreForTests, WebForTests, add_centre
from tests.web_ui.desk import page_of, serious_faults

DIST = Path(__file__).resolve().parents[3] / "web" / "dist"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
async def shop(web: WebForTests) -> CentreForTests:
    """The built application and the demo library."""
    web.dist = DIST
    centre = await add_centre(web)
    await web.start(centre.world)
    await library.seed(web.db, centre.tenant_id, NOW)
    return centre


async def _log_in(page: Page, shop: CentreForTests, login: str = SUPERVISOR) -> None:
    await page.goto(shop.web.origin)
    await page.locator("input[name=login]").fill(f"{login}.{shop.tenant_id}")
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.locator("form input[name=login]").wait_for(state="detached")
    if login != "amelie":  # agents have no such page
        await page.get_by_role("link", name=re.compile("^(Answers|Réponses)$")).click()


async def test_a_supervisor_finds_changes_and_saves_an_answer(browser: Browser, shop: CentreForTests) -> None:
    async with page_of(browser) as page:
        await _log_in(page, shop)
        themes = page.get_by_role("navigation", name="Themes")
        await themes.get_by_role("button", name="Delivery", exact=False).first.click()
        answers = page.get_by_role("region", name="Predefined answers")
        await expect(answers.get_by_role("button", name="Where a parcel is")).to_be_visible()
        await expect(answers.get_by_role("button", name="Cancelling an order")).to_have_count(0)
        await themes.get_by_role("button", name="All answers", exact=False).click()
        await answers.get_by_role("searchbox").fill("refund arriv")
        await answers.get_by_role("button", name="When a refund arrives").click()
        await expect(page.get_by_label("Title in English")).to_have_value("When a refund arrives")
        await expect(page.get_by_role("textbox", name="Text in French")).to_contain_text("sous cinq jours")
        await page.get_by_label("Title in English").fill("How soon a refund arrives")
        editor = page.get_by_role("textbox", name="Text in English")
        await editor.click()
        await page.keyboard.press("Control+End")
        await page.keyboard.type(" Thank you.")
        await page.get_by_label("Valid until").fill("2030-01-31")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("Version 2, changed")).to_be_visible()
        async with shop.browser(SUPERVISOR) as sophie:
            saved = (await sophie.http.get("/answers/refund-when")).json()
        assert saved["texts"]["en"]["title"] == "How soon a refund arrives"
        assert "Thank you." in saved["texts"]["en"]["text"] and saved["valid_until"] == "2030-01-31"
        assert "cinq jours" in saved["texts"]["fr"]["text"]


async def test_a_new_answer_with_a_variable_a_file_and_a_theme(
    browser: Browser, shop: CentreForTests, tmp_path: Path
) -> None:
    async with page_of(browser) as page:
        await _log_in(page, shop)
        await page.get_by_role("button", name="New theme").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Name in English").fill("Gift cards")
        await dialog.get_by_role("button", name="Save").click()
        await (
            page.get_by_role("navigation", name="Themes")
            .get_by_role("button", name="Gift cards")
            .first.click()
        )
        await page.get_by_role("button", name="New answer").click()
        await page.get_by_label("Title in English").fill("What a gift card is worth")
        await page.get_by_role("textbox", name="Text in English").click()
        await page.keyboard.type("Dear ")
        await page.get_by_role("button", name="Insert a variable").click()
        await page.get_by_role("menuitem", name="Name of the end-customer").click()
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("Version 1, changed")).to_be_visible()
        file = tmp_path / "card.txt"
        file.write_text("ten pounds")
        await page.locator("input[type=file]").last.set_input_files(file)
        await expect(page.get_by_role("link", name="Download card.txt")).to_be_visible()
        async with shop.browser(SUPERVISOR) as sophie:
            (line,) = (await sophie.http.get("/answers?q=gift card worth")).json()["items"]
            saved = (await sophie.http.get(f"/answers/{line['id']}")).json()
        assert saved["texts"]["en"]["text"] == "Dear {end_customer.name}"
        assert [each["name"] for each in saved["attachments"]] == ["card.txt"]
        await page.get_by_role("button", name="Delete").click()
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await expect(page.get_by_text("Choose an answer, or write a new one.")).to_be_visible()


async def test_two_who_write_the_same_and_leaving_without_saving(
    browser: Browser, shop: CentreForTests
) -> None:
    async with page_of(browser) as page:
        await _log_in(page, shop)
        await page.goto(f"{shop.web.origin}/answers?answer=refund-when")
        title = page.get_by_label("Title in English")
        await title.fill("Mine")
        async with shop.browser(SUPERVISOR) as sophie:
            before = (await sophie.http.get("/answers/refund-when")).json()
            theirs = {**before, "texts": {"en": {"title": "Theirs", "text": "Another text"}}}
            tag = {"If-Match": '"1"'}
            assert (
                await sophie.http.put("/answers/refund-when", json=theirs, headers=tag)
            ).status_code == 200
        await page.get_by_role("button", name="Cancelling an order").click()
        await page.get_by_role("button", name="Go on writing").click()
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("alert")).to_contain_text("Somebody else has changed it")
        await page.get_by_role("button", name="Show the newest version").click()
        await expect(title).to_have_value("Theirs")
        await title.fill("Not kept")
        await page.get_by_role("button", name="Cancelling an order").click()
        await page.get_by_role("button", name="Leave it", exact=True).click()
        await expect(title).to_have_value("Cancelling an order")


@pytest.mark.parametrize(("theme", "language"), [("light", "en-GB"), ("dark", "fr-FR")])
async def test_nothing_serious_for_axe(
    browser: Browser, shop: CentreForTests, theme: str, language: str
) -> None:
    french = language.startswith("fr")
    async with page_of(browser, theme=theme, language=language) as page:
        await _log_in(page, shop)
        if french:
            await page.get_by_role("button", name="Language").click()
        name = "Quand arrive le remboursement" if french else "When a refund arrives"
        await page.get_by_role("button", name=name).click()
        await page.locator("[contenteditable=true]").nth(1).wait_for()
        faults = {"page": await serious_faults(page)}
        words = ("Aperçu", "Nouveau thème") if french else ("Preview", "New theme")
        for word in words:
            await page.get_by_role("button", name=word).first.click()
            await page.get_by_role("dialog").wait_for()
            await page.wait_for_timeout(300)
            faults[word] = await serious_faults(page)
            await page.keyboard.press("Escape")
            await page.get_by_role("dialog").wait_for(state="detached")
        assert {place: found for place, found in faults.items() if found} == {}


async def test_an_administrator_who_is_no_agent_finds_validation_and_inboxes_too(
    browser: Browser, shop: CentreForTests
) -> None:
    async with page_of(browser) as page:
        await _log_in(page, shop, ADMINISTRATOR)
        await page.get_by_role("link", name="Mail").click()
        await page.get_by_role("button", name="Inboxes").click()
        await expect(page.get_by_role("button", name="Inboxes")).to_have_attribute("aria-current", "page")
        await page.get_by_role("link", name="Answers").click()
        await expect(page.get_by_text("Choose an answer, or write a new one.")).to_be_visible()


async def test_an_agent_has_no_such_page_and_by_keys_it_works(browser: Browser, shop: CentreForTests) -> None:
    async with page_of(browser, width=900) as page:
        await _log_in(page, shop)
        await page.get_by_role("searchbox").focus()
        await page.keyboard.type("password")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("Title in English")).to_have_value("A forgotten password")
    async with page_of(browser) as page:
        await _log_in(page, shop, "amelie")
        await page.get_by_role("button", name="Start").wait_for()
        await expect(page.get_by_role("link", name="Answers")).to_have_count(0)
