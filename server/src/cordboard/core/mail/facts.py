"""What has become true of mails and of their contacts. Mails are named by their number in the tenant's `mail` table."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cordboard.core.words import MailKind


@dataclass(frozen=True, slots=True)
class MailReceived:
    """`again`: the contact was open already. `expert`: the answer of an outside expert.

    `repeat`: a further contact: the same sender has begun another one at the same inbox in the seven days before.
    `since_previous`: how long before it his last mail of another contact there came, within 90 days. `language`: what its text
    is in, "" where that can not be told.
    """

    contact_id: int
    mail_id: int
    thread_id: int
    kind: MailKind
    again: bool = False
    expert: bool = False
    repeat: bool = False
    since_previous: timedelta | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class DueSet:
    """`schedule_id`: whose working hours count, "" by the clock."""

    contact_id: int
    due_at: datetime
    schedule_id: str = ""


@dataclass(frozen=True, slots=True)
class DueMissed:
    """The contact was not answered by its due time. `queue_id`: where it waits, or came from."""

    contact_id: int
    queue_id: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class AnswerWritten:
    """An agent has sent an answer; until `undo_until` it can be taken back. `kept`: the contact stays in his hands."""

    contact_id: int
    agent_id: str
    mail_id: int
    undo_until: datetime
    kept: bool = False


@dataclass(frozen=True, slots=True)
class AnswerTakenBack:
    contact_id: int
    agent_id: str
    mail_id: int


@dataclass(frozen=True, slots=True)
class AnswerHeld:
    """It waits for somebody's approval, by `rule_id`."""

    contact_id: int
    queue_id: str
    agent_id: str
    mail_id: int
    rule_id: str
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AnswerApproved:
    """`agent_id` wrote it, `person_id` approved it `held` later."""

    contact_id: int
    queue_id: str
    agent_id: str
    person_id: str
    mail_id: int
    held: timedelta


@dataclass(frozen=True, slots=True)
class AnswerCorrected:
    contact_id: int
    queue_id: str
    agent_id: str
    person_id: str
    mail_id: int
    corrected_mail_id: int
    held: timedelta


@dataclass(frozen=True, slots=True)
class AnswerSentBack:
    contact_id: int
    queue_id: str
    agent_id: str
    person_id: str
    mail_id: int
    remark: str  # personal data
    held: timedelta


@dataclass(frozen=True, slots=True)
class ValidationOverdue:
    contact_id: int
    mail_id: int
    rule_id: str


@dataclass(frozen=True, slots=True)
class AnswerSent:
    """An answer can not be taken back any more: it is in the outbox. `waited` since the mail that it answers.

    `first`: the contact had no answer before. `in_due`: it came in time; None without a due time.
    """

    contact_id: int
    queue_id: str
    agent_id: str
    mail_id: int
    waited: timedelta
    worked: timedelta | None  # the same in working hours, None without a schedule
    first: bool
    in_due: bool | None = None


@dataclass(frozen=True, slots=True)
class AutomaticAnswerSent:
    """By the script. `message_id`: which text; `key`: the same key is the same mail."""

    contact_id: int
    message_id: str
    key: str


@dataclass(frozen=True, slots=True)
class AutomaticAnswerSkipped:
    """`cause`: machine | too_soon | no_address | loop."""

    contact_id: int
    message_id: str
    cause: str


@dataclass(frozen=True, slots=True)
class MailForwarded:
    """By the script, to an outside address (personal data)."""

    contact_id: int
    to: str
    key: str


@dataclass(frozen=True, slots=True)
class MailSent:
    """The receiving server has taken it."""

    contact_id: int
    mail_id: int


@dataclass(frozen=True, slots=True)
class MailFailed:
    contact_id: int
    mail_id: int
    detail: str


@dataclass(frozen=True, slots=True)
class MailBounced:
    contact_id: int
    mail_id: int
    detail: str


@dataclass(frozen=True, slots=True)
class ContactParked:
    """`until` None: until a reply arrives. `agent_id` gets it back."""

    contact_id: int
    agent_id: str
    until: datetime | None
    reason: str  # personal data


@dataclass(frozen=True, slots=True)
class ContactUnparked:
    """`cause`: time | reply | expert | overdue | agent | not_delivered | queue | ended."""

    contact_id: int
    agent_id: str
    cause: str
    parked: timedelta


@dataclass(frozen=True, slots=True)
class ContactReturned:
    contact_id: int
    queue_id: str
    agent_id: str
    reason: str  # personal data


@dataclass(frozen=True, slots=True)
class ContactStranded:
    """No queue takes it (it was removed from the configuration): it waits, parked, until somebody takes it."""

    contact_id: int


@dataclass(frozen=True, slots=True)
class ExpertAsked:
    """`to`: the expert's address (personal data)."""

    contact_id: int
    agent_id: str
    mail_id: int
    to: str
    deadline: datetime | None


@dataclass(frozen=True, slots=True)
class ExpertReminded:
    contact_id: int
    mail_id: int


@dataclass(frozen=True, slots=True)
class ExpertAnswered:
    contact_id: int
    mail_id: int
    waited: timedelta


@dataclass(frozen=True, slots=True)
class ExpertOverdue:
    contact_id: int
    mail_id: int


@dataclass(frozen=True, slots=True)
class ContactReopened:
    """This contact takes up `earlier_id`. `cause`: agent | bounced | failed | visitor (of a chat)."""

    contact_id: int
    earlier_id: int
    agent_id: str
    cause: str
    thread_id: int = 0


MailFact = (
    MailReceived
    | DueSet
    | DueMissed
    | AnswerWritten
    | AnswerTakenBack
    | AnswerHeld
    | AnswerApproved
    | AnswerCorrected
    | AnswerSentBack
    | ValidationOverdue
    | AnswerSent
    | AutomaticAnswerSent
    | AutomaticAnswerSkipped
    | MailForwarded
    | MailSent
    | MailFailed
    | MailBounced
    | ContactParked
    | ContactUnparked
    | ContactReturned
    | ContactStranded
    | ExpertAsked
    | ExpertReminded
    | ExpertAnswered
    | ExpertOverdue
    | ContactReopened
)
