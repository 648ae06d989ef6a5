"""A bug in deciding touches one event, and nothing else."""

from datetime import datetime, timedelta

import pytest

from cordboard.core.engine import Decision, Engine
from cordboard.core.events import DigitPressed, Event, Woke
from cordboard.core.state import State
from cordboard.runtime.tenant import DecidingFailed
from cordboard.testing.centre import NUMBER, small_centre
from cordboard.testing.runtime import FakeServer, World, engine_of


class BuggyEngine:
    """Fails on digit 9 and on the time-out of menus, after having broken the state."""

    def __init__(self, state: State) -> None:
        self._engine = engine_of(state)
        self.tried: list[Event] = []

    @property
    def state(self) -> State:
        return self._engine.state

    def handle(self, event: Event, now: datetime, seq: int) -> Decision:
        self.tried.append(event)
        bad_digit = isinstance(event, DigitPressed) and event.digit == "9"
        bad_wake = isinstance(event, Woke) and event.key.startswith("menu:")
        if bad_digit or bad_wake:
            self.state.contacts.clear()
            raise ZeroDivisionError("a bug")
        return self._engine.handle(event, now, seq)


def buggy(state: State) -> Engine:
    return BuggyEngine(state)  # type: ignore[return-value]  # as much of an engine as the runtime uses


async def in_menu(world: World) -> FakeServer:
    world.make_engine = buggy
    server = await world.start()
    await server.publish(small_centre())
    world.telephony.call(world.tenant_id, "in-1", NUMBER, "+33612345678")
    await server.settle()
    world.telephony.finish_playback("in-1")
    await server.settle()
    return server


async def test_the_contact_goes_on_as_if_the_event_had_not_come(world: World) -> None:
    server = await in_menu(world)
    before = server.state.contacts[next(iter(server.state.contacts))]
    world.telephony.press("in-1", "9")
    world.telephony.press("in-1", "1")
    await server.settle()
    (contact,) = server.state.contacts.values()
    assert contact.id == before.id
    assert contact.wait is not None
    assert contact.wait.queue_id == "sales"
    async with world.database.tenant(world.tenant_id) as connection:
        rows = await connection.fetch("SELECT seq, kind FROM journal WHERE poisoned")
    assert [row["kind"] for row in rows] == ["digit_pressed"]
    await server.crash()

    server = await world.start()  # and it stays out of later replays
    await server.settle()
    assert list(server.state.contacts) == [contact.id]
    await server.stop()


async def test_who_asked_is_told(world: World) -> None:
    server = await in_menu(world)
    with pytest.raises(DecidingFailed):
        await server.ask(DigitPressed("in-1", "9"))
    assert (await server.ask(DigitPressed("in-1", "1"))).refusal is None
    await server.stop()


async def test_a_wake_that_always_fails_is_tried_once(world: World) -> None:
    server = await in_menu(world)
    world.telephony.finish_playback("in-1")
    await server.settle()
    (key,) = [key for key in server.state.wakes if key.startswith("menu:")]
    await server.advance(timedelta(seconds=20))
    async with world.database.tenant(world.tenant_id) as connection:
        poisoned = await connection.fetchval("SELECT count(*) FROM journal WHERE poisoned")
    assert poisoned == 1
    assert key in server.state.wakes
    world.telephony.press("in-1", "1")
    await server.settle()
    assert next(iter(server.state.contacts.values())).wait is not None
    await server.stop()


async def test_what_can_not_be_written_is_kept_by_its_kind(world: World) -> None:
    server = await in_menu(world)
    with pytest.raises(DecidingFailed):
        await server.ask(DigitPressed("in-1", "\ud800"))
    assert (await server.ask(DigitPressed("in-1", "1"))).refusal is None
    await server.stop()
