"""What a front filter says about a sender, and what anybody else says."""

import asyncio
import json
import smtplib
import ssl
import subprocess
from pathlib import Path

import pytest

from cordboard.channels.email.authentication import verdict
from cordboard.channels.email.door import DoorAddress, DoorTls
from cordboard.testing.mail import MailForTests, until, written
from cordboard.testing.postgres import free_port
from tests.channels.email.test_door import INFO

ANN = "ann@outside.test"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("mx.centre.test; dmarc=pass header.from=outside.test", "verified"),
        (
            "MX.centre.test 1; spf=pass smtp.mailfrom=x@y.test; dmarc=fail (p=reject) header.from=outside.test",
            "failed",
        ),
        (
            "mx.centre.test; dkim=pass (2048-bit key; unprotected) header.d=outside.test header.s=a",
            "verified",
        ),
        (
            "mx.centre.test; dkim=pass header.i=@mail.outside.test; spf=fail smtp.mailfrom=a@b.test",
            "verified",
        ),
        ("mx.centre.test; spf=pass smtp.mailfrom=bounce@outside.test", "verified"),
        (
            "mx.centre.test; dkim=pass header.d=elsewhere.test; spf=softfail smtp.mailfrom=outside.test",
            "failed",
        ),
        ("mx.centre.test; dkim=pass header.d=elsewhere.test", ""),
        ("mx.centre.test; spf=none smtp.mailfrom=outside.test; dkim=none", ""),
        ("mx.centre.test; none", ""),
        ("mx.else.test; dmarc=pass header.from=outside.test", ""),
        ("mx.else.test (mx.centre.test; dmarc=pass); dmarc=pass", ""),
        ("mx.centre.test.evil; dmarc=pass", ""),
        ("mx.centre.test; dkim=pass header.d=outside.test.evil; spf=fail", "failed"),
        ("mx.centre.test; x-dmarc=pass; comment dmarc=pass", ""),
        ("", ""),
    ],
)
def test_verdicts(header: str, expected: str) -> None:
    assert verdict(header, "mx.centre.test", ANN) == expected
    assert verdict(header, "", ANN) == ""


def test_a_header_made_to_last_is_read_at_once() -> None:
    assert verdict("mx.centre.test; " + "(" * 5_000 + "dmarc=pass", "mx.centre.test", ANN) in ("", "verified")


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> DoorTls:
    folder = tmp_path_factory.mktemp("door")
    chain, key = folder / "chain.pem", folder / "key.pem"
    made = [
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
    ]
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*made, *subject], check=True, capture_output=True)
    return DoorTls(chain, key, required=False)


def _bring(port: int, raw: bytes, certificate: Path | None) -> tuple[int, bytes]:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.ehlo()
        if certificate is not None:
            client.starttls(context=ssl.create_default_context(cafile=str(certificate)))
            client.ehlo()
        code, answer = client.mail("ann@outside.test")
        if code != 250:
            return code, answer
        client.rcpt("info@inside.test")
        return client.data(raw)


async def _open(mail: MailForTests, tls: DoorTls) -> DoorAddress:
    mail.door = DoorAddress("127.0.0.1", free_port(), free_port(), tls)
    mail.inboxes = [INFO]
    mail.trusted_filter = "mx.centre.test"
    return mail.door


async def _listens(port: int) -> bool:
    def knock() -> bool:
        try:
            smtplib.SMTP("127.0.0.1", port, timeout=5).quit()
        except OSError:
            return False
        return True

    return await asyncio.to_thread(knock)


async def test_mail_is_taken_over_tls_and_what_the_filter_says_is_kept(
    mail: MailForTests, tls: DoorTls
) -> None:
    door = await _open(mail, tls)
    said = b"Authentication-Results: mx.centre.test; dmarc=pass header.from=outside.test\r\n"
    forged = b"Authentication-Results: mx.else.test; dmarc=pass\r\n" + said
    async with mail.running():
        await until(lambda: _listens(door.smtp_port), bool, 10)
        answer = await asyncio.to_thread(_bring, door.smtp_port, said + written(1), tls.chain)
        assert answer[0] == 250, answer
        await asyncio.to_thread(_bring, door.smtp_port, forged + written(2), None)
        found = await mail.arrived("north", 2)
    assert [json.loads(one.headers).get("sender_check") for one in found] == ["verified", ""]


async def test_without_tls_nothing_is_taken_where_it_is_required(mail: MailForTests, tls: DoorTls) -> None:
    door = await _open(mail, DoorTls(tls.chain, tls.key, required=True))
    async with mail.running():
        await until(lambda: _listens(door.smtp_port), bool, 10)
        assert (await asyncio.to_thread(_bring, door.smtp_port, written(1), None))[0] == 530
        assert (await asyncio.to_thread(_bring, door.smtp_port, written(1), tls.chain))[0] == 250
        found = await mail.arrived("north", 1)
    assert len(found) == 1


async def test_a_renewed_certificate_is_used_without_a_restart(
    mail: MailForTests, tls: DoorTls, tmp_path: Path
) -> None:
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    door = await _open(mail, DoorTls(chain, key, required=False))  # not there yet: mail is taken without
    async with mail.running():
        await until(lambda: _listens(door.smtp_port), bool, 10)
        assert (await asyncio.to_thread(_bring, door.smtp_port, written(1), None))[0] == 250
        key.write_bytes(tls.key.read_bytes())
        chain.write_bytes(tls.chain.read_bytes())
        assert (await asyncio.to_thread(_bring, door.smtp_port, written(2), chain))[0] == 250
        await mail.arrived("north", 2)
