"""What a document may say: its sections, their entries, and the fields of an entry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from cordboard.configuration import steps
from cordboard.configuration.chat import BUTTON
from cordboard.configuration.mails import DUE, INBOX, OPTIONS, VALIDATION
from cordboard.configuration.nodes import Entries, Items, Mark, Node, Scalar, child
from cordboard.configuration.records import Field, Record
from cordboard.configuration.shapes import (
    Reading,
    Wrong,
    boolean,
    choice,
    clock_times,
    country,
    day,
    did_you_mean,
    digits,
    duration,
    email,
    file_name,
    integer,
    key,
    language,
    language_key,
    list_of,
    login_name,
    mapping_of,
    number,
    prefix,
    reference,
    referred_key,
    scalar,
    sound_name,
    text,
    time_zone,
    website,
    word_key,
)
from cordboard.configuration.sources import CONNECTOR, TABLE
from cordboard.core.config import (
    ClosingReason,
    DialPlan,
    EntryPoint,
    Location,
    Message,
    Named,
    OpenHours,
    Queue,
    Schedule,
    Selection,
    Space,
    WithdrawalReason,
)
from cordboard.core.words import Channel, SeatKind
from cordboard.identity.rights import Role

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Customer:
    key: str = ""
    name: str = ""
    language: str = "en"
    time_zone: str = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class Seats:
    voice: int = 0
    email: int = 0
    chat: int = 0
    multimedia: int = 0
    digital: int = 0
    omnichannel: int = 0

    def subscribed(self) -> dict[SeatKind, int]:
        counts = {kind: int(getattr(self, kind.value)) for kind in SeatKind}
        return {kind: count for kind, count in counts.items() if count}


@dataclass(frozen=True, slots=True)
class Times:
    desktop_grace: timedelta = timedelta(seconds=60)
    reconnect_grace: timedelta = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works with the centre without taking contacts: administrator, coordinator, supervisor, observer."""

    id: str
    name: str
    roles: tuple[Role, ...]
    logins: tuple[str, ...] = ()
    email: str = ""
    language: str = ""
    space_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AgentEntry:
    """An agent as the document describes him: what the core needs of him, and what logging in needs."""

    id: str
    name: str
    location_id: str
    space_ids: tuple[str, ...]
    roles: tuple[Role, ...] = (Role.AGENT,)
    logins: tuple[str, ...] = ()
    email: str = ""
    language: str = ""
    group_ids: tuple[str, ...] = ()
    skills: Mapping[str, int] = field(default_factory=dict)
    capacity: Mapping[Channel, int] = field(default_factory=lambda: {Channel.VOICE: 1})
    extension: str = ""
    pull: tuple[Channel, ...] = ()
    auto_accept: tuple[Channel, ...] = ()
    signature: str = ""


def _role(reading: Reading, node: Node, path: str) -> Role:
    role = choice(Role)(reading, node, path)
    if role is Role.PROVIDER:
        raise Wrong(node.mark, "The role provider is given by the command line only.")
    return role


def _hours(reading: Reading, node: Node, path: str) -> tuple[OpenHours, ...]:
    """`{mon-fri: 09:00-18:00, sat: 09:00-12:00, daily: …}`."""
    if not isinstance(node, Entries):
        raise Wrong(node.mark, "Here belong days and their hours, such as `{mon-fri: 09:00-18:00}`.")
    found: list[OpenHours] = []
    for name, entry in node.entries.items():
        with_path = child(path, name)
        try:
            days = _weekdays(name, entry.mark)
            spans = clock_times(scalar(entry.node, "hours"), entry.node.mark)
        except Wrong as wrong:
            reading.wrong(wrong.mark, with_path, str(wrong))
            continue
        found += [OpenHours(days, opens, closes) for opens, closes in spans]
    return tuple(found)


def _weekdays(name: str, mark: Mark) -> tuple[int, ...]:
    if name in ("daily", "every day"):
        return tuple(range(7))
    days: list[int] = []
    for part in name.replace(" ", "").lower().split(","):
        first, _, last = part.partition("-")
        for word in (first, last or first):
            if word not in WEEKDAYS:
                raise Wrong(
                    mark, f"{word!r} is no day of the week.{did_you_mean(word, WEEKDAYS)} Or write daily."
                )
        start, stop = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        days += [number % 7 for number in range(start, stop + 1 if stop >= start else stop + 8)]
    return tuple(sorted(set(days)))


