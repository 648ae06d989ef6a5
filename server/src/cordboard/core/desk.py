"""An agent's login, seat, phone, desktops, readiness and wrap-up.

Seats are counted here, by the one task that decides, so a limit can not race (FEATURES A2). A login outlives its last
desktop by `desktop_grace`; a second login of the same agent takes over the seat, the contacts and the state.
"""

from cordboard.core import facts
from cordboard.core.agent import Agent
from cordboard.core.config import TenantConfig
from cordboard.core.contact import Contact, Engagement, EngagementState, Phase
from cordboard.core.conversation import invitations
from cordboard.core.dialling import check_number
from cordboard.core.ending import finish_wrap_up
from cordboard.core.events import AgentLoggedIn, Phone, WrapUpFinished
from cordboard.core.mail.returning import unpark
from cordboard.core.matching import needs_of
from cordboard.core.offers import offer_failed
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.script.interpreter import go_on, wait_expired
from cordboard.core.talking import DESKTOP_AWAY, let_go
from cordboard.core.turn import Turn
from cordboard.core.waiting import queue_for, release_preferred, stand, stay
from cordboard.core.words import Channel, EndCause, PhoneKind, SeatKind, SystemReason


def log_in(turn: Turn, event: AgentLoggedIn) -> Refusal | None:
    if event.agent_id not in turn.config.agents:
        return Refusal(RefusalCode.UNKNOWN_AGENT, {"agent": event.agent_id})
    agent = turn.state.agents.get(event.agent_id)
    taken_over = agent is not None and agent.logged_in
    refusal = _phone_refusal(turn, event.phone)
    if refusal is None and (agent is None or agent.seat is not event.seat):
        refusal = _seat_refusal(turn, event.seat)
    if refusal is not None:
        return refusal
    if agent is None:
        agent = turn.state.agents[event.agent_id] = Agent(event.agent_id, turn.now, turn.now)
    if not taken_over:
        agent.withdrawal, agent.planned_withdrawal = SystemReason.LOGGED_IN, ""
        agent.idle_since = turn.now
    agent.login_id, agent.seat, agent.leaving = event.login_id, event.seat, ""
    _set_phone(turn, agent, event.phone)
    turn.cancel_wake(f"desk:{agent.id}")
    if not agent.desktops:
        turn.wake_in(f"desk:{agent.id}", turn.config.desktop_grace)
    turn.centre.matching.join(turn.config.agents[agent.id])
    turn.touch(agent)
    turn.note(facts.SeatTaken(agent.id, event.seat, event.phone.kind if event.phone else None, taken_over))
    return None


def _seat_refusal(turn: Turn, seat: SeatKind) -> Refusal | None:
    subscribed = turn.config.seats.get(seat, 0)
    if subscribed == 0:
        return Refusal(RefusalCode.SEAT_NOT_SUBSCRIBED, {"seat": seat.value})
    holders = [agent.id for agent in turn.state.agents.values() if agent.seat is seat]
    if len(holders) < subscribed:
        return None
    names = (
        turn.config.agents[agent_id].name if agent_id in turn.config.agents else agent_id
        for agent_id in holders
    )
    return Refusal(
        RefusalCode.SEATS_FULL,
        {"seat": seat.value, "subscribed": str(subscribed), "taken_by": ", ".join(sorted(names))},
    )


def _phone_refusal(turn: Turn, phone: Phone | None) -> Refusal | None:
    """An agent's calls may go to an outside number: the dial plan has its say about that too."""
    if phone is None or phone.kind is not PhoneKind.NUMBER:
        return None
    number = check_number(turn.config.dial_plan, phone.address, turn.centre.normalise)
    if isinstance(number, Refusal):
        return number
    return None if number == phone.address else Refusal(RefusalCode.NUMBER_INVALID, {"number": phone.address})


def log_out(turn: Turn, agent: Agent, cause: str) -> Refusal | None:
    """By the agent: refused during a call or chat. By the clock or the configuration: takes effect after his call.

    Emails and chats do not end by themselves, so those are given to somebody else.
    """
    if agent.seat is None:
        return None
    holding = _held(agent)
    if cause == "logged_out" and any(each.channel is not Channel.EMAIL for each in holding):
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": EngagementState.IN_CONTACT.value})
    if agent.leaving != "configuration":  # that stays, also when a desktop comes back
        agent.leaving = cause
    turn.touch(agent)
    for engagement in holding:
        contact = turn.state.contacts.get(engagement.contact_id)
        if contact is not None and contact.talk is not None and contact.channel is not Channel.VOICE:
            let_go(turn, contact, contact.talk)
    if not _held(agent):
        complete_log_out(turn, agent)
    return None


