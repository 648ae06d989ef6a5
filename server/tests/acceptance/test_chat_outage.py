"""Chats through a server that is killed: visitors and agents write on, and both copies of every conversation are the same."""

import asyncio
import json
import secrets
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from cordboard.testing.desk import Desk
from cordboard.testing.product import Product, free_port_base
from tests.acceptance.changes import CHATTERS, apply, with_chats

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]
EACH = 5  # chats at once, of each agent
WORDS = 20  # of each visitor


@dataclass
class Widget:
    """A visitor who keeps what was not confirmed, and comes back with the last number that he has seen."""

    base_url: str
    token: str
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    unsent: dict[str, str] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _socket: Any = None

    async def stay(self) -> None:
        while True:
            after = max(self.messages, default=0)
            url = f"{self.base_url.replace('http', 'ws', 1)}/api/v1/visitor/socket?token={self.token}&after={after}"
            try:
                async with connect(url, proxy=None, open_timeout=5) as socket:
                    self._socket = socket
                    for key, text in list(self.unsent.items()):
                        await self._send(key, text)
                    async for frame in socket:
                        self._take(json.loads(frame))
            except (OSError, ConnectionClosed, InvalidHandshake, TimeoutError):
                await asyncio.sleep(0.2)

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["t"] == "message":
            assert frame["n"] <= max(self.messages, default=0) + 1, "a gap"
            self.messages[frame["n"]] = frame
            self.unsent.pop(frame.get("key", ""), None)
            self.changed.set()

    async def say(self, text: str) -> None:
        key = secrets.token_hex(8)
        self.unsent[key] = text
        await self._send(key, text)

    async def _send(self, key: str, text: str) -> None:
        try:
            if self._socket is not None:
                await self._socket.send(json.dumps({"t": "say", "key": key, "text": text}))
        except ConnectionClosed:
            return


@asynccontextmanager
async def a_visitor(product: Product) -> AsyncIterator[Widget]:
    async with httpx2.AsyncClient(base_url=product.base_url, timeout=30, trust_env=False) as client:
        body = {"key": secrets.token_hex(8), "visitor_id": secrets.token_hex(8), "language": "en"}
        answer = await client.post("/api/v1/visitor/demo/invite/sessions", json=body)
        widget = Widget(product.base_url, answer.raise_for_status().json()["token"])
    task = asyncio.create_task(widget.stay())
    yield widget
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _post(desk: Desk, path: str, body: dict[str, object]) -> None:
    """As a desktop does: again with the same key until it is done."""
    while True:
        try:
            answer = await desk.http.post(path, json=body)
            if answer.status_code < 500:
                assert answer.status_code == 201, answer.text
                return
        except httpx2.HTTPError:
            pass
        await asyncio.sleep(0.3)


async def _answers(desk: Desk, contact_id: int) -> None:
    for number in range(WORDS):
        body = {"key": secrets.token_hex(8), "text": f"Answer {number}"}
        await _post(desk, f"/contacts/{contact_id}/messages", body)
        await asyncio.sleep(0.05)


async def _words(widget: Widget) -> None:
    for number in range(WORDS):
        await widget.say(f"Word {number}")
        await asyncio.sleep(0.4)  # a person types


async def test_nothing_lost_nor_doubled(outage_folder: Path) -> None:
    product = Product(outage_folder, free_port_base(), {"CORDBOARD_ASTERISK": "external"})
    product.start()
    try:
        apply(product, with_chats(EACH), outage_folder.parent / "change.yaml")
        await _live(product)
    finally:
        assert product.stop() == 0


async def _live(product: Product) -> None:
    desks = [Desk(product.base_url, product.login(agent_id)) for agent_id in CHATTERS]
    for desk in desks:
        await desk.__aenter__()
        await desk.post("/desktop/seat", {"seat": "digital", "phone": None})
        desk.open_live()
        await desk.until(lambda desk=desk: "agent" in desk.rows["me"])
        await desk.ready()
    visitors = [a_visitor(product) for _ in range(len(CHATTERS) * EACH)]
    widgets = [await each.__aenter__() for each in visitors]
    for desk in desks:
        await desk.until(lambda desk=desk: len(desk.contacts) == EACH)
    held = [(desk, int(row["contact_id"])) for desk in desks for row in desk.contacts]
    talk = asyncio.gather(*(_answers(*each) for each in held), *(_words(widget) for widget in widgets))
    await asyncio.sleep(3)
    product.signal("server", signal.SIGKILL)
    await talk
    copies = []
    for desk, contact_id in held:
        async with asyncio.timeout(60):
            while True:
                items = (await desk.get(f"/contacts/{contact_id}/messages"))["items"]
                if sum(row["author"] == "visitor" for row in items) == WORDS:
                    break
                await asyncio.sleep(0.3)
        copies.append([(row["n"], row["text"]) for row in items if row["kind"] == "text"])
    for copy in copies:
        assert sorted(text for _, text in copy if text.startswith("Answer")) == sorted(
            f"Answer {number}" for number in range(WORDS)
        )
        assert [text for _, text in copy if text.startswith("Word")] == [f"Word {n}" for n in range(WORDS)]
    seen = [
        [(n, frame["text"]) for n, frame in sorted(widget.messages.items()) if frame["kind"] == "text"]
        for widget in widgets
    ]
    assert sorted(copies) == sorted(seen)
    assert all(not widget.unsent for widget in widgets)
    for visitor in visitors:
        await visitor.__aexit__(None, None, None)
    for desk in desks:
        await desk.__aexit__(None, None, None)
