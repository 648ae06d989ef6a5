"""A visitor on another site and agents at real browsers: conversations through reloads and a killed server, several at once."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from cordboard.testing.product import Product, free_port_base
from tests.acceptance.browser import ARGUMENTS, CHROMIUM, chromium_desk
from tests.acceptance.changes import CHATTERS, apply, with_chats
from tests.acceptance.site import Site, shop_site
from tests.web_ui.desk import serious_faults

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]

expect.set_options(timeout=30_000)

EACH = 5  # chats at once, of each who chats
ORIGINS = """
chat_buttons:
  shop: {{origins: ["{origin}"]}}
"""


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    running = Product(tmp_path_factory.mktemp("chat") / "data", free_port_base())
    running.start()
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def site(centre: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A shop of another origin whose policy allows nothing but what the widget documents."""
    with shop_site(centre.base_url, "demo/shop") as site:
        change = tmp_path_factory.mktemp("change") / "change.yaml"
        apply(centre, ORIGINS.format(origin=site.origin) + with_chats(EACH), change)
        yield site


@pytest.fixture
async def visitors() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@asynccontextmanager
async def visitor(browser: Browser, site: Site, name: str, **context: object) -> AsyncIterator[Page]:
    """A page of the site with the chat begun and its first question answered. Breaks of its policy fail the test."""
    opened = await browser.new_context(**{"locale": "en-GB", **context})  # type: ignore[arg-type]  # Playwright's own keywords
    page = await opened.new_page()
    page.set_default_timeout(30_000)
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on(
        "console", lambda message: broken.append(message.text) if "Content Security" in message.text else None
    )
    await page.goto(site.origin)
    await page.locator("cordboard-chat .launch").click()
    await page.locator("cordboard-chat input[name=name]").fill(name)
    consent = page.locator("cordboard-chat input[name=consent]")
    if await consent.count():
        await consent.check()
    await page.locator("cordboard-chat button[type=submit]").click()
    await page.locator("cordboard-chat .choices button").first.click()
    try:
        yield page
    finally:
        await opened.close()
    assert broken == []


async def write(page: Page, text: str) -> None:
    field = page.locator("cordboard-chat .bar textarea")
    await field.fill(text)
    await field.press("Enter")


def bubbles(page: Page) -> Locator:
    return page.locator("cordboard-chat .bubble")


READY = re.compile("(My state|Mon état).*: (Ready|Prêt|In contact|En contact)")


async def become_ready(page: Page) -> None:
    """In either language; a seat that was kept from before may be ready already."""
    state = page.get_by_role("button", name=re.compile("^(My state|Mon état)"))
    await expect(state).to_be_visible()
    if await page.get_by_role("button", name=READY).count() == 0:
        await state.click()
        await page.get_by_role("menuitem", name=re.compile(r"\b(Ready|Prêt)\b")).click()
    await expect(page.get_by_role("button", name=READY)).to_be_visible()


def said(page: Page, text: str) -> Locator:
    """A message on the agent's screen."""
    return page.get_by_role("list", name=re.compile("^Conversation (with|avec)")).get_by_text(
        text, exact=True
    )


async def answer(page: Page, text: str) -> None:
    field = page.get_by_label(re.compile("^(Write to|Écrire à)"))
    await field.fill(text)
    await field.press("Enter")


async def ended_by_visitor(page: Page, end: str = "End it") -> None:
    await page.locator("cordboard-chat .head button").last.click()
    await page.locator("cordboard-chat .foot").get_by_role("button", name=end).click()


async def finish_all(desk: Page) -> None:
    """Wraps up what is over."""
    over = desk.get_by_role("button", name=re.compile("The chat has ended|Le chat est terminé"))
    await expect(over.first).to_be_visible()
    while await over.count():
        before = await over.count()
        await over.first.click()
        await desk.get_by_role("button", name=re.compile("^(Finish|Terminer)")).click()
        await expect(over).to_have_count(before - 1)


