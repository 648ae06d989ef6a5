"""Calls per second through the product beside a plain Dial() on the same Asterisk, and 1,000 calls held.

    just bench voice [--seconds 15] [--held 1000]

Every call: a caller (sipp) calls, is connected to an agent's telephone (sipp, answers at once), talks, hangs up. A call is
good when the caller's side and the telephone's side both went as they should. The *clean rate* is the highest rate without
a failed call. "Dial()" does the same with one line of dialplan, in the same run on the same Asterisk; the ratios compare.
"""

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rig import sipp
from rig.centre import DIALLED, NUMBER, BenchCentre, centre, log_in_all, note
from rig.table import Row, as_json, show, verdict

from cordboard.testing.sipp.parties import SipServer
from cordboard.testing.sipp.scenarios import HangUp, Wait, WaitForHangUp

PRODUCT_RATES = (10, 25, 50, 75, 100, 125, 150)
DIAL_RATES = (25, 50, 100, 150, 200, 250, 300)
TALK_SECONDS = 2.0
AGENTS = 320
"""Enough for the highest rate: calls a second × (talk and a moment). Held calls need one each, if they are more."""
KEPT_SHARE = 0.95
"""A rate counts only when sipp really made this share of its calls in time."""
HELD_PER_SECOND = 20
HELD_SECONDS = 60.0
WANTED_CLEAN_SHARE = 0.45
WANTED_RATE = 50
WANTED_MEMORY_MB = 300


@dataclass(frozen=True, slots=True)
class Run:
    """One rate, one way. `lost`: calls that failed at the caller, or did not reach a telephone."""

    rate: int
    calls: int
    lost: int
    reached: float  # calls a second that were really made
    asterisk_ms: float  # processor time per call
    server_ms: float

    @property
    def clean(self) -> bool:
        return self.lost == 0 and self.reached >= KEPT_SHARE * self.rate


def run_rate(bench: BenchCentre, number: str, rate: int, seconds: float) -> Run:
    folder = bench.folder / "sipp"
    name = f"{number.strip('+')}-{rate}"
    phones = sipp.phones(folder, f"{name}-phones", bench.phones_port)
    time.sleep(0.5)
    calls = int(rate * seconds)
    asterisk, server = bench.cpu()
    begin = time.monotonic()
    callers = sipp.callers(
        folder, f"{name}-callers", SipServer("127.0.0.1", bench.product.sip_port), number,
        [Wait(TALK_SECONDS), HangUp()], calls=calls, per_second=rate, at_once=rate * 20, port=bench.phones_port + 10,
    )  # fmt: skip
    there = callers.wait(seconds + 60)
    took = time.monotonic() - begin - TALK_SECONDS
    asterisk_after, server_after = bench.cpu()
    phones.stop()
    lost = max(there.failed + calls - there.made, calls - phones.answered()[1])
    return Run(
        rate,
        calls,
        lost,
        calls / max(took, seconds),
        (asterisk_after - asterisk) / calls * 1000,
        (server_after - server) / calls * 1000,
    )


def rising(bench: BenchCentre, number: str, rates: tuple[int, ...], seconds: float) -> list[Run]:
    """Rates one after the other, until one loses more than a tenth of its calls."""
    runs: list[Run] = []
    for rate in rates:
        run = run_rate(bench, number, rate, seconds)
        runs.append(run)
        note(f"{number} at {rate}/s: {run.lost} of {run.calls} lost, {run.reached:.0f}/s reached")
        time.sleep(3)  # what is left over goes
        if run.lost > run.calls / 10:
            break
    return runs


def clean_rate(runs: list[Run]) -> int:
    return max((run.rate for run in runs if run.clean), default=0)