def _held(agent: Agent) -> list[Engagement]:
    return [each for each in agent.engagements.values() if each.state is EngagementState.IN_CONTACT]


def complete_log_out(turn: Turn, agent: Agent) -> None:
    """Frees the seat. What he had been offered is put back, what he had to wrap up is closed without a reason."""
    seat = agent.seat
    if seat is None:
        return
    for contact_id, engagement in list(agent.engagements.items()):
        if engagement.state is EngagementState.RESERVED and contact_id in turn.state.contacts:
            contact = turn.state.contacts[contact_id]
            step_id = offer_failed(turn, contact, EndCause.CLOSED)
            if step_id:
                go_on(turn, contact, step_id)
        else:
            finish_wrap_up(turn, agent, contact_id)
    for reference in list(agent.invitations):
        invitations.close(turn, reference, "expired")
    turn.cancel_wake(f"desk:{agent.id}")
    turn.centre.matching.leave(agent.id)
    release_preferred(turn, agent.id)
    turn.note(facts.SeatFreed(agent.id, seat, agent.leaving or "logged_out"))
    agent.seat, agent.phone, agent.login_id, agent.leaving = None, None, "", ""
    agent.withdrawal = agent.planned_withdrawal = ""
    turn.touch(agent)


def choose_phone(turn: Turn, agent: Agent, phone: Phone) -> Refusal | None:
    if any(engagement.state is not EngagementState.WRAP_UP for engagement in agent.engagements.values()):
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": agent.state.value})
    refusal = _phone_refusal(turn, phone)
    if refusal is None:
        _set_phone(turn, agent, phone)
    return refusal


def _set_phone(turn: Turn, agent: Agent, phone: Phone | None) -> None:
    agent.phone = phone
    agent.phone_reachable = phone is None or agent.registered.get(phone.address, True)
    turn.touch(agent)
    turn.note(facts.AgentPhoneChanged(agent.id, phone.kind if phone else None, agent.phone_reachable))


def phone_reported(turn: Turn, agent_id: str, address: str, registered: bool) -> None:
    """An endpoint has come or gone. It is remembered also for an agent who is not logged in: he may choose it next."""
    agent = turn.state.agents.get(agent_id)
    if agent is None:
        if agent_id not in turn.config.agents:
            return
        agent = turn.state.agents[agent_id] = Agent(agent_id, turn.now, turn.now)
    if address:
        agent.registered[address] = registered
    phone = agent.phone
    if phone is None or phone.kind is PhoneKind.NUMBER or (address and address != phone.address):
        return
    if agent.phone_reachable != registered:
        agent.phone_reachable = registered
        turn.touch(agent)
        turn.note(facts.AgentPhoneChanged(agent.id, phone.kind, registered))


def become_ready(turn: Turn, agent: Agent) -> Refusal | None:
    """Also takes back a withdrawal that is planned for after the present contact."""
    if agent.planned_withdrawal:
        agent.planned_withdrawal = ""
        turn.note(facts.WithdrawalPlanned(agent.id, ""))
        turn.touch(agent)
        return None
    if any(engagement.state is EngagementState.WRAP_UP for engagement in agent.engagements.values()):
        return Refusal(RefusalCode.WRAP_UP_FIRST)
    if agent.withdrawal:
        agent.withdrawal = ""
        agent.idle_since = turn.now
    turn.touch(agent)
    return None


def withdraw(turn: Turn, agent: Agent, reason_id: str) -> Refusal | None:
    if reason_id not in turn.config.withdrawal_reasons:
        return Refusal(RefusalCode.UNKNOWN_REASON, {"reason": reason_id})
    if agent.engagements:
        agent.planned_withdrawal = reason_id
        turn.note(facts.WithdrawalPlanned(agent.id, reason_id))
    else:
        agent.withdrawal = reason_id
    turn.touch(agent)
    return None


# -- wrap-up


