"""A server dies between asking and hearing: the next one asks again, and the contact goes on once."""

from dataclasses import replace
from datetime import timedelta

from cordboard.core.conversation.events import ChatArrived
from cordboard.core.events import ConfigPublished
from cordboard.core.look_ups import LookedUp, LookUp, LookUpOutcome
from cordboard.testing.runtime import World
from tests.core.test_look_up import config


async def test_killed_while_it_asks(world: World) -> None:
    asked: list[LookUp] = []
    world.look_up = lambda tenant_id, command: asked.append(command)
    server = await world.start()
    await server.ask(ConfigPublished(replace(config(), version=2)))
    contact_id = (await server.ask(ChatArrived("button", "session"))).contact_id
    await server.settle()
    assert [each.number for each in asked] == [1]
    await server.crash()
    world.clock.advance(timedelta(seconds=30))
    server = await world.start()
    await server.settle()
    assert [each.number for each in asked][1:], "asked again"
    assert {each.number for each in asked} == {1}
    assert asked[-1].deadline > world.clock.now()
    for _ in range(2):
        await server.ask(LookedUp(contact_id, 1, LookUpOutcome.FOUND, {"state": "here"}))
    assert server.state.contacts[contact_id].values["state"] == "here"
    assert (await world.recorded()).count("look_up_ended") == 1
    await server.stop()
