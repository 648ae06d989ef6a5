"""What happens between the answer and the end: hold, digits, hanging up, and a line that is lost and comes back.

A contact is **adrift** while its agent's line or desktop is lost: the end-customer hears music, the agent keeps the
contact for `reconnect_grace`, and then it goes back to the front of its queue.
"""

from datetime import timedelta

from cordboard.core import commands as do
from cordboard.core import facts
from cordboard.core.contact import Contact, Leg, Phase, Talk
from cordboard.core.ending import end_contact, end_talk
from cordboard.core.mail.returning import give_back
from cordboard.core.reaching import is_there
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Turn
from cordboard.core.waiting import place_again, put_back
from cordboard.core.words import Channel, EndCause, LegRole, LegState, PhoneKind, SystemReason

DESKTOP_AWAY = timedelta(seconds=2)  # a live connection may blink this long before the caller hears music


def _talk_of(contact: Contact, agent_id: str) -> Talk | Refusal:
    talk = contact.talk
    if contact.phase is not Phase.TALKING or talk is None or talk.agent_id != agent_id:
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": contact.phase.value})
    return talk


def _call_of(contact: Contact, agent_id: str) -> Talk | Refusal:
    if contact.channel is not Channel.VOICE:
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": contact.channel.value})
    return _talk_of(contact, agent_id)


def hold(turn: Turn, contact: Contact, agent_id: str) -> Refusal | None:
    talk = _call_of(contact, agent_id)
    if isinstance(talk, Refusal):
        return talk
    if talk.held_since is None and talk.adrift_since is None:
        talk.held_since = turn.now
        turn.close_room(contact)
        turn.music(contact, talk.queue_id)
        turn.note(facts.ContactHeld(contact.id, agent_id))
    return None


def resume(turn: Turn, contact: Contact, agent_id: str) -> Refusal | None:
    """Ends a hold; also ends being adrift when the agent's line has in fact survived."""
    talk = _call_of(contact, agent_id)
    if isinstance(talk, Refusal):
        return talk
    leg = contact.legs.get(talk.leg_id)
    if leg is None or leg.state is not LegState.UP:
        return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": "adrift"})
    if talk.adrift_since is not None:
        restored(turn, contact, talk, leg)
    elif talk.held_since is not None:
        _end_hold(turn, contact, talk)
        _connect(turn, contact, leg)
    return None


def _end_hold(turn: Turn, contact: Contact, talk: Talk) -> None:
    if talk.held_since is not None:
        lasted = turn.now - talk.held_since
        talk.held += lasted
        talk.held_since = None
        turn.note(facts.ContactResumed(contact.id, talk.agent_id, lasted))


def _connect(turn: Turn, contact: Contact, leg: Leg) -> None:
    caller = contact.end_customer_leg()
    if caller is not None and is_there(caller):
        turn.set_room(contact, caller, leg)


def hang_up(turn: Turn, contact: Contact, agent_id: str) -> Refusal | None:
    """Ends the call, cancels an outgoing one, closes an email or a chat."""
    if contact.phase is Phase.DIALLING:
        end_contact(turn, contact, EndCause.AGENT_HUNG_UP)
        return None
    talk = _talk_of(contact, agent_id)
    if isinstance(talk, Refusal):
        return talk
    end_contact(
        turn, contact, EndCause.AGENT_HUNG_UP if contact.channel is Channel.VOICE else EndCause.CLOSED
    )
    return None


def send_digits(turn: Turn, contact: Contact, agent_id: str, digits: str) -> Refusal | None:
    talk = _call_of(contact, agent_id)
    if isinstance(talk, Refusal):
        return talk
    other = contact.end_customer_leg()
    if other is not None and digits:
        turn.do(do.SendDigits(other.line, digits))
    return None


# -- adrift


