"""A telephony server in memory: lines, rooms, music and playbacks, with the law of a real one and none of its sound.

It lives on when the server is crashed, as Asterisk does: what happens meanwhile is not reported, and `connect` reports all
that there is. The outside's part is played by the test: `call`, `answer`, `press`, `finish_playback`, `hang_up`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import assert_never

from cordboard.core.commands import (
    AnswerLine,
    CloseRoom,
    Dial,
    HangUp,
    Play,
    SendDigits,
    SetRoom,
    StartMusic,
    StopMusic,
    StopPlayback,
    TelephonyCommand,
)
from cordboard.core.events import (
    CallArrived,
    DigitPressed,
    Event,
    LineAnswered,
    LineEnded,
    LineRinging,
    LinesReconciled,
    PlaybackEnded,
    SeenLine,
    TelephonyLost,
)
from cordboard.core.words import EndCause

Post = Callable[[str, Event], None]
"""(tenant id, event): where the fake reports."""


@dataclass(slots=True)
class FakeLine:
    """One party's connection. `address` is the phone's that was dialled, `number` the one that a caller has called."""

    line: str
    tenant_id: str
    up: bool = False
    address: str = ""
    number: str = ""
    caller: str = ""
    music: str = ""
    playback_id: str = ""
    sounds: tuple[str, ...] = ()
    digits: list[str] = field(default_factory=list)


class FakeTelephony:
    """Implements `ports.Telephony`."""

    def __init__(self) -> None:
        self.lines: dict[str, FakeLine] = {}
        self.rooms: dict[str, tuple[str, ...]] = {}
        self.performed: list[TelephonyCommand] = []
        self.phones: dict[str, str] = {}  # SIP user name -> password
        self._post: Post | None = None

    # -- the server's side

    @property
    def connected(self) -> bool:
        return self._post is not None

    def connect(self, tenant_id: str, post: Post) -> None:
        """The server is there (again): it is told what exists of this tenant."""
        self._post = post
        mine = [line for line in self.lines.values() if line.tenant_id == tenant_id]
        seen = tuple(SeenLine(line.line, line.up, line.number, line.caller) for line in mine)
        self._report(tenant_id, LinesReconciled(seen, tuple(line.playback_id for line in mine if line.playback_id)))

    def disconnect(self) -> None:
        """The server is gone: nothing is reported any more."""
        self._post = None

    def lose(self, tenant_id: str) -> None:
        """The connection breaks while the server lives."""
        self._report(tenant_id, TelephonyLost())
        self._post = None

    async def provision_phone(
        self, tenant_id: str, agent_id: str, username: str, password: str, browser: bool
    ) -> None:
        self.phones[username] = password

    async def revoke_phone(self, username: str) -> None:
        self.phones.pop(username, None)

    def perform(self, tenant_id: str, command: TelephonyCommand) -> None:
        self.performed.append(command)
        match command:
            case Dial():
                self._dial(tenant_id, command)
            case SetRoom():
                self._set_room(command)
            case CloseRoom():
                self.rooms.pop(command.room_id, None)
            case _:
                line = self.lines.get(command.line)
                if line is not None:
                    self._perform_on(line, command)

    def _perform_on(
        self,
        line: FakeLine,
        command: AnswerLine | Play | StopPlayback | StartMusic | StopMusic | HangUp | SendDigits,
    ) -> None:
        match command:
            case AnswerLine():
                line.up = True
            case Play():
                self._stop_playback(line)
                line.music = ""
                line.playback_id, line.sounds = command.playback_id, command.sounds
            case StopPlayback():
                if line.playback_id == command.playback_id:
                    self._stop_playback(line)
            case StartMusic():
                self._stop_playback(line)
                line.music = command.music
            case StopMusic():
                line.music = ""
            case HangUp():
                self._end(line, EndCause.NORMAL)
            case SendDigits():
                line.digits.extend(command.digits)
            case _:
                assert_never(command)

    def _dial(self, tenant_id: str, command: Dial) -> None:
        if command.line in self.lines:
            return
        line = FakeLine(command.line, tenant_id, address=command.phone.address)
        self.lines[line.line] = line
        self._report(tenant_id, LineRinging(line.line))
        if command.auto_answer:
            self.answer(line.line)

    def _set_room(self, command: SetRoom) -> None:
        present = tuple(name for name in command.lines if name in self.lines)
        for room_id, others in list(self.rooms.items()):
            self.rooms[room_id] = tuple(name for name in others if name not in present)
        self.rooms[command.room_id] = present
        for name in present:
            self.lines[name].music = ""
            self._stop_playback(self.lines[name])

    # -- the outside's side

    def call(self, tenant_id: str, line: str, number: str, caller: str) -> FakeLine:
        """Somebody calls."""
        made = FakeLine(line, tenant_id, number=number, caller=caller)
        self.lines[line] = made
        self._report(tenant_id, CallArrived(line, number, caller))
        return made

    def dialled(self, address: str) -> FakeLine | None:
        """The line on which this phone rings or talks."""
        return next((line for line in self.lines.values() if line.address == address), None)

    def answer(self, line: str) -> None:
        """The phone dialled is picked up."""
        found = self.lines[line]
        found.up = True
        self._report(found.tenant_id, LineAnswered(line))

    def press(self, line: str, digit: str) -> None:
        self._report(self.lines[line].tenant_id, DigitPressed(line, digit))

    def finish_playback(self, line: str) -> None:
        """What is being played comes to its end."""
        self._stop_playback(self.lines[line])

    def hang_up(self, line: str, cause: EndCause = EndCause.NORMAL) -> None:
        """The party at the other end leaves."""
        if line in self.lines:
            self._end(self.lines[line], cause)

    def hears(self, line: str) -> tuple[str, ...]:
        """The other lines of its room."""
        return tuple(
            other for members in self.rooms.values() if line in members for other in members if other != line
        )

    # -- within

    def _end(self, line: FakeLine, cause: EndCause) -> None:
        del self.lines[line.line]
        for room_id, members in list(self.rooms.items()):
            self.rooms[room_id] = tuple(name for name in members if name != line.line)
        self._report(line.tenant_id, LineEnded(line.line, cause))

    def _stop_playback(self, line: FakeLine) -> None:
        if line.playback_id:
            ended, line.playback_id, line.sounds = line.playback_id, "", ()
            self._report(line.tenant_id, PlaybackEnded(line.line, ended))

    def _report(self, tenant_id: str, event: Event) -> None:
        if self._post is not None:
            self._post(tenant_id, event)
