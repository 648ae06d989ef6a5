"""The visitor's protocol over real sockets: resume, keys, files, origins, tokens, limits, long polls, a second tenant."""

import asyncio
import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from cordboard.testing.web import SUPERVISOR, Browser, CentreForTests, Live, WebForTests, add_centre
from cordboard.testing.webchat import SHOP, Visitor, at_chat_desk, begin, chat_centre, http, new_key

At = tuple[Browser, Live]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 50


def chat_row(live: Live) -> dict[str, Any]:
    rows = [row for key, row in live.rows["me"].items() if key.startswith("contact:")]
    assert len(rows) == 1, rows
    return rows[0]


async def answered(agent: Browser, contact_id: int, text: str, **more: object) -> int:
    body = {"key": new_key(), "text": text, **more}
    answer = await agent.http.post(f"/contacts/{contact_id}/messages", json=body)
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["n"]
    return number


async def talking(centre: CentreForTests, live: Live, **more: object) -> tuple[Visitor, int]:
    visitor = await begin(centre, **more)
    await live.until(lambda each: len(each.rows["me"]) > 1)
    return visitor, int(chat_row(live)["contact_id"])


async def test_what_a_widget_is_told_of_its_button(centre: CentreForTests, amelie: At) -> None:
    async with http(centre) as client:
        answer = await client.get(f"/{centre.tenant_id}/site?language=fr-CA")
        assert answer.headers["access-control-allow-origin"] == SHOP
        shown = answer.json()
        assert (shown["language"], shown["texts"]["title"], shown["staffed"]) == ("fr", "Parlez-nous", True)
        assert shown["files"] == {"max_size": 100_000, "types": ["image/*", "text/plain"]}
        assert (await client.get(f"/{centre.tenant_id}/nothing")).status_code in (403, 404)


async def test_a_conversation_both_ways(centre: CentreForTests, amelie: At) -> None:
    agent, live = amelie
    visitor, contact_id = await talking(centre, live)
    async with visitor.online():
        await visitor.until(lambda each: each.state)
        assert visitor.state["agent"] == {"name": "Amelie"}
        await visitor.say("Hello, where is my order?")
        await live.until(lambda each: chat_row(each)["unread"] == 1)
        row = chat_row(live)
        assert row["last_message"]["text"] == "Hello, where is my order?" and row["visitor_connected"]
        number = await answered(agent, contact_id, "On its way")
        await visitor.until(lambda each: each.last == number)
        assert visitor.texts("agent") == ["On its way"]
        await agent.http.post(f"/contacts/{contact_id}/read", json={"n": number})
        await visitor.until(lambda each: {"t": "read", "n": number} in each.others)
        await visitor.send(t="read", n=number)
        await agent.http.patch(f"/contacts/{contact_id}/messages/{number}", json={"text": "It left today"})
        await visitor.until(lambda each: each.messages[number].get("edited"))
        await agent.http.delete(f"/contacts/{contact_id}/messages/{number}")
        await visitor.until(lambda each: each.messages[number].get("deleted"))
        assert visitor.messages[number]["text"] == ""
        await agent.http.post(f"/contacts/{contact_id}/hang-up")
        await visitor.until(lambda each: each.state["state"] == "ended")
        assert visitor.state["closed_by"] == "agent"


async def test_the_live_topic_is_the_same_conversation(centre: CentreForTests, amelie: At) -> None:
    agent, live = amelie
    visitor, contact_id = await talking(centre, live)
    topic = f"conversation:{contact_id}"
    async with visitor.online(), agent.live(topic, desktop=False) as talk:
        await visitor.send(t="typing", on=True, preview="Hel")
        await talk.until(lambda each: each.rows[topic]["typing"]["preview"] == "Hel")
        await visitor.say("Hello")
        await talk.until(lambda each: "2" in each.rows[topic])
        assert talk.rows[topic]["2"]["text"] == "Hello" and talk.rows[topic]["2"]["author"] == "visitor"
        assert talk.rows[topic]["state"]["can"] == ["say", "whisper", "close", "transfer", "invite", "call"]
        await talk.until(lambda each: not each.rows[topic]["typing"]["on"])
        await talk.socket.send(json.dumps({"typing": {"contact_id": contact_id, "on": True}}))
        await visitor.until(lambda each: {"t": "typing", "on": True} in each.others)
    async with centre.browser("bruno") as bruno, bruno.live("me", topic, desktop=False) as other:
        assert topic in other.denied
        assert (await bruno.http.get(f"/contacts/{contact_id}/messages")).status_code == 403
    history = (await agent.http.get(f"/contacts/{contact_id}/messages")).json()["items"]
    assert [row["text"] for row in history] == ["agent_joined", "Hello"]


