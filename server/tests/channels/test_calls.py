"""The life of a call on a real Asterisk: what is reported, and what commands do."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from cordboard.channels.asterisk.door import APOLOGY_SECONDS
from cordboard.core.commands import (
    AnswerLine,
    CloseRoom,
    Dial,
    HangUp,
    Play,
    SetRoom,
    StartMusic,
    StopMusic,
    StopPlayback,
)
from cordboard.core.events import (
    CallArrived,
    DigitPressed,
    LineAnswered,
    LineEnded,
    LineRinging,
    Phone,
    PhoneDialled,
    PhoneReached,
    PhoneUnreached,
    PlaybackEnded,
)
from cordboard.core.words import EndCause, PhoneKind
from cordboard.testing.rig import TENANT, TelephonyRig
from cordboard.testing.sipp import (
    HangUp as CallerHangsUp,
)
from cordboard.testing.sipp import (
    Keys,
    Load,
    Party,
    SipAccount,
    Step,
    Wait,
    WaitForHangUp,
    start_caller,
    start_phone,
    unregister,
)

NUMBER = "+33199001234"
DESK = "acme-amelie-desk"
ACCOUNT = SipAccount(DESK, "secret")


async def make_phone(rig: TelephonyRig, folder: Path, port: int, *, answer_after: float = 0.2) -> Party:
    """Agent amelie's desk phone, registered and answering."""
    await rig.telephony.provision_phone(TENANT, "amelie", DESK, "secret", browser=False)
    return await asyncio.to_thread(
        start_phone,
        folder,
        port,
        answer_after=timedelta(seconds=answer_after),
        registered=(rig.server.sip, [ACCOUNT]),
    )


def dial(line: str, contact_id: int = 12) -> Dial:
    return Dial(line, contact_id, Phone(PhoneKind.SIP, DESK), "+33600000001", "Anne Onyme")


async def test_life_of_a_call(
    rig: TelephonyRig, tmp_path: Path, parties: list[Party], phone_port: int
) -> None:
    parties.append(await make_phone(rig, tmp_path, phone_port))
    caller = start_caller(tmp_path, rig.server.sip, NUMBER, [Wait(7), CallerHangsUp()], caller_name="Anne")
    parties.append(caller)
    arrived = await rig.inbox.wait_for(CallArrived)
    assert (arrived.number, arrived.caller, arrived.caller_name) == (NUMBER, "+33600000001", "Anne")
    line = arrived.line
    rig.perform(AnswerLine(line), Play(line, "acme-12.p1", ("prompt:wrong-choice", "prompt:goodbye"), "en"))
    ended = await rig.inbox.wait_for(PlaybackEnded)
    assert ended == PlaybackEnded(line, "acme-12.p1")

    rig.perform(StartMusic(line, "default"), dial("acme-12.2"))
    await rig.inbox.wait_for(LineRinging, lambda event: event.line == "acme-12.2")
    await rig.inbox.wait_for(LineAnswered, lambda event: event.line == "acme-12.2")
    rig.perform(SetRoom("acme-12", (line, "acme-12.2")))
    await until(lambda: bridge_members(rig) == 2)

    gone = await rig.inbox.wait_for(LineEnded)
    assert gone == LineEnded(line, EndCause.NORMAL)
    rig.perform(HangUp("acme-12.2"), CloseRoom("acme-12"))
    await rig.inbox.wait_for(LineEnded, lambda event: event.line == "acme-12.2")
    await until(lambda: not rig.server.bridges() and not rig.server.channels())
    assert await asyncio.to_thread(caller.wait, 5) == 0, caller.errors()
    assert len(rig.inbox.of(LineEnded)) == 2


async def test_keys_by_rfc4733_and_by_info(rig: TelephonyRig, tmp_path: Path, parties: list[Party]) -> None:
    steps: list[Step] = [Wait(0.5), Keys("1*7"), Keys("0#", by_info=True), Wait(0.3), CallerHangsUp()]
    parties.append(start_caller(tmp_path, rig.server.sip, NUMBER, steps))
    arrived = await rig.inbox.wait_for(CallArrived)
    rig.perform(AnswerLine(arrived.line))
    await rig.inbox.wait_for(LineEnded)
    assert "".join(event.digit for event in rig.inbox.of(DigitPressed)) == "1*70#"


