"""One contact in one line: a fold over its facts. Pure; the same facts give the same row, all at once or one by one.

`state`: script | waiting | offered | in_contact | parked | validating | sending | wrap_up | closed. `agent_id` is who has it
now, `agent_ids` whoever has had it or was offered it, `hands` the agents who have not finished their part: a contact that has
ended is in wrap-up as long as there are any. `mails` are those that somebody has written: an automatic answer is none of them.
`language` is that of the newest mail whose text tells it, or what a script has said since.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from cordboard.core import facts
from cordboard.core.conversation import facts as conversation
from cordboard.core.facts import Recorded
from cordboard.core.mail import facts as mail
from cordboard.core.words import Channel, Direction, EndCause, LegRole, MailKind

INDEX_VERSION = 5
"""To be raised when the fold or the texts change: the projection is then made anew from all facts."""


@dataclass(slots=True)
class IndexRow:
    """The columns of `contact_index` but the tenant's. Seconds are None while the contact has not come that far."""

    contact_id: int
    seq: int  # of the newest fact in it
    channel: str
    direction: str
    space_id: str
    entry_point_id: str
    remote: str
    remote_name: str
    address: str
    reference: str
    subject: str
    arrived_at: datetime
    state: str = "script"
    queue_id: str = ""
    agent_id: str = ""
    answered_by: str = ""  # who answered last, whoever has it now
    waiting_since: datetime | None = None
    priority: int = 0
    needs: list[str] = field(default_factory=list)  # "<skill>:<level>", sorted
    tags: list[str] = field(default_factory=list)
    language: str = ""
    thread_id: int = 0
    due_at: datetime | None = None
    parked_until: datetime | None = None
    first_answer_at: datetime | None = None
    ended_at: datetime | None = None
    mails: int = 0
    last_mail_at: datetime | None = None
    closing_reason_id: str = ""
    note: str = ""
    agent_ids: list[str] = field(default_factory=list)
    hands: list[str] = field(default_factory=list)
    leaving: int = 0  # answers that an agent has sent and that can still be taken back, or wait for approval
    answered: bool = False
    transferred: bool = False
    waited: float | None = None
    talked: float | None = None
    held: float | None = None
    lasted: float | None = None
    reached: str = ""  # abandoned | dissuaded | timed_out
    cause: str = ""

    @property
    def open(self) -> bool:
        return self.state != "closed"

    @property
    def outcome(self) -> str:
        """live | answered | abandoned | dissuaded | timed_out | refused | not_answered | ended."""
        if self.lasted is None:
            return "live"
        if self.answered:
            return "answered"
        if self.reached:
            return self.reached
        if self.cause == EndCause.REFUSED:
            return "refused"
        return "not_answered" if self.direction == Direction.OUTBOUND else "ended"


def fold_all(rows: Mapping[int, IndexRow], recorded: Iterable[Recorded]) -> dict[int, IndexRow]:
    """The rows that these facts change, as they are after them. `rows`: as they were; none is changed."""
    changed: dict[int, IndexRow] = {}
    for each in recorded:
        contact_id = getattr(each.fact, "contact_id", 0)
        row = changed.get(contact_id)
        if isinstance(each.fact, facts.ContactArrived):
            changed[contact_id] = _arrived(each, each.fact)
            continue
        if row is None:
            before = rows.get(contact_id)
            if before is None or not isinstance(each.fact, HANDLED):
                continue
            row = changed[contact_id] = replace(
                before,
                needs=list(before.needs),
                tags=list(before.tags),
                agent_ids=list(before.agent_ids),
                hands=list(before.hands),
            )
        follow(row, each)
    return changed


def _arrived(each: Recorded, fact: facts.ContactArrived) -> IndexRow:
    return IndexRow(
        fact.contact_id,
        each.seq,
        fact.channel.value,
        fact.direction.value,
        fact.space_id,
        fact.entry_point_id,
        fact.remote,
        fact.remote_name,
        fact.address,
        fact.reference,
        fact.subject,
        each.at,
    )


