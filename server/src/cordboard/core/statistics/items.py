"""What is counted: measures, and items of them. `fold` makes the items from facts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from cordboard.core.config import TenantConfig
from cordboard.core.words import AgentState

ConfigOf = Callable[[int], TenantConfig | None]


class Measure(StrEnum):
    ARRIVED = "arrived"  # contacts that come in
    WAITING = "waiting"  # at the end of the period; seconds: how long
    IN_HAND = "in_hand"  # with an agent at the end of the period; seconds: how long
    OFFERED = "offered"
    ANSWERED = "answered"  # seconds: waited
    ANSWERED_IN_TIME = "answered_in_time"
    ABANDONED = "abandoned"  # seconds: waited
    TIMED_OUT = "timed_out"
    DISSUADED = "dissuaded"
    OFFERED_TO_AGENT = "offered_to_agent"
    MISSED = "missed"
    TALKED = "talked"  # seconds, holding included
    HELD = "held"
    WRAPPED_UP = "wrapped_up"
    TRANSFERRED = "transferred"
    OUTGOING = "outgoing"
    READY = "ready"
    RESERVED = "reserved"
    IN_CONTACT = "in_contact"
    WRAP_UP = "wrap_up"
    WITHDRAWN = "withdrawn"
    MAIL_RECEIVED = "mail_received"
    MAIL_CONTACT = "mail_contact"  # a contact that a mail has begun
    MAIL_REPEAT = "mail_repeat"  # of them those with one before; seconds: since that one
    MAIL_ANSWERED = "mail_answered"  # seconds: since the mail that it answers
    MAIL_WORKED = "mail_worked"  # the same in working hours
    MAIL_FIRST_REPLY = "mail_first_reply"  # seconds: since the mail that it answers
    MAIL_IN_DUE = "mail_in_due"
    MAIL_LATE = "mail_late"
    CLOSED = "closed"  # wrapped up with a closing reason
    RESOLVED = "resolved"  # of them those with one that is marked resolved
    ANSWER_HELD = "answer_held"
    ANSWER_APPROVED = "answer_approved"  # seconds: held
    ANSWER_CORRECTED = "answer_corrected"  # seconds: held
    ANSWER_SENT_BACK = "answer_sent_back"  # seconds: held
    BACKLOG = "backlog"  # seconds: its age
    BACKLOG_HOUR = "backlog_hour"  # of it what is older than an hour
    BACKLOG_HOURS = "backlog_hours"  # than four hours
    BACKLOG_DAY = "backlog_day"  # than a day
    BACKLOG_WEEK = "backlog_week"
    RESPONSE = "response"  # of a chat; seconds: waited
    FIRST_RESPONSE = "first_response"  # of a chat; seconds since its arrival
    CHATTED = "chatted"  # seconds that one chat was in an agent's hands
    CHATTING = "chatting"  # seconds that an agent had at least one
    INVITED = "invited"
    INVITATION_ACCEPTED = "invitation_accepted"
    RATED = "rated"  # by the survey; seconds: the score


STATE_MEASURES = {
    AgentState.READY: Measure.READY,
    AgentState.RESERVED: Measure.RESERVED,
    AgentState.IN_CONTACT: Measure.IN_CONTACT,
    AgentState.WRAP_UP: Measure.WRAP_UP,
    AgentState.WITHDRAWN: Measure.WITHDRAWN,
}
STRETCHES = frozenset({*STATE_MEASURES.values(), Measure.CHATTED, Measure.CHATTING})
"""Times that a period cuts at its beginning."""
OF_THE_END = frozenset(
    {
        Measure.WAITING,
        Measure.IN_HAND,
        Measure.BACKLOG,
        Measure.BACKLOG_HOUR,
        Measure.BACKLOG_HOURS,
        Measure.BACKLOG_DAY,
        Measure.BACKLOG_WEEK,
    }
)
"""What stands at the end of a period, however long before it began."""


@dataclass(frozen=True, slots=True)
class Item:
    """One occurrence. Ids are "" and `contact_id` 0 where there is none; `seconds` where the measure has a length.

    Skills are those that the queue needs at this instant, groups those that it is for (the agent's, where it is for any).
    """

    measure: Measure
    at: datetime
    contact_id: int = 0
    agent_id: str = ""
    queue_id: str = ""
    space_id: str = ""
    seconds: float = 0.0
    skill_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    channel: str = ""
    entry_point_id: str = ""
    reason_id: str = ""  # of closing, of withdrawal
    waited: float = 0.0  # seconds from the receipt to `at`

    @property
    def received_at(self) -> datetime:
        return self.at - timedelta(seconds=self.waited)


def within(item: Item, since: datetime) -> Item | None:
    """What of it is in a period that begins at `since`."""
    if item.at < since:
        return None
    if item.measure not in STRETCHES:
        return item
    if item.at == since:
        return None
    most = (item.at - since).total_seconds()
    return item if item.seconds <= most else replace(item, seconds=most)