async def test_commands_twice(
    rig: TelephonyRig, tmp_path: Path, parties: list[Party], phone_port: int
) -> None:
    """After a crash the last commands are performed again: nothing changes by that."""
    parties.append(await make_phone(rig, tmp_path, phone_port))
    parties.append(start_caller(tmp_path, rig.server.sip, NUMBER, [WaitForHangUp()]))
    line = (await rig.inbox.wait_for(CallArrived)).line
    for _ in range(2):
        rig.perform(AnswerLine(line), StartMusic(line, "default"), dial("acme-12.2"))
    await rig.inbox.wait_for(LineAnswered)
    for _ in range(2):
        rig.perform(
            SetRoom("acme-12", (line, "acme-12.2")), StopMusic(line), StopPlayback(line, "acme-12.p9")
        )
    await until(lambda: bridge_members(rig) == 2)
    assert len(rig.server.channels()) == 2
    for _ in range(2):
        rig.perform(HangUp(line), HangUp("acme-12.2"), HangUp("acme-99.1"), CloseRoom("acme-12"))
    await until(lambda: not rig.server.bridges() and not rig.server.channels())
    await asyncio.sleep(0.2)
    assert len(rig.inbox.of(LineAnswered)) == 1
    assert len(rig.inbox.of(LineEnded)) == 2


async def test_hold_and_second_room(
    rig: TelephonyRig, tmp_path: Path, parties: list[Party], phone_port: int
) -> None:
    """A room is what SetRoom says: lines leave it, come back, and move to another while something plays."""
    parties.append(await make_phone(rig, tmp_path, phone_port))
    parties.append(start_caller(tmp_path, rig.server.sip, NUMBER, [WaitForHangUp()]))
    line = (await rig.inbox.wait_for(CallArrived)).line
    rig.perform(AnswerLine(line), dial("acme-12.2"))
    await rig.inbox.wait_for(LineAnswered)
    rig.perform(SetRoom("acme-12", (line, "acme-12.2")))
    await until(lambda: bridge_members(rig) == 2)
    rig.perform(SetRoom("acme-12", ("acme-12.2",)), StartMusic(line, "default"))
    await until(lambda: bridge_members(rig) == 1)
    rig.perform(Play(line, "acme-12.p2", ("prompt:waiting-1", "prompt:waiting-2"), "en"))
    await asyncio.sleep(0.3)
    before = asyncio.get_running_loop().time()
    rig.perform(SetRoom("acme-12", (line, "acme-12.2")))
    await until(lambda: bridge_members(rig) == 2)
    assert asyncio.get_running_loop().time() - before < 1.5, "the room waited for the message to end"
    rig.perform(CloseRoom("acme-12"), SetRoom("acme-13", (line, "acme-12.2")))
    await until(lambda: rig.server.bridges() == ["acme-13"] and bridge_members(rig) == 2)


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ("486 Busy Here", EndCause.BUSY),
        ("603 Decline", EndCause.DECLINED),
        ("480 Temporarily Unavailable", EndCause.NO_ANSWER),
        ("404 Not Found", EndCause.UNREACHABLE),
    ],
)
async def test_agent_does_not_answer(
    rig: TelephonyRig, tmp_path: Path, parties: list[Party], phone_port: int, answer: str, cause: EndCause
) -> None:
    await rig.telephony.provision_phone(TENANT, "amelie", DESK, "secret", browser=False)
    registered = (rig.server.sip, [ACCOUNT])
    parties.append(
        await asyncio.to_thread(start_phone, tmp_path, phone_port, refuse_with=answer, registered=registered)
    )
    rig.perform(dial("acme-12.2"))
    ended = await rig.inbox.wait_for(LineEnded)
    assert (ended.line, ended.cause) == ("acme-12.2", cause)


async def test_phone_that_is_not_there(rig: TelephonyRig) -> None:
    await rig.telephony.provision_phone(TENANT, "bob", "acme-bob-web", "secret", browser=True)
    rig.perform(Dial("acme-12.2", 12, Phone(PhoneKind.BROWSER, "acme-bob-web"), "+33600000001"))
    ended = await rig.inbox.wait_for(LineEnded)
    assert (ended.line, ended.cause) == ("acme-12.2", EndCause.UNREACHABLE)


async def test_withdrawn_offer(
    rig: TelephonyRig, tmp_path: Path, parties: list[Party], phone_port: int
) -> None:
    parties.append(await make_phone(rig, tmp_path, phone_port, answer_after=20))
    rig.perform(dial("acme-12.2"))
    await rig.inbox.wait_for(LineRinging)
    rig.perform(HangUp("acme-12.2"))
    await rig.inbox.wait_for(LineEnded)
    await until(lambda: not rig.server.channels())
    assert not rig.inbox.of(LineAnswered)


async def test_caller_gives_up(rig: TelephonyRig, tmp_path: Path, parties: list[Party]) -> None:
    caller = start_caller(tmp_path, rig.server.sip, NUMBER, [], give_up_after=timedelta(seconds=0.5))
    parties.append(caller)
    line = (await rig.inbox.wait_for(CallArrived)).line
    assert (await rig.inbox.wait_for(LineEnded)).line == line
    assert await asyncio.to_thread(caller.wait, 5) == 0, caller.errors()


