"""How fast mail comes in: from a real Dovecot's mailbox to stored and understood, and to a contact that waits in a queue.

    python tools/bench/mail.py [--mails 3000] [--boxes 2] [--workers 1]

Everything runs on this machine: Dovecot, PostgreSQL (which syncs to disk), the mail process with its workers, and the server's
side (feeder, core, journal) in this program. The mails are half short answers that quote, four in ten HTML with text beside it,
one in ten with an attachment of 60 kB; half of them French. The peer in the same run is the plainest program there can be:
imap-tools fetches and the standard library parses, and nothing is kept.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from prometheus_client import CollectorRegistry
from rig.table import as_json, show, verdict

from cordboard.channels.email.feeder import Feeder
from cordboard.channels.email.perform import MailPerformer
from cordboard.core.config import TenantConfig
from cordboard.core.engine import Engine
from cordboard.core.events import ConfigPublished
from cordboard.core.script.steps import QueueStep, Script
from cordboard.core.state import State
from cordboard.db.database import Database
from cordboard.db.embedded import EmbeddedPostgres
from cordboard.db.migrate import upgrade
from cordboard.expressions import evaluate
from cordboard.numbers import normalise
from cordboard.runtime.clock import SystemClock
from cordboard.runtime.codec import Codec
from cordboard.runtime.dispatch import Dispatch
from cordboard.runtime.inbox import Bounds, TenantInbox
from cordboard.runtime.journal import TenantJournal
from cordboard.runtime.leases import LASTS, Leases
from cordboard.runtime.measures import Measures
from cordboard.runtime.ports import Inbox
from cordboard.runtime.recovery import Recovery
from cordboard.runtime.snapshots import Every, Snapshots
from cordboard.runtime.tenant import Parts, TenantRuntime
from cordboard.settings import APP_ROLE, OWNER_ROLE
from cordboard.testing.builders import centre
from cordboard.testing.dovecot import PASSWORD, DovecotForTests
from cordboard.testing.mail_process import MailProcess
from cordboard.testing.postgres import free_port
from cordboard.testing.telephony import FakeTelephony

TENANT = "bench"
WANTED = 150.0
TEXTS = {
    "en": "Good morning, my order has not arrived yet. Could you please tell me where it is? I need it by Friday. ",
    "fr": "Bonjour, ma commande n'est toujours pas arrivée. Pouvez-vous me dire où elle se trouve ? Il me la faut vendredi. ",
}


def written(number: int) -> bytes:
    """One of the mix."""
    text = TEXTS["fr" if number % 2 else "en"] * 4
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Person {number} <p{number}@outside.test>"
    message["To"] = "info@inside.test"
    message["Subject"] = f"Commande n° {number}" if number % 2 else f"Order {number}"
    message["Message-ID"] = f"<b{number}@outside.test>"
    message["Date"] = "Tue, 24 Nov 2026 10:00:00 +0100"
    quoted = "".join(f"> {line}\r\n" for line in (text[:400].split(". ") * 3))
    message.set_content(
        f"{text}\r\n\r\n-- \r\nPerson {number}\r\n\r\nOn Mon, Nov 23, 2026 Info wrote:\r\n{quoted}"
    )
    if number % 10 in (1, 3, 5, 7):
        row = "<tr><td style='padding:4px;color:#333'><a href='https://example.test/x'>Item</a></td><td>12,50&nbsp;€</td></tr>"
        message.add_alternative(
            f"<html><body><p>{text}</p><table>{row * 40}</table></body></html>", subtype="html"
        )
    if number % 10 == 9:
        data = b"%PDF-1.4\n" + bytes((number * index) % 251 for index in range(60_000))
        message.add_attachment(data, "application", "pdf", filename="order.pdf")
    return message.as_bytes()


def config() -> TenantConfig:
    """Every mail goes through a script into the queue."""
    made = centre()
    script = Script("mail", "Mail", "shop", "on", {"on": QueueStep("mail")})
    inbox = replace(made.entry_points["inbox"], script_id="mail")
    return replace(
        made, scripts={**made.scripts, "mail": script}, entry_points={**made.entry_points, "inbox": inbox}
    )


class ServerSide:
    """The feeder, the core and the journal of one tenant."""

    def __init__(self, database: Database, runtime: TenantRuntime) -> None:
        self.runtime = runtime
        self.feeder = Feeder(database, self)

    def tenant_ids(self) -> Sequence[str]:
        return [TENANT]

    def inbox_of(self, tenant_id: str) -> Inbox | None:
        return self.runtime.inbox

    def state_of(self, tenant_id: str) -> State | None:
        return self.runtime.state

    @property
    def waiting(self) -> int:
        return len(self.runtime.state.contacts)


async def server_side(database: Database) -> ServerSide:
    clock, codec = SystemClock(), Codec()
    snapshots = Snapshots(database, codec)
    performer = MailPerformer(database, clock, lambda _: None)
    parts = Parts(
        clock,
        codec,
        Recovery(database, codec, snapshots, lambda state: Engine(state, evaluate, normalise)),
        snapshots,
        Dispatch(FakeTelephony(), performer),
        Measures(CollectorRegistry()),
        lambda batch: None,
        Every(),
    )
    lease = await Leases(database, "bench").take(TENANT)
    assert lease is not None
    inbox = TenantInbox(clock, Bounds(requests=10**9))
    runtime = TenantRuntime(parts, lease, TenantJournal(database, lease, LASTS, clock), inbox)
    await runtime.recover()
    return ServerSide(database, runtime)


def plain_peer(dovecot: DovecotForTests, addresses: Sequence[str]) -> float:
    """Seconds that the plainest program takes for the same mailboxes."""
    begin = time.perf_counter()
    for address in addresses:
        with dovecot.mailbox(address) as box:
            for mail in box.fetch(mark_seen=False, bulk=32):
                _ = (
                    mail.subject,
                    mail.from_,
                    mail.text,
                    mail.html,
                    [one.payload for one in mail.attachments],
                )
    return time.perf_counter() - begin


async def measure(
    dsn: str, folder: Path, dovecot: DovecotForTests, addresses: Sequence[str], mails: int, workers: int
) -> tuple[float, float, float]:
    """Seconds until the first mail is stored, from then until the last one is, and until the last contact waits."""
    database = await Database.connect(dsn, size=4)
    async with database.provider() as connection:
        await connection.execute("INSERT INTO tenant (id, name) VALUES ($1, $1)", TENANT)
    server = await server_side(database)
    tasks = [asyncio.create_task(server.runtime.run()), asyncio.create_task(server.feeder.run())]
    await server.runtime.inbox.submit(ConfigPublished(config()))
    process = MailProcess(folder / "mail.json", folder / "mail.log")
    rows: list[dict[str, object]] = [
        {
            "tenant_id": TENANT,
            "id": "inbox" if index == 0 else f"inbox-{index}",
            "address": address,
            "port": dovecot.conf.imap_port,
            "user": address,
            "password": PASSWORD,
        }
        for index, address in enumerate(addresses)
    ]
    process.write(dsn, folder / "blobs", rows, workers)
    begin = time.perf_counter()
    process.start()
    first = stored = queued = 0.0
    try:
        while not queued:
            async with database.tenant(TENANT) as connection:
                last = await connection.fetchval("SELECT coalesce(max(last_id), 0) FROM mail_counter")
            now = time.perf_counter()
            first = first or (now if last else 0.0)
            stored = stored or (now if last >= mails else 0.0)
            queued = now if server.waiting >= mails else 0.0
            if now - begin > 600:
                raise SystemExit(f"only {last} stored and {server.waiting} queued after 10 minutes")
            await asyncio.sleep(0.02)
    finally:
        process.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        database.terminate()
    return first - begin, stored - first, queued - first


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mails", type=int, default=3000)
    parser.add_argument("--boxes", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="cordboard-bench-mail-"))
    postgres = EmbeddedPostgres(
        folder / "postgres", free_port(), owner_password="o", app_password="a", ends_with_parent=True
    )
    dovecot = DovecotForTests(folder / "dovecot")
    (folder / "dovecot").mkdir()
    postgres.start()
    dovecot.start()
    try:
        upgrade(postgres.dsn(OWNER_ROLE))
        addresses = [f"box{number}@inside.test" for number in range(options.boxes)]
        raws = [written(number) for number in range(options.mails)]
        for index, address in enumerate(addresses):
            dovecot.deliver(address, raws[index :: options.boxes])
        size = sum(map(len, raws)) / len(raws) / 1000
        peer = plain_peer(dovecot, addresses)
        dsn = postgres.dsn(APP_ROLE)
        start, stored, queued = asyncio.run(
            measure(dsn, folder, dovecot, addresses, options.mails, options.workers)
        )
    finally:
        dovecot.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    rows = [
        {
            "what": what,
            "mails": options.mails,
            "seconds": seconds,
            "mails/s": options.mails / seconds,
            "peer/this": peer / seconds,
        }
        for what, seconds in (
            ("fetched and parsed only (peer: imap-tools, stdlib)", peer),
            ("fetched, understood, stored", stored),
            ("and a contact waits in its queue", queued),
        )
    ]
    if options.json:
        print(as_json({"mail": rows}))
        return
    show(
        f"Mail, {size:.0f} kB on average; the first was stored {start:.1f} s after the start of the process",
        rows,
    )
    rate = options.mails / queued
    print(verdict("mails/s from IMAP to queued contact", rate, f">= {WANTED:.0f}", rate >= WANTED))
    sys.exit(0 if rate >= WANTED else 1)


if __name__ == "__main__":
    main()
