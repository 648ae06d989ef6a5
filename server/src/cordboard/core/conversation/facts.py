"""What has become true in web chats. The transcript of a chat is a fold over these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from cordboard.core.conversation.words import (
    Attachment,
    Author,
    CallStage,
    CallWay,
    Choice,
    MessageKind,
    PartyRole,
    Question,
    Readers,
)


@dataclass(frozen=True, slots=True)
class MessageWritten:
    """Numbers of a contact begin at 1, or after those of the chat that it goes on with, and have no gaps."""

    contact_id: int
    number: int
    author: Author
    kind: MessageKind
    text: str  # personal data
    key: str = ""
    agent_id: str = ""
    visible_to: Readers = Readers.ALL
    attachment: Attachment | None = None
    url: str = ""
    choices: tuple[Choice, ...] = ()
    questions: tuple[Question, ...] = ()
    reply_to: int = 0
    values: Mapping[str, str] = field(default_factory=dict)  # personal data


@dataclass(frozen=True, slots=True)
class ResponseGiven:
    """An agent's message after the end-customer's. `waited`: how long his oldest unanswered message had waited for it, from the
    agent's taking on at the earliest; None when there was none. `first`: of the chat's first, since its arrival."""

    contact_id: int
    queue_id: str
    agent_id: str
    waited: timedelta | None
    first: timedelta | None


@dataclass(frozen=True, slots=True)
class MessageEdited:
    contact_id: int
    number: int
    agent_id: str
    text: str  # personal data


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    contact_id: int
    number: int
    agent_id: str


@dataclass(frozen=True, slots=True)
class MessagesSeen:
    """`agent_id` "" for the visitor."""

    contact_id: int
    agent_id: str
    number: int


@dataclass(frozen=True, slots=True)
class VisitorCame:
    """The visitor is connected, for the first time or again."""

    contact_id: int


@dataclass(frozen=True, slots=True)
class VisitorGone:
    contact_id: int


@dataclass(frozen=True, slots=True)
class PageVisited:
    contact_id: int
    url: str  # personal data
    title: str


@dataclass(frozen=True, slots=True)
class PageAnswered:
    """Whether the visitor has let himself be led to the page of message `number`."""

    contact_id: int
    number: int
    ok: bool


@dataclass(frozen=True, slots=True)
class CallChanged:
    """Where the call of message `number` stands now. `call_id`: its contact, 0 while there is none. `agent_id`: who speaks,
    when that is another than who has asked for it."""

    contact_id: int
    number: int
    stage: CallStage
    call_id: int = 0
    agent_id: str = ""


@dataclass(frozen=True, slots=True)
class CallLinked:
    """This contact is a call out of the chat `chat_id`, whose agent has asked for it."""

    contact_id: int
    chat_id: int
    agent_id: str
    way: CallWay


@dataclass(frozen=True, slots=True)
class SurveyGiven:
    contact_id: int
    entry_point_id: str
    score: int
    text: str  # personal data


@dataclass(frozen=True, slots=True)
class TranscriptAsked:
    contact_id: int
    address: str  # personal data


@dataclass(frozen=True, slots=True)
class MessageLeft:
    """The visitor has left a message to be answered by email."""

    contact_id: int
    address: str  # personal data
    name: str  # personal data
    text: str  # personal data


@dataclass(frozen=True, slots=True)
class PartyJoined:
    """`invited_by` "" when he came by himself."""

    contact_id: int
    agent_id: str
    role: PartyRole
    invited_by: str = ""


@dataclass(frozen=True, slots=True)
class PartyGone:
    contact_id: int
    agent_id: str
    role: PartyRole


@dataclass(frozen=True, slots=True)
class ContactTakenOver:
    contact_id: int
    from_agent_id: str
    agent_id: str


@dataclass(frozen=True, slots=True)
class BotAsked:
    contact_id: int
    step_id: str
    turn: int


@dataclass(frozen=True, slots=True)
class BotLeft:
    """`outcome`: handed_over | ended | failed."""

    contact_id: int
    step_id: str
    outcome: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class InvitationMade:
    """A place with this agent is kept for who was invited."""

    reference: str
    entry_point_id: str
    queue_id: str
    agent_id: str


@dataclass(frozen=True, slots=True)
class InvitationClosed:
    """`outcome`: accepted | declined | expired."""

    reference: str
    entry_point_id: str
    queue_id: str
    agent_id: str
    outcome: str
    contact_id: int = 0


ChatFact = (
    MessageWritten
    | ResponseGiven
    | MessageEdited
    | MessageDeleted
    | MessagesSeen
    | VisitorCame
    | VisitorGone
    | PageVisited
    | PageAnswered
    | CallChanged
    | CallLinked
    | SurveyGiven
    | TranscriptAsked
    | MessageLeft
    | PartyJoined
    | PartyGone
    | ContactTakenOver
    | BotAsked
    | BotLeft
)
InvitationFact = InvitationMade | InvitationClosed
