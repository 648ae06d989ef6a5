"""What travels between the widget and the server, as values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec

from cordboard.channels.webchat.words import sentence
from cordboard.core.config import TenantConfig
from cordboard.core.contact import Contact, Phase
from cordboard.core.conversation.transcript import Line, Transcript
from cordboard.core.conversation.words import Author, CallAnswer, CallStage, MessageKind, Question
from cordboard.core.words import EndCause

Key = Annotated[str, msgspec.Meta(min_length=8, max_length=64)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]
Number = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]
Values = dict[Annotated[str, msgspec.Meta(max_length=60)], Annotated[str, msgspec.Meta(max_length=2000)]]


class Frame(msgspec.Struct, tag_field="t"):
    """Anything that a visitor may say."""


class Say(Frame, tag="say"):
    key: Key
    text: Text


class Choose(Frame, tag="choose"):
    key: Key
    n: Number
    choice: Annotated[str, msgspec.Meta(max_length=40)]


class Form(Frame, tag="form"):
    key: Key
    n: Number
    values: Values


class LeaveMessage(Frame, tag="leave_message"):
    key: Key
    email: Annotated[str, msgspec.Meta(max_length=254)]
    text: Text


class File(Frame, tag="file"):
    key: Key
    file_id: Annotated[str, msgspec.Meta(max_length=64)]


class Typing(Frame, tag="typing"):
    on: bool
    preview: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class Read(Frame, tag="read"):
    n: Number


class Page(Frame, tag="page"):
    url: Annotated[str, msgspec.Meta(max_length=2000)]
    title: Annotated[str, msgspec.Meta(max_length=300)] = ""


class Consent(Frame, tag="consent"):
    n: Number
    ok: bool


class Call(Frame, tag="call"):
    """What the page says of the call of message `n`."""

    n: Number
    answer: CallAnswer


class Survey(Frame, tag="survey"):
    score: Annotated[int, msgspec.Meta(ge=1, le=5)]
    text: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class TranscriptWanted(Frame, tag="transcript"):
    email: Annotated[str, msgspec.Meta(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class StopWaiting(Frame, tag="stop_waiting"):
    pass


class End(Frame, tag="end"):
    pass


class GoOn(Frame, tag="continue"):
    """With a conversation that is over."""


class Ping(Frame, tag="ping"):
    pass


FromVisitor = (
    Say
    | Choose
    | Form
    | LeaveMessage
    | File
    | Typing
    | Read
    | Page
    | Consent
    | Call
    | Survey
    | TranscriptWanted
    | StopWaiting
    | End
    | GoOn
    | Ping
)
decode = msgspec.json.Decoder(FromVisitor).decode
decode_list = msgspec.json.Decoder(list[FromVisitor]).decode
_encode = msgspec.json.Encoder().encode

PONG = '{"t":"pong"}'
FIELD_TYPES = {"longtext": "textarea", "choice": "select", "yes": "checkbox", "number": "text"}


def encoded(frame: Mapping[str, object]) -> str:
    return _encode(frame).decode()


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# -- to the visitor


def message(line: Line, config: TenantConfig, language: str) -> dict[str, Any]:
    """One message as the visitor sees it; what is meant for agents alone is a number without a content."""
    if not line.for_visitor:
        return {"t": "message", "n": line.number, "kind": "gap"}
    profile = config.agents.get(line.agent_id)
    name = profile.name if profile else ""
    frame: dict[str, Any] = {
        "t": "message",
        "n": line.number,
        "at": iso(line.at),
        "from": line.author.value,
        "name": name if line.author is not Author.VISITOR else "",
        "kind": _KINDS.get(line.kind, line.kind.value),
        "text": line.text,
    }
    if line.kind is MessageKind.NOTICE:
        frame["text"] = sentence(line.text, language, name)
    if line.kind is MessageKind.CALL:
        speaker = config.agents.get(line.speaker_id)
        frame |= call(line, language, speaker.name if speaker else name)
    if line.author is Author.VISITOR and line.key:
        frame["key"] = line.key
    if line.choices:
        frame["choices"] = [{"id": each.id, "label": each.label} for each in line.choices]
    if line.questions:
        frame["fields"] = [field(each, language) for each in line.questions]
    if line.attachment is not None:
        frame["file"] = {
            "id": line.attachment.file_id,
            "name": line.attachment.name,
            "size": line.attachment.size,
            "type": line.attachment.media_type,
            "url": f"/api/v1/visitor/files/{line.attachment.file_id}",
        }
        if line.attachment.expires_at is not None:
            frame["file"]["until"] = iso(line.attachment.expires_at)
        if line.attachment.downloads is not None:
            frame["file"]["times"] = line.attachment.downloads
    if line.url:
        frame["url"] = line.url
    if line.consent is not None or (line.earlier and line.kind is MessageKind.PAGE):
        frame["consent"] = bool(line.consent)
    for mark in ("edited", "deleted"):
        if getattr(line, mark):
            frame[mark] = True
    return frame


def call(line: Line, language: str, name: str) -> dict[str, Any]:
    """A call out of the chat: two buttons while the visitor is asked, else a sentence. `call`: where it stands."""
    stage = line.call or CallStage.CALLING
    shown: dict[str, Any] = {
        "kind": "notice",
        "text": sentence(f"call_{stage}", language, name),
        "call": stage.value,
        "way": line.values.get("way", ""),
    }
    if stage is CallStage.ASKED:
        shown["kind"] = "buttons"
        shown["choices"] = [
            {"id": each, "label": sentence(f"call_{each}", language)} for each in ("yes", "no")
        ]
    return shown


_KINDS = {MessageKind.CHOICE: "text", MessageKind.ANSWERS: "text"}


def field(question: Question, language: str) -> dict[str, Any]:
    """A label that is a word of ours is said in the visitor's language."""
    return {
        "name": question.name,
        "label": question.label if question.label != question.name else sentence(question.label, language),
        "type": FIELD_TYPES.get(question.type, question.type),
        "required": question.required,
        "options": list(question.options),
    }


