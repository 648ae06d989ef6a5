"""Seats, phones, takeover, several tabs, layouts, the chat, the SIP socket."""

import asyncio
from dataclasses import replace

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from cordboard.chat.repository import MessageRow, add_message
from cordboard.core.words import SeatKind
from cordboard.testing.centre import NUMBER, small_centre
from cordboard.testing.web import SUPERVISOR, CentreForTests, WebForTests, add_centre


async def test_one_seat_too_many_is_refused_with_a_sentence(web: WebForTests) -> None:
    config = replace(small_centre(), seats={SeatKind.VOICE: 1})
    centre = await add_centre(web, config)
    await web.start(centre.world)
    async with centre.browser("amelie") as amelie, centre.browser("bruno") as bruno:
        await amelie.take_seat()
        wanted = {"seat": "voice", "phone": {"kind": "browser"}}
        full = await bruno.http.post("/desktop/seat", json=wanted)
        assert full.status_code == 409 and full.json()["code"] == "seats_full"
        assert full.json()["detail"].startswith("All 1 voice seats are taken.")
        start = (await bruno.http.get("/desktop")).json()
        assert start["seats_offered"] == [{"seat": "voice", "subscribed": 1, "taken": 1}]
        assert (await amelie.http.delete("/desktop/seat")).status_code == 204
        assert (await bruno.http.post("/desktop/seat", json=wanted)).status_code == 200


async def test_a_browser_phone_lives_as_long_as_its_login(centre: CentreForTests) -> None:
    phones = centre.world.telephony.phones
    async with centre.browser("amelie") as amelie:
        first = await amelie.take_seat()
        assert await amelie.take_seat() == first  # a reload keeps the registration
        assert (await amelie.http.get("/desktop")).json()["sip"] == first["sip"]
        assert len(first["sip"]["password"]) >= 32
        assert (await amelie.http.delete("/desktop/seat")).status_code == 204
        for _ in range(100):
            await asyncio.sleep(0.01)
            if not phones:
                break
        assert phones == {}
        second = await amelie.take_seat()
        assert second["sip"]["password"] != first["sip"]["password"]


async def test_a_desk_phone_keeps_its_account(centre: CentreForTests) -> None:
    async with centre.browser("amelie") as amelie:
        first = (await amelie.take_seat("sip"))["sip_account"]
        assert first["username"] == f"{centre.tenant_id}-amelie-desk" and first["port"] == 5060
        await amelie.http.delete("/desktop/seat")
        await centre.server.settle()
        assert (await amelie.take_seat("sip"))["sip_account"] == first
        assert f"{centre.tenant_id}-amelie-desk" in centre.world.telephony.phones


async def test_accounts_are_told_again_after_asterisk_was_away(centre: CentreForTests) -> None:
    async with centre.browser("amelie") as amelie:
        held = await amelie.take_seat()
        phones = centre.world.telephony.phones
        phones.clear()
        assert centre.web.web is not None
        await centre.web.web.phone_accounts.reprovision_all(centre.tenant_id)
        assert phones == {f"{centre.tenant_id}-amelie-web": held["sip"]["password"]}
        async with centre.web.db.tenant(centre.tenant_id) as connection:
            secret = await connection.fetchval("SELECT secret FROM phone_account")
        assert held["sip"]["password"].encode() not in secret


async def test_a_second_login_takes_over(centre: CentreForTests) -> None:
    async with centre.browser("amelie") as office, centre.browser("amelie") as home:
        first = await office.take_seat()
        async with office.live("me") as at_office:
            await office.state("ready")
            start = (await home.http.get("/desktop")).json()
            assert start["held_elsewhere"] and start["sip"] is None and start["seat"] is None
            async with home.live("me") as at_home:
                second = await home.take_seat()
                await at_office.until(lambda live: live.closed)
                assert at_office.closed == "taken_over"
                await at_home.until(lambda live: live.me["holder"] and live.me["state"] == "ready")
                assert second["sip"]["password"] != first["sip"]["password"]
                await at_home.drain()
                assert len(centre.server.state.agents["amelie"].desktops) == 1
        assert (await office.http.get("/sessions/current")).json()["needs_seat"]


async def test_two_tabs_are_two_desktops(centre: CentreForTests) -> None:
    def desktops() -> int:
        return len(centre.server.state.agents["amelie"].desktops)

    async with centre.browser("amelie") as amelie:
        await amelie.take_seat()
        async with amelie.live("me") as one:
            async with amelie.live("me") as two:
                await two.drain()
                assert desktops() == 2
            await one.drain()
            assert desktops() == 1
        async with asyncio.timeout(5):
            while desktops():
                await asyncio.sleep(0.01)
        assert centre.server.state.agents["amelie"].seat is SeatKind.VOICE  # for the grace time


async def test_layouts_are_kept_and_do_not_overwrite_one_another(centre: CentreForTests) -> None:
    async with centre.browser("amelie") as amelie, centre.browser("bruno") as bruno:
        empty = await amelie.http.get("/desktop/layout")
        assert (
            empty.json() == {"version": 0, "layouts": {}, "preferences": {}}
            and empty.headers["etag"] == '"0"'
        )
        body = {"layouts": {"wide": [{"i": "call", "x": 0}]}, "preferences": {"theme": "dark"}}
        saved = await amelie.http.put("/desktop/layout", json=body)
        assert saved.json()["version"] == 1
        stale = await amelie.http.put("/desktop/layout", json=body, headers={"If-Match": '"7"'})
        assert stale.status_code == 412 and stale.json()["code"] == "version_conflict"
        again = await amelie.http.put("/desktop/layout", json=body, headers={"If-Match": '"1"'})
        assert again.headers["etag"] == '"2"'
        assert (await amelie.http.get("/desktop/layout")).json()["layouts"] == body["layouts"]
        assert (await bruno.http.get("/desktop/layout")).json()["version"] == 0
        large = {"layouts": {"x": "y" * 300_000}}
        assert (await amelie.http.put("/desktop/layout", json=large)).status_code == 422


