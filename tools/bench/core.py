"""How fast the core decides: whole calls through `Engine.handle`, at rising numbers of agents and of calls that wait.

    python tools/bench/core.py [--calls 6000] [--cpu] [--json FILE]

Each call is played as telephony reports it, from the number through greeting, menu, queue, offer, answer and end to the
wrap-up; an event that leads to an offer is a *decision*. The centre has 50 skills, three for each agent, and a queue for each.

- quiet: half of the agents wait for calls, nobody waits for them
- busy: every agent is busy and calls wait for every skill; who ends a wrap-up gets the next
- swamped: calls wait for five skills that few agents have, while everybody else works as when it is quiet

The clock runs around `Engine.handle` alone: events are made outside of it. `overall` counts the whole loop, with all that the
bench itself does around the core, and `share` says how much of that time this process had a processor: what is missing there
went to others, and the figures of that row are too low. Where it may, the bench goes before other work, as the server does.

Beside it, in the same run: matching alone (`index`), and a matcher that does the same with sorted lists and scans (`scan`).
To reach: 50,000 events/s; p99 of a decision under 1 ms; a decision at most three times as dear from the smallest to the
largest of each kind. Times are wall times: on a machine that is busy otherwise they say little, and `--cpu` says more.
"""

import argparse
import gc
import json
import os
import random
import statistics
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rig.matchers import IndexMatcher, ScanMatcher

from cordboard.core import events as ev
from cordboard.core.commands import Dial
from cordboard.core.config import AgentProfile, ClosingReason, EntryPoint, Message, Queue, Space, TenantConfig
from cordboard.core.engine import Engine
from cordboard.core.script.steps import MenuStep, PlayStep, QueueStep, Script, Step
from cordboard.core.state import State
from cordboard.core.words import Channel, EndCause, PhoneKind, SeatKind
from cordboard.supervisor.precedence import give_precedence

SKILLS = 50
SCARCE = 5  # of the skills, when swamped
SIZES = ((100, 500), (1_000, 5_000), (10_000, 50_000))
TARGET_EVENTS, TARGET_P99, TARGET_RATIO = 50_000, 1_000.0, 3.0
QUIET_SHARE = 0.95
Clock = Callable[[], int]
BEGIN = datetime(2026, 11, 23, 9, tzinfo=UTC)
TICK = timedelta(milliseconds=1)


def common_skills(kind: str) -> int:
    """How many skills the calls that come and go ask for."""
    return SKILLS - SCARCE if kind == "swamped" else SKILLS


def a_centre(kind: str, agents: int, chance: random.Random) -> TenantConfig:
    common = common_skills(kind)
    profiles = {}
    for number in range(agents):
        skills = {f"k{(number + offset) % common}": chance.randint(1, 5) for offset in (0, 7, 19)}
        if common < SKILLS and number % 50 == 0:
            skills = {f"k{common + number // 50 % SCARCE}": 5}
        profiles[f"a{number}"] = AgentProfile(f"a{number}", f"Agent {number}", "l", ("s",), skills=skills)
    return TenantConfig(
        1,
        "Bench",
        "en",
        "Europe/Paris",
        seats={SeatKind.VOICE: agents},
        spaces={"s": Space("s", "Space")},
        agents=profiles,
        queues={
            f"q{skill}": Queue(f"q{skill}", f"Queue {skill}", "s", needs={f"k{skill}": 1})
            for skill in range(SKILLS)
        },
        messages={"m": Message("m", "Message", "s")},
        closing_reasons={"done": ClosingReason("done", "Done", "s")},
        scripts={f"s{skill}": _script(skill) for skill in range(SKILLS)},
        entry_points={
            f"n{skill}": EntryPoint(f"n{skill}", "Number", Channel.VOICE, _number(skill), "s", f"s{skill}")
            for skill in range(SKILLS)
        },
    )


def _script(skill: int) -> Script:
    steps: dict[str, Step] = {
        "welcome": PlayStep("m", "menu"),
        "menu": MenuStep("m", {"1": "queue"}, "queue"),
        "queue": QueueStep(f"q{skill}"),
    }
    return Script(f"s{skill}", f"Script {skill}", "s", "welcome", steps)


def _number(skill: int) -> str:
    return f"+331990{skill:05}"


# -- the whole core


