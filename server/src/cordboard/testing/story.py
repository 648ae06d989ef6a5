"""A story: the core and the outside together, told by what the parties do.

Each step decides an event, performs the commands on the `Outside`, decides what that leads to, and looks whether the laws hold
(`laws`, `ledger`). Time passes when it is told to, and then wakes come in their order. Outages and crashes can be told too.
"""

import copy
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from cordboard.core import commands as do
from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.agent import Agent
from cordboard.core.config import TenantConfig
from cordboard.core.contact import Contact
from cordboard.core.conversation.commands import AskBot
from cordboard.core.engine import Decision, Engine
from cordboard.core.look_ups import LookUp
from cordboard.core.mail.commands import MailCommand
from cordboard.core.refusals import RefusalCode
from cordboard.core.state import State
from cordboard.core.words import EndCause, PhoneKind, SeatKind
from cordboard.expressions import evaluate
from cordboard.numbers import normalise
from cordboard.testing.builders import BEGIN, CALLER, NUMBER, TENANT, centre, logged_in
from cordboard.testing.laws import broken_laws
from cordboard.testing.ledger import Ledger
from cordboard.testing.outside import Line, Outside

F = TypeVar("F")


def copy_of(state: State) -> State:
    """The state as a snapshot would give it back. What is frozen, the configuration and its scripts, is shared."""
    frozen = (state.config, *state.pinned_scripts.values())
    return copy.deepcopy(state, {id(each): each for each in frozen})


class LawBroken(AssertionError):
    """After this event something that always holds did not."""


@dataclass(frozen=True, slots=True)
class Told:
    at: datetime
    event: ev.Event
    decision: Decision


