"""Requests and handshakes from foreign pages, the headers of all answers, the web application's files."""

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from cordboard.testing.web import CentreForTests


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "OWN", "Sec-Fetch-Site": "cross-site"},
        {},
    ],
)
async def test_foreign_pages_change_nothing(centre: CentreForTests, headers: dict[str, str]) -> None:
    async with centre.browser("amelie") as amelie:
        cookies = dict(amelie.http.cookies.items())
        own = {name: centre.web.origin if value == "OWN" else value for name, value in headers.items()}
        async with httpx2.AsyncClient(
            base_url=f"{centre.web.origin}/api/v1", cookies=cookies, headers=own
        ) as page:
            answer = await page.post("/desktop/seat", json={"seat": "voice", "phone": {"kind": "browser"}})
            assert answer.status_code == 403 and answer.json()["code"] == "foreign_origin"
            assert (await page.delete("/sessions/current")).status_code == 403
        assert (await amelie.http.get("/sessions/current")).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/live", "/sip"])
@pytest.mark.parametrize("origin", [None, "https://evil.example"])
async def test_foreign_pages_open_no_socket(centre: CentreForTests, path: str, origin: str | None) -> None:
    async with centre.browser("amelie") as amelie:
        cookie = f"cordboard_session={amelie.http.cookies['cordboard_session']}"
        headers = {"Cookie": cookie, **({"Origin": origin} if origin else {})}
        with pytest.raises(InvalidStatus):
            async with connect(
                f"{centre.web.origin.replace('http', 'ws')}{path}", additional_headers=headers
            ):
                pass


async def test_headers_of_every_answer(centre: CentreForTests) -> None:
    async with centre.browser("amelie") as amelie:
        for path in ("/desktop", "/nothing", "/contacts/1"):
            headers = (await amelie.http.get(path)).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cache-control"] == "no-store"
            assert "default-src 'none'" in headers["content-security-policy"]
            assert "server" not in headers


async def test_the_pages_have_a_fresh_nonce_and_assets_are_cached_for_ever(centre: CentreForTests) -> None:
    dist = centre.web.dist
    page = '<script nonce="__CSP_NONCE__" src="/assets/a.js"></script><meta content="__CSP_NONCE__">'
    (dist / "index.html").write_text(page)
    (dist / "assets").mkdir()
    (dist / "assets" / "a.js").write_text("1")
    (dist / "assets" / "a.js.gz").write_bytes(b"\x1f\x8bpacked")
    async with httpx2.AsyncClient(base_url=centre.web.origin) as client:
        first, second = await client.get("/"), await client.get("/queues/sales")
        nonces = [answer.text.split('"')[1] for answer in (first, second)]
        assert nonces[0] != nonces[1] and "__CSP_NONCE__" not in first.text
        for nonce, answer in zip(nonces, (first, second), strict=True):
            policy = answer.headers["content-security-policy"]
            assert f"script-src 'self' 'nonce-{nonce}'" in policy and "unsafe-eval" not in policy
            assert answer.headers["cache-control"] == "no-store"
        asset = await client.get("/assets/a.js", headers={"Accept-Encoding": "identity"})
        assert asset.text == "1" and "immutable" in asset.headers["cache-control"]
        async with client.stream("GET", "/assets/a.js", headers={"Accept-Encoding": "gzip"}) as packed:
            assert packed.headers["content-encoding"] == "gzip"
            assert packed.headers["content-type"].startswith("text/javascript")
        (dist / "assets" / "b.css").write_text("body{}" * 100)
        plain = await client.get("/assets/b.css", headers={"Accept-Encoding": "gzip"})
        assert plain.text == "body{}" * 100 and plain.headers["content-encoding"] == "gzip"
        assert int(plain.headers["content-length"]) < 100
        assert (await client.get("/assets/gone.js")).status_code == 404
        assert (await client.get("/..%2f..%2fetc/passwd.txt")).status_code == 404
        assert (await client.get("/api/v1/nothing")).json()["code"] == "not_found"
        assert (await client.get("/metrics")).status_code == 200


async def test_operators_see_figures_without_names(centre: CentreForTests) -> None:
    async with centre.browser("amelie") as amelie, amelie.live("me"):
        metrics = (await amelie.http.get(f"{centre.web.origin}/metrics")).text
        assert "cordboard_live_sockets 1.0" in metrics
        assert 'cordboard_http_requests_total{status="2xx"}' in metrics
        assert "amelie" not in metrics


async def test_health(centre: CentreForTests) -> None:
    async with httpx2.AsyncClient(base_url=centre.web.origin) as client:
        assert (await client.get("/api/v1/health")).json() == {"status": "ok", "parts": {"database": "ok"}}


async def test_problems_have_one_shape(centre: CentreForTests) -> None:
    async with centre.browser("amelie") as amelie:
        invalid = await amelie.http.post("/desktop/state", json={"state": "asleep"})
        assert invalid.headers["content-type"] == "application/problem+json"
        assert invalid.json()["code"] == "invalid" and "ready" in invalid.json()["errors"][0]["message"]
        refused = await amelie.state("ready")
        assert refused.status_code == 409
        assert refused.json() == {
            "type": "urn:cordboard:problem:not_logged_in",
            "title": "Not logged in",
            "status": 409,
            "detail": "Take a seat first.",
            "code": "not_logged_in",
            "params": {},
        }
        emergency = await amelie.http.post("/desktop/calls", json={"number": "112"})
        assert emergency.status_code in (409, 422)
