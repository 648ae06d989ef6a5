"""What Asterisk says, as it was recorded, and what it means."""

import json

import pytest

from cordboard.channels.asterisk.translate import Happened, Unclaimed, cause_of, e164, seen_line, translate
from cordboard.channels.asterisk.wire import AriChannel, Message, decode_message
from cordboard.core.events import (
    CallArrived,
    DigitPressed,
    LineAnswered,
    LineEnded,
    LineRinging,
    PhoneDialled,
    PhoneReached,
    PhoneUnreached,
    PlaybackEnded,
    SeenLine,
)
from cordboard.core.words import EndCause


class Known:
    """`acme` has +33199001234, the line 1795397226.4 and everything named acme-…"""

    country = "FR"

    def tenant_of_number(self, number: str) -> str | None:
        return "acme" if number == "+33199001234" else None

    def tenant_of_line(self, line: str) -> str | None:
        return "acme" if line == "1795397226.4" or self.is_ours(line) else None

    def is_ours(self, line: str) -> bool:
        return line.startswith("acme-")

    def agent_of_phone(self, username: str) -> tuple[str, str] | None:
        return ("acme", "amelie") if username == "acme-amelie-desk" else None


CALLER: dict[str, object] = {
    "id": "1795397226.4",
    "name": "PJSIP/trunk-network-00000004",
    "state": "Ring",
    "protocol_id": "1-20772@127.0.0.1",
    "caller": {"name": "Anne", "number": "+33600000001"},
    "connected": {"name": "", "number": ""},
    "accountcode": "",
    "dialplan": {
        "context": "cordboard-trunk",
        "exten": "+33199001234",
        "priority": 3,
        "app_name": "Stasis",
        "app_data": "cordboard,trunk,+33199001234",
    },
    "creationtime": "2026-11-23T01:28:01.000+0000",
    "language": "en",
}
AGENT: dict[str, object] = {
    **CALLER,
    "id": "acme-12.2",
    "name": "PJSIP/acme-amelie-desk-00000005",
    "state": "Up",
    "caller": {"name": "", "number": ""},
    "accountcode": "acme/amelie",
}


def said(kind: str, **fields: object) -> Message:
    common = {
        "type": kind,
        "application": "cordboard",
        "timestamp": "2026-11-23T01:28:01.000+0000",
        "asterisk_id": "x",
    }
    return decode_message(json.dumps({**common, **fields}).encode())


@pytest.mark.parametrize(
    ("message", "event"),
    [
        (
            said("StasisStart", args=["trunk", "+33199001234"], channel=CALLER),
            CallArrived("1795397226.4", "+33199001234", "+33600000001", "Anne"),
        ),
        (
            said(
                "StasisStart",
                args=["trunk", "0199001234"],
                channel={**CALLER, "caller": {"number": "anonymous"}},
            ),
            CallArrived("1795397226.4", "+33199001234", ""),
        ),
        (
            said("StasisStart", args=["phone", "0142"], channel={**AGENT, "id": "1795397226.9"}),
            PhoneDialled("1795397226.9", "amelie", "0142"),
        ),
        (said("StasisStart", args=[], channel=AGENT), LineAnswered("acme-12.2")),
        (said("ChannelStateChange", channel={**AGENT, "state": "Ringing"}), LineRinging("acme-12.2")),
        (
            said("ChannelDtmfReceived", digit="#", duration_ms=120, channel=CALLER),
            DigitPressed("1795397226.4", "#"),
        ),
        (said("StasisEnd", channel=CALLER), LineEnded("1795397226.4", EndCause.NORMAL)),
        (
            said("ChannelDestroyed", cause=17, cause_txt="User busy", channel=AGENT),
            LineEnded("acme-12.2", EndCause.BUSY, "User busy"),
        ),
        (
            said(
                "PlaybackFinished",
                playback={
                    "id": "acme-12.p1",
                    "media_uri": "sound:/x/en/hello",
                    "target_uri": "channel:1795397226.4",
                    "language": "en",
                    "state": "done",
                },
            ),
            PlaybackEnded("1795397226.4", "acme-12.p1"),
        ),
        (
            said(
                "ContactStatusChange",
                endpoint={"technology": "PJSIP", "resource": "acme-amelie-desk", "state": "online"},
                contact_info={
                    "uri": "sip:x@127.0.0.1",
                    "contact_status": "NonQualified",
                    "aor": "acme-amelie-desk",
                },
            ),
            PhoneReached("amelie", "acme-amelie-desk"),
        ),
        (
            said(
                "ContactStatusChange",
                endpoint={"technology": "PJSIP", "resource": "acme-amelie-desk", "state": "offline"},
                contact_info={
                    "uri": "sip:x@127.0.0.1",
                    "contact_status": "Removed",
                    "aor": "acme-amelie-desk",
                },
            ),
            PhoneUnreached("amelie", "acme-amelie-desk"),
        ),
    ],
)
def test_what_happened(message: Message, event: object) -> None:
    assert translate(message, Known()) == Happened("acme", event)  # type: ignore[arg-type]  # of each kind


@pytest.mark.parametrize(
    "message",
    [
        said("ChannelStateChange", channel={**CALLER, "state": "Up"}),
        said("ChannelDtmfReceived", digit="1", channel=AGENT),
        said("StasisEnd", channel=AGENT),  # its ChannelDestroyed follows, with the cause
        said("StasisEnd", channel={**CALLER, "id": "1795397226.5"}),
        said("ChannelVarset", variable="X", value="1", channel=CALLER),
        said("StasisStart", args=["phone", "0142"], channel={**AGENT, "accountcode": ""}),
        said("PlaybackFinished", playback={"id": "p", "target_uri": "bridge:acme-12", "state": "done"}),
    ],
)
def test_what_means_nothing(message: Message) -> None:
    assert translate(message, Known()) is None


def test_number_of_nobody() -> None:
    message = said("StasisStart", args=["trunk", "+33100000000"], channel=CALLER)
    assert translate(message, Known()) == Unclaimed("1795397226.4", "+33100000000")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("+33199001234", "+33199001234"),
        ("0033199001234", "+33199001234"),
        ("33199001234", "+33199001234"),
        ("0199001234", "+33199001234"),
        ("3699", "3699"),
    ],
)
def test_numbers_as_trunks_write_them(written: str, meant: str) -> None:
    assert e164(written, "FR") == meant


def test_causes() -> None:
    assert cause_of(16) is EndCause.NORMAL
    assert cause_of(21) is EndCause.DECLINED
    assert cause_of(20) is EndCause.UNREACHABLE
    assert cause_of(34) is EndCause.FAILED


def test_lines_found_again() -> None:
    def channel(fields: dict[str, object]) -> AriChannel:
        found = said("StasisEnd", channel=fields).channel
        assert found is not None
        return found

    caller = seen_line(channel(CALLER), "FR", ours=False)
    assert caller == SeenLine("1795397226.4", False, "+33199001234", "+33600000001", "Anne")
    assert seen_line(channel(AGENT), "FR", ours=True) == SeenLine("acme-12.2", True)