async def test_a_whisper_is_a_gap_for_the_visitor(centre: CentreForTests, amelie: At) -> None:
    agent, live = amelie
    visitor, contact_id = await talking(centre, live)
    async with visitor.online(), centre.browser(SUPERVISOR) as sophie:
        assert (await sophie.http.post(f"/contacts/{contact_id}/watch")).status_code == 204
        number = await answered(sophie, contact_id, "Offer ten percent", kind="whisper")
        after = await answered(agent, contact_id, "We offer ten percent")
        await visitor.until(lambda each: each.last == after)
        assert visitor.messages[number] == {"t": "message", "n": number, "kind": "gap"}
        assert "Offer ten percent" not in visitor.texts()
        refused = await sophie.http.post(
            f"/contacts/{contact_id}/messages", json={"key": new_key(), "text": "Hello from above"}
        )
        assert refused.status_code == 403
        live_chats = (await sophie.http.get("/conversations")).json()["items"]
        assert [each["contact_id"] for each in live_chats] == [contact_id]
        assert (await agent.http.get("/conversations")).status_code == 403


async def test_resumes_by_number_and_a_key_counts_once(centre: CentreForTests, amelie: At) -> None:
    agent, live = amelie
    visitor, contact_id = await talking(centre, live)
    async with visitor.online():
        key = await visitor.say("One")
    await answered(agent, contact_id, "While you were away")
    async with visitor.online():
        await visitor.send(t="say", key=key, text="One")
        await visitor.say("Two")
    assert visitor.texts("visitor", "agent") == ["One", "While you were away", "Two"]
    written = await centre.world.recorded()
    assert written.count("message_written") == visitor.last


async def test_a_reload_is_no_end_and_a_loss_is(centre: CentreForTests, amelie: At) -> None:
    _, live = amelie
    visitor, _ = await talking(centre, live)
    async with visitor.online():
        await visitor.until(lambda each: each.state)
    await live.until(lambda each: not chat_row(each)["visitor_connected"])
    async with visitor.online():
        await live.until(lambda each: chat_row(each)["visitor_connected"])
    await live.until(lambda each: not chat_row(each)["visitor_connected"])
    await centre.server.advance(timedelta(seconds=32))
    await live.until(lambda each: len(each.rows["me"]) == 1)
    async with visitor.online():
        await visitor.until(lambda each: each.state.get("state") == "ended")


async def test_who_waits_is_told_his_place(centre: CentreForTests) -> None:
    first, second = await begin(centre), await begin(centre)
    async with first.online():
        await first.until(lambda each: each.state.get("position") == 1)
        async with second.online():
            await second.until(lambda each: each.state.get("position") == 2)
            assert second.state["state"] == "waiting" and "estimate_seconds" not in second.state
            await first.send(t="end")
            await second.until(lambda each: each.state.get("position") == 1)