async def test_missing_sounds(rig: TelephonyRig, tmp_path: Path, parties: list[Party]) -> None:
    """What can not be played is named, and the fall-back is spoken instead."""
    parties.append(start_caller(tmp_path, rig.server.sip, NUMBER, [WaitForHangUp()]))
    line = (await rig.inbox.wait_for(CallArrived)).line
    rig.perform(AnswerLine(line), Play(line, "acme-12.p1", ("message:nowhere",), "fr"))
    ended = await rig.inbox.wait_for(PlaybackEnded)
    assert ended == PlaybackEnded(line, "acme-12.p1", ("message:nowhere",))


async def test_number_of_nobody(rig: TelephonyRig, tmp_path: Path, parties: list[Party]) -> None:
    rig.telephony._door.patient_until = 0.0  # not just started
    caller = start_caller(tmp_path, rig.server.sip, "+33199009999", [CallerHangsUp()])
    parties.append(caller)
    assert await asyncio.to_thread(caller.wait, 5) == 1
    assert "404" in caller.errors()


async def test_full_inbox_holds_calls(rig: TelephonyRig, tmp_path: Path, parties: list[Party]) -> None:
    """A call rings on while the inbox takes no new contacts, and is told when it does; one that leaves is not told."""
    rig.inbox.accepts = False
    staying = start_caller(tmp_path, rig.server.sip, NUMBER, [WaitForHangUp()], name="staying")
    leaving = start_caller(
        tmp_path, rig.server.sip, NUMBER, [], give_up_after=timedelta(seconds=0.5), name="leaving"
    )
    parties += [staying, leaving]
    assert await asyncio.to_thread(leaving.wait, 5) == 0, leaving.errors()
    assert not rig.inbox.of(CallArrived)
    rig.inbox.accepts = True
    await rig.inbox.wait_for(CallArrived)
    await asyncio.sleep(0.6)
    assert len(rig.inbox.of(CallArrived)) == 1


async def test_a_call_that_can_not_be_taken_hears_why(
    rig: TelephonyRig, tmp_path: Path, parties: list[Party]
) -> None:
    """The journal can not be written: the caller rings a while, hears a sentence and is let go; nobody is told of him."""
    rig.inbox.forget()
    rig.inbox.accepts = False
    rig.telephony._door.apology_seconds = 1.0
    try:
        caller = start_caller(tmp_path, rig.server.sip, NUMBER, [WaitForHangUp()])
        parties.append(caller)
        assert await asyncio.to_thread(caller.wait, 40) == 0, caller.errors()
        assert not rig.inbox.of(CallArrived)
    finally:
        rig.inbox.accepts = True
        rig.telephony._door.apology_seconds = APOLOGY_SECONDS


async def test_registrations(
    rig: TelephonyRig, tmp_path: Path, parties: list[Party], phone_port: int
) -> None:
    rig.inbox.forget()
    parties.append(await make_phone(rig, tmp_path, phone_port))
    assert await rig.inbox.wait_for(PhoneReached) == PhoneReached("amelie", ACCOUNT.username)
    assert await asyncio.to_thread(unregister, rig.server.sip, ACCOUNT) == 200
    assert await rig.inbox.wait_for(PhoneUnreached) == PhoneUnreached("amelie", ACCOUNT.username)


async def test_agent_dials(rig: TelephonyRig, tmp_path: Path, parties: list[Party], phone_port: int) -> None:
    """A call from an agent's phone is his, and not a call for a number of ours."""
    await rig.telephony.provision_phone(TENANT, "amelie", DESK, "secret", browser=False)
    caller = start_caller(
        tmp_path, rig.server.sip, "0142000000", [CallerHangsUp()], caller=DESK, password="secret"
    )
    parties.append(caller)
    dialled = await rig.inbox.wait_for(PhoneDialled)
    assert (dialled.agent_id, dialled.number) == ("amelie", "0142000000")
    rig.perform(AnswerLine(dialled.line))
    assert (await rig.inbox.wait_for(LineEnded)).line == dialled.line


async def test_many_calls_at_once(rig: TelephonyRig, tmp_path: Path, parties: list[Party]) -> None:
    """Sixty calls in three seconds: each is told once, answered, and its end told once."""
    rig.inbox.on_event = lambda event: (
        rig.perform(AnswerLine(event.line)) if isinstance(event, CallArrived) else None
    )
    caller = start_caller(tmp_path, rig.server.sip, NUMBER, [Wait(0.5), CallerHangsUp()], load=Load(60, 20))
    parties.append(caller)
    assert await asyncio.to_thread(caller.wait, 30) == 0, caller.errors()
    await until(lambda: len(rig.inbox.of(LineEnded)) == 60)
    arrived = [event.line for event in rig.inbox.of(CallArrived)]
    assert len(arrived) == len(set(arrived)) == 60


def bridge_members(rig: TelephonyRig) -> int:
    """How many lines are in rooms."""
    return sum(
        int(row.split()[-4]) for row in rig.server.ask("bridge show all").splitlines()[1:] if row.strip()
    )


async def until(condition: "object", seconds: float = 8) -> None:
    assert callable(condition)
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(condition):
            await asyncio.sleep(0.05)
