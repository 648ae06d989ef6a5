"""The mail desk in real browsers on the whole product: a mail is written, taken, answered by keys, and arrives."""

import asyncio
import imaplib
import re
import smtplib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from cordboard.testing.product import Product
from tests.web_ui.desk import ARGUMENTS, CHROMIUM

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]
TEXT = "[role=textbox][aria-multiline=true]"
SAVED = re.compile(r"^saved \d")
SHOP = "shop@lanterne.example"
RACES = 200
CLAIM_AT = """async ([contact, at]) => {
    await new Promise((go) => setTimeout(go, at - Date.now() - 4));
    while (Date.now() < at);
    const answer = await fetch(`/api/v1/contacts/${contact}/claim`, { method: "POST" });
    return { status: answer.status, said: answer.status === 204 ? null : await answer.json() };
}"""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    expect.set_options(timeout=30_000)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield chromium
        await chromium.close()


def write(product: Product, sender: str, subject: str, text: str) -> None:
    """As anybody writes to the centre: to the demo's own mail server."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = SHOP
    message["Subject"] = subject
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", product.settings.demo_smtp_port, timeout=20) as smtp:
        smtp.send_message(message)


def mailbox_of(product: Product, address: str) -> list[bytes]:
    """What lies in somebody's mailbox on the demo's own mail server."""
    with imaplib.IMAP4("127.0.0.1", product.settings.demo_imap_port, timeout=20) as imap:
        imap.login(address, "demo")
        imap.select("INBOX", readonly=True)
        _, found = imap.search(None, "ALL")
        return [imap.fetch(number, "(RFC822)")[1][0][1] for number in found[0].split()]  # type: ignore[index, misc]  # imaplib's shape


async def call(page: Page, method: str, path: str, body: object = None) -> Any:
    """A call to the API out of the page itself, as its own code makes it."""
    return await page.evaluate(
        """async ([method, path, body]) => {
            const headers = { "Content-Type": "application/json" };
            const sent = body === null ? {} : { body: JSON.stringify(body), headers };
            const answer = await fetch(`/api/v1${path}`, { method, ...sent });
            return answer.status === 204 ? null : await answer.json();
        }""",
        [method, path, body],
    )


@asynccontextmanager
async def mail_desk(browser: Browser, product: Product, who: str) -> AsyncIterator[Page]:
    """Logged in on a seat for emails, at the page of mails."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = await context.new_page()
    page.set_default_timeout(30_000)
    login = product.login(who)
    try:
        await page.goto(product.base_url)
        await call(page, "POST", "/sessions", {"login": login.login, "password": login.password})
        phone = {"kind": "number", "address": "+33612345699"}
        await call(page, "POST", "/desktop/seat", {"seat": "multimedia", "phone": phone})
        await page.goto(f"{product.base_url}/mail")
        yield page
    finally:
        await call(page, "DELETE", "/desktop/seat")
        await context.close()


async def listed(page: Page, subject: str) -> int:
    """The contact of a mail, once the list of work has it."""
    for _ in range(120):
        found = await call(page, "GET", f"/work?channel=email&q={subject}")
        if found["items"]:
            return int(found["items"][0]["contact_id"])
        await asyncio.sleep(0.25)
    raise AssertionError(f"{subject} never came into the list: {found}")


async def test_a_mail_is_taken_answered_by_keys_and_arrives(browser: Browser, product: Product) -> None:
    joan = "joan.answered@smith.example"
    async with mail_desk(browser, product, "grace") as page:
        write(product, joan, "Lustre fendu", "Bonjour,\n\nla lampe est arrivée cassée.\n\nJoan")
        contact = await listed(page, "Lustre")
        row = page.get_by_role("option").filter(has_text="Lustre fendu")
        await expect(row).to_be_visible()
        await row.click()
        await expect(page.locator("article").filter(has_text="arrivée cassée")).to_be_visible()
        await page.get_by_role("button", name="Take it").click()
        await page.get_by_role("button", name="Write the answer").click()
        await expect(page.locator(TEXT)).to_be_focused()
        await page.keyboard.type("Bonjour Joan, une lampe neuve part aujourd’hui.")
        await expect(page.locator("output").filter(has_text=SAVED)).to_be_visible()
        await page.reload()
        await expect(page.locator(TEXT)).to_contain_text("une lampe neuve part")
        reason = page.get_by_role("combobox", name="Closing reason")
        if await reason.count():
            await reason.select_option(index=1)
        await page.locator(TEXT).click()
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("status").filter(has_text="Sent to")).to_be_visible()
        arrived: list[bytes] = []
        for _ in range(160):
            arrived = [mail for mail in mailbox_of(product, joan) if b"neuve part" in mail]
            if arrived:
                break
            await asyncio.sleep(0.25)
        assert len(arrived) == 1, "the answer is there once"
        thread = await call(page, "GET", f"/contacts/{contact}/thread")
        assert [mail["direction"] for mail in thread["mails"]][-1] == "out"


async def test_two_browsers_race_for_the_same_mails_and_one_has_each(
    browser: Browser, product: Product
) -> None:
    async with (
        mail_desk(browser, product, "grace") as grace,
        mail_desk(browser, product, "emma") as emma,
    ):
        for i in range(4):
            subject = f"Raced{i}x"
            write(product, f"race{i}@smith.example", subject, "Who takes it?")
            contact = await listed(grace, subject)
            for page in (grace, emma):
                await page.goto(f"{product.base_url}/mail?contact={contact}")
                await page.get_by_role("button", name="Take it").wait_for()
            await asyncio.gather(
                *(page.get_by_role("button", name="Take it").click() for page in (grace, emma))
            )
            for page in (grace, emma):
                await expect(page.get_by_role("button", name="Take it")).to_have_count(0)
            holders = [
                await page.get_by_role("button", name="Write the answer").count() for page in (grace, emma)
            ]
            assert sorted(holders) == [0, 1]
            loser, winner = (emma, "Grace Hughes") if holders[0] else (grace, "Emma Clarke")
            await expect(loser.get_by_text(f"{winner} was first.").first).to_be_visible()
            await expect(loser.get_by_text(f"{winner} has this mail in hand.")).to_be_visible()
            holder = grace if holders[0] else emma
            await call(holder, "POST", f"/contacts/{contact}/return", {"reason": "tried"})


async def test_two_browsers_claim_the_same_mail_at_the_same_instant_again_and_again(
    browser: Browser, product: Product
) -> None:
    names = ("Grace Hughes", "Emma Clarke")
    async with (
        mail_desk(browser, product, "grace") as grace,
        mail_desk(browser, product, "emma") as emma,
    ):
        pages = (grace, emma)
        write(product, "race@smith.example", "Racedalways", "Who takes it?")
        contact = await listed(grace, "Racedalways")
        won = [0, 0]
        for race in range(RACES):
            at = await grace.evaluate("Date.now()") + 25
            answers = await asyncio.gather(*(page.evaluate(CLAIM_AT, [contact, at]) for page in pages))
            assert sorted(each["status"] for each in answers) == [204, 409], (race, answers)
            winner = 0 if answers[0]["status"] == 204 else 1
            won[winner] += 1
            refused = answers[1 - winner]["said"]
            assert (refused["code"], refused["params"]["by"]) == ("already_taken", names[winner]), race
            await call(pages[winner], "POST", f"/contacts/{contact}/return", {"reason": "raced"})
        assert sum(won) == RACES
