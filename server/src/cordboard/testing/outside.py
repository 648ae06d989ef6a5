"""The outside as the core's commands make it: which lines exist, who is in which room, what each line hears.

Pure and in memory, with the law of a telephony server and none of its sound. `perform` obeys a command; what follows from it,
and what the parties do (`call`, `answer`, `press`, `finish_playback`, `hang_up`), is reported as events to `report`.
A command for a line that is gone is obeyed by doing nothing, as everywhere, and kept in `strays` for tests to judge.
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
    PhoneDialled,
    PlaybackEnded,
    SeenLine,
)
from cordboard.core.words import EndCause

Report = Callable[[str, Event], None]
"""(tenant id, event): where the outside reports."""

LineCommand = AnswerLine | Play | StopPlayback | StartMusic | StopMusic | HangUp | SendDigits


@dataclass(slots=True)
class Line:
    """One party's connection. `address` is the phone's that was dialled, `number` the one that a caller has called."""

    line: str
    tenant_id: str
    up: bool = False
    address: str = ""
    number: str = ""
    caller: str = ""
    caller_name: str = ""
    music: str = ""
    playback_id: str = ""
    sounds: tuple[str, ...] = ()
    digits: list[str] = field(default_factory=list)


class Outside:
    """Lines, rooms and what is heard, of any number of tenants."""

    def __init__(self, report: Report) -> None:
        self.lines: dict[str, Line] = {}
        self.rooms: dict[str, tuple[str, ...]] = {}
        self.performed: list[TelephonyCommand] = []
        self.strays: list[TelephonyCommand] = []
        self.unreachable: set[str] = set()  # addresses where dialling fails at once
        self._report = report

    # -- obeying

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
                if line is None:
                    self.strays.append(command)
                else:
                    self._perform_on(line, command)

    def _perform_on(self, line: Line, command: LineCommand) -> None:
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
        address = command.phone.address
        self.lines[command.line] = line = Line(command.line, tenant_id, address=address)
        if address in self.unreachable:
            self._end(line, EndCause.UNREACHABLE)
            return
        self._report(tenant_id, LineRinging(command.line))
        if command.auto_answer:
            self.answer(command.line)

    def _set_room(self, command: SetRoom) -> None:
        present = tuple(name for name in command.lines if name in self.lines)
        if present != command.lines:
            self.strays.append(command)
        for room_id, others in list(self.rooms.items()):
            self.rooms[room_id] = tuple(name for name in others if name not in present)
        self.rooms[command.room_id] = present
        for name in present:
            self.lines[name].music = ""
            self._stop_playback(self.lines[name])

    # -- the parties

    def call(self, tenant_id: str, line: str, number: str, caller: str, caller_name: str = "") -> Line:
        """Somebody calls."""
        made = self.lines[line] = Line(line, tenant_id, number=number, caller=caller, caller_name=caller_name)
        self._report(tenant_id, CallArrived(line, number, caller, caller_name))
        return made

    def dial_on_phone(self, tenant_id: str, line: str, agent_id: str, number: str) -> Line:
        """An agent dials on his own telephone."""
        made = self.lines[line] = Line(line, tenant_id, address=agent_id)
        self._report(tenant_id, PhoneDialled(line, agent_id, number))
        return made

    def dialled(self, address: str) -> Line | None:
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

    def restart(self) -> None:
        """The telephony server is started anew: everything is gone, and nothing of that was reported."""
        self.lines.clear()
        self.rooms.clear()

    # -- looking

    def hears(self, line: str) -> tuple[str, ...]:
        """The other lines of its room."""
        return tuple(
            other for members in self.rooms.values() if line in members for other in members if other != line
        )

    def seen(self, tenant_id: str, *, restarted: bool = False) -> LinesReconciled:
        """All that there is of one tenant, as it is reported after a (re)connection; empty rooms are swept out then."""
        self.rooms = {room_id: members for room_id, members in self.rooms.items() if members}
        mine = [line for line in self.lines.values() if line.tenant_id == tenant_id]
        return LinesReconciled(
            tuple(SeenLine(line.line, line.up, line.number, line.caller, line.caller_name) for line in mine),
            tuple(line.playback_id for line in mine if line.playback_id),
            restarted,
        )

    # -- within

    def _end(self, line: Line, cause: EndCause) -> None:
        del self.lines[line.line]
        for room_id, members in list(self.rooms.items()):
            self.rooms[room_id] = tuple(name for name in members if name != line.line)
        self._report(line.tenant_id, LineEnded(line.line, cause))

    def _stop_playback(self, line: Line) -> None:
        if line.playback_id:
            ended, line.playback_id, line.sounds = line.playback_id, "", ()
            self._report(line.tenant_id, PlaybackEnded(line.line, ended))
