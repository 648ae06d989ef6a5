"""Who is in a chat beside its agent: invited colleagues and watching supervisors; and taking a chat over.

Neither takes a place of anybody's capacity: the chat is held by one agent, as every contact is.
"""

from cordboard.core.agent import Agent, exclusion
from cordboard.core.contact import Contact, Phase, Wait
from cordboard.core.conversation import facts
from cordboard.core.conversation.events import ColleagueInvited
from cordboard.core.conversation.messages import chat_of, notice
from cordboard.core.conversation.words import PartyRole
from cordboard.core.ending import end_talk
from cordboard.core.matching import Choice
from cordboard.core.offers import accept, make_offer
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Turn
from cordboard.core.waiting import place_again
from cordboard.core.words import Channel


def invite(turn: Turn, contact: Contact, event: ColleagueInvited) -> Refusal | None:
    if contact.phase is not Phase.TALKING or contact.channel is not Channel.CHAT:
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": contact.phase.value})
    profile = turn.config.agents.get(event.colleague_id)
    if profile is None:
        return Refusal(RefusalCode.UNKNOWN_AGENT, {"agent": event.colleague_id})
    colleague = turn.state.agents.get(event.colleague_id)
    if colleague is None or not colleague.logged_in or event.colleague_id == event.agent_id:
        return Refusal(RefusalCode.AGENT_NOT_READY, {"agent": profile.name})
    chat = chat_of(contact)
    if chat.parties.get(colleague.id) is not PartyRole.COLLEAGUE:
        _join(turn, contact, colleague.id, PartyRole.COLLEAGUE, event.agent_id)
        notice(turn, contact, "colleague_joined", colleague.id)
    return None


def watch(turn: Turn, contact: Contact, watcher_id: str) -> Refusal | None:
    if contact.channel is not Channel.CHAT or contact.phase is Phase.ENDED:
        return Refusal(RefusalCode.CHAT_ENDED)
    if watcher_id not in chat_of(contact).parties:
        _join(turn, contact, watcher_id, PartyRole.WATCHER)
    return None


def _join(turn: Turn, contact: Contact, party_id: str, role: PartyRole, invited_by: str = "") -> None:
    chat_of(contact).parties[party_id] = role
    agent = turn.state.agents.get(party_id)
    if agent is not None and contact.id not in agent.beside:
        agent.beside.append(contact.id)
    turn.note(facts.PartyJoined(contact.id, party_id, role, invited_by))


def leave(turn: Turn, contact: Contact, party_id: str) -> Refusal | None:
    role = chat_of(contact).parties.pop(party_id, None)
    if role is None:
        return Refusal(RefusalCode.NOT_YOUR_CONTACT)
    agent = turn.state.agents.get(party_id)
    if agent is not None and contact.id in agent.beside:
        agent.beside.remove(contact.id)
    turn.note(facts.PartyGone(contact.id, party_id, role))
    if role is PartyRole.COLLEAGUE and contact.phase is not Phase.ENDED:
        notice(turn, contact, "colleague_left", party_id)
    return None


def take_over(turn: Turn, agent: Agent, contact: Contact) -> Refusal | None:
    """The chat changes hands at once; who had it goes to wrap-up."""
    talk = contact.talk
    if contact.channel is not Channel.CHAT or contact.phase is not Phase.TALKING or talk is None:
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": contact.phase.value})
    if talk.agent_id == agent.id:
        return None
    profile = turn.config.agents.get(agent.id)
    capacity = profile.capacity.get(Channel.CHAT, 0) if profile else 0
    rule = exclusion(agent, Channel.CHAT, capacity, turn.state.telephony_up, even_withdrawn=True)
    if rule:
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": rule})
    if agent.id in chat_of(contact).parties:
        leave(turn, contact, agent.id)
    turn.note(facts.ContactTakenOver(contact.id, talk.agent_id, agent.id))
    end_talk(turn, contact)
    contact.wait = place_again(talk) or Wait("", turn.now, contact.priority, ())
    contact.wait.named_agent_id = agent.id
    make_offer(turn, Choice(contact.id, agent.id, "taken_over", 1))
    accept(turn, contact)
    return None
