"""Counts per queue that follow the state at a cost that does not grow with the centre: who waits, who could take it."""

from collections.abc import Iterable
from datetime import datetime

from cordboard.core.agent import Agent
from cordboard.core.config import Queue, TenantConfig
from cordboard.core.contact import Contact, Phase
from cordboard.core.matching import needs_of, unmet_rule
from cordboard.core.state import State
from cordboard.core.words import AgentState

_WAITING = (Phase.WAITING, Phase.OFFERED)


class Tallies:
    """Of one tenant. `follow` after each batch; `rebuild` at first and when the configuration has changed."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._waiting: dict[str, dict[int, datetime]] = {}  # queue -> contact -> since
        self._place: dict[int, str] = {}  # contact -> queue
        self._queues_of: dict[str, tuple[str, ...]] = {}  # agent -> queues that he could serve
        self._standing: dict[str, tuple[int, int]] = {}  # agent -> (logged in, ready), 0 or 1
        self._agents: dict[str, list[int]] = {}  # queue -> [logged in, ready]

    def rebuild(self, state: State) -> None:
        self._clear()
        config = state.config
        if config is None:
            return
        for profile in config.agents.values():
            served = (queue for queue in config.queues.values() if _serves(profile.id, queue, config))
            self._queues_of[profile.id] = tuple(queue.id for queue in served)
        self.follow(state, state.contacts, state.agents)

    def follow(self, state: State, contact_ids: Iterable[int], agent_ids: Iterable[str]) -> set[str]:
        """Takes over what these contacts and agents have become; the queues whose counts may have changed."""
        touched: set[str] = set()
        for contact_id in contact_ids:
            touched |= self._follow_contact(contact_id, state.contacts.get(contact_id))
        for agent_id in agent_ids:
            touched |= self._follow_agent(agent_id, state.agents.get(agent_id))
        return touched

    def waiting(self, queue_id: str) -> tuple[int, datetime | None]:
        """How many wait, and since when the one who has waited longest."""
        places = self._waiting.get(queue_id)
        return (len(places), min(places.values())) if places else (0, None)

    def agents(self, queue_id: str) -> tuple[int, int]:
        """How many agents that could serve the queue are logged in, and how many of them ready."""
        logged_in, ready = self._agents.get(queue_id, (0, 0))
        return logged_in, ready

    def _follow_contact(self, contact_id: int, contact: Contact | None) -> set[str]:
        wait = contact.wait if contact is not None and contact.phase in _WAITING else None
        before, after = self._place.get(contact_id, ""), wait.queue_id if wait else ""
        if before and before != after:
            self._waiting[before].pop(contact_id, None)
            del self._place[contact_id]
        if wait is not None and after:
            self._place[contact_id] = after
            self._waiting.setdefault(after, {})[contact_id] = wait.since
        return {queue_id for queue_id in (before, after) if queue_id}

    def _follow_agent(self, agent_id: str, agent: Agent | None) -> set[str]:
        logged_in = agent is not None and agent.seat is not None
        ready = logged_in and agent is not None and agent.state is AgentState.READY
        before, after = self._standing.get(agent_id, (0, 0)), (int(logged_in), int(ready))
        if before == after:
            return set()
        self._standing[agent_id] = after
        queue_ids = self._queues_of.get(agent_id, ())
        for queue_id in queue_ids:
            counts = self._agents.setdefault(queue_id, [0, 0])
            counts[0] += after[0] - before[0]
            counts[1] += after[1] - before[1]
        return set(queue_ids)


def _serves(agent_id: str, queue: Queue, config: TenantConfig) -> bool:
    return not unmet_rule(config.agents[agent_id], queue.channel, needs_of(queue, {}), queue.group_ids)
