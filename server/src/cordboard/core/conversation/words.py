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


class Readers(Word):
    ALL = "all"
    AGENTS = "agents"


class PartyRole(Word):
    """Who is in a chat beside the agent that holds it."""

    COLLEAGUE = "colleague"
    WATCHER = "watcher"


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
