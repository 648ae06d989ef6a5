"""Who gets what next: contacts that wait × agents that are free, at a cost that does not grow with their number.

A **pool** is one requirement: channel, skills with least levels, groups, way of selection. Contacts with the same
requirement wait in one pool, oldest of the highest priority first; an agent belongs to every pool that he satisfies,
and is **free** in it while he may be offered something. Membership changes only with a login or the configuration;
becoming free or busy touches the agent's own pools only.

The index is derived from the state and is never stored.
"""

import heapq
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cordboard.core.config import AgentProfile, Queue, Selection
from cordboard.core.words import Channel

Needs = tuple[tuple[str, int], ...]
PoolKey = tuple[Channel, Needs, tuple[str, ...], Selection, tuple[str, ...]]
"""Channel, needs, groups, selection, and the agents who have returned such a contact."""
WaitKey = tuple[int, datetime, int]  # (-priority, since, contact id)


@dataclass(slots=True)
class Choice:
    """A pair that matching proposes, and why."""

    contact_id: int
    agent_id: str
    rule: str
    eligible: int
    measure: str = ""
    runner_up_id: str = ""
    runner_up_measure: str = ""


@dataclass(slots=True)
class Pool:
    key: PoolKey
    waiting: list[WaitKey] = field(default_factory=list)  # sorted
    free: dict[str, tuple[int, datetime]] = field(
        default_factory=dict
    )  # agent -> (-skill sum or 0, idle since)
    heap: list[tuple[int, datetime, str]] = field(default_factory=list)  # of `free`, with stale entries

    def add_free(self, agent_id: str, score: int, idle_since: datetime) -> None:
        measure = (-score if self.key[3] is Selection.BEST_SKILL else 0, idle_since)
        self.free[agent_id] = measure
        if len(self.heap) > 2 * len(self.free) + 16:
            self.heap = [(rank, since, free_id) for free_id, (rank, since) in self.free.items()]
            heapq.heapify(self.heap)
        else:
            heapq.heappush(self.heap, (measure[0], idle_since, agent_id))

    def best(self) -> tuple[int, datetime, str] | None:
        """The agent to take next, without taking him. Ties on everything go to the lower id, so replay agrees."""
        heap = self.heap
        while heap:
            rank, since, agent_id = heap[0]
            if self.free.get(agent_id) == (rank, since):
                return heap[0]
            heapq.heappop(heap)
        return None


