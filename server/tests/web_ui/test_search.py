"""Search in the history and in the palette, by keys alone, in both languages and themes, with nothing found and with trouble."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.web_ui.desk import MakeBelieve, make_believe, page_of, serious_faults


async def _contacts(page: Page, server: MakeBelieve, query: str = "") -> None:
    await page.goto(f"{server.url}/contacts{query}")
    await page.locator("main h1, h1").first.wait_for()


@pytest.mark.parametrize(
    ("theme", "language", "words", "nothing"),
    [
        ("light", "en-GB", "Words, name, number", "Nothing found."),
        ("dark", "fr-FR", "Mots, nom, numéro", "Rien trouvé."),
    ],
)
async def test_words_are_found_and_marked(
    browser: Browser, theme: str, language: str, words: str, nothing: str
) -> None:
    async with (
        make_believe(MOCK_SEATED="1", MOCK_LANGUAGE=language[:2]) as server,
        page_of(browser, theme=theme, language=language) as page,
    ):
        await _contacts(page, server)
        field = page.get_by_placeholder(re.compile(words))
        await field.fill("commande")
        await expect(page.locator("mark").first).to_have_text("commande")
        assert await serious_faults(page) == []
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        await expect(page.locator("[data-result]").nth(1)).to_be_focused()
        await page.keyboard.press("Enter")
        await page.locator("[role=dialog] article").wait_for()
        await page.keyboard.press("Escape")
        await page.locator("[role=dialog]").wait_for(state="detached")
        await field.fill("zzzz")
        await expect(page.get_by_text(nothing)).to_be_visible()
        await field.press("Escape")
        await expect(page.locator("table")).to_be_visible()


async def test_filters_narrow_and_can_be_reached_by_keys(browser: Browser) -> None:
    async with make_believe(MOCK_SEATED="1") as server, page_of(browser) as page:
        await _contacts(page, server, "?q=commande")
        await expect(page.locator("[data-result]").first).to_be_visible()
        await page.get_by_label("Channel", exact=True).select_option("email")
        await expect(page.locator("[data-result] svg").first).to_have_attribute("aria-label", "Email")
        marks = page.locator("[data-result] svg[aria-label]")
        await expect(page.locator("[data-result] svg[aria-label=Call]")).to_have_count(0)
        assert await marks.count() > 0
        more = page.get_by_role("button", name="Show more")
        before = await page.locator("[data-result]").count()
        await more.click()
        await expect(page.locator("[data-result]").nth(before)).to_be_visible()


async def test_the_palette_finds_contacts(browser: Browser) -> None:
    async with make_believe(MOCK_SEATED="1") as server, page_of(browser) as page:
        await page.goto(server.url)
        await page.locator("header [role=timer]").wait_for()
        await page.keyboard.press("Control+k")
        await page.locator("[role=dialog] input").fill("commande")
        await expect(page.get_by_text("Bonjour, ma commande").first).to_be_visible()
        assert await serious_faults(page) == []
        await page.get_by_text("Search contacts for “commande”").click()
        await expect(page).to_have_url(re.compile("/contacts.*q=commande"))
        await expect(page.locator("mark").first).to_have_text("commande")


async def test_trouble_is_told_in_a_sentence(browser: Browser) -> None:
    async with make_believe(MOCK_SEATED="1") as server, page_of(browser) as page:
        await page.route(
            "**/api/v1/search**",
            lambda route: route.fulfill(
                status=503,
                content_type="application/problem+json",
                body='{"status": 503, "code": "unavailable", "title": "", "detail": "The database does not answer."}',
            ),
        )
        await _contacts(page, server, "?q=commande")
        await expect(page.get_by_role("alert")).to_be_visible(timeout=20_000)


@pytest.mark.parametrize(
    ("language", "said", "answer", "done", "person"),
    [
        ("en-GB", "What was said", "Answer by email", "The chat is now a mail", "Same person"),
        ("fr-FR", "Ce qui a été dit", "Répondre par mail", "Le chat est maintenant", "La même personne"),
    ],
)
async def test_a_chat_that_is_over_is_read_and_answered_by_email(
    browser: Browser, language: str, said: str, answer: str, done: str, person: str
) -> None:
    async with (
        make_believe(MOCK_SEATED="1", MOCK_LANGUAGE=language[:2]) as server,
        page_of(browser, language=language, theme="dark") as page,
    ):
        await _contacts(page, server)
        await page.get_by_role("button", name="Joan Smith", exact=True).first.press("Enter")
        panel = page.get_by_role("dialog")
        await expect(panel.get_by_role("tab", name=said)).to_have_attribute("aria-selected", "true")
        await expect(panel.get_by_text("Where is my lamp?")).to_be_visible()
        assert await serious_faults(page) == []
        await panel.get_by_role("button", name=answer).press("Enter")
        await expect(page.get_by_text(re.compile(done))).to_be_visible()
        await panel.get_by_role("tab", name=person).press("Enter")
        await expect(panel.locator("li button").first).to_be_visible()
        assert await serious_faults(page) == []
