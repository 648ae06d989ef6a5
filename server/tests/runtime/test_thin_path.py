"""A call from its arrival to its wrap-up, through inbox, engine, journal, dispatch and recovery."""

from datetime import timedelta

from cordboard.core.events import (
    AgentLoggedIn,
    DesktopConnected,
    HangUpRequested,
    Phone,
    ReadyRequested,
    WrapUpFinished,
)
from cordboard.core.words import AgentState, PhoneKind, SeatKind
from cordboard.testing.centre import NUMBER, small_centre
from cordboard.testing.runtime import FakeServer, World


async def log_in(server: FakeServer, agent_id: str) -> None:
    phone = Phone(PhoneKind.SIP, f"sip-{agent_id}")
    assert (
        await server.ask(AgentLoggedIn(agent_id, f"login-{agent_id}", SeatKind.VOICE, phone))
    ).refusal is None
    await server.ask(DesktopConnected(agent_id, f"tab-{agent_id}"))
    assert (await server.ask(ReadyRequested(agent_id))).refusal is None


async def test_a_call_and_a_restart_in_the_middle_of_it(world: World) -> None:
    server = await world.start()
    await server.publish(small_centre())
    await server.settle()
    await log_in(server, "amelie")
    telephony = world.telephony
    telephony.call(world.tenant_id, "in-1", NUMBER, "+33612345678")
    await server.settle()
    assert telephony.lines["in-1"].up
    telephony.finish_playback("in-1")
    await server.settle()
    telephony.press("in-1", "1")
    await server.settle()
    ringing = telephony.dialled("sip-amelie")
    assert ringing is not None
    telephony.answer(ringing.line)
    await server.settle()
    assert telephony.hears("in-1") == (ringing.line,)
    before = server.state
    await server.crash()

    server = await world.start()
    await server.settle()
    assert telephony.hears("in-1") == (ringing.line,)
    assert server.state.contacts.keys() == before.contacts.keys()
    await server.ask(DesktopConnected("amelie", "tab-amelie"))
    (contact_id,) = server.state.contacts
    await server.advance(timedelta(seconds=10))
    assert (await server.ask(HangUpRequested("amelie", contact_id))).refusal is None
    await server.settle()
    assert not telephony.lines
    assert server.state.agents["amelie"].state.value == AgentState.WRAP_UP.value
    assert (await server.ask(WrapUpFinished("amelie", contact_id, "done"))).refusal is None
    assert server.state.agents["amelie"].state.value == AgentState.READY.value
    await server.stop()
    kinds = await world.recorded()
    assert kinds.count("contact_ended") == kinds.count("wrapped_up") == 1
