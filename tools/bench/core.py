"""How fast the core decides: whole calls through `Engine.handle`, at rising numbers of agents and of calls that wait.

    python tools/bench/core.py [--calls 6000] [--cpu] [--json FILE]

Each call is played event by event, from the number through greeting, menu, queue, offer, answer and end to the wrap-up; an
event that leads to an offer is a *decision*. The centre has 50 skills, three for each agent, and a queue for each skill. With
`waiting` 0 agents wait for calls; otherwise every agent is busy and so many calls wait, and who ends a wrap-up gets the next.

Beside it, in the same run: matching alone (`index`), and a matcher that does the same with sorted lists and scans (`scan`).
To reach: 50,000 events/s; p99 of a decision under 1 ms; a decision at most three times as dear from the smallest to the largest.
"""

import argparse
import gc
import json
import random
import statistics
import sys
import time
from bisect import insort
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cordboard.core import events as ev
from cordboard.core.commands import Dial
from cordboard.core.config import AgentProfile, ClosingReason, EntryPoint, Message, Queue, Space, TenantConfig
from cordboard.core.engine import Engine
from cordboard.core.matching import Matching, needs_of
from cordboard.core.script.steps import MenuStep, PlayStep, QueueStep, Script
from cordboard.core.state import State
from cordboard.core.words import Channel, EndCause, PhoneKind, SeatKind

SKILLS = 50
SCALES = ((100, 0), (1_000, 0), (10_000, 0), (100, 500), (1_000, 5_000), (10_000, 50_000))
TARGET_EVENTS, TARGET_P99, TARGET_RATIO = 50_000, 1_000.0, 3.0
Clock = Callable[[], int]
BEGIN = datetime(2026, 11, 23, 9, tzinfo=UTC)
TICK = timedelta(milliseconds=1)


def a_centre(agents: int, chance: random.Random) -> TenantConfig:
    queues = {
        f"q{skill}": Queue(f"q{skill}", f"Queue {skill}", "s", needs={f"k{skill}": 1})
        for skill in range(SKILLS)
    }
    scripts = {
        f"s{skill}": Script(
            f"s{skill}",
            f"Script {skill}",
            "s",
            "welcome",
            {
                "welcome": PlayStep("m", "menu"),
                "menu": MenuStep("m", {"1": "queue"}, "queue"),
                "queue": QueueStep(f"q{skill}"),
            },
        )
        for skill in range(SKILLS)
    }
    profiles = {}
    for number in range(agents):
        skills = {f"k{(number + offset) % SKILLS}": chance.randint(1, 5) for offset in (0, 7, 19)}
        profiles[f"a{number}"] = AgentProfile(f"a{number}", f"Agent {number}", "l", ("s",), skills=skills)
    return TenantConfig(
        1,
        "Bench",
        "en",
        "Europe/Paris",
        seats={SeatKind.VOICE: agents},
        spaces={"s": Space("s", "Space")},
        agents=profiles,
        queues=queues,
        messages={"m": Message("m", "Message", "s")},
        closing_reasons={"done": ClosingReason("done", "Done", "s")},
        scripts=scripts,
        entry_points={
            f"n{skill}": EntryPoint(
                f"n{skill}", f"Number {skill}", Channel.VOICE, f"+331990{skill:05}", "s", f"s{skill}"
            )
            for skill in range(SKILLS)
        },
    )


@dataclass(slots=True)
class Row:
    agents: int
    waiting: int
    events_per_second: float
    decision: float  # mean, microseconds
    p99: float
    worst: float
    index: float  # matching alone, microseconds per decision
    scan: float


