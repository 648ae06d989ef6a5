"""Which transition knows which event of a chat; the engine takes this table over into its own."""

from collections.abc import Callable, Mapping
from typing import Any

from cordboard.core.agent import Agent
from cordboard.core.contact import Contact, Phase
from cordboard.core.conversation import (
    arriving,
    calling,
    continuing,
    events,
    following,
    invitations,
    messages,
    parties,
    presence,
)
from cordboard.core.mediating import Transition
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Turn


def woke(turn: Turn, contact: Contact, what: str) -> None:
    """The timers "visitor", "idle", "bot" and "call" of a contact."""
    match what:
        case "visitor":
            presence.lost(turn, contact)
        case "idle":
            presence.silent(turn, contact)
        case "call":
            calling.expired(turn, contact)
        case _:
            bot_turn = contact.chat.bot_turn if contact.chat else 0
            following.bot_failed(turn, events.BotFailed(contact.id, bot_turn, "no answer in time"))


def _of_chat(transition: Callable[[Turn, Contact, Any], Refusal | None]) -> Transition:
    """For what visitors do: without effect when the chat is over."""

    def run(turn: Turn, event: Any) -> Refusal | None:
        contact = turn.state.contacts.get(event.contact_id)
        if contact is None or contact.chat is None or contact.phase is Phase.ENDED:
            return None
        turn.contact_id = contact.id
        return transition(turn, contact, event)

    return run


def _at_desk(transition: Callable[[Turn, Contact, Any], Refusal | None]) -> Transition:
    """For what agents and supervisors do with a chat; whether he may is the transition's to say."""

    def run(turn: Turn, event: Any) -> Refusal | None:
        contact = turn.state.contacts.get(event.contact_id)
        if contact is None or contact.chat is None:
            return Refusal(RefusalCode.UNKNOWN_CONTACT)
        turn.contact_id = contact.id
        return transition(turn, contact, event)

    return run


def _agent_wrote(turn: Turn, contact: Contact, event: events.AgentWrote) -> Refusal | None:
    refusal = messages.agent_wrote(turn, contact, event)
    if refusal is None:
        presence.watch_silence(turn, contact)
    return refusal


def _invite(turn: Turn, contact: Contact, event: events.ColleagueInvited) -> Refusal | None:
    if messages.role_of(contact, event.agent_id) != "holder":
        return Refusal(RefusalCode.NOT_YOUR_CONTACT)
    return parties.invite(turn, contact, event)


def _take_over(turn: Turn, contact: Contact, event: events.TakeOverRequested) -> Refusal | None:
    agent: Agent | None = turn.state.agents.get(event.agent_id)
    if agent is None or not agent.logged_in:
        return Refusal(RefusalCode.NOT_LOGGED_IN)
    return parties.take_over(turn, agent, contact)


def _ended(turn: Turn, event: events.InvitationEnded) -> None:
    invitations.close(turn, event.reference, event.outcome)


CHAT_TRANSITIONS: Mapping[type, Transition] = {
    events.ChatArrived: arriving.chat_arrived,
    events.ChatReopened: continuing.reopened,
    events.VisitorWrote: arriving.visitor_wrote,
    events.VisitorConnected: _of_chat(lambda turn, contact, _: presence.connected(turn, contact)),
    events.VisitorDisconnected: _of_chat(lambda turn, contact, _: presence.disconnected(turn, contact)),
    events.VisitorMoved: _of_chat(presence.moved),
    events.VisitorStoppedWaiting: _of_chat(lambda turn, contact, _: following.stopped_waiting(turn, contact)),
    events.VisitorEnded: _of_chat(lambda turn, contact, _: presence.leave(turn, contact)),
    events.ConsentGiven: _of_chat(presence.consent),
    events.SurveyAnswered: presence.survey_answered,
    events.TranscriptRequested: presence.transcript_requested,
    events.MessagesRead: messages.read,
    events.AgentWrote: _at_desk(_agent_wrote),
    events.EditRequested: _at_desk(messages.edit),
    events.DeleteRequested: _at_desk(messages.delete),
    events.ColleagueInvited: _at_desk(_invite),
    events.WatchRequested: _at_desk(lambda turn, contact, e: parties.watch(turn, contact, e.watcher_id)),
    events.PartyLeft: _at_desk(lambda turn, contact, e: parties.leave(turn, contact, e.party_id)),
    events.TakeOverRequested: _at_desk(_take_over),
    events.CallRequested: _at_desk(calling.requested),
    events.CallWithdrawn: _at_desk(calling.withdrawn),
    events.VisitorCallAnswered: calling.visitor_answered,
    events.BotAnswered: following.bot_answered,
    events.BotFailed: following.bot_failed,
    events.InvitationRequested: invitations.request,
    events.InvitationEnded: _ended,
}
