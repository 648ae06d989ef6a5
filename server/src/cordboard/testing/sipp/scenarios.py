"""The XML scenarios that sipp plays, written from steps. Times are in seconds; sipp counts in milliseconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE scenario SYSTEM "sipp.dtd">\n'

_EVENT_TYPE = 101
"""Payload type of telephone-event; sipp is told the same by `-rtp_payload` where it matters."""

# sipp 3.6 writes digits with this payload type, whatever the SDP says
_SIPP_EVENT_TYPE = 96


@dataclass(frozen=True, slots=True)
class Wait:
    seconds: float


@dataclass(frozen=True, slots=True)
class Keys:
    """Presses `digits` one after the other: RFC 4733 in the audio stream, or SIP INFO (`application/dtmf-relay`)."""

    digits: str
    by_info: bool = False


@dataclass(frozen=True, slots=True)
class SendAudio:
    """Sends a file of raw µ-law (8 kHz mono), `times` times (-1: until the end of the call)."""

    file: Path
    times: int = -1


@dataclass(frozen=True, slots=True)
class HangUp:
    """Ends the call."""


@dataclass(frozen=True, slots=True)
class WaitForHangUp:
    """Waits until the other side ends the call, at most this long (then the call counts as failed)."""

    seconds: float = 120.0


Step = Wait | Keys | SendAudio | HangUp | WaitForHangUp

_SDP = f"""v=0
      o=user1 53655765 2353687637 IN IP[local_ip_type] [local_ip]
      s=-
      c=IN IP[media_ip_type] [media_ip]
      t=0 0
      m=audio [media_port] RTP/AVP 0 8 {_SIPP_EVENT_TYPE}
      a=rtpmap:0 PCMU/8000
      a=rtpmap:8 PCMA/8000
      a=rtpmap:{_SIPP_EVENT_TYPE} telephone-event/8000
      a=fmtp:{_SIPP_EVENT_TYPE} 0-15
      a=ptime:20
      a=sendrecv
"""


def _invite(cseq: int, authorization: str) -> str:
    return f"""
  <send retrans="500" start_rtd="answer"><![CDATA[
      INVITE sip:[number]@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: "[caller_name]" <sip:[caller]@[local_ip]:[local_port]>;tag=[pid]c[call_number]
      To: <sip:[number]@[remote_ip]:[remote_port]>
      Call-ID: [call_id]
      CSeq: {cseq} INVITE
      Contact: <sip:[caller]@[local_ip]:[local_port];transport=[transport]>
      Max-Forwards: 70
      Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO
      {authorization}Content-Type: application/sdp
      Content-Length: [len]

      {_SDP}]]></send>
  <recv response="100" optional="true"/>
"""


_CALLER_ACKS_REFUSAL = """  <send><![CDATA[
      ACK sip:[number]@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: "[caller_name]" <sip:[caller]@[local_ip]:[local_port]>;tag=[pid]c[call_number]
      [last_To:]
      Call-ID: [call_id]
      CSeq: 1 ACK
      Max-Forwards: 70
      Content-Length: 0

    ]]></send>
"""

_CALLER_HEARS = """  <recv response="180" optional="true"/>
  <recv response="183" optional="true"/>
"""

_CALLER_START = _invite(1, "") + _CALLER_HEARS

# An agent's phone is asked for its password first.
_PHONE_START = (
    _invite(1, "")
    + '  <recv response="401" auth="true"/>\n'
    + _CALLER_ACKS_REFUSAL
    + _invite(2, "[authentication]\n      ")
    + _CALLER_HEARS
)

_CALLER_ANSWERED = """  <recv response="200" rtd="answer" rrs="true"/>
  <send><![CDATA[
      ACK [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: "[caller_name]" <sip:[caller]@[local_ip]:[local_port]>;tag=[pid]c[call_number]
      [last_To:]
      Call-ID: [call_id]
      CSeq: 1 ACK
      Contact: <sip:[caller]@[local_ip]:[local_port];transport=[transport]>
      Max-Forwards: 70
      Content-Length: 0

    ]]></send>
"""

_CALLER_BYE = """  <send retrans="500"><![CDATA[
      BYE [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: "[caller_name]" <sip:[caller]@[local_ip]:[local_port]>;tag=[pid]c[call_number]
      [last_To:]
      Call-ID: [call_id]
      CSeq: 900 BYE
      Max-Forwards: 70
      Content-Length: 0

    ]]></send>
  <recv response="481" optional="true" next="9"/>
  <recv response="200"/>
  <label id="9"/>
"""

_OK_TO_REQUEST = """  <send><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:]
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <sip:[local_ip]:[local_port];transport=[transport]>
      Content-Length: 0

    ]]></send>
"""

_CALLER_CANCEL = """  <send retrans="500"><![CDATA[
      CANCEL sip:[number]@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch-4]
      From: "[caller_name]" <sip:[caller]@[local_ip]:[local_port]>;tag=[pid]c[call_number]
      To: <sip:[number]@[remote_ip]:[remote_port]>
      Call-ID: [call_id]
      CSeq: 1 CANCEL
      Max-Forwards: 70
      Content-Length: 0

    ]]></send>
  <recv response="200"/>
  <recv response="487"/>
  <send><![CDATA[
      ACK sip:[number]@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch-7]
      From: "[caller_name]" <sip:[caller]@[local_ip]:[local_port]>;tag=[pid]c[call_number]
      [last_To:]
      Call-ID: [call_id]
      CSeq: 1 ACK
      Max-Forwards: 70
      Content-Length: 0

    ]]></send>
