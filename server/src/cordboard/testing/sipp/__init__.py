"""SIP parties for tests and benches, played by sipp: callers who press keys, and agents' phones that answer.

A **caller** calls a number once or at a rate and acts out `steps`; a **phone** is registered, waits for calls and answers them.
All of them run until `stop` or until sipp is done; the exit code is 0 when no call failed.

    server = SipServer("127.0.0.1", 8404)
    phone = start_phone(folder, 5091, registered=(server, [SipAccount("acme-amelie-desk", "secret")]))
    caller = start_caller(folder, server, "+33123456789", [Wait(1), Keys("1"), Wait(5), HangUp()])
    assert caller.wait(30) == 0

sipp plays RFC 4733 digits through a raw socket, for which it must run as root; `Keys(…, by_info=True)` needs nothing.
"""

from cordboard.testing.sipp.parties import (
    Load,
    Party,
    RegistrationRefused,
    SippMissing,
    start_caller,
    start_phone,
    start_scenario,
)
from cordboard.testing.sipp.registration import SipAccount, SipServer, register, unregister
from cordboard.testing.sipp.scenarios import (
    HangUp,
    Keys,
    SendAudio,
    Step,
    Wait,
    WaitForHangUp,
    caller_scenario,
    phone_scenario,
)

__all__ = [
    "HangUp",
    "Keys",
    "Load",
    "Party",
    "RegistrationRefused",
    "SendAudio",
    "SipAccount",
    "SipServer",
    "SippMissing",
    "Step",
    "Wait",
    "WaitForHangUp",
    "caller_scenario",
    "phone_scenario",
    "register",
    "start_caller",
    "start_phone",
    "start_scenario",
    "unregister",
]
