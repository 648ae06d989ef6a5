"""What was written in one chat, as a fold over its facts: the visitor's copy, the agents' copy and the history are all this."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from cordboard.core import facts as core_facts
from cordboard.core.conversation import facts
from cordboard.core.conversation.words import (
    Attachment,
    Author,
    CallStage,
    Choice,
    MessageKind,
    Question,
    Readers,
)
from cordboard.core.facts import Recorded
from cordboard.core.mail.facts import ContactReopened
from cordboard.core.words import EndCause


@dataclass(slots=True)
class Line:
    """One message as it stands now."""

    number: int
    at: datetime
    author: Author
    kind: MessageKind
    text: str
    key: str = ""
    agent_id: str = ""
    visible_to: Readers = Readers.ALL
    attachment: Attachment | None = None
    url: str = ""
    choices: tuple[Choice, ...] = ()
    questions: tuple[Question, ...] = ()
    reply_to: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    edited: bool = False
    deleted: bool = False
    consent: bool | None = None  # of a pushed page
    earlier: bool = False  # of a chat that this one goes on with
    call: CallStage | None = None
    call_id: int = 0
    speaker_id: str = ""  # of a call that another agent makes than who has asked for it

    @property
    def for_visitor(self) -> bool:
        return self.visible_to is Readers.ALL


@dataclass(slots=True)
class Transcript:
    """Apply facts in their order; `last_seq` guards against applying one twice."""

    contact_id: int
    entry_point_id: str = ""
    space_id: str = ""
    agent_ids: set[str] = field(default_factory=set)  # whose it was, or was offered to
    lines: list[Line] = field(default_factory=list)
    by_key: dict[str, int] = field(default_factory=dict)  # of the visitor's
    visitor_seen: int = 0
    agent_seen: int = 0
    ended: EndCause | None = None
    ended_at: datetime | None = None
    contact_ids: tuple[int, ...] = ()  # of the chats that it goes on with, and its own
    surveyed: bool = False
    last_seq: int = 0

    def apply(self, recorded: Recorded) -> int:
        """The number of the message that has come or changed, 0 when none has."""
        fact = recorded.fact
        match fact:
            case facts.MessageWritten():
                return self._write(fact, recorded.at)
            case facts.MessageEdited():
                line = self.find(fact.number)
                if line is not None:
                    line.text, line.edited = fact.text, True
                return fact.number
            case facts.MessageDeleted():
                line = self.find(fact.number)
                if line is not None:
                    line.text, line.attachment, line.url, line.deleted = "", None, "", True
                return fact.number
            case facts.PageAnswered():
                line = self.find(fact.number)
                if line is not None:
                    line.consent = fact.ok
                return fact.number
            case facts.CallChanged():
                line = self.find(fact.number)
                if line is not None:
                    line.call, line.call_id = fact.stage, fact.call_id or line.call_id
                    line.speaker_id = fact.agent_id or line.speaker_id
                return fact.number
            case facts.MessagesSeen():
                if fact.agent_id:
                    self.agent_seen = fact.number
                else:
                    self.visitor_seen = fact.number
            case core_facts.ContactArrived():
                self.entry_point_id, self.space_id = fact.entry_point_id, fact.space_id
            case core_facts.ContactOffered() | core_facts.ContactAnswered():
                self.agent_ids.add(fact.agent_id)
            case core_facts.ContactEnded():
                self.ended, self.ended_at = fact.cause, recorded.at
            case facts.SurveyGiven():
                self.surveyed = True
            case _:
                pass
        return 0

    def find(self, number: int) -> Line | None:
        return self.lines[number - 1] if 0 < number <= len(self.lines) else None

    def _write(self, fact: facts.MessageWritten, at: datetime) -> int:
        if fact.number <= len(self.lines):
            return 0
        self.lines.append(
            Line(
                fact.number,
                at,
                fact.author,
                fact.kind,
                fact.text,
                fact.key,
                fact.agent_id,
                fact.visible_to,
                fact.attachment,
                fact.url,
                fact.choices,
                fact.questions,
                fact.reply_to,
                fact.values,
            )
        )
        if fact.author is Author.VISITOR and fact.key:
            self.by_key[fact.key] = fact.number
        return fact.number


def transcript_of(
    contact_id: int, recorded: Iterable[Recorded], earlier: Transcript | None = None
) -> Transcript:
    """From all facts of a contact. `earlier`: of the chat that it goes on with; its lines go before."""
    made = Transcript(contact_id, contact_ids=(contact_id,))
    if earlier is not None:
        made.lines = [replace(line, earlier=True) for line in earlier.lines]
        made.by_key = dict(earlier.by_key)
        made.visitor_seen, made.agent_seen = earlier.visitor_seen, earlier.agent_seen
        made.contact_ids = (*earlier.contact_ids, contact_id)
    for each in recorded:
        made.apply(each)
        made.last_seq = each.seq
    return made


def earlier_of(recorded: Iterable[Recorded]) -> int:
    """The contact that this one goes on with; 0: none."""
    return next((each.fact.earlier_id for each in recorded if isinstance(each.fact, ContactReopened)), 0)
