"""A contact: one call, email or chat session, from arrival to closing, and the legs of its parties.

Phases and what leads from one to the next:

    SCRIPT ──queue step──▶ WAITING ──match──▶ OFFERED ──answer──▶ TALKING ──▶ ENDED
       │                      ▲                  │ no answer         │ transfer to a queue or an agent
       │                      └──────────────────┴───────────────────┘
       └──transfer to a number──▶ FORWARDING ──answer──▶ TALKING (with the outside, no agent)
    DIALLING (outgoing: first the agent's phone, then the number) ──answer──▶ TALKING

An email, from TALKING (an agent has it in hand):
    ──answer──▶ SENDING (until it can not be taken back any more) ──▶ ENDED, or PARKED, or back in hand
    ──answer that a rule holds──▶ VALIDATING ──approved──▶ as above; ──sent back──▶ WAITING for its author
    ──park──▶ PARKED ──the instant, a reply──▶ WAITING

The traps: any party may leave at any instant, so every transition starts from what is still there; and a leg that we
hang up stays in `legs`, marked `leaving`, until its line has really ended, so that nothing is forgotten outside.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cordboard.core.conversation.state import Conversation, Origin
from cordboard.core.words import (
    AgentState,
    Channel,
    Direction,
    EndCause,
    LegRole,
    LegState,
    MailKind,
    MailThen,
    Word,
)


class Phase(Word):
    SCRIPT = "script"
    WAITING = "waiting"
    OFFERED = "offered"
    DIALLING = "dialling"
    FORWARDING = "forwarding"
    TALKING = "talking"
    PARKED = "parked"
    VALIDATING = "validating"
    SENDING = "sending"
    ENDED = "ended"


@dataclass(slots=True)
class Leg:
    id: str  # "4711.2"
    line: str
    role: LegRole
    state: LegState
    started_at: datetime
    agent_id: str = ""
    number: str = ""
    answered_at: datetime | None = None
    leaving: bool = False  # we have asked for its end


@dataclass(slots=True)
class ScriptRun:
    """Where a contact stands in its script. The script's version is pinned in `State.pinned_scripts`."""

    script_key: str
    step_id: str
    playback_id: str = ""  # that the step waits for
    attempts: int = 0
    typed: str = ""  # digits pressed ahead of the menu
    ending: bool = False  # hang up after the playback
    look_up: int = 0  # look-ups so far
    asked: dict[str, str] = field(default_factory=dict)  # what the look-up under way asks; {} when none is


@dataclass(slots=True)
class Wait:
    """A place in a queue. `since` is the instant that the place counts from; it survives offers and restarts."""

    queue_id: str
    since: datetime
    priority: int
    needs: tuple[tuple[str, int], ...]  # the queue's and the contact's own
    extra_needs: tuple[tuple[str, int], ...] = ()  # the contact's own
    timeout_step: str = ""
    expires_at: datetime | None = None
    announced: int = 0  # announcements so far
    counted: bool = False  # `ContactQueued` has said that it is offered to the queue
    playback_id: str = ""
    from_agent_id: str = ""  # who transferred it here, to go back to when there is no queue
    named_agent_id: str = ""  # offered to this agent alone
    preferred_agent_id: str = ""  # who knows its thread: it waits for him until `preferred_until`
    preferred_until: datetime | None = None
    returned_by: tuple[str, ...] = ()  # agents to whom it is not offered again


@dataclass(slots=True)
class Offer:
    agent_id: str
    since: datetime
    expires_at: datetime
    leg_id: str = ""  # "" for contacts without legs
    queue_id: str = ""  # that it is counted for; "" when it is meant for this agent by name


@dataclass(slots=True)
class Talk:
    """The agent's part of the contact."""

    agent_id: str
    since: datetime
    queue_id: str
    leg_id: str = ""  # "" while the agent's line is lost
    held_since: datetime | None = None
    held: timedelta = timedelta()
    adrift_since: datetime | None = None  # the agent's line or desktop is lost; the end-customer hears music
    place: Wait | None = None  # in the queue that the contact came from, to go back to

    @property
    def waited_since(self) -> datetime | None:
        return self.place.since if self.place else None


