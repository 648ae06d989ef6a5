"""Commands of the core → requests to Asterisk. Idempotent: what is so already is not asked for, hanging up the gone is success.

Requests are sent without waiting. Order comes from the lanes (see `lines`); what a request leads to is reported by
Asterisk's events, and only the failure of a `Dial` or a `Play` is reported here, for it leads to no event.

Traps
- Music that a line hears goes on inside a bridge, and a playback delays the entry into one (and with it every later
  request of the lane): both are stopped before a line enters a room. A playback ends music by itself.
- Playbacks of one line queue up, so the old one is stopped before the new one.
- A dialled line may be bridged only after it has entered the application; the core learns of its answer only then.
"""

from collections.abc import Callable, Mapping
from typing import Protocol, assert_never

import structlog

from cordboard.channels.asterisk.client import Answer, OnAnswer
from cordboard.channels.asterisk.conf import APPLICATION
from cordboard.channels.asterisk.endpoints import Endpoints
from cordboard.channels.asterisk.lines import Line, Lines, contact_key_of, previous_playbacks
from cordboard.channels.asterisk.sounds import SoundLibrary
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
from cordboard.core.config import TenantConfig
from cordboard.core.events import Event, LineEnded, PlaybackEnded
from cordboard.core.words import EndCause, PhoneKind

log = structlog.get_logger(__name__)

DIAL_SECONDS = 180
"""Asterisk gives a call up after this long by itself; the core's own ring times are shorter."""

KEY_MILLISECONDS = 160


class Lanes(Protocol):
    def send(
        self,
        lane: int,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: object = None,
        on_answer: OnAnswer | None = None,
    ) -> None: ...


