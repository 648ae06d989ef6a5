"""The step that asks a table or a connector: for callers, chats and emails alike.

The contact waits in its step, never longer than the source's time-out: that is a wake of the core's own, so it holds whatever
becomes of the question. After a recovery nobody knows whether the question was asked, so it is asked again.
"""

from datetime import timedelta

from cordboard.core.contact import Contact, Phase
from cordboard.core.look_ups import LookedUp, LookUp, LookUpAsked, LookUpEnded, LookUpOutcome
from cordboard.core.script.steps import LookUpStep
from cordboard.core.script.values import evaluate, take_values
from cordboard.core.turn import Turn

TABLE_TIMEOUT = timedelta(seconds=5)
LONGEST_ASKED = 500


def enter(turn: Turn, contact: Contact, step: LookUpStep) -> str:
    """Asks; returns the next step when there is nothing to ask for, else ""."""
    run = contact.run
    assert run is not None
    asked: dict[str, str] = {}
    for name, expression in step.ask.items():
        value = evaluate(turn, contact, expression)
        asked[name] = "" if value is None else str(value).strip()[:LONGEST_ASKED]
    if not all(asked.values()):
        turn.note(
            LookUpEnded(contact.id, run.step_id, step.source, LookUpOutcome.MISSING, "nothing to ask for")
        )
        return step.missing
    run.look_up += 1
    run.asked = asked
    turn.note(LookUpAsked(contact.id, run.step_id, step.source, asked))
    _say(turn, contact, step)
    return ""


def _say(turn: Turn, contact: Contact, step: LookUpStep) -> None:
    run = contact.run
    assert run is not None
    deadline = turn.now + _timeout(turn, step)
    turn.do(LookUp(contact.id, run.look_up, step.source, run.asked, step.take, deadline))
    turn.wake(f"lookup:{contact.id}", deadline)
    turn.music(contact)  # to a caller whose call is answered


def _timeout(turn: Turn, step: LookUpStep) -> timedelta:
    connector = turn.config.connectors.get(step.source.partition(":")[2])
    return (
        connector.timeout if connector is not None and step.source.startswith("connector:") else TABLE_TIMEOUT
    )


def _waiting_step(turn: Turn, contact: Contact | None) -> LookUpStep | None:
    """The step whose answer this contact waits for."""
    run = contact.run if contact is not None else None
    if contact is None or run is None or not run.asked or contact.phase is not Phase.SCRIPT:
        return None
    step = turn.state.pinned_scripts[run.script_key].steps.get(run.step_id)
    return step if isinstance(step, LookUpStep) else None


def answered(turn: Turn, contact: Contact | None, event: LookedUp) -> str:
    """The step to go on with; "" when nobody waits for this answer any more."""
    step = _waiting_step(turn, contact)
    if contact is None or contact.run is None or step is None or event.number != contact.run.look_up:
        return ""
    turn.contact_id = contact.id
    turn.cancel_wake(f"lookup:{contact.id}")
    contact.run.asked = {}
    turn.note(LookUpEnded(contact.id, contact.run.step_id, step.source, event.outcome, event.detail))
    match event.outcome:
        case LookUpOutcome.FOUND:
            take_values(turn, contact, {name: event.values.get(name, "") for name in step.take})
            return step.found
        case LookUpOutcome.MISSING:
            return step.missing
        case LookUpOutcome.FAILED:
            return step.failed


def timed_out(turn: Turn, contact: Contact) -> str:
    number = contact.run.look_up if contact.run else 0
    return answered(
        turn, contact, LookedUp(contact.id, number, LookUpOutcome.FAILED, detail="no answer in time")
    )


def recovered(turn: Turn) -> None:
    for contact in turn.state.contacts.values():
        step = _waiting_step(turn, contact)
        if step is not None:
            _say(turn, contact, step)
