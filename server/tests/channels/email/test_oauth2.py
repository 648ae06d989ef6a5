"""Signing in by OAuth2 at a real Dovecot, which asks a real (small) identity provider about each token."""

import asyncio
import base64
import json
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from cordboard.channels.email.diagnosis import WELL, diagnose
from cordboard.channels.email.imap import ImapBox
from cordboard.channels.email.inboxes import Server
from cordboard.channels.email.sign_in import AccessTokens
from cordboard.channels.email.smtp_out import Envelope as Sealed
from cordboard.channels.email.smtp_out import SmtpOut, Temporary
from cordboard.core.words import MailProtocol, MailSecurity, MailSignIn
from cordboard.runtime.clock import SystemClock
from cordboard.testing.dovecot import DovecotForTests
from cordboard.testing.mail import written
from cordboard.testing.postgres import free_port

USER = "shop@inside.test"


@dataclass
class Provider:
    """Gives access tokens for the refresh token `fresh`, and tells Dovecot whose a token is."""

    given: list[str] = field(default_factory=list)
    good: set[str] = field(default_factory=set)
    bad: bool = False

    def handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                if form.get("refresh_token") != ["fresh"] or form.get("client_id") != ["cordboard"]:
                    return self.answer(400, {"error": "invalid_grant"})
                token = f"token-{len(provider.given)}"
                provider.given.append(token)
                if not provider.bad:
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
    known.good.clear()  # the provider has withdrawn it: a new one, tried once
    assert diagnose(server(mailbox, url), tokens) == WELL
    assert known.given == ["token-0", "token-1"]
    known.bad = True  # and what it gives now, the mail server does not take
    known.good.clear()
    found = diagnose(server(mailbox, url), tokens)
    assert (found.ok, found.stage) == (False, "login")
    assert "access token" in found.sentence
    assert known.given == ["token-0", "token-1", "token-2"]


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


@dataclass
class Submission:
    """What the SMTP server takes: it asks the provider about each token, as Dovecot does."""

    provider: Provider
    got: list[bytes] = field(default_factory=list)
    tried: list[tuple[str, str]] = field(default_factory=list)
    mechanisms: tuple[str, ...] = ("XOAUTH2", "OAUTHBEARER")

    async def _token(self, server: SMTP, mechanism: str, args: list[str]) -> AuthResult:
        told = base64.b64decode(args[1]).decode()
        token = told.partition("auth=Bearer ")[2].partition("\x01")[0]
        named = "user=shop@inside.test\x01" if mechanism == "XOAUTH2" else "n,a=shop@inside.test,\x01host="
        self.tried.append((mechanism, token))
        if token in self.provider.good and told.startswith(named) and told.endswith("\x01\x01"):
            return AuthResult(success=True)
        answer = await server.challenge_auth('{"status":"invalid_token"}', log_client_response=False)
        assert answer == (b"\x01" if mechanism == "OAUTHBEARER" else b"")
        return AuthResult(success=False, handled=False)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        return await self._token(server, "XOAUTH2", args)

    async def auth_OAUTHBEARER(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        return await self._token(server, "OAUTHBEARER", args)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.got.append(envelope.content)
        return "250 OK"


@pytest.fixture(params=["XOAUTH2", "OAUTHBEARER"])
async def submission(
    provider: tuple[Provider, str], request: pytest.FixtureRequest
) -> AsyncIterator[tuple[Submission, Server]]:
    taken = Submission(provider[0])
    others = {"LOGIN", "PLAIN"} | ({"OAUTHBEARER"} if request.param == "XOAUTH2" else set())
    port = free_port()
    listening = await asyncio.get_running_loop().create_server(
        lambda: SMTP(
            taken,
            hostname="submission",
            auth_require_tls=False,
            auth_exclude_mechanism=others,
        ),
        "127.0.0.1",
        port,
    )
    secret = {"token_url": f"{provider[1]}/token", "client_id": "cordboard", "refresh_token": "fresh"}
    yield (
        taken,
        Server(
            MailProtocol.SMTP,
            "127.0.0.1",
            port,
            MailSecurity.NONE,
            USER,
            json.dumps(secret),
            MailSignIn.OAUTH2,
        ),
    )
    listening.close()


async def _send(where: Server, tokens: AccessTokens) -> None:
    async def before_text() -> None:
        pass

    connection = await SmtpOut.open(where, tokens)
    try:
        await connection.send(Sealed(USER, ["ann@outside.test"], b"Subject: x\r\n\r\nHello\r\n"), before_text)
    finally:
        await connection.close()


async def test_mail_is_sent_with_a_token_that_is_replaced_when_it_has_ended(
    submission: tuple[Submission, Server], provider: tuple[Provider, str]
) -> None:
    taken, where = submission
    known = provider[0]
    tokens = AccessTokens(SystemClock())
    await _send(where, tokens)
    await _send(where, tokens)
    assert (len(taken.got), known.given) == (2, ["token-0"])
    known.good.clear()
    await _send(where, tokens)  # it has ended: another is fetched, and tried once
    assert (len(taken.got), known.given) == (3, ["token-0", "token-1"])
    assert len({mechanism for mechanism, _ in taken.tried}) == 1
    known.good.clear()
    known.bad = True
    with pytest.raises(Temporary) as refused:
        await _send(where, tokens)
    assert "does not take the access token of shop@inside.test" in refused.value.detail
    assert "token-" not in refused.value.detail
    assert len(known.given) == 3  # once, not in a loop
    known.bad = False
    await _send(where, tokens)
    assert len(taken.got) == 4


async def test_the_connection_test_of_a_server_that_sends(
    submission: tuple[Submission, Server], provider: tuple[Provider, str]
) -> None:
    _, where = submission
    known = provider[0]
    tokens = AccessTokens(SystemClock())
    assert await asyncio.to_thread(diagnose, where, tokens) == WELL
    known.good.clear()
    assert await asyncio.to_thread(diagnose, where, tokens) == WELL
    known.good.clear()
    known.bad = True
    found = await asyncio.to_thread(diagnose, where, tokens)
    assert (found.ok, found.stage) == (False, "login")
    assert "access token" in found.sentence
    assert "identity provider" in found.hint