class Performer:
    """Performs the commands of all tenants. `report` takes what has become of a command that leads to no event."""

    def __init__(
        self,
        lanes: Lanes,
        lines: Lines,
        endpoints: Endpoints,
        sounds: SoundLibrary,
        config_of: Callable[[str], TenantConfig | None],
        report: Callable[[str, Event], None],
    ) -> None:
        self._lanes = lanes
        self._lines = lines
        self._endpoints = endpoints
        self._sounds = sounds
        self._config_of = config_of
        self._report = report

    def perform(self, tenant_id: str, command: TelephonyCommand) -> None:
        match command:
            case AnswerLine():
                self._answer(command)
            case Play():
                self._play(tenant_id, command)
            case StopPlayback():
                self._stop_playback(command)
            case StartMusic():
                self._start_music(command)
            case StopMusic():
                self._stop_music(command)
            case Dial():
                self._dial(tenant_id, command)
            case HangUp():
                self._hang_up(command)
            case SetRoom():
                self._set_room(command)
            case CloseRoom():
                self._lanes.send(
                    self._lines.lane_of_contact(command.room_id), "DELETE", f"bridges/{command.room_id}"
                )
                self._lines.close_room(command.room_id)
            case SendDigits():
                line = self._lines.by_id.get(command.line)
                keys = {"dtmf": command.digits, "between": "100", "duration": str(KEY_MILLISECONDS)}
                if line is not None:
                    self._lanes.send(line.lane, "POST", f"channels/{line.id}/dtmf", keys)
            case _:
                assert_never(command)

    def _answer(self, command: AnswerLine) -> None:
        line = self._lines.by_id.get(command.line)
        if line is not None and not line.up:
            line.up = True
            self._lanes.send(line.lane, "POST", f"channels/{line.id}/answer")

    # -- what a line hears

    def _play(self, tenant_id: str, command: Play) -> None:
        line = self._lines.by_id.get(command.line)
        if line is None or line.playback_id == command.playback_id:
            return
        media = self._sounds.media_of(command.sounds, command.language, self._config_of(tenant_id))
        self._lines.lane_of_contact(contact_key_of(command.playback_id), line.lane)
        if line.found and not line.playback_id:
            for older in previous_playbacks(command.playback_id):
                self._lanes.send(line.lane, "DELETE", f"playbacks/{older}")
        self._silence(line, music=False)
        line.music = ""
        if not media.uris:
            self._report(tenant_id, PlaybackEnded(line.id, command.playback_id, media.missing))
            return
        line.playback_id = command.playback_id
        if media.missing:
            self._lines.missing[command.playback_id] = media.missing

        def answered(answer: Answer) -> None:
            # 404: the line is gone, which is reported; 0: the connection is lost, reconciliation will tell;
            # 409: it is being played already
            if not answer.ok and answer.status not in (0, 404, 409):
                log.warning("play_failed", status=answer.status)
                self._report(tenant_id, PlaybackEnded(command.line, command.playback_id, command.sounds))

        query = {"media": ",".join(media.uris), "lang": command.language}
        path = f"channels/{line.id}/play/{command.playback_id}"
        self._lanes.send(line.lane, "POST", path, query, on_answer=answered)

    def _stop_playback(self, command: StopPlayback) -> None:
        line = self._lines.by_id.get(command.line)
        if line is None:
            return
        if line.playback_id == command.playback_id or line.found:
            line.playback_id = ""
            self._lanes.send(line.lane, "DELETE", f"playbacks/{command.playback_id}")

    def _start_music(self, command: StartMusic) -> None:
        line = self._lines.by_id.get(command.line)
        if line is None or (line.music == command.music and not line.playback_id and not line.room_id):
            return
        self._silence(line, music=False)
        line.music = command.music
        self._lanes.send(line.lane, "POST", f"channels/{line.id}/moh", {"mohClass": command.music})

    def _stop_music(self, command: StopMusic) -> None:
        line = self._lines.by_id.get(command.line)
        if line is not None and (line.music or line.found):
            line.music = ""
            self._lanes.send(line.lane, "DELETE", f"channels/{line.id}/moh")

    def _silence(self, line: Line, *, music: bool, lane: int | None = None) -> None:
        """Ends what the line hears."""
        lane = line.lane if lane is None else lane
        if line.playback_id:
            self._lanes.send(lane, "DELETE", f"playbacks/{line.playback_id}")
            line.playback_id = ""
        if music and (line.music or line.found):
            self._lanes.send(lane, "DELETE", f"channels/{line.id}/moh")
            line.music = ""

    # -- lines

    def _dial(self, tenant_id: str, command: Dial) -> None:
        if command.line in self._lines.by_id:
            return
        address = self._endpoints.address_of(command.phone)
        if address is None:
            self._report(
                tenant_id, LineEnded(command.line, EndCause.UNREACHABLE, "no trunk takes outgoing calls")
            )
            return
        lane = self._lines.lane_of_contact(contact_key_of(command.line))
        line = self._lines.add(command.line, tenant_id, ours=True, lane=lane)

        def answered(answer: Answer) -> None:
            if answer.ok or answer.status in (0, 409):  # 409: it is dialled already
                return
            if self._lines.by_id.get(line.id) is line:
                self._lines.remove(line.id)
                detail = "not registered" if answer.status == 500 else f"refused ({answer.status})"
                self._report(tenant_id, LineEnded(line.id, EndCause.UNREACHABLE, detail))

        query = {
            "endpoint": address,
            "app": APPLICATION,
            "channelId": line.id,
            "callerId": _caller_id(command.caller, command.caller_name),
            "timeout": str(DIAL_SECONDS),
        }
        variables = _headers(command)
        body = {"variables": variables} if variables else None
        self._lanes.send(lane, "POST", "channels", query, body, answered)

    def _hang_up(self, command: HangUp) -> None:
        line = self._lines.by_id.get(command.line)
        if line is not None and line.leaving:
            return
        if line is not None:
            line.leaving = True
        lane = line.lane if line is not None else self._lines.lane_of_contact(contact_key_of(command.line))
        reason = {"reason": "busy" if command.busy else "normal"}
        self._lanes.send(lane, "DELETE", f"channels/{command.line}", reason)

    # -- rooms

    def _set_room(self, command: SetRoom) -> None:
        wanted = [
            line for line in (self._lines.by_id.get(name) for name in command.lines) if line is not None
        ]
        lane = self._lines.lane_of_contact(command.room_id, wanted[0].lane if wanted else None)
        bridge = f"bridges/{command.room_id}"
        present = self._lines.rooms.get(command.room_id)
        if present is None:
            present = self._lines.rooms[command.room_id] = set()
            self._lanes.send(lane, "POST", bridge, {"type": "mixing"})
        leaving = present - {line.id for line in wanted}
        if leaving:
            self._lanes.send(lane, "POST", f"{bridge}/removeChannel", {"channel": ",".join(sorted(leaving))})
            for name in leaving:
                gone = self._lines.by_id.get(name)
                if gone is not None:
                    self._lines.leave_room(gone)
            present -= leaving
        entering = [line for line in wanted if line.id not in present]
        for line in entering:
            self._silence(line, music=True, lane=lane)
            line.found = False
            self._lines.leave_room(line)
            line.room_id = command.room_id
            present.add(line.id)
        if entering:
            self._enter(lane, bridge, [line.id for line in entering])

    def _enter(self, lane: int, bridge: str, names: list[str]) -> None:
        def answered(answer: Answer) -> None:
            # Asterisk adds all or none: when one of them is gone, the others are added one by one.
            if answer.status in (400, 404, 409, 422) and len(names) > 1:
                for name in names:
                    self._lanes.send(lane, "POST", f"{bridge}/addChannel", {"channel": name})

        self._lanes.send(
            lane, "POST", f"{bridge}/addChannel", {"channel": ",".join(names)}, on_answer=answered
        )


def _caller_id(number: str, name: str) -> str:
    """In the form "name" <number>; quotes and angle brackets of a name would break it."""
    plain = "".join(letter for letter in name if letter.isprintable() and letter not in '"<>\\')
    return f'"{plain}" <{number}>' if plain else number


def _headers(command: Dial) -> dict[str, str]:
    """SIP headers of the INVITE: which contact it is (for the softphone), and that it should answer by itself."""
    if command.phone.kind is PhoneKind.NUMBER:
        return {}
    headers = {"PJSIP_HEADER(add,X-Cordboard-Contact)": str(command.contact_id)}
    if command.auto_answer:
        headers["PJSIP_HEADER(add,Alert-Info)"] = "<http://localhost>;info=alert-autoanswer"
        headers["PJSIP_HEADER(add,Call-Info)"] = "<sip:localhost>;answer-after=0"
    return headers
