"""The mail desk over HTTP, on a real database: threads, drafts, answers, undo, approval, experts, and who sees what."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from cordboard.blobs import rows as blob_rows
from cordboard.blobs.store import BlobStore
from cordboard.channels.email import repository
from cordboard.channels.email.feeder import Feeder
from cordboard.channels.email.perform import MailPerformer
from cordboard.core import events as ev
from cordboard.core.words import SeatKind
from cordboard.mail import bodies
from cordboard.testing.builders import centre as whole_centre
from cordboard.testing.web import (
    ADMINISTRATOR,
    OBSERVER,
    SUPERVISOR,
    Browser,
    CentreForTests,
    WebForTests,
    add_centre,
)
from tests.channels.email.test_rows import mail as row_of

WRITER = "ann@example.test"
HTML = "<p>It is broken, see <img src='cid:pic1'> and <img data-src=\"https://x.example/a.png\"></p>"


@dataclass
class Desk:
    """One tenant with email, whose mail process is this test."""

    centre: CentreForTests
    performer: MailPerformer
    feeder: Feeder

    async def receive(self, **changes: Any) -> int:
        """A mail comes in; its number."""
        tenant_id = self.centre.tenant_id
        async with self.centre.web.db.tenant(tenant_id) as connection:
            (mail_id,) = await repository.next_ids(connection, tenant_id)
            row = replace(
                row_of(mail_id), inbox_id="inbox", message_id=f"{mail_id}@example.test", thread_id=mail_id
            )
            await repository.add_mail(connection, tenant_id, replace(row, **changes))
        await self.feed()
        return mail_id

    async def feed(self) -> None:
        while await self.feeder.feed(self.centre.tenant_id):
            await self.centre.server.settle()

    async def pass_time(self, seconds: float) -> None:
        await self.centre.server.advance(timedelta(seconds=seconds))
        await self.write()

    async def write(self) -> None:
        """What the core has commanded is written down."""
        while not self.performer.settled(self.centre.tenant_id):
            tenant_id, command = self.performer._waiting.get_nowait()
            await self.performer.write(tenant_id, command)
            self.performer._left[tenant_id] -= 1

    async def states(self) -> dict[int, str]:
        async with self.centre.web.db.tenant(self.centre.tenant_id) as connection:
            return {row["id"]: row["state"] for row in await connection.fetch("SELECT id, state FROM mail")}

    async def outbox(self) -> list[int]:
        async with self.centre.web.db.tenant(self.centre.tenant_id) as connection:
            return [
                row["mail_id"]
                for row in await connection.fetch("SELECT mail_id FROM outbox ORDER BY mail_id")
            ]

    @asynccontextmanager
    async def agent(self, login: str = "emma") -> AsyncIterator[Browser]:
        """Somebody who takes emails, ready."""
        async with self.centre.browser(login) as browser:
            taken = await browser.http.post("/desktop/seat", json={"seat": "digital"})
            assert taken.status_code == 200, taken.text
            await self.centre.server.ask(ev.DesktopConnected(login, "tab"))
            await browser.state("ready")
            yield browser

    @property
    def contact_id(self) -> int:
        return max(self.centre.server.state.contacts)


@pytest.fixture
async def desk(web: WebForTests) -> AsyncIterator[Desk]:
    yield await make_desk(web)


async def make_desk(web: WebForTests) -> Desk:
    config = replace(whole_centre(), seats={**whole_centre().seats, SeatKind.DIGITAL: 4})
    centre = await add_centre(web, config)
    performer = MailPerformer(web.db, centre.world.clock, web.tenants.config_of)
    centre.server.runtime._parts.dispatch._mails = performer
    if web.web is None:
        await web.start(centre.world)
    return Desk(centre, performer, Feeder(web.db, web.tenants))


def written(**changes: object) -> dict[str, object]:
    return {
        "to": [f"Ann <{WRITER}>"],
        "subject": "Re: Hello",
        "text": "We look into it.",
        "key": "0123456789",
        **changes,
    }


async def taken(desk: Desk, browser: Browser, **changes: Any) -> int:
    """A mail that this agent has in hand; its contact."""
    await desk.receive(**changes)
    contact_id = desk.contact_id
    answer = await browser.http.post(f"/contacts/{contact_id}/accept")
    assert answer.status_code == 204, answer.text
    return contact_id


async def test_from_arrival_to_answer(desk: Desk) -> None:
    async with desk.agent() as emma:
        contact_id = await taken(desk, emma)
        thread = (await emma.http.get(f"/contacts/{contact_id}/thread")).json()
        assert [mail["text"] for mail in thread["mails"]] == ["Hello."]
        assert thread["mails"][0]["from"] == WRITER
        assert {"answer", "park", "return", "forward"} <= set(thread["can"])
        assert thread["contact"]["state"] == "in_contact"
        sent = await emma.http.post(f"/contacts/{contact_id}/answer", json=written(closing_reason_id="sold"))
        assert sent.status_code == 201, sent.text
        assert sent.json()["state"] == "sending"
        assert sent.json()["undo_until"]
        again = await emma.http.post(f"/contacts/{contact_id}/answer", json=written(closing_reason_id="sold"))
        assert again.json()["mail_id"] == sent.json()["mail_id"], "a repeated request is the same answer"
        assert await desk.outbox() == []
        thread = (await emma.http.get(f"/contacts/{contact_id}/thread")).json()
        assert thread["undo"]["mail_id"] == sent.json()["mail_id"]
        assert (thread["mails"][1]["state"], thread["can"]) == ("queued", ["recall"])
        await desk.pass_time(11)
        assert await desk.outbox() == [sent.json()["mail_id"]]
        thread = (await emma.http.get(f"/contacts/{contact_id}/thread")).json()
        assert (thread["contact"]["state"], thread["can"]) == ("closed", ["reopen"])
        assert thread["contact"]["closing_reason"]["id"] == "sold"
        async with desk.centre.web.db.tenant(desk.centre.tenant_id) as connection:
            row = await repository.find_mail(connection, sent.json()["mail_id"])
        assert row is not None
        assert (row.in_reply_to, row.agent_id, row.state) == ("1@example.test", "emma", "queued")
        assert row.quoted_text.endswith("> Hello.")


async def test_undo_gives_the_draft_back(desk: Desk) -> None:
    async with desk.agent() as emma:
        contact_id = await taken(desk, emma)
        sent = (await emma.http.post(f"/contacts/{contact_id}/answer", json=written())).json()
        path = f"/contacts/{contact_id}/answer/{sent['mail_id']}/recall"
        assert (await emma.http.post(path)).status_code == 204
        await desk.pass_time(30)
        assert await desk.outbox() == []
        assert (await desk.states())[sent["mail_id"]] == "recalled"
        draft = (await emma.http.get(f"/contacts/{contact_id}/draft")).json()
        assert (draft["text"], draft["to"]) == ("We look into it.", [f"Ann <{WRITER}>"])
        late = await emma.http.post(path)
        assert late.json()["code"] == "answer_gone"


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"to": []}, "recipient_missing"),
        ({"to": ["nobody"]}, "recipient_invalid"),
        ({"text": ""}, "invalid"),
        ({"closing_reason_id": "none"}, "unknown_reason"),
        ({"attachments": [{"file_id": "0" * 64, "name": "x.pdf"}]}, "file_missing"),
        ({"then": "park", "park_until": "2020-01-01T00:00:00Z"}, "instant_past"),
    ],
)
async def test_what_does_not_leave(desk: Desk, changes: dict[str, object], code: str) -> None:
    async with desk.agent() as emma:
        contact_id = await taken(desk, emma)
        answer = await emma.http.post(f"/contacts/{contact_id}/answer", json=written(**changes))
        assert answer.json()["code"] == code, answer.text
        assert set((await desk.states()).values()) == {"stored"}, "what is refused leaves no row"


async def test_drafts_are_kept_and_not_overwritten(desk: Desk) -> None:
    async with desk.agent() as emma, desk.agent("felix") as felix:
        contact_id = await taken(desk, emma)
        path = f"/contacts/{contact_id}/draft"
        assert (await emma.http.get(path)).json() is None
        first = await emma.http.put(path, json={"text": "We", "version": 0})
        assert first.json()["version"] == 1
        assert (await emma.http.put(path, json={"text": "We look", "version": 1})).json()["version"] == 2
        stale = await felix.http.put(path, json={"text": "I", "version": 1})
        assert (stale.status_code, stale.json()["code"], stale.json()["params"]["by"]) == (
            409,
            "draft_changed",
            "Emma",
        )
        kept = (await felix.http.get(path)).json()
        assert (kept["text"], kept["version"], kept["saved_by"]["name"]) == ("We look", 2, "Emma")
        assert (await emma.http.delete(path)).status_code == 204
        assert (await emma.http.get(path)).json() is None


async def test_files_and_attachments(desk: Desk) -> None:
    store, centre = BlobStore(desk.centre.web.dist / "blobs"), desk.centre
    async with centre.web.db.tenant(centre.tenant_id) as connection:
        picture = await blob_rows.put(
            store,
            connection,
            centre.tenant_id,
            blob_rows.Keep(b"\x89PNG", "image/png"),
            centre.world.clock.now(),
        )
    parts = [
        {
            "name": "p.png",
            "media_type": "image/png",
            "size": 4,
            "hash": picture.hash,
            "inline_id": "pic1",
            "text": "",
        },
        {
            "name": "x.html",
            "media_type": "text/html",
            "size": 4,
            "hash": picture.hash,
            "inline_id": "",
            "text": "",
            "warning": "disguised",
        },
    ]
    async with desk.agent() as emma:
        headers = json.dumps({"reply_to": ["joan@smith.example"]})
        contact_id = await taken(
            desk, emma, html=HTML, attachments=json.dumps(parts), raw_hash=picture.hash, headers=headers
        )
        page = await emma.http.get("/mails/1/html")
        assert "/api/v1/mails/1/attachments/0?inline=1" in page.text
        assert "img-src 'self' data:;" in page.headers["content-security-policy"]
        assert page.headers["x-frame-options"] == "SAMEORIGIN"
        remote = await emma.http.get("/mails/1/html?images=1")
        assert "https:" in remote.headers["content-security-policy"]
        thread = (await emma.http.get(f"/contacts/{contact_id}/thread")).json()
        assert thread["mails"][0]["has_remote_images"]
        assert thread["mails"][0]["reply_to"] == [{"address": "joan@smith.example", "name": ""}]
        assert [file["warning"] for file in thread["mails"][0]["attachments"]] == ["", "disguised"]
        assert ' data-src="https://x.example/a.png"' in page.text
        assert ' src="https://x.example/a.png"' in remote.text
        shown = await emma.http.get("/mails/1/attachments/0?inline=1")
        assert (shown.content, shown.headers["content-type"]) == (b"\x89PNG", "image/png")
        hostile = await emma.http.get("/mails/1/attachments/1?inline=1")
        assert hostile.headers["content-type"] == "application/octet-stream"
        assert hostile.headers["content-disposition"].startswith("attachment")
        assert (await emma.http.get("/mails/1/raw")).content == b"\x89PNG"
        assert (await emma.http.get("/mails/1/attachments/9")).status_code == 404
        kept = await emma.http.post("/files", files={"file": ("offer.pdf", b"%PDF-1.7", "application/pdf")})
        assert kept.status_code == 201, kept.text
        assert (await emma.http.get(f"/files/{kept.json()['file_id']}")).content == b"%PDF-1.7"
        bad = await emma.http.post("/files", files={"file": ("virus.exe", b"MZ", "application/x-msdownload")})
        assert bad.json()["code"] == "file_refused"
        sent = await emma.http.post(f"/contacts/{contact_id}/answer", json=written(attachments=[kept.json()]))
        async with centre.web.db.tenant(centre.tenant_id) as connection:
            row = await repository.find_mail(connection, sent.json()["mail_id"])
        assert row is not None
        assert [part["name"] for part in row.parts()] == ["offer.pdf"]


async def test_a_file_of_the_library_leaves_with_an_answer(desk: Desk) -> None:
    async with desk.centre.browser(SUPERVISOR) as lead:
        await lead.http.post("/answers/themes", json={"id": "orders", "names": {"en": "Orders"}})
        answer = {"theme_id": "orders", "texts": {"en": {"title": "Hours", "text": "See the plan."}}}
        made = (await lead.http.post("/answers", json=answer)).json()
        path = f"/answers/{made['id']}/attachments"
        file = {"file": ("plan.pdf", b"%PDF-1.7 plan", "application/pdf")}
        added = await lead.http.post(path, files=file, headers={"If-Match": '"1"'})
        assert added.status_code == 201, added.text
    async with desk.agent() as emma:
        contact_id = await taken(desk, emma)
        (line,) = (await emma.http.get("/answers?q=hours")).json()["items"]
        files = (await emma.http.get(f"/answers/{line['id']}")).json()["attachments"]
        draft = written(attachments=files, version=0)
        kept = await emma.http.put(f"/contacts/{contact_id}/draft", json=draft)
        assert kept.status_code == 200, kept.text
        sent = await emma.http.post(f"/contacts/{contact_id}/answer", json=written(attachments=files))
        async with desk.centre.web.db.tenant(desk.centre.tenant_id) as connection:
            row = await repository.find_mail(connection, sent.json()["mail_id"])
        assert row is not None
        (part,) = row.parts()
        assert (part["name"], part["hash"]) == ("plan.pdf", files[0]["file_id"])


async def test_html_is_made_harmless(desk: Desk) -> None:
    async with desk.agent() as emma:
        contact_id = await taken(desk, emma)
        body = written(html="<p onclick='x()'>Hello<script>alert(1)</script></p>", text="")
        sent = (await emma.http.post(f"/contacts/{contact_id}/answer", json=body)).json()
        async with desk.centre.web.db.tenant(desk.centre.tenant_id) as connection:
            row = await repository.find_mail(connection, sent["mail_id"])
        assert row is not None
        assert row.html.startswith("<p>Hello</p>")
        assert row.text == "Hello"


async def test_approval(desk: Desk) -> None:
    async with desk.agent("felix") as felix, desk.centre.browser(ADMINISTRATOR) as boss:
        contact_id = await taken(desk, felix)
        sent = (await felix.http.post(f"/contacts/{contact_id}/answer", json=written())).json()
        assert sent["state"] == "held"
        (held,) = (await boss.http.get("/validation")).json()["items"]
        assert (held["mail_id"], held["agent"]["name"], held["rule"]) == (sent["mail_id"], "Felix", "New")
        at = f"/validation/{sent['mail_id']}"
        assert (await felix.http.post(f"{at}/approve")).status_code == 403
        assert (await boss.http.post(f"{at}/return", json={"remark": "kinder, please"})).status_code == 204
        await desk.write()
        assert (await felix.http.post(f"/contacts/{contact_id}/accept")).status_code == 204
        thread = (await felix.http.get(f"/contacts/{contact_id}/thread")).json()
        assert (thread["mails"][1]["state"], thread["mails"][1]["remark"]) == ("sent_back", "kinder, please")
        who = (await boss.http.get("/sessions/current")).json()["person"]["name"]
        assert thread["mails"][1]["remark_by"]["name"] == who
        assert thread["draft"]["text"] == "We look into it."
        assert "wrote" not in thread["draft"]["html"] and "blockquote" not in thread["draft"]["html"]
        assert thread["contact"]["trouble"] == "sent_back: kinder, please"
        second = (
            await felix.http.post(f"/contacts/{contact_id}/answer", json=written(key="another-key"))
        ).json()
        corrected = {
            "text": "We gladly look into it.",
            "subject": "Re: Hello",
            "html": "",
            "remark": "warmer",
        }
        assert (
            await boss.http.post(f"/validation/{second['mail_id']}/correct", json=corrected)
        ).status_code == 204
        await desk.write()
        (mail_id,) = await desk.outbox()
        assert mail_id not in (sent["mail_id"], second["mail_id"])
        mails = (await felix.http.get(f"/contacts/{contact_id}/thread")).json()["mails"]
        shown = [(mail["state"], mail["text"], mail["remark"], mail["corrects"]) for mail in mails[2:]]
        assert shown == [
            ("corrected", "We look into it.", "", None),
            ("queued", "We gladly look into it.", "warmer", second["mail_id"]),
        ], "the author sees what was changed, by whom and why"
        assert mails[3]["remark_by"]["name"] == who
        assert (await boss.http.get("/validation")).json()["items"] == []
        gone = await boss.http.post(f"/validation/{second['mail_id']}/approve")
        assert gone.status_code == 404


async def test_who_writes_beside_a_colleagues_answer_is_told_before_it_leaves(desk: Desk) -> None:
    async with desk.agent() as emma:
        contact_id = await taken(desk, emma)
        mails = (await emma.http.get(f"/contacts/{contact_id}/thread")).json()["mails"]
        async with desk.centre.web.db.tenant(desk.centre.tenant_id) as connection:
            await connection.execute(
                "INSERT INTO mail (tenant_id, id, direction, inbox_id, state, contact_id, thread_id, received_at, text, language,"
                " agent_id) SELECT tenant_id, id + 1, 'out', inbox_id, 'sent', contact_id, thread_id, received_at, 'We are on it.',"
                " 'en', 'felix' FROM mail WHERE id = $1",
                mails[0]["id"],
            )
            await connection.execute("UPDATE mail_counter SET last_id = last_id + 1")
        at = f"/contacts/{contact_id}/answer"
        refused = await emma.http.post(at, json=written(known_mail=mails[0]["id"], closing_reason_id="sold"))
        assert (refused.status_code, refused.json()["code"]) == (409, "already_answered")
        assert refused.json()["params"]["by"] == "Felix"
        both = (await emma.http.get(f"/contacts/{contact_id}/thread")).json()["mails"]
        assert [mail["text"] for mail in both] == ["Hello.", "We are on it."], "nothing has left"
        insisting = written(known_mail=mails[0]["id"], anyway=True, closing_reason_id="sold")
        assert (await emma.http.post(at, json=insisting)).status_code == 201


async def test_an_expert_answers_from_anywhere(desk: Desk) -> None:
    async with desk.agent() as emma:
        contact_id = await taken(desk, emma)
        ask = {"to": "Expert <expert@else.example>", "text": "Do you know?"}
        assert (await emma.http.post(f"/contacts/{contact_id}/forward", json=ask)).status_code == 204
        await desk.write()
        (question,) = await desk.outbox()
        assert (await emma.http.get(f"/contacts/{contact_id}/thread")).json()["can"] == ["unpark"]
        async with desk.centre.web.db.tenant(desk.centre.tenant_id) as connection:
            await connection.execute("UPDATE mail SET message_id = 'question@us' WHERE id = $1", question)
        await desk.receive(
            contact_id=contact_id, thread_id=1, in_reply_to="question@us", sender="expert@private.example"
        )
        assert "expert_answered" in await desk.centre.world.recorded()
        assert (await emma.http.post(f"/contacts/{contact_id}/accept")).status_code == 204
        thread = (await emma.http.get(f"/contacts/{contact_id}/thread")).json()
        assert [mail["expert"] for mail in thread["mails"]] == [False, True, True]
        answer = await emma.http.post(f"/contacts/{contact_id}/answer", json=written())
        async with desk.centre.web.db.tenant(desk.centre.tenant_id) as connection:
            row = await repository.find_mail(connection, answer.json()["mail_id"])
        assert row is not None
        assert row.in_reply_to == "1@example.test", "the end-customer is answered, not the expert"


async def test_an_expert_who_is_silent_is_followed_by_another(desk: Desk) -> None:
    async with desk.agent() as emma:
        contact_id = await taken(desk, emma)
        for expert in ("first@else.example", "second@else.example"):
            ask = {"to": expert, "text": "Do you know?"}
            asked = await emma.http.post(f"/contacts/{contact_id}/forward", json=ask)
            assert asked.status_code == 204, asked.text
            twice = await emma.http.post(f"/contacts/{contact_id}/forward", json=ask)
            assert twice.status_code == 403, "it is parked until the expert answers"
            await desk.write()
            assert (await emma.http.post(f"/contacts/{contact_id}/unpark")).status_code == 204
        assert len(await desk.outbox()) == 2


async def test_parked_returned_and_reopened(desk: Desk) -> None:
    async with desk.agent() as emma:
        contact_id = await taken(desk, emma)
        assert (
            await emma.http.post(f"/contacts/{contact_id}/park", json={"reason": "parts"})
        ).status_code == 204
        assert (await emma.http.post(f"/contacts/{contact_id}/unpark")).status_code == 204
        assert (
            await emma.http.post(f"/contacts/{contact_id}/return", json={"reason": "no"})
        ).status_code == 204
        thread = (await emma.http.get(f"/contacts/{contact_id}/thread")).json()
        assert (thread["contact"]["state"], thread["contact"]["return_reason"]) == ("waiting", "no")
        assert thread["can"] == ["claim"]
        assert (await emma.http.post(f"/contacts/{contact_id}/claim")).status_code == 204
        assert (await emma.http.post(f"/contacts/{contact_id}/hang-up")).status_code == 204
        assert (await emma.http.post(f"/contacts/{contact_id}/wrap-up", json={})).status_code == 204
        again = await emma.http.post(f"/contacts/{contact_id}/reopen")
        assert again.status_code == 201, again.text
        other = (await emma.http.get(f"/contacts/{again.json()['contact_id']}/thread")).json()
        assert [mail["id"] for mail in other["mails"]] == [1]


async def test_an_agents_own_signature_goes_before_the_inboxs(desk: Desk) -> None:
    config = desk.centre.config
    agents = {**config.agents, "emma": replace(config.agents["emma"], signature="Emma\nShop & Co")}
    inboxes = {"inbox": replace(config.inboxes["inbox"], signature="The shop")}
    await desk.centre.server.publish(replace(config, version=2, agents=agents, inboxes=inboxes))
    async with desk.agent() as emma:
        contact_id = await taken(desk, emma)
        thread = (await emma.http.get(f"/contacts/{contact_id}/thread")).json()
        assert thread["signature"]["text"] == "Emma\nShop & Co"
        assert "Shop &amp; Co" in thread["signature"]["html"]
        async with desk.centre.browser(SUPERVISOR) as lead:
            seen = (await lead.http.get(f"/contacts/{contact_id}/thread")).json()
            assert seen["signature"]["text"] == "The shop"


async def test_two_who_want_the_same(desk: Desk) -> None:
    async with desk.agent("grace") as grace, desk.agent("felix") as felix:
        await desk.receive()
        contact_id = desk.contact_id
        await felix.http.post(f"/contacts/{contact_id}/decline")
        codes = [
            (await browser.http.post(f"/contacts/{contact_id}/claim")).status_code
            for browser in (grace, felix)
        ]
        assert codes == [204, 409]


async def test_a_new_mail_and_the_option(desk: Desk) -> None:
    async with desk.agent() as emma:
        start = (await emma.http.get("/desktop")).json()
        assert start["mail"] == {"mode": "push", "undo_seconds": 10.0, "upload_limit_mb": 25}
        assert [each["inbox_id"] for each in start["outgoing_mail"]] == ["inbox"]
        new = await emma.http.post("/mail", json=written(inbox_id="inbox"))
        assert new.status_code == 201, new.text
        again = await emma.http.post("/mail", json=written(inbox_id="inbox"))
        assert again.json()["mail_id"] == new.json()["mail_id"]
        await desk.pass_time(11)
        assert await desk.outbox() == [new.json()["mail_id"]]
        assert (
            await emma.http.post("/mail", json=written(inbox_id="none", key="another-key"))
        ).status_code == 404
        config = desk.centre.config
        off = replace(config, version=2, options=replace(config.options, outgoing_mail=False))
        await desk.centre.server.publish(off)
        refused = await emma.http.post("/mail", json=written(inbox_id="inbox", key="third-key-0"))
        assert (refused.status_code, refused.json()["code"]) == (403, "option_off")
        assert (await emma.http.get("/desktop")).json()["outgoing_mail"] == []


async def test_inboxes_and_what_was_set_aside(desk: Desk) -> None:
    await desk.receive(state="set_aside", reason="It has no readable part.")
    async with desk.centre.browser(SUPERVISOR) as sophie, desk.centre.browser(OBSERVER) as oscar:
        (inbox,) = (await sophie.http.get("/inboxes")).json()["items"]
        assert (inbox["id"], inbox["state"], inbox["sent_today"]) == ("inbox", "off", 0)
        (aside,) = (await sophie.http.get("/mails/set-aside")).json()["items"]
        assert (aside["mail_id"], aside["reason"]) == (1, "It has no readable part.")
        assert (await sophie.http.post("/mails/1/retry")).status_code == 202
        assert (await sophie.http.post("/mails/1/retry")).status_code == 404
        tested = (await sophie.http.post("/inboxes/inbox/test")).json()
        assert all(step["ok"] for step in tested["steps"])
        assert (await oscar.http.get("/inboxes")).status_code == 403


async def test_nothing_of_another_customer(web: WebForTests) -> None:
    ours, theirs = await make_desk(web), await make_desk(web)
    async with ours.agent() as emma, theirs.agent() as stranger, theirs.centre.browser(ADMINISTRATOR) as boss:
        contact_id = await taken(ours, emma)
        kept = await emma.http.post("/files", files={"file": ("a.txt", b"secret", "text/plain")})
        for browser in (stranger, boss):
            for path in (
                f"/contacts/{contact_id}/thread",
                "/mails/1/html",
                "/mails/1/raw",
                f"/files/{kept.json()['file_id']}",
            ):
                assert (await browser.http.get(path)).status_code == 404, path
        answer = await stranger.http.post(f"/contacts/{contact_id}/answer", json=written())
        assert answer.status_code in (403, 404)
        assert (await theirs.states()) == {}


async def test_who_is_of_another_space_does_not_read(desk: Desk) -> None:
    config = desk.centre.config
    felix = replace(config.agents["felix"], space_ids=("elsewhere",))
    await desk.centre.server.publish(replace(config, version=2, agents={**config.agents, "felix": felix}))
    async with desk.agent() as emma, desk.centre.browser("felix") as other:
        contact_id = await taken(desk, emma)
        assert (await other.http.get(f"/contacts/{contact_id}/thread")).status_code == 404
        assert (await other.http.get("/mails/1/html")).status_code == 404


async def test_the_row_on_the_desk_shows_undo(desk: Desk) -> None:
    async with desk.agent() as emma, emma.live("me") as live:
        contact_id = await taken(desk, emma)
        await live.until(lambda live: (live.contact() or {}).get("phase") == "talking")
        row = live.contact()
        assert row is not None
        assert (row["thread_id"], row["unread"], row["mails"]) == (1, 0, 1)
        assert row["due_at"]
        sent = (await emma.http.post(f"/contacts/{contact_id}/answer", json=written())).json()
        await live.until(lambda live: (live.contact() or {}).get("phase") == "sending")
        row = live.contact()
        assert row is not None
        assert (row["sending_mail_id"], row["can"]) == (sent["mail_id"], ["recall"])
        await desk.pass_time(11)
        await live.until(lambda live: live.contact() is None)


async def test_an_encrypted_mail_is_said_to_be_so_and_answered(desk: Desk) -> None:
    async with desk.agent() as emma:
        contact_id = await taken(
            desk, emma, text="", html="", headers=json.dumps({"protection": "encrypted"})
        )
        thread = (await emma.http.get(f"/contacts/{contact_id}/thread")).json()
        assert (thread["mails"][0]["protection"], thread["mails"][0]["text"]) == ("encrypted", "")
        sent = await emma.http.post(f"/contacts/{contact_id}/answer", json=written(closing_reason_id="sold"))
        assert sent.status_code == 201, sent.text
        async with desk.centre.web.db.tenant(desk.centre.tenant_id) as connection:
            row = await repository.find_mail(connection, sent.json()["mail_id"])
        assert row is not None
        assert (row.in_reply_to, row.quoted_text) == ("1@example.test", "")


@pytest.mark.parametrize(
    ("html", "own"),
    [
        ("<p>Mine.</p><p>On 1 May, Ann wrote:</p><blockquote>Hello</blockquote>", "<p>Mine.</p>"),
        (
            "<blockquote>I quote</blockquote><p>Mine.</p><p>On 1 May, Ann wrote:</p><blockquote>x</blockquote>",
            "<blockquote>I quote</blockquote><p>Mine.</p>",
        ),
        ("<p>Mine.</p><blockquote>Hello</blockquote>", "<p>Mine.</p>"),
        ("<p>Mine.</p>", "<p>Mine.</p>"),
    ],
)
def test_an_answer_is_taken_apart_from_what_it_quotes(html: str, own: str) -> None:
    """Written anew it would quote twice, and what its author quotes himself is his."""
    mine, quoted = bodies.own_and_quoted(html, "On 1 May, Ann wrote:\n> Hello")
    assert mine == own and mine + quoted == html
