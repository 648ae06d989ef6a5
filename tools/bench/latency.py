"""From "an agent becomes free" to "the offer reaches his telephone and his browser", while calls wait.

    just bench latency [--rate 20] [--seconds 30]

Callers (sipp) keep a queue waiting. Agents (an HTTP session, a live connection as of a browser, a SIP telephone each) take a
call, hang up after a moment, and close the contact: that request makes them free. The clock runs from the moment before the
request is sent to the arrival of the next INVITE at the telephone, and of the next contact on the live connection.
"""

import argparse
import asyncio
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from rig import sipp
from rig.centre import NUMBER, BenchCentre, centre, note
from rig.stages import Stages, of_list
from rig.table import Row, as_json, percentile, show, verdict
from rig.telephones import Telephones

from cordboard.testing.desk import Desk
from cordboard.testing.desk import Row as LiveRow
from cordboard.testing.product import Login
from cordboard.testing.sipp.parties import SipServer
from cordboard.testing.sipp.scenarios import WaitForHangUp

CYCLE_SECONDS = 2.5
"""How long a call keeps its agent: with this, `rate` × it agents give the rate."""
ANSWER_SECONDS, TALK_SECONDS = 0.1, 1.0
WARM_UP_SECONDS = 5.0
WANTED_MS = 50.0


class TimedDesk(Desk):
    """Knows when each contact first appeared on the live connection."""

    def __init__(self, base_url: str, login: Login) -> None:
        super().__init__(base_url, login)
        self.appeared: dict[int, float] = {}
        self.username = ""

    def _apply(self, message: LiveRow) -> None:
        at = time.perf_counter()
        super()._apply(message)
        for row in self.contacts:
            self.appeared.setdefault(row["contact_id"], at)


@dataclass
class Measured:
    telephone: list[float] = field(default_factory=list)  # seconds
    browser: list[float] = field(default_factory=list)
    answer: list[float] = field(default_factory=list)  # to the request, as the agent sees it
    failures: int = 0


class Pacer:
    """Lets one agent become free at a time, `rate` times a second."""

    def __init__(self, rate: float) -> None:
        self._gap = 1 / rate
        self._next = time.perf_counter()

    async def turn(self) -> None:
        now = time.perf_counter()
        self._next = max(self._next + self._gap, now)
        await asyncio.sleep(self._next - now)


class Agent:
    def __init__(
        self, desk: TimedDesk, telephones: Telephones, rang: "dict[str, asyncio.Queue[float]]"
    ) -> None:
        self._desk = desk
        self._telephones = telephones
        self._rang = rang[desk.username]

    async def work(self, pacer: Pacer, measured: Measured, counts_from: float) -> None:
        """Becomes free, takes a call, hangs up, closes it; again and again, until cancelled."""
        contact_id = 0
        while True:
            await pacer.turn()
            begin = time.perf_counter()
            if contact_id:
                closing = {"closing_reason_id": "information", "note": ""}
                await self._desk.post(f"/contacts/{contact_id}/wrap-up", closing)
            else:
                await self._desk.ready()
            answered_at = time.perf_counter()
            try:
                async with asyncio.timeout(20):
                    rang_at = await self._rang.get()
                await self._desk.until(partial(self._current, contact_id), 10)
            except (TimeoutError, AssertionError):
                measured.failures += 1
                contact_id = 0
                continue
            contact_id = self._current(contact_id)
            if begin > counts_from:
                measured.answer.append(answered_at - begin)
                measured.telephone.append(rang_at - begin)
                measured.browser.append(self._desk.appeared[contact_id] - begin)
            await self._talk()

    def _current(self, last: int) -> int:
        """The contact on the desk that is not the last one; 0 when there is none."""
        return next((row["contact_id"] for row in self._desk.contacts if row["contact_id"] != last), 0)

    async def _talk(self) -> None:
        await asyncio.sleep(ANSWER_SECONDS)
        self._telephones.answer(self._desk.username)
        await asyncio.sleep(TALK_SECONDS)
        self._telephones.hang_up(self._desk.username)
        await self._desk.until(lambda: any(row["phase"] == "wrap_up" for row in self._desk.contacts), 10)