def _days(reading: Reading, node: Node, path: str) -> tuple[date, ...]:
    """Days, each `2026-12-25` or `2026-08-01 to 2026-08-15`."""
    if not isinstance(node, Items):
        node = Items(node.mark, () if isinstance(node, Scalar) and node.is_null else (node,))
    found: set[date] = set()
    for index, item in enumerate(node.items, 1):
        try:
            first, _, last = scalar(item, "a day").partition(" to ")
            start, stop = day(first, item.mark), day(last or first, item.mark)
            if not 0 <= (stop - start).days <= 366:
                raise Wrong(item.mark, "The last day comes before the first, or more than a year after it.")
        except Wrong as wrong:
            reading.wrong(wrong.mark, f"{path}[{index}]", str(wrong))
            continue
        found.update(start + timedelta(days=offset) for offset in range((stop - start).days + 1))
    return tuple(sorted(found))


def _exceptional(reading: Reading, node: Node, path: str) -> dict[date, tuple[OpenHours, ...]]:
    """`{2026-12-20: 10:00-16:00}`; the weekdays of these hours do not matter."""
    if not isinstance(node, Entries):
        raise Wrong(node.mark, "Here belong days and their hours, such as `{2026-12-20: 10:00-16:00}`.")
    found: dict[date, tuple[OpenHours, ...]] = {}
    for name, entry in node.entries.items():
        try:
            on = day(name, entry.mark)
            spans: list[tuple[time, time]] = clock_times(scalar(entry.node, "hours"), entry.node.mark)
        except Wrong as wrong:
            reading.wrong(wrong.mark, child(path, name), str(wrong))
            continue
        found[on] = tuple(OpenHours((on.weekday(),), opens, closes) for opens, closes in spans)
    return found


_NAME = Field("name", text, "name", required=True)
_SPACE = Field("space", reference("spaces"), "Space", "space_id", required=True)
_LEVELS = mapping_of(steps.LEVEL, referred_key("skills"))
_LOGIN = (
    Field("login", list_of(login_name), "logins", "logins"),
    Field("email", email, "email address"),
    Field("language", language, "language"),
)
_SPACES = list_of(reference("spaces"))
_NAMED = Record((_NAME,), Named, short="name")

CUSTOMER = Record(
    (
        Field("key", key, "key", required=True),
        _NAME,
        Field("language", language, "language"),
        Field("time_zone", time_zone, "time zone"),
    ),
    Customer,
)
SEATS = Record(
    tuple(Field(kind.value, integer(0, 100_000), f"{kind.value} seats") for kind in SeatKind), Seats
)
TIMES = Record(
    (
        Field("desktop_grace", duration(), "time a login outlives its last desktop"),
        Field("reconnect_grace", duration(), "time a call waits for its lost agent"),
    ),
    Times,
)
DIAL_PLAN = Record(
    (
        Field("country", country, "country"),
        Field("allowed", list_of(prefix), "prefixes that may be called", "allowed_prefixes"),
        Field("refused", list_of(prefix), "prefixes that may not be called", "refused_prefixes"),
        Field("emergency", list_of(digits(6)), "emergency numbers", "emergency_numbers"),
        Field("presented", list_of(number), "presented numbers", "presented_numbers"),
        Field("ring", duration(timedelta(seconds=5), timedelta(minutes=10)), "ring time"),
        Field("wrap_up", duration(), "wrap-up time"),
    ),
    DialPlan,
)

SINGLE: dict[str, Record] = {
    "customer": CUSTOMER,
    "seats": SEATS,
    "dial_plan": DIAL_PLAN,
    "times": TIMES,
    "options": OPTIONS,
}

