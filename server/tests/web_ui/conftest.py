"""One browser for all; one make-believe server for each test."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

from tests.web_ui.desk import ARGUMENTS, CHROMIUM, MakeBelieve, make_believe


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield chromium
        await chromium.close()


@pytest.fixture
async def server() -> AsyncIterator[MakeBelieve]:
    """With the agent in her seat."""
    async with make_believe(MOCK_SEATED="1") as there:
        yield there