async def test_a_conversation_survives_reloads_and_a_killed_server(
    centre: Product, site: Site, visitors: Browser, tmp_path: Path
) -> None:
    async with chromium_desk(centre, centre.login("emma"), tmp_path, seat="digital") as emma:
        await become_ready(emma)
        async with visitor(visitors, site, "Zoé Martin") as zoe:
            await expect(emma.get_by_role("button", name=re.compile("Zoé Martin"))).to_be_visible()
            await write(zoe, "Where is my lamp?")
            await expect(said(emma, "Where is my lamp?")).to_be_visible()
            await answer(emma, "Let me look, one moment.")
            await expect(bubbles(zoe).get_by_text("Let me look, one moment.")).to_be_visible()

            await zoe.reload()
            await expect(bubbles(zoe).get_by_text("Let me look, one moment.")).to_be_visible()

            centre.signal("server", signal.SIGKILL)
            await write(zoe, "Are you still there?")
            await expect(said(emma, "Are you still there?")).to_be_visible(timeout=60_000)
            await expect(bubbles(zoe).get_by_text("Are you still there?")).to_have_count(1)
            await emma.reload()
            await expect(said(emma, "Are you still there?")).to_have_count(1)
            await answer(emma, "I am. It leaves today.")
            await expect(bubbles(zoe).get_by_text("I am. It leaves today.")).to_have_count(1)
            await expect(said(emma, "Where is my lamp?")).to_have_count(1)

            await emma.get_by_label(re.compile("^Write to")).press("Escape")
            await emma.get_by_role("button", name="Close", exact=True).click()
            await emma.get_by_role("combobox", name="Closing reason").fill("order")
            await emma.get_by_role("combobox", name="Closing reason").press("Enter")
            await emma.get_by_role("button", name=re.compile("Close and finish")).click()
            await expect(zoe.get_by_text("The conversation has ended.")).to_be_visible()
            await expect(emma.get_by_text("No chat at hand.")).to_be_visible()
            await expect(emma.get_by_role("button", name="My state: Ready")).to_be_visible()


async def test_a_supervisor_reads_along_and_whispers(
    centre: Product, site: Site, visitors: Browser, tmp_path: Path
) -> None:
    """In French; the visitor sees nothing of it."""
    login = centre.login("sofia")
    async with chromium_desk(centre, centre.login("emma"), tmp_path, seat="digital") as emma:
        await become_ready(emma)
        async with visitor(visitors, site, "Ines") as ines:
            await expect(emma.get_by_role("button", name=re.compile("Ines"))).to_be_visible()
            await write(ines, "Do you ship to Lyon?")
            office = await visitors.new_context(locale="fr-FR")
            sofia = await office.new_page()
            sofia.set_default_timeout(30_000)
            await sofia.goto(centre.base_url)
            await sofia.locator("input[autocomplete=username]").fill(login.login)
            await sofia.locator("input[type=password]").fill(login.password)
            await sofia.keyboard.press("Enter")
            await sofia.get_by_role("link", name="Chats").click()
            await sofia.get_by_role("button", name=re.compile("Ines")).click()
            await expect(sofia.get_by_text("Do you ship to Lyon?")).to_be_visible()
            assert await serious_faults(sofia) == []
            whisper = sofia.get_by_label("Une note que seuls les collègues voient")
            await whisper.fill("We do, in two days.")
            await whisper.press("Enter")
            await emma.get_by_role("button", name=re.compile("Ines")).click()
            await expect(said(emma, "We do, in two days.")).to_be_visible()
            await answer(emma, "Yes, within two days.")
            await expect(bubbles(ines).get_by_text("Yes, within two days.")).to_be_visible()
            await expect(ines.get_by_text("We do, in two days.")).to_have_count(0)
            await expect(sofia.get_by_text("Yes, within two days.")).to_be_visible()
            await office.close()
            await ended_by_visitor(ines)
            await finish_all(emma)