def agent_leg_ended(turn: Turn, contact: Contact, leg: Leg, cause: EndCause) -> None:
    """The agent's line is gone in the middle of the call.

    On a telephone that is how one hangs up, unless the line broke. A browser hangs up through us, so there it is a loss.
    """
    talk = contact.talk
    if talk is None or talk.leg_id != leg.id:
        return
    agent = turn.state.agents[talk.agent_id]
    in_browser = agent.phone is not None and agent.phone.kind is PhoneKind.BROWSER
    lost = cause in (EndCause.CONNECTION_LOST, EndCause.TELEPHONY_LOST, EndCause.UNREACHABLE)
    if talk.adrift_since is not None and leg.state is not LegState.UP:
        talk.leg_id = ""  # an attempt to reach him again; the next one, or the grace time, decides
        return
    if not in_browser and not lost:
        end_contact(turn, contact, EndCause.AGENT_HUNG_UP)
        return
    talk.leg_id = ""
    set_adrift(turn, contact, talk)
    if not in_browser and agent.phone is not None:
        _dial_again(turn, contact, talk)


def set_adrift(turn: Turn, contact: Contact, talk: Talk) -> None:
    if talk.adrift_since is None:
        talk.adrift_since = turn.now
        _end_hold(turn, contact, talk)
        turn.close_room(contact)
        turn.music(contact, talk.queue_id)
        turn.note(facts.AgentLegLost(contact.id, talk.agent_id))
        turn.wake_in(f"lost:{contact.id}", turn.config.reconnect_grace)


def reconnect(turn: Turn, contact: Contact, agent_id: str) -> Refusal | None:
    """The agent's softphone is there without the call: it is dialled anew and answers by itself."""
    talk = _call_of(contact, agent_id)
    if isinstance(talk, Refusal):
        return talk
    agent = turn.state.agents[agent_id]
    if agent.phone is None:
        return Refusal(RefusalCode.PHONE_MISSING)
    if not turn.state.telephony_up:
        return Refusal(RefusalCode.TELEPHONY_AWAY)
    set_adrift(turn, contact, talk)
    old = contact.legs.get(talk.leg_id)
    if old is not None:
        turn.hang_up_leg(contact, old)
    _dial_again(turn, contact, talk)
    return None


def _dial_again(turn: Turn, contact: Contact, talk: Talk) -> None:
    agent = turn.state.agents[talk.agent_id]
    assert agent.phone is not None
    leg = turn.start_leg(contact, LegRole.AGENT, agent.phone, agent_id=agent.id, auto_answer=True)
    talk.leg_id = leg.id


def restored(turn: Turn, contact: Contact, talk: Talk, leg: Leg) -> None:
    assert talk.adrift_since is not None
    away = turn.now - talk.adrift_since
    talk.adrift_since = None
    turn.cancel_wake(f"lost:{contact.id}")
    turn.cancel_wake(f"adrift:{contact.id}")
    _connect(turn, contact, leg)
    turn.note(facts.AgentLegRestored(contact.id, talk.agent_id, away))


def desktop_gone(turn: Turn, contact: Contact) -> None:
    """The agent's last desktop has been away for `DESKTOP_AWAY`; with it went a browser's media."""
    talk = contact.talk
    if talk is not None and contact.phase is Phase.TALKING and not turn.state.agents[talk.agent_id].desktops:
        set_adrift(turn, contact, talk)


def give_up(turn: Turn, contact: Contact) -> None:
    """The agent has not come back from being adrift."""
    talk = contact.talk
    if talk is None or talk.adrift_since is None:
        return
    agent = turn.state.agents[talk.agent_id]
    agent.withdrawal, agent.planned_withdrawal = SystemReason.CONNECTION_LOST, ""
    let_go(turn, contact, talk)


def let_go(turn: Turn, contact: Contact, talk: Talk) -> None:
    """Takes the contact from its agent: it is put back to its place in the queue it came from."""
    place = place_again(talk)
    if contact.channel is Channel.EMAIL:
        end_talk(turn, contact, wrap_up=False)
        give_back(turn, contact, place)
        return
    if place is None or turn.queue(place.queue_id) is None:
        end_contact(turn, contact, EndCause.CONNECTION_LOST)
        return
    end_talk(turn, contact, wrap_up=False)
    contact.wait = place
    put_back(turn, contact)
