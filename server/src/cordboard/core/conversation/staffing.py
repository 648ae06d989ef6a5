"""Whether anybody is there for a queue of chats. He may be busy: then there is a wait, but it will end."""

from cordboard.core.agent import Agent
from cordboard.core.config import Queue, TenantConfig
from cordboard.core.matching import needs_of, unmet_rule
from cordboard.core.state import State
from cordboard.core.words import Channel


def is_staffed(queue: Queue, state: State, config: TenantConfig) -> bool:
    return any(_takes(agent, queue, config) for agent in state.agents.values())


def _takes(agent: Agent, queue: Queue, config: TenantConfig) -> bool:
    """At a seat for chats, not withdrawn, and with all that the queue needs."""
    profile = config.agents.get(agent.id)
    if profile is None or agent.seat is None or Channel.CHAT not in agent.seat.channels:
        return False
    if agent.withdrawal or profile.capacity.get(Channel.CHAT, 0) <= 0:
        return False
    return not unmet_rule(profile, Channel.CHAT, needs_of(queue, {}), queue.group_ids)
