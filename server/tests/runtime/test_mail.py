"""From a stored mail to an answer in the outbox, and back: the feeder, the core and the performer, crashed at every point."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from cordboard.channels.email import repository, tables
from cordboard.channels.email.attachment_texts import ASK, SAVE_STATE
from cordboard.channels.email.feeder import Feeder
from cordboard.channels.email.perform import MailPerformer
from cordboard.channels.email.repository import MailRow, ReportRow
from cordboard.core import events as ev
from cordboard.core.config import TenantConfig
from cordboard.core.mail import events as mail
from cordboard.core.mail.commands import DiscardMail, MailCommand, SendMail
from cordboard.core.script.steps import AnswerStep, QueueStep, Script
from cordboard.core.state import State
from cordboard.core.words import SeatKind
from cordboard.db.database import Connection
from cordboard.runtime.clock import SystemClock
from cordboard.runtime.ports import Inbox
from cordboard.runtime.snapshots import Every
from cordboard.testing.builders import centre, logged_in
from cordboard.testing.runtime import BEGIN, FakeServer, MakeWorld, World
from cordboard.testing.stories import Crash
from tests.channels.email.test_rows import mail as row_of


def config() -> TenantConfig:
    """Mails are acknowledged, then wait in the queue."""
    config = centre()
    script = Script(
        "mail", "Mail", "shop", "start", {"start": AnswerStep("thanks", "on"), "on": QueueStep("mail")}
    )
    thanks = replace(
        config.messages["welcome"], id="thanks", texts={"en": "Hello {{name}}, it is number {{contact}}."}
    )
    return replace(
        config,
        scripts={**config.scripts, "mail": script},
        messages={**config.messages, "thanks": thanks},
        entry_points={
            **config.entry_points,
            "inbox": replace(config.entry_points["inbox"], script_id="mail"),
        },
    )


@dataclass
class CrashAt:
    """Crashes at one of the points that are passed (0: never)."""

    point: int = 0
    passed: int = 0

    def passes(self) -> None:
        self.passed += 1
        if self.passed == self.point:
            raise Crash


class CrashingPerformer(MailPerformer):
    plan: CrashAt

    async def write(self, tenant_id: str, command: MailCommand) -> None:
        self.plan.passes()
        await super().write(tenant_id, command)
        self.plan.passes()


@dataclass
class Life:
    """One life of the server's side of email."""

    world: World
    server: FakeServer
    performer: CrashingPerformer
    feeder: Feeder

    def tenant_ids(self) -> list[str]:
        return [self.world.tenant_id]

    def inbox_of(self, tenant_id: str) -> Inbox | None:
        return self.server.runtime.inbox

    def state_of(self, tenant_id: str) -> State | None:
        return self.server.runtime.state

    async def written(self) -> None:
        """Writes down what was commanded; raises Crash."""
        while not self.performer.settled(self.world.tenant_id):
            tenant_id, command = self.performer._waiting.get_nowait()
            await self.performer.write(tenant_id, command)
            self.performer._left[tenant_id] -= 1

    async def fed(self) -> None:
        while await self.feeder.feed(self.world.tenant_id):
            await self.server.settle()
        self.feeder._ids.clear()


@asynccontextmanager
async def life(world: World, plan: CrashAt) -> AsyncIterator[Life]:
    performer = CrashingPerformer(world.database, world.clock, lambda _: config())
    performer.plan = plan
    world.mails = performer
    server = await world.start()
    this = Life(world, server, performer, None)  # type: ignore[arg-type]  # made next
    this.feeder = Feeder(world.database, this)
    try:
        yield this
    finally:
        if not server.task.done():
            await server.crash()


async def put(connection: Connection, world: World, row: MailRow) -> int:
    (mail_id,) = await repository.next_ids(connection, world.tenant_id)
    own = replace(
        row,
        id=mail_id,
        thread_id=row.thread_id or mail_id,
        inbox_id="inbox",
        message_id=f"{mail_id}@x.example",
    )
    await repository.add_mail(connection, world.tenant_id, own)
    return mail_id


async def arrives(world: World, thread_id: int = 0) -> int:
    async with world.database.tenant(world.tenant_id) as connection:
        return await put(connection, world, replace(row_of(1), thread_id=thread_id))


async def drafted(world: World, contact_id: int, thread_id: int) -> int:
    row = replace(row_of(1), direction="out", state="submitted", contact_id=contact_id, thread_id=thread_id)
    async with world.database.tenant(world.tenant_id) as connection:
        return await put(connection, world, replace(row, agent_id="emma"))


