"""Which wakes the core may have asked for: each must have a reason in the state, so that none is left behind."""

from collections.abc import Iterator

from cordboard.core.contact import Contact, EngagementState, Phase
from cordboard.core.conversation.words import CallStage
from cordboard.core.reaching import is_ringing
from cordboard.core.state import State
from cordboard.core.words import Channel


def reasons(state: State) -> Iterator[str]:
    for contact in state.contacts.values():
        if contact.offer is not None:
            yield f"ring:{contact.id}"
        if contact.phase in (Phase.FORWARDING, Phase.DIALLING) or is_ringing(contact):
            yield f"forward:{contact.id}"
        yield from _of_calls(contact)
        if contact.talk is not None and contact.talk.adrift_since is not None:
            yield f"lost:{contact.id}"
        if contact.wait is not None and contact.wait.expires_at is not None:
            yield f"expire:{contact.id}"
        if any(leg.leaving for leg in contact.legs.values()):
            yield f"reap:{contact.id}"
        chat = contact.chat
        if chat is not None and contact.phase is not Phase.ENDED and not chat.connected:
            yield f"visitor:{contact.id}"
        if chat is not None and contact.phase is Phase.SCRIPT and chat.bot_pending:
            yield f"bot:{contact.id}"
        if contact.phase is Phase.SCRIPT and contact.run is not None and contact.run.asked:
            yield f"lookup:{contact.id}"
        yield from _of_mail(contact)
    yield from (f"invitation:{reference}" for reference in state.invitations)
    for agent in state.agents.values():
        if agent.seat is not None and not agent.desktops:
            yield f"desk:{agent.id}"
        for contact_id, engagement in agent.engagements.items():
            if engagement.state is EngagementState.WRAP_UP:
                yield f"wrap:{agent.id}:{contact_id}"


def _of_calls(contact: Contact) -> Iterator[str]:
    """Out of chats."""
    if contact.phase is Phase.ENDED:
        return
    if contact.origin is not None and contact.origin.lost_since is not None:
        yield f"page:{contact.id}"
    call = contact.chat.call if contact.chat is not None else None
    if call is not None and call.stage in (CallStage.ASKED, CallStage.ACCEPTED):
        yield f"call:{contact.id}"


def _of_mail(contact: Contact) -> Iterator[str]:
    thread, expert = contact.thread, contact.expert
    if thread is not None and thread.due_at is not None and not thread.due_missed:
        yield f"due:{contact.id}"
    if contact.wait is not None and contact.wait.preferred_agent_id:
        yield f"prefer:{contact.id}"
    if contact.parked is not None and contact.parked.until is not None:
        yield f"park:{contact.id}"
    if expert is not None and (expert.remind_at or expert.deadline):
        yield f"expert:{contact.id}"
    if any(not answer.rule_id for answer in contact.outgoing):
        yield f"undo:{contact.id}"
    if any(answer.rule_id and answer.held_until for answer in contact.outgoing):
        yield f"valid:{contact.id}"


def may_outlive(state: State, key: str) -> bool:
    """Wakes that are left to run out while their contact lives."""
    what, _, subject = key.partition(":")
    contact = state.contacts.get(int(subject)) if subject.isdigit() else None
    if contact is None:
        return False
    allowed = {
        "reap": True,
        "announce": contact.wait is not None and contact.channel is Channel.VOICE,
        "menu": contact.phase is Phase.SCRIPT,
        "adrift": contact.talk is not None,
        "idle": contact.chat is not None and contact.phase is not Phase.ENDED,
    }
    return allowed.get(what, False)


def may_be_over(state: State, key: str) -> bool:
    """Wakes that have come, and left what they are for as it was."""
    what, _, subject = key.partition(":")
    if what == "wrap":
        agent_id, _, contact_id = subject.rpartition(":")
        engagement = state.agents[agent_id].engagements[int(contact_id)]
        return engagement.reason_required and not engagement.closing_reason_id
    if what == "desk":
        return bool(state.agents[subject].leaving)
    if what == "valid":
        return True
    return what == "expire" and state.contacts[int(subject)].phase is Phase.OFFERED
