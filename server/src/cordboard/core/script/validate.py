"""Checks a script before it is published, so that no caller can meet a step that leads nowhere.

Found here: steps that nothing leads to, branches that are missing or lead nowhere, loops that go on although the
caller does nothing, references to what does not exist, touch-tones that no telephone has, and expressions that do
not compile. Each `Problem` names the script, the step and the branch, and its sentence says what to do. A script
without problems can be walked from any step for any input; what may still fail while it runs (an expression
without a value, a missing sound) has its own branch in the interpreter.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from cordboard.core.config import TenantConfig, places_in
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
    WrittenStep,
    branches,
)

DIGITS = "0123456789*#"
MAX_STEPS = 500
MAX_ATTEMPTS = 10

CheckExpression = Callable[[str], None]
"""Raises ValueError, its message a sentence, for an expression that can not work."""


@dataclass(frozen=True, slots=True)
class Problem:
    script_id: str
    step_id: str  # "" when it concerns the script as a whole
    branch: str  # the branch or field of the step, "" for the step as a whole
    message: str


def find_problems(script: Script, config: TenantConfig, check_expression: CheckExpression) -> list[Problem]:
    """Everything that is wrong with `script` beside the rest of `config`, in the order of its steps."""
    problems = [Problem(script.id, "", "", message) for message in _whole(script)]
    problems += [Problem(script.id, "", branch, message) for branch, message in _offer_problems(script)]
    for step_id, step in script.steps.items():
        problems += [
            Problem(script.id, step_id, branch, message)
            for branch, message in (
                *_branch_problems(script, step),
                *_step_problems(step, config, check_expression),
            )
        ]
    problems += [Problem(script.id, step_id, "", message) for step_id, message in _unreachable(script)]
    problems += [Problem(script.id, step_id, "", message) for step_id, message in _loops(script)]
    return problems


def _whole(script: Script) -> Iterator[str]:
    if not script.steps:
        yield f"Script {script.id} has no steps: give it at least one."
    elif script.start not in script.steps:
        yield f"Script {script.id} starts at {script.start!r}, which is none of its steps."
    if len(script.steps) > MAX_STEPS:
        yield f"Script {script.id} has {len(script.steps)} steps; at most {MAX_STEPS} are allowed."


def _offer_problems(script: Script) -> Iterator[tuple[str, str]]:
    for step_id, labels in script.hand_to.items():
        if step_id not in script.steps:
            yield (
                f"hand_to {step_id}",
                f"Agents may hand to {step_id!r}, which is no step of script {script.id}.",
            )
        elif not any(labels.values()):
            yield (
                f"hand_to {step_id}",
                f"Step {step_id!r} has no name that agents could choose: write {{en: …}}.",
            )


def _branch_problems(script: Script, step: Step) -> Iterator[tuple[str, str]]:
    for branch, target in branches(step):
        if not target:
            yield branch, f"Branch {branch!r} is missing: name the step at which the contact goes on."
        elif target not in script.steps:
            yield branch, f"Branch {branch!r} leads to {target!r}, which is no step of script {script.id}."


def _step_problems(step: Step, config: TenantConfig, check: CheckExpression) -> Iterator[tuple[str, str]]:
    """What is wrong with one step beside its branches. The match is closed: a new step needs its rule."""
    match step:
        case PlayStep():
            yield from _known("play", "message", step.message_id, config.messages)
        case ScheduleStep():
            yield from _known("hours", "schedule", step.schedule_id, config.schedules)
        case MenuStep():
            yield from _known("menu", "message", step.message_id, config.messages)
            yield from _menu_problems(step)
        case QueueStep():
            yield from _known("queue", "queue", step.queue_id, config.queues)
            for skill_id in step.needs:
                yield from _known("needs", "skill", skill_id, config.skills)
            yield from _wait_problems(step)
        case TransferStep():
            yield from _transfer_problems(step, config)
        case HangUpStep():
            if step.message_id:
                yield from _known("hang_up", "message", step.message_id, config.messages)
        case AnswerStep():
            yield from _answer_problems(step, config)
        case ForwardStep():
            yield from _forward_problems(step)
        case CloseStep():
            if step.reason_id:
                yield from _known("close", "closing reason", step.reason_id, config.closing_reasons)
        case SetStep():
            if not step.values:
                yield "set", "This step sets nothing: give at least one name and its expression."
            for name, expression in step.values.items():
                yield from _expression_problems(f"set {name}", expression, check)
        case ConditionStep():
            if not step.cases:
                yield "condition", "This condition has no case: give at least one `when` and `then`."
            for index, case in enumerate(step.cases, 1):
                yield from _expression_problems(f"case {index}", case.when, check)
        case LookUpStep():
            yield from _look_up_problems(step, config, check)
        case SayStep() | ButtonsStep() | FormStep() | LeaveMessageStep() | BotStep():
            yield from _written_problems(step)


def _written_problems(step: WrittenStep) -> Iterator[tuple[str, str]]:
    if not isinstance(step, BotStep) and not any(step.texts.values()):
        yield "", "This step says nothing: give its words, such as {en: How can we help?}."
    match step:
        case ButtonsStep() if not step.choices:
            yield "choices", "There are no buttons: give at least one label and the step that it leads to."
        case FormStep() if not step.fields:
            yield "fields", "This form asks for nothing: give at least one field."
        case FormStep():
            for each in step.fields:
                if each.type == "choice" and not each.options:
                    yield "fields", f"Field {each.name!r} is a choice without options: give at least two."
        case BotStep() if not step.bot.startswith(("https://", "http://")):
            yield "bot", f"{step.bot!r} is no web address: write it as https://bot.example/answer."
        case BotStep() if step.deadline <= timedelta():
            yield "deadline", "The bot must have some time to answer."
        case _:
            return


def _look_up_problems(
    step: LookUpStep, config: TenantConfig, check: CheckExpression
) -> Iterator[tuple[str, str]]:
    kind, _, source_id = step.source.partition(":")
    for name, expression in step.ask.items():
        yield from _expression_problems(f"ask {name}", expression, check)
    if kind == "connector":
        yield from _known("lookup", "connector", source_id, config.connectors)
        connector = config.connectors.get(source_id)
        for place in places_in(connector.address) if connector else ():
            if place not in step.ask:
                yield "ask", f"The address of connector {source_id} has {{{place}}}: say what to ask for it."
        return
    yield from _known("lookup", "table", source_id, config.tables)
    table = config.tables.get(source_id)
    if not step.ask:
        yield "ask", "Say which row is looked for, such as `ask: {number: values.order}`."
    if table is not None:
        named = [
            *((f"ask {name}", name) for name in step.ask),
            *((f"take {n}", c) for n, c in step.take.items()),
        ]
        for branch, column in named:
            if column not in table.columns:
                yield branch, f"Table {table.id} has no column {column!r}; it has {', '.join(table.columns)}."


def _known(branch: str, kind: str, key: str, there: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if key not in there:
        yield branch, f"There is no {kind} {key!r}."


def _menu_problems(step: MenuStep) -> Iterator[tuple[str, str]]:
    if not step.choices:
        yield "choices", "This menu has no choices: give at least one digit and the step that it leads to."
    for digit in step.choices:
        if len(digit) != 1 or digit not in DIGITS:
            yield f"choice {digit}", f"{digit!r} is no key of a telephone: use one of 0 to 9, * and #."
    if step.timeout <= timedelta():
        yield "timeout", "The time to choose must be longer than nothing."
    if not 1 <= step.attempts <= MAX_ATTEMPTS:
        yield "attempts", f"A menu is played 1 to {MAX_ATTEMPTS} times, not {step.attempts}."


def _wait_problems(step: QueueStep) -> Iterator[tuple[str, str]]:
    if step.max_wait is not None and not step.timeout:
        yield "timeout", "`max_wait` is given, but not the step `timeout` at which the contact then goes on."
    if step.timeout and step.max_wait is None:
        yield "max_wait", "`timeout` is given, but not `max_wait`, the time after which it is taken."
    if step.max_wait is not None and step.max_wait <= timedelta():
        yield "max_wait", "The longest wait must be longer than nothing."


def _transfer_problems(step: TransferStep, config: TenantConfig) -> Iterator[tuple[str, str]]:
    kind, _, target = step.to.partition(":")
    match kind:
        case "agent":
            yield from _known("transfer", "agent", target, config.agents)
        case "queue":
            yield from _known("transfer", "queue", target, config.queues)
        case "number":
            if target in config.dial_plan.emergency_numbers:
                yield "transfer", f"{target} is an emergency number: contacts can not be transferred to it."
            elif not (target.startswith("+") and target[1:].isdigit()):
                yield "transfer", f"{target!r} is no telephone number: write it as +33199001234."
        case _:
            yield "transfer", f"{step.to!r} is no destination: write agent:…, queue:… or number:…"


def _answer_problems(step: AnswerStep, config: TenantConfig) -> Iterator[tuple[str, str]]:
    yield from _known("answer", "message", step.message_id, config.messages)
    message = config.messages.get(step.message_id)
    if message is not None and not message.texts:
        yield "answer", f"Message {message.id} has no text that could be sent: give it `texts`."


def _forward_problems(step: ForwardStep) -> Iterator[tuple[str, str]]:
    name, _, domain = step.to.partition("@")
    if not name or "." not in domain:
        yield "forward", f"{step.to!r} is no email address: write it as name@example.org."


def _expression_problems(branch: str, expression: str, check: CheckExpression) -> Iterator[tuple[str, str]]:
    try:
        check(expression)
    except ValueError as error:
        yield branch, f"The expression `{expression}` can not work: {error}."


def _unreachable(script: Script) -> Iterator[tuple[str, str]]:
    if script.start not in script.steps:
        return
    reached = {script.start, *script.hand_to}
    ahead = [step_id for step_id in reached if step_id in script.steps]
    while ahead:
        for _, target in branches(script.steps[ahead.pop()]):
            if target in script.steps and target not in reached:
                reached.add(target)
                ahead.append(target)
    for step_id in script.steps:
        if step_id not in reached:
            yield step_id, f"Nothing leads to step {step_id}: let a branch lead here, or remove it."


def _loops(script: Script) -> Iterator[tuple[str, str]]:
    """One problem for each circle that a contact would go round although the caller does nothing.

    What breaks a circle: a key that the caller presses (a menu's choices), and the wait in a queue, where an agent
    may answer.
    """
    onward = {
        step_id: tuple(target for target in _passive(step) if target in script.steps)
        for step_id, step in script.steps.items()
    }
    seen: set[str] = set()
    for first in script.steps:
        circle = _circle_from(first, onward, seen)
        if circle:
            way = " → ".join((*circle, circle[0]))
            yield (
                circle[0],
                f"The contact would go round for ever although the caller does nothing ({way}): "
                "let one of these steps lead on.",
            )


def _passive(step: Step) -> tuple[str, ...]:
    """The steps that follow without the caller's or an agent's doing."""
    match step:
        case MenuStep():
            return (step.otherwise,)
        case QueueStep() | FormStep() | LeaveMessageStep():
            return ()
        case ButtonsStep():
            return ()
        case BotStep():
            return tuple(target for name, target in branches(step) if name == "failed")
        case _:
            return tuple(target for _, target in branches(step))


def _circle_from(first: str, onward: Mapping[str, tuple[str, ...]], seen: set[str]) -> tuple[str, ...]:
    """The first circle on the ways from `first` through steps not `seen` before; marks what it visits."""
    if first in seen:
        return ()
    seen.add(first)
    path = [first]
    ahead = [iter(onward[first])]
    while path:
        step_id = next(ahead[-1], None)
        if step_id is None:
            path.pop()
            ahead.pop()
        elif step_id in path:
            return tuple(path[path.index(step_id) :])
        elif step_id not in seen:
            seen.add(step_id)
            path.append(step_id)
            ahead.append(iter(onward[step_id]))
    return ()