async def outbox(world: World) -> list[tuple[int, str]]:
    """The mails that leave, and what they say."""
    async with world.database.tenant(world.tenant_id) as connection:
        rows = await connection.fetch(
            "SELECT outbox.mail_id, mail.text, mail.state FROM outbox JOIN mail ON mail.id = outbox.mail_id ORDER BY mail_id"
        )
    assert {row["state"] for row in rows} <= {"queued"}
    return [(row["mail_id"], row["text"]) for row in rows]


async def story(life: Life, told: dict[str, int]) -> None:
    """A mail is acknowledged, accepted and answered. What `told` has done already is not done again."""
    world, server = life.world, life.server
    if server.state.config is None:
        await server.publish(config())
    if "mail" not in told:
        told["mail"] = await arrives(world)
    await life.written()
    await life.fed()
    await life.written()
    if not server.state.agents.get("emma"):
        await server.ask(logged_in("emma", SeatKind.DIGITAL, None))
    await server.ask(ev.DesktopConnected("emma", "tab"))
    await server.ask(ev.ReadyRequested("emma"))
    contact = next(iter(server.state.contacts.values()), None)
    if contact is not None and contact.offer is not None:
        await server.ask(ev.OfferAccepted("emma", contact.id))
    if contact is not None and contact.talk is not None:
        if "answer" not in told:
            told["answer"] = await drafted(world, contact.id, told["mail"])
        await server.ask(mail.AnswerRequested("emma", contact.id, told["answer"]))
    await server.advance(timedelta(seconds=11))
    await life.written()


async def played(world: World, point: int) -> tuple[list[tuple[int, str]], list[str], int]:
    """The story with a crash at `point`: what leaves, the facts of the mails, the points passed."""
    plan, told = CrashAt(point), dict[str, int]()
    for _ in range(3):
        async with life(world, plan) as this:
            with suppress(Crash):
                await story(this, told)
                assert not this.server.state.contacts
                return await outbox(world), await world.recorded(), plan.passed
    raise AssertionError("it crashed more than once")


async def test_a_mail_is_acknowledged_and_answered(make_world: MakeWorld) -> None:
    world = await make_world()
    leaves, kinds, _ = await played(world, 0)
    assert [text for _, text in leaves] == ["Hello Ann, it is number 3.", "Hello."]
    wanted = ["mail_received", "automatic_answer_sent", "contact_queued", "answer_written", "answer_sent"]
    assert [kind for kind in kinds if kind in wanted] == wanted
    async with world.database.tenant(world.tenant_id) as connection:
        found = await repository.find_mail(connection, 1)
    assert found is not None
    assert found.contact_id == 3


async def test_a_mail_waits_for_the_texts_of_its_attachments_and_the_next_for_it(
    make_world: MakeWorld,
) -> None:
    world = await make_world()
    async with life(world, CrashAt(0)) as this:
        await this.server.publish(config())
        first, second = await arrives(world), await arrives(world)
        async with world.database.tenant(world.tenant_id) as connection:
            asked = (world.tenant_id, first, 0, "aa" * 32, "application/pdf", ["en"], SystemClock().now())
            await connection.execute(ASK, *asked)
        assert await this.feeder.feed(world.tenant_id) == 0
        async with world.database.tenant(world.tenant_id) as connection:
            await connection.execute(SAVE_STATE, "aa" * 32, "nothing", SystemClock().now())
        assert await this.feeder.feed(world.tenant_id) == 2
        await this.server.settle()
        assert {first, second} == {
            each.thread.mail_id for each in this.server.state.contacts.values() if each.thread
        }


async def test_a_machine_gets_no_automatic_answer(make_world: MakeWorld) -> None:
    world = await make_world()
    async with life(world, CrashAt(0)) as this:
        await this.server.publish(config())
        async with world.database.tenant(world.tenant_id) as connection:
            await put(connection, world, replace(row_of(1), headers='{"not_to_answer": "auto-submitted"}'))
        await this.fed()
        await this.written()
        assert await outbox(world) == []
        assert "automatic_answer_skipped" in await world.recorded()


async def test_crashed_at_every_point_each_mail_leaves_once(make_world: MakeWorld) -> None:
    usual, _, points = await played(await make_world(), 0)
    assert points >= 4
    for point in range(1, points + 1):
        leaves, kinds, _ = await played(await make_world(), point)
        assert [text.partition(",")[0] for _, text in leaves] == ["Hello Ann", "Hello."]
        assert len(leaves) == len(usual)
        assert kinds.count("mail_received") == 1
        assert kinds.count("answer_sent") == 1


