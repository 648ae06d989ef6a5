"""Drafts of new mails over HTTP: kept, listed, restored anywhere, never overwritten, and sent exactly once."""

import asyncio
from dataclasses import replace

from cordboard.testing.web import WebForTests
from tests.web.test_mail import Desk, desk, written

__all__ = ["desk"]
ID = "3f0c7a52-0000-4000-8000-000000000001"


async def _ids(browser_http: object) -> list[str]:
    answer = await browser_http.get("/mail/drafts")  # type: ignore[attr-defined]  # any of the test browsers
    return [each["draft_id"] for each in answer.json()["items"]]


async def test_kept_listed_and_restored_in_another_window(desk: Desk) -> None:
    async with desk.agent() as emma, desk.agent("felix") as felix:
        assert await _ids(emma.http) == []
        draft = written(inbox_id="inbox", note="Ask for the number", version=0)
        draft.pop("key")
        saved = await emma.http.put(f"/mail/drafts/{ID}", json=draft)
        assert (saved.status_code, saved.json()["version"]) == (200, 1), saved.text
        second = await emma.http.put(f"/mail/drafts/{ID[:-1]}2", json={"subject": "Another", "version": 0})
        assert second.status_code == 200
        listed = {each["draft_id"]: each for each in (await emma.http.get("/mail/drafts")).json()["items"]}
        assert (len(listed), listed[ID[:-1] + "2"]["subject"], listed[ID]["to"]) == (
            2,
            "Another",
            draft["to"],
        )
        elsewhere = (await emma.http.get(f"/mail/drafts/{ID}")).json()
        assert (elsewhere["note"], elsewhere["text"], elsewhere["inbox_id"]) == (
            "Ask for the number",
            draft["text"],
            "inbox",
        )
        # nobody else's business
        assert await _ids(felix.http) == []
        assert (await felix.http.get(f"/mail/drafts/{ID}")).status_code == 404
        await felix.http.delete(f"/mail/drafts/{ID}")
        assert ID in await _ids(emma.http)
        # the older window does not overwrite
        late = await emma.http.put(f"/mail/drafts/{ID}", json={**draft, "version": 0})
        assert (late.status_code, late.json()["code"], late.json()["params"]["version"]) == (
            409,
            "draft_changed",
            "1",
        )
        assert (await emma.http.delete(f"/mail/drafts/{ID}")).status_code == 204
        gone = await emma.http.put(f"/mail/drafts/{ID}", json={**draft, "version": 1})
        assert (gone.status_code, gone.json()["params"]["version"]) == (409, "0")


async def test_a_draft_becomes_one_mail_whoever_sends_it(desk: Desk) -> None:
    async with desk.agent() as emma:
        draft = written(inbox_id="inbox", key=ID)
        await emma.http.put(
            f"/mail/drafts/{ID}", json={**{k: v for k, v in draft.items() if k != "key"}, "version": 0}
        )
        answers = await asyncio.gather(*(emma.http.post("/mail", json=draft) for _ in range(4)))
        assert [each.status_code for each in answers] == [201] * 4, answers[0].text
        assert len({each.json()["mail_id"] for each in answers}) == 1
        assert await _ids(emma.http) == []
        # what another window still shows is not kept as if it were a draft, and not sent instead
        late = await emma.http.put(f"/mail/drafts/{ID}", json={"text": "more", "version": 0})
        assert (late.status_code, late.json()["params"]["version"]) == (409, "0")
        other = await emma.http.post("/mail", json={**draft, "text": "Something else", "html": ""})
        assert (other.status_code, other.json()["code"]) == (409, "mail_already_sent")
        await desk.pass_time(11)
        assert await desk.outbox() == [answers[0].json()["mail_id"]]


async def test_taken_back_it_is_a_draft_of_its_contact(desk: Desk) -> None:
    async with desk.agent() as emma:
        sent = (await emma.http.post("/mail", json=written(inbox_id="inbox", key=ID))).json()
        back = await emma.http.post(f"/contacts/{sent['contact_id']}/answer/{sent['mail_id']}/recall")
        assert back.status_code == 204, back.text
        draft = (await emma.http.get(f"/contacts/{sent['contact_id']}/draft")).json()
        assert draft["subject"] == written()["subject"]
        await desk.pass_time(30)
        assert await desk.outbox() == []


async def test_what_is_refused_stays_a_draft(desk: Desk) -> None:
    config = desk.centre.config
    async with desk.agent() as emma:
        saved = await emma.http.put(
            f"/mail/drafts/{ID}", json={"inbox_id": "inbox", "text": "Hello", "version": 0}
        )
        version = saved.json()["version"]
        off = replace(config, version=2, options=replace(config.options, outgoing_mail=False))
        await desk.centre.server.publish(off)
        sent = await emma.http.post("/mail", json=written(inbox_id="inbox", key=ID, version=version))
        assert sent.json()["code"] == "option_off"
        draft = (await emma.http.get(f"/mail/drafts/{ID}")).json()
        assert (draft["text"], draft["version"]) == (written()["text"], version)
        again = await emma.http.put(f"/mail/drafts/{ID}", json={"text": "Hello again", "version": version})
        assert again.status_code == 200


async def test_every_inbox_says_how_its_mails_are_signed(desk: Desk) -> None:
    config = desk.centre.config
    signed = {"inbox": replace(config.inboxes["inbox"], signature="The shop & co")}
    await desk.centre.server.publish(replace(config, version=2, inboxes=signed))
    async with desk.agent() as emma:
        (address,) = (await emma.http.get("/desktop")).json()["outgoing_mail"]
        assert address["signature"]["text"] == "The shop & co"
        assert "The shop &amp; co" in address["signature"]["html"]


async def test_nothing_of_another_customer(web: WebForTests, desk: Desk) -> None:
    from tests.web.test_mail import make_desk

    other = await make_desk(web)
    async with desk.agent() as emma, other.agent() as stranger:
        await emma.http.put(f"/mail/drafts/{ID}", json={"text": "Hello", "version": 0})
        assert await _ids(stranger.http) == []
        assert (await stranger.http.get(f"/mail/drafts/{ID}")).status_code == 404
