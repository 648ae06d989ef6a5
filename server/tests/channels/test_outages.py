"""The adapter dies, its connection is cut, Asterisk freezes or dies: what is told afterwards, and that calls live on."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from cordboard.core.commands import AnswerLine, Dial, HangUp, Play, SetRoom, StartMusic
from cordboard.core.events import (
    CallArrived,
    LineAnswered,
    LineEnded,
    LinesReconciled,
    Phone,
    PlaybackEnded,
    TelephonyLost,
)
from cordboard.core.words import PhoneKind
from cordboard.testing.asterisk import AsteriskServer
from cordboard.testing.rig import TENANT, KeptInbox, TelephonyRig
from cordboard.testing.sipp import (
    HangUp as CallerHangsUp,
)
from cordboard.testing.sipp import (
    Load,
    Party,
    SipAccount,
    Wait,
    WaitForHangUp,
    start_caller,
    start_phone,
)

NUMBER = "+33199001234"
ACCOUNT = SipAccount("acme-amelie-desk", "secret")


async def bridged_call(rig: TelephonyRig, folder: Path, port: int, parties: list[Party]) -> str:
    """A caller and the agent in room acme-12. The caller's line."""
    await rig.telephony.provision_phone(TENANT, "amelie", ACCOUNT.username, "secret", browser=False)
    registered = (rig.server.sip, [ACCOUNT])
    parties.append(await asyncio.to_thread(start_phone, folder, port, registered=registered))
    parties.append(start_caller(folder, rig.server.sip, NUMBER, [WaitForHangUp()]))
    line = (await rig.inbox.wait_for(CallArrived)).line
    phone = Phone(PhoneKind.SIP, ACCOUNT.username)
    rig.perform(AnswerLine(line), StartMusic(line, "default"), Dial("acme-12.2", 12, phone, "+33600000001"))
    await rig.inbox.wait_for(LineAnswered)
    rig.perform(SetRoom("acme-12", (line, "acme-12.2")))
    await until(lambda: rig.server.bridges() == ["acme-12"])
    return line


async def test_server_killed_with_calls_up(
    asterisk: AsteriskServer, tmp_path: Path, parties: list[Party], phone_port: int
) -> None:
    """Another adapter comes: it is told of both lines, can go on with them, and leaves nothing behind."""
    first = TelephonyRig(asterisk)
    async with first:
        line = await bridged_call(first, tmp_path, phone_port, parties)
    await asyncio.sleep(0.5)
    async with TelephonyRig(asterisk) as second:
        told = await second.inbox.wait_for(LinesReconciled)
        assert {seen.line for seen in told.lines} == {line, "acme-12.2"}
        assert all(seen.up for seen in told.lines) and not told.restarted
        caller = next(seen for seen in told.lines if seen.line == line)
        assert (caller.number, caller.caller) == (NUMBER, "+33600000001")
        second.perform(SetRoom("acme-12", (line, "acme-12.2")))
        await asyncio.sleep(0.3)
        assert asterisk.bridges() == ["acme-12"] and len(asterisk.channels()) == 2
        second.perform(HangUp(line), HangUp("acme-12.2"))
        await until(lambda: not asterisk.channels() and not asterisk.bridges())
        await until(lambda: len(second.inbox.of(LineEnded)) == 2)


async def test_calls_while_nobody_is_there(
    asterisk: AsteriskServer, tmp_path: Path, parties: list[Party]
) -> None:
    """They are answered by the dialplan, hear music, and are told when the adapter is there."""
    async with TelephonyRig(asterisk):
        pass
    await asyncio.sleep(0.3)
    parties.append(start_caller(tmp_path, asterisk.sip, NUMBER, [WaitForHangUp()], load=Load(3, 10)))
    await until(lambda: len(asterisk.channels()) == 3)
    await asyncio.sleep(1)
    async with TelephonyRig(asterisk) as rig:
        await until(lambda: len(rig.inbox.of(CallArrived)) == 3)
        for event in rig.inbox.of(CallArrived):
            rig.perform(
                AnswerLine(event.line), Play(event.line, f"acme-{event.line}.p1", ("prompt:goodbye",), "en")
            )
        await until(lambda: len(rig.inbox.of(PlaybackEnded)) == 3)
        for event in rig.inbox.of(CallArrived):
            rig.perform(HangUp(event.line))
        await until(lambda: not asterisk.channels())


async def test_connection_cut(
    rig: TelephonyRig, tmp_path: Path, parties: list[Party], phone_port: int
) -> None:
    line = await bridged_call(rig, tmp_path, phone_port, parties)
    rig.inbox.forget()
    rig.telephony.drop_connections()
    await rig.inbox.wait_for(TelephonyLost)
    rig.perform(HangUp("acme-12.2"))  # kept, and performed first when it is reached again
    told = await rig.inbox.wait_for(LinesReconciled)
    assert line in [seen.line for seen in told.lines] and not told.restarted
    await until(lambda: len(rig.server.channels()) == 1)
    rig.perform(HangUp(line))
    await rig.inbox.wait_for(LineEnded, lambda event: event.line == line)


