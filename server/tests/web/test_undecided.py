"""The server ends between a mail's row and the decision about it: nothing has left, and what was written is a draft again."""

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import pytest

from cordboard.mail.undecided import Undecided
from cordboard.runtime.asking import Switchboard
from cordboard.testing.web import Browser
from tests.web.test_mail import Desk, desk, taken, written

__all__ = ["desk"]
ID = "3f0c7a52-0000-4000-8000-000000000002"


async def _dies(desk: Desk, browser: Browser, path: str, body: dict[str, Any], *, decided: bool) -> None:
    """The request is made, and the process ends before the core has decided, or just after."""
    whole = Switchboard.ask

    async def ask(board: Switchboard, tenant_id: str, event: Any) -> Any:
        if decided:
            await whole(board, tenant_id, event)
        raise asyncio.CancelledError

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Switchboard, "ask", ask)
        with contextlib.suppress(Exception):  # the connection breaks off
            await browser.http.post(path, json=body)


async def _starts_again(desk: Desk) -> int:
    web, clock = desk.centre.web, desk.centre.server.world.clock
    undecided = Undecided(web.db, clock)
    return await undecided.settle(desk.centre.tenant_id, clock.now() + timedelta(seconds=1))


async def test_an_answer_is_a_draft_again(desk: Desk) -> None:
    async with desk.agent() as emma:
        contact_id = await taken(desk, emma)
        body = written()
        await _dies(desk, emma, f"/contacts/{contact_id}/answer", body, decided=False)
        assert "submitted" in (await desk.states()).values()
        assert await _starts_again(desk) == 1
        draft = (await emma.http.get(f"/contacts/{contact_id}/draft")).json()
        assert (draft["text"], draft["to"]) == (body["text"], body["to"])
        sent = await emma.http.post(f"/contacts/{contact_id}/answer", json=body)
        assert sent.status_code == 201, sent.text
        await desk.pass_time(11)
        assert await desk.outbox() == [sent.json()["mail_id"]]


async def test_a_new_mail_is_a_draft_of_its_writer_again(desk: Desk) -> None:
    async with desk.agent() as emma:
        body = written(inbox_id="inbox", key=ID, note="Careful")
        await emma.http.put(f"/mail/drafts/{ID}", json={"text": "Hello", "version": 0})
        await _dies(desk, emma, "/mail", body, decided=False)
        assert (await emma.http.get("/mail/drafts")).json()["items"] == []
        assert await _starts_again(desk) == 1
        (line,) = (await emma.http.get("/mail/drafts")).json()["items"]
        draft = (await emma.http.get(f"/mail/drafts/{line['draft_id']}")).json()
        assert (line["draft_id"], draft["text"], draft["note"], draft["inbox_id"]) == (
            ID,
            body["text"],
            "Careful",
            "inbox",
        )
        sent = await emma.http.post("/mail", json=body)
        assert sent.status_code == 201, sent.text
        await desk.pass_time(11)
        assert await desk.outbox() == [sent.json()["mail_id"]]


@pytest.mark.parametrize("decided", [True, False])
async def test_the_same_request_again_is_the_same_mail(desk: Desk, decided: bool) -> None:
    """The browser never heard the answer, and asks again before anybody has tidied up."""
    async with desk.agent() as emma:
        contact_id = await taken(desk, emma)
        for path, body in (
            (f"/contacts/{contact_id}/answer", written()),
            ("/mail", written(inbox_id="inbox", key=ID)),
        ):
            await _dies(desk, emma, path, body, decided=decided)
            again = await emma.http.post(path, json=body)
            assert again.status_code == 201, again.text
        await desk.pass_time(11)
        states = await desk.states()
        assert sorted(states.values()).count("queued") == 2, states
        assert len(await desk.outbox()) == 2


async def test_what_was_decided_is_left_alone(desk: Desk) -> None:
    async with desk.agent() as emma:
        contact_id = await taken(desk, emma)
        await _dies(desk, emma, f"/contacts/{contact_id}/answer", written(), decided=True)
        assert await _starts_again(desk) == 0
        await desk.pass_time(11)
        assert len(await desk.outbox()) == 1


async def test_a_draft_that_has_become_a_mail_does_not_come_back(desk: Desk) -> None:
    """It ended between the decision and the draft's end."""
    async with desk.agent() as emma:
        contact_id = await taken(desk, emma)
        draft = {key: value for key, value in written().items() if key != "key"}
        await emma.http.put(f"/contacts/{contact_id}/draft", json={**draft, "version": 0})
        await desk.pass_time(1)
        await _dies(desk, emma, f"/contacts/{contact_id}/answer", written(), decided=True)
        assert (await emma.http.get(f"/contacts/{contact_id}/draft")).json() is not None
        await _starts_again(desk)
        assert (await emma.http.get(f"/contacts/{contact_id}/draft")).json() is None
