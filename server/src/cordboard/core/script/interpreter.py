"""Walks a script for one contact, step by step, until a step has to wait for something.

A step waits for a playback, a digit, a time-out, a queue or a transfer; `ScriptRun` says which step and which playback.
The run keeps the version of the script that it began with, whatever is published meanwhile.
"""

from cordboard.core import commands as do
from cordboard.core import facts
from cordboard.core.contact import Contact, Phase, ScriptRun
from cordboard.core.conversation import asking
from cordboard.core.ending import end_contact
from cordboard.core.hours import is_open
from cordboard.core.look_ups import LookedUp
from cordboard.core.mail.script import (
    answer_by_script,
    close_by_script,
    forget_text,
    forward_by_script,
)
from cordboard.core.refusals import Refusal
from cordboard.core.script import look_up
from cordboard.core.script.steps import (
    AnswerStep,
    BotStep,
    ButtonsStep,
    CloseStep,
    ConditionStep,
    FormStep,
    ForwardStep,
    HangUpStep,
    LeaveMessageStep,
    LookUpStep,
    MenuStep,
    PlayStep,
    QueueStep,
    SayStep,
    ScheduleStep,
    Script,
    SetStep,
    Step,
    TransferStep,
)
from cordboard.core.script.values import evaluate, set_values
from cordboard.core.transfer import transfer_by_script
from cordboard.core.turn import Turn
from cordboard.core.waiting import enter_queue, farewell, leave_queue
from cordboard.core.words import Channel, EndCause, LegState

_MOST_STEPS_AT_ONCE = 100
_MOST_TYPED = 20  # digits that are kept for menus to come


def start_script(turn: Turn, contact: Contact, script: Script | None, step_id: str = "") -> None:
    """Begins the script of the contact's entry point, at `step_id` if one is given.

    Without a script the caller hears why, and an incident is raised.
    """
    if script is None:
        incident(turn, "script_missing", contact.entry_point_id, "the entry point has no script")
        _technical_problem(turn, contact)
        return
    key = f"{turn.config.version}:{script.id}"
    turn.state.pinned_scripts[key] = script
    contact.run = ScriptRun(key, step_id or script.start)
    turn.note(facts.ScriptStarted(contact.id, script.id, turn.config.version))
    go_on(turn, contact, step_id or script.start)


def go_on(turn: Turn, contact: Contact, step_id: str) -> None:
    """Enters `step_id` and walks on until something has to be waited for."""
    run = contact.run
    if run is None or contact.phase is Phase.ENDED:
        return
    contact.phase = Phase.SCRIPT
    script = turn.state.pinned_scripts[run.script_key]
    for _ in range(_MOST_STEPS_AT_ONCE):
        step = script.steps.get(step_id)
        if step is None:
            incident(
                turn,
                "step_missing",
                f"{script.id}/{step_id}",
                "the script names a step that it does not have",
            )
            _technical_problem(turn, contact)
            return
        run.step_id, run.attempts, run.playback_id = step_id, 0, ""
        turn.note(facts.StepEntered(contact.id, script.id, step_id))
        following = _enter(turn, contact, run, script, step)
        if not following:
            return
        step_id = following
    incident(turn, "script_loops", f"{script.id}/{step_id}", "the script runs in a circle without the caller")
    _technical_problem(turn, contact)


def _enter(turn: Turn, contact: Contact, run: ScriptRun, script: Script, step: Step) -> str:
    """Does the step; returns the next one at once, or "" when there is something to wait for."""
    match step:
        case PlayStep() | MenuStep() if contact.channel is Channel.EMAIL:
            return step.next if isinstance(step, PlayStep) else step.otherwise  # nobody hears it
        case PlayStep():
            if contact.channel is not Channel.VOICE:
                return _written_message(turn, contact, step.message_id, step.next)
            _play(turn, contact, f"message:{step.message_id}")
            return ""
        case MenuStep():
            return _open_menu(turn, contact, run, step)
        case ScheduleStep():
            schedule = turn.config.schedules.get(step.schedule_id)
            return step.open if schedule is None or is_open(schedule, turn.now) else step.closed
        case SetStep():
            set_values(turn, contact, step)
            return step.next
        case ConditionStep():
            return _choose_case(turn, contact, step)
        case LookUpStep():
            return look_up.enter(turn, contact, step)
        case QueueStep():
            return _queue(turn, contact, step)
        case TransferStep():
            refusal = transfer_by_script(turn, contact, step.to, step.failed)
            return _refused_transfer(turn, contact, step, refusal) if refusal else ""
        case HangUpStep():
            _hang_up(turn, contact, run, script, step)
            return ""
        case AnswerStep():
            answer_by_script(turn, contact, run.step_id, step)
            return step.next
        case ForwardStep():
            forward_by_script(turn, contact, run.step_id, step)
            return step.next
        case CloseStep():
            close_by_script(turn, contact, step)
            return ""
        case SayStep() | ButtonsStep() | FormStep() | LeaveMessageStep() | BotStep():
            return asking.enter(turn, contact, step)