def follow(row: IndexRow, each: Recorded) -> None:
    """Takes one fact of the contact over into its row, which is changed."""
    fact = each.fact
    if not isinstance(fact, HANDLED):
        return
    row.seq = each.seq
    if isinstance(fact, MAIL):
        _mailed(row, each, fact)
        return
    match fact:
        case facts.ContactQualified():
            _qualified(row, fact.values)
        case facts.ContactEnded():
            row.ended_at, row.cause, row.lasted = each.at, fact.cause.value, fact.lasted.total_seconds()
            row.parked_until = None
            _over(row)
        case (
            facts.ContactQueued() | facts.ContactAbandoned() | facts.WaitTimedOut() | facts.ContactDissuaded()
        ):
            _waits(row, fact)
        case conversation.ContactTakenOver():
            if fact.from_agent_id in row.hands:
                row.hands.remove(fact.from_agent_id)
            _taken(row, fact.agent_id, each.at)
            row.answered_by = fact.agent_id
        case facts.ContactTransferred():
            row.transferred = row.transferred or bool(fact.from_agent_id)
        case _:
            _in_hands(row, each, fact)


def _qualified(row: IndexRow, values: Mapping[str, str]) -> None:
    row.language = values.get("language", row.language)
    if "tag" in values and values["tag"] not in row.tags:
        row.tags.append(values["tag"])


def _waits(row: IndexRow, fact: facts.Fact) -> None:
    match fact:
        case facts.ContactQueued():
            row.state, row.queue_id, row.agent_id = "waiting", fact.queue_id, ""
            row.waiting_since, row.priority = fact.since, fact.priority
            row.needs = [f"{skill_id}:{level}" for skill_id, level in sorted(fact.needs.items()) if level]
        case facts.ContactAbandoned():
            row.reached, row.waited = "abandoned", fact.waited.total_seconds()
        case facts.WaitTimedOut():
            row.state, row.reached, row.waited = "script", "timed_out", fact.waited.total_seconds()
        case facts.ContactDissuaded():
            row.reached = "dissuaded"
        case _:
            return


def _in_hands(row: IndexRow, each: Recorded, fact: facts.Fact) -> None:
    """What agents do with it."""
    match fact:
        case facts.ContactOffered():
            row.state, row.agent_id = "offered", fact.agent_id
        case facts.OfferEnded():
            _met(row, fact.agent_id)
            row.state, row.agent_id = "waiting", ""
        case facts.ContactAnswered():
            _taken(row, fact.agent_id, each.at)
            row.answered, row.answered_by = True, fact.agent_id
            row.waited = (row.waited or 0.0) + fact.waited.total_seconds()
        case facts.OutsideAnswered():
            if row.direction == Direction.OUTBOUND and fact.agent_id:
                _taken(row, fact.agent_id, each.at)
        case facts.LegStarted():
            if fact.role is LegRole.AGENT:
                _met(row, fact.agent_id)
                if row.direction == Direction.OUTBOUND and not row.agent_id:
                    row.agent_id = row.answered_by = fact.agent_id
                    row.state = "in_contact"
        case facts.TalkEnded():
            row.talked = (row.talked or 0.0) + fact.talked.total_seconds()
            row.held = (row.held or 0.0) + fact.held.total_seconds()
            if row.state == "in_contact" and row.agent_id == fact.agent_id and row.leaving:
                row.state = "sending"
            elif row.state == "in_contact" and row.agent_id == fact.agent_id:
                row.state, row.agent_id = "waiting", ""
        case facts.ClosingReasonChosen():
            row.closing_reason_id = fact.closing_reason_id or row.closing_reason_id
        case facts.WrappedUp():
            _wrapped_up(row, fact)
        case _:
            return


def _met(row: IndexRow, agent_id: str) -> None:
    if agent_id and agent_id not in row.agent_ids:
        row.agent_ids.append(agent_id)


def _taken(row: IndexRow, agent_id: str, at: datetime) -> None:
    _met(row, agent_id)
    if agent_id not in row.hands:
        row.hands.append(agent_id)
    row.state, row.agent_id, row.parked_until = "in_contact", agent_id, None
    if row.channel != Channel.EMAIL:
        row.first_answer_at = row.first_answer_at or at


