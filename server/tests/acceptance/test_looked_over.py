"""Answers that somebody looks over, on the whole product: corrected, sent back, approved; and closed mails that come back."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from cordboard.testing.product import Product
from tests.acceptance.test_mail_desk import TEXT, browser, call, listed, mail_desk, mailbox_of, write

__all__ = ["browser"]
pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]
PICTURES = os.environ.get("CORDBOARD_PICTURES", "")
"""A folder for pictures of what is seen on the way, for who wants to look."""


async def seen(page: Page, name: str) -> None:
    if PICTURES:
        await page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


@asynccontextmanager
async def validator(browser: Browser, product: Product, theme: str = "light") -> AsyncIterator[Page]:
    """The coordinator, who holds no seat."""
    context = await browser.new_context(
        viewport={"width": 1280, "height": 860},
        locale="en-GB",
        color_scheme="dark" if theme == "dark" else "light",
    )
    page = await context.new_page()
    page.set_default_timeout(30_000)
    login = product.login("camille")
    await page.goto(product.base_url)
    await call(page, "POST", "/sessions", {"login": login.login, "password": login.password})
    await page.goto(f"{product.base_url}/mail?tab=validation")
    yield page
    await context.close()


async def answers(page: Page, text: str) -> None:
    """Writes below the open mail and sends it closed."""
    await page.get_by_role("button", name="Write the answer").click()
    await expect(page.locator(TEXT)).to_be_focused()
    await page.keyboard.type(text)
    await sends(page)


async def sends(page: Page) -> None:
    reason = page.get_by_role("combobox", name="Closing reason")
    if await reason.count():
        await reason.select_option(index=1)
    await page.locator(TEXT).click()
    await page.keyboard.press("Control+Shift+Enter")


async def takes(page: Page, product: Product, subject: str) -> int:
    contact = await listed(page, subject)
    await call(page, "POST", f"/contacts/{contact}/claim")
    await page.goto(f"{product.base_url}/mail?contact={contact}")
    await expect(page.locator("section h2").filter(has_text=subject)).to_be_visible()
    return contact


async def left(product: Product, address: str, words: bytes) -> list[str]:
    """The text of what has come to somebody with these words in it."""
    for _ in range(120):
        found = [mail for mail in mailbox_of(product, address) if words in mail]
        if found:
            parts = [part for mail in found for part in message_from_bytes(mail).walk()]
            plain = [part for part in parts if part.get_content_type() == "text/plain"]
            return [part.get_payload(decode=True).decode() for part in plain]  # type: ignore[union-attr]  # bytes of a leaf
        await asyncio.sleep(0.25)
    return []


async def test_a_held_answer_leaves_as_it_was_corrected_and_its_author_sees_why(
    browser: Browser, product: Product
) -> None:
    nora = "nora.corrected@smith.example"
    async with mail_desk(browser, product, "grace") as grace, validator(browser, product) as camille:
        write(product, nora, "Two lamps too many", "Hello,\n\nI was charged twice. Please help.\n\nNora")
        contact = await takes(grace, product, "Two lamps too many")
        await answers(grace, "You get a refund some day.")
        await expect(grace.get_by_role("region", name="My mails")).to_contain_text("At validation")
        await seen(grace, "1-held")
        await camille.get_by_role("option").filter(has_text="Two lamps too many").click()
        await camille.get_by_role("button", name="Correct", exact=True).click()
        await camille.locator(TEXT).click()
        await camille.keyboard.press("Control+End")
        await camille.keyboard.press("Control+a")
        await camille.keyboard.type("Dear Nora, you get your refund within five days.")
        await camille.get_by_role("textbox", name=re.compile("^Remark")).fill("Say when, and greet her.")
        await seen(camille, "2-correcting")
        await camille.get_by_role("button", name="Send the corrected answer").click()
        await expect(grace.get_by_text(re.compile("Camille Mercier corrected your answer"))).to_be_visible()
        await seen(grace, "3-told")
        texts = await left(product, nora, b"within five days")
        assert len(texts) == 1 and "some day" not in texts[0]
        await grace.goto(f"{product.base_url}/mail?contact={contact}")
        note = grace.locator("article").filter(has_text="Camille Mercier corrected this answer")
        await expect(note).to_contain_text("Say when, and greet her.")
        await note.get_by_role("button", name="What was changed").click()
        await expect(note.locator("del").first).to_be_visible()
        await seen(grace, "4-corrected")


async def test_an_answer_that_was_sent_back_is_mended_and_approved_then_the_mail_comes_back(
    browser: Browser, product: Product
) -> None:
    otto = "otto.returned@smith.example"
    async with mail_desk(browser, product, "grace") as grace, validator(browser, product, "dark") as camille:
        write(product, otto, "My lamp flickers", "Hello,\n\nit flickers. A refund, please.\n\nOtto")
        contact = await takes(grace, product, "My lamp flickers")
        await answers(grace, "No refund.")
        await camille.get_by_role("option").filter(has_text="My lamp flickers").click()
        await camille.get_by_role("button", name="Send back").click()
        await camille.get_by_role("textbox", name=re.compile("^Remark")).fill(
            "Too short: offer a repair first."
        )
        await seen(camille, "5-sending-back")
        await camille.get_by_role("button", name="Send back").last.click()
        await expect(
            grace.get_by_text(re.compile("Camille Mercier sent your answer to .* back"))
        ).to_be_visible()
        await seen(grace, "6-told")
        await grace.goto(f"{product.base_url}/mail?contact={contact}")
        await grace.get_by_role("button", name="Take it").click()
        await expect(grace.get_by_text("Too short: offer a repair first.").first).to_be_visible()
        await expect(grace.locator(TEXT)).to_contain_text("No refund.")
        await seen(grace, "7-sent-back")
        await grace.locator(TEXT).click()
        await grace.keyboard.press("Control+Home")
        await grace.keyboard.type("Dear Otto, we repair it for free; then no refund is due. ")
        await sends(grace)
        await camille.get_by_role("option").filter(has_text="My lamp flickers").click()
        await camille.get_by_role("button", name="Approve and send").click()
        await expect(grace.get_by_text(re.compile("was approved"))).to_be_visible()
        assert len(await left(product, otto, b"we repair it for free")) == 1
        await seen(grace, "8-approved")

        await grace.get_by_role("button", name="Closed", exact=True).click()
        row = grace.get_by_role("option").filter(has_text="My lamp flickers")
        await expect(row).to_contain_text("Grace Hughes")
        await seen(grace, "9-closed-view")
        await row.click()
        await grace.get_by_role("button", name="Reopen").click()
        await expect(grace.get_by_role("button", name="Write the answer")).to_be_visible()
        await seen(grace, "10-reopened")
        await grace.get_by_role("button", name="To do", exact=True).click()
        write(product, otto, "Re: My lamp flickers", "Thank you! When do you come?")
        await expect(grace.locator("article").filter(has_text="When do you come?")).to_be_visible()
        await seen(grace, "11-replied")