def _choose_case(turn: Turn, contact: Contact, step: ConditionStep) -> str:
    for case in step.cases:
        if evaluate(turn, contact, case.when) is True:
            return case.then
    return step.otherwise


def _written_message(turn: Turn, contact: Contact, message_id: str, following: str) -> str:
    """A voice message's words, for who reads; a menu can not be read, its `otherwise` follows."""
    message = turn.config.messages.get(message_id)
    if message is not None:
        asking.say(turn, contact, message.texts)
    return following


def _open_menu(turn: Turn, contact: Contact, run: ScriptRun, step: MenuStep) -> str:
    """The step of a choice that was pressed ahead, or "" when the menu has to be heard."""
    if contact.channel is not Channel.VOICE:
        return _written_message(turn, contact, step.message_id, step.otherwise)
    typed, run.typed = run.typed, ""
    for index, digit in enumerate(typed, 1):
        if digit in step.choices:
            run.typed = typed[index:]
            _note_choice(turn, contact, run, digit)
            return step.choices[digit]
    _play(turn, contact, f"message:{step.message_id}")
    return ""


def _play(turn: Turn, contact: Contact, *sounds: str) -> None:
    leg, run = contact.end_customer_leg(), contact.run
    if leg is None or run is None:
        return
    turn.answer(contact, leg)
    run.playback_id = turn.play(contact, leg, *sounds)


def _queue(turn: Turn, contact: Contact, step: QueueStep) -> str:
    queue = turn.queue(step.queue_id)
    if queue is None:
        incident(turn, "queue_missing", step.queue_id, "a script in progress names a queue that is gone")
        if step.timeout:
            return step.timeout
        _technical_problem(turn, contact)
        return ""
    enter_queue(
        turn,
        contact,
        queue,
        priority=step.priority,
        needs={**contact.needs, **step.needs},
        timeout_step=step.timeout,
        max_wait=step.max_wait,
        due=step.due,
        due_schedule_id=step.due_schedule_id,
    )
    if not step.timeout:
        forget_text(contact)
    return ""


def _refused_transfer(turn: Turn, contact: Contact, step: TransferStep, refusal: Refusal) -> str:
    turn.note(facts.TransferFailed(contact.id, step.to, EndCause.REFUSED))
    if step.failed:
        return step.failed
    incident(turn, "transfer_refused", step.to.partition(":")[0], refusal.code.value)
    farewell(turn, contact, "prompt:agent-unreachable", EndCause.REFUSED)
    return ""


def _hang_up(turn: Turn, contact: Contact, run: ScriptRun, script: Script, step: HangUpStep) -> None:
    if step.dissuaded:
        turn.note(facts.ContactDissuaded(contact.id, script.id, run.step_id))
    if step.message_id and contact.end_customer_leg() is not None:
        run.ending = True
        _play(turn, contact, f"message:{step.message_id}")
    else:
        _written_message(turn, contact, step.message_id, "")
        asking.say(turn, contact, step.texts)
        end_contact(turn, contact, EndCause.SCRIPT_ENDED)


# -- what a waiting step hears


def playback_ended(turn: Turn, contact: Contact) -> None:
    """The message of the present step has been heard to its end."""
    run = contact.run
    if run is None:
        return
    run.playback_id = ""
    if run.ending:
        end_contact(turn, contact, EndCause.SCRIPT_ENDED)
        return
    step = _present(turn, contact)
    if isinstance(step, PlayStep):
        go_on(turn, contact, step.next)
    elif isinstance(step, MenuStep):
        turn.wake_in(f"menu:{contact.id}", step.timeout)


