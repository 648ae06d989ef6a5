"""What has become true, in the past tense: the stuff of statistics, history, audit, live views and webhooks.

A fact travels in a `Recorded`: its journal sequence, its ordinal within that event, and its instant. Facts are stored
as they were recorded and never recomputed. Waits and durations are `timedelta`, measured between recorded instants.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from cordboard.core.agent_facts import (
    AgentPhoneChanged as AgentPhoneChanged,
)
from cordboard.core.agent_facts import (
    AgentStateChanged as AgentStateChanged,
)
from cordboard.core.agent_facts import (
    DesktopChanged as DesktopChanged,
)
from cordboard.core.agent_facts import (
    SeatFreed as SeatFreed,
)
from cordboard.core.agent_facts import (
    SeatTaken as SeatTaken,
)
from cordboard.core.agent_facts import (
    WithdrawalPlanned as WithdrawalPlanned,
)
from cordboard.core.conversation.facts import ChatFact, InvitationFact
from cordboard.core.look_ups import LookUpFact
from cordboard.core.mail.facts import MailFact
from cordboard.core.quick import quicken
from cordboard.core.words import Channel, Direction, EndCause, LegRole

# -- contacts


@dataclass(frozen=True, slots=True)
class ContactArrived:
    contact_id: int
    channel: Channel
    direction: Direction
    entry_point_id: str  # "" for outgoing
    space_id: str
    remote: str  # the end-customer's number or address (personal data)
    remote_name: str  # personal data
    address: str  # ours: the number called, or the number presented
    reference: str = ""  # the channel's own name: line id, Message-ID, chat session
    subject: str = ""  # personal data


@dataclass(frozen=True, slots=True)
class ScriptStarted:
    contact_id: int
    script_id: str
    config_version: int


@dataclass(frozen=True, slots=True)
class StepEntered:
    contact_id: int
    script_id: str
    step_id: str


@dataclass(frozen=True, slots=True)
class MenuChosen:
    """`choice` is the digit, or "" when the attempts ran out."""

    contact_id: int
    script_id: str
    step_id: str
    choice: str


@dataclass(frozen=True, slots=True)
class MessageMissing:
    contact_id: int
    sound: str


@dataclass(frozen=True, slots=True)
class ExpressionFailed:
    contact_id: int
    step_id: str
    expression: str
    error: str


@dataclass(frozen=True, slots=True)
class ContactQualified:
    """Variables that the script has set."""

    contact_id: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ContactQueued:
    """The contact waits. `again` when it is put back at its place after an offer that came to nothing.

    Each wait that is not `again` ends once: answered, abandoned, timed out, or with the contact.
    """

    contact_id: int
    queue_id: str
    priority: int
    needs: Mapping[str, int]
    since: datetime  # the instant that its place in the queue counts from
    again: bool = False


@dataclass(frozen=True, slots=True)
class RoutingDecided:
    """Why this agent and this contact. `rule`: only_one | longest_idle | best_skill | oldest_contact | named_agent | claimed.

    `eligible` is how many agents could have taken it, `runner_up_id` the next best, `*_measure` what broke the tie
    (idle seconds or skill levels). The full list of who was excluded by which rule is derived from the facts
    before this one: `core.explain`.
    """

    contact_id: int
    queue_id: str
    agent_id: str
    rule: str
    eligible: int
    measure: str = ""
    runner_up_id: str = ""
    runner_up_measure: str = ""


@dataclass(frozen=True, slots=True)
class ContactOffered:
    contact_id: int
    queue_id: str
    agent_id: str


@dataclass(frozen=True, slots=True)
class OfferEnded:
    """An offer that did not lead to an answer. `outcome`: declined | no_answer | unreachable | withdrawn | abandoned."""

    contact_id: int
    queue_id: str
    agent_id: str
    outcome: str
    rang: timedelta


@dataclass(frozen=True, slots=True)
class ContactAnswered:
    """An agent and the end-customer are connected (or the agent has taken the email or chat)."""

    contact_id: int
    queue_id: str  # "" when it did not come from a queue
    agent_id: str
    waited: timedelta  # since `ContactQueued.since` of this wait; zero without a queue
    rang: timedelta


@dataclass(frozen=True, slots=True)
class ContactHeld:
    contact_id: int
    agent_id: str


@dataclass(frozen=True, slots=True)
class ContactResumed:
    contact_id: int
    agent_id: str
    held: timedelta


@dataclass(frozen=True, slots=True)
class AgentLegLost:
    """The agent's line broke away in the middle of the call; the end-customer hears music."""

    contact_id: int
    agent_id: str