@dataclass(slots=True)
class Outgoing:
    """An answer that an agent has sent and that has not left yet: it can be taken back, or it is held for approval."""

    mail_id: int
    agent_id: str
    queue_id: str
    since: datetime
    then: MailThen
    undo_until: datetime
    place: Wait | None = None  # where the contact goes back to
    park_until: datetime | None = None
    park_reason: str = ""
    closing_reason_id: str = ""
    note: str = ""
    rule_id: str = ""  # that holds it
    held_since: datetime | None = None
    held_until: datetime | None = None  # due
    expert: bool = False  # it is the question to an expert
    waiting_since: datetime | None = None  # of the mail that it answers


@dataclass(slots=True)
class Parked:
    agent_id: str  # who gets it back
    since: datetime
    until: datetime | None
    reason: str = ""
    place: Wait | None = None
    stranded: bool = False  # no queue takes it


@dataclass(slots=True)
class Expert:
    """A question to an outside expert that is not answered yet."""

    mail_id: int
    to: str
    asked_at: datetime
    deadline: datetime | None = None
    remind_at: datetime | None = None


@dataclass(slots=True)
class Thread:
    """What an email contact is about. `body` and the attachments' text are kept only while the script may look at them."""

    id: int
    mail_id: int  # its newest incoming mail
    kind: MailKind = MailKind.PERSON
    to: tuple[str, ...] = ()
    body: str = ""
    attachments: tuple[str, ...] = ()
    attachment_text: str = ""
    sender_mails: int = 0
    thread_mails: int = 0
    agent_id: str = ""  # who answered last
    answerable: bool = True  # an automatic answer may go to it (RFC 3834)
    received: int = 1  # incoming mails of this contact
    unread: int = 1  # of them since it was last taken or answered
    answers: int = 0
    unanswered_since: datetime | None = None  # of the oldest mail that has no answer yet
    due_at: datetime | None = None
    due_missed: bool = False
    due_schedule_id: str = ""
    trouble: str = ""  # why it has come back: what the sending, the expert or the validator said
    return_reason: str = ""


@dataclass(slots=True)
class Contact:
    id: int
    channel: Channel
    direction: Direction
    phase: Phase
    arrived_at: datetime
    entry_point_id: str
    space_id: str
    remote: str
    remote_name: str
    address: str
    language: str
    reference: str = ""
    subject: str = ""
    answered: bool = False  # our side has answered the end-customer's line
    tags: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    priority: int = 0
    needs: dict[str, int] = field(default_factory=dict)  # skill -> least level, by the script
    legs: dict[str, Leg] = field(default_factory=dict)
    legs_made: int = 0
    playbacks_made: int = 0
    run: ScriptRun | None = None
    wait: Wait | None = None
    offer: Offer | None = None
    talk: Talk | None = None
    room: bool = False  # a room exists for it
    agent_ids: list[str] = field(default_factory=list)  # who has ever been engaged in it
    transfer_to: str = ""  # the transfer under way, for the facts
    transfer_failed_step: str = ""  # where the script goes on when it comes to nothing
    transfer_from_agent_id: str = ""
    farewell_playback_id: str = ""  # a last sentence is being said, then the contact ends
    farewell_cause: EndCause = EndCause.NORMAL
    thread: Thread | None = None  # of an email
    outgoing: list[Outgoing] = field(default_factory=list)  # answers that have not left yet, oldest first
    parked: Parked | None = None
    aside_of: str = ""  # the agent in whose `aside` it is
    expert: Expert | None = None
    chat: Conversation | None = None
    origin: Origin | None = None  # of a call: the chat that it comes from

    def end_customer_leg(self) -> Leg | None:
        for leg in self.legs.values():
            if leg.role is LegRole.END_CUSTOMER and not leg.leaving:
                return leg
        return None

    def outside_leg(self) -> Leg | None:
        for leg in self.legs.values():
            if leg.role is LegRole.OUTSIDE and not leg.leaving:
                return leg
        return None


class EngagementState(Word):
    RESERVED = AgentState.RESERVED.value
    IN_CONTACT = AgentState.IN_CONTACT.value
    WRAP_UP = AgentState.WRAP_UP.value


@dataclass(slots=True)
class Engagement:
    """One contact in one agent's hands. It outlives the call by the wrap-up."""

    contact_id: int
    channel: Channel
    state: EngagementState
    since: datetime
    queue_id: str
    space_id: str
    wrap_up: timedelta
    reason_required: bool
    wrap_up_until: datetime | None = None
    closing_reason_id: str = ""
    note: str = ""
    answered_at: datetime | None = None
    taken_back: bool = False  # he took his answer back: it may be one more than he has room for
