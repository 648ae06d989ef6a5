"""Addresses that fail too often are turned away for a while."""

import asyncio
import socket
from pathlib import Path

from cordboard.channels.asterisk import endpoints as sip
from cordboard.channels.asterisk.guard import BLOCKED_FOR, FAILURES, WITHIN, Counts, Guard, failed_addresses
from cordboard.testing.asterisk import AsteriskServer
from cordboard.testing.rig import TENANT, TelephonyRig
from cordboard.testing.sipp import HangUp, SipAccount, SipServer, register, start_caller

LINE = (
    "[2026-11-23 01:23:43.123] SECURITY[20154] res_security_log.c: "
    'SecurityEvent="{event}",EventTV="2026-11-23T01:23:43.123+0000",Severity="Error",Service="PJSIP",'
    'EventVersion="1",AccountID="bob",SessionID="1-2@3",LocalAddress="IPV4/UDP/0.0.0.0/8404",'
    'RemoteAddress="IPV4/UDP/{address}/5060"'
)


def test_log_lines() -> None:
    lines = [
        LINE.format(event="InvalidAccountID", address="198.51.100.7"),
        LINE.format(event="SuccessfulAuth", address="198.51.100.8"),
        LINE.format(event="ChallengeSent", address="198.51.100.8"),
        LINE.format(event="ChallengeResponseFailed", address="198.51.100.9"),
        "nonsense",
    ]
    assert failed_addresses(lines) == ["198.51.100.7", "198.51.100.9"]


def test_counts() -> None:
    counts = Counts(frozenset({"127.0.0.1"}))
    assert not any(counts.failed("a", 1.0) for _ in range(FAILURES - 1))
    assert not counts.failed("a", 2.0 + WITHIN.total_seconds()), "old failures do not count"
    assert [counts.failed("b", 3.0) for _ in range(FAILURES + 3)].count(True) == 1
    assert not any(counts.failed("127.0.0.1", 3.0) for _ in range(FAILURES * 2))
    assert counts.over(4.0) == []
    assert counts.over(3.0 + BLOCKED_FOR.total_seconds()) == ["b"]
    assert not counts.failed("b", 9999.0), "it begins anew"


async def test_guard(rig: TelephonyRig) -> None:
    """Wrong names from one address: soon it gets no challenge any more; others do."""
    server = rig.server.sip
    stranger = SipAccount("nobody-at-all", "guess")

    def knock() -> int:
        return register(server, stranger, 0, host="127.0.0.9")

    for _ in range(FAILURES):
        assert await asyncio.to_thread(knock) == 401
    async with asyncio.timeout(10):
        while await asyncio.to_thread(knock) == 401:
            await asyncio.sleep(0.2)
    assert await asyncio.to_thread(knock) == 403
    assert await asyncio.to_thread(register, server, stranger, 0, host="127.0.0.10") == 401
    rig.server.ask("pjsip show identifies")
    await sip.unblock(rig.telephony._lanes, "127.0.0.9")
    assert await asyncio.to_thread(knock) == 401


async def test_log_is_kept_short(tmp_path: Path) -> None:
    log = tmp_path / "security.log"
    log.write_text("old\n")
    guard = Guard(log, asyncio.sleep, asyncio.sleep)  # type: ignore[arg-type]  # never called
    assert guard._news() == []
    with log.open("a") as file:
        file.write("one\ntw")
        file.flush()
        assert guard._news() == ["one"]
        file.write("o\n")
        file.flush()
        assert guard._news() == ["two"]


async def test_revoked_phone_is_refused(rig: TelephonyRig) -> None:
    account = SipAccount("acme-amelie-web", "secret")
    await rig.telephony.provision_phone(TENANT, "amelie", account.username, "secret", browser=False)
    assert await asyncio.to_thread(register, rig.server.sip, account, 0) == 200
    wrong = SipAccount(account.username, "guess")
    assert await asyncio.to_thread(register, rig.server.sip, wrong, 0) == 401
    await rig.telephony.revoke_phone(account.username)
    assert await asyncio.to_thread(register, rig.server.sip, account, 0) != 200


async def test_a_visitors_page_can_be_called_and_call_nobody(rig: TelephonyRig, tmp_path: Path) -> None:
    """With the right password its call reaches no number, neither ours nor the network's; when it is over it is refused."""
    page = SipAccount("acme-page-7-3-0a1b", "secret")
    await rig.telephony.provision_page(TENANT, page.username, page.password)
    assert await asyncio.to_thread(register, rig.server.sip, page, 0) == 200
    rig.inbox.forget()
    for number in ("+33199001234", "0155667788"):
        caller = start_caller(
            tmp_path,
            SipServer(rig.server.sip.host, rig.server.sip.port),
            number,
            [HangUp()],
            caller=page.username,
            password=page.password,
            host="127.0.0.12",
            name=f"page-{number}",
        )
        try:
            assert await asyncio.to_thread(caller.wait, 8) == 1
            assert "404" in caller.errors()
        finally:
            caller.stop()
    assert rig.inbox.events == []
    await rig.telephony.revoke_phone(page.username)
    assert await asyncio.to_thread(register, rig.server.sip, page, 0) != 200


async def test_unknown_peer_is_refused(rig: TelephonyRig, tmp_path: Path) -> None:
    """A call from an address that is no trunk's, in no agent's name, does not come in."""
    server = rig.server.sip
    caller = start_caller(
        tmp_path, SipServer(server.host, server.port), "+33199001234", [HangUp()], host="127.0.0.11"
    )
    try:
        assert await asyncio.to_thread(caller.wait, 8) == 1
        assert "401" in caller.errors()
    finally:
        caller.stop()
    assert not [event for event in rig.inbox.events if "Arrived" in type(event).__name__]


def test_asterisk_http_is_on_loopback_only(asterisk: AsteriskServer) -> None:
    rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
    port = f"{asterisk.conf.ari_port:04X}"
    addresses = {row.split()[1].partition(":")[0] for row in rows if row.split()[1].endswith(f":{port}")}
    assert addresses == {socket.inet_aton("127.0.0.1")[::-1].hex().upper()}