def wrap_up(turn: Turn, agent: Agent, event: WrapUpFinished) -> Refusal | None:
    """Closes the agent's part; during the contact it is kept until then."""
    engagement = agent.engagements.get(event.contact_id)
    if engagement is None:
        return Refusal(RefusalCode.NOT_YOUR_CONTACT)
    if event.closing_reason_id and event.closing_reason_id not in turn.config.closing_reasons:
        return Refusal(RefusalCode.UNKNOWN_REASON, {"reason": event.closing_reason_id})
    in_wrap_up = engagement.state is EngagementState.WRAP_UP
    if (
        in_wrap_up
        and engagement.reason_required
        and not event.closing_reason_id
        and not engagement.closing_reason_id
    ):
        return Refusal(RefusalCode.CLOSING_REASON_REQUIRED)
    engagement.closing_reason_id = event.closing_reason_id or engagement.closing_reason_id
    engagement.note = event.note or engagement.note
    turn.touch(agent)
    if in_wrap_up:
        finish_wrap_up(turn, agent, event.contact_id)
    else:
        turn.note(facts.ClosingReasonChosen(event.contact_id, agent.id, engagement.closing_reason_id))
    return None


def wrap_up_expired(turn: Turn, agent: Agent, contact_id: int) -> None:
    """Time is up: Ready again, unless a closing reason is required and still missing (the desktop then insists)."""
    engagement = agent.engagements.get(contact_id)
    if engagement is None or engagement.state is not EngagementState.WRAP_UP:
        return
    if engagement.closing_reason_id or not engagement.reason_required:
        finish_wrap_up(turn, agent, contact_id)


# -- desktops


def desktop_connected(turn: Turn, agent: Agent, desktop_id: str) -> None:
    """Also before a seat is taken: a login finds the desktops that are there."""
    if desktop_id not in agent.desktops:
        agent.desktops.append(desktop_id)
        turn.note(facts.DesktopChanged(agent.id, len(agent.desktops)))
    turn.cancel_wake(f"desk:{agent.id}")
    for contact_id in agent.engagements:
        turn.cancel_wake(f"adrift:{contact_id}")
    if agent.leaving == "desktop_lost":
        agent.leaving = ""
        turn.touch(agent)


def desktop_disconnected(turn: Turn, agent: Agent, desktop_id: str) -> None:
    if desktop_id in agent.desktops:
        agent.desktops.remove(desktop_id)
        turn.note(facts.DesktopChanged(agent.id, len(agent.desktops)))
    if not agent.desktops:
        await_desktop(turn, agent)


def await_desktop(turn: Turn, agent: Agent) -> None:
    """No desktop is connected: soon the caller of a browser call hears music, later the seat is freed."""
    if agent.seat is None:
        return
    turn.wake_in(f"desk:{agent.id}", turn.config.desktop_grace)
    if agent.phone is None or agent.phone.kind is not PhoneKind.BROWSER:
        return
    for contact_id in agent.engagements:
        contact = turn.state.contacts.get(contact_id)
        if (
            contact is not None
            and contact.phase is Phase.TALKING
            and contact.channel is Channel.VOICE
            and contact.talk
            and contact.talk.agent_id == agent.id
        ):
            turn.wake_in(f"adrift:{contact_id}", DESKTOP_AWAY)


# -- configuration


def publish(turn: Turn, config: TenantConfig) -> None:
    """A new version is in force. Agents and queues that are gone are let go; runs in progress keep their script."""
    before = turn.state.config.agents if turn.state.config else {}
    turn.state.config = config
    turn.centre.index_config()
    turn.note(facts.ConfigChanged(config.version))
    for agent in list(turn.state.agents.values()):
        profile = config.agents.get(agent.id)
        if profile is None and agent.logged_in:
            turn.centre.matching.leave(agent.id)
            log_out(turn, agent, "configuration")
        elif profile is None:
            del turn.state.agents[agent.id]
            continue
        elif agent.logged_in and profile != before.get(agent.id):
            turn.centre.matching.join(profile)
            if agent.leaving == "configuration":
                agent.leaving = ""
            turn.touch(agent)
    for contact in list(turn.state.contacts.values()):
        _queue_changed(turn, contact)


def _queue_changed(turn: Turn, contact: Contact) -> None:
    """Who waits is matched by the queue as it is now. If it is gone, he goes on in his script, or is told and let go."""
    wait = contact.wait
    if contact.parked is not None and contact.parked.stranded and queue_for(turn, contact) is not None:
        unpark(turn, contact, "queue")
        stay(turn, contact)
        return
    if wait is None or not wait.queue_id or contact.phase is not Phase.WAITING or wait.named_agent_id:
        return
    queue = turn.queue(wait.queue_id)
    if queue is None:
        wait_expired(turn, contact)
        return
    wait.needs = needs_of(queue, dict(wait.extra_needs))
    stand(turn, contact, queue)
