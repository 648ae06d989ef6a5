"""A contact in a list of work, and who may see it there. Pure.

**Rule.** Who may read all contacts sees all open ones. An agent sees the open contacts that he has in hand, and of the others
those of a channel that he takes, in a Space of his, in a queue whose groups and skills are his, with every skill that they need.
Of the closed ones, which no live view follows, an agent sees those that he had last, and the written ones of his Spaces.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cordboard.core.config import AgentProfile, Queue, TenantConfig
from cordboard.core.words import Channel
from cordboard.index.fold import IndexRow


@dataclass(frozen=True, slots=True)
class Ref:
    """Something named: its id and its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One line of a list of work. `seq`: the event that changed it last. `agent`: who has it now."""

    contact_id: int
    seq: int
    channel: str
    direction: str
    state: str
    space: Ref | None
    queue: Ref | None
    agent: Ref | None
    entry_point: Ref | None
    remote: str
    remote_name: str
    subject: str
    arrived_at: datetime
    waiting_since: datetime | None
    due_at: datetime | None
    parked_until: datetime | None
    first_answer_at: datetime | None
    last_mail_at: datetime | None
    priority: int
    tags: tuple[str, ...]
    language: str
    thread_id: int
    mails: int
    ended_at: datetime | None
    closing_reason: Ref | None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class WorkGone:
    """It is no longer for the eyes of who is told."""

    contact_id: int
    seq: int
    gone: bool = True


@dataclass(frozen=True, slots=True)
class Scope:
    """What somebody sees. `agent_id` "" and no limits: everything."""

    everything: bool
    agent_id: str = ""
    channels: tuple[str, ...] = ()
    space_ids: tuple[str, ...] = ()
    queue_ids: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()  # "<skill>:<level>" for every level up to his own


EVERYTHING = Scope(True)


def scope_of(config: TenantConfig, agent_id: str) -> Scope:
    profile = config.agents.get(agent_id)
    if profile is None:
        return Scope(False, agent_id)
    return Scope(
        False,
        agent_id,
        tuple(channel.value for channel, number in profile.capacity.items() if number > 0),
        profile.space_ids,
        tuple(queue.id for queue in config.queues.values() if _takes(profile, queue)),
        tuple(f"{skill}:{level}" for skill, own in profile.skills.items() for level in range(own + 1)),
    )


def _takes(profile: AgentProfile, queue: Queue) -> bool:
    return (
        queue.space_id in profile.space_ids
        and profile.capacity.get(Channel(queue.channel), 0) > 0
        and (not queue.group_ids or any(group_id in profile.group_ids for group_id in queue.group_ids))
        and all(profile.skills.get(skill, 0) >= level for skill, level in queue.needs.items())
    )


def sees(scope: Scope, row: IndexRow) -> bool:
    """Whether an open contact is in this person's list: the same rule as the SQL of the list."""
    if not row.open:
        return False
    if scope.everything:
        return True
    if scope.agent_id and (row.agent_id == scope.agent_id or scope.agent_id in row.hands):
        return True
    return (
        row.channel in scope.channels
        and row.space_id in scope.space_ids
        and row.queue_id in scope.queue_ids
        and all(need in scope.skills for need in row.needs)
    )


def ref(known: Mapping[str, object], wanted: str) -> Ref | None:
    """None for ""; what the configuration no longer has keeps its id as its name."""
    return Ref(wanted, getattr(known.get(wanted), "name", wanted)) if wanted else None


def item_of(row: IndexRow, config: TenantConfig) -> WorkItem:
    return WorkItem(
        row.contact_id,
        row.seq,
        row.channel,
        row.direction,
        row.state,
        ref(config.spaces, row.space_id),
        ref(config.queues, row.queue_id),
        ref(config.agents, row.agent_id),
        ref(config.entry_points, row.entry_point_id),
        row.remote,
        row.remote_name,
        row.subject,
        row.arrived_at,
        row.waiting_since,
        row.due_at,
        row.parked_until,
        row.first_answer_at,
        row.last_mail_at,
        row.priority,
        tuple(row.tags),
        row.language,
        row.thread_id,
        row.mails,
        row.ended_at,
        ref(config.closing_reasons, row.closing_reason_id),
    )
