"""What Asterisk has when we come (back): every line, every room. Our shadow is made to agree, and left-overs are removed."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from cordboard.channels.asterisk.client import Answer
from cordboard.channels.asterisk.conf import APPLICATION
from cordboard.channels.asterisk.lanes import MAIN, Lanes
from cordboard.channels.asterisk.lines import Lines
from cordboard.channels.asterisk.translate import Owners, e164, seen_line
from cordboard.channels.asterisk.wire import AriChannel, Bridge, decode_bridges, decode_channels
from cordboard.core.events import SeenLine
from cordboard.errors import Unavailable

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Survey:
    """`lines` of each tenant; `unclaimed` lines (and the numbers they called) belong to none that is live here."""

    lines: Mapping[str, tuple[SeenLine, ...]]
    unclaimed: tuple[tuple[str, str], ...]


def take_channels(channels: list[AriChannel], lines: Lines, owners: Owners, *, afresh: bool) -> Survey:
    """Makes `lines` agree with what exists. Without awaiting: what is told next must not be older than this list.

    `afresh`: nothing that we believe of lines is certain (the connection was away); what is not listed is gone.
    Otherwise events keep `lines` true, and only lines that we had never seen are added.
    """
    seen: dict[str, dict[str, SeenLine]] = {}
    unclaimed: list[tuple[str, str]] = []
    for channel in channels:
        ours = owners.is_ours(channel.id)
        if not ours and not _is_in_application(channel):
            continue
        number = "" if ours else e164(channel.dialplan.exten, owners.country)
        tenant_id = _tenant_of(channel, number, owners)
        if tenant_id is None:
            unclaimed.append((channel.id, number))
            continue
        _take_line(lines, channel, tenant_id, ours=ours, afresh=afresh)
        found = seen_line(channel, owners.country, ours=ours)
        if channel.accountcode and not ours:  # dialled by an agent's phone: not a call for a number of ours
            found = SeenLine(channel.id, found.up)
        seen.setdefault(tenant_id, {})[channel.id] = found
    for line in list(lines.by_id.values()):
        if line.id in seen.get(line.tenant_id, {}):
            continue
        if afresh:
            lines.remove(line.id)
        else:
            seen.setdefault(line.tenant_id, {})[line.id] = SeenLine(line.id, line.up)
    return Survey({tenant_id: tuple(found.values()) for tenant_id, found in seen.items()}, tuple(unclaimed))


def _take_line(lines: Lines, channel: AriChannel, tenant_id: str, *, ours: bool, afresh: bool) -> None:
    known = channel.id in lines.by_id
    line = lines.add(channel.id, tenant_id, ours=ours)
    if afresh or not known:
        line.up = channel.state == "Up"
        line.found, line.leaving, line.music = True, False, ""


def _is_in_application(channel: AriChannel) -> bool:
    return (
        channel.dialplan.app_name == "Stasis" and channel.dialplan.app_data.partition(",")[0] == APPLICATION
    )


def _tenant_of(channel: AriChannel, number: str, owners: Owners) -> str | None:
    known = owners.tenant_of_line(channel.id)
    if known is not None:
        return known
    if channel.accountcode:
        return channel.accountcode.partition("/")[0]
    return owners.tenant_of_number(number)


def take_rooms(bridges: list[Bridge], lanes: Lanes, lines: Lines, owners: Owners) -> None:
    """Rooms as they are, after the connection was away. A room of ours without anybody in it is a left-over."""
    lines.rooms.clear()
    for line in lines.by_id.values():
        line.room_id = ""
    for bridge in bridges:
        members = {name for name in bridge.channels if name in lines.by_id}
        if members:
            lines.rooms[bridge.id] = members
            lines.found_rooms.add(bridge.id)
            for name in members:
                lines.by_id[name].room_id = bridge.id
        elif owners.is_ours(bridge.id):
            lanes.send(lines.lane_of_contact(bridge.id), "DELETE", f"bridges/{bridge.id}")


async def running_playbacks(lanes: Lanes, lines: Lines, tenant_id: str) -> tuple[str, ...]:
    """The playbacks that we know of and that still run. (Asterisk does not list them; after a restart none is known.)"""
    running: list[str] = []
    for line in lines.of_tenant(tenant_id):
        if line.playback_id:
            answer = await lanes.request("GET", f"playbacks/{line.playback_id}")
            if answer.ok:
                running.append(line.playback_id)
            else:
                line.playback_id = ""
    return tuple(running)


def remove_line(lanes: Lanes, lines: Lines, line_id: str) -> None:
    """Forgets an ended line. A room that was found after a restart goes with its last line: nobody else may close it."""
    line = lines.by_id.get(line_id)
    room_id = line.room_id if line is not None else ""
    lines.remove(line_id)
    if room_id in lines.found_rooms and not lines.rooms.get(room_id):
        lines.found_rooms.discard(room_id)
        lines.close_room(room_id)
        lanes.send(lines.lane_of_contact(room_id), "DELETE", f"bridges/{room_id}")


async def list_bridges(lanes: Lanes) -> list[Bridge]:
    return decode_bridges(_body(await lanes.request("GET", "bridges")))


async def list_channels(lanes: Lanes, take: Callable[[list[AriChannel]], None]) -> None:
    """Lists the lines; `take` gets them before any later event is looked at."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def answered(answer: Answer) -> None:
        try:
            take(decode_channels(_body(answer)))
            done.set_result(None)
        except Exception as error:  # noqa: BLE001  handed to whoever waits
            done.set_exception(error)

    lanes.send(MAIN, "GET", "channels", on_answer=answered)
    await done


def _body(answer: Answer) -> str:
    if not answer.ok:
        raise Unavailable(f"Asterisk did not list its lines: {answer.status} {answer.reason}")
    return answer.body