@dataclass(frozen=True, slots=True)
class AgentLegRestored:
    contact_id: int
    agent_id: str
    away: timedelta


@dataclass(frozen=True, slots=True)
class ContactTransferred:
    """`from_agent_id` "" when the script did it. `to`: agent:… | queue:… | number:… (personal data)."""

    contact_id: int
    from_agent_id: str
    to: str


@dataclass(frozen=True, slots=True)
class TransferFailed:
    contact_id: int
    to: str
    cause: EndCause


@dataclass(frozen=True, slots=True)
class OutsideAnswered:
    """The outside number of an outgoing call or of a transfer has answered."""

    contact_id: int
    agent_id: str
    rang: timedelta


@dataclass(frozen=True, slots=True)
class ContactAbandoned:
    """The end-customer left while waiting in a queue."""

    contact_id: int
    queue_id: str  # "" when he waited for one agent, to whom he had been transferred
    waited: timedelta


@dataclass(frozen=True, slots=True)
class WaitTimedOut:
    """The longest wait was over, or the visitor of a chat would rather leave a message: the script goes on."""

    contact_id: int
    queue_id: str
    waited: timedelta


@dataclass(frozen=True, slots=True)
class ContactDissuaded:
    contact_id: int
    script_id: str
    step_id: str


@dataclass(frozen=True, slots=True)
class TalkEnded:
    """An agent's part of the contact is over: `talked` includes `held`."""

    contact_id: int
    queue_id: str
    agent_id: str
    talked: timedelta
    held: timedelta


@dataclass(frozen=True, slots=True)
class ContactEnded:
    contact_id: int
    cause: EndCause
    lasted: timedelta


@dataclass(frozen=True, slots=True)
class ClosingReasonChosen:
    """Chosen before wrap-up; it is kept for it."""

    contact_id: int
    agent_id: str
    closing_reason_id: str


@dataclass(frozen=True, slots=True)
class WrappedUp:
    """`closing_reason_id` "" when none was given (time ran out where none is required, or the agent was logged out)."""

    contact_id: int
    queue_id: str
    agent_id: str
    closing_reason_id: str
    note: str  # personal data
    lasted: timedelta


@dataclass(frozen=True, slots=True)
class LegStarted:
    contact_id: int
    leg_id: str
    role: LegRole
    agent_id: str = ""


@dataclass(frozen=True, slots=True)
class LegRinging:
    contact_id: int
    leg_id: str


@dataclass(frozen=True, slots=True)
class LegAnswered:
    contact_id: int
    leg_id: str


@dataclass(frozen=True, slots=True)
class LegEnded:
    contact_id: int
    leg_id: str
    cause: EndCause
    detail: str = ""


# -- the service


@dataclass(frozen=True, slots=True)
class ConfigChanged:
    version: int


@dataclass(frozen=True, slots=True)
class TelephonyChanged:
    up: bool


@dataclass(frozen=True, slots=True)
class IncidentRaised:
    kind: str
    subject: str
    detail: str


ContactFact = (
    ContactArrived
    | ScriptStarted
    | StepEntered
    | MenuChosen
    | MessageMissing
    | ExpressionFailed
    | ContactQualified
    | ContactQueued
    | RoutingDecided
    | ContactOffered
    | OfferEnded
    | ContactAnswered
    | ContactHeld
    | ContactResumed
    | AgentLegLost
    | AgentLegRestored
    | ContactTransferred
    | TransferFailed
    | OutsideAnswered
    | ContactAbandoned
    | WaitTimedOut
    | ContactDissuaded
    | TalkEnded
    | ContactEnded
    | ClosingReasonChosen
    | WrappedUp
    | LegStarted
    | LegRinging
    | LegAnswered
    | LegEnded
    | LookUpFact
    | MailFact
    | ChatFact
)
AgentFact = (
    SeatTaken
    | SeatFreed
    | AgentStateChanged
    | WithdrawalPlanned
    | AgentPhoneChanged
    | DesktopChanged
    | InvitationFact
)
ServiceFact = ConfigChanged | TelephonyChanged | IncidentRaised
Fact = ContactFact | AgentFact | ServiceFact


@dataclass(frozen=True, slots=True)
class Recorded:
    seq: int
    ordinal: int
    at: datetime
    fact: Fact


quicken(*get_args(Fact), Recorded)
