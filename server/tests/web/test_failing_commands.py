"""What the core commands and can not be written down: seen with its reason, tried again on request, and in nobody's way."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cordboard.channels.email.perform import MailPerformer
from cordboard.core.mail.commands import SendAutomatic, SendMail
from cordboard.testing.web import SUPERVISOR
from tests.web.test_mail import Desk, desk, written

__all__ = ["desk"]


async def _work_off(desk: Desk) -> None:
    """As the performer's own task does."""
    performer = desk.performer
    while not performer.settled(desk.centre.tenant_id):
        tenant_id, command = performer._waiting.get_nowait()
        await performer._until_done(tenant_id, command)
        performer._left[tenant_id] -= 1


async def test_a_mail_that_can_not_be_queued_is_set_aside_and_the_next_leaves(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk.agent() as emma, desk.centre.browser(SUPERVISOR) as lead:
        ids = []
        for key in ("first-key-0", "second-key-0"):
            sent = await emma.http.post("/mail", json=written(inbox_id="inbox", key=key))
            ids.append(sent.json()["mail_id"])
        whole = MailPerformer._send
        sick = True

        async def send(performer: MailPerformer, connection: Any, tenant_id: str, command: SendMail) -> None:
            if sick and command.mail_id == ids[0]:
                raise ValueError("secret words of a customer")
            await whole(performer, connection, tenant_id, command)

        monkeypatch.setattr(MailPerformer, "_send", send)
        await desk.centre.server.advance(timedelta(seconds=11))
        await _work_off(desk)
        assert await desk.outbox() == [ids[1]]
        (item,) = (await lead.http.get("/mails/set-aside")).json()["items"]
        assert (item["mail_id"], item["direction"], item["retrying"]) == (ids[0], "out", False)
        assert item["to"] == "ann@example.test"
        assert "ValueError" in item["reason"]
        assert "secret words" not in item["reason"]
        contact_id = (await emma.http.get(f"/mails/{ids[0]}/html")).status_code
        assert contact_id == 200
        # tried again while it is still sick: set aside again
        assert (await lead.http.post(f"/mails/{ids[0]}/retry")).status_code == 202
        assert await desk.performer.retry(desk.centre.tenant_id) == 1
        (item,) = (await lead.http.get("/mails/set-aside")).json()["items"]
        assert item["retrying"] is False
        sick = False
        await lead.http.post(f"/mails/{ids[0]}/retry")
        assert await desk.performer.retry(desk.centre.tenant_id) == 1
        assert sorted(await desk.outbox()) == ids
        assert (await lead.http.get("/mails/set-aside")).json()["items"] == []
        assert await desk.performer.retry(desk.centre.tenant_id) == 0


async def test_an_automatic_mail_is_kept_once_and_made_when_it_is_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    performer, tenant_id = desk.performer, desk.centre.tenant_id
    config = desk.centre.config
    hello = replace(config.messages["welcome"], texts={"en": "Hello, it is number {{contact}}."})
    await desk.centre.server.publish(
        replace(config, version=2, messages={**config.messages, "welcome": hello})
    )
    command = SendAutomatic("k1", 7, "inbox", "ann@example.test", "Ann", "en", "welcome")
    whole = MailPerformer._send_automatic

    async def broken(*_: object) -> None:
        raise KeyError("x")

    with monkeypatch.context() as patched:
        patched.setattr(MailPerformer, "_send_automatic", broken)
        for _ in range(2):  # a crash repeats what was commanded
            performer.perform(tenant_id, command)
        await _work_off(desk)
    assert MailPerformer._send_automatic is whole
    async with desk.centre.browser(SUPERVISOR) as lead:
        (item,) = (await lead.http.get("/mails/set-aside")).json()["items"]
        assert item["to"] == "ann@example.test"
        performer.perform(tenant_id, command)  # set aside is set aside: not made behind anybody's back
        await _work_off(desk)
        assert await desk.outbox() == []
        await lead.http.post(f"/mails/{item['mail_id']}/retry")
        assert await performer.retry(tenant_id) == 1
        assert len(await desk.outbox()) == 1
        assert (await lead.http.get("/mails/set-aside")).json()["items"] == []
