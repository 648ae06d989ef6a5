"""The one place that decides: `Engine.handle(event, now, seq)`.

An event goes to the transition that knows it. When all is said, `_settle` derives the state of every agent who was
touched, and makes the offers that have become possible. Nothing else changes an agent's state or makes an offer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cordboard.core import (
    calls,
    desk,
    events,
    facts,
    offers,
    outgoing,
    reconcile,
    talking,
    transfer,
    waking,
    work,
)
from cordboard.core.agent import Agent, derive_state, exclusion
from cordboard.core.commands import Command
from cordboard.core.contact import Contact, EngagementState, Phase
from cordboard.core.conversation import deciding, handing_over
from cordboard.core.ending import end_contact, finish_wrap_up
from cordboard.core.look_ups import LookedUp
from cordboard.core.mail import answering, parking
from cordboard.core.mail import transitions as mail_transitions
from cordboard.core.matching import Choice
from cordboard.core.mediating import Transition, by_agent, in_contact
from cordboard.core.reaching import is_reaching
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.script import interpreter
from cordboard.core.state import State
from cordboard.core.turn import Centre, Evaluate, Normalise, Turn
from cordboard.core.waiting import free_for
from cordboard.core.words import AgentState, Channel, EndCause


@dataclass(slots=True)
class Decision:
    """What one event has led to. With a refusal nothing has changed (but a refusal may be spoken to a telephone)."""

    commands: list[Command]
    facts: list[facts.Fact]
    refusal: Refusal | None
    contact_id: int


class Engine:
    """The core of one tenant. `evaluate` and `normalise` are pure functions (CEL, telephone numbers)."""

    def __init__(self, state: State, evaluate: Evaluate, normalise: Normalise) -> None:
        self.centre = Centre(state, evaluate, normalise)
        self._rebuild()

    @property
    def state(self) -> State:
        return self.centre.state

    def handle(self, event: events.Event, now: datetime, seq: int) -> Decision:
        """Decides. `seq` is the event's journal sequence: ids of contacts are made from it. `now` is aware."""
        turn = Turn(self.centre, now, seq)
        if turn.state.config is None and not isinstance(event, events.ConfigPublished):
            return Decision([], [], None, 0)
        refusal = _TRANSITIONS[type(event)](turn, event)
        if turn.touched or turn.waiting or turn.named_offers:
            _settle(turn)
        return Decision(turn.commands, turn.facts, refusal, turn.contact_id)

    def _rebuild(self) -> None:
        """The indexes, from a loaded state."""
        state = self.state
        matching = self.centre.matching
        self.centre.index_config()
        for contact in state.contacts.values():
            for leg in contact.legs.values():
                self.centre.lines[leg.line] = (contact.id, leg.id)
            wait = contact.wait
            if (
                wait is None
                or state.config is None
                or contact.phase is not Phase.WAITING
                or wait.named_agent_id
            ):
                continue
            queue = state.config.queues.get(wait.queue_id)
            if wait.preferred_agent_id:
                places = self.centre.preferred.setdefault(wait.preferred_agent_id, {})
                places[contact.id] = (-wait.priority, wait.since, contact.id)
            elif queue is not None:
                matching.add_waiting(
                    contact.id, queue, wait.needs, wait.priority, wait.since, wait.returned_by
                )
        for agent in state.agents.values():
            if agent.logged_in and state.config is not None and agent.id in state.config.agents:
                matching.join(state.config.agents[agent.id])
                matching.set_free(agent.id, _free_channels(state, agent), agent.idle_since)


# -- after the transition


def _settle(turn: Turn) -> None:
    """Derives agents' states, then matches: those who have become free, then contacts that have begun to wait."""
    newly_free = _refresh(turn)
    while turn.named_offers:
        _make_named_offer(turn, *turn.named_offers.pop(0))
        newly_free += _refresh(turn)
    for agent_id in newly_free:
        while agent_id in turn.centre.preferred and _offer_preferred(turn, agent_id):
            pass
        choice = turn.centre.matching.choose_contact(agent_id, turn.now)
        while choice is not None:
            _offer(turn, choice)
            choice = turn.centre.matching.choose_contact(agent_id, turn.now)
    for contact_id in turn.waiting:
        if turn.centre.preferred and _waits_for_one(turn, contact_id):
            continue
        choice = turn.centre.matching.choose_agent(contact_id, turn.now)
        while choice is not None:
            _offer(turn, choice)
            choice = turn.centre.matching.choose_agent(contact_id, turn.now)


def _offer_preferred(turn: Turn, agent_id: str) -> bool:
    """Of the contacts that wait for him because he knows their thread: the most urgent, then the oldest."""
    contact_id = min(turn.centre.preferred[agent_id].values())[2]
    if not free_for(turn, agent_id, turn.state.contacts[contact_id].channel):
        return False
    _offer(turn, Choice(contact_id, agent_id, "preferred_agent", 1))
    return True