"""


def _info(digit: str, cseq: int) -> str:
    return f"""  <send retrans="500"><![CDATA[
      INFO [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: "[caller_name]" <sip:[caller]@[local_ip]:[local_port]>;tag=[pid]c[call_number]
      [last_To:]
      Call-ID: [call_id]
      CSeq: {cseq} INFO
      Max-Forwards: 70
      Content-Type: application/dtmf-relay
      Content-Length: [len]

      Signal={digit}
      Duration=160

    ]]></send>
  <recv response="200"/>
  <pause milliseconds="250"/>
"""


def caller_scenario(
    steps: Sequence[Step], *, give_up_after: float | None = None, authenticate: bool = False
) -> str:
    """A caller: calls, waits for the answer, acts out `steps`. With `give_up_after` he hangs up unanswered instead.

    With `authenticate` he is an agent's phone: sipp must be given its name and password (`-au`, `-ap`).

    Keywords that sipp must be given: `number`, `caller`, `caller_name`.
    """
    if give_up_after is not None:
        # it rings before it is answered; sipp wants a message that must come before a pause
        body = (
            _invite(1, "")
            + '  <recv response="180" rtd="answer"/>\n'
            + _pause(give_up_after)
            + _CALLER_CANCEL
        )
        return f'{_HEAD}<scenario name="caller who gives up">{body}</scenario>\n'
    start, answered = _CALLER_START, _CALLER_ANSWERED
    if authenticate:
        start, answered = _PHONE_START, _CALLER_ANSWERED.replace("CSeq: 1 ACK", "CSeq: 2 ACK")
    parts, cseq = [answered], 3
    for step in steps:
        match step:
            case Keys(digits, by_info=True):
                for digit in digits:
                    parts.append(_info(digit, cseq))
                    cseq += 1
            case _:
                parts.append(_step(step, _CALLER_BYE))
    return f'{_HEAD}<scenario name="caller">{start}{"".join(parts)}</scenario>\n'


def _step(step: Step, bye: str) -> str:
    match step:
        case Wait(seconds):
            return _pause(seconds)
        case Keys(digits):
            # sipp keeps playing while the scenario goes on, so the pause covers 400 ms a digit and some room
            played = f'  <nop><action><exec play_dtmf="{digits}"/></action></nop>\n'
            return played + _pause(0.5 * len(digits) + 0.5)
        case SendAudio(file, times):
            return f'  <nop><action><exec rtp_stream="{file},{times},0"/></action></nop>\n'
        case HangUp():
            return bye
        case WaitForHangUp(seconds):
            return f'  <recv request="BYE" timeout="{round(seconds * 1000)}"/>\n{_OK_TO_REQUEST}'
        case _:
            assert_never(step)


def _pause(seconds: float) -> str:
    return f'  <pause milliseconds="{round(seconds * 1000)}"/>\n' if seconds > 0 else ""


_PHONE_RINGS = """
  <recv request="INVITE" rrs="true"/>
  <send><![CDATA[
      SIP/2.0 180 Ringing
      [last_Via:]
      [last_From:]
      [last_To:];tag=[pid]p[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <sip:[local_ip]:[local_port];transport=[transport]>
      Content-Length: 0

    ]]></send>
"""

_PHONE_ANSWERS = f"""  <send retrans="500"><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:];tag=[pid]p[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <sip:[local_ip]:[local_port];transport=[transport]>
      Content-Type: application/sdp
      Content-Length: [len]

      {_SDP}]]></send>
  <recv request="ACK" rtd="true" crlf="true"/>
"""

_PHONE_BYE = """  <send retrans="500"><![CDATA[
      BYE [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:[service]@[local_ip]:[local_port]>;tag=[pid]p[call_number]
      To: [$caller]
      Call-ID: [call_id]
      CSeq: 900 BYE
      Max-Forwards: 70
      Content-Length: 0

    ]]></send>
  <recv response="481" optional="true" next="9"/>
  <recv response="200"/>
  <label id="9"/>
"""

_PHONE_REFUSES = """  <send retrans="500"><![CDATA[
      SIP/2.0 {code}
      [last_Via:]
      [last_From:]
      [last_To:];tag=[pid]p[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0

    ]]></send>
  <recv request="ACK"/>
"""


def phone_scenario(
    *, answer_after: float = 0.0, hang_up_after: float | None = None, refuse_with: str = ""
) -> str:
    """An agent's phone: rings, answers after a moment, stays until the other side hangs up (or hangs up itself).

    `refuse_with`: it answers no call, but refuses it: "486 Busy Here", "603 Decline".
    A call that is cancelled while it rings is answered as the standard says; sipp does that by itself.
    """
    if refuse_with:
        body = _PHONE_RINGS + _pause(answer_after) + _PHONE_REFUSES.format(code=refuse_with)
    elif hang_up_after is not None:
        rings = _PHONE_RINGS.replace(
            'rrs="true"/>',
            'rrs="true"><action><ereg regexp="<sip.*" search_in="hdr" header="From:" assign_to="caller"/></action></recv>',
            1,
        )
        body = rings + _pause(answer_after) + _PHONE_ANSWERS + _pause(hang_up_after) + _PHONE_BYE
    else:
        body = (
            _PHONE_RINGS
            + _pause(answer_after)
            + _PHONE_ANSWERS
            + f'  <recv request="BYE"/>\n{_OK_TO_REQUEST}'
        )
    return f'{_HEAD}<scenario name="phone">{body}</scenario>\n'
