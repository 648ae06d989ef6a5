"""A browser's softphone as Asterisk sees it: SIP over WebSocket, and a call offered for WebRTC."""

import asyncio
import re
import secrets

from websockets.asyncio.client import ClientConnection, connect

from cordboard.core.commands import Dial, HangUp
from cordboard.core.events import LineEnded, Phone, PhoneReached, PhoneUnreached
from cordboard.core.words import PhoneKind
from cordboard.testing.rig import TENANT, TelephonyRig
from cordboard.testing.sipp import SipAccount
from cordboard.testing.sipp.registration import digest

ACCOUNT = SipAccount("acme-amelie-web", "long and random")
HOST = "browser.invalid"


def request_of(call: str, sequence: int, authorization: str = "") -> str:
    lines = [
        "REGISTER sip:centre SIP/2.0",
        f"Via: SIP/2.0/WS {HOST};branch=z9hG4bK{secrets.token_hex(6)}",
        f"From: <sip:{ACCOUNT.username}@centre>;tag={call}",
        f"To: <sip:{ACCOUNT.username}@centre>",
        f"Call-ID: {call}",
        f"CSeq: {sequence} REGISTER",
        f"Contact: <sip:x1@{HOST};transport=ws>;expires=300",
        "Max-Forwards: 70",
        *([authorization] if authorization else []),
        "Content-Length: 0",
    ]
    return "\r\n".join(lines) + "\r\n\r\n"


async def register_over(browser: ClientConnection) -> str:
    call = secrets.token_hex(6)
    await browser.send(request_of(call, 1))
    challenge = re.search(r"(?im)^WWW-Authenticate:\s*Digest\s+(.*)$", await text_of(browser))
    assert challenge is not None
    await browser.send(request_of(call, 2, digest(ACCOUNT, challenge[1], "sip:centre", "REGISTER")))
    return await text_of(browser)


async def text_of(browser: ClientConnection) -> str:
    said = await asyncio.wait_for(browser.recv(), 8)
    return said if isinstance(said, str) else said.decode()


async def test_browser_phone(rig: TelephonyRig) -> None:
    await rig.telephony.provision_phone(TENANT, "amelie", ACCOUNT.username, ACCOUNT.password, browser=True)
    rig.inbox.forget()
    url = f"ws://127.0.0.1:{rig.server.conf.ari_port}/ws"
    async with connect(url, subprotocols=["sip"]) as browser:  # type: ignore[list-item]  # a NewType of str
        assert (await register_over(browser)).startswith("SIP/2.0 200")
        await rig.inbox.wait_for(PhoneReached)
        phone = Phone(PhoneKind.BROWSER, ACCOUNT.username)
        rig.perform(Dial("acme-12.2", 12, phone, "+33600000001", 'An"ne', auto_answer=True))
        invite = await text_of(browser)
        assert invite.startswith("INVITE ")
        assert "X-Cordboard-Contact: 12" in invite
        assert re.search(r'From: "?Anne"? <sip:\+33600000001@', invite)
        for line in ("UDP/TLS/RTP/SAVPF", "a=fingerprint:SHA-256", "a=ice-ufrag", "a=rtcp-mux", "opus/48000"):
            assert line in invite, line
    # the tab is closed without a word: its registration is gone at once, and the call that rings there can be ended
    await rig.inbox.wait_for(PhoneUnreached)
    rig.perform(HangUp("acme-12.2"))
    assert (await rig.inbox.wait_for(LineEnded)).line == "acme-12.2"