class Matching:
    def __init__(self) -> None:
        self._pools: dict[PoolKey, Pool] = {}
        self._pools_of_agent: dict[str, list[tuple[Pool, int]]] = {}  # with the agent's skill score there
        self._profiles: dict[str, AgentProfile] = {}  # of members
        self._members_by_skill: dict[str, dict[str, AgentProfile]] = {}
        self._pool_of_contact: dict[int, tuple[Pool, WaitKey]] = {}
        self._free: dict[str, tuple[frozenset[Channel], datetime]] = {}

    # -- agents

    def join(self, profile: AgentProfile) -> None:
        """The agent has logged in, or has another profile: from now on he belongs to the pools that he satisfies."""
        if self._profiles.get(profile.id) == profile:
            return
        self.leave(profile.id)
        self._profiles[profile.id] = profile
        for skill_id in profile.skills:
            self._members_by_skill.setdefault(skill_id, {})[profile.id] = profile
        self._pools_of_agent[profile.id] = [
            (pool, _score(profile, pool.key)) for pool in self._pools.values() if satisfies(profile, pool.key)
        ]

    def leave(self, agent_id: str) -> None:
        self.set_busy(agent_id)
        self._pools_of_agent.pop(agent_id, None)
        profile = self._profiles.pop(agent_id, None)
        for skill_id in profile.skills if profile else ():
            self._members_by_skill[skill_id].pop(agent_id, None)

    def set_free(self, agent_id: str, channels: frozenset[Channel], idle_since: datetime) -> bool:
        """The agent may be offered contacts of these channels. True when that is news."""
        if self._free.get(agent_id) == (channels, idle_since):
            return False
        self.set_busy(agent_id)
        if not channels:
            return False
        self._free[agent_id] = (channels, idle_since)
        for pool, score in self._pools_of_agent.get(agent_id, ()):
            if pool.key[0] in channels:
                pool.add_free(agent_id, score, idle_since)
        return True

    def set_busy(self, agent_id: str) -> None:
        if self._free.pop(agent_id, None) is None:
            return
        for pool, _ in self._pools_of_agent.get(agent_id, ()):
            pool.free.pop(agent_id, None)

    # -- contacts

    def add_waiting(
        self,
        contact_id: int,
        queue: Queue,
        needs: Needs,
        priority: int,
        since: datetime,
        without: tuple[str, ...] = (),
    ) -> None:
        self.remove_waiting(contact_id)
        pool = self._pool((queue.channel, needs, queue.group_ids, queue.selection, without))
        key = (-priority, since, contact_id)
        insort(pool.waiting, key)
        self._pool_of_contact[contact_id] = (pool, key)

    def remove_waiting(self, contact_id: int) -> None:
        entry = self._pool_of_contact.pop(contact_id, None)
        if entry is not None:
            pool, key = entry
            del pool.waiting[bisect_left(pool.waiting, key)]

    def position(self, contact_id: int) -> int:
        """1 for the contact that is next among those that wait for the same agents; 0 when it does not wait."""
        entry = self._pool_of_contact.get(contact_id)
        return 0 if entry is None else bisect_left(entry[0].waiting, entry[1]) + 1

    def standing(self) -> Iterator[tuple[PoolKey, list[int], list[str]]]:
        """Each pool's requirement, the contacts that wait in it, first come first, and the agents who are free for it."""
        for key, pool in self._pools.items():
            yield key, [contact_id for _, _, contact_id in pool.waiting], sorted(pool.free)

    # -- choosing

    def find_free(self, queue: Queue, needs: Needs) -> str | None:
        """The agent whom a contact of this queue would get now, if nobody waits for him already."""
        pool = self._pool((queue.channel, needs, queue.group_ids, queue.selection, ()))
        best = None if pool.waiting else pool.best()
        return best[2] if best else None

    def choose_agent(self, contact_id: int, now: datetime) -> Choice | None:
        """For a contact that waits: the best free agent, and the contact that gets him: whoever is first in the same pool."""
        entry = self._pool_of_contact.get(contact_id)
        if entry is None:
            return None
        pool, _ = entry
        return self._choice(pool, pool.waiting[0][2], now)

    def choose_contact(self, agent_id: str, now: datetime) -> Choice | None:
        """For an agent who is free: of the heads of his pools the most urgent, then the oldest."""
        if agent_id not in self._free:
            return None
        head: WaitKey | None = None
        heads = 0
        best_pool: Pool | None = None
        for pool, _ in self._pools_of_agent.get(agent_id, ()):
            if pool.waiting and agent_id in pool.free:
                heads += 1
                if head is None or pool.waiting[0] < head:
                    head, best_pool = pool.waiting[0], pool
        if head is None or best_pool is None:
            return None
        if len(best_pool.free) > 1:
            return self._choice(best_pool, head[2], now)
        rule = "oldest_contact" if heads > 1 or len(best_pool.waiting) > 1 else "only_one"
        return Choice(head[2], agent_id, rule, 1, measure=f"{(now - head[1]).total_seconds():.1f} s waited")

    def waiting_ids(self) -> Iterable[int]:
        """In an order that does not depend on how the index was built: replay must agree."""
        return sorted(self._pool_of_contact)

    # -- inside

    def _choice(self, pool: Pool, contact_id: int, now: datetime) -> Choice | None:
        best = pool.best()
        if best is None:
            return None
        eligible = len(pool.free)
        if eligible == 1:
            return Choice(contact_id, best[2], "only_one", 1, _measure(best, now))
        runner_up = _second(pool, best)
        by_skill = runner_up is not None and runner_up[0] != best[0]
        return Choice(
            contact_id,
            best[2],
            "best_skill" if by_skill else "longest_idle",
            eligible,
            _measure(best, now, by_skill),
            runner_up[2] if runner_up else "",
            _measure(runner_up, now, by_skill) if runner_up else "",
        )

    def _pool(self, key: PoolKey) -> Pool:
        pool = self._pools.get(key)
        if pool is None:
            pool = self._pools[key] = Pool(key)
            for agent_id, profile in self._candidates(key[1]).items():
                if satisfies(profile, key):
                    score = _score(profile, key)
                    self._pools_of_agent[agent_id].append((pool, score))
                    free = self._free.get(agent_id)
                    if free is not None and key[0] in free[0]:
                        pool.add_free(agent_id, score, free[1])
        return pool

    def _candidates(self, needs: Needs) -> Mapping[str, AgentProfile]:
        """The members among whom all who have these skills are: those with the rarest of them."""
        having = (self._members_by_skill.get(skill_id, {}) for skill_id, level in needs if level > 0)
        return min(having, key=len, default=self._profiles)


def needs_of(queue: Queue, extra: Mapping[str, int]) -> Needs:
    """The queue's needs and the contact's own, the higher level of each skill."""
    merged = dict(queue.needs)
    for skill_id, level in extra.items():
        merged[skill_id] = max(level, merged.get(skill_id, 0))
    return tuple(sorted(merged.items()))


def satisfies(profile: AgentProfile, key: PoolKey) -> bool:
    return profile.id not in key[4] and not unmet_rule(profile, key[0], key[1], key[2])


def unmet_rule(profile: AgentProfile, channel: Channel, needs: Needs, group_ids: tuple[str, ...]) -> str:
    """The rule that excludes this agent for good, whatever he is doing: its name and detail, "" if none does."""
    if channel in profile.pull:
        return "pulls_itself"
    if group_ids and not any(group_id in profile.group_ids for group_id in group_ids):
        return "not_in_group"
    for skill_id, level in needs:
        if profile.skills.get(skill_id, 0) < level:
            return f"lacks_skill:{skill_id}:{level}"
    return ""


def _score(profile: AgentProfile, key: PoolKey) -> int:
    return sum(profile.skills.get(skill_id, 0) for skill_id, _ in key[1])


def _measure(entry: tuple[int, datetime, str], now: datetime, by_skill: bool = False) -> str:
    if by_skill:
        return f"skill levels {-entry[0]}"
    return f"{(now - entry[1]).total_seconds():.1f} s idle"


def _second(pool: Pool, best: tuple[int, datetime, str]) -> tuple[int, datetime, str] | None:
    """The runner-up: the best of what the heap holds below its top, stale entries cleared on the way."""
    taken = heapq.heappop(pool.heap)
    second = pool.best()
    while second is not None and second[2] == best[2]:  # a second entry of the same agent
        heapq.heappop(pool.heap)
        second = pool.best()
    heapq.heappush(pool.heap, taken)
    return second
