"""What the connection test says about real servers that are wrong in every usual way."""

import asyncio
import smtplib
import ssl
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from cordboard.channels.email.diagnosis import WELL, Stage, diagnose
from cordboard.channels.email.dovecot import DovecotConf
from cordboard.channels.email.inboxes import Server
from cordboard.channels.email.sign_in import AccessTokens
from cordboard.core.words import MailProtocol, MailSecurity, MailSignIn
from cordboard.runtime.clock import SystemClock
from cordboard.testing.dovecot import DovecotForTests
from cordboard.testing.postgres import free_port


@pytest.fixture
def tokens() -> AccessTokens:
    return AccessTokens(SystemClock())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Self-signed, for mail.inside.test."""
    folder = tmp_path_factory.mktemp("certificate")
    chain, key = folder / "chain.pem", folder / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "3",
            "-out",
            chain,
            "-keyout",
            key,
            *subject,
        ],
        check=True,
        capture_output=True,
    )
    return chain, key


@pytest.fixture
async def smtp(certificate: tuple[Path, Path]) -> AsyncIterator[dict[MailSecurity, int]]:
    """Ports of an SMTP server that wants a log-in (amelie, right), by security."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)

    def authenticate(
        _server: object, _session: object, _envelope: object, _kind: str, data: object
    ) -> AuthResult:
        return AuthResult(success=getattr(data, "password", b"") == b"right", handled=False)

    def make() -> SMTP:
        return SMTP(
            None, hostname="inside", authenticator=authenticate, auth_require_tls=False, tls_context=context
        )

    loop = asyncio.get_running_loop()
    ports = {one: free_port() for one in (MailSecurity.NONE, MailSecurity.TLS)}
    servers = [
        await loop.create_server(make, "127.0.0.1", ports[MailSecurity.NONE]),
        await loop.create_server(make, "127.0.0.1", ports[MailSecurity.TLS], ssl=context),
    ]
    yield {**ports, MailSecurity.STARTTLS: ports[MailSecurity.NONE]}
    for server in servers:
        server.close()


def test_imap_and_pop3_that_are_well(dovecot: DovecotForTests, tokens: AccessTokens) -> None:
    for protocol in (MailProtocol.IMAP, MailProtocol.POP3):
        assert diagnose(dovecot.server("well@inside.test", protocol=protocol), tokens) == WELL


@pytest.mark.parametrize("protocol", [MailProtocol.IMAP, MailProtocol.POP3])
def test_a_wrong_password(dovecot: DovecotForTests, tokens: AccessTokens, protocol: MailProtocol) -> None:
    server = replace(dovecot.server("well@inside.test", protocol=protocol), secret="wrong")
    found = diagnose(server, tokens)
    assert (found.ok, found.stage) == (False, Stage.LOGIN)
    assert found.sentence == "127.0.0.1 does not accept the user well@inside.test with this password."


def test_no_such_folder(dovecot: DovecotForTests, tokens: AccessTokens) -> None:
    found = diagnose(dovecot.server("well@inside.test", folder="Orders"), tokens)
    assert (found.stage, found.sentence) == ("folder", "There is no folder Orders that can be opened.")


def test_no_such_server(tokens: AccessTokens) -> None:
    found = diagnose(Server(MailProtocol.IMAP, "imap.nowhere.invalid"), tokens)
    assert (found.stage, found.sentence) == ("dns", "There is no server named imap.nowhere.invalid.")


@pytest.mark.parametrize("protocol", list(MailProtocol))
def test_nothing_listens(tokens: AccessTokens, protocol: MailProtocol) -> None:
    port = free_port()
    found = diagnose(Server(protocol, "127.0.0.1", port), tokens)
    assert (found.stage, found.sentence) == ("connect", f"Nothing answers at 127.0.0.1, port {port}.")
    usual = {MailProtocol.IMAP: 993, MailProtocol.POP3: 995, MailProtocol.SMTP: 465}[protocol]
    assert found.hint == f"The usual port of {protocol} with tls is {usual}."


def test_tls_where_there_is_none(dovecot: DovecotForTests, tokens: AccessTokens) -> None:
    server = replace(dovecot.server("well@inside.test"), security=MailSecurity.TLS)
    found = diagnose(server, tokens)
    assert found.stage == "tls"
    assert "does not speak TLS from the first byte" in found.sentence
    assert "Choose starttls" in found.hint


def test_the_port_of_another_protocol(dovecot: DovecotForTests, tokens: AccessTokens) -> None:
    server = replace(dovecot.server("well@inside.test"), port=dovecot.conf.pop3_port)
    found = diagnose(server, tokens, timeout=2)
    assert found.stage == "connect"


def test_a_port_where_nobody_speaks(tokens: AccessTokens) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = Server(MailProtocol.IMAP, "127.0.0.1", silent.getsockname()[1], MailSecurity.NONE, "a", "b")
        found = diagnose(server, tokens, timeout=0.3)
    assert found.stage == "connect"
    assert found.sentence.endswith("does not answer in time.")


def test_a_certificate_of_ones_own_is_refused_until_it_is_named(
    tmp_path: Path, tokens: AccessTokens, certificate: tuple[Path, Path]
) -> None:
    own = DovecotForTests(tmp_path / "dovecot")
    (tmp_path / "dovecot").mkdir()
    own.conf = DovecotConf(
        tmp_path / "dovecot", "demo", free_port(), free_port(), free_port(), free_port(), *certificate
    )
    own.start()
    try:
        server = replace(own.server("a@b.test"), port=own.conf.imaps_port, security=MailSecurity.TLS)
        found = diagnose(server, tokens)
        assert (found.ok, found.stage) == (False, "tls")
        assert found.sentence.startswith("The certificate of 127.0.0.1 is not accepted: self")
        assert "authority" in found.hint
        assert diagnose(replace(server, certificate_file=str(certificate[0])), tokens) == WELL
        starttls = replace(
            own.server("a@b.test"), security=MailSecurity.STARTTLS, certificate_file=str(certificate[0])
        )
        assert diagnose(starttls, tokens) == WELL
    finally:
        own.stop()


async def test_smtp(
    smtp: dict[MailSecurity, int], tokens: AccessTokens, certificate: tuple[Path, Path]
) -> None:
    for security, port in smtp.items():
        server = Server(
            MailProtocol.SMTP,
            "127.0.0.1",
            port,
            security,
            "amelie",
            "right",
            certificate_file=str(certificate[0]),
        )
        assert await asyncio.to_thread(diagnose, server, tokens) == WELL, security
        found = await asyncio.to_thread(diagnose, replace(server, secret="wrong"), tokens)
        assert (found.stage, found.ok) == ("login", False), security
        assert "amelie" in found.sentence
    without = Server(
        MailProtocol.SMTP, "127.0.0.1", smtp[MailSecurity.NONE], MailSecurity.NONE, sign_in=MailSignIn.NONE
    )
    assert await asyncio.to_thread(diagnose, without, tokens) == WELL


async def test_smtp_that_offers_no_sign_in(tokens: AccessTokens) -> None:
    port = free_port()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(None, hostname="x"), "127.0.0.1", port
    )
    wanted = Server(MailProtocol.SMTP, "127.0.0.1", port, MailSecurity.NONE, "amelie", "right")
    found = await asyncio.to_thread(diagnose, wanted, tokens)
    server.close()
    assert (found.stage, found.sentence) == (
        "login",
        "127.0.0.1 offers no sign-in on this kind of connection.",
    )
    assert issubclass(smtplib.SMTPNotSupportedError, smtplib.SMTPException)
