"""What makes a chat good: going on after the end, pages and files, a colleague, a supervisor, silence, invitations, the script.

Real browsers: agents at their desks, visitors on another site under a strict policy.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from cordboard.testing.product import Product, free_port_base
from tests.acceptance.browser import ARGUMENTS, CHROMIUM, chromium_desk
from tests.acceptance.changes import apply
from tests.acceptance.site import Site, shop_site
from tests.acceptance.test_chat import (
    answer,
    become_ready,
    bubbles,
    ended_by_visitor,
    finish_all,
    said,
    visitor,
    write,
)
from tests.web_ui.desk import serious_faults

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]
expect.set_options(timeout=30_000)

CHANGE = """
chat_buttons:
  shop: {{origins: ["{shop}"], languages: [en, fr, de, es]}}
  invite: {{origins: ["{invite}"]}}
  brief:
    name: Brief
    space: retail
    origins: ["{brief}"]
    languages: [en, fr, de, es]
    idle_warning: 10s
    idle_timeout: 10s
"""


async def shot(page: Page, name: str) -> None:
    """A picture for who wants to look, in the folder that `CORDBOARD_PICTURES` names."""
    if folder := os.environ.get("CORDBOARD_PICTURES"):
        await page.wait_for_timeout(300)
        await page.screenshot(path=f"{folder}/{name}.png")


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    running = Product(tmp_path_factory.mktemp("care") / "data", free_port_base())
    running.start()
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def sites(centre: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Site]]:
    """One site for each of the buttons."""
    with (
        shop_site(centre.base_url, "demo/shop") as shop,
        shop_site(centre.base_url, "demo/invite") as invite,
        shop_site(centre.base_url, "demo/brief") as brief,
    ):
        found = {"shop": shop, "invite": invite, "brief": brief}
        origins = {name: site.origin for name, site in found.items()}
        apply(centre, CHANGE.format(**origins), tmp_path_factory.mktemp("change") / "change.yaml")
        yield found


@pytest.fixture
async def visitors() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@asynccontextmanager
async def at_desk(centre: Product, login: str, folder: Path, words: str = "en") -> AsyncIterator[Page]:
    """Ready, with a desktop of his own; his seat is free afterwards."""
    place = folder / login
    place.mkdir(exist_ok=True)
    async with chromium_desk(centre, centre.login(login), place, seat="digital", words=words) as page:
        await become_ready(page)
        try:
            yield page
        finally:
            headers = {"Origin": centre.base_url}
            await page.request.delete(f"{centre.base_url}/api/v1/desktop/seat", headers=headers)


def session(desk: Page, name: str) -> Locator:
    """A chat in the list at hand."""
    return desk.locator("nav[aria-label] button[class*=session]").filter(has_text=name)


async def show(desk: Page, name: str) -> None:
    await session(desk, name).click()


async def test_a_visitor_goes_on_after_the_end(
    centre: Product, sites: dict[str, Site], visitors: Browser, tmp_path: Path
) -> None:
    async with at_desk(centre, "emma", tmp_path) as emma, visitor(visitors, sites["shop"], "Ann") as ann:
        await show(emma, "Ann")
        await write(ann, "Where is my lamp?")
        await expect(said(emma, "Where is my lamp?")).to_be_visible()
        await answer(emma, "It leaves today.")
        await expect(bubbles(ann).get_by_text("It leaves today.")).to_be_visible()
        tab = await ann.context.new_page()
        await tab.goto(sites["shop"].origin)
        await expect(bubbles(tab).get_by_text("It leaves today.")).to_be_visible()
        await ended_by_visitor(ann)
        go_on = ann.get_by_role("button", name="Continue this conversation")
        await expect(go_on).to_be_visible()
        await shot(ann, "ended")
        assert await serious_faults(ann) == []
        await ann.reload()
        await go_on.click()
        await expect(ann.get_by_text("The conversation goes on.")).to_be_visible()
        await expect(ann.locator("cordboard-chat .bar textarea")).to_be_focused()
        await expect(tab.locator("cordboard-chat .bar textarea")).to_be_visible()
        await shot(ann, "goes-on")
        await write(ann, "It has not come.")
        await expect(bubbles(tab).get_by_text("It has not come.")).to_be_visible()
        await emma.get_by_role("button", name=re.compile("Ann.*It has not come", re.DOTALL)).click()
        await expect(said(emma, "It has not come.")).to_be_visible()
        await expect(said(emma, "Where is my lamp?")).to_be_visible()
        await shot(emma, "goes-on-agent")
        await answer(emma, "I look after it.")
        await expect(bubbles(ann).get_by_text("I look after it.")).to_have_count(1)
        await ended_by_visitor(ann)
        await finish_all(emma)


async def test_pages_and_files_both_ways_and_the_transcript(
    centre: Product, sites: dict[str, Site], visitors: Browser, tmp_path: Path
) -> None:
    note = tmp_path / "note.txt"
    note.write_text("The lamp is brass.")
    await in_the_library(centre)
    async with at_desk(centre, "emma", tmp_path) as emma, visitor(visitors, sites["shop"], "Bea") as bea:
        await show(emma, "Bea")
        await emma.get_by_role("button", name="Send a link or show a page").click()
        await emma.get_by_label("Address, https://…").fill(f"{sites['shop'].origin}/lamps")
        await shot(emma, "page-agent")
        await emma.get_by_role("button", name="Ask to open it there").click()
        await expect(emma.get_by_text("has not answered yet")).to_be_visible()
        await shot(bea, "page-visitor")
        async with bea.context.expect_page() as opened:
            await bea.get_by_role("button", name="Open the page").click()
        assert (await opened.value).url.endswith("/lamps")
        await (await opened.value).close()
        await expect(emma.get_by_text("was opened")).to_be_visible()
        await bea.reload()
        await expect(bea.get_by_role("button", name="Open the page")).to_have_count(0)

        await bea.locator("cordboard-chat input[type=file]").set_input_files(note)
        await expect(emma.get_by_role("link", name=re.compile("note.txt"))).to_be_visible()
        await emma.locator("input[type=file]").set_input_files(note)
        await expect(bubbles(bea).get_by_text("note.txt")).to_have_count(2)

        await emma.get_by_role("button", name="Send a file of the ready-made answers").click()
        await emma.get_by_label("Downloads", exact=True).select_option("1")
        field = emma.get_by_role("combobox", name="Send a file of the ready-made answers")
        await field.fill("care")
        await expect(emma.get_by_role("option", name=re.compile("care.txt"))).to_be_visible()
        await shot(emma, "library-agent")
        assert await serious_faults(emma) == []
        await field.press("Enter")
        await expect(emma.get_by_text("1 download")).to_be_visible()
        await expect(bubbles(bea).get_by_text("Downloads: at most 1")).to_be_visible()
        await expect(bubbles(bea).get_by_text("Available until")).to_be_visible()
        await shot(bea, "files-visitor")
        await shot(emma, "files-agent")
        link = await bea.get_by_role("link", name="Download care.txt").get_attribute("href")
        assert link is not None
        async with bea.expect_download() as taken:
            await bea.get_by_role("link", name="Download care.txt").click()
        file = await (await taken.value).path()
        assert await asyncio.to_thread(file.read_text) == "Dust it."
        gone = await bea.context.new_page()
        await gone.goto(link)
        await expect(gone.get_by_text("This file is not available any more")).to_be_visible()
        await shot(gone, "file-gone")
        await gone.close()

        await ended_by_visitor(bea)
        await bea.get_by_role("button", name="4 / 5").click()
        await shot(bea, "survey")
        await bea.locator("cordboard-chat form button").first.click()
        await expect(bea.get_by_text("Thank you.")).to_be_visible()
        await bea.get_by_text("Send me this conversation by email").click()
        await bea.locator("cordboard-chat input[type=email]").fill("bea@home.example")
        await bea.locator("cordboard-chat details form button").click()
        await expect(bea.get_by_text("It is on its way.")).to_be_visible()
        await shot(bea, "transcript")
        await finish_all(emma)


async def in_the_library(centre: Product) -> None:
    """An answer with a file, by a supervisor."""
    login = centre.login("sofia")
    base, headers = f"{centre.base_url}/api/v1", {"Origin": centre.base_url}
    async with httpx2.AsyncClient(base_url=base, headers=headers, timeout=30, trust_env=False) as http:
        body = {"login": login.login, "password": login.password}
        (await http.post("/sessions", json=body)).raise_for_status()
        themes = (await http.get("/answers/themes")).json()
        theme = (themes.get("items", themes) if isinstance(themes, dict) else themes)[0]["id"]
        texts = {"en": {"title": "How to care for brass", "text": "Dust it."}}
        made = await http.post("/answers", json={"theme_id": theme, "texts": texts})
        assert made.status_code == 201, made.text
        added = await http.post(
            f"/answers/{made.json()['id']}/attachments",
            files={"file": ("care.txt", b"Dust it.", "text/plain")},
            headers={"If-Match": made.headers["etag"]},
        )
        assert added.status_code == 201, added.text


async def test_a_colleague_a_whisper_and_a_supervisor_who_takes_over(
    centre: Product, sites: dict[str, Site], visitors: Browser, tmp_path: Path
) -> None:
    """The supervisor in French; the visitor, who is told in French too, sees nothing of what is not for him."""
    async with (
        at_desk(centre, "emma", tmp_path) as emma,
        at_desk(centre, "iris", tmp_path, "fr") as iris,
        visitor(visitors, sites["shop"], "Carl") as carl,
        at_desk(centre, "farid", tmp_path, "fr") as farid,
    ):
        await show(emma, "Carl")
        await write(carl, "Can I have it in red?")
        await emma.get_by_role("button", name="Invite", exact=True).click()
        field = emma.get_by_role("combobox", name="Invite into the chat")
        await field.fill("Farid")
        await shot(emma, "invite")
        await field.press("Enter")
        await show(farid, "Carl")
        await expect(said(farid, "Can I have it in red?")).to_be_visible()
        await answer(farid, "We can paint it.")
        await expect(bubbles(carl).get_by_text("We can paint it.")).to_be_visible()
        await shot(farid, "colleague")
        await farid.get_by_role("button", name="Quitter le chat").click()
        await expect(carl.get_by_text("Farid Haddad has left the conversation.")).to_be_visible()
        await expect(session(farid, "Carl")).to_have_count(0)

        await iris.get_by_role("link", name="Chats").click()
        await iris.get_by_role("button", name=re.compile("Carl")).click()
        await expect(iris.get_by_text("Can I have it in red?")).to_be_visible()
        whisper = iris.get_by_label("Une note que seuls les collègues voient")
        await whisper.fill("Never promise red.")
        await whisper.press("Enter")
        await expect(said(emma, "Never promise red.")).to_be_visible()
        await expect(carl.get_by_text("Never promise red.")).to_have_count(0)
        await shot(iris, "watching")
        await iris.get_by_role("button", name="Reprendre").click()
        await expect(carl.get_by_text("Iris Lambert is here for you.")).to_be_visible()
        await iris.get_by_role("link", name=re.compile("^Bureau|^Poste")).first.click()
        await show(iris, "Carl")
        await shot(iris, "taken-over")
        await iris.get_by_label(re.compile("^Écrire à")).fill("Blue is possible.")
        await iris.get_by_label(re.compile("^Écrire à")).press("Enter")
        await expect(bubbles(carl).get_by_text("Blue is possible.")).to_be_visible()
        await ended_by_visitor(carl)
        await finish_all(iris)
        await finish_all(emma)


async def test_silence_is_warned_of_and_ends_the_chat_which_goes_on(
    centre: Product, sites: dict[str, Site], visitors: Browser, tmp_path: Path
) -> None:
    """In German, on a narrow telephone in the dark."""
    async with at_desk(centre, "emma", tmp_path) as emma:
        context = await visitors.new_context(
            locale="de-DE", color_scheme="dark", viewport={"width": 360, "height": 640}
        )
        page = await context.new_page()
        page.set_default_timeout(30_000)
        await page.goto(f"{sites['brief'].origin}?lang=de")
        await page.locator("cordboard-chat .launch").click()
        await page.locator("cordboard-chat button[type=submit]").click()
        await show(emma, "Visitor")
        await answer(emma, "Guten Tag!")
        await expect(page.get_by_text("Sind Sie noch da?")).to_be_visible()
        await shot(page, "idle-warning")
        await expect(page.get_by_text("wurde beendet, weil")).to_be_visible()
        await shot(page, "idle-ended")
        assert await serious_faults(page) == []
        await page.get_by_role("button", name="Gespräch fortsetzen").click()
        await expect(page.get_by_text("Das Gespräch geht weiter.")).to_be_visible()
        await write(page, "Ich bin wieder da.")
        await show(emma, "Ich bin wieder da.")
        await shot(page, "idle-goes-on")
        await ended_by_visitor(page, "Beenden")
        await finish_all(emma)
        await context.close()


async def test_a_chat_is_handed_to_the_script(
    centre: Product, sites: dict[str, Site], visitors: Browser, tmp_path: Path
) -> None:
    async with at_desk(centre, "emma", tmp_path) as emma, visitor(visitors, sites["shop"], "Dora") as dora:
        await show(emma, "Dora")
        await write(dora, "I only wanted to ask.")
        await expect(said(emma, "I only wanted to ask.")).to_be_visible()
        await emma.get_by_role("button", name="Transfer", exact=True).click()
        field = emma.get_by_role("combobox", name="Transfer the chat to")
        await field.fill("message")
        await shot(emma, "hand-to")
        await field.press("Enter")
        await expect(dora.get_by_text("Emma Clarke has handed you over")).to_be_visible()
        await expect(dora.locator("cordboard-chat textarea[name=message]")).to_be_visible()
        await shot(dora, "handed")
        await finish_all(emma)
        await expect(emma.get_by_text("No chat at hand.")).to_be_visible()


async def test_an_invitation_only_while_somebody_is_free(
    centre: Product, sites: dict[str, Site], visitors: Browser, tmp_path: Path
) -> None:
    context = await visitors.new_context(locale="en-GB")
    page = await context.new_page()
    page.set_default_timeout(30_000)
    await page.goto(sites["invite"].origin)
    async with page.expect_response(lambda response: response.url.endswith("/invitation")) as refused:
        await page.evaluate("Cordboard.set({basket: 150})")
    assert (await refused.value).status == 409
    await expect(page.locator("cordboard-chat .launch")).to_have_count(0)
    async with at_desk(centre, "emma", tmp_path) as emma:
        await page.reload()
        await page.evaluate("Cordboard.set({basket: 150})")
        await expect(page.get_by_text("Any question before you order?")).to_be_visible()
        await shot(page, "invitation")
        assert await serious_faults(page) == []
        await page.get_by_role("button", name="Yes, please").click()
        await expect(page.get_by_text("Emma Clarke is here for you.")).to_be_visible()
        await show(emma, "Visitor")
        await ended_by_visitor(page)
        await finish_all(emma)
    await context.close()