async def test_long_polls(centre: CentreForTests, amelie: At) -> None:
    agent, live = amelie
    visitor, contact_id = await talking(centre, live)

    async with http(centre) as client:

        async def poll(wait: float = 10) -> None:
            at = f"/messages?token={visitor.token}&after={visitor.last}&wait={wait}"
            answer = await client.get(at)
            assert answer.status_code == 200, answer.text
            for frame in answer.json():
                visitor.take(frame)

        await poll()
        assert visitor.state["state"] == "talking"
        frames = [{"t": "say", "key": new_key(), "text": "By poll"}]
        assert (await client.post(f"/messages?token={visitor.token}", json=frames)).status_code == 204
        await poll()
        waiting = asyncio.create_task(poll())
        await live.until(lambda each: chat_row(each)["unread"] == 1)
        await answered(agent, contact_id, "And back")
        await waiting
        assert visitor.texts("visitor", "agent") == ["By poll", "And back"]
        await poll(wait=0)
        bad = await client.post(f"/messages?token={visitor.token}", json=[{"t": "nonsense"}])
        assert bad.status_code == 422


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://shop.example.evil.example"])
async def test_another_site_may_nothing(centre: CentreForTests, amelie: At, origin: str) -> None:
    _, live = amelie
    visitor, _ = await talking(centre, live)
    async with http(centre, origin) as client:
        answer = await client.get(f"/{centre.tenant_id}/site")
        assert answer.status_code == 403 and answer.json()["code"] == "wrong_origin"
        assert "access-control-allow-origin" not in answer.headers
        begun = await client.post(f"/{centre.tenant_id}/site/sessions", json={"key": new_key()})
        assert begun.status_code == 403
        assert (await client.get(f"/messages?token={visitor.token}")).status_code == 403
        assert (await client.options(f"/{centre.tenant_id}/site/sessions")).status_code == 403
    with pytest.raises(InvalidStatus):
        async with visitor.online(origin):
            pass


async def test_a_preflight_is_answered(centre: CentreForTests) -> None:
    async with http(centre) as client:
        answer = await client.options(f"/{centre.tenant_id}/site/sessions")
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-headers"] == "Content-Type"
        refused = await client.post(f"/{centre.tenant_id}/site/sessions", json={"key": "short"})
        assert refused.status_code == 422 and refused.headers["access-control-allow-origin"] == SHOP


async def test_a_wrong_or_expired_token_is_over(centre: CentreForTests, amelie: At) -> None:
    _, live = amelie
    visitor, _ = await talking(centre, live)
    for token in ("nonsense", f"{centre.tenant_id}.{'x' * 43}", f"other.{visitor.token.partition('.')[2]}"):
        stranger = Visitor(centre, token)
        with pytest.raises((ConnectionClosed, InvalidStatus)):
            async with stranger.online():
                await stranger.next()
    centre.world.clock.advance(timedelta(hours=49))
    with pytest.raises(ConnectionClosed) as closed:
        async with visitor.online():
            await visitor.next()
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401
    async with http(centre) as client:
        answer = await client.get(f"/messages?token={visitor.token}")
        assert answer.status_code == 401 and answer.headers["access-control-allow-origin"] == SHOP


async def test_the_same_request_begins_one_conversation(centre: CentreForTests, amelie: At) -> None:
    same = {"key": new_key(), "visitor_id": "v-1"}
    first, second = await begin(centre, **same), await begin(centre, **same)
    assert first.token != second.token
    assert (await centre.world.recorded()).count("contact_arrived") == 1


async def test_files_by_what_they_are(centre: CentreForTests, amelie: At) -> None:
    agent, live = amelie
    visitor, contact_id = await talking(centre, live)
    async with http(centre) as client, visitor.online():
        at = f"/files?token={visitor.token}"
        html = {"file": ("picture.png", b"<html><script>alert(1)</script>", "image/png")}
        assert (await client.post(at, files=html)).json()["code"] == "file_type_refused"
        large = {"file": ("large.txt", b"a" * 100_001, "text/plain")}
        assert (await client.post(at, files=large)).status_code == 413
        kept = (await client.post(at, files={"file": ("../photo.png", PNG, "image/png")})).json()
        assert (kept["name"], kept["media_type"]) == ("photo.png", "image/png")
        await visitor.send(t="file", key=new_key(), file_id=kept["file_id"])
        await visitor.until(lambda each: each.messages.get(each.last, {}).get("kind") == "file")
        shown = await agent.http.get(f"/contacts/{contact_id}/files/{kept['file_id']}")
        assert shown.content == PNG and "sandbox" in shown.headers["content-security-policy"]
        sent = await agent.http.post(
            f"/contacts/{contact_id}/files",
            files={"file": ("guide.pdf", b"%PDF-1.7 guide", "application/pdf")},
            data={"downloads": "1"},
        )
        assert sent.status_code == 201, sent.text
        await answered(agent, contact_id, "", kind="file", file_id=sent.json()["file_id"])
        await visitor.until(lambda each: each.messages[each.last].get("file", {}).get("name") == "guide.pdf")
        download = f"/files/{sent.json()['file_id']}?token={visitor.token}"
        first = await client.get(download)
        assert first.content == b"%PDF-1.7 guide" and "attachment" in first.headers["content-disposition"]
        assert (await client.get(download)).status_code == 410, "once was allowed"
        await visitor.send(t="file", key=new_key(), file_id="nothing")
        await visitor.until(lambda each: any(one.get("code") == "file_gone" for one in each.others))


