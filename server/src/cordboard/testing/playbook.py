"""A played script: events, and exactly the commands and facts that each must lead to.

    assert (
        Playbook(centre())
        >> CallArrived("L1", NUMBER, CALLER)
        << AnswerLine("L1")
        << Play("L1", "demo-3.p1", ("message:welcome",), "en")
        << ContactArrived(3, …)
    )

`>>` plays an event one second after the one before (or after a `timedelta` given before it); `<<` expects. The telephony
commands of an event must be those expected, in this order and no others. Facts, refusals, incidents and wakes are looked at where
the script names one: the facts that it names must be there in their order. Nothing is played before `assert`; a playbook that
was never asserted complains when it is thrown away.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import get_args

from cordboard.core import commands, facts
from cordboard.core.config import TenantConfig
from cordboard.core.engine import Decision, Engine
from cordboard.core.events import ConfigPublished, Event, LinesReconciled
from cordboard.core.refusals import RefusalCode
from cordboard.core.state import State
from cordboard.expressions import evaluate
from cordboard.numbers import normalise
from cordboard.testing.builders import BEGIN, TENANT

_EVENTS = get_args(Event)
_COMMANDS = (*get_args(commands.TelephonyCommand),)
_OTHER_COMMANDS = (commands.WakeAt, commands.CancelWake, commands.ReportIncident)
_FACTS = get_args(facts.Fact)

Expected = commands.Command | facts.Fact | RefusalCode


@dataclass(slots=True)
class _Scene:
    event: Event
    delay: timedelta
    expected: list[Expected] = field(default_factory=list)


class PlaybookFailed(AssertionError):
    """The core has done something else than the script says."""


class Playbook:
    def __init__(self, config: TenantConfig | None = None, *, engine: Engine | None = None) -> None:
        self.engine = engine or Engine(State(TENANT), evaluate, normalise)
        self.now: datetime = BEGIN
        self.seq = 0
        self._asserted = True
        self._scenes: list[_Scene] = []
        self._delay = timedelta(seconds=1)
        if config is not None:
            self._decide(ConfigPublished(config))
            self._decide(LinesReconciled(()))

    def __rshift__(self, event: Event | timedelta) -> "Playbook":
        self._asserted = False
        if isinstance(event, timedelta):
            self._delay = event
        else:
            self._scenes.append(_Scene(event, self._delay))
            self._delay = timedelta(seconds=1)
        return self

    def __lshift__(self, expected: Expected) -> "Playbook":
        assert self._scenes, "an expectation without an event"
        self._asserted = False
        self._scenes[-1].expected.append(expected)
        return self

    def __bool__(self) -> bool:
        """Plays what has not been played yet."""
        self._asserted = True
        scenes, self._scenes = self._scenes, []
        for scene in scenes:
            self.now += scene.delay
            decision = self._decide(scene.event)
            difference = _difference(scene.expected, decision)
            if difference:
                raise PlaybookFailed(f"\n>> {scene.event}\n{difference}")
        return True

    def __del__(self) -> None:
        if not self._asserted:
            raise PlaybookFailed("this playbook was never asserted: write `assert playbook >> …`")

    def _decide(self, event: Event) -> Decision:
        self.seq += 1
        return self.engine.handle(event, self.now, self.seq)


def _difference(expected: list[Expected], decision: Decision) -> str:
    """What is not as expected, as lines to read; "" when all is."""
    lines = _compare(
        [each for each in expected if isinstance(each, _COMMANDS)],
        [each for each in decision.commands if isinstance(each, _COMMANDS)],
    )
    rest: list[object] = [each for each in decision.commands if isinstance(each, _OTHER_COMMANDS)]
    for named in (each for each in expected if isinstance(each, _OTHER_COMMANDS)):
        if named not in rest:
            lines.append(f"   missing: {named}\n   there is: {rest}")
    remaining = list(decision.facts)
    for fact in (each for each in expected if isinstance(each, _FACTS)):
        if fact in remaining:
            del remaining[: remaining.index(fact) + 1]
        else:
            told = "".join(f"\n      {each}" for each in decision.facts)
            lines.append(f"   missing, or too late: {fact}\n   facts:{told}")
    refused = decision.refusal.code if decision.refusal else None
    refusals = [each for each in expected if isinstance(each, RefusalCode)]
    if refused is not (refusals[0] if refusals else None):
        lines.append(f"   expected refusal: {refusals}, got: {decision.refusal}")
    return "\n".join(lines)


def _compare(expected: list[commands.TelephonyCommand], done: list[commands.TelephonyCommand]) -> list[str]:
    if expected == done:
        return []
    lines = []
    for index in range(max(len(expected), len(done))):
        want = expected[index] if index < len(expected) else None
        have = done[index] if index < len(done) else None
        if want == have:
            lines.append(f"   << {have}")
        else:
            lines.extend(
                f"   {sign} {each}" for sign, each in (("- ", want), ("+ ", have)) if each is not None
            )
    return lines
