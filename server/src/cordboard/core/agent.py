"""An agent: his seat, his phone, his desktops, and the engagements from which his state follows.

The state is never set, it is derived (`derive_state`): logged out, else in contact, reserved or in wrap-up by his
engagements, else withdrawn or ready. So it can not get stuck: when an engagement goes, the state goes with it.
"""

from dataclasses import dataclass, field
from datetime import datetime

from cordboard.core.contact import Engagement, EngagementState
from cordboard.core.events import Phone
from cordboard.core.words import AgentState, Channel, SeatKind

_BY_WEIGHT = (
    (EngagementState.IN_CONTACT, AgentState.IN_CONTACT),
    (EngagementState.RESERVED, AgentState.RESERVED),
    (EngagementState.WRAP_UP, AgentState.WRAP_UP),
)


@dataclass(slots=True)
class Agent:
    id: str
    since: datetime  # of `state`
    idle_since: datetime  # longest idle counts from here; an offer that came to nothing does not move it
    state: AgentState = AgentState.LOGGED_OUT
    reason_id: str = ""  # of `state` WITHDRAWN
    login_id: str = ""
    seat: SeatKind | None = None
    phone: Phone | None = None
    phone_reachable: bool = True
    registered: dict[str, bool] = field(default_factory=dict)  # by the endpoint's name, as last reported
    withdrawal: str = ""  # reason id while withdrawn, "" while ready
    planned_withdrawal: str = ""  # takes effect after the present contacts
    leaving: str = ""  # log out for this cause as soon as no contact is held
    desktops: list[str] = field(default_factory=list)
    engagements: dict[int, Engagement] = field(default_factory=dict)
    aside: list[int] = field(default_factory=list)  # emails that he has parked, or answered just now
    invitations: list[str] = field(default_factory=list)  # places that are kept for visitors who were invited
    beside: list[int] = field(default_factory=list)  # chats that he is in as a colleague or watches

    @property
    def logged_in(self) -> bool:
        return self.seat is not None

    def engaged_in(self, channel: Channel) -> int:
        count = 0
        for engagement in self.engagements.values():
            count += engagement.channel is channel
        return count + len(self.invitations) if channel is Channel.CHAT else count


def derive_state(agent: Agent) -> tuple[AgentState, str, int]:
    """The agent's state, its withdrawal reason and its contact (0: none)."""
    if agent.seat is None:
        return AgentState.LOGGED_OUT, "", 0
    if agent.engagements:
        for weight, state in _BY_WEIGHT:
            for engagement in agent.engagements.values():
                if engagement.state is weight:
                    return state, "", engagement.contact_id
    if agent.withdrawal:
        return AgentState.WITHDRAWN, agent.withdrawal, 0
    return AgentState.READY, "", 0


def exclusion(
    agent: Agent, channel: Channel, capacity: int, telephony_up: bool, *, even_withdrawn: bool = False
) -> str:
    """Why the agent can not be offered a contact of this channel now: the rule's name, "" when he can.

    One call at a time, and nothing beside a call; a chat or an invitation keeps calls away, an email does not. `even_withdrawn` is for
    what he asks for himself, and for what comes back to him.
    """
    if agent.seat is None:
        return "not_logged_in"
    if channel not in agent.seat.channels or capacity <= 0:
        return "no_capacity"
    if agent.leaving or ((agent.withdrawal or agent.planned_withdrawal) and not even_withdrawn):
        return "withdrawn"
    if agent.engagements or agent.invitations:
        if agent.invitations and channel is Channel.VOICE:
            return "invited"
        for engagement in agent.engagements.values():
            if engagement.channel is Channel.VOICE or (
                channel is Channel.VOICE and engagement.channel is not Channel.EMAIL
            ):
                return engagement.state
        if agent.engaged_in(channel) >= capacity:
            return "no_capacity"
    if channel is Channel.VOICE and not (telephony_up and agent.phone is not None and agent.phone_reachable):
        return "phone_unreachable"
    return ""
