"""Who looks after the library, on the whole product: company words, the library as a file; and the agent's spelling check."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from cordboard.testing.product import Product
from tests.acceptance.test_looked_over import takes
from tests.acceptance.test_mail_desk import TEXT, browser, call, mail_desk, write
from tests.web_ui.desk import serious_faults

__all__ = ["browser"]
pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(200)]
PICTURES = os.environ.get("CORDBOARD_PICTURES", "")


async def seen(page: Page, name: str) -> None:
    # What fades in has another contrast.
    await page.evaluate(
        "Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null)))"
    )
    assert await serious_faults(page) == [], name
    if PICTURES:
        await page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


async def test_words_and_the_library_as_a_file_in_french_and_dark_and_a_word_is_put_right(
    browser: Browser, product: Product, tmp_path: Path
) -> None:
    context = await browser.new_context(
        viewport={"width": 1100, "height": 800}, locale="fr-FR", color_scheme="dark"
    )
    page = await context.new_page()
    page.set_default_timeout(30_000)
    login = product.login("sofia")
    await page.goto(product.base_url)
    await call(page, "POST", "/sessions", {"login": login.login, "password": login.password})
    await page.goto(f"{product.base_url}/answers")
    await page.get_by_role("button", name="Mots de l’entreprise").click()
    await page.get_by_label("Langue").select_option("en")
    await page.get_by_role("textbox", name="Mot").fill("Zorblax")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Retirer Zorblax")).to_be_visible()
    await seen(page, "20-words")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Bibliothèque en fichier").click()
    out = await page.evaluate("fetch('/api/v1/library').then((answer) => answer.text())")
    assert "order-cancel:" in out
    file = tmp_path / "library.yaml"
    file.write_text(
        "answers:\n  lamp-care:\n    theme: products\n    texts: {fr: {title: Entretien des lampes, text: Un chiffon sec.}}\n"
        "  order-cancel: null\n",
        encoding="utf-8",
    )
    await page.locator("input[type=file][accept]").set_input_files(file)
    await expect(page.get_by_text("2 changements", exact=True)).to_be_visible()
    await seen(page, "21-plan")
    await page.get_by_role("button", name="Appliquer").click()
    await expect(page.get_by_text("Entretien des lampes").first).to_be_visible()
    await context.close()

    async with mail_desk(browser, product, "grace") as grace:
        write(product, "pia.spells@smith.example", "Is it water proof", "Hello, is it?\n\nPia")
        await takes(grace, product, "Is it water proof")
        await grace.get_by_role("button", name="Write the answer").click()
        await expect(grace.locator(TEXT)).to_be_focused()
        await grace.keyboard.type("Your parcle with the Zorblax lamp is on its way.")
        await grace.get_by_role("button", name="Spelling").click()
        dialog = grace.get_by_role("dialog")
        await expect(dialog.get_by_text("parcle", exact=True)).to_be_visible()
        assert await dialog.get_by_text("Zorblax").count() == 0
        await seen(grace, "22-spelling")
        await dialog.get_by_role("button", name="parcel", exact=True).click()
        await expect(dialog.get_by_text("parcle", exact=True)).to_have_count(0)
        await grace.keyboard.press("Escape")
        await expect(grace.locator(TEXT)).to_contain_text("Your parcel with the Zorblax lamp")
        await grace.set_viewport_size({"width": 420, "height": 800})
        await seen(grace, "23-narrow")