async def test_a_page_is_pushed_after_consent(centre: CentreForTests, amelie: At) -> None:
    agent, live = amelie
    visitor, contact_id = await talking(centre, live)
    async with visitor.online():
        number = await answered(agent, contact_id, "Look here", kind="page", url="https://shop.example/5")
        await visitor.until(lambda each: each.last == number)
        assert visitor.messages[number]["url"] == "https://shop.example/5"
        await visitor.send(t="consent", n=number, ok=True)
        await visitor.send(t="consent", n=number, ok=False)
        await visitor.until(lambda each: any(one.get("code") == "unknown_message" for one in each.others))
    rows = (await agent.http.get(f"/contacts/{contact_id}/messages")).json()["items"]
    assert rows[-1]["consent"] is True
    bad = {"key": new_key(), "kind": "page", "text": "x", "url": "javascript:alert(1)"}
    assert (await agent.http.post(f"/contacts/{contact_id}/messages", json=bad)).status_code == 422


def token_of(secret: str, **claims: object) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    signed = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}"
    mac = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


async def test_a_signed_identity_says_who_it_is(centre: CentreForTests, amelie: At) -> None:
    _, live = amelie
    expires = centre.world.clock.now().timestamp() + 60
    identity = token_of("a secret of site", sub="7", name="Ann", email="ann@home.example", exp=expires)
    await begin(centre, identity=identity, fields={"name": "Somebody else"})
    await live.until(lambda each: len(each.rows["me"]) > 1)
    row = chat_row(live)
    assert (row["remote_name"], row["remote"], row["values"]["identity"]) == ("Ann", "ann@home.example", "7")
    async with http(centre) as client:
        old = token_of("a secret of site", sub="7", exp=expires - 600)
        body = {"key": new_key(), "identity": old}
        assert (await client.post(f"/{centre.tenant_id}/site/sessions", json=body)).status_code == 401


async def test_a_wrong_identity_begins_nothing(centre: CentreForTests, amelie: At) -> None:
    async with http(centre) as client:
        identity = token_of("guessed", sub="7", exp=centre.world.clock.now().timestamp() + 60)
        body = {"key": new_key(), "identity": identity}
        answer = await client.post(f"/{centre.tenant_id}/site/sessions", json=body)
        assert answer.status_code == 401 and answer.json()["code"] == "identity_wrong"


async def test_an_invitation_keeps_a_place_and_the_rest_hear_that_nobody_is_free(
    centre: CentreForTests, amelie: At
) -> None:
    _, live = amelie
    async with http(centre) as client:
        made = []
        for _ in range(4):
            body = {"visitor_id": new_key(), "rule": "1"}
            answer = await client.post(f"/{centre.tenant_id}/inviting/invitation", json=body)
            assert answer.status_code == 201, answer.text
            made.append(answer.json())
        assert made[0]["expires_in"] == 20
        full = await client.post(f"/{centre.tenant_id}/inviting/invitation", json={"visitor_id": new_key()})
        assert full.status_code == 409 and full.json()["code"] == "nobody_free"
        at = f"/{centre.tenant_id}/inviting/invitation?invitation={made[0]['invitation']}"
        assert (await client.delete(at)).status_code == 204
    visitor = await begin(centre, "inviting", invitation=made[1]["invitation"])
    async with visitor.online():
        await visitor.until(lambda each: each.state.get("state") == "talking")
    await live.until(lambda each: len(each.rows["me"]) == 2)


