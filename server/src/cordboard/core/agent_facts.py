"""What has become true of agents: seats, states, phones, desktops. `facts` has all of them by name."""

from dataclasses import dataclass
from datetime import timedelta

from cordboard.core.words import AgentState, PhoneKind, SeatKind


@dataclass(frozen=True, slots=True)
class SeatTaken:
    agent_id: str
    seat: SeatKind
    phone: PhoneKind | None
    taken_over: bool = False


@dataclass(frozen=True, slots=True)
class SeatFreed:
    """`cause`: logged_out | desktop_lost | configuration."""

    agent_id: str
    seat: SeatKind
    cause: str


@dataclass(frozen=True, slots=True)
class AgentStateChanged:
    """`reason_id` for WITHDRAWN; `contact_id` for RESERVED, IN_CONTACT and WRAP_UP; `lasted`: time in `before`."""

    agent_id: str
    before: AgentState
    after: AgentState
    lasted: timedelta
    reason_id: str = ""  # of `after`
    before_reason_id: str = ""
    contact_id: int = 0


@dataclass(frozen=True, slots=True)
class WithdrawalPlanned:
    """Asked for during a contact: takes effect after it. "" takes it back."""

    agent_id: str
    reason_id: str


@dataclass(frozen=True, slots=True)
class AgentPhoneChanged:
    """Chosen, reached or lost."""

    agent_id: str
    phone: PhoneKind | None
    reachable: bool


@dataclass(frozen=True, slots=True)
class DesktopChanged:
    agent_id: str
    desktops: int