def _wrapped_up(row: IndexRow, fact: facts.WrappedUp) -> None:
    _met(row, fact.agent_id)
    if fact.agent_id in row.hands:
        row.hands.remove(fact.agent_id)
    row.closing_reason_id = fact.closing_reason_id or row.closing_reason_id
    row.note = fact.note or row.note
    if row.ended_at is not None:
        _over(row)


def _over(row: IndexRow) -> None:
    """The contact has ended: somebody may still have its wrap-up."""
    row.agent_id = row.hands[-1] if row.hands else row.answered_by
    row.state = "wrap_up" if row.hands else "closed"


def _mailed(row: IndexRow, each: Recorded, fact: facts.Fact) -> None:
    """What happens to an email: mails that come and go, an answer on its way, a promised time."""
    match fact:
        case mail.MailReceived():
            row.mails, row.last_mail_at, row.thread_id = row.mails + 1, each.at, fact.thread_id
            if fact.kind is MailKind.PERSON and not fact.expert:
                row.language = fact.language or row.language
        case mail.AnswerSent():
            row.mails, row.last_mail_at = row.mails + 1, each.at
            row.first_answer_at = row.first_answer_at or each.at
            row.answered_by = fact.agent_id
            _left(row)
        case mail.DueSet():
            row.due_at = fact.due_at
        case mail.ContactReopened():
            row.thread_id = fact.thread_id
        case mail.AnswerWritten():
            _written(row, fact)
        case mail.AnswerTakenBack() | mail.AnswerSentBack():
            _left(row)
        case _ if row.ended_at is None:
            _set_aside(row, fact)
        case _:
            return


def _written(row: IndexRow, fact: mail.AnswerWritten) -> None:
    """It is on its way from when the agent lets go of the contact; a new mail is at once."""
    row.leaving += 1
    _met(row, fact.agent_id)
    if row.state == "script":
        row.state, row.agent_id, row.answered_by = "sending", fact.agent_id, fact.agent_id
        row.thread_id = row.thread_id or fact.mail_id


def _left(row: IndexRow) -> None:
    """An answer has gone, or does not go: where the contact goes, the next fact says."""
    row.leaving = max(0, row.leaving - 1)
    if row.state in ("sending", "validating") and not row.leaving and row.ended_at is None:
        row.state, row.agent_id = "waiting", ""


def _set_aside(row: IndexRow, fact: facts.Fact) -> None:
    match fact:
        case mail.AnswerHeld():
            row.state, row.agent_id = "validating", fact.agent_id
        case mail.ContactParked():
            row.state, row.agent_id, row.parked_until = "parked", fact.agent_id, fact.until
        case mail.ContactStranded():
            row.state, row.agent_id, row.parked_until = "parked", "", None
        case mail.ContactUnparked() | mail.ContactReturned():
            row.state, row.agent_id, row.parked_until = "waiting", "", None
        case _:
            return


MAIL = (
    mail.ContactReopened,
    mail.MailReceived,
    mail.AnswerSent,
    mail.DueSet,
    mail.AnswerWritten,
    mail.AnswerHeld,
    mail.AnswerTakenBack,
    mail.AnswerSentBack,
    mail.ContactParked,
    mail.ContactStranded,
    mail.ContactUnparked,
    mail.ContactReturned,
)
HANDLED = (
    *MAIL,
    conversation.ContactTakenOver,
    facts.ContactArrived,
    facts.ContactQualified,
    facts.ContactQueued,
    facts.ContactOffered,
    facts.OfferEnded,
    facts.ContactAnswered,
    facts.ContactTransferred,
    facts.OutsideAnswered,
    facts.ContactAbandoned,
    facts.WaitTimedOut,
    facts.ContactDissuaded,
    facts.TalkEnded,
    facts.ContactEnded,
    facts.ClosingReasonChosen,
    facts.WrappedUp,
    facts.LegStarted,
)
"""The kinds of facts that say something of a row."""