def hold(bench: BenchCentre, calls: int) -> Row:
    """Builds `calls` up, keeps them for a minute, and counts what is lost.

    As many as there are agents talk; the rest wait with music, and each of those costs Asterisk 50 packets a second.
    """
    folder = bench.folder / "sipp"
    phones = sipp.phones(folder, "held-phones", bench.phones_port)
    callers = sipp.callers(
        folder, "held-callers", SipServer("127.0.0.1", bench.product.sip_port), NUMBER,
        [WaitForHangUp(3_600)], calls=calls, per_second=HELD_PER_SECOND, at_once=calls, port=bench.phones_port + 10,
    )  # fmt: skip
    time.sleep(calls / HELD_PER_SECOND + 10)
    built = callers.counted()
    asterisk, server = bench.cpu()
    time.sleep(HELD_SECONDS)
    asterisk_after, server_after = bench.cpu()
    memory = bench.server.memory_info().rss / 1e6
    kept = callers.counted()
    answered, ended = phones.answered()
    callers.stop()
    phones.stop()
    return {
        "calls": calls,
        "held": kept.present,
        "of these talking": answered - ended,
        "lost": calls - kept.present,
        "at first": built.present,
        "server MB": memory,
        "server CPU %": (server_after - server) / HELD_SECONDS * 100,
        "Asterisk CPU %": (asterisk_after - asterisk) / HELD_SECONDS * 100,
    }


def table(product: list[Run], dial: list[Run]) -> list[Row]:
    plain = {run.rate: run for run in dial}
    ours = {run.rate: run for run in product}
    rows: list[Row] = []
    for rate in sorted({*plain, *ours}):
        a, b = ours.get(rate), plain.get(rate)
        rows.append(
            {
                "calls/s": rate,
                "product lost": a.lost if a else None,
                "of": a.calls if a else None,
                "reached/s": a.reached if a else None,
                "Dial() lost": b.lost if b else None,
                "Asterisk ms/call": a.asterisk_ms if a else None,
                "Dial() ms/call": b.asterisk_ms if b else None,
                "ratio": a.asterisk_ms / b.asterisk_ms if a and b and b.asterisk_ms else None,
                "server ms/call": a.server_ms if a else None,
            }
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=15.0, help="how long each rate is kept")
    parser.add_argument("--held", type=int, default=1_000, help="calls held at once; 0: leave this out")
    parser.add_argument("--agents", type=int, help=f"default: {AGENTS}, or as many as calls are held")
    parser.add_argument("--rates", help="rates of the product, with commas")
    parser.add_argument("--keep", action="store_true", help="keep the logs")
    parser.add_argument("--json", type=Path, help="write the figures into this file too")
    chosen = parser.parse_args()
    if sipp.missing():
        sys.exit("sipp is not there: install the Debian package sip-tester.")
    agents = chosen.agents or max(AGENTS, chosen.held)
    rates = tuple(int(rate) for rate in chosen.rates.split(",")) if chosen.rates else PRODUCT_RATES
    with centre(agents, wrap_up="0s", reason_required=False, keep=chosen.keep) as bench:
        dial = rising(bench, DIALLED, DIAL_RATES, chosen.seconds)
        asyncio.run(log_in_all(bench, agents))
        product = rising(bench, NUMBER, rates, chosen.seconds)
        held = hold(bench, chosen.held) if chosen.held else None
    ours, plain = clean_rate(product), clean_rate(dial)
    rows = table(product, dial)
    show("Calls per second, product beside Dial()", rows)
    if held is not None:
        show("Calls held", [held])
    share = ours / plain if plain else 0.0
    print(f"\nclean rate: product {ours}/s, Dial() {plain}/s")
    print(verdict("no failed call up to", float(ours), f">= {WANTED_RATE}/s", ours >= WANTED_RATE))
    print(verdict("share of Dial()", share, f">= {WANTED_CLEAN_SHARE}", share >= WANTED_CLEAN_SHARE))
    if held is not None:
        lost, memory = int(held["lost"] or 0), float(held["server MB"] or 0)
        print(verdict("held calls lost", float(lost), "0", lost == 0))
        print(verdict("server memory, MB", memory, f"< {WANTED_MEMORY_MB}", memory < WANTED_MEMORY_MB))
    if chosen.json:
        chosen.json.write_text(as_json({"rates": rows, "held": held}) + "\n")


if __name__ == "__main__":
    main()
