"""The server is crashed at every point of every story, once at each, and the story ends as if nothing had happened."""

from dataclasses import dataclass

import pytest

from cordboard.core.commands import TelephonyCommand
from cordboard.core.events import DesktopConnected
from cordboard.db.database import Database
from cordboard.runtime.codec import Codec
from cordboard.runtime.journal import Entry, Journal
from cordboard.runtime.ports import Telephony
from cordboard.runtime.recovery import Recovery
from cordboard.runtime.snapshots import Snapshots
from cordboard.testing.runtime import MakeWorld, World, engine_of
from cordboard.testing.stories import STORIES, Crash, Play, settled

TOLD = (
    "contact_arrived",
    "contact_queued",
    "contact_answered",
    "contact_abandoned",
    "contact_transferred",
    "contact_ended",
    "wrapped_up",
)

_ENDING = """
SELECT kind, contact_id, coalesce(agent_id, '') AS agent, coalesce(queue_id, '') AS queue,
       coalesce(body->>'cause', '') AS cause, coalesce(body->>'closing_reason_id', '') AS reason
FROM fact WHERE kind = ANY($1) AND NOT coalesce((body->>'again')::boolean, false) ORDER BY seq, ordinal
"""


@dataclass
class CrashAt:
    """Counts the points that a server passes, and crashes it at one of them (0: never)."""

    point: int
    passed: int = 0

    def passes(self) -> None:
        self.passed += 1
        if self.passed == self.point:
            raise Crash


@dataclass
class CrashingJournal:
    journal: Journal
    plan: CrashAt

    async def append(self, entries: list[Entry], performed_seq: int) -> None:
        self.plan.passes()
        await self.journal.append(entries, performed_seq)
        self.plan.passes()


class CrashingTelephony:
    def __init__(self, telephony: Telephony, plan: CrashAt) -> None:
        self._telephony = telephony
        self._plan = plan

    def perform(self, tenant_id: str, command: TelephonyCommand) -> None:
        self._telephony.perform(tenant_id, command)
        self._plan.passes()


async def play(world: World, story: str, point: int) -> tuple[list[tuple[str, ...]], int]:
    """Plays a story with a crash at `point`; gives its ending, and the points passed before the first crash."""
    plan = CrashAt(point)

    async def revive(play: Play) -> None:
        await play.server.crash()
        play.server = await world.start()
        for agent_id in play.desktops:
            play.server.runtime.inbox.post(DesktopConnected(agent_id, f"tab-{agent_id}"))
        await play.server.settle()

    server = await world.start(
        lambda journal: CrashingJournal(journal, plan),  # type: ignore[arg-type,return-value]  # lists are sequences
        lambda telephony: CrashingTelephony(telephony, plan),  # type: ignore[arg-type,return-value]  # only performs
    )
    playing = Play(world, server, revive=revive)
    for step in STORIES[story]:
        await step(playing)
        await settled(playing)
        if playing.server.state.config is not None and not world.telephony.connected:
            playing.server.connect_telephony()
            await settled(playing)
    ending = await ending_of(world, playing)
    await playing.server.stop()
    assert await replayed(world) == Codec().write_state(playing.server.state), "replay gives another state"
    return ending, plan.passed


async def replayed(world: World) -> bytes:
    """The state that the whole journal leads to, from the first event on, without any snapshot."""
    async with world.database.tenant(world.tenant_id) as connection:
        await connection.execute("DELETE FROM snapshot")
    codec = Codec()
    recovery = Recovery(world.database, codec, Snapshots(world.database, codec), engine_of)
    return codec.write_state((await recovery.rebuild(world.tenant_id, 0)).engine.state)


async def ending_of(world: World, playing: Play) -> list[tuple[str, ...]]:
    """What history says in the end, contact ids replaced by their order, and where everybody is."""
    async with world.database.tenant(world.tenant_id) as connection:
        rows = await connection.fetch(_ENDING, list(TOLD))
    order = {
        number: str(index) for index, number in enumerate(dict.fromkeys(row["contact_id"] for row in rows))
    }
    told = [
        (order[row["contact_id"]], row["kind"], row["agent"], row["queue"], row["cause"], row["reason"])
        for row in rows
    ]
    state = playing.server.state
    agents = [("agent", agent.id, agent.state.value, agent.reason_id) for agent in state.agents.values()]
    left = [("left", line) for line in world.telephony.lines] + [
        ("room", room) for room in world.telephony.rooms
    ]
    live = [("live", contact.reference) for contact in state.contacts.values()]
    wakes = [("wake", key.partition(":")[0]) for key in state.wakes]
    return [*told, *agents, *left, *live, *wakes]


@pytest.mark.parametrize("story", STORIES)
async def test_a_crash_at_any_point_changes_nothing(
    story: str, make_world: MakeWorld, database: Database
) -> None:
    expected, points = await play(await make_world(), story, 0)
    assert not [line for line in expected if line[0] in ("left", "room", "live")], expected
    assert points > 20
    differing = {}
    for point in range(1, points + 1):
        world = await make_world()
        try:
            ending, _ = await play(world, story, point)
        except AssertionError as error:
            ending = [("stuck", str(error).split("\n")[0])]
        if ending != expected:
            differing[point] = sorted(set(ending) ^ set(expected))
            print(
                point,
                ending,
                [str(c) for c in world.telephony.performed],
                await world.recorded("seq||' '||kind||body::text"),
            )
    assert not differing