class Centre:
    """An engine, its clock, and the calls that its agents have."""

    def __init__(self, agents: int, chance: random.Random, clock: Clock) -> None:
        self.engine = Engine(
            State("bench"), lambda expression, variables: True, lambda number, country: number
        )
        self.now, self.seq, self.calls = BEGIN, 0, 0
        self.all: list[int] = []  # nanoseconds of each event while `measuring`
        self.decisions: list[int] = []
        self.measuring = False
        self.clock = clock
        self.talking: deque[tuple[str, str, str, int]] = (
            deque()
        )  # caller's line, agent's line, agent, contact
        self._dials: list[Dial] = []
        self.chance = chance
        self.tell(ev.ConfigPublished(a_centre(agents, chance)))
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
            self.all.append(lasted)
            if dials:
                self.decisions.append(lasted)

    def call(self, line: str) -> None:
        """From the number into the queue."""
        self.tell(ev.CallArrived(line, f"+331990{self.chance.randrange(SKILLS):05}", "+33611223344"))
        contact_id = self.seq
        self.tell(ev.PlaybackEnded(line, f"bench-{contact_id}.p1"))
        self.tell(ev.DigitPressed(line, "1"))

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
        """The call that has lasted longest ends, and is wrapped up."""
        caller, line, agent_id, contact_id = self.talking.popleft()
        self.tell(ev.LineEnded(caller, EndCause.NORMAL))
        self.tell(ev.LineEnded(line, EndCause.NORMAL))
        self.tell(ev.WrapUpFinished(agent_id, contact_id, "done"))

    def one_more(self) -> None:
        self.calls += 1
        self.call(f"in-{self.calls}")
        self.answer()


