"""A bot over real HTTP: streamed answers, a hand-over with the transcript, a signature, and one that does not answer."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from cordboard.core.script.steps import BotStep, QueueStep
from cordboard.testing.web import CentreForTests, WebForTests, add_centre
from cordboard.testing.webchat import at_chat_desk, begin, chat_centre


@dataclass
class Bot:
    """A server that answers each question with the next of `answers`: lines that are sent one after the other."""

    answers: list[list[dict[str, object]]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        body = await reader.readexactly(int(headers["content-length"]))
        self.headers.append(headers)
        self.bodies.append(body)
        self.asked.append(json.loads(body))
        lines = self.answers.pop(0) if self.answers else None
        if lines is None:
            writer.write(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n"
            )
            for line in lines:
                writer.write(json.dumps(line).encode() + b"\n")
                await writer.drain()
        writer.close()


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    made = Bot()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()


@pytest.fixture
async def centre(web: WebForTests, bot: Bot) -> CentreForTests:
    step = BotStep(f"http://127.0.0.1:{bot.port}/answer", "people", failed="people", secret="bot")
    centre = await add_centre(web, chat_centre(start=step, people=QueueStep("chats")))
    await web.start(centre.world)
    assert web.web is not None
    centre.world.ask_bot = web.web.webchat.ask_bot
    return centre


async def test_a_bot_talks_and_hands_over_with_what_was_said(centre: CentreForTests, bot: Bot) -> None:
    bot.answers = [
        [{"text": "Hello, I am a bot."}],
        [{"text": "One moment."}, {"text": "I pass you on.", "then": "hand_over", "values": {"order": "7"}}],
    ]
    async with centre.browser("amelie") as amelie, amelie.live("me") as live:
        await at_chat_desk(amelie)
        visitor = await begin(centre)
        async with visitor.online():
            await visitor.until(lambda each: "Hello, I am a bot." in each.texts("bot"))
            await visitor.say("Where is my order?")
            await visitor.until(lambda each: each.state.get("state") == "talking")
            assert {"t": "typing", "on": True} in visitor.others
            assert visitor.texts("bot") == ["Hello, I am a bot.", "One moment.", "I pass you on."]
        await live.until(lambda each: len(each.rows["me"]) == 2)
        row = next(row for key, row in live.rows["me"].items() if key.startswith("contact:"))
        assert row["values"] == {"order": "7"}
        history = await amelie.http.get(f"/contacts/{row['contact_id']}/messages")
        assert [each["author"] for each in history.json()["items"]] == [
            "bot",
            "visitor",
            "bot",
            "bot",
            "system",
        ]
    assert [each["text"] for each in bot.asked[1]["messages"]] == ["Hello, I am a bot.", "Where is my order?"]
    assert bot.headers[0]["idempotency-key"] != bot.headers[1]["idempotency-key"]
    signature = hmac.new(b"a secret of bot", bot.bodies[1], hashlib.sha256).hexdigest()
    assert bot.headers[1]["x-cordboard-signature"] == f"sha256={signature}"


async def test_a_bot_that_fails_hands_over(centre: CentreForTests, bot: Bot) -> None:
    async with centre.browser("amelie") as amelie, amelie.live("me"):
        await at_chat_desk(amelie)
        visitor = await begin(centre)
        async with visitor.online():
            await visitor.until(lambda each: each.state.get("state") == "talking")
    assert len(bot.asked) == 1 and "bot_left" in await centre.world.recorded()


async def test_an_agent_hands_a_chat_to_the_bot_and_gets_it_back(web: WebForTests, bot: Bot) -> None:
    robot = BotStep(f"http://127.0.0.1:{bot.port}/answer", "people", failed="people")
    config = chat_centre(people=QueueStep("chats"), robot=robot)
    script = config.scripts["talk"]
    script = replace(script, start="people", hand_to={"robot": {"en": "The order bot"}})
    centre = await add_centre(web, replace(config, scripts={**config.scripts, "talk": script}))
    await web.start(centre.world)
    assert web.web is not None
    centre.world.ask_bot = web.web.webchat.ask_bot
    bot.answers = [[{"text": "It is packed."}], [{"text": "I ask a colleague.", "then": "hand_over"}]]
    async with centre.browser("amelie") as amelie, amelie.live("me") as live:
        await at_chat_desk(amelie)
        visitor = await begin(
            centre, page={"url": "https://shop.example/cart", "referrer": "https://a.example/"}
        )
        async with visitor.online():
            await visitor.until(lambda each: each.state.get("state") == "talking")
            await live.until(lambda each: len(each.rows["me"]) == 2)
            row = next(row for key, row in live.rows["me"].items() if key.startswith("contact:"))
            await visitor.say("Where is order 7?")
            said = {"key": "answer-0001", "text": "Our bot knows that."}
            await amelie.http.post(f"/contacts/{row['contact_id']}/messages", json=said)
            given = await amelie.http.post(
                f"/contacts/{row['contact_id']}/transfer", json={"to": "step:robot"}
            )
            assert given.status_code < 300, given.text
            await visitor.until(lambda each: "It is packed." in each.texts("bot"))
            assert visitor.state["state"] == "script"
            await visitor.say("And when does it come?")
            await visitor.until(lambda each: each.state.get("state") == "talking")
    told = [(each["from"], each["text"]) for each in bot.asked[0]["messages"]]
    assert ("visitor", "Where is order 7?") in told and ("agent", "Our bot knows that.") in told
    assert bot.asked[0]["page"]["path"] == "/cart"
    assert bot.asked[0]["page"]["referrer"] == "https://a.example/"
