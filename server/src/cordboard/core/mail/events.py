"""What is reported about mails, and what is asked for. Mails are named by their number in the tenant's `mail` table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cordboard.core.words import MailKind, MailOutcome, MailThen


@dataclass(frozen=True, slots=True)
class MailArrived:
    """A mail has been stored. The feeder reports in the order of `mail_id`; what the state has seen already is ignored.

    `contact_id`: the contact that our own token names, 0 if none. `agent_id`: who answered last in this thread.
    `expert`: it answers a question to an outside expert. Texts are cut to what conditions look at.
    """

    mail_id: int
    thread_id: int
    entry_point_id: str
    reference: str  # its Message-ID
    sender: str
    sender_name: str = ""
    to: tuple[str, ...] = ()
    subject: str = ""
    language: str = ""
    kind: MailKind = MailKind.PERSON
    body: str = ""
    attachments: tuple[str, ...] = ()  # names and media types
    attachment_text: str = ""
    contact_id: int = 0
    agent_id: str = ""
    expert: bool = False
    sender_mails: int = 0  # mails of this sender before this one
    thread_mails: int = 0  # mails of this thread before this one
    repeat: bool = False  # this sender has begun another contact at this inbox in the seven days before
    values: Mapping[str, str] = field(default_factory=dict)  # what else is known of the end-customer
    answerable: bool = True  # an automatic answer may go to it (RFC 3834)
    since_previous: timedelta | None = (
        None  # since the sender's last mail of another contact at this inbox, of 90 days
    )


@dataclass(frozen=True, slots=True)
class MailSendingEnded:
    """What became of a mail that was given to the outbox. `report_id` rises by the tenant; seen ones are ignored.

    The rest is for a contact that is over by now: from it a new one is made when the mail did not arrive.
    """

    report_id: int
    mail_id: int
    contact_id: int
    outcome: MailOutcome
    detail: str = ""
    thread_id: int = 0
    entry_point_id: str = ""
    agent_id: str = ""
    queue_id: str = ""
    remote: str = ""
    remote_name: str = ""
    subject: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class AnswerRequested:
    """The agent sends an answer. `hits`: the validation rules whose words are in it (`validation.words_hit`).

    `seen_mails`: how many of the thread's mails he had before him, 0 if he does not say.
    """

    agent_id: str
    contact_id: int
    mail_id: int
    then: MailThen = MailThen.CLOSE
    closing_reason_id: str = ""
    note: str = ""
    park_until: datetime | None = None
    hits: tuple[str, ...] = ()
    seen_mails: int = 0
    park_reason: str = ""


@dataclass(frozen=True, slots=True)
class AnswerRecalled:
    """Undo: within the inbox's `undo` the answer has not left yet."""

    agent_id: str
    contact_id: int
    mail_id: int


@dataclass(frozen=True, slots=True)
class ParkRequested:
    """`until` None: until a reply arrives (a reply wakes it in any case)."""

    agent_id: str
    contact_id: int
    until: datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UnparkRequested:
    """Brings a parked contact back to the agent who asks."""

    agent_id: str
    contact_id: int


@dataclass(frozen=True, slots=True)
class ReturnRequested:
    """Back to its place in the queue; it is not offered to this agent again."""

    agent_id: str
    contact_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class ForwardRequested:
    """Asks an outside expert by mail. The contact is parked until he answers; `deadline` None: however long it takes."""

    agent_id: str
    contact_id: int
    mail_id: int
    to: str
    deadline: datetime | None = None
    remind: bool = True


@dataclass(frozen=True, slots=True)
class AnswerApproved:
    """A held answer may leave exactly as it was seen."""

    person_id: str
    contact_id: int
    mail_id: int


@dataclass(frozen=True, slots=True)
class AnswerCorrected:
    """The validator's own version, `corrected_mail_id`, leaves instead; both are kept."""

    person_id: str
    contact_id: int
    mail_id: int
    corrected_mail_id: int


@dataclass(frozen=True, slots=True)
class AnswerSentBack:
    person_id: str
    contact_id: int
    mail_id: int
    remark: str


@dataclass(frozen=True, slots=True)
class MailWritten:
    """A new mail to somebody, without one before (an option). It makes a contact of its own."""

    agent_id: str
    mail_id: int
    entry_point_id: str
    to: str
    to_name: str = ""
    subject: str = ""
    language: str = ""
    closing_reason_id: str = ""
    note: str = ""
    hits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactReopened:
    """A closed email contact is taken up again by an agent: a new contact of the same thread."""

    agent_id: str
    contact_id: int
    thread_id: int
    entry_point_id: str
    queue_id: str
    remote: str
    remote_name: str = ""
    subject: str = ""
    language: str = ""


MailEvent = (
    MailArrived
    | MailSendingEnded
    | AnswerRequested
    | AnswerRecalled
    | ParkRequested
    | UnparkRequested
    | ReturnRequested
    | ForwardRequested
    | AnswerApproved
    | AnswerCorrected
    | AnswerSentBack
    | MailWritten
    | ContactReopened
)
