"""What this adapter knows of the lines and rooms in Asterisk. It is a shadow: Asterisk is right, and `reconcile` corrects it.

A **lane** is one of the connections that requests go through. Asterisk performs the requests of a connection one after
the other, so everything about one contact goes through one lane (order), and contacts are spread over the lanes (speed).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Line:
    id: str
    tenant_id: str
    lane: int
    ours: bool  # dialled by us
    up: bool = False
    music: str = ""  # class of the music that it hears, outside of rooms
    playback_id: str = ""
    room_id: str = ""
    found: bool = False  # found after a restart: what it hears is not known
    leaving: bool = False  # its hanging up was asked for


@dataclass(slots=True)
class Lines:
    """All lines and rooms."""

    lanes: int
    by_id: dict[str, Line] = field(default_factory=dict)
    rooms: dict[str, set[str]] = field(default_factory=dict)  # room -> lines
    found_rooms: set[str] = field(default_factory=set)  # rooms found after a restart
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)  # playback -> sounds without a file
    _contact_lanes: dict[str, int] = field(default_factory=dict)
    _next_lane: int = 0

    def add(
        self, line_id: str, tenant_id: str, *, ours: bool, up: bool = False, lane: int | None = None
    ) -> Line:
        """The line, made if it is not known yet."""
        line = self.by_id.get(line_id)
        if line is None:
            line = Line(line_id, tenant_id, self.new_lane() if lane is None else lane, ours, up)
            self.by_id[line_id] = line
        return line

    def remove(self, line_id: str) -> Line | None:
        line = self.by_id.pop(line_id, None)
        if line is not None:
            self.missing.pop(line.playback_id, None)
            self.leave_room(line)
        return line

    def leave_room(self, line: Line) -> None:
        members = self.rooms.get(line.room_id)
        if members is not None:
            members.discard(line.id)
        line.room_id = ""

    def close_room(self, room_id: str) -> None:
        for line_id in self.rooms.pop(room_id, ()):
            line = self.by_id.get(line_id)
            if line is not None and line.room_id == room_id:
                line.room_id = ""
        self._contact_lanes.pop(room_id, None)

    def of_tenant(self, tenant_id: str) -> Iterator[Line]:
        return (line for line in list(self.by_id.values()) if line.tenant_id == tenant_id)

    def clear(self) -> None:
        self.by_id.clear()
        self.rooms.clear()
        self.found_rooms.clear()
        self.missing.clear()
        self._contact_lanes.clear()

    # -- lanes

    def new_lane(self) -> int:
        self._next_lane = (self._next_lane + 1) % self.lanes
        return self._next_lane

    def lane_of_contact(self, contact_key: str, lane: int | None = None) -> int:
        """The lane of a contact ("tenant-4711"); `lane`: of a line that is known to be its."""
        known = self._contact_lanes.get(contact_key)
        if known is None:
            known = self._contact_lanes[contact_key] = self.new_lane() if lane is None else lane
            if len(self._contact_lanes) > 50_000:
                del self._contact_lanes[next(iter(self._contact_lanes))]
        return known


def contact_key_of(name: str) -> str:
    """The contact that a name of ours belongs to: "tenant-4711.2" and "tenant-4711.p3" are of "tenant-4711"."""
    return name.partition(".")[0] if "." in name else name


def previous_playbacks(playback_id: str, count: int = 3) -> list[str]:
    """Names of the playbacks before this one: "t-12.p5" → t-12.p4, t-12.p3, t-12.p2."""
    stem, _, number = playback_id.rpartition(".p")
    if not stem or not number.isdigit():
        return []
    return [f"{stem}.p{n}" for n in range(int(number) - 1, max(0, int(number) - 1 - count), -1)]