async def test_survey_once_and_the_transcript_asked_for_after_the_end(
    centre: CentreForTests, amelie: At
) -> None:
    _, live = amelie
    visitor, _ = await talking(centre, live)
    async with visitor.online():
        await visitor.send(t="end")
        await visitor.until(lambda each: each.state.get("state") == "ended")
        assert visitor.state["closed_by"] == "visitor"
        await visitor.send(t="survey", score=5, text="Very kind")
        await visitor.send(t="survey", score=1, text="No")
        await visitor.send(t="transcript", email="ann@home.example")
        await visitor.send(t="say", key=new_key(), text="And one more thing")
        await visitor.until(lambda each: any(one.get("code") == "chat_ended" for one in each.others))
    kinds = await centre.world.recorded()
    assert kinds.count("survey_given") == 1 and kinds.count("transcript_asked") == 1


async def test_who_sends_too_much_is_told_so(centre: CentreForTests, amelie: At) -> None:
    _, live = amelie
    visitor, _ = await talking(centre, live)
    async with visitor.online():
        for _ in range(40):
            await visitor.send(t="say", key=new_key(), text="again")
        await visitor.until(lambda each: any(one.get("code") == "too_fast" for one in each.others))
        await visitor.socket.send("nonsense")  # type: ignore[union-attr]  # it is there
        await visitor.until(lambda each: any(one.get("code") == "bad_frame" for one in each.others))


async def test_too_many_conversations_from_one_address(centre: CentreForTests) -> None:
    async with http(centre) as client:
        answers = [
            (await client.post(f"/{centre.tenant_id}/site/sessions", json={"key": new_key()})).status_code
            for _ in range(32)
        ]
    assert answers.count(201) == 30 and answers[-1] == 429


async def test_a_second_tenant_sees_nothing(web: WebForTests) -> None:
    one, two = await add_centre(web, chat_centre()), await add_centre(web, chat_centre())
    await web.start(one.world)
    visitor = await begin(one)
    foreign = Visitor(two, visitor.token.replace(one.tenant_id, two.tenant_id))
    with pytest.raises(ConnectionClosed) as closed:
        async with foreign.online():
            await foreign.next()
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401
    async with one.browser("amelie") as amelie, two.browser("amelie") as other:
        await at_chat_desk(amelie)
        async with amelie.live("me") as live:
            await one.server.settle()
            await live.until(lambda each: len(each.rows["me"]) > 1)
            contact_id = chat_row(live)["contact_id"]
        assert (await other.http.get(f"/contacts/{contact_id}/messages")).status_code in (403, 404)
        url = f"{web.origin.replace('http', 'ws')}/api/v1/visitor/socket?token={visitor.token}"
        async with connect(url, origin=Origin(web.origin)):
            pass  # our own host may, whatever the button's origins


async def test_nothing_lost_nor_doubled_when_the_server_dies(centre: CentreForTests, amelie: At) -> None:
    """The deciding process is killed in the middle; the visitor says again what was not confirmed."""
    agent, live = amelie
    visitor, contact_id = await talking(centre, live)
    async with visitor.online():
        first = await visitor.say("Before")
        await answered(agent, contact_id, "Heard")
        await visitor.until(lambda each: each.last == 3)
    await centre.server.crash()
    centre.web.tenants.servers[centre.tenant_id] = await centre.world.start()
    async with visitor.online():
        await visitor.send(t="say", key=first, text="Before")
        await visitor.say("After")
    assert visitor.texts("visitor", "agent") == ["Before", "Heard", "After"]
    assert [kind for kind in await centre.world.recorded() if kind == "message_written"] == [
        "message_written"
    ] * 4
