"""A server with one tenant that has chat buttons, and its agent Amélie at her desk."""

from collections.abc import AsyncIterator

import pytest

from cordboard.testing.web import Browser, CentreForTests, Live, WebForTests, add_centre
from cordboard.testing.webchat import at_chat_desk, chat_centre


@pytest.fixture
async def centre(web: WebForTests) -> CentreForTests:
    centre = await add_centre(web, chat_centre())
    await web.start(centre.world)
    return centre


@pytest.fixture
async def amelie(centre: CentreForTests) -> AsyncIterator[tuple[Browser, Live]]:
    """At her desk, ready, with her live socket."""
    async with centre.browser("amelie") as browser, browser.live("me") as live:
        await at_chat_desk(browser)
        await live.until(lambda each: each.me["state"] == "ready")
        yield browser, live