class Story:
    """`deliver_at_once=False` keeps what the outside reports in `reports` until `deliver`."""

    def __init__(
        self,
        config: TenantConfig | None = None,
        *,
        deliver_at_once: bool = True,
        begin: datetime = BEGIN,
        watched: bool = True,
    ) -> None:
        self.engine = Engine(State(TENANT), evaluate, normalise)
        self.outside = Outside(self._reported)
        self.now = begin
        self.seq = 0
        self.wakes: dict[str, datetime] = {}
        self.reports: deque[ev.Event] = deque()
        self.told: list[Told] = []
        self.incidents: list[do.ReportIncident] = []
        self.mails: list[MailCommand] = []
        self.asked: list[AskBot] = []
        self.look_ups: list[LookUp] = []
        self.ledger = Ledger()
        self.connected = True
        self.watched = watched
        self._deliver_at_once = deliver_at_once
        self._lines_made = 0
        self._last_commands: list[do.Command] = []
        self.tell(ev.ConfigPublished(config or centre()))
        self.tell(self.outside.seen(TENANT))

    # -- telling

    def tell(self, event: ev.Event, after: float = 0) -> Decision:
        """Time passes for `after` seconds, then this happens, and all that follows from it at once."""
        if after:
            self.wait(after)
        decision = self._decide(event)
        if self._deliver_at_once:
            self.deliver()
        self.look()
        return decision

    def refuses(self, event: ev.Event) -> RefusalCode | None:
        """Why this is refused; None when it is not."""
        refusal = self.tell(event).refusal
        return refusal.code if refusal else None

    def wait(self, seconds: float | timedelta) -> None:
        """Time passes; wakes come at their instants."""
        until = self.now + (seconds if isinstance(seconds, timedelta) else timedelta(seconds=seconds))
        while self.wakes:
            key, at = min(self.wakes.items(), key=lambda item: (item[1], item[0]))
            if at > until:
                break
            self.now = max(self.now, at)
            del self.wakes[key]
            self.tell(ev.Woke(key))
        self.now = until

    def deliver(self, number: int | None = None) -> None:
        """Decides what the outside has reported: all of it, or the oldest `number`."""
        while self.reports and number != 0:
            self._decide(self.reports.popleft())
            number = None if number is None else number - 1

    def look(self) -> None:
        """Raises when a law is broken. Only what is told completely can be judged."""
        if not self.watched or self.reports or not self.connected:
            return
        breaches = broken_laws(self.engine, self.outside, self.wakes) + self.ledger.balance()
        if breaches:
            lately = "\n".join(f"  {told.at:%H:%M:%S} {told.event}" for told in self.told[-12:])
            raise LawBroken("\n".join(breaches) + "\nafter\n" + lately)

    def _decide(self, event: ev.Event) -> Decision:
        self.seq += 1
        decision = self.engine.handle(event, self.now, self.seq)
        self.told.append(Told(self.now, event, decision))
        self._last_commands = decision.commands
        for fact in decision.facts:
            self.ledger.follow(fact)
        for command in decision.commands:
            self._perform(command)
        return decision

    def _perform(self, command: do.Command) -> None:
        if isinstance(command, do.WakeAt):
            self.wakes[command.key] = command.at
        elif isinstance(command, do.CancelWake):
            self.wakes.pop(command.key, None)
        elif isinstance(command, do.ReportIncident):
            self.incidents.append(command)
        elif isinstance(command, MailCommand):
            self.mails.append(command)
        elif isinstance(command, AskBot):
            self.asked.append(command)
        elif isinstance(command, LookUp):
            self.look_ups.append(command)
        elif self.connected:
            self.outside.perform(TENANT, command)

    def _reported(self, tenant_id: str, event: ev.Event) -> None:
        if self.connected:
            self.reports.append(event)

    def _settle(self) -> None:
        if self._deliver_at_once:
            self.deliver()
        self.look()

    # -- callers

    def call(self, number: str = NUMBER, caller: str = CALLER) -> str:
        """Somebody calls; his line."""
        self._lines_made += 1
        line = f"in-{self._lines_made}"
        self.outside.call(TENANT, line, number, caller)
        self._settle()
        return line

    def hear_out(self, line: str) -> None:
        """The sound that the line hears comes to its end."""
        self.outside.finish_playback(line)
        self._settle()

    def press(self, line: str, digits: str) -> None:
        for digit in digits:
            self.outside.press(line, digit)
            self._settle()

    def hang_up(self, line: str, cause: EndCause = EndCause.NORMAL) -> None:
        self.outside.hang_up(line, cause)
        self._settle()

    def call_into_queue(self, digit: str = "1") -> str:
        """A caller who has heard the greeting and chosen; his line."""
        line = self.call()
        self.hear_out(line)
        self.press(line, digit)
        return line

    # -- agents

    def log_in(
        self,
        agent_id: str,
        seat: SeatKind = SeatKind.VOICE,
        kind: PhoneKind | None = PhoneKind.BROWSER,
        login_id: str = "login-1",
    ) -> Decision:
        """Takes a seat and connects a desktop."""
        decision = self.tell(logged_in(agent_id, seat, kind, login_id))
        if decision.refusal is None:
            self.tell(ev.DesktopConnected(agent_id, f"desktop-{agent_id}"))
        return decision

    def staff(
        self,
        *agent_ids: str,
        seat: SeatKind = SeatKind.VOICE,
        kind: PhoneKind | None = PhoneKind.BROWSER,
    ) -> None:
        """These agents log in and become ready, a second apart: the first has been idle for longest."""
        for agent_id in agent_ids:
            self.log_in(agent_id, seat, kind)
            self.tell(ev.ReadyRequested(agent_id), after=1)

    def answer(self, agent_id: str) -> str:
        """The agent's telephone rings, and he picks it up; his line."""
        line = self.ringing(agent_id)
        assert line is not None, f"nothing rings at {agent_id}'s"
        self.outside.answer(line.line)
        self._settle()
        return line.line

    def answer_line(self, line: str) -> None:
        self.outside.answer(line)
        self._settle()

    def ringing(self, agent_id: str) -> Line | None:
        return next((line for line in self._lines_of(agent_id) if not line.up), None)

    def line_of(self, agent_id: str) -> Line | None:
        """The agent's line that is up."""
        return next((line for line in self._lines_of(agent_id) if line.up), None)

    def _lines_of(self, agent_id: str) -> Iterable[Line]:
        agent = self.agent(agent_id)
        address = agent.phone.address if agent.phone else f"{TENANT}.{agent_id}"
        return (line for line in self.outside.lines.values() if line.address in (address, agent_id))

    def talk(self, agent_id: str = "amelie", digit: str = "1") -> str:
        """A caller comes through to this agent, who is the only one to be free; the caller's line."""
        line = self.call_into_queue(digit)
        self.answer(agent_id)
        return line

    # -- outages

    def lose_telephony(self) -> None:
        self.tell(ev.TelephonyLost())
        self.connected = False
        self.reports.clear()

    def find_telephony(self, *, restarted: bool = False) -> None:
        self.connected = True
        self.tell(self.outside.seen(TENANT, restarted=restarted))

    def crash(self, *, perform_last: bool = True, down: float = 3) -> None:
        """The server dies and comes back. The state is as journalled; the last commands may not have been performed."""
        self.reports.clear()
        self.connected = False
        self.now += timedelta(seconds=down)
        unconfirmed = self._last_commands
        self.engine = Engine(copy_of(self.engine.state), evaluate, normalise)
        self.wakes = dict(self.engine.state.wakes)
        self.connected = True
        if perform_last:
            for command in unconfirmed:
                if isinstance(command, do.TelephonyCommand):
                    self.outside.perform(TENANT, command)
        self.reports.clear()
        self.connected = False
        self.tell(ev.Recovered())
        self.find_telephony()

    # -- looking

    @property
    def state(self) -> State:
        return self.engine.state

    @property
    def config(self) -> TenantConfig:
        config = self.state.config
        assert config is not None
        return config

    def agent(self, agent_id: str) -> Agent:
        return self.state.agents[agent_id]

    def contact_of(self, line: str) -> Contact:
        """The contact that this line belongs to."""
        return self.state.contacts[self.engine.centre.lines[line][0]]

    def contact(self) -> Contact:
        """The only contact that there is."""
        (contact,) = self.state.contacts.values()
        return contact

    def facts(self, kind: type[F]) -> list[F]:
        """All facts of one kind so far, in their order."""
        return [fact for told in self.told for fact in told.decision.facts if isinstance(fact, kind)]

    def causes(self) -> list[EndCause]:
        """How the contacts that are over have ended."""
        return [fact.cause for fact in self.facts(facts.ContactEnded)]
