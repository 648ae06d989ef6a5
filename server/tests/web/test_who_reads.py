"""Who may find and open a contact, asked of every endpoint that shows one: the rule of docs/howto/search.md.

An agent: what was his or was offered to him, and emails and chats of his Spaces. Leads: everything. Nobody else: "not there".
"""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

import pytest

from cordboard.blobs import rows as blob_rows
from cordboard.blobs.rows import Keep
from cordboard.core import events as ev
from cordboard.core.conversation import events as chat
from cordboard.core.words import EndCause
from cordboard.testing.builders import NUMBER
from cordboard.testing.web import SUPERVISOR, Browser, WebForTests
from tests.web.test_mail import Desk, make_desk

OF_ANY = ("/contacts/{id}", "/contacts/{id}/facts", "/contacts/{id}/why", "/contacts/{id}/thread")
OF_MAIL = ("/mails/1/html", "/mails/1/raw", "/mails/1/attachments/0")


@dataclass
class Readers:
    """`emma` is of the Space; `felix` of another one; `sophie` leads."""

    desk: Desk
    emma: Browser
    felix: Browser
    sophie: Browser


@pytest.fixture
async def readers(web: WebForTests) -> AsyncIterator[Readers]:
    desk = await make_desk(web)
    config = desk.centre.config
    felix = replace(config.agents["felix"], space_ids=("elsewhere",))
    emma = replace(config.agents["emma"], capacity={})  # reading does not ask what she takes
    agents = {**config.agents, "felix": felix, "emma": emma}
    await desk.centre.server.publish(replace(config, version=2, agents=agents))
    async with AsyncExitStack() as stack:
        browsers = [
            await stack.enter_async_context(desk.centre.browser(login))
            for login in ("emma", "felix", SUPERVISOR)
        ]
        yield Readers(desk, *browsers)


async def codes(browser: Browser, paths: tuple[str, ...], contact_id: int) -> set[int]:
    return {(await browser.http.get(path.format(id=contact_id))).status_code for path in paths}


async def found(browser: Browser, path: str, words: str) -> list[int]:
    answer = (await browser.http.get(path, params={"q": words})).json()
    return [item["contact_id"] for item in answer["items"]]


async def an_email(desk: Desk) -> int:
    assert desk.centre.web.web is not None
    store = desk.centre.web.web.written.verdicts.store
    async with desk.centre.web.db.tenant(desk.centre.tenant_id) as connection:
        blob = await blob_rows.put(
            store, connection, desk.centre.tenant_id, Keep(b"x", "text/plain"), desk.centre.world.clock.now()
        )
    parts = [
        {
            "name": "a.txt",
            "media_type": "text/plain",
            "size": 1,
            "hash": blob.hash,
            "inline_id": "",
            "text": "",
        }
    ]
    await desk.receive(raw_hash=blob.hash, attachments=json.dumps(parts), subject="Marmalade")
    return desk.contact_id


async def test_an_email(readers: Readers) -> None:
    contact_id = await an_email(readers.desk)
    for browser in (readers.emma, readers.sophie):
        assert await codes(browser, (*OF_ANY, *OF_MAIL), contact_id) == {200}
        assert await found(browser, "/search", "marmalade") == [contact_id]
    assert await codes(readers.felix, (*OF_ANY, *OF_MAIL), contact_id) == {404}
    assert await found(readers.felix, "/search", "marmalade") == []
    assert await found(readers.felix, "/contacts", "") == []


async def test_an_email_that_was_offered(readers: Readers) -> None:
    """To somebody who is of its Space no more."""
    desk = readers.desk
    config = desk.centre.server.state.config
    assert config is not None
    felix = replace(config.agents["felix"], space_ids=("shop",))
    await desk.centre.server.publish(replace(config, version=3, agents={**config.agents, "felix": felix}))
    async with desk.agent("felix") as browser:
        contact_id = await an_email(desk)
        assert (await browser.http.post(f"/contacts/{contact_id}/decline")).status_code == 204
    await desk.centre.server.publish(replace(config, version=4))
    assert await codes(readers.felix, (*OF_ANY, *OF_MAIL), contact_id) == {200}
    assert await found(readers.felix, "/search", "marmalade") == [contact_id]
    assert await found(readers.felix, "/contacts", "") == [contact_id]


async def test_a_call_of_others(readers: Readers) -> None:
    server = readers.desk.centre.server
    contact_id = (await server.ask(ev.CallArrived("in-1", NUMBER, "+33611111111"))).contact_id
    await server.ask(ev.LineEnded("in-1", EndCause.NORMAL))
    await server.settle()
    for browser in (readers.emma, readers.felix):
        assert await codes(browser, OF_ANY, contact_id) == {404}
        assert await found(browser, "/search", "+33611111111") == []
        assert await found(browser, "/contacts", "") == []
    assert await codes(readers.sophie, OF_ANY, contact_id) == {200}
    assert await found(readers.sophie, "/search", "+33611111111") == [contact_id]


async def test_a_chat(readers: Readers) -> None:
    server = readers.desk.centre.server
    contact_id = (await server.ask(chat.ChatArrived("button", "session"))).contact_id
    await server.ask(chat.VisitorWrote(contact_id, "key-1", "Where is my marmalade?"))
    messages = ("/contacts/{id}/messages",)
    assert 200 not in await codes(readers.emma, messages, contact_id), "it goes on without her"
    await server.ask(chat.VisitorEnded(contact_id))
    await server.settle()
    for browser in (readers.emma, readers.sophie):
        assert await codes(browser, (*OF_ANY, *messages), contact_id) == {200}
        assert await found(browser, "/search", "marmalade") == [contact_id]
    assert await codes(readers.felix, OF_ANY, contact_id) == {404}
    assert 200 not in await codes(readers.felix, messages, contact_id)
    assert await found(readers.felix, "/search", "marmalade") == []
