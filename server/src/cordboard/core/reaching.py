"""Reaching the end-customer of a call that we make: on his telephone, or in the page of the chat that the call comes from.

The agent's leg is up and hears it ring; the end-customer's leg is dialled. In phase DIALLING the call has not begun yet; in
TALKING an agent has taken it out of a queue, or the visitor's page was gone and is called again.

The traps: a page that reloads is gone without a word, and its line ends only when no sound has come for long; so a page that
says that it is there again is dialled anew at once, and one whose line breaks is waited for (`PAGE_GRACE`). A page hangs up
by ending its line, as a telephone does.
"""

from datetime import timedelta

from cordboard.core import facts
from cordboard.core.contact import Contact, Leg, Phase
from cordboard.core.conversation import facts as chat_facts
from cordboard.core.conversation.linked import tell_chat
from cordboard.core.conversation.words import CallStage, CallWay
from cordboard.core.ending import end_contact
from cordboard.core.events import Phone
from cordboard.core.turn import Turn
from cordboard.core.words import EndCause, LegRole, LegState, PhoneKind

PAGE_GRACE = timedelta(seconds=30)

_BROKEN = (EndCause.CONNECTION_LOST, EndCause.UNREACHABLE)


def call_end_customer(turn: Turn, contact: Contact, agent_leg: Leg) -> None:
    """The agent is there: he hears it ring, and the other end is called."""
    origin = contact.origin
    turn.play(contact, agent_leg, "tone:ring")
    page = origin.address if origin is not None else ""
    if origin is not None and origin.lost_since is not None:
        origin.lost_since = None
        turn.cancel_wake(f"page:{contact.id}")
    phone = Phone(PhoneKind.BROWSER, page) if page else Phone(PhoneKind.NUMBER, contact.remote)
    turn.start_leg(contact, LegRole.END_CUSTOMER, phone)
    turn.wake_in(f"forward:{contact.id}", turn.config.dial_plan.ring)
    tell_chat(turn, contact, CallStage.CALLING)


def is_there(leg: Leg | None) -> bool:
    """Whether this end-customer can hear: one who called us always can, one whom we call when he has answered."""
    return leg is not None and (leg.state is LegState.UP or not leg.number)


def is_reaching(contact: Contact) -> bool:
    """An agent has it, and the end-customer is being called."""
    talking = contact.phase is Phase.TALKING and contact.talk is not None
    return talking and contact.origin is not None and not is_there(contact.end_customer_leg())


def answered(turn: Turn, contact: Contact, leg: Leg) -> None:
    """The end-customer is there while an agent has the call already, or while it has gone back to its queue."""
    origin, talk = contact.origin, contact.talk
    if origin is None:
        return
    turn.cancel_wake(f"forward:{contact.id}")
    turn.cancel_wake(f"page:{contact.id}")
    again, origin.lost_since = origin.lost_since is not None, None
    agent_leg = contact.legs.get(talk.leg_id) if talk else None
    if talk is None or agent_leg is None or talk.held_since or talk.adrift_since:
        wait = contact.wait
        turn.music(contact, talk.queue_id if talk else wait.queue_id if wait else "")
    else:
        turn.set_room(contact, agent_leg, leg)
    if talk is not None and not again:
        turn.note(facts.OutsideAnswered(contact.id, talk.agent_id, turn.now - leg.started_at))
    connected(turn, contact)


def connected(turn: Turn, contact: Contact) -> None:
    if contact.origin is not None:
        contact.origin.talked = True
        tell_chat(turn, contact, CallStage.TALKING)


def left(turn: Turn, contact: Contact, leg: Leg, cause: EndCause) -> bool:
    """The end-customer's leg has ended while an agent has the call. True when that is dealt with here."""
    origin = contact.origin
    if origin is None or contact.phase is not Phase.TALKING:
        return False
    if origin.lost_since is not None and leg.state is not LegState.UP:
        return True  # an attempt to reach his page again; the next one, or the grace time, decides
    if leg.state is not LegState.UP:
        end_contact(turn, contact, cause if cause is not EndCause.NORMAL else EndCause.NO_ANSWER)
        return True
    if origin.way is CallWay.PAGE and cause in _BROKEN:
        _lose(turn, contact)
        return True
    return False


def _lose(turn: Turn, contact: Contact) -> None:
    assert contact.origin is not None
    if contact.origin.lost_since is None:
        contact.origin.lost_since = turn.now
        turn.wake_in(f"page:{contact.id}", PAGE_GRACE)
        tell_chat(turn, contact, CallStage.LOST)
    turn.close_room(contact)


def page_ready(turn: Turn, contact: Contact, address: str) -> None:
    """The visitor's page is a line (again): what it was before is over, and it is called anew if somebody is there to speak."""
    origin = contact.origin
    if origin is None or contact.phase is Phase.ENDED:
        return
    origin.address = address
    old = contact.end_customer_leg()
    if old is None and (contact.phase is not Phase.TALKING or not origin.talked):
        return  # he is called when an agent is there
    if old is not None:
        turn.hang_up_leg(contact, old)
    if origin.talked:
        _lose(turn, contact)
    turn.start_leg(contact, LegRole.END_CUSTOMER, Phone(PhoneKind.BROWSER, address))


def give_up(turn: Turn, contact: Contact) -> None:
    """The visitor's page has not come back."""
    if contact.origin is not None and contact.origin.lost_since is not None:
        end_contact(turn, contact, EndCause.CONNECTION_LOST)


def not_answered(turn: Turn, contact: Contact) -> None:
    """The time to ring is over."""
    if contact.phase is Phase.DIALLING or is_ringing(contact):
        end_contact(turn, contact, EndCause.NO_ANSWER)


def is_ringing(contact: Contact) -> bool:
    """The end-customer is called for the first time, out of a queue."""
    origin, leg = contact.origin, contact.end_customer_leg()
    first = origin is not None and origin.lost_since is None and contact.phase is not Phase.ENDED
    return first and leg is not None and not is_there(leg)


def link(turn: Turn, contact: Contact, agent_id: str) -> None:
    """Says in the call's own history where it comes from."""
    origin = contact.origin
    if origin is not None:
        turn.note(chat_facts.CallLinked(contact.id, origin.contact_id, agent_id, origin.way))