class Centre:
    """An engine, its clock, and the calls that its agents have."""

    def __init__(self, kind: str, agents: int, clock: Clock) -> None:
        self.engine = Engine(
            State("bench"), lambda expression, variables: True, lambda number, country: number
        )
        self.clock = clock
        self.now, self.seq, self.calls = BEGIN, 0, 0
        self.lasted: list[int] = []  # nanoseconds of each event while `measuring`
        self.decisions: list[int] = []
        self.measuring = False
        self.talking: deque[tuple[str, str, str, int]] = (
            deque()
        )  # caller's line, agent's line, agent, contact
        self.chance = random.Random(7)
        self.common = common_skills(kind)
        self._dials: list[Dial] = []
        self.tell(ev.ConfigPublished(a_centre(kind, agents, self.chance)))
        self.tell(ev.LinesReconciled(()))
        for number in range(agents):
            agent_id = f"a{number}"
            phone = ev.Phone(PhoneKind.SIP, f"bench.{agent_id}")
            self.tell(ev.AgentLoggedIn(agent_id, "login", SeatKind.VOICE, phone))
            self.tell(ev.DesktopConnected(agent_id, "desktop"))
            self.tell(ev.ReadyRequested(agent_id))

    def tell(self, event: ev.Event) -> None:
        self.seq += 1
        self.now += TICK
        before = self.clock()
        decision = self.engine.handle(event, self.now, self.seq)
        lasted = self.clock() - before
        dials = [command for command in decision.commands if type(command) is Dial]
        self._dials += dials
        if self.measuring:
            self.lasted.append(lasted)
            if dials:
                self.decisions.append(lasted)

    def call(self, skill: int) -> None:
        """Somebody calls, comes into the queue, and whoever is found for him answers."""
        self.calls += 1
        line = f"in-{self.calls}"
        self.tell(ev.CallArrived(line, _number(skill), "+33611223344"))
        contact_id = self.seq
        self.tell(ev.PlaybackEnded(line, f"bench-{contact_id}.p1"))
        self.tell(ev.DigitPressed(line, "1"))
        self.tell(ev.PlaybackEnded(line, f"bench-{contact_id}.p2"))  # stopped by the digit
        self.answer()

    def answer(self) -> None:
        """Everybody whose telephone rings answers."""
        dials, self._dials = self._dials, []
        for dial in dials:
            self.tell(ev.LineRinging(dial.line))
            self.tell(ev.LineAnswered(dial.line))
            contact = self.engine.state.contacts[dial.contact_id]
            agent_id = dial.phone.address.removeprefix("bench.")
            self.talking.append((contact.reference, dial.line, agent_id, contact.id))

    def end_oldest(self) -> None:
        """The call that has lasted longest ends, and is wrapped up; the agent may get the next at once."""
        caller, line, agent_id, contact_id = self.talking.popleft()
        self.tell(ev.LineEnded(caller, EndCause.NORMAL))
        self.tell(ev.LineEnded(line, EndCause.NORMAL))
        self.tell(ev.WrapUpFinished(agent_id, contact_id, "done"))
        self.answer()

    def fill(self, kind: str, agents: int, waiting: int) -> None:
        """Until as many talk and wait as the kind says."""
        if kind == "swamped":
            for number in range(waiting):
                self.call(self.common + number % SCARCE)
            self.talking.clear()  # the few who have the skill stay with whom they have
        live = self.engine.state.contacts
        target = agents + waiting if kind == "busy" else len(live) + agents // 2
        while len(live) < target:
            self.call(self.chance.randrange(self.common))

    def go_on(self, calls: int) -> None:
        for _ in range(calls):
            self.end_oldest()
            self.call(self.chance.randrange(self.common))


# -- matching alone, and its naive peer


