"""The part of a contact that only a chat has, and invitations under way. Plain values, part of every snapshot."""

from dataclasses import dataclass, field
from datetime import datetime

from cordboard.core.conversation.words import CallStage, CallWay, PartyRole

KEYS_KEPT = 200


@dataclass(slots=True)
class ChatCall:
    """The newest call out of this chat. `number`: of the message that tells of it."""

    number: int
    agent_id: str
    way: CallWay
    stage: CallStage


@dataclass(slots=True)
class Origin:
    """Where a call comes from: a chat. `address`: of the visitor's page, "" when a telephone is called."""

    contact_id: int
    number: int  # of the chat's message that tells of it
    way: CallWay
    address: str = ""
    talked: bool = False
    lost_since: datetime | None = None  # the visitor's page is gone


@dataclass(slots=True)
class Conversation:
    messages_made: int = 0
    keys: dict[str, int] = field(default_factory=dict)  # "<author>:<key>" -> number
    authors: dict[int, str] = field(default_factory=dict)  # number -> agent, of messages that agents wrote
    pages_asked: list[int] = field(default_factory=list)  # pushed pages that wait for the visitor's consent
    connected: bool = False
    visitor_seen: int = 0  # the visitor has read up to here
    agent_seen: int = 0
    unanswered_since: datetime | None = None  # the visitor's oldest message that no agent has answered
    unread: int = 0  # of the visitor's, by the agent
    last_message_at: datetime | None = None
    last_text: str = ""  # its beginning
    last_author: str = ""
    warned: bool = False  # of the time-out for silence
    agent_wrote: bool = False
    parties: dict[str, PartyRole] = field(default_factory=dict)
    asked_number: int = 0  # the script's question that waits for an answer
    bot_turn: int = 0
    bot_pending: bool = False
    bot_more: bool = False  # the visitor has written while the bot was thinking
    page_url: str = ""
    page_title: str = ""
    page_referrer: str = ""  # the page that led to the first one
    verified: bool = False
    earlier_id: int = 0  # the chat that this one goes on with
    agent_id: str = ""  # who had it before: it goes to him first
    call: ChatCall | None = None


@dataclass(slots=True)
class Invitation:
    reference: str
    entry_point_id: str
    queue_id: str
    agent_id: str
    expires_at: datetime
