"""What expressions of a script see of a contact, and what a script finds out about it."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from cordboard.core import facts
from cordboard.core.contact import Contact
from cordboard.core.conversation.pages import page_of
from cordboard.core.mail.script import mail_variables
from cordboard.core.script.steps import SetStep
from cordboard.core.turn import Turn


def variables(turn: Turn, contact: Contact) -> dict[str, object]:
    """What an expression sees. Values of the script are strings; hour and weekday (1 Monday) are the customer's."""
    local = turn.now.astimezone(ZoneInfo(turn.config.time_zone))
    return {
        "caller": contact.remote,
        "called": contact.address,
        "language": contact.language,
        "channel": contact.channel.value,
        "priority": contact.priority,
        "tags": list(contact.tags),
        "values": dict(contact.values),
        "hour": local.hour,
        "weekday": local.isoweekday(),
        "page": page_of(contact),
        **mail_variables(contact),
    }


def evaluate(turn: Turn, contact: Contact, expression: str) -> object:
    """The expression's value; None when it has none, which is recorded."""
    try:
        return turn.centre.evaluate(expression, variables(turn, contact))
    except ValueError as error:
        step_id = contact.run.step_id if contact.run else ""
        turn.note(facts.ExpressionFailed(contact.id, step_id, expression, str(error)))
        return None


def set_values(turn: Turn, contact: Contact, step: SetStep) -> None:
    """Each expression sees what those before it have set."""
    changed: dict[str, str] = {}
    for name, expression in step.values.items():
        value = evaluate(turn, contact, expression)
        if value is not None:
            _assign(contact, name, value)
            changed[name] = str(value)
    turn.note(facts.ContactQualified(contact.id, changed))


def take_values(turn: Turn, contact: Contact, values: Mapping[str, str]) -> None:
    """The same with values that came from outside: an empty one changes none of the known names."""
    for name, value in values.items():
        if name not in _KNOWN or value:
            _assign(contact, name, int(value) if name == "priority" and _is_number(value) else value)
    turn.note(facts.ContactQualified(contact.id, dict(values)))


_KNOWN = ("language", "priority", "tag", "skill")


def _is_number(value: str) -> bool:
    return value.removeprefix("-").isdecimal() and len(value) <= 4


def _assign(contact: Contact, name: str, value: object) -> None:
    if name == "language":
        contact.language = str(value)
    elif name == "priority" and isinstance(value, int):
        contact.priority = value
    elif name == "tag":
        contact.tags.append(str(value))
    elif name == "skill":
        skill_id, _, level = str(value).partition(":")
        contact.needs[skill_id] = int(level) if level.isdigit() else 1
    else:
        contact.values[name] = str(value)
