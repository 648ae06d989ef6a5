"""From chat to call over real sockets: the visitor is asked, his page becomes a line, and a gate lets it do nothing else."""

import asyncio
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from cordboard.channels.webchat.page_lines import may_pass
from cordboard.testing.web import Browser, CentreForTests, Live
from cordboard.testing.webchat import SHOP, Visitor, begin, http, new_key

At = tuple[Browser, Live]


async def chatting(centre: CentreForTests, agent: Browser, live: Live) -> tuple[Visitor, int]:
    """At a desk for calls and chats, in a chat."""
    phone = {"kind": "browser", "address": ""}
    answer = await agent.http.post("/desktop/seat", json={"seat": "omnichannel", "phone": phone})
    assert answer.status_code == 200, answer.text
    visitor = await begin(centre)
    await live.until(lambda each: any(key.startswith("contact:") for key in each.rows["me"]))
    row = next(row for key, row in live.rows["me"].items() if key.startswith("contact:"))
    return visitor, int(row["contact_id"])


async def ask(agent: Browser, contact_id: int, way: str = "page", number: str = "") -> Any:
    body = {"key": new_key(), "way": way, "number": number}
    return await agent.http.post(f"/contacts/{contact_id}/call", json=body)


async def is_there(live: Live, contact_id: int) -> None:
    """The server has seen that the visitor's page is connected."""
    await live.until(lambda each: each.rows["me"][f"contact:{contact_id}"]["visitor_connected"])


async def asked(visitor: Visitor) -> int:
    await visitor.until(lambda each: any(frame.get("call") == "asked" for frame in each.messages.values()))
    return next(n for n, frame in visitor.messages.items() if frame.get("call") == "asked")


async def test_the_page_becomes_a_line_and_the_account_goes_with_the_call(
    centre: CentreForTests, amelie: At
) -> None:
    agent, live = amelie
    visitor, contact_id = await chatting(centre, agent, live)
    topic = f"conversation:{contact_id}"
    async with visitor.online(), agent.live(topic, desktop=False) as talk, http(centre) as client:
        road = client.base_url.join("/api/v1/visitor/call")
        await is_there(live, contact_id)
        assert (await ask(agent, contact_id)).status_code == 202
        number = await asked(visitor)
        frame = visitor.messages[number]
        assert frame["kind"] == "buttons" and frame["text"].startswith("Amelie would like to speak with you")
        assert [each["id"] for each in frame["choices"]] == ["yes", "no"]
        early = await client.post(road, params={"token": visitor.token, "n": number})
        assert (early.status_code, early.json()["code"]) == (409, "no_call"), "he has not accepted yet"
        await visitor.send(t="call", n=number, answer="accepted")
        await talk.until(lambda each: each.rows[topic].get(str(number), {}).get("call") == "accepted")
        opened = await client.post(road, params={"token": visitor.token, "n": number})
        assert opened.status_code == 201, opened.text
        line = opened.json()
        assert centre.world.telephony.phones[line["username"]] == line["password"]
        assert line["username"].startswith(f"{centre.tenant_id}-page-{contact_id}-{number}-")
        again = await client.post(road, params={"token": visitor.token, "n": number})
        assert again.json()["password"] == line["password"], "a page that reloads finds its line"
        await visitor.send(t="call", n=number, answer="ready")
        await talk.until(lambda each: each.rows[topic].get(str(number), {}).get("call") == "calling")
        await visitor.send(t="call", n=number, answer="hung_up")
        await talk.until(lambda each: each.rows[topic].get(str(number), {}).get("call") == "declined")
        await visitor.until(lambda each: each.messages[number]["kind"] == "notice")
        async with asyncio.timeout(10):
            while line["username"] in centre.world.telephony.phones:
                await asyncio.sleep(0.05)
        late = await client.post(road, params={"token": visitor.token, "n": number})
        assert late.status_code == 409


async def test_no_thanks(centre: CentreForTests, amelie: At) -> None:
    agent, live = amelie
    visitor, contact_id = await chatting(centre, agent, live)
    async with visitor.online():
        await is_there(live, contact_id)
        assert (await ask(agent, contact_id)).status_code == 202
        number = await asked(visitor)
        await visitor.send(t="choose", key=new_key(), n=number, choice="no")
        await visitor.until(lambda each: each.messages[number].get("call") == "declined")
        assert visitor.messages[number]["text"] == "No call. You can go on writing here."