def digit_pressed(turn: Turn, contact: Contact, digit: str) -> None:
    """A digit answers the menu, also while its message is being played; before the menu it is kept for it."""
    run, step = contact.run, _present(turn, contact)
    if run is None or contact.phase is not Phase.SCRIPT or run.ending:
        return
    if isinstance(step, MenuStep):
        turn.cancel_wake(f"menu:{contact.id}")
        _stop_playing(turn, contact, run)
        _choose(turn, contact, run, step, digit)
    elif isinstance(step, (PlayStep, LookUpStep)):
        run.typed = (run.typed + digit)[-_MOST_TYPED:]
        if isinstance(step, PlayStep) and not step.hear_out:
            _stop_playing(turn, contact, run)
            go_on(turn, contact, step.next)


def _stop_playing(turn: Turn, contact: Contact, run: ScriptRun) -> None:
    leg = contact.end_customer_leg()
    if run.playback_id and leg is not None:
        turn.do(do.StopPlayback(leg.line, run.playback_id))
    run.playback_id = ""


def _choose(turn: Turn, contact: Contact, run: ScriptRun, step: MenuStep, digit: str) -> None:
    chosen = step.choices.get(digit)
    if chosen is None:
        _another_round(turn, contact, step, "prompt:wrong-choice")
        return
    _note_choice(turn, contact, run, digit)
    go_on(turn, contact, chosen)


def _note_choice(turn: Turn, contact: Contact, run: ScriptRun, digit: str) -> None:
    script = turn.state.pinned_scripts[run.script_key]
    turn.note(facts.MenuChosen(contact.id, script.id, run.step_id, digit))


def menu_timed_out(turn: Turn, contact: Contact) -> None:
    step = _present(turn, contact)
    if isinstance(step, MenuStep) and contact.phase is Phase.SCRIPT:
        _another_round(turn, contact, step, "prompt:no-choice")


def _another_round(turn: Turn, contact: Contact, step: MenuStep, prompt: str) -> None:
    run = contact.run
    assert run is not None
    run.attempts += 1
    if run.attempts < step.attempts:
        _play(turn, contact, prompt, f"message:{step.message_id}")
        return
    _note_choice(turn, contact, run, "")
    go_on(turn, contact, step.otherwise)


def wait_expired(turn: Turn, contact: Contact) -> None:
    """The longest wait of the queue step is over: the script goes on, or the contact is let go."""
    wait = contact.wait
    if wait is None or contact.phase is not Phase.WAITING:
        return
    step_id = leave_queue(turn, contact)
    if step_id:
        go_on(turn, contact, step_id)


def replay(turn: Turn, contact: Contact) -> None:
    """After an outage: the message that the caller should be hearing is not being played, so it is played again."""
    run, step = contact.run, _present(turn, contact)
    if run is not None and run.asked:
        turn.music(contact)
    if run is None or not run.playback_id:
        return
    if isinstance(step, (PlayStep, MenuStep)):
        _play(turn, contact, f"message:{step.message_id}")
    elif isinstance(step, HangUpStep):
        end_contact(turn, contact, EndCause.SCRIPT_ENDED)


def looked_up(turn: Turn, event: LookedUp) -> None:
    """The look-up that a contact waits for has been answered, or has failed."""
    contact = turn.state.contacts.get(event.contact_id)
    following = look_up.answered(turn, contact, event)
    if contact is not None and following:
        go_on(turn, contact, following)


def farewell_over(turn: Turn, contact: Contact) -> None:
    """The last sentence has been said, or was lost with an outage."""
    end_contact(turn, contact, contact.farewell_cause)


# -- inside


def _present(turn: Turn, contact: Contact) -> Step | None:
    run = contact.run
    return turn.state.pinned_scripts[run.script_key].steps.get(run.step_id) if run else None


def _technical_problem(turn: Turn, contact: Contact) -> None:
    leg = contact.end_customer_leg()
    if leg is not None:
        turn.answer(contact, leg)
        leg.state = LegState.UP
    farewell(turn, contact, "prompt:technical-problem", EndCause.FAILED)


def incident(turn: Turn, kind: str, subject: str, detail: str) -> None:
    turn.note(facts.IncidentRaised(kind, subject, detail))
    turn.do(do.ReportIncident(kind, subject, detail))


def prune_scripts(turn: Turn) -> None:
    """Old versions that no run in progress needs any more are let go."""
    used = {contact.run.script_key for contact in turn.state.contacts.values() if contact.run is not None}
    for key in [key for key in turn.state.pinned_scripts if key not in used]:
        del turn.state.pinned_scripts[key]
