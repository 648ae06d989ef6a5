"""Matching alone, as the core does it, and its naive peer."""

from bisect import insort
from datetime import datetime

from cordboard.core.config import Queue, TenantConfig
from cordboard.core.matching import Matching, needs_of
from cordboard.core.words import Channel


class IndexMatcher:
    """The core's own."""

    def __init__(self, config: TenantConfig) -> None:
        self.matching = Matching()
        self.config = config
        for profile in config.agents.values():
            self.matching.join(profile)

    def add_idle(self, agent_id: str, now: datetime) -> None:
        """For whom nobody waits."""
        self.matching.set_free(agent_id, frozenset((Channel.VOICE,)), now)

    def free(self, agent_id: str, now: datetime) -> int:
        """The contact that the agent gets, 0 for none."""
        self.add_idle(agent_id, now)
        choice = self.matching.choose_contact(agent_id, now)
        if choice is None:
            return 0
        self.matching.remove_waiting(choice.contact_id)
        self.matching.set_busy(choice.agent_id)
        return choice.contact_id

    def wait(self, contact_id: int, queue: Queue, now: datetime) -> str:
        """The agent whom the contact gets, "" for none."""
        self.matching.add_waiting(contact_id, queue, needs_of(queue, {}), 0, now)
        choice = self.matching.choose_agent(contact_id, now)
        if choice is None:
            return ""
        self.matching.remove_waiting(choice.contact_id)
        self.matching.set_busy(choice.agent_id)
        return choice.agent_id


class ScanMatcher:
    """What one writes first: sorted lists of who waits and of who is free, looked through from the front."""

    def __init__(self, config: TenantConfig) -> None:
        self.config = config
        self.waiting: list[tuple[int, datetime, int, Queue]] = []
        self.idle: list[tuple[datetime, str]] = []

    def add_idle(self, agent_id: str, now: datetime) -> None:
        insort(self.idle, (now, agent_id))

    def free(self, agent_id: str, now: datetime) -> int:
        skills = self.config.agents[agent_id].skills
        for place, (_, _, contact_id, queue) in enumerate(self.waiting):
            if all(skills.get(skill, 0) >= level for skill, level in queue.needs.items()):
                del self.waiting[place]
                return contact_id
        self.add_idle(agent_id, now)
        return 0

    def wait(self, contact_id: int, queue: Queue, now: datetime) -> str:
        for place, (_, agent_id) in enumerate(self.idle):
            skills = self.config.agents[agent_id].skills
            if all(skills.get(skill, 0) >= level for skill, level in queue.needs.items()):
                del self.idle[place]
                return agent_id
        insort(self.waiting, (0, now, contact_id, queue), key=lambda entry: entry[:3])
        return ""
