"""A chat told in words: for its mail, from its facts. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cordboard.channels.webchat.words import sentence
from cordboard.core import facts
from cordboard.core.config import TenantConfig
from cordboard.core.conversation import facts as chat_facts
from cordboard.core.conversation.showing import name_of
from cordboard.core.conversation.words import Author, CallStage, MessageKind, Readers
from cordboard.core.words import Channel

_SUBJECT = {"en": "Chat", "fr": "Discussion", "de": "Chat", "es": "Conversación"}


@dataclass(slots=True)
class Told:
    """`left`: what was left as a message. `written`: whether the visitor has written anything."""

    contact_id: int
    entry_point_id: str = ""
    address: str = ""
    name: str = ""
    language: str = "en"
    answered: bool = False
    left: str = ""
    written: bool = False
    messages: dict[int, chat_facts.MessageWritten] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    contact_ids: tuple[int, ...] = ()  # of the chats that it goes on with, and its own
    calls: dict[int, CallStage] = field(default_factory=dict)  # where each call stood last

    @property
    def subject(self) -> str:
        return _SUBJECT.get(self.language.partition("-")[0], _SUBJECT["en"])

    @property
    def file_ids(self) -> list[str]:
        return [
            message.attachment.file_id
            for number, message in sorted(self.messages.items())
            if message.attachment is not None and number not in self.gone
        ]


def told(contact_id: int, found: Sequence[facts.Fact], earlier: Told | None = None) -> Told:
    """`earlier`: the chat that it goes on with. What was written is told whole; whether it was answered, of this one alone."""
    chat = Told(contact_id, contact_ids=(contact_id,))
    if earlier is not None:
        chat.messages, chat.texts, chat.gone = earlier.messages, earlier.texts, earlier.gone
        chat.contact_ids = (*earlier.contact_ids, contact_id)
    for fact in found:
        match fact:
            case facts.ContactArrived() if fact.channel is Channel.CHAT:
                chat.entry_point_id, chat.address, chat.name = (
                    fact.entry_point_id,
                    fact.remote,
                    fact.remote_name,
                )
            case facts.ContactQualified():
                chat.address = chat.address or fact.values.get("email", "")
                chat.name = chat.name or fact.values.get("name", "")
                chat.language = fact.values.get("language", chat.language)
            case facts.ContactAnswered():
                chat.answered = True
            case chat_facts.MessageLeft():
                chat.address, chat.left = fact.address, fact.text
            case chat_facts.MessageWritten():
                chat.messages[fact.number], chat.texts[fact.number] = fact, fact.text
                chat.written = chat.written or fact.author is Author.VISITOR
            case chat_facts.MessageEdited():
                chat.texts[fact.number] = fact.text
            case chat_facts.CallChanged():
                chat.calls[fact.number] = fact.stage
            case chat_facts.MessageDeleted():
                chat.gone.add(fact.number)
            case _:
                pass
    return chat


def transcript_text(chat: Told, config: TenantConfig) -> str:
    """Who wrote what, a paragraph each; what was for agents alone is left out. A left message comes first."""
    lines = [chat.left, "--"] if chat.left else []
    for number, message in sorted(chat.messages.items()):
        if message.visible_to is not Readers.ALL or number in chat.gone:
            continue
        if chat.left and chat.left in (message.values.get("message"), chat.texts[number]):
            continue  # it stands above already
        agent = name_of(config, message.agent_id) if message.agent_id else ""
        if message.kind is MessageKind.NOTICE:
            lines.append(f"* {sentence(message.text, chat.language, agent)}")
            continue
        if message.kind is MessageKind.CALL:
            stage = chat.calls.get(number, CallStage.FAILED)
            lines.append(f"* {sentence(f'call_{stage}', chat.language, agent)}")
            continue
        who = (chat.name or chat.address or "?") if message.author is Author.VISITOR else agent or config.name
        text = chat.texts[number] or (message.attachment.name if message.attachment else message.url)
        if message.kind is MessageKind.ANSWERS:
            text = ", ".join(f"{name}: {value}" for name, value in message.values.items() if value)
        lines.append(f"{who}: {text}")
    return "\n\n".join(lines)
