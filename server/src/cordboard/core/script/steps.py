"""The types of step. `next` and the other branches name steps of the same script.

Expressions are CEL (Common Expression Language) over the contact's variables: `caller`, `called`, `language`,
`channel`, `priority`, `tags`, `values.<name>`, `hour`, `weekday`; of a chat `page.url`, `page.path`, `page.title`,
`page.referrer`; of an email also `sender`, `sender_domain`, `to`, `subject`,
`body`, `attachments`, `attachment_text`, `kind`, `end_customer.*`, `thread.*`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class PlayStep:
    """Plays a message (the first one answers the call). A digit ends it and is kept for the menu that follows.

    `hear_out`: it is played to its end all the same (a legal notice); the digit is still kept.
    """

    message_id: str
    next: str
    hear_out: bool = False


@dataclass(frozen=True, slots=True)
class ScheduleStep:
    """Branches on a schedule, asked at the instant at which the contact is here."""

    schedule_id: str
    open: str
    closed: str


@dataclass(frozen=True, slots=True)
class MenuStep:
    """Plays a message and waits for one touch-tone; the caller may press before the message has ended.

    A wrong choice plays `wrong-choice`, a time-out `no-choice`; after `attempts` rounds without a valid
    choice the run goes on at `otherwise`.
    """

    message_id: str
    choices: Mapping[str, str]  # "0".."9", "*", "#" -> step
    otherwise: str
    timeout: timedelta = timedelta(seconds=5)
    attempts: int = 3


@dataclass(frozen=True, slots=True)
class QueueStep:
    """The contact waits in a queue. With `max_wait`, it leaves it for the step `timeout`."""

    queue_id: str
    priority: int = 0  # added to the queue's own
    needs: Mapping[str, int] = field(default_factory=dict)  # added to the queue's own
    max_wait: timedelta | None = None
    timeout: str = ""
    due: timedelta | None = None  # an email is to be answered within this; over the queue's own
    due_schedule_id: str = ""  # in whose hours; "" the queue's


@dataclass(frozen=True, slots=True)
class TransferStep:
    """Hands the contact to an agent, a queue or an outside number; `failed` if that can not be done."""

    to: str  # "agent:<id>", "queue:<id>" or "number:<E.164>"
    failed: str = ""


@dataclass(frozen=True, slots=True)
class HangUpStep:
    """Ends the contact; `dissuaded` marks it as deliberately turned away (FEATURES: Dissuasion)."""

    message_id: str = ""
    dissuaded: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)  # what a chat reads, by language


@dataclass(frozen=True, slots=True)
class SetStep:
    """Sets the contact's variables. `values`: name -> CEL expression.

    `language`, `priority`, `tag` and `skill` ("french:3", needed in whatever queue follows) are known names.
    """

    values: Mapping[str, str]
    next: str


@dataclass(frozen=True, slots=True)
class Case:
    when: str  # CEL, must give true or false
    then: str


@dataclass(frozen=True, slots=True)
class ConditionStep:
    """Goes where the first true case says. An expression that fails counts as false and is recorded as a fact."""

    cases: tuple[Case, ...]
    otherwise: str


@dataclass(frozen=True, slots=True)
class LookUpStep:
    """Asks a table or a connector of the customer for what is known about the contact, whatever its channel.

    `ask`: name -> CEL expression; one without a value leads to `missing` without asking. `take`: the contact's value -> the
    column, or the path in the connector's answer (`order.lines.0.state`). What the answer does not have becomes "".
    """

    source: str  # "table:<id>" or "connector:<id>"
    ask: Mapping[str, str]
    take: Mapping[str, str]
    found: str
    missing: str
    failed: str


@dataclass(frozen=True, slots=True)
class AnswerStep:
    """Answers an email by itself with a message's text. Never a machine, nor the same sender twice within `again_after`."""

    LONGEST: ClassVar[timedelta] = timedelta(days=31)  # that `again_after` may be

    message_id: str
    next: str
    again_after: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ForwardStep:
    """Sends the email on to an outside address; the contact goes on here."""

    to: str
    next: str


