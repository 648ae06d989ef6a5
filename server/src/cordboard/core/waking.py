"""An instant has come that a transition has asked for: which transition wants to know."""

from cordboard.core import desk, events, offers, reaching, talking, transfer
from cordboard.core.commands import HangUp
from cordboard.core.contact import Phase
from cordboard.core.conversation import deciding, invitations
from cordboard.core.ending import forget_if_over
from cordboard.core.mail import transitions as mail_transitions
from cordboard.core.script import interpreter, look_up
from cordboard.core.turn import REAP_AFTER, Turn
from cordboard.core.waiting import announce
from cordboard.core.words import EndCause


def woke(turn: Turn, event: events.Woke) -> None:
    """Keys are "<what>:<contact>", "desk:<agent>" and "wrap:<agent>:<contact>"."""
    due = turn.state.wakes.get(event.key)
    if due is None or due > turn.now:
        return
    del turn.state.wakes[event.key]
    what, _, subject = event.key.partition(":")
    if what in ("desk", "wrap"):
        _woke_for_agent(turn, what, subject)
        return
    if what == "invitation":
        invitations.close(turn, subject, "expired")
        return
    contact = turn.state.contacts.get(int(subject))
    if contact is None:
        return
    turn.contact_id = contact.id
    step_id = ""
    match what:
        case "ring":
            step_id = offers.ring_timed_out(turn, contact)
        case "announce":
            announce(turn, contact)
        case "expire":
            interpreter.wait_expired(turn, contact)
        case "menu":
            interpreter.menu_timed_out(turn, contact)
        case "adrift":
            talking.desktop_gone(turn, contact)
        case "lost":
            talking.give_up(turn, contact)
        case "forward":
            step_id = _not_forwarded(turn, contact.id)
        case "reap":
            _reap(turn, contact.id)
        case "lookup":
            step_id = look_up.timed_out(turn, contact)
        case "page":
            reaching.give_up(turn, contact)
        case "visitor" | "idle" | "bot" | "call":
            deciding.woke(turn, contact, what)
        case _:
            mail_transitions.woke(turn, contact, what)
    if step_id:
        interpreter.go_on(turn, contact, step_id)


def _not_forwarded(turn: Turn, contact_id: int) -> str:
    """An outside number has not answered in time."""
    contact = turn.state.contacts[contact_id]
    reaching.not_answered(turn, contact)
    leg = contact.outside_leg()
    if contact.phase is not Phase.FORWARDING:
        return ""
    if leg is not None:
        turn.hang_up_leg(contact, leg)
    return transfer.transfer_failed(turn, contact, EndCause.NO_ANSWER)


def _reap(turn: Turn, contact_id: int) -> None:
    """Lines whose end was asked for and never reported: asked for once more, and given up."""
    contact = turn.state.contacts[contact_id]
    if not turn.state.telephony_up:
        turn.wake_in(
            f"reap:{contact.id}", REAP_AFTER
        )  # it can not be asked for now, and must not be forgotten
        return
    for leg in [leg for leg in contact.legs.values() if leg.leaving]:
        turn.do(HangUp(leg.line))
        turn.drop_leg(contact, leg)
    forget_if_over(turn, contact)


def _woke_for_agent(turn: Turn, what: str, subject: str) -> None:
    agent_id, _, contact_id = subject.rpartition(":") if what == "wrap" else (subject, "", "")
    agent = turn.state.agents.get(agent_id)
    if agent is None:
        return
    if what == "wrap":
        desk.wrap_up_expired(turn, agent, int(contact_id))
    elif not agent.desktops:
        desk.log_out(turn, agent, "desktop_lost")