def measure(agents: int, waiting: int, calls: int, clock: Clock) -> Row:
    centre = Centre(agents, random.Random(7), clock)
    engine_config = centre.engine.state.config
    assert engine_config is not None
    held = agents + waiting if waiting else agents // 2
    while len(centre.engine.state.contacts) < held:
        centre.one_more()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)  # as the server does
    for _ in range(calls // 10):
        centre.end_oldest()
        centre.answer()
        centre.one_more()
    centre.measuring = True
    for _ in range(calls):
        centre.end_oldest()
        centre.answer()
        centre.one_more()
    gc.unfreeze()
    micro = sorted(each / 1_000 for each in centre.decisions)
    index = statistics.median(
        _alone(engine_config, waiting, calls // 3, IndexMatcher, clock) for _ in range(3)
    )
    scan = _alone(
        engine_config, waiting, max(200, min(calls, 2_000_000 // (agents + waiting))), ScanMatcher, clock
    )
    return Row(
        agents,
        waiting,
        len(centre.all) / (sum(centre.all) / 1e9),
        statistics.fmean(micro),
        micro[int(len(micro) * 0.99)],
        micro[-1],
        index,
        scan,
    )


# -- matching alone, and its naive peer


class IndexMatcher:
    """The core's own."""

    def __init__(self, config: TenantConfig) -> None:
        self.matching = Matching()
        self.config = config
        for profile in config.agents.values():
            self.matching.join(profile)

    def free(self, agent_id: str, now: datetime) -> int:
        """The contact that the agent gets, 0 for none."""
        self.matching.set_free(agent_id, frozenset((Channel.VOICE,)), now)
        choice = self.matching.choose_contact(agent_id, now)
        if choice is None:
            return 0
        self.matching.remove_waiting(choice.contact_id)
        self.matching.set_busy(choice.agent_id)
        return choice.contact_id

    def wait(self, contact_id: int, queue: Queue, now: datetime) -> str:
        """The agent whom the contact gets, "" for none."""
        self.matching.add_waiting(contact_id, queue, needs_of(queue, {}), 0, now)
        choice = self.matching.choose_agent(contact_id, now)
        if choice is None:
            return ""
        self.matching.remove_waiting(choice.contact_id)
        self.matching.set_busy(choice.agent_id)
        return choice.agent_id


class ScanMatcher:
    """What one writes first: sorted lists of who waits and of who is free, looked through from the front."""

    def __init__(self, config: TenantConfig) -> None:
        self.config = config
        self.waiting: list[tuple[int, datetime, int, Queue]] = []
        self.idle: list[tuple[datetime, str]] = []

    def free(self, agent_id: str, now: datetime) -> int:
        skills = self.config.agents[agent_id].skills
        for place, (_, _, contact_id, queue) in enumerate(self.waiting):
            if all(skills.get(skill, 0) >= level for skill, level in queue.needs.items()):
                del self.waiting[place]
                return contact_id
        insort(self.idle, (now, agent_id))
        return 0

    def wait(self, contact_id: int, queue: Queue, now: datetime) -> str:
        for place, (_, agent_id) in enumerate(self.idle):
            skills = self.config.agents[agent_id].skills
            if all(skills.get(skill, 0) >= level for skill, level in queue.needs.items()):
                del self.idle[place]
                return agent_id
        insort(self.waiting, (0, now, contact_id, queue), key=lambda entry: entry[:3])
        return ""


def _alone(
    config: TenantConfig,
    waiting: int,
    rounds: int,
    kind: Callable[[TenantConfig], IndexMatcher | ScanMatcher],
    clock: Clock,
) -> float:
    """Microseconds for one decision, when one agent becomes free and one contact begins to wait in turn."""
    chance, matcher, queues = random.Random(11), kind(config), list(config.queues.values())
    now, busy = BEGIN, deque(config.agents)
    contact_ids = iter(range(1, sys.maxsize))

    def step(agent_id: str) -> Iterator[str]:
        nonlocal now
        now += TICK
        if matcher.free(agent_id, now):
            yield agent_id
        now += TICK
        chosen = matcher.wait(next(contact_ids), queues[chance.randrange(SKILLS)], now)
        if chosen:
            yield chosen

    if waiting:
        for _ in range(waiting):
            now += TICK
            matcher.wait(next(contact_ids), queues[chance.randrange(SKILLS)], now)
    else:
        for _ in range(len(busy) // 2):
            now += TICK
            matcher.free(busy.popleft(), now)
    decided = 0
    started = clock()
    for _ in range(rounds):
        taken = list(step(busy.popleft())) if busy else []
        busy.extend(taken)
        decided += len(taken)
    return (clock() - started) / 1_000 / max(decided, 1)


# -- the table


def show(rows: list[Row]) -> bool:
    """Prints the table; whether all that is to be reached is."""
    print(
        f"{'agents':>7} {'waiting':>8} {'events/s':>9} {'decision':>9} {'ratio':>6} {'p99':>7} {'worst':>8}"
        f" | {'index':>7} {'ratio':>6} {'scan':>9} {'ratio':>7}   microseconds"
    )
    first: dict[bool, Row] = {}
    good = True
    for row in rows:
        base = first.setdefault(bool(row.waiting), row)
        ratio = row.decision / base.decision
        print(
            f"{row.agents:>7,} {row.waiting:>8,} {row.events_per_second:>9,.0f} {row.decision:>9.1f} {ratio:>6.2f}"
            f" {row.p99:>7.1f} {row.worst:>8.1f} | {row.index:>7.2f} {row.index / base.index:>6.2f}"
            f" {row.scan:>9.2f} {row.scan / base.scan:>7.2f}"
        )
        good = good and row.p99 < TARGET_P99 and ratio <= TARGET_RATIO
        good = good and row.events_per_second >= TARGET_EVENTS
    print(
        f"\nTo reach: {TARGET_EVENTS:,} events/s, p99 < {TARGET_P99:,.0f} µs, ratio ≤ {TARGET_RATIO:.0f}: "
        f"{'reached' if good else 'NOT reached'}"
    )
    return good


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=6_000, help="calls measured in each row")
    parser.add_argument("--json", type=Path, help="writes the rows there, too")
    parser.add_argument("--largest", type=int, default=10_000, help="leaves out centres with more agents")
    parser.add_argument(
        "--cpu", action="store_true", help="counts processor time, for a machine that is busy otherwise"
    )
    options = parser.parse_args()
    clock = time.thread_time_ns if options.cpu else time.perf_counter_ns
    rows = [measure(*scale, options.calls, clock) for scale in SCALES if scale[0] <= options.largest]
    good = show(rows)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=2))
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
