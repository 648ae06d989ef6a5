"""What a browser is told of STUN and TURN servers."""

import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from cordboard.identity.rights import Session
from cordboard.seats.ice import IceServer, told_to
from cordboard.settings import Settings
from cordboard.testing.web import CentreForTests

ENDS = datetime(2026, 11, 24, 20, tzinfo=UTC)
SESSION = Session("s1", "demo", "p", "Amelie", "amelie", "amelie", (), "en", ENDS - timedelta(hours=16), ENDS)


def test_a_password_is_made_for_each_session_as_coturn_checks_it() -> None:
    server = IceServer(("turn:turn.example:3478",), secret="north")
    told = told_to(SESSION, [server])[0]
    assert told.username == f"{int(ENDS.timestamp())}:s1"
    by_openssl = subprocess.run(
        f"printf %s '{told.username}' | openssl dgst -sha1 -hmac north -binary | openssl base64",
        shell=True,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.credential == by_openssl.stdout.strip()
    another = told_to(replace(SESSION, id="s2"), [server])[0]
    assert another.credential != told.credential
    assert "north" not in repr(server)


def test_what_is_given_is_told_as_it_is() -> None:
    servers = [IceServer(("stun:stun.example",)), IceServer(("turns:turn.example",), "u", "p")]
    told = [each.model_dump() for each in told_to(SESSION, servers)]
    assert told == [
        {"urls": ["stun:stun.example"], "username": "", "credential": ""},
        {"urls": ["turns:turn.example"], "username": "u", "credential": "p"},
    ]


def test_the_setting_is_a_list_of_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORDBOARD_ICE_SERVERS", '[{"urls": ["turn:turn.example:3478"], "secret": "north"}]')
    assert Settings().ice_servers[0].secret.get_secret_value() == "north"
    monkeypatch.setenv("CORDBOARD_ICE_SERVERS", '[{"urls": ["https://turn.example"]}]')
    with pytest.raises(ValidationError, match="ice_servers"):
        Settings()


async def test_a_softphone_is_told_with_its_account(centre: CentreForTests) -> None:
    assert centre.web.web is not None
    centre.web.web.seats._ice_servers = [IceServer(("turn:turn.example:3478",), secret="north")]
    async with centre.browser("amelie") as amelie:
        (told,) = (await amelie.take_seat())["sip"]["ice_servers"]
        assert told["urls"] == ["turn:turn.example:3478"] and told["credential"]
        start = (await amelie.http.get("/desktop")).json()
        assert start["sip"]["ice_servers"] == [told]
        assert (await amelie.take_seat("sip"))["sip"] is None
