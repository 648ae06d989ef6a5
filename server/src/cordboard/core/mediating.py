"""What stands between an event and its transition: is the agent there, and is the contact in his hands?"""

from collections.abc import Callable
from typing import Any

from cordboard.core.agent import Agent
from cordboard.core.contact import Contact
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Turn

Transition = Callable[[Turn, Any], Refusal | None]


def by_agent(transition: Callable[[Turn, Agent, Any], Refusal | None]) -> Transition:
    """For events of an agent who must hold a seat."""

    def run(turn: Turn, event: Any) -> Refusal | None:
        agent = turn.state.agents.get(event.agent_id)
        if agent is None or not agent.logged_in:
            return Refusal(RefusalCode.NOT_LOGGED_IN)
        return transition(turn, agent, event)

    return run


def in_contact(transition: Callable[[Turn, Contact, Any], Refusal | None]) -> Transition:
    """For events of an agent about a contact that he holds."""

    def run(turn: Turn, event: Any) -> Refusal | None:
        contact = turn.own_contact(event.agent_id, event.contact_id)
        if isinstance(contact, Refusal):
            return contact
        turn.contact_id = contact.id
        return transition(turn, contact, event)

    return run