def _waits_for_one(turn: Turn, contact_id: int) -> bool:
    """Offers it to who knows its thread, if it waits for him; False when it waits for anybody."""
    contact = turn.state.contacts.get(contact_id)
    wait = contact.wait if contact is not None else None
    if wait is None or contact_id not in turn.centre.preferred.get(wait.preferred_agent_id, ()):
        return False
    if free_for(turn, wait.preferred_agent_id, contact.channel if contact else Channel.EMAIL):
        _offer(turn, Choice(contact_id, wait.preferred_agent_id, "preferred_agent", 1))
    return True


def _offer(turn: Turn, choice: Choice) -> None:
    offers.make_offer(turn, choice)
    offers.accept_automatically(turn, choice)
    _refresh(turn)


def _make_named_offer(turn: Turn, contact_id: int, agent_id: str) -> None:
    """A contact that is meant for one agent: offered to him if he can take it now, else put back."""
    contact, agent = turn.state.contacts.get(contact_id), turn.state.agents[agent_id]
    if contact is None or contact.phase is not Phase.WAITING or contact.wait is None:
        return
    engagement = agent.engagements.get(contact_id)
    comes_back = engagement is not None and engagement.state is EngagementState.WRAP_UP
    if comes_back:
        finish_wrap_up(turn, agent, contact_id)  # it comes back to who has just let it go
    profile = turn.config.agents.get(agent_id)
    capacity = profile.capacity.get(contact.channel, 0) if profile else 0
    rule = exclusion(agent, contact.channel, capacity, turn.state.telephony_up, even_withdrawn=comes_back)
    if rule:
        step_id = offers.not_taken(turn, contact, EndCause.UNREACHABLE)
        if step_id:
            interpreter.go_on(turn, contact, step_id)
    else:
        choice = Choice(contact_id, agent_id, "named_agent", 1)
        offers.make_offer(turn, choice)
        offers.accept_automatically(turn, choice)


def _refresh(turn: Turn) -> list[str]:
    """Derives the state of every touched agent; returns those who have become free."""
    newly_free: list[str] = []
    touched, turn.touched = turn.touched, {}
    for agent in touched.values():
        if agent.leaving and not any(
            e.state is EngagementState.IN_CONTACT for e in agent.engagements.values()
        ):
            desk.complete_log_out(turn, agent)
            turn.touched.pop(agent.id, None)
        if agent.planned_withdrawal and not agent.engagements:
            agent.withdrawal, agent.planned_withdrawal = agent.planned_withdrawal, ""
        _note_state(turn, agent)
        if turn.centre.matching.set_free(agent.id, _free_channels(turn.state, agent), agent.idle_since):
            newly_free.append(agent.id)
    return newly_free


def _note_state(turn: Turn, agent: Agent) -> None:
    state, reason_id, contact_id = derive_state(agent)
    if state is agent.state and reason_id == agent.reason_id:
        return
    lasted = turn.now - agent.since
    turn.note(
        facts.AgentStateChanged(agent.id, agent.state, state, lasted, reason_id, agent.reason_id, contact_id)
    )
    if state is AgentState.READY and agent.state is not AgentState.RESERVED:
        agent.idle_since = turn.now
    agent.state, agent.reason_id, agent.since = state, reason_id, turn.now


_NO_CHANNELS: frozenset[Channel] = frozenset()


def _free_channels(state: State, agent: Agent) -> frozenset[Channel]:
    profile = state.config.agents.get(agent.id) if state.config else None
    if profile is None or agent.seat is None:
        return _NO_CHANNELS
    free = [
        channel
        for channel in agent.seat.channels
        if channel not in profile.pull
        and not exclusion(agent, channel, profile.capacity.get(channel, 0), state.telephony_up)
    ]
    return frozenset(free) if free else _NO_CHANNELS


# -- which transition knows which event


def _of_desktop(transition: Callable[[Turn, Agent, Any], None]) -> Transition:
    """For an agent's desktops, which may be there before he takes a seat and after he has left it."""

    def run(turn: Turn, event: Any) -> Refusal | None:
        agent = turn.state.agents.get(event.agent_id)
        if agent is None and event.agent_id in turn.config.agents:
            agent = turn.state.agents[event.agent_id] = Agent(event.agent_id, turn.now, turn.now)
        if agent is not None:
            transition(turn, agent, event)
        return None

    return run


def _of_agent(transition: Callable[[Turn, Agent, Any], None]) -> Transition:
    """For reports about an agent; without effect when he is not known."""

    def run(turn: Turn, event: Any) -> Refusal | None:
        agent = turn.state.agents.get(event.agent_id)
        if agent is not None and agent.logged_in:
            transition(turn, agent, event)
        return None

    return run


def _publish(turn: Turn, event: events.ConfigPublished) -> None:
    desk.publish(turn, event.config)
    interpreter.prune_scripts(turn)


def _logged_out(turn: Turn, agent: Agent, event: events.AgentLoggedOut) -> Refusal | None:
    if event.login_id and event.login_id != agent.login_id:
        return None
    return desk.log_out(turn, agent, "logged_out")


