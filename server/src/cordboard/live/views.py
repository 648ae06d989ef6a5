"""Rows from the core's state: pure functions, no clock. What depends on "now" travels as an instant."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

from cordboard.core.agent import Agent
from cordboard.core.config import Queue, TenantConfig
from cordboard.core.contact import Contact, Engagement, EngagementState, Leg, Phase
from cordboard.core.state import State
from cordboard.core.words import AgentState, Channel, Direction, LegRole, SystemReason
from cordboard.live import mails, talks
from cordboard.live.rows import ColleagueRow, ContactRow, MeRow, PhoneRow, Ref, Rows, SkillRef, iso, maybe_iso

SYSTEM_REASONS: Mapping[str, str] = {
    SystemReason.LOGGED_IN: "Just logged in",
    SystemReason.NO_ANSWER: "Did not answer",
    SystemReason.DECLINED: "Declined",
    SystemReason.PHONE_UNREACHABLE: "Phone not reachable",
    SystemReason.CONNECTION_LOST: "Connection lost",
    SystemReason.PHONE_CHANGED: "Phone changed",
}
_PLACEHOLDER = re.compile(r"\{([A-Za-z_][\w.]*)\}")


def reason_name(config: TenantConfig, reason_id: str) -> str:
    if not reason_id:
        return ""
    reason = config.withdrawal_reasons.get(reason_id)
    return reason.name if reason else SYSTEM_REASONS.get(reason_id, reason_id)


# -- me


def me_rows(state: State, agent_id: str) -> Rows:
    """Topic `me`: the agent, and every contact in his hands."""
    config = state.config
    if config is None or agent_id not in config.agents:
        return {}
    agent = state.agents.get(agent_id)
    rows: Rows = {"agent": me_row(state, config, agent_id, agent)}
    if agent is not None:
        for contact_id, engagement in agent.engagements.items():
            contact = state.contacts.get(contact_id)
            if contact is not None:
                rows[f"contact:{contact_id}"] = contact_row(config, agent, contact, engagement)
        for contact, engagement in talks.invited_in(state, agent):
            row = contact_row(config, agent, contact, engagement)
            rows[f"contact:{contact.id}"] = replace(row, role="colleague", can=("leave",))
        for contact_id in agent.aside:
            contact = state.contacts.get(contact_id)
            if contact is not None and contact_id not in agent.engagements:
                row = contact_row(config, agent, contact, mails.aside_engagement(contact))
                rows[f"contact:{contact_id}"] = row
    return rows


def me_row(state: State, config: TenantConfig, agent_id: str, agent: Agent | None) -> MeRow:
    name = config.agents[agent_id].name
    if agent is None or agent.state is AgentState.LOGGED_OUT:
        state_name, up = AgentState.LOGGED_OUT.value, state.telephony_up
        return MeRow(
            agent_id, name, state_name, None, "", "", None, None, None, "", None, False, up, config.version
        )
    planned = agent.planned_withdrawal
    return MeRow(
        id=agent_id,
        name=name,
        state=agent.state.value,
        since=iso(agent.since),
        reason_id=agent.reason_id,
        reason_name=reason_name(config, agent.reason_id),
        planned_reason_id=planned or None,
        planned_reason_name=reason_name(config, planned) or None,
        seat=agent.seat.value if agent.seat else None,
        holder=agent.login_id,
        phone=PhoneRow(agent.phone.kind.value, agent.phone.address) if agent.phone else None,
        phone_reachable=agent.phone is not None and agent.phone_reachable,
        telephony_up=state.telephony_up,
        config_version=config.version,
    )


def contact_row(config: TenantConfig, agent: Agent, contact: Contact, engagement: Engagement) -> ContactRow:
    phase, since = _phase(contact, engagement)
    leg = _leg_of(contact, agent.id)
    queue = config.queues.get(engagement.queue_id)
    offer = contact.offer if phase == "reserved" else None
    entry_point = config.entry_points.get(contact.entry_point_id)
    return ContactRow(
        contact_id=contact.id,
        channel=contact.channel.value,
        direction=contact.direction.value,
        phase=phase,
        since=since,
        offered_at=maybe_iso(offer.since if offer else None),
        answered_at=maybe_iso(engagement.answered_at),
        ring_until=maybe_iso(offer.expires_at if offer else None),
        wrap_up_until=maybe_iso(engagement.wrap_up_until),
        arrived_at=iso(contact.arrived_at),
        remote=contact.remote,
        remote_name=contact.remote_name,
        address=contact.address,
        subject=contact.subject,
        queue=Ref(queue.id, queue.name) if queue else None,
        entry_point=Ref(entry_point.id, entry_point.name) if entry_point else None,
        space_id=engagement.space_id,
        language=contact.language,
        tags=tuple(contact.tags),
        values=dict(contact.values),
        skills=_skills(config, contact, queue),
        waited_seconds=_waited(contact, engagement),
        leg_id=leg.id if leg else "",
        line=leg.line if leg else "",
        leg_state=_leg_state(phase, leg),
        closing_reason_id=engagement.closing_reason_id or None,
        note=engagement.note,
        closing_reason_required=engagement.reason_required,
        closing_reasons=tuple(
            Ref(reason.id, reason.name)
            for reason in config.closing_reasons.values()
            if reason.space_id == engagement.space_id
        ),
        website=website(config, contact, engagement.space_id, queue, agent.id),
        transfer_to=contact.transfer_to if contact.transfer_from_agent_id == agent.id else "",
        can=_can(contact, engagement, phase, leg),
        chat_id=contact.origin.contact_id if contact.origin else None,
        **(talks.fields(contact) if contact.chat is not None else mails.fields(contact)),
    )


def _phase(contact: Contact, engagement: Engagement) -> tuple[str, str]:
    if contact.phase in mails.ASIDE:
        return contact.phase.value, iso(engagement.since)
    if engagement.state is EngagementState.WRAP_UP:
        return "wrap_up", iso(engagement.since)
    if engagement.state is EngagementState.RESERVED:
        return "reserved", iso(contact.offer.since if contact.offer else engagement.since)
    if contact.phase is Phase.DIALLING:
        return "dialling", iso(contact.arrived_at)
    talk = contact.talk
    if contact.phase is Phase.ENDED or talk is None:
        return "ended", iso(engagement.since)
    if talk.adrift_since is not None:
        return "adrift", iso(talk.adrift_since)
    if talk.held_since is not None:
        return "held", iso(talk.held_since)
    return "talking", iso(talk.since)


def _leg_of(contact: Contact, agent_id: str) -> Leg | None:
    """The agent's newest line that is not on its way out."""
    own = [
        leg
        for leg in contact.legs.values()
        if leg.role is LegRole.AGENT and leg.agent_id == agent_id and not leg.leaving
    ]
    return own[-1] if own else None


