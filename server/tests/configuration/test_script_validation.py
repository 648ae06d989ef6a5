"""Scripts that must not be published, and the sentences that say why."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordboard import expressions
from cordboard.core.config import DialPlan, Message, Named, Queue, Schedule, TenantConfig
from cordboard.core.script.steps import (
    Case,
    ConditionStep,
    HangUpStep,
    MenuStep,
    PlayStep,
    QueueStep,
    ScheduleStep,
    Script,
    SetStep,
    Step,
    TransferStep,
    branches,
)
from cordboard.core.script.validate import Problem, find_problems

CONFIG = TenantConfig(
    version=1,
    name="Small",
    language="en",
    time_zone="Europe/Paris",
    queues={"sales": Queue("sales", "Sales", "shop")},
    messages={"hello": Message("hello", "Hello", "shop")},
    schedules={"office": Schedule("office", "Office", "shop", "Europe/Paris", ())},
    skills={"french": Named("french", "French")},
    dial_plan=DialPlan(emergency_numbers=("112",)),
)
END = HangUpStep()
WAIT = QueueStep("sales")


def problems(start: str = "a", **steps: Step) -> list[Problem]:
    return find_problems(Script("main", "Main", "shop", start, steps), CONFIG, expressions.check)


def sentences(**steps: Step) -> str:
    return "\n".join(f"{one.step_id}/{one.branch}: {one.message}" for one in problems(**steps))


def test_a_sound_script_has_no_problems() -> None:
    assert not problems(
        a=ScheduleStep("office", "b", "shut"),
        b=SetStep({"tag": "'vip'"}, "c"),
        c=ConditionStep((Case("'vip' in tags", "wait"),), "menu"),
        menu=MenuStep("hello", {"1": "wait", "*": "menu", "#": "out"}, "wait"),
        wait=QueueStep("sales", needs={"french": 2}, max_wait=timedelta(minutes=1), timeout="menu"),
        out=TransferStep("number:+33199001234", "shut"),
        shut=HangUpStep("hello", dissuaded=True),
    )


@pytest.mark.parametrize(
    ("steps", "step_id", "branch", "part"),
    [
        (
            {"a": PlayStep("hello", "nowhere")},
            "a",
            "next",
            "leads to 'nowhere', which is no step of script main",
        ),
        ({"a": PlayStep("hello", "")}, "a", "next", "Branch 'next' is missing"),
        ({"a": END, "b": END}, "b", "", "Nothing leads to step b"),
        ({"a": PlayStep("bye", "z"), "z": END}, "a", "play", "There is no message 'bye'"),
        ({"a": ScheduleStep("x", "z", "z"), "z": END}, "a", "hours", "There is no schedule 'x'"),
        ({"a": QueueStep("x")}, "a", "queue", "There is no queue 'x'"),
        ({"a": QueueStep("sales", needs={"x": 1})}, "a", "needs", "There is no skill 'x'"),
        ({"a": QueueStep("sales", max_wait=timedelta(1))}, "a", "timeout", "but not the step `timeout`"),
        ({"a": QueueStep("sales", timeout="z"), "z": END}, "a", "max_wait", "but not `max_wait`"),
        ({"a": MenuStep("hello", {"12": "z"}, "z"), "z": END}, "a", "choice 12", "no key of a telephone"),
        ({"a": MenuStep("hello", {}, "z"), "z": END}, "a", "choices", "has no choices"),
        ({"a": MenuStep("hello", {"1": "z"}, "a"), "z": END}, "a", "", "a → a"),
        (
            {"a": MenuStep("hello", {"1": "z"}, "z", attempts=0), "z": END},
            "a",
            "attempts",
            "played 1 to 10 times",
        ),
        ({"a": TransferStep("agent:bob")}, "a", "transfer", "There is no agent 'bob'"),
        ({"a": TransferStep("number:112")}, "a", "transfer", "112 is an emergency number"),
        ({"a": TransferStep("number:abc")}, "a", "transfer", "no telephone number"),
        ({"a": TransferStep("somewhere")}, "a", "transfer", "no destination"),
        ({"a": SetStep({"x": "1 +"}, "z"), "z": END}, "a", "set x", "`1 +` can not work"),
        ({"a": SetStep({"x": "colour"}, "z"), "z": END}, "a", "set x", "there is no variable 'colour'"),
        ({"a": SetStep({}, "z"), "z": END}, "a", "set", "sets nothing"),
        ({"a": ConditionStep((), "z"), "z": END}, "a", "condition", "has no case"),
        ({"a": ConditionStep((Case("now()", "z"),), "z"), "z": END}, "a", "case 1", "no function 'now'"),
        ({"a": PlayStep("hello", "b"), "b": PlayStep("hello", "a")}, "a", "", "a → b → a"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(
    steps: dict[str, Step], step_id: str, branch: str, part: str
) -> None:
    found = [(one.step_id, one.branch) for one in problems(**steps) if part in one.message]
    assert found == [(step_id, branch)], sentences(**steps)


def test_a_script_without_steps_or_start() -> None:
    assert "has no steps" in problems()[0].message
    assert "starts at 'x'" in problems("x", a=END)[0].message


def test_a_circle_that_the_caller_or_an_agent_can_break_is_fine() -> None:
    assert not problems(
        a=PlayStep("hello", "menu"), menu=MenuStep("hello", {"9": "a", "1": "wait"}, "wait"), wait=WAIT
    )
    assert not problems(
        a=QueueStep("sales", max_wait=timedelta(minutes=1), timeout="b"), b=PlayStep("hello", "a")
    )


NAMES = ("a", "b", "c", "d")
names = st.sampled_from(NAMES)
steps = st.one_of(
    st.builds(PlayStep, st.just("hello"), names),
    st.builds(ScheduleStep, st.just("office"), names, names),
    st.builds(MenuStep, st.just("hello"), st.dictionaries(st.sampled_from("123"), names, min_size=1), names),
    st.builds(QueueStep, st.just("sales"), max_wait=st.just(timedelta(minutes=1)), timeout=names),
    st.just(END),
)


def walks_for_ever(script: Script) -> bool:
    """By brute force: from some step, more passive moves than there are steps."""

    def passive(step: Step) -> list[str]:
        if isinstance(step, QueueStep):
            return []
        if isinstance(step, MenuStep):
            return [step.otherwise]
        return [target for _, target in branches(step)]

    here = set(script.steps)
    for _ in range(len(script.steps) + 1):
        here = {target for step_id in here for target in passive(script.steps[step_id])}
    return bool(here)


@given(st.fixed_dictionaries(dict.fromkeys(NAMES, steps)))
def test_loops_are_found_exactly_when_there_is_one(made: dict[str, Step]) -> None:
    script = Script("main", "Main", "shop", "a", made)
    said = any("round for ever" in one.message for one in problems(**made))
    assert said is walks_for_ever(script)
