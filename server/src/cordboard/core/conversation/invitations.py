"""Invitations of a dynamic button: an agent's capacity is reserved for their seconds, so nobody is invited into a queue."""

from datetime import timedelta

from cordboard.core.conversation import facts
from cordboard.core.conversation.events import InvitationRequested
from cordboard.core.conversation.state import Invitation
from cordboard.core.matching import needs_of
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Turn
from cordboard.core.words import Channel

_DEFAULT_TIME = timedelta(seconds=20)


def request(turn: Turn, event: InvitationRequested) -> Refusal | None:
    """The same reference again is the same invitation."""
    if event.reference in turn.state.invitations:
        return None
    button = turn.config.chat_buttons.get(event.entry_point_id)
    queue = turn.queue(button.queue_id) if button else None
    if button is None or queue is None or queue.channel is not Channel.CHAT:
        return Refusal(RefusalCode.NOBODY_FREE)
    agent_id = turn.centre.matching.find_free(queue, needs_of(queue, {}))
    if agent_id is None:
        return Refusal(RefusalCode.NOBODY_FREE)
    expires_at = turn.now + (button.invitation_time or _DEFAULT_TIME)
    invitation = Invitation(event.reference, button.id, queue.id, agent_id, expires_at)
    turn.state.invitations[event.reference] = invitation
    agent = turn.state.agents[agent_id]
    agent.invitations.append(event.reference)
    turn.touch(agent)
    turn.wake(f"invitation:{event.reference}", expires_at)
    turn.note(facts.InvitationMade(event.reference, button.id, queue.id, agent_id))
    return None


def close(turn: Turn, reference: str, outcome: str, contact_id: int = 0) -> Invitation | None:
    """The place is given back (and taken by the contact that follows, when it was accepted)."""
    invitation = turn.state.invitations.pop(reference, None)
    if invitation is None:
        return None
    turn.cancel_wake(f"invitation:{reference}")
    agent = turn.state.agents.get(invitation.agent_id)
    if agent is not None and reference in agent.invitations:
        agent.invitations.remove(reference)
        turn.touch(agent)
    turn.note(
        facts.InvitationClosed(
            reference,
            invitation.entry_point_id,
            invitation.queue_id,
            invitation.agent_id,
            outcome,
            contact_id,
        )
    )
    return invitation
