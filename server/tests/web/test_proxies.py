"""Behind a proxy each visitor has his own limits; nobody can make up where he comes from."""

from collections.abc import Sequence
from ipaddress import ip_network

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from cordboard.testing.web import CentreForTests, WebForTests, add_centre
from cordboard.testing.webchat import SHOP, chat_centre, new_key
from cordboard.web.proxies import Proxies


async def nothing(scope: object, receive: object, send: object) -> None: ...


PROXIES = Proxies(nothing, [ip_network("10.0.0.0/8"), ip_network("fd00::/16"), ip_network("127.0.0.1")])


@pytest.mark.parametrize(
    "forwarded, client",
    [
        ([], "10.0.0.1"),
        (["203.0.113.7"], "203.0.113.7"),
        (["1.1.1.1, 203.0.113.7"], "203.0.113.7"),
        (["1.1.1.1", "203.0.113.7, 10.0.0.2"], "203.0.113.7"),
        (["127.0.0.1, 203.0.113.7"], "203.0.113.7"),
        (["203.0.113.7:4711"], "203.0.113.7"),
        (["[2001:db8::7]:4711"], "2001:db8::7"),
        (["2001:db8::7, fd00::1"], "2001:db8::7"),
        (["::ffff:203.0.113.7"], "203.0.113.7"),
        (["203.0.113.7, nonsense"], "10.0.0.1"),
        (["nonsense, 10.0.0.2"], "10.0.0.2"),
        (["10.0.0.9, 10.0.0.2"], "10.0.0.9"),
        (["", ","], "10.0.0.1"),
        (["1.1.1.1," * 10_000 + "203.0.113.7"], "203.0.113.7"),
    ],
)
def test_whose_word_is_believed(forwarded: Sequence[str], client: str) -> None:
    assert PROXIES.client_of("10.0.0.1", forwarded) == client


async def begin(centre: CentreForTests, forwarded: str) -> int:
    body = {"key": new_key(), "visitor_id": new_key(), "language": "en"}
    headers = {"Origin": SHOP, "X-Forwarded-For": forwarded}
    url = f"{centre.web.origin}/api/v1/visitor/{centre.tenant_id}/site/sessions"
    async with httpx2.AsyncClient(timeout=30) as client:
        return (await client.post(url, json=body, headers=headers)).status_code


@pytest.mark.parametrize("trusted", [True, False])
async def test_each_visitor_has_his_own_limit(web: WebForTests, trusted: bool) -> None:
    web.trusted_proxies = [ip_network("127.0.0.0/8")] if trusted else []
    centre = await add_centre(web, chat_centre())
    await web.start(centre.world)
    for _ in range(30):
        assert await begin(centre, "203.0.113.7") == 201
    assert await begin(centre, "203.0.113.7") == 429
    assert await begin(centre, "198.51.100.1, 203.0.113.7") == 429, "what he says himself changes nothing"
    assert await begin(centre, "203.0.113.8") == (201 if trusted else 429)


async def test_what_is_for_this_machine_alone_stays_so(web: WebForTests) -> None:
    web.trusted_proxies = [ip_network("127.0.0.1")]
    centre = await add_centre(web)
    await web.start(centre.world)
    async with httpx2.AsyncClient(base_url=web.origin) as client:
        assert (await client.get("/metrics")).status_code == 200
        assert (await client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"})).status_code == 404
        spoofed = {"X-Forwarded-For": "127.0.0.1, 203.0.113.7"}
        assert (await client.get("/metrics", headers=spoofed)).status_code == 404


async def test_cookies_are_secure_behind_https(web: WebForTests) -> None:
    web.trusted_proxies = [ip_network("127.0.0.1")]
    centre = await add_centre(web)
    await web.start(centre.world)
    async with centre.browser("amelie", log_in=False) as browser:
        for proto, secure in (("https", True), ("http", False), ("gopher", False)):
            body = {"login": browser.login, "password": "correct horse battery"}
            headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": proto}
            answer = await browser.http.post("/sessions", json=body, headers=headers)
            assert ("secure" in answer.headers["set-cookie"].lower()) is secure
    with pytest.raises(InvalidStatus):
        url = f"{web.origin.replace('http', 'ws')}/api/v1/visitor/socket?token=none"
        more = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
        async with connect(url, origin=Origin(SHOP), additional_headers=more):
            pass
