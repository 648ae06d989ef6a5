"""What the core asks of the outside. Imperative, frozen, idempotent to perform.

A **room** is who hears whom: `SetRoom` names all of its lines, and the performer makes the bridge look like it.
A line that is in no room may hear music or a playback. Line and room ids of ours start with the tenant's id, so that what
is found after a restart is recognised.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from cordboard.core.conversation.commands import ChatCommand
from cordboard.core.events import Phone
from cordboard.core.look_ups import LookUp
from cordboard.core.mail.commands import MailCommand
from cordboard.core.quick import quicken


@dataclass(frozen=True, slots=True)
class WakeAt:
    """Asks for `events.Woke(key)` at `at`; a later WakeAt of the same key replaces it."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CancelWake:
    key: str


@dataclass(frozen=True, slots=True)
class AnswerLine:
    line: str


@dataclass(frozen=True, slots=True)
class Play:
    """Plays `sounds` one after the other, then `events.PlaybackEnded`. Stops the line's music first.

    A sound is "message:<id>" (of the configuration), "prompt:<name>" (shipped) or "tone:ring".
    A message without a sound in `language` is spoken in the tenant's language, then by the shipped fall-back.
    """

    line: str
    playback_id: str
    sounds: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class StopPlayback:
    line: str
    playback_id: str


@dataclass(frozen=True, slots=True)
class StartMusic:
    line: str
    music: str


@dataclass(frozen=True, slots=True)
class StopMusic:
    line: str


@dataclass(frozen=True, slots=True)
class Dial:
    """Calls a phone on a new line of ours. Ends in LineAnswered or LineEnded; the core keeps the ring time itself."""

    line: str
    contact_id: int
    phone: Phone
    caller: str  # number shown to the party called
    caller_name: str = ""
    auto_answer: bool = False


@dataclass(frozen=True, slots=True)
class HangUp:
    line: str
    busy: bool = False  # refuse an unanswered call rather than end it


@dataclass(frozen=True, slots=True)
class SetRoom:
    """From now on exactly these lines hear one another. Lines that enter lose their music and playback."""

    room_id: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CloseRoom:
    room_id: str


@dataclass(frozen=True, slots=True)
class SendDigits:
    line: str
    digits: str


@dataclass(frozen=True, slots=True)
class ReportIncident:
    """Something that a person must look at. `kind` is a stable word, `subject` an id, never personal data."""

    kind: str
    subject: str
    detail: str


TelephonyCommand = (
    AnswerLine
    | Play
    | StopPlayback
    | StartMusic
    | StopMusic
    | Dial
    | HangUp
    | SetRoom
    | CloseRoom
    | SendDigits
)
Command = TelephonyCommand | MailCommand | ChatCommand | LookUp | WakeAt | CancelWake | ReportIncident
quicken(*get_args(Command))
