"""What enters the core: everything that happened outside, and everything that somebody asks for.

The set is closed: `Event` at the end. Every event is frozen; its instant and its sequence number travel beside it.
A **line** is the outside's name for one party's connection (ARI: the channel id). Lines that we dial are named by us.
Requests (`…Requested`, `AgentLoggedIn`, …) may be refused: `engine.Decision.refusal` then says why and nothing changes.
"""

from dataclasses import dataclass

from cordboard.core.config import TenantConfig
from cordboard.core.conversation.events import ChatEvent
from cordboard.core.look_ups import LookedUp
from cordboard.core.mail.events import MailEvent
from cordboard.core.words import Channel, EndCause, PhoneKind, SeatKind

# -- configuration and life of the runtime


@dataclass(frozen=True, slots=True)
class ConfigPublished:
    config: TenantConfig


@dataclass(frozen=True, slots=True)
class Recovered:
    """The runtime has come back from a stop or a crash: no desktop is connected any more, telephony is not yet known."""


@dataclass(frozen=True, slots=True)
class Woke:
    """An instant that a `WakeAt` command asked for has come."""

    key: str


# -- telephony


@dataclass(frozen=True, slots=True)
class CallArrived:
    line: str
    number: str  # the number called, E.164, an address of an EntryPoint
    caller: str  # E.164, or "" when withheld
    caller_name: str = ""


@dataclass(frozen=True, slots=True)
class PhoneDialled:
    """An agent has dialled `number` on his own SIP phone: `line` is his leg, already in our hands."""

    line: str
    agent_id: str
    number: str


@dataclass(frozen=True, slots=True)
class LineRinging:
    line: str


@dataclass(frozen=True, slots=True)
class LineAnswered:
    line: str


@dataclass(frozen=True, slots=True)
class LineEnded:
    line: str
    cause: EndCause
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DigitPressed:
    line: str
    digit: str


@dataclass(frozen=True, slots=True)
class PlaybackEnded:
    line: str
    playback_id: str
    missing: tuple[str, ...] = ()  # sounds that could not be played


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One line that exists. `number` and `caller` as in CallArrived for a line that came in, else ""."""

    line: str
    up: bool  # answered
    number: str = ""
    caller: str = ""
    caller_name: str = ""


@dataclass(frozen=True, slots=True)
class LinesReconciled:
    """After a (re)connection to telephony: all lines that exist there for this tenant, and the playbacks still running.

    `restarted`: the telephony server itself has been started anew, so every line that is missing ended with it.
    """

    lines: tuple[SeenLine, ...]
    playback_ids: tuple[str, ...] = ()
    restarted: bool = False


@dataclass(frozen=True, slots=True)
class TelephonyLost:
    """The telephony server can not be reached. Calls go on there; nothing new is offered until `LinesReconciled`."""


@dataclass(frozen=True, slots=True)
class PhoneReached:
    """An agent's SIP endpoint has registered (or answers again). `address` as in `Phone`; "" the one he uses now."""

    agent_id: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class PhoneUnreached:
    """An agent's SIP endpoint is not registered (any more)."""

    agent_id: str
    address: str = ""


# -- contacts without legs (email, chat)


@dataclass(frozen=True, slots=True)
class WorkArrived:
    """An email or a chat session has arrived at an entry point. `reference` is the channel's own name for it."""

    channel: Channel
    entry_point_id: str
    reference: str
    sender: str
    sender_name: str = ""
    subject: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class WorkEnded:
    """The channel says that the contact is over (the visitor has left, the mail was withdrawn)."""

    contact_id: int
    cause: EndCause


# -- agents and their desktops


@dataclass(frozen=True, slots=True)
class Phone:
    """Where an agent's calls go. `address`: SIP endpoint name, or an E.164 number for `PhoneKind.NUMBER`."""

    kind: PhoneKind
    address: str


@dataclass(frozen=True, slots=True)
class AgentLoggedIn:
    """An agent takes a seat. A second login of the same agent takes over the first: same seat, same contacts."""

    agent_id: str
    login_id: str
    seat: SeatKind
    phone: Phone | None


@dataclass(frozen=True, slots=True)
class AgentLoggedOut:
    agent_id: str
    login_id: str = ""  # only if this login still holds the seat; "" whoever holds it


@dataclass(frozen=True, slots=True)
class PhoneChosen:
    agent_id: str
    phone: Phone


@dataclass(frozen=True, slots=True)
class DesktopConnected:
    agent_id: str
    desktop_id: str


@dataclass(frozen=True, slots=True)
class DesktopDisconnected:
    agent_id: str
    desktop_id: str


@dataclass(frozen=True, slots=True)
class ReadyRequested:
    agent_id: str


@dataclass(frozen=True, slots=True)
class WithdrawRequested:
    """Takes effect at once, or after the present contact and its wrap-up."""

    agent_id: str
    reason_id: str


# -- what an agent does with a contact


@dataclass(frozen=True, slots=True)
class OfferAccepted:
    """For contacts without legs; a call is accepted by answering the phone."""

    agent_id: str
    contact_id: int


@dataclass(frozen=True, slots=True)
class OfferDeclined:
    agent_id: str
    contact_id: int


@dataclass(frozen=True, slots=True)
class ClaimRequested:
    """PULL: the agent picks a waiting contact from the list."""

    agent_id: str
    contact_id: int


@dataclass(frozen=True, slots=True)
class HoldRequested:
    agent_id: str
    contact_id: int


@dataclass(frozen=True, slots=True)
class ResumeRequested:
    agent_id: str
    contact_id: int


@dataclass(frozen=True, slots=True)
class HangUpRequested:
    """Ends a call, cancels an outgoing one, closes an email or a chat."""

    agent_id: str
    contact_id: int


@dataclass(frozen=True, slots=True)
class DigitsRequested:
    agent_id: str
    contact_id: int
    digits: str


@dataclass(frozen=True, slots=True)
class TransferRequested:
    """Blind transfer. `to`: "agent:<id>", "queue:<id>" or "number:<as typed>"."""

    agent_id: str
    contact_id: int
    to: str


@dataclass(frozen=True, slots=True)
class DialRequested:
    """An outgoing call. `number` as typed; `presented` one of the dial plan's numbers or ""."""

    agent_id: str
    number: str
    presented: str = ""


@dataclass(frozen=True, slots=True)
class ReconnectRequested:
    """The agent's softphone is there again but has lost the call's media: dial it once more."""

    agent_id: str
    contact_id: int


@dataclass(frozen=True, slots=True)
class WrapUpFinished:
    """`closing_reason_id` may be "" where the queue requires none. Also allowed during the call: it is kept for wrap-up."""

    agent_id: str
    contact_id: int
    closing_reason_id: str
    note: str = ""


Event = (
    ConfigPublished
    | Recovered
    | Woke
    | CallArrived
    | PhoneDialled
    | LineRinging
    | LineAnswered
    | LineEnded
    | DigitPressed
    | PlaybackEnded
    | LinesReconciled
    | TelephonyLost
    | PhoneReached
    | PhoneUnreached
    | WorkArrived
    | WorkEnded
    | AgentLoggedIn
    | AgentLoggedOut
    | PhoneChosen
    | DesktopConnected
    | DesktopDisconnected
    | ReadyRequested
    | WithdrawRequested
    | OfferAccepted
    | OfferDeclined
    | ClaimRequested
    | HoldRequested
    | ResumeRequested
    | HangUpRequested
    | DigitsRequested
    | TransferRequested
    | DialRequested
    | ReconnectRequested
    | WrapUpFinished
    | LookedUp
    | MailEvent
    | ChatEvent
)
