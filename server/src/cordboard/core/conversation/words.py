"""The words that messages are made of."""

from dataclasses import dataclass
from datetime import datetime

from cordboard.core.words import Word


class Author(Word):
    VISITOR = "visitor"
    AGENT = "agent"
    SCRIPT = "script"
    BOT = "bot"
    SYSTEM = "system"


class MessageKind(Word):
    """`NOTICE`: its text is a code (`agent_joined`, `idle_warning` …), said in the reader's language by the adapter."""

    TEXT = "text"
    BUTTONS = "buttons"
    CHOICE = "choice"
    FORM = "form"
    ANSWERS = "answers"
    FILE = "file"
    LINK = "link"
    PAGE = "page"
    NOTICE = "notice"
    WHISPER = "whisper"
    CALL = "call"


class Readers(Word):
    ALL = "all"
    AGENTS = "agents"


class PartyRole(Word):
    """Who is in a chat beside the agent that holds it."""

    COLLEAGUE = "colleague"
    WATCHER = "watcher"


class CallWay(Word):
    """How the visitor of a chat is called: in his page, or on a telephone."""

    PAGE = "page"
    CALLBACK = "callback"


class CallStage(Word):
    """Where a call out of a chat stands.

    ASKED (the visitor is asked) → ACCEPTED (his page becomes a line) → CALLING → TALKING → ENDED; a callback begins with
    CALLING. QUEUED: it waits for an agent with a telephone. LOST: his page is gone, and may come back.
    """

    ASKED = "asked"
    ACCEPTED = "accepted"
    QUEUED = "queued"
    CALLING = "calling"
    TALKING = "talking"
    LOST = "lost"
    ENDED = "ended"
    DECLINED = "declined"
    NO_MICROPHONE = "no_microphone"
    NOT_ANSWERED = "not_answered"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        return self in _OVER


_OVER = frozenset(
    {
        CallStage.ENDED,
        CallStage.DECLINED,
        CallStage.NO_MICROPHONE,
        CallStage.NOT_ANSWERED,
        CallStage.WITHDRAWN,
        CallStage.FAILED,
    }
)


class CallAnswer(Word):
    """What the visitor's page says of a call. `READY`: it is a line and can be called, for the first time or again."""

    ACCEPTED = "accepted"
    READY = "ready"
    DECLINED = "declined"
    NO_MICROPHONE = "no_microphone"
    FAILED = "failed"
    HUNG_UP = "hung_up"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in the blob store. `expires_at`, `downloads`: so long, and so often, the visitor may download it."""

    file_id: str
    name: str  # personal data
    media_type: str
    size: int
    expires_at: datetime | None = None
    downloads: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One field of a form, in the visitor's language. `type`: text | email | tel | number | longtext | choice | yes."""

    name: str
    label: str
    type: str = "text"
    required: bool = False
    options: tuple[str, ...] = ()
