"""What Asterisk reports → what happened, in the core's words. Pure: who owns a number, line or phone is asked of `Owners`.

- A call from the telephone network enters the application with the arguments `trunk, <number called>`; one that an
  agent's phone makes with `phone, <number dialled>`; a line that we dialled enters without arguments, when it is
  answered (only then may it be bridged).
- A line that came in has ended when it leaves the application (`StasisEnd`); a line of ours when it is destroyed, which
  tells the cause.
"""

from dataclasses import dataclass
from typing import Protocol

from cordboard.channels.asterisk.wire import AriChannel, Message
from cordboard.core.events import (
    CallArrived,
    DigitPressed,
    Event,
    LineAnswered,
    LineEnded,
    LineRinging,
    PhoneDialled,
    PhoneReached,
    PhoneUnreached,
    PlaybackEnded,
    SeenLine,
)
from cordboard.core.words import EndCause
from cordboard.numbers import normalise

TRUNK, PHONE = "trunk", "phone"
"""First argument with which the dialplan enters the application."""

EVENT_TYPES = (
    "RESTResponse",  # the filter applies to answers too
    "StasisStart",
    "StasisEnd",
    "ChannelDestroyed",
    "ChannelStateChange",
    "ChannelDtmfReceived",
    "PlaybackFinished",
    "ApplicationReplaced",
)
"""The only messages that Asterisk is asked to send to the main connection."""

PHONE_EVENT_TYPES = ("RESTResponse", "ContactStatusChange")
"""The same for the connection that watches registrations."""

# ITU-T Q.850 causes, as Asterisk gives them; anything else is a failure
_CAUSES = {
    0: EndCause.NORMAL,
    16: EndCause.NORMAL,
    26: EndCause.NORMAL,  # answered elsewhere
    127: EndCause.NORMAL,
    17: EndCause.BUSY,
    18: EndCause.UNREACHABLE,  # the phone does not respond at all
    19: EndCause.NO_ANSWER,
    21: EndCause.DECLINED,
    1: EndCause.UNREACHABLE,
    3: EndCause.UNREACHABLE,
    20: EndCause.UNREACHABLE,  # not registered
    27: EndCause.UNREACHABLE,
    38: EndCause.UNREACHABLE,
    44: EndCause.CONNECTION_LOST,  # no media for too long
    102: EndCause.UNREACHABLE,
}

_REACHED = {"NonQualified", "Reachable", "Created", "Updated"}
_UNREACHED = {"Removed", "Unreachable"}


class Owners(Protocol):
    """What `translate` must be told about the world."""

    def tenant_of_number(self, number: str) -> str | None: ...

    def tenant_of_line(self, line: str) -> str | None:
        """The tenant of a line that is known, or that is ours by its name."""

    def is_ours(self, line: str) -> bool:
        """Whether we dialled this line (its name starts with a tenant's id)."""

    def agent_of_phone(self, username: str) -> tuple[str, str] | None:
        """Tenant and agent of a SIP endpoint."""

    @property
    def country(self) -> str:
        """Country whose national numbers the telephone network sends, ISO 3166 alpha-2."""


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of one tenant."""

    tenant_id: str
    event: Event


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A call for a number that nobody here has (or whose tenant is not live here yet)."""

    line: str
    number: str


def translate(message: Message, owners: Owners) -> Happened | Unclaimed | None:
    """What the message means, or None if it means nothing to us."""
    match message.type:
        case "StasisStart":
            return _entered(message, owners)
        case "ContactStatusChange":
            return _phone_changed(message, owners)
        case "PlaybackFinished":
            return _played(message, owners)
        case _:
            return _line_changed(message, owners)


def _line_changed(message: Message, owners: Owners) -> Happened | None:
    channel = message.channel
    tenant_id = owners.tenant_of_line(channel.id) if channel is not None else None
    if channel is None or tenant_id is None:
        return None
    ours = owners.is_ours(channel.id)
    match message.type:
        case "ChannelStateChange" if ours and channel.state == "Ringing":
            return Happened(tenant_id, LineRinging(channel.id))
        case "ChannelDtmfReceived" if not ours:
            return Happened(tenant_id, DigitPressed(channel.id, message.digit))
        case "StasisEnd" if not ours:
            return Happened(tenant_id, LineEnded(channel.id, EndCause.NORMAL))
        case "ChannelDestroyed":
            return Happened(tenant_id, LineEnded(channel.id, cause_of(message.cause), message.cause_txt))
        case _:
            return None


def _entered(message: Message, owners: Owners) -> Happened | Unclaimed | None:
    channel = message.channel
    if channel is None:
        return None
    kind = message.args[0] if message.args else ""
    if kind == TRUNK and len(message.args) > 1:
        return _arrived(channel, message.args[1], owners)
    if kind == PHONE and len(message.args) > 1:
        tenant_id, _, agent_id = channel.accountcode.partition("/")
        return Happened(tenant_id, PhoneDialled(channel.id, agent_id, message.args[1])) if agent_id else None
    tenant_id_of_line = owners.tenant_of_line(channel.id)
    return Happened(tenant_id_of_line, LineAnswered(channel.id)) if tenant_id_of_line is not None else None


def _arrived(channel: AriChannel, called: str, owners: Owners) -> Happened | Unclaimed:
    number = e164(called, owners.country)
    tenant_id = owners.tenant_of_number(number)
    if tenant_id is None:
        return Unclaimed(channel.id, number)
    caller = caller_of(channel, owners.country)
    return Happened(tenant_id, CallArrived(channel.id, number, caller, channel.caller.name))


def _played(message: Message, owners: Owners) -> Happened | None:
    playback = message.playback
    if playback is None or not playback.target_uri.startswith("channel:"):
        return None
    line = playback.target_uri.removeprefix("channel:")
    tenant_id = owners.tenant_of_line(line)
    return Happened(tenant_id, PlaybackEnded(line, playback.id)) if tenant_id is not None else None


def _phone_changed(message: Message, owners: Owners) -> Happened | None:
    info, endpoint = message.contact_info, message.endpoint
    owner = owners.agent_of_phone(endpoint.resource) if endpoint is not None else None
    if info is None or endpoint is None or owner is None:
        return None
    tenant_id, agent_id = owner
    if info.contact_status in _REACHED:
        return Happened(tenant_id, PhoneReached(agent_id, endpoint.resource))
    if info.contact_status in _UNREACHED:
        return Happened(tenant_id, PhoneUnreached(agent_id, endpoint.resource))
    return None


def cause_of(q850: int) -> EndCause:
    """Why a line ended, from its Q.850 cause."""
    return _CAUSES.get(q850, EndCause.FAILED)


def seen_line(channel: AriChannel, country: str, *, ours: bool) -> SeenLine:
    """A line as it is found after a reconnection. One that came in carries the number it called."""
    up = channel.state == "Up"
    if ours:
        return SeenLine(channel.id, up)
    number = e164(channel.dialplan.exten, country)
    return SeenLine(channel.id, up, number, caller_of(channel, country), channel.caller.name)


def caller_of(channel: AriChannel, country: str) -> str:
    """The caller's number in E.164, "" when he withholds it or it is none."""
    raw = channel.caller.number
    return e164(raw, country) if any(letter.isdigit() for letter in raw) else ""


def e164(number: str, country: str) -> str:
    """A number as the telephone network writes it (`+33…`, `0033…`, `33…`, national) in E.164, else as it was."""
    if number.startswith("+"):
        return number
    return normalise(number, country) or normalise(f"+{number}", country) or number
