"""Signing in by OAuth2 at a real Dovecot, which asks a real (small) identity provider about each token."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

from cordboard.channels.email.diagnosis import WELL, diagnose
from cordboard.channels.email.imap import ImapBox
from cordboard.channels.email.inboxes import Server
from cordboard.channels.email.sign_in import AccessTokens
from cordboard.core.words import MailSignIn
from cordboard.runtime.clock import SystemClock
from cordboard.testing.dovecot import DovecotForTests
from cordboard.testing.mail import written

USER = "shop@inside.test"


@dataclass
class Provider:
    """Gives access tokens for the refresh token `fresh`, and tells Dovecot whose a token is."""

    given: list[str] = field(default_factory=list)
    good: set[str] = field(default_factory=set)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                if form.get("refresh_token") != ["fresh"] or form.get("client_id") != ["cordboard"]:
                    return self.answer(400, {"error": "invalid_grant"})
                token = f"token-{len(provider.given)}"
                provider.given.append(token)
                provider.good.add(token)
                return self.answer(200, {"access_token": token, "expires_in": 3600, "token_type": "Bearer"})

            def do_GET(self) -> None:
                token = parse_qs(urlparse(self.path).query)["token"][0]
                known = token in provider.good
                self.answer(200, {"active": known, "email": USER} if known else {"active": False})

            def answer(self, status: int, content: dict[str, object]) -> None:
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@pytest.fixture
def provider() -> Iterator[tuple[Provider, str]]:
    made = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), made.handler())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(params=["xoauth2", "xoauth2 oauthbearer"])
def mailbox(
    provider: tuple[Provider, str], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[DovecotForTests]:
    asked = tmp_path / "oauth2.conf"
    asked.write_text(
        f"introspection_url = {provider[1]}/whose?token=\nintrospection_mode = get\nusername_attribute = email\n"
        "active_attribute = active\nactive_value = true\n"
    )
    folder = tmp_path / "dovecot"
    folder.mkdir()
    own = DovecotForTests(folder)
    way = f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {asked}\n}}\n"
    own.conf = replace(own.conf, mechanisms=request.param, extra=way)
    own.start()
    yield own
    own.stop()


def server(mailbox: DovecotForTests, url: str, refresh: str = "fresh") -> Server:
    secret = {
        "token_url": f"{url}/token",
        "client_id": "cordboard",
        "client_secret": "x",
        "refresh_token": refresh,
    }
    return replace(mailbox.server(USER), sign_in=MailSignIn.OAUTH2, secret=json.dumps(secret))


def test_a_token_is_fetched_once_and_replaced_when_it_is_refused(
    mailbox: DovecotForTests, provider: tuple[Provider, str]
) -> None:
    known, url = provider
    tokens = AccessTokens(SystemClock())
    mailbox.deliver(USER, [written(1)])
    for _ in range(2):
        box = ImapBox.open(server(mailbox, url), tokens)
        assert len(box.list_from(1)) == 1
        box.close()
    assert known.given == ["token-0"]
    known.good.clear()  # the provider has withdrawn it
    found = diagnose(server(mailbox, url), tokens)
    assert (found.ok, found.stage) == (False, "login")
    assert "access token" in found.sentence
    assert diagnose(server(mailbox, url), tokens) == WELL
    assert known.given == ["token-0", "token-1"]


def test_what_the_provider_refuses_is_said(mailbox: DovecotForTests, provider: tuple[Provider, str]) -> None:
    tokens = AccessTokens(SystemClock())
    found = diagnose(server(mailbox, provider[1], "stale"), tokens)
    assert (found.stage, found.sentence) == (
        "login",
        "The identity provider gives no access token for this inbox. Sign in there again and store the new refresh token.",
    )
    plain = replace(server(mailbox, provider[1]), secret="a password")
    assert diagnose(plain, tokens).sentence.startswith("The secret of this inbox is not one for OAuth2")
    away = server(mailbox, "http://127.0.0.1:1")
    assert diagnose(away, tokens).sentence == "The identity provider can not be reached. Check token_url."