ENTRIES: dict[str, tuple[str, Record]] = {
    "locations": (
        "Location",
        Record(
            (
                _NAME,
                Field("country", country, "country", required=True),
                Field("time_zone", time_zone, "time zone", required=True),
            ),
            Location,
        ),
    ),
    "spaces": ("Space", Record((_NAME, Field("website", website, "website")), Space, short="name")),
    "skills": ("Skill", _NAMED),
    "groups": ("Group", _NAMED),
    "people": (
        "Person",
        Record(
            (
                _NAME,
                Field("roles", list_of(_role), "roles", required=True),
                *_LOGIN,
                Field("spaces", _SPACES, "Spaces", "space_ids"),
            ),
            Person,
        ),
    ),
    "agents": (
        "Agent",
        Record(
            (
                _NAME,
                *_LOGIN,
                Field("roles", list_of(_role), "roles"),
                Field("location", reference("locations"), "Location", "location_id", required=True),
                Field("spaces", _SPACES, "Spaces", "space_ids", required=True),
                Field("groups", list_of(reference("groups")), "groups", "group_ids"),
                Field("skills", _LEVELS, "skills"),
                Field("capacity", mapping_of(integer(0, 50), word_key(Channel)), "capacity"),
                Field("extension", digits(8), "extension"),
                Field("pull", list_of(choice(Channel)), "channels whose contacts he picks himself"),
                Field("auto_accept", list_of(choice(Channel)), "channels that he takes without being asked"),
                Field("signature", text, "signature"),
            ),
            AgentEntry,
        ),
    ),
    "queues": (
        "Queue",
        Record(
            (
                _NAME,
                _SPACE,
                Field("channel", choice(Channel), "channel"),
                Field("needs", _LEVELS, "skills needed"),
                Field("groups", list_of(reference("groups")), "groups", "group_ids"),
                Field("selection", choice(Selection), "selection"),
                Field("priority", integer(-100, 100), "priority"),
                Field("ring", duration(timedelta(seconds=2), timedelta(minutes=10)), "ring time"),
                Field("wrap_up", duration(), "wrap-up time"),
                Field("closing_reason_required", boolean, "closing reason required"),
                Field("service_level", duration(timedelta(seconds=1)), "service level"),
                Field("welcome", reference("messages"), "welcome message", "welcome_message_id"),
                Field("comfort", list_of(reference("messages")), "waiting messages", "comfort_message_ids"),
                Field("announce_position", boolean, "position announced"),
                Field("announce_every", duration(timedelta(seconds=5)), "time between announcements"),
                Field("music", sound_name, "music"),
                Field("website", website, "website"),
                Field("auto_accept", boolean, "accepted automatically"),
                Field("due", DUE, "time to answer"),
                Field("due_hours", reference("schedules"), "schedule of that time", "due_schedule_id"),
                Field("preferred_wait", duration(), "wait for who knows the thread"),
            ),
            Queue,
        ),
    ),
    "schedules": (
        "Schedule",
        Record(
            (
                _NAME,
                _SPACE,
                Field("time_zone", time_zone, "time zone"),
                Field("hours", _hours, "hours", required=True),
                Field("closed", _days, "closed days", "closed_on"),
                Field("open", _exceptional, "exceptional openings", "open_on"),
            ),
            lambda **given: Schedule(**{"time_zone": "", **given}),
        ),
    ),
    "messages": (
        "Message",
        Record(
            (
                _NAME,
                _SPACE,
                Field("sounds", mapping_of(sound_name, language_key), "sounds"),
                Field("texts", mapping_of(text, language_key), "texts"),
                Field("subjects", mapping_of(text, language_key), "subjects"),
                Field("attachments", mapping_of(text, file_name), "attachments"),
            ),
            Message,
        ),
    ),
    "scripts": (
        "Script",
        Record(
            (
                _NAME,
                _SPACE,
                Field("start", key, "first step"),
                Field("steps", steps.steps, "steps", required=True),
                Field("hand_to", steps.HAND_TO, "steps that agents may hand a chat to"),
            ),
            steps.build_script,
        ),
    ),
    "numbers": (
        "Number",
        Record(
            (
                _NAME,
                Field("number", number, "number", "address", required=True),
                _SPACE,
                Field("script", reference("scripts"), "script", "script_id"),
                Field("language", language, "language"),
                Field("tags", list_of(text), "tags"),
            ),
            lambda **given: EntryPoint(channel=Channel.VOICE, **given),
        ),
    ),
    "chat_buttons": ("Chat button", BUTTON),
    "inboxes": ("Inbox", INBOX),
    "tables": ("Table", TABLE),
    "connectors": ("Connector", CONNECTOR),
    "validation": ("Validation rule", VALIDATION),
    "withdrawal_reasons": ("Withdrawal reason", Record((_NAME,), WithdrawalReason, short="name")),
    "closing_reasons": (
        "Closing reason",
        Record((_NAME, _SPACE, Field("resolved", boolean, "counts as resolved")), ClosingReason),
    ),
}
"""Section → (what one entry is called in sentences, how it is read)."""
