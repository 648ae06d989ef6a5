"""A visitor comes, goes and may come back: grace, idle warning, time-out, and the end by his own hand.

The traps: a page that reloads is gone for a second and back again, so nothing ends before the button's `visitor_grace`; and
who owes the next word matters: a visitor is never timed out while he waits for an agent.
"""

from datetime import timedelta

from cordboard.core.config import ChatButton
from cordboard.core.contact import Contact, Phase
from cordboard.core.conversation import facts
from cordboard.core.conversation.events import ConsentGiven, SurveyAnswered, TranscriptRequested, VisitorMoved
from cordboard.core.conversation.linked import call_of
from cordboard.core.conversation.messages import chat_of, notice
from cordboard.core.conversation.words import CallStage, CallWay
from cordboard.core.ending import end_contact
from cordboard.core.offers import abandon
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Turn
from cordboard.core.words import EndCause

AFTER_RECOVERY = timedelta(seconds=60)
"""So long every visitor is waited for after the server itself was away, whatever the button says."""


def button_of(turn: Turn, contact: Contact) -> ChatButton:
    button = turn.config.chat_buttons.get(contact.entry_point_id)
    return button or ChatButton(contact.entry_point_id, "", contact.space_id)


def connected(turn: Turn, contact: Contact) -> None:
    chat = chat_of(contact)
    turn.cancel_wake(f"visitor:{contact.id}")
    if not chat.connected:
        chat.connected = True
        turn.note(facts.VisitorCame(contact.id))


def disconnected(turn: Turn, contact: Contact) -> None:
    chat = chat_of(contact)
    if chat.connected:
        chat.connected = False
        turn.note(facts.VisitorGone(contact.id))
        turn.wake_in(f"visitor:{contact.id}", button_of(turn, contact).visitor_grace)


def leave(turn: Turn, contact: Contact, cause: EndCause = EndCause.END_CUSTOMER_HUNG_UP) -> None:
    """The visitor is gone for good: abandoned while he waits, else the end. With him goes a call that waits for his page."""
    call = chat_of(contact).call
    if call is not None and (call.stage, call.way) == (CallStage.QUEUED, CallWay.PAGE):
        waiting = call_of(turn, contact.id, call.number)
        if waiting is not None:
            abandon(turn, waiting)
    if contact.phase in (Phase.WAITING, Phase.OFFERED):
        abandon(turn, contact)
    else:
        end_contact(turn, contact, cause)


def lost(turn: Turn, contact: Contact) -> None:
    """The grace is over."""
    if not chat_of(contact).connected:
        leave(turn, contact, EndCause.CONNECTION_LOST)


def watch_silence(turn: Turn, contact: Contact) -> None:
    """It is the visitor's turn to write: from now on his silence counts."""
    if contact.phase in (Phase.TALKING, Phase.SCRIPT):
        chat_of(contact).warned = False
        turn.wake_in(f"idle:{contact.id}", button_of(turn, contact).idle_warning)


def silent(turn: Turn, contact: Contact) -> None:
    """Warned first, then it is over."""
    button, chat = button_of(turn, contact), chat_of(contact)
    if contact.phase not in (Phase.TALKING, Phase.SCRIPT):
        return
    if chat.warned:
        notice(turn, contact, "idle_ended")
        end_contact(turn, contact, EndCause.IDLE)
    else:
        chat.warned = True
        notice(turn, contact, "idle_warning")
        turn.wake_in(f"idle:{contact.id}", button.idle_timeout)


def recovered(turn: Turn) -> None:
    """The server was away, and with it every visitor's connection; they come back by themselves."""
    for contact in turn.state.contacts.values():
        chat = contact.chat
        if chat is None or contact.phase is Phase.ENDED:
            continue
        if chat.connected:
            chat.connected = False
            turn.note(facts.VisitorGone(contact.id))
        grace = max(button_of(turn, contact).visitor_grace, AFTER_RECOVERY)
        turn.wake_in(f"visitor:{contact.id}", grace)


def moved(turn: Turn, contact: Contact, event: VisitorMoved) -> None:
    chat = chat_of(contact)
    if (chat.page_url, chat.page_title) != (event.url, event.title):
        chat.page_url, chat.page_title = event.url, event.title
        turn.note(facts.PageVisited(contact.id, event.url, event.title))


def consent(turn: Turn, contact: Contact, event: ConsentGiven) -> Refusal | None:
    """Each pushed page is answered once."""
    chat = chat_of(contact)
    if event.number not in chat.pages_asked:
        return Refusal(RefusalCode.UNKNOWN_MESSAGE, {"number": str(event.number)})
    chat.pages_asked.remove(event.number)
    turn.note(facts.PageAnswered(contact.id, event.number, event.ok))
    return None


def survey_answered(turn: Turn, event: SurveyAnswered) -> None:
    turn.note(facts.SurveyGiven(event.contact_id, event.entry_point_id, event.score, event.text))


def transcript_requested(turn: Turn, event: TranscriptRequested) -> None:
    turn.note(facts.TranscriptAsked(event.contact_id, event.address))
