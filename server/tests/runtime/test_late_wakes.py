"""After a stop, what happened meanwhile is heard before the clocks that ran out meanwhile."""

from datetime import timedelta

from cordboard.core.contact import Phase
from cordboard.core.events import AgentLoggedIn, DesktopConnected, LineAnswered, Phone, ReadyRequested
from cordboard.core.words import PhoneKind, SeatKind
from cordboard.testing.centre import NUMBER, RING, small_centre
from cordboard.testing.runtime import FakeServer, World


async def ringing(world: World) -> tuple[FakeServer, str]:
    """A phone rings; gives the server and the phone's line."""
    server = await world.start()
    await server.publish(small_centre())
    await server.ask(AgentLoggedIn("amelie", "login", SeatKind.VOICE, Phone(PhoneKind.SIP, "sip-amelie")))
    await server.ask(DesktopConnected("amelie", "tab"))
    await server.ask(ReadyRequested("amelie"))
    world.telephony.call(world.tenant_id, "in-1", NUMBER, "+33612345678")
    await server.settle()
    world.telephony.finish_playback("in-1")
    await server.settle()
    world.telephony.press("in-1", "1")
    await server.settle()
    line = world.telephony.dialled("sip-amelie")
    assert line is not None
    return server, line.line


def phases(server: FakeServer) -> list[Phase]:
    return [contact.phase for contact in server.state.contacts.values()]


async def test_picked_up_while_the_process_was_stopped(world: World) -> None:
    server, line = await ringing(world)
    world.clock.advance(RING + timedelta(seconds=5))
    server.runtime.inbox.wake()
    await server.settle()
    assert phases(server) == [Phase.OFFERED]
    world.telephony.answer(line)
    await server.settle()
    assert phases(server) == [Phase.TALKING]
    await server.advance(timedelta(seconds=2))
    assert phases(server) == [Phase.TALKING]
    await server.stop()


async def test_picked_up_while_the_server_was_down(world: World) -> None:
    server, line = await ringing(world)
    await server.crash()
    world.clock.advance(RING + timedelta(seconds=5))
    world.telephony.answer(line)
    server = await world.start()
    await server.settle()
    assert phases(server) == [Phase.TALKING]
    assert world.telephony.hears("in-1") == (line,)
    await server.stop()


async def test_not_picked_up_is_noticed_all_the_same(world: World) -> None:
    server, line = await ringing(world)
    world.clock.advance(RING + timedelta(seconds=5))
    server.runtime.inbox.wake()
    await server.settle()
    await server.advance(timedelta(seconds=1))
    assert phases(server) == [Phase.WAITING]
    assert line not in world.telephony.lines
    server.runtime.inbox.post(LineAnswered(line))
    await server.settle()
    assert phases(server) == [Phase.WAITING]
    await server.stop()