async def test_a_callback_needs_a_number_that_may_be_called(centre: CentreForTests, amelie: At) -> None:
    agent, live = amelie
    visitor, contact_id = await chatting(centre, agent, live)
    topic = f"conversation:{contact_id}"
    async with visitor.online(), agent.live(topic, desktop=False) as talk:
        await visitor.say("Call me at 06 11 22 33 44, please")
        await talk.until(lambda each: each.rows[topic]["state"]["numbers"] == ["06 11 22 33 44"])
        assert talk.rows[topic]["state"]["calls"] == ["page", "callback"]
        refused = await ask(agent, contact_id, "callback", "never")
        assert (refused.status_code, refused.json()["code"]) == (422, "number_invalid")
        assert (await ask(agent, contact_id, "callback", "06 11 22 33 44")).status_code == 202
        await visitor.until(
            lambda each: any(frame.get("way") == "callback" for frame in each.messages.values())
        )


async def test_a_seat_without_a_telephone(centre: CentreForTests, amelie: At) -> None:
    agent, live = amelie
    visitor = await begin(centre)
    await live.until(lambda each: any(key.startswith("contact:") for key in each.rows["me"]))
    row = next(row for key, row in live.rows["me"].items() if key.startswith("contact:"))
    async with visitor.online():
        refused = await ask(agent, int(row["contact_id"]))
        assert (refused.status_code, refused.json()["code"]) == (409, "no_telephone_seat")
        assert "omnichannel" in refused.json()["detail"]


async def test_the_sip_of_a_page_needs_its_call(centre: CentreForTests, amelie: At) -> None:
    agent, live = amelie
    visitor, contact_id = await chatting(centre, agent, live)
    road = f"{centre.web.origin.replace('http', 'ws')}/api/v1/visitor/sip"
    for query, origin in (
        ("token=nothing&n=1", SHOP),
        (f"token={visitor.token}&n=1", SHOP),
        (f"token={visitor.token}&n=1", "https://other.example"),
    ):
        with pytest.raises((InvalidStatus, ConnectionClosed)):
            async with connect(
                f"{road}?{query}", origin=Origin(origin), subprotocols=[Subprotocol("sip")]
            ) as socket:
                await socket.recv()
    assert contact_id


# -- the gate

LINE = "demo-page-7-3-0a1b"


def request(method: str, to: str, *more: str) -> str:
    lines = [f"{method} sip:cordboard SIP/2.0", "Via: SIP/2.0/WS x.invalid", f"To: {to}", *more, "", ""]
    return "\r\n".join(lines)


@pytest.mark.parametrize(
    "message",
    [
        request("REGISTER", f"<sip:{LINE}@cordboard>"),
        "SIP/2.0 200 OK\r\nTo: <sip:a@b>;tag=1\r\n\r\n",
        request("BYE", "<sip:asterisk@1.2.3.4:5060>;tag=abc-1"),
        request("ACK", "<sip:asterisk@1.2.3.4>;tag=abc"),
        "\r\n\r\n",
    ],
)
def test_what_a_page_may_say(message: str) -> None:
    assert may_pass(message, LINE)


@pytest.mark.parametrize(
    "message",
    [
        request("INVITE", "<sip:+33155667788@cordboard>"),
        request("INVITE", '"x>;tag=1" <sip:+33155667788@cordboard>'),
        request("INVITE", "<sip:+33155667788@cordboard;tag=1>"),
        request("INVITE", "<sip:a@b>;tag=1", "To: <sip:+33155667788@cordboard>"),
        request("INVITE", "<sip:a@b>;tag=1", "t: <sip:+33155667788@cordboard>"),
        request("REGISTER", "<sip:demo-amelie-web@cordboard>"),
        request("REGISTER", f"<sip:{LINE}x@cordboard>"),
        request("MESSAGE", "<sip:a@b>;tag=1"),
        request("OPTIONS", "<sip:a@b>"),
        request("SUBSCRIBE", "<sip:a@b>;tag=1"),
        "INVITE sip:1 SIP/2.0\nTo: <sip:1@b>\n\n",
        "GET / HTTP/1.1\r\n\r\n",
    ],
)
def test_what_a_page_may_not_say(message: str) -> None:
    assert not may_pass(message, LINE)
