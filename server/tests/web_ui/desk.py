"""The built desktop in a real browser, before the make-believe server of `web/tools`: looks and keys, no telephony."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from playwright.async_api import Browser, ConsoleMessage, Page

from cordboard.testing.postgres import free_port

_WEB = Path(__file__).resolve().parents[3] / "web"
_AXE = _WEB / "node_modules/axe-core/axe.min.js"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--no-sandbox",
    "--disable-background-networking",
)


@dataclass(frozen=True, slots=True)
class MakeBelieve:
    """One make-believe server: its address, and what the outside does."""

    url: str
    http: httpx2.AsyncClient

    async def play(self, what: str) -> None:
        (await self.http.post(f"{self.url}/mock/{what}")).raise_for_status()

    async def saved_layout(self) -> dict[str, Any]:
        answer = await self.http.get(f"{self.url}/api/v1/desktop/layout")
        layout: dict[str, Any] = answer.json()
        return layout


@asynccontextmanager
async def make_believe(**environment: str) -> AsyncIterator[MakeBelieve]:
    port = free_port()
    child = await asyncio.create_subprocess_exec(
        "node",
        str(_WEB / "tools/mock-server.mjs"),
        env={**os.environ, "PORT": str(port), **environment},
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    try:
        await asyncio.wait_for(child.stdout.readline(), 20)
        async with httpx2.AsyncClient() as http:
            yield MakeBelieve(f"http://127.0.0.1:{port}", http)
    finally:
        child.terminate()
        await child.wait()


@asynccontextmanager
async def page_of(
    browser: Browser, *, theme: str = "light", language: str = "en-GB", width: int = 1440, height: int = 900
) -> AsyncIterator[Page]:
    """A page that fails the test when something on it breaks the content security policy or throws."""
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        locale=language,
        color_scheme="dark" if theme == "dark" else "light",
    )
    page = await context.new_page()
    page.set_default_timeout(15_000)
    broken: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if (
            message.type == "error"
            and "Failed to load resource" not in message.text
            and "WebSocket" not in message.text
        ):
            broken.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: broken.append(str(error)))
    try:
        yield page
    finally:
        await context.close()
    assert broken == []


async def serious_faults(page: Page) -> list[str]:
    """What axe-core finds serious or critical on the page as it is now."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = await page.evaluate("axe.run(document, { resultTypes: ['violations'], iframes: false })")
    return [
        f"{fault['id']}: {json.dumps([node['html'] for node in fault['nodes']])[:400]}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