@dataclass(frozen=True, slots=True)
class CloseStep:
    """Ends the contact without an agent. `reason_id`: the closing reason, or ""."""

    reason_id: str = ""


@dataclass(frozen=True, slots=True)
class SayStep:
    """Writes to the end-customer, in his language: `texts` by language."""

    texts: Mapping[str, str]
    next: str


@dataclass(frozen=True, slots=True)
class ButtonCase:
    labels: Mapping[str, str]  # by language
    then: str


@dataclass(frozen=True, slots=True)
class ButtonsStep:
    """Asks with buttons; the words of a button count too. Without `otherwise` anything else asks again."""

    texts: Mapping[str, str]
    choices: tuple[ButtonCase, ...]
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class FormField:
    """`type`: text | email | tel | number | longtext | choice | yes."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    type: str = "text"
    required: bool = False
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormStep:
    """Asks for several things at once; the answers become the contact's values."""

    texts: Mapping[str, str]
    fields: tuple[FormField, ...]
    next: str


@dataclass(frozen=True, slots=True)
class LeaveMessageStep:
    """Takes a message that is to be answered by email; then the chat is over, or goes on at `next`."""

    texts: Mapping[str, str]
    next: str = ""


@dataclass(frozen=True, slots=True)
class BotStep:
    """Lets an outside bot speak (a webhook, `bot` its address) until it hands over or ends; `failed` when it does not answer in time."""

    bot: str
    hand_over: str
    failed: str = ""
    ended: str = ""
    deadline: timedelta = timedelta(seconds=15)
    secret: str = ""  # the name of the secret that signs the requests


WrittenStep = SayStep | ButtonsStep | FormStep | LeaveMessageStep | BotStep
"""Steps for contacts that read and write."""

Step = (
    PlayStep
    | ScheduleStep
    | MenuStep
    | QueueStep
    | TransferStep
    | HangUpStep
    | SetStep
    | ConditionStep
    | LookUpStep
    | AnswerStep
    | ForwardStep
    | CloseStep
    | WrittenStep
)


@dataclass(frozen=True, slots=True)
class Script:
    id: str
    name: str
    space_id: str
    start: str
    steps: Mapping[str, Step]
    hand_to: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # steps that agents may hand a chat to, and what they are called, by language


def branches(step: Step) -> tuple[tuple[str, str], ...]:
    """The (branch name, step id) pairs that leave `step`, in a fixed order; absent optional branches are left out."""
    match step:
        case PlayStep() | SetStep() | AnswerStep() | ForwardStep():
            return (("next", step.next),)
        case ScheduleStep():
            return (("open", step.open), ("closed", step.closed))
        case MenuStep():
            chosen = tuple((f"choice {digit}", target) for digit, target in step.choices.items())
            return (*chosen, ("otherwise", step.otherwise))
        case QueueStep():
            return (("timeout", step.timeout),) if step.timeout else ()
        case TransferStep():
            return (("failed", step.failed),) if step.failed else ()
        case HangUpStep() | CloseStep():
            return ()
        case ConditionStep():
            cases = tuple((f"case {index}", case.then) for index, case in enumerate(step.cases, 1))
            return (*cases, ("otherwise", step.otherwise))
        case LookUpStep():
            return (("found", step.found), ("missing", step.missing), ("failed", step.failed))
        case SayStep() | FormStep():
            return (("next", step.next),)
        case ButtonsStep():
            buttons = tuple((f"button {index}", each.then) for index, each in enumerate(step.choices, 1))
            return (*buttons, ("otherwise", step.otherwise)) if step.otherwise else buttons
        case LeaveMessageStep():
            return (("next", step.next),) if step.next else ()
        case BotStep():
            ways = (("hand_over", step.hand_over), ("failed", step.failed), ("ended", step.ended))
            return tuple(way for way in ways if way[1] or way[0] == "hand_over")
