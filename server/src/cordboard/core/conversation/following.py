"""The script goes on when the visitor or the bot has answered."""

from cordboard.core.contact import Contact
from cordboard.core.conversation import asking
from cordboard.core.conversation.events import BotAnswered, BotFailed, VisitorWrote
from cordboard.core.script.interpreter import go_on, wait_expired
from cordboard.core.turn import Turn


def visitor_answered(turn: Turn, contact: Contact, event: VisitorWrote) -> None:
    _follow(turn, contact, asking.answered(turn, contact, event))


def stopped_waiting(turn: Turn, contact: Contact) -> None:
    """Only where a message can be left instead; the click may cross an agent's answer, and then means nothing."""
    if asking.may_leave_message(turn.state, contact):
        wait_expired(turn, contact)


def bot_answered(turn: Turn, event: BotAnswered) -> None:
    _follow(turn, turn.state.contacts.get(event.contact_id), asking.bot_answered(turn, event))


def bot_failed(turn: Turn, event: BotFailed) -> None:
    step_id = asking.bot_failed(turn, event.contact_id, event.turn, event.detail)
    _follow(turn, turn.state.contacts.get(event.contact_id), step_id)


def _follow(turn: Turn, contact: Contact | None, step_id: str) -> None:
    if step_id and contact is not None:
        go_on(turn, contact, step_id)
