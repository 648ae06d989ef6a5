"""The mail process is killed 20 times at random moments while 2,000 mails arrive: none lost, none doubled, the order kept."""

import asyncio
import os
import random
import smtplib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from cordboard.db.database import Database
from cordboard.testing.dovecot import DovecotForTests
from cordboard.testing.mail import MailForTests, mail_store, until, written
from cordboard.testing.mail_process import MailProcess
from cordboard.testing.postgres import Database as Addresses

MAILS = 2000
KILLS = 20
THREADS = 100
BOXES = ("info", "sales", "help", "billing")


def mails_of(box: int) -> list[bytes]:
    """Conversations whose mails all go to one box, interleaved; each answers the one before it."""
    found = []
    for number in range(box, MAILS, len(BOXES)):
        before = number - THREADS
        answers = f"m{before}@outside.test" if before >= 0 else ""
        thread = number % THREADS
        found.append(
            written(
                number, subject=f"Conversation {thread}", answers=answers, sender=f"p{thread}@outside.test"
            )
        )
    return found


def deliver_slowly(dovecot: DovecotForTests, address: str, mails: list[bytes], seed: int) -> None:
    chance = random.Random(seed)
    with smtplib.LMTP("127.0.0.1", dovecot.conf.lmtp_port, timeout=60) as client:
        for mail in mails:
            client.sendmail("sender@outside.test", [address], mail)
            if chance.random() < 0.2:
                asyncio.run(asyncio.sleep(chance.random() * 0.05))


@pytest.mark.timeout(400)
@pytest.mark.parametrize("after", ["leave", "delete"])
async def test_killed_twenty_times(
    dovecot: DovecotForTests, fresh_database: Callable[[], Addresses], tmp_path: Path, after: str
) -> None:
    dsn = fresh_database().app_dsn
    database = await Database.connect(dsn, size=4)
    async with database.provider() as connection:
        await connection.execute("INSERT INTO tenant (id, name) VALUES ('north', 'N')")
    mail = MailForTests(database, mail_store(tmp_path))
    process = MailProcess(tmp_path / "mail.json", tmp_path / "mail.log")
    addresses = [f"{box}-{after}@killed.test" for box in BOXES]
    port = dovecot.conf.imap_port
    rows: list[dict[str, object]] = [
        {
            "tenant_id": "north",
            "id": box,
            "address": a,
            "port": port,
            "user": a,
            "password": "demo",
            "after": after,
        }
        for box, a in zip(BOXES, addresses, strict=True)
    ]
    process.write(dsn, tmp_path / "blobs", rows)
    seed = int(os.environ.get("CORDBOARD_TEST_SEED", "7"))
    delivering = asyncio.gather(
        *(
            asyncio.to_thread(deliver_slowly, dovecot, address, mails_of(box), seed + box)
            for box, address in enumerate(addresses)
        )
    )
    try:
        await kill_at_random(process, mail, random.Random(seed))
        await delivering
        process.start()
        await mail.arrived("north", MAILS, seconds=120)
    finally:
        process.stop()
    await judge(mail)
    await database.close()


async def kill_at_random(process: MailProcess, mail: MailForTests, chance: random.Random) -> None:
    """Each life lasts until it has stored something, and then a random while."""
    for _ in range(KILLS):
        before = len(await mail.mails("north"))
        process.start()
        if before < MAILS:
            await until(lambda: mail.mails("north"), lambda found, b=before: len(found) > b, 60)  # type: ignore[misc]
        await asyncio.sleep(chance.random() * 0.3)
        assert process.is_running()
        process.kill()


async def judge(mail: MailForTests) -> None:
    found = await mail.mails("north")
    counted = Counter(one.message_id for one in found)
    assert [one for one, times in counted.items() if times > 1] == []
    assert set(counted) == {f"m{number}@outside.test" for number in range(MAILS)}
    assert [one.id for one in found] == list(range(1, MAILS + 1))
    threads: dict[int | None, list[int]] = {}
    for one in found:
        threads.setdefault(one.thread_id, []).append(int(one.message_id.partition("@")[0][1:]))
    assert len(threads) == THREADS
    assert [numbers for numbers in threads.values() if len(numbers) != MAILS // THREADS] == []
    assert [numbers for numbers in threads.values() if numbers != sorted(numbers)] == []
    for one in found:
        assert mail.store.exists("north", one.raw_hash)