def _claimed(turn: Turn, agent: Agent, event: events.ClaimRequested) -> Refusal | None:
    contact = turn.state.contacts.get(event.contact_id)
    if contact is None:
        return Refusal(RefusalCode.UNKNOWN_CONTACT)
    return work.claim(turn, agent, contact)


def _phone_dialled(turn: Turn, event: events.PhoneDialled) -> Refusal | None:
    agent = turn.state.agents.get(event.agent_id) or Agent(event.agent_id, turn.now, turn.now)
    if event.line in turn.centre.lines or event.line in turn.state.refused_lines:
        return None
    return outgoing.dialled_on_phone(turn, agent, event.line, event.number)


def _work_ended(turn: Turn, event: events.WorkEnded) -> None:
    contact = turn.state.contacts.get(event.contact_id)
    if contact is not None:
        if contact.outgoing:
            return  # an answer is on its way; what becomes of it ends the contact
        if contact.phase in (Phase.WAITING, Phase.OFFERED):
            offers.abandon(turn, contact)
        else:
            end_contact(turn, contact, event.cause)


def _hang_up(turn: Turn, contact: Any, event: events.HangUpRequested) -> Refusal | None:
    if contact.offer is not None and contact.offer.agent_id == event.agent_id:
        return work.declined(turn, contact, event.agent_id)
    return talking.hang_up(turn, contact, event.agent_id)


def _transferred(turn: Turn, contact: Contact, event: events.TransferRequested) -> Refusal | None:
    if event.to.startswith(handing_over.PREFIX):
        return handing_over.hand_to_script(turn, contact, event.agent_id, event.to)
    if is_reaching(contact):
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": "dialling"})
    if contact.channel is not Channel.EMAIL:
        return transfer.transfer_by_agent(turn, contact, event.agent_id, event.to)
    refusal = answering.mail_talk_refusal(contact, event.agent_id)
    return refusal or parking.hand_on(turn, contact, event.agent_id, event.to)


_TRANSITIONS: dict[type, Transition] = {
    events.ConfigPublished: _publish,
    events.Recovered: lambda turn, _: reconcile.recovered(turn),
    events.Woke: waking.woke,
    events.CallArrived: calls.call_arrived,
    events.PhoneDialled: _phone_dialled,
    events.LineRinging: lambda turn, e: calls.line_ringing(turn, e.line),
    events.LineAnswered: lambda turn, e: calls.line_answered(turn, e.line),
    events.LineEnded: lambda turn, e: calls.line_ended(turn, e.line, e.cause, e.detail),
    events.DigitPressed: lambda turn, e: calls.digit_pressed(turn, e.line, e.digit),
    events.PlaybackEnded: calls.playback_ended,
    events.LinesReconciled: reconcile.reconcile,
    events.TelephonyLost: lambda turn, _: reconcile.telephony_lost(turn),
    events.PhoneReached: lambda turn, e: desk.phone_reported(turn, e.agent_id, e.address, True),
    events.PhoneUnreached: lambda turn, e: desk.phone_reported(turn, e.agent_id, e.address, False),
    events.WorkArrived: work.work_arrived,
    events.WorkEnded: _work_ended,
    events.AgentLoggedIn: desk.log_in,
    events.AgentLoggedOut: by_agent(_logged_out),
    events.PhoneChosen: by_agent(lambda turn, agent, e: desk.choose_phone(turn, agent, e.phone)),
    events.DesktopConnected: _of_desktop(
        lambda turn, agent, e: desk.desktop_connected(turn, agent, e.desktop_id)
    ),
    events.DesktopDisconnected: _of_desktop(
        lambda turn, agent, e: desk.desktop_disconnected(turn, agent, e.desktop_id)
    ),
    events.ReadyRequested: by_agent(lambda turn, agent, _: desk.become_ready(turn, agent)),
    events.WithdrawRequested: by_agent(lambda turn, agent, e: desk.withdraw(turn, agent, e.reason_id)),
    events.OfferAccepted: in_contact(lambda turn, contact, e: work.accepted(turn, contact, e.agent_id)),
    events.OfferDeclined: in_contact(lambda turn, contact, e: work.declined(turn, contact, e.agent_id)),
    events.ClaimRequested: by_agent(_claimed),
    events.HoldRequested: in_contact(lambda turn, contact, e: talking.hold(turn, contact, e.agent_id)),
    events.ResumeRequested: in_contact(lambda turn, contact, e: talking.resume(turn, contact, e.agent_id)),
    events.HangUpRequested: in_contact(_hang_up),
    events.DigitsRequested: in_contact(
        lambda turn, contact, e: talking.send_digits(turn, contact, e.agent_id, e.digits)
    ),
    events.TransferRequested: in_contact(_transferred),
    events.DialRequested: by_agent(lambda turn, agent, e: outgoing.dial(turn, agent, e.number, e.presented)),
    events.ReconnectRequested: in_contact(
        lambda turn, contact, e: talking.reconnect(turn, contact, e.agent_id)
    ),
    events.WrapUpFinished: by_agent(desk.wrap_up),
    LookedUp: interpreter.looked_up,
    **mail_transitions.TRANSITIONS,
    **deciding.CHAT_TRANSITIONS,
}
