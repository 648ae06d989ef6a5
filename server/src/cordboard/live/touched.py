"""Whom and what a batch concerns: the agents and contacts whose rows may have changed."""

from dataclasses import dataclass, field

from cordboard.core import facts
from cordboard.runtime.ports import Batch


@dataclass(slots=True)
class Touched:
    contact_ids: set[int] = field(default_factory=set)
    agent_ids: set[str] = field(default_factory=set)
    queue_ids: set[str] = field(default_factory=set)  # whose figures have changed
    everything: bool = False  # the configuration or telephony has changed
    moved: list[str] = field(default_factory=list)  # agents whose seat was taken or freed


def touched_by(batch: Batch) -> Touched:
    touched = Touched(set(batch.contact_ids))
    for recorded in batch.recorded:
        fact = recorded.fact
        if isinstance(fact, facts.ConfigChanged | facts.TelephonyChanged):
            touched.everything = True
            continue
        if contact_id := getattr(fact, "contact_id", 0):
            touched.contact_ids.add(contact_id)
        if agent_id := getattr(fact, "agent_id", ""):
            touched.agent_ids.add(agent_id)
        if queue_id := getattr(fact, "queue_id", ""):
            touched.queue_ids.add(queue_id)
        if isinstance(fact, facts.ContactTransferred) and fact.from_agent_id:
            touched.agent_ids.add(fact.from_agent_id)
        if isinstance(fact, facts.SeatTaken | facts.SeatFreed):
            touched.moved.append(fact.agent_id)
    return touched