async def measure(bench: BenchCentre, agents: int, rate: float, seconds: float, stages: Stages) -> Measured:
    rang: dict[str, asyncio.Queue[float]] = {}
    telephones = Telephones(
        bench.product.sip_port, bench.phones_port, lambda user, at: rang[user].put_nowait(at)
    )
    await telephones.open()
    measured = Measured()
    async with AsyncExitStack() as stack:
        stack.callback(telephones.close)
        desks = []
        for login in bench.logins[:agents]:
            desk = await stack.enter_async_context(TimedDesk(bench.product.base_url, login))
            account = (await desk.take_seat("sip"))["sip_account"]
            desk.username = account["username"]
            rang[desk.username] = asyncio.Queue()
            await telephones.register(desk.username, account["password"])
            desks.append(desk)
        callers = sipp.callers(
            bench.folder / "sipp", "waiting", SipServer("127.0.0.1", bench.product.sip_port), NUMBER,
            [WaitForHangUp(3_600)], calls=1_000_000, per_second=rate * 1.5, at_once=int(agents * 2.5),
            port=bench.phones_port + 10,
        )  # fmt: skip
        stack.callback(callers.party.stop)
        await asyncio.sleep(agents * 2.5 / (rate * 1.5) + 2)
        note("measuring")
        pacer, counts_from = Pacer(rate), time.perf_counter() + WARM_UP_SECONDS
        works = [
            asyncio.create_task(Agent(desk, telephones, rang).work(pacer, measured, counts_from))
            for desk in desks
        ]
        await asyncio.sleep(WARM_UP_SECONDS)
        await stages.begin()
        done, _ = await asyncio.wait(works, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        await stages.end()
        for work in works:
            work.cancel()
        for work in done:
            work.result()
    return measured


def row(what: str, latencies: list[float]) -> Row:
    return {
        "to the": what,
        "offers": len(latencies),
        "p50 ms": percentile(latencies, 0.5) * 1000,
        "p95 ms": percentile(latencies, 0.95) * 1000,
        "p99 ms": percentile(latencies, 0.99) * 1000,
        "most ms": percentile(latencies, 1.0) * 1000,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rate", type=float, default=20.0, help="agents that become free, a second")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--keep", action="store_true", help="keep the logs")
    parser.add_argument("--json", type=Path, help="write the figures into this file too")
    chosen = parser.parse_args()
    if sipp.missing():
        sys.exit("sipp is not there: install the Debian package sip-tester.")
    agents = int(chosen.rate * CYCLE_SECONDS)
    with centre(agents, wrap_up="10m", reason_required=True, keep=chosen.keep) as bench:
        stages = Stages(bench)
        measured = asyncio.run(measure(bench, agents, chosen.rate, chosen.seconds, stages))
    rows = [row("telephone", measured.telephone), row("browser", measured.browser)]
    show(
        f"An agent becomes free, the offer arrives ({len(measured.telephone) / chosen.seconds:.1f} a second)",
        rows,
    )
    parts = [of_list("agent: request to answer", measured.answer), *stages.rows()]
    show("Of that", parts)
    show("Processors, % of all", stages.processors())
    print()
    for each in rows:
        p95 = float(each["p95 ms"] or 0)
        print(verdict(f"p95 to the {each['to the']}, ms", p95, f"< {WANTED_MS:.0f}", p95 < WANTED_MS))
    print(f"offers that did not arrive: {measured.failures}")
    if chosen.json:
        chosen.json.write_text(
            as_json({"latency": rows, "stages": parts, "failures": measured.failures}) + "\n"
        )


if __name__ == "__main__":
    main()
