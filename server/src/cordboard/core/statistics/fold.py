"""Facts to items. `Fold` keeps the little that an item needs from before: who waits where, what state an agent is in.

A period begins at `since`: what happened before only prepares the fold, and a stretch of time that began before is cut there.
The configuration in force at each instant (service levels, a queue's Space) is found by the version that the facts name.

What comes in counts at its receipt, but with the queue that its contact is **first put into**, which is known a moment later: until
then it is `running`, without a queue.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cordboard.core import facts
from cordboard.core.config import TenantConfig
from cordboard.core.facts import Recorded
from cordboard.core.mail import facts as mail
from cordboard.core.statistics.chats import Chats
from cordboard.core.statistics.items import STATE_MEASURES, ConfigOf, Item, Measure, within
from cordboard.core.statistics.mails import AGES, REPEAT_DAYS, Backlog
from cordboard.core.words import AgentState, Direction, LegRole

_DECIDED = {
    mail.AnswerApproved: Measure.ANSWER_APPROVED,
    mail.AnswerCorrected: Measure.ANSWER_CORRECTED,
    mail.AnswerSentBack: Measure.ANSWER_SENT_BACK,
}
_NOT_TAKEN = frozenset({"declined", "no_answer", "unreachable"})


@dataclass(frozen=True, slots=True)
class Standing:
    state: AgentState
    since: datetime
    reason_id: str = ""


@dataclass(slots=True)
class Known:
    """What its later items need of a contact. `pending`: what it has brought in, until it has a queue."""

    channel: str = ""
    space_id: str = ""
    entry_point_id: str = ""
    first: tuple[str, tuple[str, ...], tuple[str, ...]] | None = None  # queue, its skills, its groups
    pending: list[Item] = field(default_factory=list)
    reopened: bool = False  # it takes up an earlier one


_STRANGER = Known()


class Fold:
    """Apply facts in their order; each gives the items that it makes within the period."""

    def __init__(self, config_of: ConfigOf, since: datetime) -> None:
        self._config_of = config_of
        self.since = since
        self._config: TenantConfig | None = None
        self._contacts: dict[int, Known] = {}
        self._pending: set[int] = set()
        self._backlog = Backlog()
        self._outgoing: set[int] = set()  # outgoing contacts whose agent is not yet known
        self._over: list[set[int]] = [
            set(),
            set(),
        ]  # contacts that ended in this period, and in the one before
        self._chats = Chats(self)
        self._waiting: dict[int, tuple[str, datetime]] = {}  # contact -> queue, since when
        self._in_hand: dict[tuple[int, str], tuple[str, datetime]] = {}  # contact, agent -> queue, since when
        self._standing: dict[str, Standing] = {}  # agent -> his present state

    def apply(self, recorded: Recorded) -> list[Item]:
        """The items of one fact; none when it is before the period, which only prepares."""
        items = list(self._items(recorded.fact, recorded.at))
        items.extend(self._follow(recorded.fact, recorded.at))
        return [kept for each in items if (kept := within(each, self.since)) is not None]

    def roll(self, since: datetime) -> None:
        """A new period begins (a new day, for a fold that lives on)."""
        self.since = since
        self.forget()

    def forget(self) -> None:
        """Contacts that were over when this was asked for the last time but one are not needed any more."""
        for contact_id in self._over.pop():
            self._contacts.pop(contact_id, None)
        self._over.insert(0, set())

    def running(self, until: datetime) -> list[Item]:
        """What is not over yet, as if it ended at `until`."""
        return [kept for each in self._running(until) if (kept := within(each, self.since)) is not None]

    def _running(self, until: datetime) -> Iterator[Item]:
        for agent_id, standing in self._standing.items():
            if standing.state in STATE_MEASURES and standing.since < until:
                measure = STATE_MEASURES[standing.state]
                yield self._stretch(measure, agent_id, until - standing.since, until, standing.reason_id)
        for contact_id in sorted(self._pending):
            yield from self._contacts[contact_id].pending
        for contact_id, (queue_id, since) in self._waiting.items():
            yield self.item(Measure.WAITING, until, contact_id, "", queue_id, until - since)
        for (contact_id, agent_id), (queue_id, since) in self._in_hand.items():
            yield self.item(Measure.IN_HAND, until, contact_id, agent_id, queue_id, until - since)
        for contact_id, queue_id, age in self._backlog.standing(until):
            for measure, least in AGES:
                if age > least:
                    yield self.item(measure, until, contact_id, "", queue_id, age)

    def growing_since(self, agent_id: str) -> tuple[Measure, datetime] | None:
        """The measure of the agent's present state, and since when it grows within the period."""
        standing = self._standing.get(agent_id)
        if standing is None or standing.state not in STATE_MEASURES:
            return None
        return STATE_MEASURES[standing.state], max(standing.since, self.since)

    def known(self, contact_id: int) -> Known:
        return self._contacts.get(contact_id, _STRANGER)

    def _skills_of(self, queue_id: str) -> tuple[str, ...]:
        queue = self._config.queues.get(queue_id) if self._config and queue_id else None
        return tuple(skill_id for skill_id, level in queue.needs.items() if level > 0) if queue else ()

    def _groups_of(self, queue_id: str, agent_id: str) -> tuple[str, ...]:
        if self._config is None:
            return ()
        queue = self._config.queues.get(queue_id)
        agent = self._config.agents.get(agent_id)
        return (queue.group_ids if queue else ()) or (agent.group_ids if agent else ())

    # -- items

    def _items(self, fact: facts.Fact, at: datetime) -> Iterator[Item]:
        match fact:
            case facts.LegStarted() if fact.contact_id in self._outgoing and fact.role is LegRole.AGENT:
                yield self.item(Measure.OUTGOING, at, fact.contact_id, fact.agent_id)
            case facts.ContactQueued() if not fact.again:
                yield self.item(Measure.OFFERED, at, fact.contact_id, queue_id=fact.queue_id)
            case facts.ContactAnswered() if fact.queue_id:
                yield from self._answered(fact, at)
            case facts.ContactAbandoned() if fact.queue_id:
                item = self.item(Measure.ABANDONED, at, fact.contact_id, "", fact.queue_id, fact.waited)
                yield replace(item, waited=item.seconds)
            case facts.WaitTimedOut() if fact.queue_id:
                item = self.item(Measure.TIMED_OUT, at, fact.contact_id, "", fact.queue_id, fact.waited)
                yield replace(item, waited=item.seconds)
            case facts.ContactDissuaded():
                yield self.item(Measure.DISSUADED, at, fact.contact_id)
            case facts.ContactOffered():
                yield self.item(Measure.OFFERED_TO_AGENT, at, fact.contact_id, fact.agent_id, fact.queue_id)
            case facts.OfferEnded() if fact.outcome in _NOT_TAKEN:
                yield self.item(Measure.MISSED, at, fact.contact_id, fact.agent_id, fact.queue_id, fact.rang)
            case facts.TalkEnded():
                who = (fact.contact_id, fact.agent_id, fact.queue_id)
                yield self.item(Measure.TALKED, at, *who, fact.talked)
                yield self.item(Measure.HELD, at, *who, fact.held)
                yield from self._chats.ended(fact, at)
            case facts.WrappedUp():
                yield from self._wrapped_up(fact, at)
            case facts.ContactTransferred() if fact.from_agent_id:
                yield self.item(Measure.TRANSFERRED, at, fact.contact_id, fact.from_agent_id)
            case facts.AgentStateChanged() if fact.before in STATE_MEASURES:
                measure, reason_id = STATE_MEASURES[fact.before], fact.before_reason_id
                yield self._stretch(measure, fact.agent_id, fact.lasted, at, reason_id)
            case _:
                yield from self._chats.items(fact, at)
                yield from self._mail_items(fact, at)

    def _mail_items(self, fact: facts.Fact, at: datetime) -> Iterator[Item]:
        match fact:
            case mail.AnswerSent():
                yield from self._replied(fact, at)
            case mail.AnswerHeld():
                yield self.item(Measure.ANSWER_HELD, at, fact.contact_id, fact.agent_id, fact.queue_id)
            case mail.AnswerApproved() | mail.AnswerCorrected() | mail.AnswerSentBack():
                measure = _DECIDED[type(fact)]
                yield self.item(measure, at, fact.contact_id, fact.agent_id, fact.queue_id, fact.held)
            case _:
                return

    def _answered(self, fact: facts.ContactAnswered, at: datetime) -> Iterator[Item]:
        item = self.item(Measure.ANSWERED, at, fact.contact_id, fact.agent_id, fact.queue_id, fact.waited)
        yield (item := replace(item, waited=item.seconds))
        queue = self._config.queues.get(fact.queue_id) if self._config else None
        if queue is not None and fact.waited <= queue.service_level:
            yield replace(item, measure=Measure.ANSWERED_IN_TIME, seconds=0.0)

    def _replied(self, fact: mail.AnswerSent, at: datetime) -> Iterator[Item]:
        item = self.item(
            Measure.MAIL_ANSWERED, at, fact.contact_id, fact.agent_id, fact.queue_id, fact.waited
        )
        yield (item := replace(item, waited=item.seconds))
        if fact.worked is not None:
            yield replace(item, measure=Measure.MAIL_WORKED, seconds=fact.worked.total_seconds())
        if fact.first:
            yield replace(item, measure=Measure.MAIL_FIRST_REPLY)
        if fact.in_due is not None:
            yield replace(item, measure=Measure.MAIL_IN_DUE if fact.in_due else Measure.MAIL_LATE)

    def _wrapped_up(self, fact: facts.WrappedUp, at: datetime) -> Iterator[Item]:
        """And if it was closed with a reason, whether it was the first contact that has resolved it."""
        item = self.item(Measure.WRAPPED_UP, at, fact.contact_id, fact.agent_id, fact.queue_id, fact.lasted)
        yield (item := replace(item, reason_id=fact.closing_reason_id))
        reason = self._config.closing_reasons.get(fact.closing_reason_id) if self._config else None
        if reason is None:
            return
        yield replace(item, measure=Measure.CLOSED, seconds=0.0)
        if reason.resolved and not self.known(fact.contact_id).reopened:
            yield replace(item, measure=Measure.RESOLVED, seconds=0.0)

    def item(
        self,
        measure: Measure,
        at: datetime,
        contact_id: int,
        agent_id: str = "",
        queue_id: str = "",
        lasted: timedelta = timedelta(),
    ) -> Item:
        known = self.known(contact_id)
        queue = self._config.queues.get(queue_id) if self._config and queue_id else None
        return Item(
            measure,
            at,
            contact_id,
            agent_id,
            queue_id,
            queue.space_id if queue else known.space_id,
            lasted.total_seconds(),
            self._skills_of(queue_id),
            self._groups_of(queue_id, agent_id),
            known.channel or (queue.channel.value if queue else ""),
            known.entry_point_id,
        )

    def _stretch(
        self, measure: Measure, agent_id: str, lasted: timedelta, at: datetime, reason_id: str
    ) -> Item:
        groups = self._groups_of("", agent_id)
        seconds = lasted.total_seconds()
        return Item(measure, at, agent_id=agent_id, seconds=seconds, group_ids=groups, reason_id=reason_id)

    # -- what later items need

    def _follow(self, fact: facts.Fact, at: datetime) -> Iterator[Item]:
        """The items of what has come in are made here: some wait for the contact's first queue."""
        self._backlog.follow(fact, at)
        self._chats.follow(fact, at)
        match fact:
            case facts.ConfigChanged():
                self._config = self._config_of(fact.version) or self._config
            case facts.ContactArrived():
                self._arrived(fact, at)
            case mail.MailReceived():
                yield from self._received(fact, at)
            case facts.LegStarted() if fact.role is LegRole.AGENT:
                self._outgoing.discard(fact.contact_id)
            case facts.ContactQueued():
                self._waiting[fact.contact_id] = (fact.queue_id, fact.since)
                self._outgoing.discard(
                    fact.contact_id
                )  # made by a queue's agents, it is counted as the queue's
                yield from self._brought_in(fact.contact_id, fact.queue_id)
            case facts.ContactAnswered():
                self._waiting.pop(fact.contact_id, None)
                self._in_hand[fact.contact_id, fact.agent_id] = (fact.queue_id, at)
            case facts.ContactAbandoned() | facts.WaitTimedOut() | facts.ContactDissuaded():
                self._waiting.pop(fact.contact_id, None)
            case facts.TalkEnded():
                self._in_hand.pop((fact.contact_id, fact.agent_id), None)
            case facts.ContactEnded():
                yield from self._ended(fact.contact_id)
            case mail.ContactReopened():
                self._contacts.setdefault(fact.contact_id, Known()).reopened = True
            case facts.AgentStateChanged():
                self._standing[fact.agent_id] = Standing(fact.after, at, fact.reason_id)
            case _:
                return

    def _arrived(self, fact: facts.ContactArrived, at: datetime) -> None:
        known = Known(fact.channel.value, fact.space_id, fact.entry_point_id)
        self._contacts[fact.contact_id] = known
        if fact.direction is Direction.OUTBOUND:
            self._outgoing.add(fact.contact_id)
            return
        known.pending.append(self.item(Measure.ARRIVED, at, fact.contact_id))
        self._pending.add(fact.contact_id)

    def _received(self, fact: mail.MailReceived, at: datetime) -> Iterator[Item]:
        known = self._contacts.setdefault(fact.contact_id, Known())
        item = self.item(Measure.MAIL_RECEIVED, at, fact.contact_id)
        items = [item]
        if not fact.again:
            items.append(replace(item, measure=Measure.MAIL_CONTACT))
            if fact.repeat or fact.since_previous is not None:
                gap = fact.since_previous or timedelta()
                items.append(replace(item, measure=Measure.MAIL_REPEAT, seconds=gap.total_seconds()))
        if known.first is None:
            known.pending.extend(items)
            self._pending.add(fact.contact_id)
        else:
            yield from self._with_queue(known, items)

    def _brought_in(self, contact_id: int, queue_id: str) -> Iterator[Item]:
        known = self._contacts.setdefault(contact_id, Known())
        if known.first is None:
            known.first = (queue_id, self._skills_of(queue_id), self._groups_of(queue_id, ""))
        yield from self._settled(contact_id, known)

    def _settled(self, contact_id: int, known: Known) -> Iterator[Item]:
        if contact_id in self._pending:
            self._pending.discard(contact_id)
            yield from self._with_queue(known, known.pending)
            known.pending = []

    def _with_queue(self, known: Known, items: list[Item]) -> Iterator[Item]:
        queue_id, skill_ids, group_ids = known.first or ("", (), ())
        queue = self._config.queues.get(queue_id) if self._config else None
        space_id = queue.space_id if queue else known.space_id
        for each in items:
            yield replace(
                each, queue_id=queue_id, skill_ids=skill_ids, group_ids=group_ids, space_id=space_id
            )

    def _ended(self, contact_id: int) -> Iterator[Item]:
        self._waiting.pop(contact_id, None)
        self._outgoing.discard(contact_id)
        for key in [each for each in self._in_hand if each[0] == contact_id]:
            del self._in_hand[key]
        self._over[0].add(contact_id)
        yield from self._settled(contact_id, self.known(contact_id))


__all__ = ["REPEAT_DAYS", "Fold", "Known", "Standing"]