async def test_music_and_playbacks_after_a_cut(
    rig: TelephonyRig, tmp_path: Path, parties: list[Party]
) -> None:
    parties.append(start_caller(tmp_path, rig.server.sip, NUMBER, [WaitForHangUp()]))
    line = (await rig.inbox.wait_for(CallArrived)).line
    rig.perform(AnswerLine(line), Play(line, "acme-12.p1", ("prompt:retail-menu",) * 4, "en"))
    await asyncio.sleep(0.5)
    rig.inbox.forget()
    rig.telephony.drop_connections()
    told = await rig.inbox.wait_for(LinesReconciled)
    assert told.playback_ids == ("acme-12.p1",)
    rig.perform(StartMusic(line, "default"))
    await rig.inbox.wait_for(PlaybackEnded)


async def test_tenant_that_comes_later(rig: TelephonyRig, tmp_path: Path, parties: list[Party]) -> None:
    """A tenant whose lease is taken over is told of its lines when it is there; its new calls wait for it."""
    inbox = rig.tenants.inboxes.pop(TENANT)
    del rig.tenants.numbers[NUMBER]
    parties.append(start_caller(tmp_path, rig.server.sip, NUMBER, [WaitForHangUp()]))
    await until(lambda: len(rig.server.channels()) == 1)
    await asyncio.sleep(0.5)
    fresh = KeptInbox()
    rig.tenants.numbers[NUMBER] = TENANT
    rig.tenants.inboxes[TENANT] = fresh
    told = await fresh.wait_for(LinesReconciled)
    arrived = fresh.of(CallArrived)
    lines = {seen.line for seen in told.lines} | {event.line for event in arrived}
    assert len(lines) == 1
    assert not [event for event in inbox.events if isinstance(event, CallArrived)]


@pytest.fixture
def own_asterisk(tmp_path: Path) -> Iterator[AsteriskServer]:
    """One to be killed."""
    server = AsteriskServer(tmp_path / "own")
    server.start()
    yield server
    server.stop()


@pytest_asyncio.fixture
async def own_rig(own_asterisk: AsteriskServer) -> AsyncIterator[TelephonyRig]:
    async with TelephonyRig(own_asterisk) as rig:
        yield rig


async def test_asterisk_killed(
    own_rig: TelephonyRig, tmp_path: Path, parties: list[Party], phone_port: int
) -> None:
    """Its lines are gone, which is told; phones exist again by themselves and can be dialled at once."""
    await bridged_call(own_rig, tmp_path, phone_port, parties)
    own_rig.inbox.forget()
    own_rig.server.kill()
    await own_rig.inbox.wait_for(TelephonyLost)
    await asyncio.to_thread(own_rig.server.start)
    told = await own_rig.inbox.wait_for(LinesReconciled)
    assert told == LinesReconciled((), (), restarted=True)
    phone = Phone(PhoneKind.SIP, ACCOUNT.username)
    own_rig.perform(Dial("acme-13.2", 13, phone, "+33600000001"))
    await own_rig.inbox.wait_for(LineAnswered, lambda event: event.line == "acme-13.2")


async def test_asterisk_frozen(own_rig: TelephonyRig) -> None:
    """Silence is noticed within seconds, and is over when Asterisk goes on."""
    own_rig.server.freeze(True)
    await own_rig.inbox.wait_for(TelephonyLost, seconds=20)
    own_rig.inbox.forget()
    own_rig.server.freeze(False)
    await own_rig.inbox.wait_for(LinesReconciled, seconds=20)
    assert own_rig.telephony.connected


async def test_calls_that_end_meanwhile(rig: TelephonyRig, tmp_path: Path, parties: list[Party]) -> None:
    caller = start_caller(tmp_path, rig.server.sip, NUMBER, [Wait(0.2), CallerHangsUp()])
    parties.append(caller)
    line = (await rig.inbox.wait_for(CallArrived)).line
    rig.perform(AnswerLine(line))
    await asyncio.sleep(0.1)
    rig.telephony.drop_connections()
    assert await asyncio.to_thread(caller.wait, 8) == 0, caller.errors()
    await rig.wait_connected()
    told = rig.inbox.of(LinesReconciled)[-1]
    await asyncio.sleep(0.3)
    ended = [event.line for event in rig.inbox.of(LineEnded)]
    assert line not in {seen.line for seen in told.lines} or line in ended


async def until(condition: "object", seconds: float = 10) -> None:
    assert callable(condition)
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(condition):
            await asyncio.sleep(0.05)
