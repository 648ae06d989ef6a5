"""The mail desk before the make-believe server: list, thread, answer, validation and inboxes, by keys, in both themes."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.web_ui.desk import MakeBelieve, make_believe, page_of, serious_faults

TEXT = "[role=textbox][aria-multiline=true]"
SAVED = re.compile(r"^saved \d")


DRAWN = "new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"


async def _press(page: Page, *keys: str) -> None:
    """Once what is seen has been drawn: only then does it listen."""
    await page.evaluate(DRAWN)
    for key in keys:
        await page.keyboard.press(key)


def _rows(page: Page) -> Locator:
    return page.locator("[data-mail-list] [role=option]")


@asynccontextmanager
async def _desk(browser: Browser, server: MakeBelieve, **look: str | int) -> AsyncIterator[Page]:
    async with page_of(browser, **look) as page:  # type: ignore[arg-type]  # theme, language, width, height
        await page.goto(f"{server.url}/mail")
        await _rows(page).first.wait_for()
        yield page


async def _take(page: Page) -> None:
    """The first of the list by its key."""
    await expect(page.locator("[data-mail-list]")).to_be_focused()
    await _press(page, "c")
    await page.get_by_role("button", name="Park", exact=False).first.wait_for()


@pytest.mark.parametrize(("theme", "language"), [("light", "en-GB"), ("dark", "fr-FR")])
async def test_nothing_serious_for_axe_on_any_page_of_mail(
    browser: Browser, theme: str, language: str
) -> None:
    async with (
        make_believe(
            MOCK_SEATED="1", MOCK_SEAT="multimedia", MOCK_LANGUAGE=language[:2], MOCK_MAILS="300"
        ) as server,
        _desk(browser, server, theme=theme, language=language) as page,
    ):
        faults = {"list": await serious_faults(page)}
        await _press(page, "c")
        await page.locator("article").first.wait_for()
        await _press(page, "p")
        await page.locator("form select").first.wait_for()
        faults["thread and park"] = await serious_faults(page)
        await _press(page, "Escape")
        await page.locator("form button[type=button]").click()
        await _press(page, "e")
        await expect(page.locator(TEXT)).to_be_focused()
        await page.keyboard.type("Good day /")
        await page.locator("[role=listbox] [role=option] b").first.wait_for()
        faults["answer"] = await serious_faults(page)
        await _press(page, "Enter", "Control+Enter")
        await page.get_by_role("alert").wait_for()
        faults["objection"] = await serious_faults(page)
        await page.goto(f"{server.url}/mail?tab=validation")
        await page.locator("footer button").first.wait_for()
        faults["validation"] = await serious_faults(page)
        await page.goto(f"{server.url}/mail?tab=inboxes")
        await page.locator("main li button").first.click()
        await page.locator("[role=dialog] li").first.wait_for()
        await page.wait_for_timeout(400)
        faults["connection test"] = await serious_faults(page)
        await page.goto(server.url)
        await page.locator("[data-widget=mail] [role=option]").first.wait_for()
        faults["widget"] = await serious_faults(page)
        assert {place: found for place, found in faults.items() if found} == {}


async def test_an_answer_by_keys_alone_then_the_next_mail(browser: Browser, server: MakeBelieve) -> None:
    async with _desk(browser, server) as page:
        await _take(page)
        await _press(page, "e")
        await expect(page.locator(TEXT)).to_be_focused()
        await page.keyboard.type("Dear Joan, the invoice is attached. /late")
        await expect(page.get_by_role("option", name="Late delivery")).to_be_visible()
        await _press(page, "Enter")
        await expect(page.locator(TEXT)).to_contain_text("We have asked the carrier")
        await expect(page.locator("output").filter(has_text=SAVED)).to_be_visible()
        await _press(page, "Control+Enter")
        await expect(page.get_by_role("alert")).to_contain_text("Choose a closing reason first")
        reason = page.get_by_role("combobox", name="Closing reason")
        await expect(reason).to_be_focused()
        await reason.select_option("Information given")
        await _press(page, "Control+Enter")
        await expect(page.get_by_role("alert")).to_contain_text("You speak of an attachment")
        await page.get_by_role("button", name="Send anyway").click()
        undo = page.get_by_role("status").filter(has_text="Sent to Joan Smith")
        await expect(undo).to_be_visible()
        await expect(page.locator("section h2").first).to_have_text("Livraison jamais arrivée")
        await _press(page, "u")
        await expect(page.locator("section h2").first).to_have_text("Where is my order 48213?")
        await expect(undo).to_be_hidden()


async def test_a_draft_is_there_again_after_a_reload_and_a_conflict_offers_both(
    browser: Browser, server: MakeBelieve
) -> None:
    async with _desk(browser, server) as page:
        await _take(page)
        await _press(page, "e")
        await expect(page.locator(TEXT)).to_be_focused()
        await page.keyboard.type("Half a sentence")
        await expect(page.locator("output").filter(has_text=SAVED)).to_be_visible()
        await page.reload()
        await expect(page.locator(TEXT)).to_contain_text("Half a sentence")
        await server.play("drafts")
        await page.locator(TEXT).click()
        await page.keyboard.type(" and more")
        conflict = page.get_by_role("alert").filter(has_text="Léa Fontaine saved another draft")
        await expect(conflict).to_be_visible()
        await conflict.get_by_role("button", name="Take the other").click()
        await expect(page.locator(TEXT)).to_contain_text("Written by Léa")
        await expect(conflict).to_be_hidden()


async def test_files_are_attached_and_images_pasted_into_the_text(
    browser: Browser, server: MakeBelieve
) -> None:
    async with _desk(browser, server) as page:
        await _take(page)
        await _press(page, "e")
        await expect(page.locator(TEXT)).to_be_focused()
        await page.locator("input[type=file][multiple]").set_input_files(
            {"name": "price list.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 pretended"}
        )
        await expect(page.get_by_role("button", name="Remove price list.pdf")).to_be_visible()
        await page.evaluate(
            """(selector) => {
                const data = new DataTransfer();
                data.items.add(new File([new Uint8Array([137, 80, 78, 71])], "door.png", { type: "image/png" }));
                const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
                document.querySelector(selector).dispatchEvent(paste);
            }""",
            TEXT,
        )
        await expect(page.locator(f"{TEXT} img[src^='/api/v1/files/']")).to_have_count(1)


@pytest.mark.parametrize(
    ("theme", "language", "button", "search", "attach", "remove"),
    [
        ("light", "en-GB", "From the library", "Search the answers", "Attach 1 file", "Remove {}"),
        ("dark", "fr-FR", "De la bibliothèque", "Chercher dans les réponses", "Joindre 1 fichier", "Retirer {}"),
    ],
)  # fmt: skip
async def test_files_of_the_library_are_attached_by_keys_alone(
    browser: Browser, theme: str, language: str, button: str, search: str, attach: str, remove: str
) -> None:
    async with (
        make_believe(MOCK_SEATED="1", MOCK_LANGUAGE=language[:2]) as server,
        _desk(browser, server, theme=theme, language=language) as page,
    ):
        await expect(page.locator("[data-mail-list]")).to_be_focused()
        await _press(page, "c")
        await page.locator("article").first.wait_for()
        await _press(page, "e")
        await expect(page.locator(TEXT)).to_be_focused()
        await page.get_by_role("button", name=button).press("Enter")
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_label(search)).to_be_focused()
        await expect(dialog.get_by_role("checkbox")).to_have_count(2)
        await page.wait_for_timeout(400)
        assert await serious_faults(page) == []
        await page.keyboard.type("refund")
        await expect(dialog.get_by_role("status")).to_be_visible()
        await dialog.get_by_label(search).fill("hours")
        await expect(dialog.get_by_role("checkbox")).to_have_count(2)
        await _press(page, "Control+Enter")
        await expect(dialog).to_be_visible()
        await _press(page, "Tab", "Space")
        await dialog.get_by_role("button", name=attach).press("Enter")
        await expect(dialog).to_be_hidden()
        name = "opening hours.pdf"
        await expect(page.get_by_role("button", name=remove.format(name))).to_be_visible()
        await page.get_by_role("button", name=button).press("Enter")
        await expect(dialog.get_by_role("checkbox", name=name)).to_be_disabled()


async def test_who_looks_and_who_was_first_is_said_by_name(browser: Browser, server: MakeBelieve) -> None:
    async with _desk(browser, server) as page:
        await server.play("looks")
        await expect(_rows(page).nth(0)).to_contain_text("Amir Benali")
        await server.play("takes")
        taken = _rows(page).nth(2)
        await expect(taken).to_contain_text("taken")
        await expect(taken).to_contain_text("Léa Fontaine")
        await expect(page.locator("[data-mail-list]")).to_be_focused()
        await _press(page, "j", "j", "c")
        await expect(page.get_by_text("Léa Fontaine was first.")).to_be_visible()
        await _press(page, "Enter")
        await expect(page.get_by_text("Léa Fontaine has this mail in hand.")).to_be_visible()


@pytest.mark.parametrize("wanted", [True, False])
async def test_an_offered_mail_is_heard_once_and_named_in_the_tab_as_the_person_likes(
    browser: Browser, wanted: bool
) -> None:
    async with (
        make_believe(MOCK_SEATED="1", MOCK_MAIL_MODE="push") as server,
        page_of(browser, language="fr-FR") as page,
    ):
        await page.add_init_script(
            """
            globalThis.tones = 0;
            const make = AudioContext.prototype.createOscillator;
            AudioContext.prototype.createOscillator = function () { globalThis.tones += 1; return make.call(this); };
            """
        )
        kept = {"theme": "light", "language": "fr", "alerts": {"sound": wanted, "count": False}}
        await server.http.put(
            f"{server.url}/api/v1/desktop/layout",
            json={"version": 1, "layouts": {}, "preferences": kept},
            headers={"If-Match": "*"},
        )
        await page.goto(f"{server.url}/mail")
        await expect(page).to_have_title("Cordboard")
        await page.locator("body").click()
        await server.play("mail")
        await expect(page).to_have_title(re.compile("^✉ Un mail pour vous · "))
        if wanted:
            await page.wait_for_function("tones === 2")
        await page.get_by_role("button", name="Accepter").click()
        await expect(page).to_have_title("Cordboard")
        assert await page.evaluate("tones") == (2 if wanted else 0), "once, not again and again"


async def test_waiting_mails_are_counted_in_the_tab_only_for_who_wants_it(
    browser: Browser, server: MakeBelieve
) -> None:
    async with _desk(browser, server) as page:
        await expect(page).to_have_title("Cordboard")
        await page.goto(server.url)
        switch = page.get_by_role("switch", name="Number of waiting mails")
        await switch.check(force=True)
        await expect(page).to_have_title(re.compile(r"^\(\d+\) Cordboard$"))
        await switch.uncheck(force=True)
        await expect(page).to_have_title("Cordboard")


async def test_a_pushed_mail_is_accepted_by_its_key_and_there_is_no_list(browser: Browser) -> None:
    async with (
        make_believe(MOCK_SEATED="1", MOCK_MAIL_MODE="push") as server,
        page_of(browser) as page,
    ):
        await page.goto(f"{server.url}/mail")
        await expect(page.get_by_text("The next mail comes to you")).to_be_visible()
        assert await _rows(page).count() == 0
        await server.play("mail")
        await expect(page.get_by_role("heading", name="A mail for you")).to_be_visible()
        assert await serious_faults(page) == []
        await _press(page, "a")
        await expect(page.locator("article").first).to_be_visible()
        await _press(page, "b")
        await page.get_by_role("textbox", name="Why do you give it back?").fill("Not my language")
        await _press(page, "Enter")
        await expect(page.get_by_text("The next mail comes to you")).to_be_visible()


async def test_sending_accepts_the_mail_that_was_offered_meanwhile(browser: Browser) -> None:
    async with (
        make_believe(MOCK_SEATED="1", MOCK_MAIL_MODE="push") as server,
        page_of(browser) as page,
    ):
        await page.goto(f"{server.url}/mail")
        await server.play("mail")
        await page.get_by_role("heading", name="A mail for you").wait_for()
        await _press(page, "a")
        await page.locator("article").first.wait_for()
        subject = await page.locator("section h2").first.inner_text()
        await _press(page, "e")
        await expect(page.locator(TEXT)).to_be_focused()
        await page.keyboard.type("It comes today.")
        await page.get_by_role("combobox", name="Closing reason").select_option("Information given")
        await server.play("another_mail")
        offer = page.get_by_role("heading", name="A mail for you")
        await expect(offer).to_be_visible()
        await page.locator(TEXT).click()
        await _press(page, "Control+Enter")
        await expect(offer).to_be_hidden()
        await expect(page.locator("section h2").first).not_to_have_text(subject)
        await expect(page.get_by_role("button", name="Write the answer")).to_be_visible()


async def test_held_answers_are_approved_corrected_and_sent_back(
    browser: Browser, server: MakeBelieve
) -> None:
    async with page_of(browser) as page:
        await page.goto(f"{server.url}/mail?tab=validation")
        await expect(page.get_by_role("heading", name="Re: Résiliation de mon contrat")).to_be_visible()
        await page.get_by_role("button", name="Correct").click()
        await expect(page.locator(TEXT)).to_be_focused()
        await page.keyboard.type("Quickly: ")
        await expect(page.locator("ins").first).to_contain_text("Quickly:")
        await page.get_by_role("button", name="Send the corrected answer").click()
        await expect(page.get_by_role("heading", name="Re: Where is my order 48213?")).to_be_visible()
        await _press(page, "y")
        await expect(page.get_by_text("No answer waits for you.")).to_be_visible()


async def test_who_takes_no_contacts_approves_in_the_office_by_the_same_key(browser: Browser) -> None:
    async with make_believe(MOCK_SEATED="1", MOCK_OFFICE="1") as server, page_of(browser) as page:
        await page.goto(f"{server.url}/mail")
        await expect(page.get_by_role("heading", name="Re: Résiliation de mon contrat")).to_be_visible()
        await _press(page, "y")
        await expect(page.get_by_role("heading", name="Re: Where is my order 48213?")).to_be_visible()
        assert await serious_faults(page) == []


async def test_a_hundred_thousand_mails_scroll(browser: Browser) -> None:
    async with (
        make_believe(MOCK_SEATED="1", MOCK_MAILS="100000") as server,
        _desk(browser, server) as page,
    ):
        await expect(page.get_by_text("of about 99999 shown")).to_be_visible()
        spans = await page.evaluate(
            """async () => {
                const list = document.querySelector("[data-mail-list]");
                const spans = [];
                for (let i = 0; i < 30; i++) {
                    const begin = performance.now();
                    list.scrollTop += 3000;
                    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
                    spans.push(performance.now() - begin);
                }
                return spans;
            }"""
        )
        assert sorted(spans)[len(spans) // 2] < 100
        assert await _rows(page).count() < 60


@pytest.mark.parametrize("width", [360, 760, 1024])
async def test_narrow_windows_scroll_down_only(browser: Browser, server: MakeBelieve, width: int) -> None:
    async with _desk(browser, server, width=width, height=740) as page:
        await _press(page, "c")
        await page.locator("article").first.wait_for()
        await _press(page, "e")
        await expect(page.locator(TEXT)).to_be_focused()
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        box = await page.get_by_role("button", name="Send, close and next").bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= width


async def test_drafts_of_new_mails_are_there_again_and_signed_for_their_inbox(
    browser: Browser, server: MakeBelieve
) -> None:
    async with _desk(browser, server) as page:
        await _press(page, "Shift+N")
        await expect(page.get_by_role("textbox", name="To")).to_be_focused()
        await page.keyboard.type("joan@smith.example,")
        await page.get_by_role("textbox", name="Subject").fill("Your parcel")
        await expect(page.locator(TEXT)).to_contain_text("Care")
        await page.get_by_role("combobox", name="From").select_option("shop")
        await expect(page.locator(TEXT)).to_contain_text("Shop")
        await expect(page.locator(TEXT)).not_to_contain_text("Care")
        await page.locator(TEXT).click()
        await _press(page, "Control+Home")
        await page.keyboard.type("It is {values.place}")
        await expect(page.locator("output").filter(has_text=SAVED)).to_be_visible()
        await page.get_by_role("button", name="Close; it stays among the drafts").click()
        await page.reload()
        drafts = page.get_by_role("region", name="Drafts of new mails")
        await drafts.get_by_role("button", name="Your parcel").click()
        await expect(page.locator(TEXT)).to_contain_text("It is {values.place}")
        await expect(page.get_by_role("combobox", name="From")).to_have_value("shop")
        # a second one under way
        await page.get_by_role("button", name="New mail", exact=False).first.click()
        await page.get_by_role("textbox", name="Subject").fill("Another one")
        await expect(drafts.get_by_role("button", name="Another one")).to_be_visible()
        assert await serious_faults(page) == []
        await page.get_by_role("button", name="Throw the draft away").click()
        await expect(drafts.get_by_role("button", name="Another one")).to_be_hidden()
        # what is missing is said before it goes, by keys
        await drafts.get_by_role("button", name="Your parcel").click()
        await page.locator(TEXT).click()
        await _press(page, "Control+Enter")
        await expect(page.get_by_role("alert")).to_contain_text("Not filled in yet: {values.place}")
        await page.get_by_role("button", name="Send anyway").click()
        await expect(page.get_by_role("status").filter(has_text="Sent to joan@smith.example")).to_be_visible()
        await expect(drafts).to_be_hidden()


async def test_what_was_sent_in_another_window_goes_on_as_another_mail(
    browser: Browser, server: MakeBelieve
) -> None:
    async with _desk(browser, server) as page:
        await _press(page, "Shift+N")
        await page.get_by_role("textbox", name="Subject").fill("Your parcel")
        await expect(page.locator("output").filter(has_text=SAVED)).to_be_visible()
        await server.play("forgets")
        await page.get_by_role("textbox", name="Subject").fill("Your parcel again")
        conflict = page.get_by_role("alert").filter(has_text="sent or thrown away in another window")
        await conflict.get_by_role("button", name="Keep mine").click()
        await expect(conflict).to_be_hidden()
        drafts = page.get_by_role("region", name="Drafts of new mails")
        await expect(drafts.get_by_role("button", name="Your parcel again")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_a_server_is_tried_before_it_is_configured(browser: Browser, language: str) -> None:
    words = {
        "en": ("Try a server", "Server", "User", "Password", "Test the connection", "Everything works."),
        "fr": (
            "Essayer un serveur",
            "Serveur",
            "Utilisateur",
            "Mot de passe",
            "Tester la connexion",
            "Tout fonctionne.",
        ),
    }[language]
    title, host, user, secret, go, well = words
    environment = {"MOCK_SEATED": "1", "MOCK_SEAT": "multimedia", "MOCK_LANGUAGE": language}
    async with (
        make_believe(MOCK_ADMINISTRATOR="1", **environment) as server,
        page_of(browser, language=language) as page,
    ):
        await page.goto(f"{server.url}/mail?tab=inboxes")
        form = page.get_by_role("region", name=title)
        await form.get_by_label(host).fill("imap.shop.example")
        await form.get_by_role("textbox", name=user).fill("shop")
        await form.get_by_role("textbox", name=secret).fill("wrong")
        await page.keyboard.press("Enter")
        await expect(form.get_by_text("does not accept the user shop")).to_be_visible()
        assert await serious_faults(page) == []
        await form.get_by_role("textbox", name=secret).fill("right")
        await form.get_by_role("button", name=go).click()
        await expect(form.get_by_text(well)).to_be_visible()
    async with make_believe(**environment) as server, page_of(browser, language=language) as page:
        await page.goto(f"{server.url}/mail?tab=inboxes")
        await expect(
            page.get_by_role("heading", name="Inboxes" if language == "en" else "Boîtes")
        ).to_be_visible()
        await expect(page.get_by_role("region", name=title)).to_be_hidden()


async def test_the_closed_are_a_view_of_the_list_and_what_is_empty_says_so(
    browser: Browser, server: MakeBelieve
) -> None:
    async with _desk(browser, server, theme="dark", width=1000) as page:
        views = page.get_by_role("region", name="Saved views")
        await views.get_by_role("button", name="Closed", exact=True).click()
        await expect(page.get_by_text("No mail was closed in these days.")).to_be_visible()
        assert await serious_faults(page) == []
        await page.get_by_role("button", name="Filters").click()
        await expect(page.get_by_role("combobox", name="State")).to_have_value("closed")
        await expect(page.get_by_role("combobox", name="Closed in")).to_be_visible()
        assert await serious_faults(page) == []
        await views.get_by_role("button", name="To do", exact=True).click()
        await expect(_rows(page).first).to_be_visible()
