"""SIP parties for tests and benches, played by sipp: callers who press keys, and agents' phones that answer.

A **caller** calls a number once or at a rate and acts out `steps`; a **phone** waits for calls and answers them; an agent's
phone must also be **registered**. All of them run until `stop` or until sipp is done; the exit code is 0 when no call failed.

    phone = start_phone(folder, port=5091, answer_after=timedelta(seconds=1))
    register(folder, SipServer("127.0.0.1", 8404), "amelie-1", "secret", contact_port=5091)
    caller = start_caller(folder, SipServer("127.0.0.1", 8404), "+33123456789", [Wait(1), Keys("1"), Wait(5), HangUp()])
    assert caller.wait(30) == 0

sipp plays RFC 4733 digits through a raw socket, for which it must run as root; `Keys(…, by_info=True)` needs nothing.
"""

from cordboard.testing.sipp.parties import (
    Load,
    Party,
    SipServer,
    register,
    start_caller,
    start_phone,
    start_scenario,
)
from cordboard.testing.sipp.scenarios import (
    HangUp,
    Keys,
    SendAudio,
    Step,
    Wait,
    WaitForHangUp,
    caller_scenario,
    phone_scenario,
    register_scenario,
)

__all__ = [
    "HangUp",
    "Keys",
    "Load",
    "Party",
    "SendAudio",
    "SipServer",
    "Step",
    "Wait",
    "WaitForHangUp",
    "caller_scenario",
    "phone_scenario",
    "register",
    "register_scenario",
    "start_caller",
    "start_phone",
    "start_scenario",
]
