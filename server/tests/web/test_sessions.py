"""Logging in and out, lock-out, passwords, the list of sessions, and what ends with a session."""

from datetime import timedelta

import pytest

from cordboard.identity.errors import LoginUnknown
from cordboard.identity.passwords import Passwords, weakness_of
from cordboard.identity.service import set_password
from cordboard.testing.web import PASSWORD, CentreForTests


async def test_the_cookie_is_out_of_reach_of_scripts(centre: CentreForTests) -> None:
    async with centre.browser("amelie", log_in=False) as amelie:
        cookie = (await amelie.log_in()).headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie and "path=/" in cookie
        token = amelie.http.cookies["cordboard_session"]
        async with centre.web.db.tenant(centre.tenant_id) as connection:
            stored = await connection.fetch("SELECT * FROM session")
        assert token.encode() not in b"".join(row["token_hash"] for row in stored)


async def test_logins_are_not_case_sensitive_and_passwords_are(centre: CentreForTests) -> None:
    async with centre.browser("amelie", log_in=False) as amelie:
        assert (await amelie.log_in(PASSWORD.upper())).json()["code"] == "login_failed"
        amelie.login = amelie.login.upper()
        assert (await amelie.log_in()).status_code == 201


@pytest.mark.parametrize("login", ["amelie", "nobody-at-all"])
async def test_five_wrong_passwords_lock_a_login_known_or_not(centre: CentreForTests, login: str) -> None:
    async with centre.browser(login, log_in=False) as browser:
        for _ in range(4):
            assert (await browser.log_in("wrong")).json()["code"] == "login_failed"
        locked = await browser.log_in("wrong")
        assert locked.status_code == 429 and locked.json()["code"] == "login_locked"
        assert locked.headers["retry-after"] == "60"
        assert locked.json()["detail"] == "Too many wrong passwords. Try again in 60 seconds."
        assert (await browser.log_in()).json()["code"] == "login_locked"
        centre.world.clock.advance(timedelta(seconds=61))
        again = await browser.log_in("wrong")  # the next lock is longer
        assert again.json()["params"] == {"retry_after_seconds": "120"}
        centre.world.clock.advance(timedelta(seconds=121))
        status = (await browser.log_in()).status_code
        assert status == (201 if login == "amelie" else 429)


async def test_a_wrong_password_counts_when_changing_it_too(centre: CentreForTests) -> None:
    async with centre.browser("amelie") as amelie:
        change = {"current": "wrong", "new": "an entirely new one"}
        codes = [
            (await amelie.http.post("/sessions/current/password", json=change)).json()["code"]
            for _ in range(5)
        ]
        assert codes == ["login_failed"] * 4 + ["login_locked"]


async def test_a_reset_password_ends_the_sessions_and_lifts_the_lock(centre: CentreForTests) -> None:
    async with centre.browser("amelie") as amelie, centre.browser("amelie", log_in=False) as locked:
        for _ in range(5):
            await locked.log_in("wrong")
        new = "a new one that was told by telephone"
        await set_password(centre.web.db, centre.web.passwords, amelie.login, new, centre.world.clock.now())
        assert (await amelie.http.get("/sessions/current")).status_code == 401
        assert (await locked.log_in(new)).status_code == 201
        with pytest.raises(LoginUnknown):
            await set_password(centre.web.db, centre.web.passwords, "nobody", new, centre.world.clock.now())


async def test_changing_the_password_ends_the_other_sessions(centre: CentreForTests) -> None:
    async with centre.browser("amelie") as old, centre.browser("amelie") as here:
        weak = {"current": PASSWORD, "new": "Amelie12345"}
        assert (await here.http.post("/sessions/current/password", json=weak)).json()[
            "code"
        ] == "password_too_weak"
        async with old.live("me") as live:
            change = {"current": PASSWORD, "new": "an entirely new one"}
            assert (await here.http.post("/sessions/current/password", json=change)).status_code == 204
            await live.until(lambda live: live.closed)
            assert live.closed == "session_ended"
        assert (await old.http.get("/sessions/current")).json()["code"] == "session_expired"
        assert (await here.http.get("/sessions/current")).status_code == 200
        assert (await old.log_in()).json()["code"] == "login_failed"
        assert (await old.log_in("an entirely new one")).status_code == 201


async def test_the_list_of_sessions_and_their_revocation(centre: CentreForTests) -> None:
    async with (
        centre.browser("amelie") as old,
        centre.browser("amelie") as here,
        centre.browser("bruno") as bruno,
    ):
        listed = (await here.http.get("/sessions")).json()["items"]
        assert [row["current"] for row in listed].count(True) == 1 and len(listed) == 2
        other = next(row["id"] for row in listed if not row["current"])
        assert (await bruno.http.delete(f"/sessions/{other}")).json()["code"] == "not_found"
        await old.take_seat()
        assert (await here.http.delete(f"/sessions/{other}")).status_code == 204
        await centre.server.settle()
        assert centre.server.state.agents["amelie"].seat is None
        assert (await old.http.get("/desktop")).status_code == 401


async def test_a_session_ends_by_itself(centre: CentreForTests) -> None:
    async with centre.browser("amelie") as amelie:
        centre.world.clock.advance(timedelta(hours=16, seconds=1))
        assert (await amelie.http.get("/sessions/current")).status_code == 401


async def test_logging_out_frees_the_seat_and_closes_the_socket(centre: CentreForTests) -> None:
    async with centre.browser("amelie") as amelie:
        await amelie.take_seat()
        assert not (await amelie.http.get("/sessions/current")).json()["needs_seat"]
        async with amelie.live("me") as live:
            assert (await amelie.http.delete("/sessions/current")).status_code == 204
            await live.until(lambda live: live.closed == "logged_out")
        await centre.server.settle()
        assert centre.server.state.agents["amelie"].seat is None


@pytest.mark.parametrize(
    "password", ["short", "password123!", "aaaaaaaaaaaa", "Amelie-2026", "1234567890123", "Motdepasse1"]
)
def test_weak_passwords(password: str) -> None:
    assert weakness_of(password, "amelie.acme", "Amelie")


def test_a_good_password() -> None:
    assert weakness_of("k7mq-x3vb-t9ae-wd5h", "amelie.acme", "Amelie") is None


async def test_the_real_hash_is_argon2id_with_our_parameters() -> None:
    passwords = Passwords()
    hashed = await passwords.hash(PASSWORD)
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.check(hashed, PASSWORD)
    assert not await passwords.check(hashed, "another")
    assert not await passwords.check(None, "nobody has this password")
    passwords.close()
