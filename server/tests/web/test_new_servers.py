"""The connection test of servers that are not configured, over HTTP and against a real Dovecot; and what it does not let be done."""

from typing import Any

import pytest

from cordboard.testing.dovecot import PASSWORD, DovecotForTests, dovecot
from cordboard.testing.postgres import free_port
from cordboard.testing.web import ADMINISTRATOR, SUPERVISOR, Browser
from tests.web.test_mail import Desk, desk

__all__ = ["desk", "dovecot"]


def typed(dovecot: DovecotForTests, **changes: Any) -> dict[str, Any]:
    return {
        "protocol": "imap",
        "host": "127.0.0.1",
        "port": dovecot.conf.imap_port,
        "security": "none",
        "user": "typed@inside.test",
        "secret": PASSWORD,
        **changes,
    }


async def test(browser: Browser, **servers: Any) -> list[tuple[str, str, bool]]:
    answer = await browser.http.post("/inboxes/test", json=servers)
    assert answer.status_code == 200, answer.text
    assert PASSWORD not in answer.text.replace("demo-mail", "")
    return [(step["name"], step["stage"], step["ok"]) for step in answer.json()["steps"]]


test.__test__ = False  # type: ignore[attr-defined]  # it asks, and is asked


async def test_each_step_is_told(desk: Desk, dovecot: DovecotForTests) -> None:
    async with desk.centre.browser(ADMINISTRATOR) as browser:
        assert await test(browser, receive=typed(dovecot)) == [
            ("receive", "dns", True),
            ("receive", "connect", True),
            ("receive", "login", True),
            ("receive", "folder", True),
        ]
        assert await test(browser, receive=typed(dovecot, folder="Orders")) == [
            ("receive", "dns", True),
            ("receive", "connect", True),
            ("receive", "login", True),
            ("receive", "folder", False),
        ]
        assert (await test(browser, receive=typed(dovecot, secret="wrong")))[-1] == (
            "receive",
            "login",
            False,
        )
        away = {**typed(dovecot), "port": free_port()}
        assert await test(browser, receive=typed(dovecot), send=away) == [
            ("receive", "dns", True),
            ("receive", "connect", True),
            ("receive", "login", True),
            ("receive", "folder", True),
            ("send", "dns", True),
            ("send", "connect", False),
        ]


async def test_what_was_typed_is_neither_kept_nor_logged(
    desk: Desk, dovecot: DovecotForTests, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = "quite-a-secret-7f3b"
    async with desk.centre.browser(ADMINISTRATOR) as browser:
        answer = await browser.http.post("/inboxes/test", json={"receive": typed(dovecot, secret=secret)})
        wrong = await browser.http.post(
            "/inboxes/test", json={"receive": {"host": "no host", "secret": secret}}
        )
    assert (answer.status_code, wrong.status_code) == (200, 422)
    assert secret not in answer.text + wrong.text
    told = capfd.readouterr()
    assert secret not in told.out + told.err
    async with desk.centre.web.db.tenant(desk.centre.tenant_id) as connection:
        assert await connection.fetchval("SELECT count(*) FROM secret") == 0


async def test_it_is_no_port_scanner(desk: Desk, dovecot: DovecotForTests) -> None:
    async with desk.centre.browser(ADMINISTRATOR) as browser, desk.centre.browser(SUPERVISOR) as lead:
        assert (await lead.http.post("/inboxes/test", json={"receive": typed(dovecot)})).status_code == 403
        port = await browser.http.post("/inboxes/test", json={"receive": typed(dovecot, port=22)})
        assert (port.status_code, port.json()["code"]) == (422, "port_not_for_mail")
        # a neighbour of this machine is not looked at
        near = await browser.http.post(
            "/inboxes/test", json={"receive": typed(dovecot, host="10.0.0.1", port=993)}
        )
        (step,) = near.json()["steps"]
        assert (step["stage"], step["ok"]) == ("dns", False)
        # what a stranger says is not told
        greeting = await browser.http.post(
            "/inboxes/test", json={"receive": typed(dovecot, port=dovecot.conf.pop3_port)}
        )
        assert "Dovecot" not in greeting.text
        codes = [
            (await browser.http.post("/inboxes/test", json={"receive": typed(dovecot)})).status_code
            for _ in range(6)
        ]
        assert codes == [200, 200, 200, 200, 429, 429]


async def test_an_identity_provider_inside_is_not_asked(desk: Desk, dovecot: DovecotForTests) -> None:
    secret = '{"token_url": "http://169.254.169.254/token", "client_id": "x", "refresh_token": "y"}'
    async with desk.centre.browser(ADMINISTRATOR) as browser:
        answer = await browser.http.post(
            "/inboxes/test", json={"receive": typed(dovecot, sign_in="oauth2", secret=secret)}
        )
        (step,) = answer.json()["steps"]
        assert (step["stage"], step["ok"]) == ("login", False)
        assert "inside" in step["detail"]
