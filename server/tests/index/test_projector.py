"""The list is a projection: by increments, from scratch, after a crash, by two at once, it is the same."""

import asyncio

import pytest

from cordboard.contacts.summary import summarise
from cordboard.core.facts import Recorded
from cordboard.db.database import Database
from cordboard.index import projector as module
from cordboard.index import tables
from cordboard.index.fold import IndexRow, fold_all
from cordboard.index.projector import Change, forget_all
from cordboard.runtime.codec import Codec
from cordboard.runtime.history import History
from cordboard.testing.archive import projector_of
from cordboard.testing.runtime import MakeWorld, World
from cordboard.testing.stories import STORIES, Play, settled

FACTS = "SELECT seq, ordinal, at, kind, body::text AS body FROM fact ORDER BY seq, ordinal"


async def play(world: World, story: str) -> None:
    server = await world.start()
    playing = Play(world, server)
    for step in STORIES[story]:
        await step(playing)
        await settled(playing)
        if server.state.config is not None and not world.telephony.connected:
            server.connect_telephony()
            await settled(playing)
    await server.stop()


async def facts_of(world: World) -> list[Recorded]:
    codec = Codec()
    async with world.database.tenant(world.tenant_id) as connection:
        rows = await connection.fetch(FACTS)
    return [
        Recorded(row["seq"], row["ordinal"], row["at"], codec.read_fact(row["kind"], row["body"]))
        for row in rows
    ]


async def rows_of(world: World) -> dict[int, IndexRow]:
    query = f"SELECT {', '.join(tables.COLUMNS)} FROM contact_index"
    async with world.database.tenant(world.tenant_id) as connection:
        found = await connection.fetch(query)
    return {row["contact_id"]: IndexRow(**dict(row.items())) for row in found}


async def words_of(world: World) -> list[tuple[int, str]]:
    async with world.database.tenant(world.tenant_id) as connection:
        rows = await connection.fetch("SELECT contact_id, words::text AS words FROM contact_words ORDER BY 1")
    return [(row["contact_id"], row["words"]) for row in rows]


@pytest.mark.parametrize("story", STORIES)
async def test_increments_are_the_whole(
    story: str, make_world: MakeWorld, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await make_world()
    await play(world, story)
    recorded = await facts_of(world)
    whole = fold_all({}, recorded)
    for cut in range(len(recorded)):
        first = fold_all({}, recorded[:cut])
        assert first | fold_all(first, recorded[cut:]) == whole, cut

    projector = projector_of(database)
    monkeypatch.setattr(module, "PAGE", 3)
    await projector.catch_up(world.tenant_id)
    by_threes, words = await rows_of(world), await words_of(world)
    assert by_threes == whole
    monkeypatch.undo()
    await forget_all(database, world.tenant_id)
    assert await rows_of(world) == {}
    await projector.catch_up(world.tenant_id)
    assert await rows_of(world) == whole and await words_of(world) == words

    histories = await History(database, Codec()).of_contacts(world.tenant_id, list(whole))
    for contact_id, row in whole.items():
        summary = summarise(histories[contact_id])
        assert summary is not None
        assert (row.outcome, row.queue_id, row.closing_reason_id, row.note, row.transferred) == (
            summary.outcome,
            summary.queue_id,
            summary.closing_reason_id,
            summary.note,
            summary.transferred,
        )
        assert (row.answered_by, row.answered) == (summary.agent_id, summary.answered)
        for mine, told in (
            (row.waited, summary.waited),
            (row.talked, summary.talked),
            (row.held, summary.held),
        ):
            assert mine == pytest.approx(told.total_seconds() if told is not None else None)
        assert row.state == "closed" and row.hands == [], row


async def test_a_crash_in_the_middle_loses_and_doubles_nothing(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await play(world, "two callers, one agent")
    monkeypatch.setattr(module, "PAGE", 4)
    projector = projector_of(database)
    put, pages = module.put_rows, 0

    async def dies(*arguments: object) -> None:
        nonlocal pages
        pages += 1
        await put(*arguments)  # type: ignore[arg-type]  # as it was called
        if pages % 2:
            raise asyncio.CancelledError

    monkeypatch.setattr(module, "put_rows", dies)
    for _ in range(200):
        try:
            await projector.catch_up(world.tenant_id)
        except asyncio.CancelledError:
            continue
        break
    assert await rows_of(world) == fold_all({}, await facts_of(world))


async def test_two_at_once_and_two_tenants(make_world: MakeWorld, database: Database) -> None:
    first, second = await make_world(), await make_world()
    await play(first, "two callers, one agent")
    await play(second, "an outgoing call")
    told: list[tuple[str, Change]] = []
    projectors = [projector_of(database) for _ in range(3)]
    for projector in projectors:
        projector.on_changes(lambda tenant_id, changes: told.extend((tenant_id, each) for each in changes))
    worlds = (first, second)
    await asyncio.gather(*(each.catch_up(world.tenant_id) for each in projectors for world in worlds))
    for world in worlds:
        assert await rows_of(world) == fold_all({}, await facts_of(world))
        mine = [change.after.contact_id for tenant_id, change in told if tenant_id == world.tenant_id]
        assert sorted(mine) == sorted(await rows_of(world)), "each change is told once"


async def test_another_version_of_the_fold_begins_anew(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await play(world, "an outgoing call")
    projector = projector_of(database)
    await projector.catch_up(world.tenant_id)
    async with database.tenant(world.tenant_id) as connection:
        await connection.execute("UPDATE contact_index SET state = 'waiting', note = 'made by an older fold'")
    monkeypatch.setattr(module, "INDEX_VERSION", module.INDEX_VERSION + 1)
    await projector.catch_up(world.tenant_id)
    assert await rows_of(world) == fold_all({}, await facts_of(world))


async def test_it_follows_by_itself(world: World, database: Database) -> None:
    """The task is woken by batches; nobody asks."""
    projector = projector_of(database, world.tenant_id)
    seen = asyncio.Event()
    projector.on_changes(lambda _, changes: seen.set())
    task = asyncio.create_task(projector.run())
    try:
        await play(world, "an outgoing call")
        for batch in world.batches:
            projector.on_batch(batch)
        await asyncio.wait_for(seen.wait(), 10)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
