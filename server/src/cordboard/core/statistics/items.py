"""Facts to items. `Fold` keeps the little that an item needs from before: who waits where, what state an agent is in.

A period begins at `since`: what happened before only prepares the fold, and a stretch of time that began before is cut there.
The configuration in force at each instant (service levels, a queue's Space) is found by the version that the facts name.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cordboard.core import facts
from cordboard.core.config import TenantConfig
from cordboard.core.conversation import facts as chat_facts
from cordboard.core.facts import Recorded
from cordboard.core.mail import facts as mail
from cordboard.core.statistics.mails import DAY, Backlog
from cordboard.core.words import AgentState, Channel, Direction, LegRole

ConfigOf = Callable[[int], TenantConfig | None]


class Measure(StrEnum):
    ARRIVED = "arrived"
    OFFERED = "offered"
    ANSWERED = "answered"  # seconds: waited
    ANSWERED_IN_TIME = "answered_in_time"
    ABANDONED = "abandoned"  # seconds: waited
    TIMED_OUT = "timed_out"
    DISSUADED = "dissuaded"
    OFFERED_TO_AGENT = "offered_to_agent"
    MISSED = "missed"
    TALKED = "talked"  # seconds, holding included
    HELD = "held"
    WRAPPED_UP = "wrapped_up"
    TRANSFERRED = "transferred"
    OUTGOING = "outgoing"
    READY = "ready"
    RESERVED = "reserved"
    IN_CONTACT = "in_contact"
    WRAP_UP = "wrap_up"
    WITHDRAWN = "withdrawn"
    MAIL_RECEIVED = "mail_received"
    MAIL_CONTACT = "mail_contact"  # a contact that a mail has begun
    MAIL_REPEAT = "mail_repeat"  # of them those that are a further contact
    MAIL_ANSWERED = "mail_answered"  # seconds: since the mail that it answers
    MAIL_WORKED = "mail_worked"  # the same in working hours
    MAIL_FIRST_REPLY = "mail_first_reply"  # seconds: since the mail that it answers
    MAIL_IN_DUE = "mail_in_due"
    MAIL_LATE = "mail_late"
    MAIL_CLOSED = "mail_closed"  # wrapped up with a closing reason
    MAIL_RESOLVED = "mail_resolved"  # of them those with one that is marked resolved
    ANSWER_HELD = "answer_held"
    ANSWER_APPROVED = "answer_approved"  # seconds: held
    ANSWER_CORRECTED = "answer_corrected"  # seconds: held
    ANSWER_SENT_BACK = "answer_sent_back"  # seconds: held
    BACKLOG = "backlog"  # seconds: its age
    BACKLOG_DAY = "backlog_day"  # of it what is older than a day
    BACKLOG_WEEK = "backlog_week"
    RESPONSE = "response"  # of a chat; seconds: waited
    FIRST_RESPONSE = "first_response"  # of a chat; seconds since its arrival
    CHATTED = "chatted"  # seconds that one chat was in an agent's hands
    CHATTING = "chatting"  # seconds that an agent had at least one
    INVITED = "invited"
    INVITATION_ACCEPTED = "invitation_accepted"
    RATED = "rated"  # by the survey; seconds: the score


STATE_MEASURES = {
    AgentState.READY: Measure.READY,
    AgentState.RESERVED: Measure.RESERVED,
    AgentState.IN_CONTACT: Measure.IN_CONTACT,
    AgentState.WRAP_UP: Measure.WRAP_UP,
    AgentState.WITHDRAWN: Measure.WITHDRAWN,
}
_DECIDED = {
    mail.AnswerApproved: Measure.ANSWER_APPROVED,
    mail.AnswerCorrected: Measure.ANSWER_CORRECTED,
    mail.AnswerSentBack: Measure.ANSWER_SENT_BACK,
}
_NOT_TAKEN = frozenset({"declined", "no_answer", "unreachable"})


@dataclass(frozen=True, slots=True)
class Item:
    """One occurrence. Ids are "" and `contact_id` 0 where there is none; `seconds` where the measure has a length."""

    measure: Measure
    at: datetime
    contact_id: int = 0
    agent_id: str = ""
    queue_id: str = ""
    space_id: str = ""
    seconds: float = 0.0
    skill_ids: tuple[str, ...] = ()  # that the queue needs at this instant


@dataclass(frozen=True, slots=True)
class Standing:
    state: AgentState
    since: datetime


class Fold:
    """Apply facts in their order; each gives the items that it makes within the period."""

    def __init__(self, config_of: ConfigOf, since: datetime) -> None:
        self._config_of = config_of
        self.since = since
        self._config: TenantConfig | None = None
        self._spaces: dict[int, str] = {}  # contact -> Space
        self._mails: set[int] = set()  # contacts of email
        self._reopened: set[int] = set()  # contacts that take up an earlier one
        self._backlog = Backlog()
        self._outgoing: set[int] = set()  # outgoing contacts whose agent is not yet known
        self._over: list[set[int]] = [
            set(),
            set(),
        ]  # contacts that ended in this period, and in the one before
        self._chats = Chats(self)
        self.waiting: dict[int, str] = {}  # contact -> queue
        self.standing: dict[str, Standing] = {}  # agent -> his present state

    def apply(self, recorded: Recorded) -> list[Item]:
        """The items of one fact; none when it is before the period, which only prepares."""
        items = list(self._items(recorded.fact, recorded.at))
        self._follow(recorded.fact, recorded.at)
        return items if recorded.at >= self.since else []

    def roll(self, since: datetime) -> None:
        """A new period begins (a new day, for a fold that lives on). Contacts long over are forgotten."""
        self.since = since
        for contact_id in self._over.pop():
            self._spaces.pop(contact_id, None)
            self._mails.discard(contact_id)
            self._reopened.discard(contact_id)
        self._over.insert(0, set())

    def running(self, until: datetime) -> list[Item]:
        """The agent states that are not over yet, as if they ended at `until`."""
        states = [
            self._stretch(STATE_MEASURES[standing.state], agent_id, standing.since, until)
            for agent_id, standing in self.standing.items()
            if standing.state in STATE_MEASURES and standing.since < until
        ]
        return [*states, *self._unanswered(until)]

    def _unanswered(self, until: datetime) -> Iterator[Item]:
        """The emails that have no answer at `until`."""
        for contact_id, queue_id, age in self._backlog.standing(until):
            yield self.item(Measure.BACKLOG, until, contact_id, "", queue_id, age)
            if age > DAY:
                yield self.item(Measure.BACKLOG_DAY, until, contact_id, "", queue_id, age)
            if age > 7 * DAY:
                yield self.item(Measure.BACKLOG_WEEK, until, contact_id, "", queue_id, age)

    def growing_since(self, agent_id: str) -> tuple[Measure, datetime] | None:
        """The measure of the agent's present state, and since when it grows within the period."""
        standing = self.standing.get(agent_id)
        if standing is None or standing.state not in STATE_MEASURES:
            return None
        return STATE_MEASURES[standing.state], max(standing.since, self.since)

    def space_of(self, queue_id: str, contact_id: int = 0) -> str:
        queue = self._config.queues.get(queue_id) if self._config else None
        return queue.space_id if queue else self._spaces.get(contact_id, "")

    def skills_of(self, queue_id: str) -> tuple[str, ...]:
        queue = self._config.queues.get(queue_id) if self._config and queue_id else None
        return tuple(skill_id for skill_id, level in queue.needs.items() if level > 0) if queue else ()

    # -- items

    def _items(self, fact: facts.Fact, at: datetime) -> Iterator[Item]:
        match fact:
            case facts.ContactArrived() if fact.direction is Direction.INBOUND:
                yield Item(Measure.ARRIVED, at, fact.contact_id, space_id=fact.space_id)
            case facts.LegStarted() if fact.contact_id in self._outgoing and fact.role is LegRole.AGENT:
                yield self.item(Measure.OUTGOING, at, fact.contact_id, fact.agent_id)
            case facts.ContactQueued() if not fact.again:
                yield self.item(Measure.OFFERED, at, fact.contact_id, queue_id=fact.queue_id)
            case facts.ContactAnswered() if fact.queue_id:
                yield from self._answered(fact, at)
            case facts.ContactAbandoned() if fact.queue_id:
                yield self.item(Measure.ABANDONED, at, fact.contact_id, "", fact.queue_id, fact.waited)
            case facts.WaitTimedOut() if fact.queue_id:
                yield self.item(Measure.TIMED_OUT, at, fact.contact_id, "", fact.queue_id, fact.waited)
            case facts.ContactDissuaded():
                yield self.item(Measure.DISSUADED, at, fact.contact_id)
            case facts.ContactOffered():
                yield self.item(Measure.OFFERED_TO_AGENT, at, fact.contact_id, fact.agent_id, fact.queue_id)
            case facts.OfferEnded() if fact.outcome in _NOT_TAKEN:
                yield self.item(Measure.MISSED, at, fact.contact_id, fact.agent_id, fact.queue_id, fact.rang)
            case facts.TalkEnded():
                yield self.item(
                    Measure.TALKED, at, fact.contact_id, fact.agent_id, fact.queue_id, fact.talked
                )
                yield self.item(Measure.HELD, at, fact.contact_id, fact.agent_id, fact.queue_id, fact.held)
                yield from self._chats.ended(fact, at)
            case facts.WrappedUp():
                yield self.item(
                    Measure.WRAPPED_UP, at, fact.contact_id, fact.agent_id, fact.queue_id, fact.lasted
                )
                yield from self._closed(fact, at)
            case mail.MailReceived():
                yield from self._received(fact, at)
            case mail.AnswerSent():
                yield from self._replied(fact, at)
            case mail.AnswerHeld():
                yield self.item(Measure.ANSWER_HELD, at, fact.contact_id, fact.agent_id, fact.queue_id)
            case mail.AnswerApproved() | mail.AnswerCorrected() | mail.AnswerSentBack():
                measure = _DECIDED[type(fact)]
                yield self.item(measure, at, fact.contact_id, fact.agent_id, fact.queue_id, fact.held)
            case facts.ContactTransferred() if fact.from_agent_id:
                yield self.item(Measure.TRANSFERRED, at, fact.contact_id, fact.from_agent_id)
            case facts.AgentStateChanged() if fact.before in STATE_MEASURES and at > self.since:
                yield self._stretch(STATE_MEASURES[fact.before], fact.agent_id, at - fact.lasted, at)
            case _:
                yield from self._chats.items(fact, at)

    def _answered(self, fact: facts.ContactAnswered, at: datetime) -> Iterator[Item]:
        yield self.item(Measure.ANSWERED, at, fact.contact_id, fact.agent_id, fact.queue_id, fact.waited)
        queue = self._config.queues.get(fact.queue_id) if self._config else None
        if queue is not None and fact.waited <= queue.service_level:
            yield self.item(Measure.ANSWERED_IN_TIME, at, fact.contact_id, fact.agent_id, fact.queue_id)

    def _received(self, fact: mail.MailReceived, at: datetime) -> Iterator[Item]:
        yield self.item(Measure.MAIL_RECEIVED, at, fact.contact_id)
        if not fact.again:
            yield self.item(Measure.MAIL_CONTACT, at, fact.contact_id)
            if fact.repeat:
                yield self.item(Measure.MAIL_REPEAT, at, fact.contact_id)

    def _replied(self, fact: mail.AnswerSent, at: datetime) -> Iterator[Item]:
        who = (fact.contact_id, fact.agent_id, fact.queue_id)
        yield self.item(Measure.MAIL_ANSWERED, at, *who, fact.waited)
        if fact.worked is not None:
            yield self.item(Measure.MAIL_WORKED, at, *who, fact.worked)
        if fact.first:
            yield self.item(Measure.MAIL_FIRST_REPLY, at, *who, fact.waited)
        if fact.in_due is not None:
            yield self.item(Measure.MAIL_IN_DUE if fact.in_due else Measure.MAIL_LATE, at, *who)

    def _closed(self, fact: facts.WrappedUp, at: datetime) -> Iterator[Item]:
        """An email that was closed with a reason; whether it was the first contact that has resolved it."""
        reason = self._config.closing_reasons.get(fact.closing_reason_id) if self._config else None
        if reason is None or fact.contact_id not in self._mails:
            return
        yield self.item(Measure.MAIL_CLOSED, at, fact.contact_id, fact.agent_id, fact.queue_id)
        if reason.resolved and fact.contact_id not in self._reopened:
            yield self.item(Measure.MAIL_RESOLVED, at, fact.contact_id, fact.agent_id, fact.queue_id)

    def item(
        self,
        measure: Measure,
        at: datetime,
        contact_id: int,
        agent_id: str = "",
        queue_id: str = "",
        lasted: timedelta = timedelta(),
    ) -> Item:
        space_id, skill_ids = self.space_of(queue_id, contact_id), self.skills_of(queue_id)
        return Item(measure, at, contact_id, agent_id, queue_id, space_id, lasted.total_seconds(), skill_ids)

    def _stretch(self, measure: Measure, agent_id: str, since: datetime, until: datetime) -> Item:
        begun = max(since, self.since)
        return Item(measure, until, agent_id=agent_id, seconds=max(0.0, (until - begun).total_seconds()))

    # -- what later items need

    def _follow(self, fact: facts.Fact, at: datetime) -> None:
        self._backlog.follow(fact, at)
        self._chats.follow(fact, at)
        match fact:
            case facts.ConfigChanged():
                self._config = self._config_of(fact.version) or self._config
            case facts.ContactArrived():
                self._spaces[fact.contact_id] = fact.space_id
                if fact.channel is Channel.EMAIL:
                    self._mails.add(fact.contact_id)
                if fact.direction is Direction.OUTBOUND:
                    self._outgoing.add(fact.contact_id)
            case facts.LegStarted() if fact.role is LegRole.AGENT:
                self._outgoing.discard(fact.contact_id)
            case facts.ContactQueued():
                self.waiting[fact.contact_id] = fact.queue_id
            case (
                facts.ContactAnswered()
                | facts.ContactAbandoned()
                | facts.WaitTimedOut()
                | facts.ContactDissuaded()
            ):
                self.waiting.pop(fact.contact_id, None)
            case facts.ContactEnded():
                self.waiting.pop(fact.contact_id, None)
                self._outgoing.discard(fact.contact_id)
                self._over[0].add(fact.contact_id)
            case mail.ContactReopened():
                self._reopened.add(fact.contact_id)
            case facts.AgentStateChanged():
                self.standing[fact.agent_id] = Standing(fact.after, at)
            case _:
                return