@dataclass(frozen=True, slots=True)
class Place:
    """A visitor's place in a queue. `nobody`: no agent is there who could answer; `message`: he may leave one instead."""

    position: int = 0
    estimate: timedelta | None = None
    nobody: bool = False
    message: bool = False

    def shown(self) -> dict[str, Any]:
        told: dict[str, Any] = {"position": self.position} if self.position else {}
        if self.position and self.estimate is not None:
            told["estimate_seconds"] = int(self.estimate.total_seconds())
        return {**told, **{mark: True for mark in ("nobody", "message") if getattr(self, mark)}}


NOWHERE = Place()

_STATES = {
    Phase.SCRIPT: "script",
    Phase.WAITING: "waiting",
    Phase.OFFERED: "waiting",
    Phase.TALKING: "talking",
}


def state(
    contact: Contact | None,
    transcript: Transcript,
    config: TenantConfig,
    now: datetime,
    place: Place = NOWHERE,
) -> dict[str, Any]:
    """Where the chat stands, and while he waits: his place. `continue`: it is over, and he may still go on with it."""
    if contact is None or contact.phase is Phase.ENDED:
        ended: dict[str, Any] = {"t": "state", "state": "ended"}
        ended["closed_by"] = _CLOSED_BY.get(transcript.ended, "system")
        button = config.chat_buttons.get(transcript.entry_point_id)
        if button is not None and transcript.ended_at is not None:
            ended["continue"] = now < transcript.ended_at + button.reopen_within
        return ended
    frame: dict[str, Any] = {"t": "state", "state": _STATES.get(contact.phase, "waiting")}
    if frame["state"] == "waiting":
        frame.update(place.shown())
    if contact.talk is not None:
        profile = config.agents.get(contact.talk.agent_id)
        frame["agent"] = {"name": profile.name if profile else ""}
    return frame


_CLOSED_BY: Mapping[EndCause | None, str] = {
    EndCause.CLOSED: "agent",
    EndCause.AGENT_HUNG_UP: "agent",
    EndCause.END_CUSTOMER_HUNG_UP: "visitor",
    EndCause.CONNECTION_LOST: "visitor",
    EndCause.IDLE: "idle",
}


def error(code: str, detail: str, key: str = "") -> str:
    frame = {"t": "error", "code": code, "detail": detail}
    return encoded({**frame, "key": key} if key else frame)