class Alone:
    """One agent becomes free and one contact begins to wait, in turn, with nothing around it."""

    def __init__(self, kind: str, matcher: IndexMatcher | ScanMatcher, waiting: int) -> None:
        self.matcher = matcher
        self.chance = random.Random(11)
        self.now = BEGIN
        self.contacts = 0
        self.common = common_skills(kind)
        self.queues = list(matcher.config.queues.values())
        profiles = matcher.config.agents.values()
        self.busy = deque(profile.id for profile in profiles if kind != "swamped" or len(profile.skills) > 1)
        for number in range(waiting):
            self.wait(
                self.common + number % SCARCE if kind == "swamped" else self.chance.randrange(self.common)
            )
        if kind != "busy":
            for _ in range(len(self.busy) // 2):
                self.now += TICK
                matcher.add_idle(self.busy.popleft(), self.now)

    def free(self, agent_id: str) -> bool:
        self.now += TICK
        return self.matcher.free(agent_id, self.now) != 0

    def wait(self, skill: int) -> str:
        self.now += TICK
        self.contacts += 1
        return self.matcher.wait(self.contacts, self.queues[skill], self.now)

    def measure(self, rounds: int, clock: Clock) -> float:
        """Microseconds for each contact that is given to an agent."""
        self._rounds(rounds // 4)
        started = clock()
        decided = self._rounds(rounds)
        return (clock() - started) / 1_000 / max(decided, 1)

    def _rounds(self, rounds: int) -> int:
        decided = 0
        for _ in range(rounds):
            agent_id = self.busy.popleft()
            if self.free(agent_id):
                self.busy.append(agent_id)
                decided += 1
            chosen = self.wait(self.chance.randrange(self.common))
            if chosen:
                self.busy.append(chosen)
                decided += 1
        return decided


# -- the table


@dataclass(slots=True)
class Row:
    kind: str
    agents: int
    waiting: int
    events_per_second: float
    overall: float  # events per second, with the bench's own work
    share: float  # of the time that this process had a processor
    decision: float  # mean, microseconds
    p99: float
    worst: float
    index: float  # matching alone, microseconds per decision
    scan: float


def measure(kind: str, agents: int, waiting: int, calls: int, clock: Clock) -> Row:
    centre = Centre(kind, agents, clock)
    config = centre.engine.state.config
    assert config is not None
    centre.fill(kind, agents, waiting)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)  # as the server does
    centre.go_on(calls // 10)
    centre.measuring = True
    began, worked = time.perf_counter_ns(), time.thread_time_ns()
    centre.go_on(calls)
    lasted, worked = time.perf_counter_ns() - began, time.thread_time_ns() - worked
    gc.unfreeze()
    micro = sorted(each / 1_000 for each in centre.decisions)
    scans = max(50, min(calls, 2_000_000 // (agents + waiting)))
    return Row(
        kind,
        agents,
        waiting,
        len(centre.lasted) / (sum(centre.lasted) / 1e9),
        len(centre.lasted) / (lasted / 1e9),
        worked / lasted,
        statistics.fmean(micro),
        micro[int(len(micro) * 0.99)],
        micro[-1],
        Alone(kind, IndexMatcher(config), waiting).measure(calls, clock),
        Alone(kind, ScanMatcher(config), waiting).measure(scans, clock),
    )


def show(rows: list[Row]) -> bool:
    """Prints the table; whether all that is to be reached is."""
    print(
        f"{'':<8} {'agents':>7} {'waiting':>8} {'events/s':>9} {'overall':>8} {'share':>6} {'decision':>9} {'ratio':>6}"
        f" {'p99':>7} {'worst':>8} | {'index':>7} {'ratio':>6} {'scan':>9} {'ratio':>7}   microseconds"
    )
    first: dict[str, Row] = {}
    good = True
    for row in rows:
        base = first.setdefault(row.kind, row)
        ratio = row.decision / base.decision
        print(
            f"{row.kind:<8} {row.agents:>7,} {row.waiting:>8,} {row.events_per_second:>9,.0f} {row.overall:>8,.0f}"
            f" {row.share:>6.2f} {row.decision:>9.1f} {ratio:>6.2f} {row.p99:>7.1f} {row.worst:>8.1f}"
            f" | {row.index:>7.2f} {row.index / base.index:>6.2f}"
            f" {row.scan:>9.2f} {row.scan / base.scan:>7.2f}"
        )
        good = good and row.p99 < TARGET_P99 and ratio <= TARGET_RATIO
        good = good and row.events_per_second >= TARGET_EVENTS
    print(
        f"\nTo reach: {TARGET_EVENTS:,} events/s, p99 < {TARGET_P99:,.0f} µs, ratio ≤ {TARGET_RATIO:.0f}: "
        f"{'reached' if good else 'NOT reached'}"
    )
    if min(row.share for row in rows) < QUIET_SHARE:
        print(
            f"The machine was busy: this process had a processor for only {min(row.share for row in rows):.0%} of the time."
        )
    return good


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=6_000, help="calls measured in each row")
    parser.add_argument("--json", type=Path, help="writes the rows there, too")
    parser.add_argument("--largest", type=int, default=10_000, help="leaves out centres with more agents")
    parser.add_argument("--cpu", action="store_true", help="counts processor time instead of wall time")
    options = parser.parse_args()
    give_precedence(os.getpid())  # as the supervisor gives it to the server
    clock = time.thread_time_ns if options.cpu else time.perf_counter_ns
    rows = [
        measure(kind, agents, 0 if kind == "quiet" else waiting, options.calls, clock)
        for kind in ("quiet", "busy", "swamped")
        for agents, waiting in SIZES
        if agents <= options.largest
    ]
    good = show(rows)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=2))
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
