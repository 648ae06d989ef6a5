"""Messages get their numbers here; the same key again is the same message."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cordboard.core.contact import Contact, Phase
from cordboard.core.conversation import facts
from cordboard.core.conversation.events import AgentWrote, DeleteRequested, EditRequested, MessagesRead
from cordboard.core.conversation.state import KEYS_KEPT, Conversation
from cordboard.core.conversation.words import (
    Attachment,
    Author,
    Choice,
    MessageKind,
    PartyRole,
    Question,
    Readers,
)
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Turn

_BEGINNING = 160
_SAID = frozenset({MessageKind.TEXT, MessageKind.FILE, MessageKind.LINK, MessageKind.PAGE})
"""What an agent says to the visitor."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that has no number yet."""

    author: Author
    text: str
    kind: MessageKind = MessageKind.TEXT
    key: str = ""
    agent_id: str = ""
    attachment: Attachment | None = None
    url: str = ""
    choices: tuple[Choice, ...] = ()
    questions: tuple[Question, ...] = ()
    reply_to: int = 0
    values: Mapping[str, str] = field(default_factory=dict)


def chat_of(contact: Contact) -> Conversation:
    """Every chat that came by a button has one; one that came otherwise gets it now."""
    if contact.chat is None:
        contact.chat = Conversation()
    return contact.chat


def write(turn: Turn, contact: Contact, draft: Draft) -> int:
    """The message's number; a key that is known gives the number that it has."""
    chat = chat_of(contact)
    known = f"{draft.agent_id or draft.author}:{draft.key}" if draft.key else ""
    if known in chat.keys:
        return chat.keys[known]
    chat.messages_made += 1
    number = chat.messages_made
    if known:
        chat.keys[known] = number
        if len(chat.keys) > KEYS_KEPT:
            del chat.keys[next(iter(chat.keys))]
    to_visitor = draft.kind is not MessageKind.WHISPER
    if draft.kind not in (MessageKind.NOTICE, MessageKind.CALL) and to_visitor:
        chat.last_message_at, chat.last_author = turn.now, draft.author.value
        chat.last_text = draft.text[:_BEGINNING] or (draft.attachment.name if draft.attachment else "")
    turn.note(
        facts.MessageWritten(
            contact.id,
            number,
            draft.author,
            draft.kind,
            draft.text,
            draft.key,
            draft.agent_id,
            Readers.ALL if to_visitor else Readers.AGENTS,
            draft.attachment,
            draft.url,
            draft.choices,
            draft.questions,
            draft.reply_to,
            draft.values,
        )
    )
    _note_response(turn, contact, chat, draft)
    return number


def _note_response(turn: Turn, contact: Contact, chat: Conversation, draft: Draft) -> None:
    """What this message answers: how long that had waited; and since the arrival, for an agent's first."""
    if draft.author is Author.VISITOR:
        chat.unanswered_since = chat.unanswered_since or turn.now
        chat.unread += 1
        chat.warned = False
        return
    if draft.author is not Author.AGENT or draft.kind not in _SAID:
        return
    first = None if chat.agent_wrote else turn.now - contact.arrived_at
    since, chat.unanswered_since, chat.agent_wrote, chat.unread = chat.unanswered_since, None, True, 0
    talk = contact.talk
    waited = None if since is None else turn.now - max(since, talk.since if talk else since)
    if waited is not None or first is not None:
        queue_id = talk.queue_id if talk else ""
        turn.note(facts.ResponseGiven(contact.id, queue_id, draft.agent_id, waited, first))


def notice(turn: Turn, contact: Contact, code: str, agent_id: str = "", key: str = "") -> None:
    """A sentence that each reader sees in his own language."""
    write(turn, contact, Draft(Author.SYSTEM, code, MessageKind.NOTICE, key, agent_id))


# -- what agents do with messages


def agent_wrote(turn: Turn, contact: Contact, event: AgentWrote) -> Refusal | None:
    role = role_of(contact, event.agent_id)
    if role is None:
        return Refusal(RefusalCode.NOT_YOUR_CONTACT)
    chat = chat_of(contact)
    if contact.phase is not Phase.TALKING:
        return None if f"{event.agent_id}:{event.key}" in chat.keys else Refusal(RefusalCode.CHAT_ENDED)
    whispers = event.kind is MessageKind.WHISPER
    if role is PartyRole.WATCHER and not whispers:
        return Refusal(RefusalCode.NOT_YOUR_CONTACT)
    number = write(
        turn,
        contact,
        Draft(Author.AGENT, event.text, event.kind, event.key, event.agent_id, event.attachment, event.url),
    )
    if not whispers:
        chat.authors[number] = event.agent_id
    if event.kind is MessageKind.PAGE and number not in chat.pages_asked:
        chat.pages_asked.append(number)
    return None


def role_of(contact: Contact, agent_id: str) -> str | None:
    """ "holder", a party's role, or None for who has no business in this chat."""
    if contact.talk is not None and contact.talk.agent_id == agent_id:
        return "holder"
    return contact.chat.parties.get(agent_id) if contact.chat else None


def edit(turn: Turn, contact: Contact, event: EditRequested) -> Refusal | None:
    if contact.phase is not Phase.TALKING:
        return Refusal(RefusalCode.CHAT_ENDED)
    if chat_of(contact).authors.get(event.number) != event.agent_id:
        return Refusal(RefusalCode.UNKNOWN_MESSAGE, {"number": str(event.number)})
    turn.note(facts.MessageEdited(contact.id, event.number, event.agent_id, event.text))
    return None


def delete(turn: Turn, contact: Contact, event: DeleteRequested) -> Refusal | None:
    chat = chat_of(contact)
    if contact.phase is not Phase.TALKING:
        return Refusal(RefusalCode.CHAT_ENDED)
    if chat.authors.get(event.number) != event.agent_id:
        return Refusal(RefusalCode.UNKNOWN_MESSAGE, {"number": str(event.number)})
    del chat.authors[event.number]
    turn.note(facts.MessageDeleted(contact.id, event.number, event.agent_id))
    return None


def read(turn: Turn, event: MessagesRead) -> Refusal | None:
    """A mark only moves forward. What is read after the end is nobody's business."""
    contact = turn.state.contacts.get(event.contact_id)
    if contact is None or contact.chat is None:
        return Refusal(RefusalCode.UNKNOWN_CONTACT) if event.by else None
    chat = contact.chat
    turn.contact_id = contact.id
    if event.by and role_of(contact, event.by) is None:
        return Refusal(RefusalCode.NOT_YOUR_CONTACT)
    number = min(event.number, chat.messages_made)
    if event.by:
        if role_of(contact, event.by) != "holder" or (number <= chat.agent_seen and not chat.unread):
            return None
        chat.agent_seen, chat.unread = max(number, chat.agent_seen), 0
    elif number <= chat.visitor_seen:
        return None
    else:
        chat.visitor_seen = number
    turn.note(facts.MessagesSeen(contact.id, event.by, number))
    return None
