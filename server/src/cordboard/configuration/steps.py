"""How the steps of a script are written. The one key that says what a step does names its type:

opening:  {hours: retail-open, open: welcome, closed: shut}
welcome:  {play: retail-welcome, next: choose}
choose:   {menu: retail-menu, choices: {1: sales, 2: orders}, otherwise: sales, timeout: 5s, attempts: 3}
sales:    {queue: sales, priority: 1, needs: {french: 3}, max_wait: 10m, timeout: sorry}
to-boss:  {transfer: agent:amelie, failed: sorry}
mark:     {set: {tag: "'vip'", order: "values.digits"}, next: sales}
order:    {lookup: table:orders, ask: {number: values.order}, take: {state: state}, found: tell, missing: ask, failed: sales}
who:      {condition: [{when: "'vip' in tags", then: sales}], otherwise: choose}
shut:     {hang_up: closed-retail, dissuaded: yes}
thanks:   {answer: received, again_after: 24h, next: to-mail}
to-mail:  {queue: retail-mail, due: 8h, due_hours: office}
copy:     {forward: archive@example.org, next: done}
done:     {close: spam}

and for chats

hello:    {say: {en: Welcome, fr: Bienvenue}, next: what}
what:     {buttons: {en: What is it about?}, choices: [{label: {en: An order}, then: who}], otherwise: who}
who:      {form: {en: Who are you?}, fields: [{name: email, type: email, required: yes}], next: sales}
away:     {leave_message: {en: We answer by email.}}
helper:   {bot: https://bot.example/answer, hand_over: sales, failed: sales, deadline: 10s}
"""

import re
from collections.abc import Mapping
from datetime import timedelta

