"""Why this agent? Derived from the facts before a `RoutingDecided`, by the same rules that the core decided by.

`Past` folds facts up to the decision: seats, phones, withdrawals and engagements of every agent. `explain` then asks, for
each agent of the configuration that was in force, the very functions that matching uses; so the answer can not drift from
the decision. The number of those found eligible is the one that the decision recorded.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cordboard.core import facts
from cordboard.core.agent import Agent, exclusion
from cordboard.core.config import TenantConfig
from cordboard.core.contact import Engagement, EngagementState
from cordboard.core.conversation import facts as chat_facts
from cordboard.core.events import Phone
from cordboard.core.facts import Recorded, RoutingDecided
from cordboard.core.mail.facts import ContactReturned
from cordboard.core.matching import Needs, needs_of, unmet_rule
from cordboard.core.words import AgentState, Channel, Direction, LegRole, SystemReason

CHOSEN, ELIGIBLE, EXCLUDED = "chosen", "eligible", "excluded"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`rule` (of an excluded agent): not_logged_in, withdrawn, in_contact, reserved, wrap_up, lacks_skill, not_in_group,
    phone_unreachable, no_capacity, pulls_itself, returned_it. `detail`: a skill and the level needed, or a withdrawal reason."""

    agent_id: str
    verdict: str
    rule: str = ""
    detail: str = ""


@dataclass(slots=True)
class Past:
    """Agents, telephony and configuration as the facts so far leave them."""

    agents: dict[str, Agent] = field(default_factory=dict)
    telephony_up: bool = True  # until a fact says otherwise
    config_version: int = 0
    returned: dict[int, set[str]] = field(default_factory=dict)  # contact -> who has returned it
    _outgoing: set[int] = field(default_factory=set)
    _channels: dict[int, Channel] = field(default_factory=dict)  # of contacts, voice when it is not known

    def apply(self, recorded: Recorded) -> None:
        fact = recorded.fact
        match fact:
            case facts.ConfigChanged():
                self.config_version = fact.version
            case facts.TelephonyChanged():
                self.telephony_up = fact.up
            case ContactReturned():
                self.returned.setdefault(fact.contact_id, set()).add(fact.agent_id)
            case facts.ContactArrived():
                self._channels[fact.contact_id] = fact.channel
                if fact.direction is Direction.OUTBOUND:
                    self._outgoing.add(fact.contact_id)
            case _:
                agent_id = getattr(fact, "agent_id", "")
                if agent_id:
                    agent = self.agents.setdefault(agent_id, Agent(agent_id, recorded.at, recorded.at))
                    self._of_agent(agent, fact, recorded)

    def _of_agent(self, agent: Agent, fact: facts.Fact, recorded: Recorded) -> None:
        match fact:
            case facts.SeatTaken():
                agent.seat = fact.seat
                agent.phone = Phone(fact.phone, "") if fact.phone else None
                agent.phone_reachable = True
                if not fact.taken_over:
                    agent.withdrawal, agent.planned_withdrawal = SystemReason.LOGGED_IN, ""
            case chat_facts.InvitationMade():
                agent.invitations.append(fact.reference)
            case chat_facts.InvitationClosed():
                if fact.reference in agent.invitations:
                    agent.invitations.remove(fact.reference)
            case facts.SeatFreed():
                agent.seat, agent.phone, agent.withdrawal, agent.planned_withdrawal = None, None, "", ""
                agent.engagements.clear()
            case facts.AgentPhoneChanged():
                agent.phone = Phone(fact.phone, "") if fact.phone else None
                agent.phone_reachable = fact.reachable
            case facts.WithdrawalPlanned():
                agent.planned_withdrawal = fact.reason_id
            case facts.AgentStateChanged():
                self._state(agent, fact, recorded)
            case _:
                self._engagement(agent, fact, recorded)

    def _state(self, agent: Agent, fact: facts.AgentStateChanged, recorded: Recorded) -> None:
        agent.state, agent.reason_id, agent.since = fact.after, fact.reason_id, recorded.at
        if fact.after is AgentState.WITHDRAWN:
            agent.withdrawal, agent.planned_withdrawal = fact.reason_id, ""
        elif fact.after is AgentState.READY:
            agent.withdrawal = agent.planned_withdrawal = ""
        if fact.after in (AgentState.READY, AgentState.WITHDRAWN, AgentState.LOGGED_OUT):
            agent.engagements.clear()
        elif fact.contact_id:
            self._engage(agent, fact.contact_id, EngagementState(fact.after.value), recorded)

    def _engagement(self, agent: Agent, fact: facts.Fact, recorded: Recorded) -> None:
        match fact:
            case facts.ContactOffered():
                self._engage(agent, fact.contact_id, EngagementState.RESERVED, recorded)
            case facts.LegStarted() if fact.role is LegRole.AGENT and fact.contact_id in self._outgoing:
                self._engage(agent, fact.contact_id, EngagementState.IN_CONTACT, recorded)
            case facts.ContactAnswered():
                self._engage(agent, fact.contact_id, EngagementState.IN_CONTACT, recorded)
            case facts.TalkEnded():
                self._engage(agent, fact.contact_id, EngagementState.WRAP_UP, recorded)
            case facts.OfferEnded() | facts.WrappedUp():
                agent.engagements.pop(fact.contact_id, None)
            case _:
                return

    def _engage(self, agent: Agent, contact_id: int, state: EngagementState, recorded: Recorded) -> None:
        known = agent.engagements.get(contact_id)
        if known is None:
            agent.engagements[contact_id] = Engagement(
                contact_id,
                self._channels.get(contact_id, Channel.VOICE),
                state,
                recorded.at,
                "",
                "",
                timedelta(),
                False,
            )
        else:
            known.state = state


def explain(
    decision: RoutingDecided, past: Past, config: TenantConfig, channel: Channel, needs: Needs | None
) -> list[Verdict]:
    """One verdict for each agent of `config`: the chosen first, then the eligible, then the excluded by name.

    `needs`: those of the contact's last `ContactQueued`; None takes the queue's own.
    """
    queue = config.queues.get(decision.queue_id)
    if needs is None:
        needs = needs_of(queue, {}) if queue else ()
    group_ids = queue.group_ids if queue else ()
    verdicts = []
    for profile in config.agents.values():
        if profile.id == decision.agent_id:
            verdicts.append(Verdict(profile.id, CHOSEN))
            continue
        agent = past.agents.get(profile.id) or Agent(profile.id, _LONG_AGO, _LONG_AGO)
        rule = "not_logged_in" if agent.seat is None else unmet_rule(profile, channel, needs, group_ids)
        if profile.id in past.returned.get(decision.contact_id, ()):
            rule = rule or "returned_it"
        rule = rule or exclusion(agent, channel, profile.capacity.get(channel, 0), past.telephony_up)
        name, _, detail = rule.partition(":")
        if name == "withdrawn":
            detail = agent.withdrawal or agent.planned_withdrawal
        verdicts.append(Verdict(profile.id, EXCLUDED if rule else ELIGIBLE, name, detail))
    names = {profile.id: profile.name for profile in config.agents.values()}
    order = {CHOSEN: 0, ELIGIBLE: 1, EXCLUDED: 2}
    return sorted(verdicts, key=lambda verdict: (order[verdict.verdict], names[verdict.agent_id]))