def _leg_state(phase: str, leg: Leg | None) -> str:
    if leg is not None:
        return leg.state.value
    return "lost" if phase == "adrift" else ""


def _skills(config: TenantConfig, contact: Contact, queue: Queue | None) -> tuple[SkillRef, ...]:
    needs = contact.wait.needs if contact.wait else tuple(sorted(queue.needs.items())) if queue else ()
    return tuple(
        SkillRef(skill_id, config.skills[skill_id].name if skill_id in config.skills else skill_id, level)
        for skill_id, level in needs
    )


def _waited(contact: Contact, engagement: Engagement) -> float:
    """Seconds from the place in the queue to the answer; to the offer while it rings; 0 without a queue."""
    waited = timedelta()
    if contact.offer is not None and contact.wait is not None:
        waited = contact.offer.since - contact.wait.since
    elif (
        contact.talk is not None
        and contact.talk.waited_since is not None
        and engagement.answered_at is not None
    ):
        waited = engagement.answered_at - contact.talk.waited_since
    return round(max(waited, timedelta()).total_seconds(), 3)


def _can(contact: Contact, engagement: Engagement, phase: str, leg: Leg | None) -> tuple[str, ...]:
    voice = contact.channel is Channel.VOICE
    match phase:
        case "reserved":
            return ("decline",) if voice else ("accept", "decline")
        case "dialling":
            return ("hang_up", "wrap_up")
        case "talking" if voice:
            return ("hold", "transfer", "digits", "hang_up", "reconnect", "wrap_up")
        case "talking" if contact.channel is Channel.EMAIL:
            return mails.can_in_hand(contact)
        case "talking":
            return ("transfer", "hang_up", "wrap_up")
        case "held":
            return ("resume", "transfer", "hang_up", "wrap_up")
        case "adrift":
            resume = ("resume",) if leg is not None and leg.answered_at is not None else ()
            return (*resume, "reconnect", "transfer", "hang_up", "wrap_up")
        case "wrap_up":
            return ("wrap_up",)
        case "sending" | "validating":
            return ("recall",)
        case "parked":
            return ("unpark",)
        case _:
            return ()


def website(config: TenantConfig, contact: Contact, space_id: str, queue: Queue | None, agent_id: str) -> str:
    """The page that Show Website opens: the queue's template, else the Space's, filled from the contact."""
    space = config.spaces.get(space_id)
    template = (queue.website if queue else "") or (space.website if space else "")
    known = {
        "caller": contact.remote,
        "name": contact.remote_name,
        "called": contact.address,
        "contact": str(contact.id),
        "queue": queue.id if queue else "",
        "space": space_id,
        "language": contact.language,
        "agent": agent_id,
        "direction": Direction(contact.direction).value,
    }

    def fill(found: re.Match[str]) -> str:
        name = found.group(1)
        value = contact.values.get(name.removeprefix("values."), "") if name not in known else known[name]
        return quote(value, safe="")

    return _PLACEHOLDER.sub(fill, template)


# -- colleagues


def colleague_row(state: State, config: TenantConfig, agent_id: str) -> ColleagueRow | None:
    """Topic `colleagues`, key: the agent's id; None when the configuration has no such agent."""
    profile = config.agents.get(agent_id)
    if profile is None:
        return None
    agent = state.agents.get(agent_id)
    if agent is not None and agent.state is AgentState.LOGGED_OUT:
        agent = None
    return ColleagueRow(
        id=agent_id,
        name=profile.name,
        state=(agent.state if agent else AgentState.LOGGED_OUT).value,
        since=maybe_iso(agent.since if agent else None),
        reason_name=reason_name(config, agent.reason_id) if agent else "",
        groups=profile.group_ids,
        extension=profile.extension,
        space_ids=profile.space_ids,
    )