async def test_a_snapshot_waits_for_what_is_still_to_be_written(make_world: MakeWorld) -> None:
    world = await make_world()
    world.snapshot_every = Every(events=1, time=timedelta(seconds=0))
    async with life(world, CrashAt()) as first:
        await first.server.publish(config())
        await arrives(world)
        await first.fed()
        assert not first.performer.settled(world.tenant_id)
        await first.server.ask(ev.ReadyRequested("emma"))
    async with life(world, CrashAt()) as second:
        await second.written()
        assert len(await outbox(world)) == 1


async def test_reports_and_mails_keep_their_order(make_world: MakeWorld) -> None:
    """Mails and reports share their ids; the core hears them in that order although they come from two tables."""
    world = await make_world()
    async with life(world, CrashAt()) as this:
        await this.server.publish(config())
        thread = await arrives(world)
        async with world.database.tenant(world.tenant_id) as connection:
            for number in range(100):
                if number % 3:
                    await put(connection, world, replace(row_of(1), thread_id=thread))
                else:
                    (report_id,) = await repository.next_ids(connection, world.tenant_id)
                    report = ReportRow(report_id, thread, None, "sent", "", BEGIN)
                    await repository.add_report(connection, world.tenant_id, report)
        await this.fed()
        assert this.server.state.mail_cursor == 100
        assert len(this.server.state.contacts) == 1
        told = await world.recorded(
            "CASE WHEN kind IN ('mail_received', 'mail_sent') THEN body ->> 'mail_id' END"
        )
    mails = [int(found) for found in told if found is not None and int(found) != thread]
    assert mails == sorted(mails)
    assert len(mails) == 66


async def test_who_wrote_before_and_who_answered(make_world: MakeWorld) -> None:
    world = await make_world()
    async with life(world, CrashAt()) as this:
        await this.server.publish(config())
        thread = await arrives(world)
        await this.fed()
        contact_id = next(iter(this.server.state.contacts))
        answer = await drafted(world, contact_id, thread)
        async with world.database.tenant(world.tenant_id) as connection:
            await connection.execute("UPDATE mail SET state = 'sent' WHERE id = $1", answer)
            found = await connection.fetchrow(
                tables.KNOWN, 99, "ann@example.test", thread, contact_id, "", [], "inbox", BEGIN
            )
        assert found is not None
        assert (found["sender_mails"], found["thread_mails"], found["agent_id"], found["expert"]) == (
            1,
            2,
            "emma",
            False,
        )
        assert found["since_previous"] is None, "his mails of this thread are no other contact"
        async with world.database.tenant(world.tenant_id) as connection:
            received_at = await connection.fetchval("SELECT received_at FROM mail WHERE id = $1", thread)
            later = received_at + timedelta(days=20)
            known = [
                await connection.fetchrow(tables.KNOWN, 99, who, 98, None, "", [], inbox_id, at)
                for who, inbox_id, at in (
                    ("ann@example.test", "inbox", later),
                    ("ann@example.test", "inbox", later + timedelta(days=200)),
                    ("ann@example.test", "other", later),
                    ("bea@example.test", "inbox", later),
                )
            ]
        assert [row and row["since_previous"] for row in known[1:]] == [None, None, None]
        assert known[0] is not None and known[0]["since_previous"] == timedelta(days=20)


async def test_kept_while_overloaded(make_world: MakeWorld) -> None:
    world = await make_world()
    async with life(world, CrashAt()) as this:
        await this.server.publish(config())
        await arrives(world)
        this.server.runtime.inbox.journal_is_fine = False
        assert await this.feeder.feed(world.tenant_id) == 0
        this.server.runtime.inbox.journal_is_fine = True
        assert await this.feeder.feed(world.tenant_id) == 1


async def test_run_writes_what_is_commanded(make_world: MakeWorld) -> None:
    world = await make_world()
    performer = MailPerformer(world.database, world.clock, lambda _: config())
    running = asyncio.create_task(performer.run())
    mail_id = await drafted(world, 1, 1)
    for command in (SendMail(mail_id, 1), SendMail(mail_id, 1), DiscardMail(mail_id, "taken_back")):
        performer.perform(world.tenant_id, command)
    while not performer.settled(world.tenant_id):
        await asyncio.sleep(0)
        await asyncio.wait([running], timeout=0.01)
    running.cancel()
    assert [found for found, _ in await outbox(world)] == [mail_id]