# -- chats


class Chats:
    """What chats add: responses, how many an agent has at once, invitations, ratings."""

    def __init__(self, fold: Fold) -> None:
        self._fold = fold
        self._live: set[int] = set()
        self._held: dict[str, set[int]] = {}  # agent -> chats in his hands
        self._since: dict[str, datetime] = {}  # agent -> since when he has at least one

    def items(self, fact: facts.Fact, at: datetime) -> Iterator[Item]:
        match fact:
            case chat_facts.ResponseGiven():
                who = (fact.contact_id, fact.agent_id, fact.queue_id)
                if fact.waited is not None:
                    yield self._fold.item(Measure.RESPONSE, at, *who, fact.waited)
                if fact.first is not None:
                    yield self._fold.item(Measure.FIRST_RESPONSE, at, *who, fact.first)
            case chat_facts.InvitationMade():
                yield self._fold.item(Measure.INVITED, at, 0, fact.agent_id, fact.queue_id)
            case chat_facts.InvitationClosed() if fact.outcome == "accepted":
                who = (fact.contact_id, fact.agent_id, fact.queue_id)
                yield self._fold.item(Measure.INVITATION_ACCEPTED, at, *who)
            case chat_facts.SurveyGiven():
                space_id = self._fold.space_of("", fact.contact_id)
                yield Item(Measure.RATED, at, fact.contact_id, space_id=space_id, seconds=float(fact.score))
            case _:
                return

    def ended(self, fact: facts.TalkEnded, at: datetime) -> Iterator[Item]:
        """One chat is out of the agent's hands; was it his last, so is the time with at least one over."""
        held = self._held.get(fact.agent_id, set())
        if fact.contact_id not in held:
            return
        lasted = max(timedelta(), at - max(at - fact.talked, self._fold.since))
        yield self._fold.item(Measure.CHATTED, at, fact.contact_id, fact.agent_id, fact.queue_id, lasted)
        if held == {fact.contact_id}:
            begun = max(self._since.get(fact.agent_id, at), self._fold.since)
            seconds = max(0.0, (at - begun).total_seconds())
            yield Item(Measure.CHATTING, at, agent_id=fact.agent_id, seconds=seconds)

    def follow(self, fact: facts.Fact, at: datetime) -> None:
        match fact:
            case facts.ContactArrived() if fact.channel is Channel.CHAT:
                self._live.add(fact.contact_id)
            case facts.ContactAnswered() if fact.contact_id in self._live:
                held = self._held.setdefault(fact.agent_id, set())
                if not held:
                    self._since[fact.agent_id] = at
                held.add(fact.contact_id)
            case facts.TalkEnded():
                self._held.get(fact.agent_id, set()).discard(fact.contact_id)
            case facts.ContactEnded():
                self._live.discard(fact.contact_id)
            case _:
                return