async def test_three_agents_with_five_visitors_each_one_too_many_waits(
    centre: Product, site: Site, visitors: Browser, tmp_path: Path
) -> None:
    """Fifteen talk and the sixteenth waits with a position, until one of the fifteen leaves."""
    talkers = EACH * len(CHATTERS)
    async with AsyncExitStack() as stack:
        desks = []
        for login in CHATTERS:
            folder = tmp_path / login
            folder.mkdir()
            words = "fr" if login == "farid" else "en"
            desk = await stack.enter_async_context(
                chromium_desk(centre, centre.login(login), folder, seat="digital", words=words)
            )
            desks.append(desk)
            await become_ready(desk)
        coming = [visitor(visitors, site, f"Visitor {number}") for number in range(talkers)]
        pages = [*await asyncio.gather(*(stack.enter_async_context(each) for each in coming))]
        await asyncio.gather(*(write(page, f"question {number}") for number, page in enumerate(pages)))
        sessions = [desk.locator("nav[aria-label] button[class*=session]") for desk in desks]
        for each in sessions:
            await expect(each).to_have_count(EACH)
        last = await stack.enter_async_context(visitor(visitors, site, "One too many"))
        await expect(last.get_by_text("You are number 1 in the queue.")).to_be_visible()
        for number, page in enumerate(pages):
            await expect(bubbles(page).get_by_text(f"question {number}")).to_have_count(1)
        await pages[0].locator("cordboard-chat .head button").last.click()
        await pages[0].get_by_role("button", name="End it").click()
        await expect(pages[0].get_by_text("The conversation has ended.")).to_be_visible()
        for desk in desks:
            finish = desk.get_by_role("button", name=re.compile("^(Finish|Terminer)"))
            over = desk.get_by_role("button", name=re.compile("The chat has ended|Le chat est terminé"))
            if await over.count():
                await over.first.click()
                await finish.click()
        await expect(last.get_by_text("is here for you.")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_the_widget_is_for_everybody(
    centre: Product, site: Site, visitors: Browser, theme: str
) -> None:
    """Nothing serious for axe, in both themes, on a narrow telephone, in French, and without a mouse."""
    context = await visitors.new_context(
        locale="fr-FR",
        color_scheme=theme,
        viewport={"width": 360, "height": 640},  # type: ignore[arg-type]  # a literal
    )
    page = await context.new_page()
    page.set_default_timeout(30_000)
    await page.goto(f"{site.origin}?lang=fr")
    launch = page.locator("cordboard-chat .launch")
    await expect(launch).to_be_visible()
    await launch.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Parlez-nous")).to_be_visible()
    await page.keyboard.type("Zoé")
    assert await serious_faults(page) == []
    window = await page.locator("cordboard-chat .window").bounding_box()
    assert window is not None
    assert (window["x"], window["width"]) == (0, 360)
    for _ in range(4):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.shadowRoot?.activeElement?.type === 'checkbox'"):
            await page.keyboard.press("Space")
            break
    await page.keyboard.press("Enter")
    await expect(page.locator("cordboard-chat .choices button").first).to_be_visible()
    assert await serious_faults(page) == []
    await page.keyboard.press("Escape")
    await expect(page.locator("cordboard-chat .window")).to_have_count(0)
    await context.close()


async def test_a_site_that_is_not_allowed_shows_no_chat(centre: Product, visitors: Browser) -> None:
    with shop_site(centre.base_url, "demo/shop") as stranger:
        page = await visitors.new_page()
        refused = asyncio.get_running_loop().create_future()
        page.on("requestfailed", lambda request: "visitor" in request.url and refused.set_result(request.url))
        await page.goto(stranger.origin)
        await asyncio.wait_for(refused, 30)
        await expect(page.locator("cordboard-chat")).to_have_count(0)
