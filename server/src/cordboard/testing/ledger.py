"""The facts' own law: what was offered is answered, abandoned or left; offers, talks and legs end once; states follow one another."""

from dataclasses import dataclass, field

from cordboard.core import facts
from cordboard.core.conversation import facts as chat_facts
from cordboard.core.mail import facts as mail_facts
from cordboard.core.words import AgentState

_HELD = (
    mail_facts.AnswerHeld
    | mail_facts.AnswerApproved
    | mail_facts.AnswerCorrected
    | mail_facts.AnswerSentBack
    | mail_facts.AnswerTakenBack
)


@dataclass(slots=True)
class Ledger:
    """Follows the facts and says which of them do not add up. Counts are per contact."""

    live: set[int] = field(default_factory=set)
    over: set[int] = field(default_factory=set)
    waiting: dict[int, str] = field(default_factory=dict)  # contact -> queue that it is offered to
    offers: dict[int, str] = field(default_factory=dict)  # contact -> agent
    talks: dict[int, str] = field(default_factory=dict)
    legs: set[str] = field(default_factory=set)
    states: dict[str, AgentState] = field(default_factory=dict)
    seats: set[str] = field(default_factory=set)
    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    left: int = 0  # timed out, or ended otherwise while waiting
    held: dict[int, int] = field(default_factory=dict)  # contact -> mail that waits for approval
    breaches: list[str] = field(default_factory=list)

    def follow(self, fact: facts.Fact) -> None:
        contact_id = getattr(fact, "contact_id", 0)
        if contact_id in self.over and not isinstance(
            fact,
            facts.LegEnded
            | facts.WrappedUp
            | facts.AgentStateChanged
            | facts.ClosingReasonChosen
            | chat_facts.SurveyGiven
            | chat_facts.CallChanged
            | chat_facts.TranscriptAsked
            | mail_facts.MailSent
            | mail_facts.MailFailed
            | mail_facts.MailBounced,
        ):
            self._wrong(fact, "the contact is over")
        if isinstance(fact, facts.ContactArrived | facts.ContactEnded):
            self._life(fact)
        elif isinstance(
            fact, facts.ContactQueued | facts.ContactAbandoned | facts.WaitTimedOut | facts.ContactAnswered
        ):
            self._wait(fact)
        elif isinstance(fact, facts.ContactOffered | facts.OfferEnded | facts.TalkEnded):
            self._offer(fact)
        elif isinstance(fact, _HELD):
            self._answer(fact)
        elif isinstance(fact, facts.AgentStateChanged | facts.SeatTaken | facts.SeatFreed):
            self._agent(fact)
        elif isinstance(fact, facts.LegStarted):
            self._put(fact, fact.leg_id not in self.legs)
            self.legs.add(fact.leg_id)
        elif isinstance(fact, facts.LegEnded):
            self._put(fact, fact.leg_id in self.legs)
            self.legs.discard(fact.leg_id)

    def balance(self) -> list[str]:
        """Breaches so far, and sums that do not agree."""
        waiting = len(self.waiting)
        if self.offered != self.answered + self.abandoned + self.left + waiting:
            sums = (
                f"{self.answered} answered, {self.abandoned} abandoned, {self.left} left, {waiting} waiting"
            )
            return [*self.breaches, f"{self.offered} offered, but {sums}"]
        return self.breaches

    def _life(self, fact: facts.ContactArrived | facts.ContactEnded) -> None:
        if isinstance(fact, facts.ContactArrived):
            self._put(fact, fact.contact_id not in self.live | self.over)
            self.live.add(fact.contact_id)
            return
        self._put(fact, fact.contact_id in self.live and fact.contact_id not in {**self.offers, **self.talks})
        self.live.discard(fact.contact_id)
        self.over.add(fact.contact_id)
        self.left += self.waiting.pop(fact.contact_id, None) is not None

    def _wait(
        self,
        fact: facts.ContactQueued | facts.ContactAbandoned | facts.WaitTimedOut | facts.ContactAnswered,
    ) -> None:
        if isinstance(fact, facts.ContactAnswered):
            self._put(fact, fact.contact_id not in self.talks)
            self._put(fact, self.offers.pop(fact.contact_id, fact.agent_id) == fact.agent_id)
            self.talks[fact.contact_id] = fact.agent_id
        if isinstance(fact, facts.ContactQueued):
            self._put(fact, (self.waiting.get(fact.contact_id) == fact.queue_id) == fact.again)
            self.offered += not fact.again
            self.waiting[fact.contact_id] = fact.queue_id
        elif fact.queue_id:
            self._put(fact, self.waiting.pop(fact.contact_id, None) == fact.queue_id)
            self.answered += isinstance(fact, facts.ContactAnswered)
            self.abandoned += isinstance(fact, facts.ContactAbandoned)
            self.left += isinstance(fact, facts.WaitTimedOut)

    def _offer(self, fact: facts.ContactOffered | facts.OfferEnded | facts.TalkEnded) -> None:
        if isinstance(fact, facts.ContactOffered):
            self._put(fact, fact.contact_id not in self.offers and fact.contact_id not in self.talks)
            self.offers[fact.contact_id] = fact.agent_id
        elif isinstance(fact, facts.OfferEnded):
            self._put(fact, self.offers.pop(fact.contact_id, None) == fact.agent_id)
        else:
            self._put(fact, self.talks.pop(fact.contact_id, None) == fact.agent_id)

    def _answer(self, fact: facts.Fact) -> None:
        """A held answer ends once: approved, corrected, sent back or taken back."""
        contact_id, mail_id = getattr(fact, "contact_id", 0), getattr(fact, "mail_id", 0)
        if isinstance(fact, mail_facts.AnswerHeld):
            self._put(fact, contact_id not in self.held)
            self.held[contact_id] = mail_id
        elif not isinstance(fact, mail_facts.AnswerTakenBack) or self.held.get(contact_id) == mail_id:
            self._put(fact, self.held.pop(contact_id, 0) == mail_id)

    def _agent(self, fact: facts.AgentStateChanged | facts.SeatTaken | facts.SeatFreed) -> None:
        if isinstance(fact, facts.AgentStateChanged):
            before = self.states.get(fact.agent_id, AgentState.LOGGED_OUT)
            self._put(fact, before is fact.before and fact.lasted.total_seconds() >= 0)
            self.states[fact.agent_id] = fact.after
        elif isinstance(fact, facts.SeatTaken):
            self._put(fact, (fact.agent_id in self.seats) == fact.taken_over)
            self.seats.add(fact.agent_id)
        else:
            self._put(fact, fact.agent_id in self.seats)
            self.seats.discard(fact.agent_id)

    def _put(self, fact: facts.Fact, good: bool) -> None:
        if not good:
            self._wrong(fact, "does not follow from the facts before it")

    def _wrong(self, fact: facts.Fact, why: str) -> None:
        self.breaches.append(f"{fact}: {why}")
