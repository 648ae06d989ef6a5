"""What enters the core from web chat: visitors, the agents who write to them, bots, invitations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cordboard.core.conversation.words import Attachment, CallAnswer, CallWay, MessageKind


@dataclass(frozen=True, slots=True)
class ChatArrived:
    """A visitor begins a chat. `reference` is the session's id: the same again is the same contact."""

    entry_point_id: str
    reference: str
    sender: str = ""  # an address or a signed identity, personal data
    sender_name: str = ""  # personal data
    language: str = ""
    page_url: str = ""
    page_title: str = ""
    values: Mapping[str, str] = field(default_factory=dict)  # of the form before the chat, and of the page
    verified: bool = False  # who he is was signed by the tenant's own site
    invitation: str = ""  # the reference of the invitation that he accepts
    page_referrer: str = ""


@dataclass(frozen=True, slots=True)
class ChatReopened:
    """The visitor goes on with a chat that is over. Beside the ids, all is what the facts of `earlier_id` say of it."""

    entry_point_id: str
    reference: str
    earlier_id: int
    ended_at: datetime
    messages: int  # that it has; the new contact counts on
    sender: str = ""  # personal data
    sender_name: str = ""  # personal data
    language: str = ""
    page_url: str = ""
    page_title: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    verified: bool = False
    queue_id: str = ""  # where it was answered
    agent_id: str = ""  # who had it last
    mail_thread_id: int = 0  # of the email that it has become; 0: none


@dataclass(frozen=True, slots=True)
class VisitorWrote:
    """`reply_to`: the number of the message whose button or form this answers. The same `key` again is the same message."""

    contact_id: int
    key: str
    text: str
    kind: MessageKind = MessageKind.TEXT
    attachment: Attachment | None = None
    reply_to: int = 0
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VisitorConnected:
    contact_id: int


@dataclass(frozen=True, slots=True)
class VisitorDisconnected:
    """The visitor's last connection is gone; he is kept for the button's `visitor_grace`."""

    contact_id: int


@dataclass(frozen=True, slots=True)
class VisitorMoved:
    """The visitor looks at another page."""

    contact_id: int
    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class VisitorStoppedWaiting:
    """The visitor would rather leave a message than wait: the script goes on as after the longest wait."""

    contact_id: int


@dataclass(frozen=True, slots=True)
class VisitorEnded:
    contact_id: int


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """The visitor's answer to a page that an agent wants to push to him."""

    contact_id: int
    number: int
    ok: bool


@dataclass(frozen=True, slots=True)
class SurveyAnswered:
    """After the end: `score` from 1 to 5. The channel sees to it that each session answers once."""

    contact_id: int
    entry_point_id: str
    score: int
    text: str = ""  # personal data


@dataclass(frozen=True, slots=True)
class TranscriptRequested:
    """The visitor wants what was written by mail; also after the end."""

    contact_id: int
    address: str  # personal data


@dataclass(frozen=True, slots=True)
class MessagesRead:
    """`by`: "" the visitor, else an agent. Everything up to `number`."""

    contact_id: int
    by: str
    number: int


@dataclass(frozen=True, slots=True)
class AgentWrote:
    """By who holds the chat, by a colleague in it, or (`WHISPER`) by who watches it."""

    agent_id: str
    contact_id: int
    key: str
    text: str
    kind: MessageKind = MessageKind.TEXT
    attachment: Attachment | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class EditRequested:
    """Changes the text of a message that the agent has written; what it said before stays in the facts."""

    agent_id: str
    contact_id: int
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class DeleteRequested:
    agent_id: str
    contact_id: int
    number: int


@dataclass(frozen=True, slots=True)
class ColleagueInvited:
    """`colleague_id` may read and write in this chat until he leaves it (`PartyLeft`) or it ends."""

    agent_id: str
    contact_id: int
    colleague_id: str


@dataclass(frozen=True, slots=True)
class WatchRequested:
    """A supervisor reads along; he may whisper. `watcher_id`: his agent's id, else his own."""

    watcher_id: str
    contact_id: int


@dataclass(frozen=True, slots=True)
class PartyLeft:
    """A colleague or a watcher leaves."""

    party_id: str
    contact_id: int


@dataclass(frozen=True, slots=True)
class TakeOverRequested:
    """A supervisor who holds a seat takes the chat from its agent."""

    agent_id: str
    contact_id: int


@dataclass(frozen=True, slots=True)
class CallRequested:
    """Who holds the chat wants to speak with its visitor. `number`: as typed, for a callback. The same `key` again is the same."""

    agent_id: str
    contact_id: int
    key: str
    way: CallWay
    number: str = ""  # personal data


@dataclass(frozen=True, slots=True)
class CallWithdrawn:
    """The agent takes back what the visitor has not answered, or what waits for an agent with a telephone."""

    agent_id: str
    contact_id: int


@dataclass(frozen=True, slots=True)
class VisitorCallAnswered:
    """What the visitor's page says of the call of message `number`. `address`: of the line that it is, when it is `READY`."""

    contact_id: int
    number: int
    answer: CallAnswer
    address: str = ""


@dataclass(frozen=True, slots=True)
class BotAnswered:
    """The bot's answer to `AskBot` of this `turn`. `more`: another part follows. `then`: stay | hand_over | end."""

    contact_id: int
    turn: int
    part: int
    text: str
    more: bool = False
    then: str = "stay"
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BotFailed:
    contact_id: int
    turn: int
    detail: str


@dataclass(frozen=True, slots=True)
class InvitationRequested:
    """A visitor is to be invited: an agent's capacity is reserved for it, or it is refused (nobody_free)."""

    entry_point_id: str
    reference: str


@dataclass(frozen=True, slots=True)
class InvitationEnded:
    """The visitor has declined, or gone on."""

    reference: str
    outcome: str = "declined"


VisitorEvent = (
    ChatArrived
    | ChatReopened
    | VisitorWrote
    | VisitorConnected
    | VisitorDisconnected
    | VisitorMoved
    | VisitorStoppedWaiting
    | VisitorEnded
    | ConsentGiven
    | SurveyAnswered
    | TranscriptRequested
    | MessagesRead
    | BotAnswered
    | BotFailed
    | InvitationRequested
    | InvitationEnded
    | VisitorCallAnswered
)
ChatDeskEvent = (
    AgentWrote
    | EditRequested
    | DeleteRequested
    | ColleagueInvited
    | WatchRequested
    | PartyLeft
    | TakeOverRequested
    | CallRequested
    | CallWithdrawn
)
ChatEvent = VisitorEvent | ChatDeskEvent
