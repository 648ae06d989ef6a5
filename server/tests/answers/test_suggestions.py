"""Suggestions over HTTP: for a contact's newest mail or messages, by meaning and by words, with what is missing, and learning."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from cordboard.core.conversation.facts import MessageWritten
from cordboard.core.conversation.words import Author, MessageKind
from cordboard.demo import library
from cordboard.knowledge.suggestions.process import WorkerEngine
from cordboard.runtime.clock import SystemClock
from cordboard.runtime.codec import wire_name
from cordboard.testing.centre import NUMBER
from cordboard.testing.web import SUPERVISOR, Browser, CentreForTests, WebForTests, add_centre

NOW = datetime(2026, 11, 24, tzinfo=UTC)
BROKEN = "The glass was in a thousand pieces when I opened the box."


async def ring(centre: CentreForTests) -> int:
    outside = centre.world.telephony
    outside.call(centre.tenant_id, "line-1", NUMBER, "+33612345678", "Zoé")
    await centre.server.settle()
    outside.finish_playback("line-1")
    await centre.server.settle()
    outside.press("line-1", "1")
    await centre.server.settle()
    return next(iter(centre.server.state.contacts))


async def write(
    centre: CentreForTests, contact_id: int, mail_id: int, text: str, language: str = "en"
) -> None:
    """A mail of the contact, as the mail program stores it. (The contact is a call here: its channel does not matter.)"""
    async with centre.web.db.tenant(centre.tenant_id) as connection:
        await connection.execute(
            "INSERT INTO mail (tenant_id, id, direction, inbox_id, state, contact_id, received_at, text, language)"
            " VALUES ($1, $2, 'in', 'shop', 'stored', $3, $4, $5, $6)",
            *(centre.tenant_id, mail_id, contact_id, NOW, text, language),
        )


async def suggested(browser: Browser, contact_id: int, query: str = "") -> dict[str, Any]:
    answer = await browser.http.get(f"/contacts/{contact_id}/suggestions{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def quiet(centre: CentreForTests) -> None:
    """Until what the suggestions do in the background has ended."""
    mine = ("library of", "use of")
    await asyncio.gather(*[task for task in asyncio.all_tasks() if task.get_name().startswith(mine)])


async def stocked(centre: CentreForTests) -> None:
    """The demo library, for calls too."""
    await library.seed(centre.web.db, centre.tenant_id, NOW)
    async with centre.web.db.tenant(centre.tenant_id) as connection:
        await connection.execute("UPDATE answer SET channels = '{email,chat,voice}'")


@pytest.fixture(params=["model", "words"])
async def shop(request: pytest.FixtureRequest, web: WebForTests) -> AsyncIterator[CentreForTests]:
    """A centre with the demo library; once with the model and once on a machine that has none."""
    web.suggestion_engine = WorkerEngine(SystemClock(), installed=request.param == "model")
    centre = await add_centre(web)
    await web.start(centre.world)
    await stocked(centre)
    yield centre


async def test_three_for_the_newest_mail(shop: CentreForTests) -> None:
    assert shop.web.web is not None and shop.web.suggestion_engine is not None
    async with shop.browser("amelie") as amelie, shop.browser("bruno") as bruno:
        await amelie.take_seat()
        await amelie.state("ready")
        contact_id = await ring(shop)
        assert (await suggested(amelie, contact_id))["items"] == [], "nothing has been asked yet"
        await write(shop, contact_id, 1, "Where is my parcel?")
        await write(shop, contact_id, 2, BROKEN)
        first = await suggested(amelie, contact_id)
        assert first["engine"] == "words", "the library is made ready first"
        await quiet(shop)
        found = await suggested(amelie, contact_id)
        assert len(found["items"]) <= 3 and found["question"] == BROKEN
        if shop.web.suggestion_engine.installed:
            assert found["engine"] == "meaning"
            assert "damaged-parcel" in [item["answer_id"] for item in found["items"]]
            french = await suggested(amelie, contact_id, "?language=fr")
            assert {item["language"] for item in french["items"]} <= {"fr"}
        else:
            assert found == first
        called = {item["fit"] for item in found["items"]}
        assert called == {"weak"} if found["engine"] == "words" else called <= {"good", "fair", "weak"}
        typed = await suggested(amelie, contact_id, "?q=When does my refund arrive?")
        assert typed["items"][0]["answer_id"] == "refund-when" or typed["engine"] == "meaning"
        tracked = await suggested(
            amelie, contact_id, "?q=follow your parcel with the link, carrier's first scan"
        )
        missing = {item["answer_id"]: item["missing"] for item in tracked["items"]}
        assert missing["track-parcel"] == ["values.order"]
        assert (await bruno.http.get(f"/contacts/{contact_id}/suggestions")).json()["code"] == "not_found"


async def test_what_was_sent_is_learned(shop: CentreForTests) -> None:
    assert shop.web.web is not None and shop.web.suggestion_engine is not None
    async with shop.browser("amelie") as amelie:
        await amelie.take_seat()
        await amelie.state("ready")
        contact_id = await ring(shop)
        await write(shop, contact_id, 1, BROKEN)
        await suggested(amelie, contact_id)
        await quiet(shop)
        told = {"contact_id": contact_id, "sent": True, "edited_ratio": 0.1}
        assert (await amelie.http.post("/answers/complaint/used", json=told)).status_code == 204
        await quiet(shop)
        await write(shop, contact_id, 2, "The glass was in pieces when I opened your box!")
        found = await suggested(amelie, contact_id)
        learned = {item["answer_id"]: item["learned"] for item in found["items"]}
        if shop.web.suggestion_engine.installed:
            assert 0 < learned["complaint"] <= 0.6
        else:
            assert not any(learned.values())


async def test_another_customers_answers_are_never_suggested(web: WebForTests) -> None:
    first = await add_centre(web)
    await web.start(first.world)
    second = await add_centre(web, None)
    await stocked(second)
    async with first.browser(SUPERVISOR) as sophie:
        contact_id = await ring(first)
        await write(first, contact_id, 1, BROKEN)
        assert (await suggested(sophie, contact_id))["items"] == []


async def test_a_chats_last_messages_are_the_question(web: WebForTests) -> None:
    web.suggestion_engine = WorkerEngine(SystemClock(), installed=False)
    centre = await add_centre(web)
    await web.start(centre.world)
    await stocked(centre)
    async with centre.browser(SUPERVISOR) as sophie:
        contact_id = await ring(centre)
        said = [
            (Author.VISITOR, "Hello!"),
            (Author.AGENT, "Good morning"),
            (Author.VISITOR, "I forgot my password"),
        ]
        async with web.db.tenant(centre.tenant_id) as connection:
            for number, (author, text) in enumerate(said, 1):
                fact = MessageWritten(contact_id, number, author, MessageKind.TEXT, text)
                await connection.execute(
                    "INSERT INTO fact (tenant_id, seq, ordinal, at, kind, contact_id, body)"
                    " VALUES ($1, $2, 0, $3, $4, $5, $6::jsonb)",
                    *(centre.tenant_id, 10_000 + number, NOW, wire_name(MessageWritten), contact_id),
                    msgspec.json.encode(fact).decode(),
                )
        found = await suggested(sophie, contact_id)
        assert found["question"] == "Hello!\nI forgot my password"
        assert found["items"][0]["answer_id"] == "password"