async def test_the_chat(centre: CentreForTests) -> None:
    async with (
        centre.browser("amelie") as amelie,
        centre.browser("bruno") as bruno,
        centre.browser(SUPERVISOR) as sophie,
    ):
        async with (
            amelie.live("chat") as at_amelie,
            bruno.live("chat") as at_bruno,
            sophie.live("chat", desktop=False) as at_sophie,
        ):
            hello = {"to": "team", "text": " hello ", "key": "key-of-hello"}
            sent = (await amelie.http.post("/chat/messages", json=hello)).json()
            assert (await amelie.http.post("/chat/messages", json=hello)).json() == sent
            private = {"to": "bruno", "text": "psst", "key": "key-of-psst"}
            await amelie.http.post("/chat/messages", json=private)
            for live, texts in (
                (at_amelie, ["hello", "psst"]),
                (at_bruno, ["hello", "psst"]),
                (at_sophie, ["hello"]),
            ):
                await live.drain()
                assert [row["text"] for row in live.rows["chat"].values()] == texts
        nobody = await amelie.http.post(
            "/chat/messages", json={"to": "zoe", "text": "?", "key": "key-of-zoe"}
        )
        assert nobody.json()["code"] == "unknown_agent"
        with_bruno = (await amelie.http.get("/chat/messages?with=bruno")).json()
        assert [row["text"] for row in with_bruno["items"]] == ["psst"]
        async with bruno.live("chat") as later:
            assert [row["text"] for row in later.rows["chat"].values()] == ["hello", "psst"]


async def test_only_the_newest_hundred_messages_are_live(centre: CentreForTests) -> None:
    async with centre.browser("amelie") as amelie, amelie.live("chat") as live:
        async with centre.web.db.tenant(centre.tenant_id) as connection:
            for number in range(100):
                row = MessageRow(0, "bruno", "Bruno", "team", str(number), centre.world.clock.now())
                await add_message(connection, centre.tenant_id, f"key-number-{number}", row)
        await live.socket.send('{"unsubscribe":["chat"]}')
        await live.socket.send('{"subscribe":["chat"]}')
        for number in range(100, 103):
            body = {"to": "team", "text": str(number), "key": f"key-number-{number}"}
            await amelie.http.post("/chat/messages", json=body)
        await live.until(lambda live: any(row["text"] == "102" for row in live.rows["chat"].values()))
        assert [row["text"] for row in live.rows["chat"].values()] == [
            str(number) for number in range(3, 103)
        ]
        page = (await amelie.http.get("/chat/messages?limit=60")).json()
        rest = (await amelie.http.get(f"/chat/messages?limit=60&before={page['next']}")).json()
        assert len(rest["items"]) == 43 and rest["next"] is None


async def test_an_offer_reaches_the_browser_within_milliseconds(centre: CentreForTests) -> None:
    async with centre.browser("amelie") as amelie:
        await amelie.take_seat()
        async with amelie.live("me", "queues", "colleagues") as live:
            await amelie.state("ready")
            await live.drain()
            outside = centre.world.telephony
            outside.call(centre.tenant_id, "line-1", NUMBER, "+33612345678")
            await centre.server.settle()
            outside.finish_playback("line-1")
            await centre.server.settle()
            loop = asyncio.get_running_loop()
            pressed = loop.time()
            outside.press("line-1", "1")
            await live.until(lambda live: live.contact())
            assert loop.time() - pressed < 0.5  # a few ms; this machine may be busy


# -- the softphone's socket


async def test_sip_passes_both_ways(centre: CentreForTests) -> None:
    received: list[str | bytes] = []

    async def asterisk(connection: ServerConnection) -> None:
        async for message in connection:
            received.append(message)
            await connection.send(f"SIP/2.0 200 OK {message!r}")

    async with serve(asterisk, "127.0.0.1", 0, subprotocols=[Subprotocol("sip")]) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        centre.web.sip_websocket = f"ws://127.0.0.1:{port}/ws"
        async with (
            centre.browser("amelie") as amelie,
            _sip(centre, amelie.http.cookies["cordboard_session"]) as phone,
        ):
            assert phone.subprotocol == "sip"
            await phone.send("REGISTER sip:cordboard SIP/2.0")
            assert await phone.recv() == "SIP/2.0 200 OK 'REGISTER sip:cordboard SIP/2.0'"
            server.close()
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(phone.recv(), 5)
    assert received == ["REGISTER sip:cordboard SIP/2.0"]


async def test_sip_needs_a_desktop_session_and_asterisk(centre: CentreForTests) -> None:
    with pytest.raises(InvalidStatus):
        async with _sip(centre, "nonsense"):
            pass
    async with centre.browser(SUPERVISOR) as sophie:
        with pytest.raises(InvalidStatus):
            async with _sip(centre, sophie.http.cookies["cordboard_session"]):
                pass
    async with centre.browser("amelie") as amelie:
        with pytest.raises(InvalidStatus):  # nothing listens there
            async with _sip(centre, amelie.http.cookies["cordboard_session"]):
                pass


def _sip(centre: CentreForTests, token: str) -> connect:
    origin = centre.web.origin
    return connect(
        f"{origin.replace('http', 'ws')}/sip",
        origin=Origin(origin),
        subprotocols=[Subprotocol("sip")],
        additional_headers={"Cookie": f"cordboard_session={token}"},
        proxy=None,
    )
