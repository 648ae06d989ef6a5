"""Who may see which email, and what he can do with it now. Pure."""

from cordboard.core.agent import Agent
from cordboard.core.config import TenantConfig
from cordboard.core.contact import Contact, EngagementState, Phase
from cordboard.core.state import State
from cordboard.core.words import Channel
from cordboard.identity.rights import Permission, Session
from cordboard.index.fold import IndexRow


def may_read(session: Session, config: TenantConfig, row: IndexRow) -> bool:
    """Who reads all contacts; whose it was or was offered to; of emails and chats the agents of its Space: as the search finds them."""
    if session.may(Permission.CONTACTS_READ):
        return True
    profile = config.agents.get(session.agent_id or "")
    if profile is None:
        return False
    in_space = row.channel != Channel.VOICE and row.space_id in profile.space_ids
    return in_space or profile.id in row.agent_ids


def verbs(state: State, session: Session, contact: Contact | None, *, closed: bool) -> list[str]:
    """What this person can ask for about the contact now."""
    agent = state.agents.get(session.agent_id or "")
    profile = state.config.agents.get(session.agent_id or "") if state.config else None
    if agent is None or agent.seat is None or profile is None or Channel.EMAIL not in agent.seat.channels:
        return []
    if contact is None or contact.phase is Phase.ENDED:
        engaged = contact is not None and contact.id in agent.engagements
        return [*(["wrap_up"] if engaged else []), *(["reopen"] if closed else [])]
    engagement = agent.engagements.get(contact.id)
    if engagement is not None:
        if engagement.state is EngagementState.RESERVED:
            return ["accept", "decline"]
        if engagement.state is EngagementState.IN_CONTACT:
            recall = ["recall"] if contact.outgoing else []
            return ["answer", "park", "return", "forward", "transfer", "hang_up", "wrap_up", *recall]
    return _of_others(state, agent, contact)


def _of_others(state: State, agent: Agent, contact: Contact) -> list[str]:
    match contact.phase:
        case Phase.WAITING:
            return ["claim"]
        case Phase.SENDING | Phase.VALIDATING:
            return ["recall"] if contact.aside_of == agent.id else []
        case Phase.PARKED:
            owner = state.agents.get(contact.parked.agent_id) if contact.parked else None
            free = owner is None or not owner.logged_in or owner.id == agent.id
            return ["unpark"] if free else []
        case _:
            return []