from cordboard import numbers
from cordboard.configuration.chat import FORM, TEXTS, listed
from cordboard.configuration.nodes import Entries, Mark, Node, Scalar, child
from cordboard.configuration.records import Field, Record
from cordboard.configuration.shapes import (
    Reading,
    Reference,
    Wrong,
    boolean,
    checked_key,
    did_you_mean,
    duration,
    email,
    integer,
    list_of,
    mapping_of,
    reference,
    referred_key,
    scalar,
    text,
)
from cordboard.core.script.steps import (
    AnswerStep,
    BotStep,
    ButtonCase,
    ButtonsStep,
    Case,
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

LEVEL = integer(1, 5)


def _step(reading: Reading, node: Node, path: str) -> str:
    """The name of a step of the same script; `core.script.validate` looks whether it is there."""
    return scalar(node, "the name of a step")


def _destination(reading: Reading, node: Node, path: str) -> str:
    value = scalar(node, "a destination")
    kind, _, target = value.partition(":")
    target = target.strip()
    if kind in ("agent", "queue") and target:
        reading.references.append(Reference(f"{kind}s", target, node.mark, path))
        return f"{kind}:{target}"
    if kind == "number" and target:
        return f"number:{numbers.normalise(target, reading.country) or target}"
    raise Wrong(node.mark, f"{value!r} is no destination: write agent:…, queue:… or number:…")


def _source(reading: Reading, node: Node, path: str) -> str:
    value = scalar(node, "a table or a connector")
    kind, _, target = value.partition(":")
    target = target.strip()
    if kind in ("table", "connector") and target:
        reading.references.append(Reference(f"{kind}s", target, node.mark, path))
        return f"{kind}:{target}"
    raise Wrong(node.mark, f"{value!r} can not be looked in: write table:… or connector:…")


def _path(reading: Reading, node: Node, path: str) -> str:
    """A column, or the way to a value in an answer: `order.lines.0.state`."""
    value = scalar(node, "a column, or the path of a value")
    if not re.fullmatch(r"[\w-]+(\.[\w-]+){0,9}", value):
        raise Wrong(node.mark, f"{value!r} is no path of a value: write it as order.lines.0.state.")
    return value


def _same_key(reading: Reading, name: str, mark: Mark, path: str) -> str:
    return name


def _variable_key(reading: Reading, name: str, mark: Mark, path: str) -> str:
    if not re.fullmatch(r"[a-zA-Z_]\w{0,39}", name):
        raise Wrong(mark, f"{name!r} is no name of a value: use letters, digits and _.")
    return name


_CASE = Record(
    (Field("when", text, "the condition", required=True), Field("then", _step, "the step", required=True)),
    Case,
)


def _case(reading: Reading, node: Node, path: str) -> Case:
    case = _CASE.read(reading, node, path)
    return case if isinstance(case, Case) else Case("", "")


_BUTTONS = listed(
    Record(
        (
            Field("label", TEXTS, "label", "labels", required=True),
            Field("then", _step, "the step", required=True),
        ),
        ButtonCase,
    ),
    ButtonCase({}, ""),
)
_NEXT = Field("next", _step, "the step that follows", required=True)
_OTHERWISE = Field("otherwise", _step, "the step for everything else", required=True)

FORMS: dict[str, Record] = {
    "play": Record(
        (
            Field("play", reference("messages"), "message", "message_id"),
            _NEXT,
            Field("hear_out", boolean, "hear out"),
        ),
        PlayStep,
    ),
    "hours": Record(
        (
            Field("hours", reference("schedules"), "schedule", "schedule_id"),
            Field("open", _step, "the step when open", required=True),
            Field("closed", _step, "the step when closed", required=True),
        ),
        ScheduleStep,
    ),
    "menu": Record(
        (
            Field("menu", reference("messages"), "message", "message_id"),
            Field("choices", mapping_of(_step, _same_key), "digits and their steps", required=True),
            _OTHERWISE,
            Field("timeout", duration(timedelta(seconds=1), timedelta(minutes=1)), "time to choose"),
            Field("attempts", integer(1, 10), "attempts"),
        ),
        MenuStep,
    ),
    "queue": Record(
        (
            Field("queue", reference("queues"), "queue", "queue_id"),
            Field("priority", integer(-100, 100), "priority"),
            Field("needs", mapping_of(LEVEL, referred_key("skills")), "skills needed"),
            Field("max_wait", duration(timedelta(seconds=1)), "longest wait"),
            Field("timeout", _step, "the step after the longest wait"),
            Field("due", duration(timedelta(minutes=1), timedelta(days=60)), "time to answer an email"),
            Field("due_hours", reference("schedules"), "schedule of that time", "due_schedule_id"),
        ),
        QueueStep,
    ),
    "transfer": Record(
        (
            Field("transfer", _destination, "destination", "to"),
            Field("failed", _step, "the step when that fails"),
        ),
        TransferStep,
    ),
    "set": Record((Field("set", mapping_of(text, _variable_key), "values", "values"), _NEXT), SetStep),
    "condition": Record(
        (Field("condition", list_of(_case, single=False), "cases", "cases"), _OTHERWISE), ConditionStep
    ),
    "lookup": Record(
        (
            Field("lookup", _source, "table or connector", "source"),
            Field("ask", mapping_of(text, _variable_key), "what is asked", required=True),
            Field("take", mapping_of(_path, _variable_key), "what is taken", required=True),
            Field("found", _step, "the step when it is found", required=True),
            Field("missing", _step, "the step when there is none", required=True),
            Field("failed", _step, "the step when it can not be asked", required=True),
        ),
        LookUpStep,
    ),
    "hang_up": Record(
        (
            Field("hang_up", reference("messages"), "message", "message_id"),
            Field("dissuaded", boolean, "dissuaded"),
            Field("words", TEXTS, "what a chat reads", "texts"),
        ),
        HangUpStep,
    ),
    "answer": Record(
        (
            Field("answer", reference("messages"), "message", "message_id"),
            _NEXT,
            Field(
                "again_after",
                duration(timedelta(minutes=1), AnswerStep.LONGEST),
                "time after which a sender may be answered again",
            ),
        ),
        AnswerStep,
    ),
    "forward": Record((Field("forward", email, "address", "to"), _NEXT), ForwardStep),
    "close": Record(
        (Field("close", reference("closing_reasons"), "closing reason", "reason_id"),), CloseStep
    ),
    "say": Record((Field("say", TEXTS, "words", "texts"), _NEXT), SayStep),
    "buttons": Record(
        (
            Field("buttons", TEXTS, "words", "texts"),
            Field("choices", _BUTTONS, "buttons", required=True),
            Field("otherwise", _step, "the step for everything else"),
        ),
        ButtonsStep,
    ),
    "form": Record(
        (Field("form", TEXTS, "words", "texts"), Field("fields", FORM, "fields", required=True), _NEXT),
        FormStep,
    ),
    "leave_message": Record(
        (Field("leave_message", TEXTS, "words", "texts"), Field("next", _step, "the step that follows")),
        LeaveMessageStep,
    ),
    "bot": Record(
        (
            Field("bot", text, "web address"),
            Field("hand_over", _step, "the step for people", required=True),
            Field("failed", _step, "the step when it does not answer"),
            Field("ended", _step, "the step after it has ended"),
            Field("deadline", duration(timedelta(seconds=1), timedelta(minutes=2)), "time to answer"),
            Field("secret", text, "secret that signs the requests"),
        ),
        BotStep,
    ),
}
"""How each type of step is written; the key is also the field that holds what the step is about."""


_ALONE: dict[str, Step] = {"hang_up": HangUpStep(), "close": CloseStep()}
"""Steps of which the word alone says all."""


def steps(reading: Reading, node: Node, path: str) -> dict[str, Step]:
    """The steps of one script by their names, in the order of the document."""
    if not isinstance(node, Entries):
        raise Wrong(node.mark, "Here belong the steps by their names.")
    found: dict[str, Step] = {}
    for step_id, entry in node.entries.items():
        with_path = child(path, step_id)
        reading.marks[with_path] = entry.mark
        try:
            checked_key(step_id, entry.mark)
            step = _read_step(reading, entry.node, with_path, entry.mark)
        except Wrong as wrong:
            reading.wrong(wrong.mark, wrong.path or with_path, str(wrong))
            continue
        if step is not None:
            found[step_id] = step
    return found


def _read_step(reading: Reading, node: Node, path: str, mark: Mark) -> Step | None:
    if isinstance(node, Scalar) and node.text in _ALONE:
        return _ALONE[node.text]
    if not isinstance(node, Entries):
        raise Wrong(mark, f"A step is written as {{play: …, next: …}}.{_types()}")
    kinds = [name for name in node.entries if name in FORMS]
    if not kinds:
        hint = next((did_you_mean(name, tuple(FORMS)) for name in node.entries), "")
        raise Wrong(mark, f"This step does not say what it does.{hint if 'mean' in hint else _types()}")
    if len(kinds) > 1:
        raise Wrong(mark, f"This step says both {kinds[0]!r} and {kinds[1]!r}: make two steps of it.")
    kind = kinds[0]
    if kind not in _ALONE and isinstance(node.entries[kind].node, Scalar):
        scalar(node.entries[kind].node, f"what to {kind}" if kind in ("play", "set") else f"the {kind}")
    step: Step | None = FORMS[kind].read(reading, node, path)
    return step


def _types() -> str:
    return f" It has one of: {', '.join(FORMS)}."


HAND_TO = mapping_of(TEXTS, _same_key)


def build_script(
    id: str,
    name: str,
    space_id: str,
    steps: dict[str, Step],
    start: str = "",
    hand_to: Mapping[str, Mapping[str, str]] | None = None,
) -> Script:
    """`start` is the first step unless it is given."""
    return Script(id, name, space_id, start or next(iter(steps), ""), steps, hand_to or {})


def place_of(branch: str) -> str:
    """Where in a step's form a problem of `core.script.validate` stands: `choice 3` → `choices.3`."""
    kind, _, rest = branch.partition(" ")
    if kind == "choice":
        return f".choices.{rest}"
    if kind in ("set", "ask", "take", "hand_to") and rest:
        return f".{kind}.{rest}"
    if kind == "button":
        return f".choices[{rest}]"
    if kind == "case":
        return f".condition[{rest}]"
    return f".{branch}" if branch else ""
