"""From the number to the queue: greeting, hours, menu, variables, transfers by the script; numbers and scripts that are missing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.config import TenantConfig
from cordboard.core.contact import Phase
from cordboard.core.script.steps import (
    Case,
    ConditionStep,
    HangUpStep,
    MenuStep,
    PlayStep,
    QueueStep,
    ScheduleStep,
    SetStep,
    TransferStep,
)
from cordboard.core.words import EndCause
from cordboard.testing.builders import OUTSIDE, centre, with_script
from cordboard.testing.story import Story

SATURDAY = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)


def sounds(story: Story, line: str) -> tuple[str, ...]:
    return story.outside.lines[line].sounds


def entered(story: Story) -> list[str]:
    return [fact.step_id for fact in story.facts(facts.StepEntered)]


def test_a_call_is_greeted_asked_and_queued() -> None:
    story = Story()
    line = story.call()
    assert story.outside.lines[line].up
    assert sounds(story, line) == ("message:welcome",)
    story.hear_out(line)
    assert sounds(story, line) == ("message:menu",)
    story.press(line, "2")
    assert story.outside.lines[line].music == "default"
    assert story.contact_of(line).phase is Phase.WAITING
    assert entered(story) == ["welcome", "hours", "menu", "support"]


def test_outside_opening_hours_the_caller_is_told_and_let_go() -> None:
    story = Story(begin=SATURDAY)
    line = story.call()
    story.hear_out(line)
    assert sounds(story, line) == ("message:closed",)
    story.hear_out(line)
    assert story.causes() == [EndCause.SCRIPT_ENDED]
    assert story.facts(facts.ContactDissuaded)
    assert not story.outside.lines


@pytest.mark.parametrize(
    "tries, expected",
    [
        ("1", "sales"),
        ("91", "sales"),
        ("992", "support"),
        ("999", "sales"),  # attempts are over: `otherwise`
        ("9*9", "sales"),
        ("3", "urgent"),
    ],
)
def test_menu_choices(tries: str, expected: str) -> None:
    story = Story()
    line = story.call()
    story.hear_out(line)
    story.press(line, tries)
    wait = story.contact_of(line).wait
    assert wait is not None and wait.queue_id == expected


def test_a_wrong_choice_is_said_and_the_menu_repeated() -> None:
    story = Story()
    line = story.call()
    story.hear_out(line)
    story.press(line, "9")
    assert sounds(story, line) == ("prompt:wrong-choice", "message:menu")


def test_no_choice_is_said_and_leads_to_otherwise() -> None:
    story = Story()
    line = story.call()
    story.hear_out(line)
    for _ in range(2):
        story.hear_out(line)
        story.wait(5)
        assert sounds(story, line) == ("prompt:no-choice", "message:menu")
    story.hear_out(line)
    story.wait(5)
    assert story.contact_of(line).phase is Phase.WAITING
    assert story.facts(facts.MenuChosen) == [facts.MenuChosen(story.contact().id, "main", "menu", "")]


def test_a_choice_after_the_message_and_before_the_time_out_counts() -> None:
    story = Story()
    line = story.call()
    story.hear_out(line)
    story.hear_out(line)
    story.wait(4.9)
    story.press(line, "2")
    assert story.contact_of(line).phase is Phase.WAITING
    story.wait(10)
    assert entered(story)[-1] == "support"


def test_a_digit_pressed_ahead_ends_the_message_and_answers_the_menu() -> None:
    story = Story()
    line = story.call()
    story.press(line, "2")
    assert story.contact_of(line).phase is Phase.WAITING
    assert entered(story)[-1] == "support"


def test_a_digit_pressed_ahead_that_the_menu_does_not_have_is_dropped() -> None:
    story = Story()
    line = story.call()
    story.press(line, "9")
    assert sounds(story, line) == ("message:menu",)


def test_a_notice_is_heard_out_and_the_digit_is_kept_for_the_menu() -> None:
    notice = PlayStep("welcome", "menu", hear_out=True)
    menu = MenuStep("menu", {"1": "sales"}, "closed")
    story = Story(
        with_script(centre(), start=notice, menu=menu, sales=QueueStep("sales"), closed=HangUpStep())
    )
    line = story.call()
    story.press(line, "1")
    assert sounds(story, line) == ("message:welcome",)
    story.hear_out(line)
    assert story.contact_of(line).phase is Phase.WAITING


def test_an_announcement_that_is_over_does_not_disturb_the_next() -> None:
    story = Story()
    line = story.call()
    story.hear_out(line)
    story.tell(ev.PlaybackEnded(line, "demo-3.p1"))
    assert sounds(story, line) == ("message:menu",)


def test_a_missing_sound_is_reported_once_and_the_script_goes_on() -> None:
    story = Story()
    line = story.call()
    playing = story.outside.lines[line].playback_id
    story.outside.lines[line].playback_id = ""
    story.tell(ev.PlaybackEnded(line, playing, ("message:welcome",)))
    assert [incident.kind for incident in story.incidents] == ["message_missing"]
    assert story.facts(facts.MessageMissing)
    assert sounds(story, line) == ("message:menu",)


# -- steps without the caller


def variables(**steps: object) -> TenantConfig:
    return with_script(centre(), **steps)  # type: ignore[arg-type]  # steps


@pytest.mark.parametrize(
    "when, goes_to",
    [
        ("caller.startsWith('+336')", "support"),
        ("called == '+33199001000' && hour == 10 && weekday == 1", "support"),
        ("values.kind == 'gold'", "support"),
        ("priority > 3", "support"),
        ("'vip' in tags", "support"),
        ("language == 'fr'", "support"),
        ("caller == ''", "sales"),
        ("values.missing == 'x'", "sales"),  # fails: counts as false
        ("caller", "sales"),  # not a truth
    ],
)
def test_conditions_see_what_was_set(when: str, goes_to: str) -> None:
    story = Story(
        variables(
            start=SetStep({"kind": "'gold'", "priority": "5", "tag": "'vip'", "language": "'fr'"}, "choose"),
            choose=ConditionStep((Case(when, "support"),), "sales"),
            support=QueueStep("support"),
            sales=QueueStep("sales"),
        )
    )
    line = story.call()
    wait = story.contact_of(line).wait
    assert wait is not None and wait.queue_id == goes_to
    assert wait.priority == 5


def test_an_expression_that_fails_is_a_fact_and_sets_nothing() -> None:
    story = Story(variables(start=SetStep({"x": "values.nothing"}, "sales"), sales=QueueStep("sales")))
    line = story.call()
    assert story.contact_of(line).values == {}
    assert [fact.step_id for fact in story.facts(facts.ExpressionFailed)] == ["start"]


def test_a_language_that_was_set_is_spoken() -> None:
    story = Story(variables(start=SetStep({"language": "'fr'"}, "say"), say=PlayStep("welcome", "say")))
    story.call()
    assert [command.language for command in story.outside.performed if hasattr(command, "language")] == ["fr"]


@pytest.mark.parametrize("begin, expected", [(None, "sales"), (SATURDAY, "support")])
def test_a_schedule_branches(begin: datetime | None, expected: str) -> None:
    config = variables(
        start=ScheduleStep("office", "sales", "support"),
        sales=QueueStep("sales"),
        support=QueueStep("support"),
    )
    story = Story(config, begin=begin) if begin else Story(config)
    line = story.call()
    wait = story.contact_of(line).wait
    assert wait is not None and wait.queue_id == expected


def test_a_script_that_hangs_up_without_a_word_answers_with_busy() -> None:
    story = Story(variables(start=HangUpStep()))
    story.call()
    assert story.causes() == [EndCause.SCRIPT_ENDED]
    assert not story.outside.lines


# -- transfers by the script


def test_a_script_transfers_to_a_number_and_both_talk() -> None:
    story = Story(variables(start=TransferStep(f"number:{OUTSIDE}")))
    line = story.call()
    assert story.outside.lines[line].music == "default"
    outside = story.outside.dialled(OUTSIDE)
    assert outside is not None
    story.answer_line(outside.line)
    assert story.outside.hears(line) == (outside.line,)
    story.hang_up(outside.line)
    assert story.causes() == [EndCause.OUTSIDE_HUNG_UP]


@pytest.mark.parametrize(
    "to", ["number:112", "number:+12125550100", "agent:amelie", "agent:nobody", "queue:none"]
)
@pytest.mark.parametrize("failed, outcome", [("sales", Phase.WAITING), ("", Phase.ENDED)])
def test_a_script_transfer_that_can_not_be_goes_to_failed(to: str, failed: str, outcome: Phase) -> None:
    story = Story(variables(start=TransferStep(to, failed), sales=QueueStep("sales")))
    line = story.call()
    assert len(story.facts(facts.TransferFailed)) == 1
    if outcome is Phase.WAITING:
        assert story.contact_of(line).phase is Phase.WAITING
    else:
        assert story.causes() == [EndCause.REFUSED]
        assert [incident.kind for incident in story.incidents] == ["transfer_refused"]


@pytest.mark.parametrize("cause", [EndCause.BUSY, EndCause.UNREACHABLE, EndCause.NORMAL, None])
@pytest.mark.parametrize("failed", ["sales", ""])
def test_a_number_that_does_not_answer(cause: EndCause | None, failed: str) -> None:
    story = Story(variables(start=TransferStep(f"number:{OUTSIDE}", failed), sales=QueueStep("sales")))
    line = story.call()
    outside = story.outside.dialled(OUTSIDE)
    assert outside is not None
    if cause is None:
        story.wait(45)
    else:
        story.hang_up(outside.line, cause)
    assert list(story.outside.lines) == [line]
    if failed:
        assert story.contact_of(line).phase is Phase.WAITING
    else:
        assert story.outside.lines[line].sounds == ("prompt:agent-unreachable",)
        story.hear_out(line)
        assert story.causes() == [cause or EndCause.NO_ANSWER]


def test_a_script_transfers_to_an_agent_who_does_not_answer() -> None:
    story = Story(variables(start=TransferStep("agent:amelie", "sales"), sales=QueueStep("sales")))
    story.staff("amelie")
    line = story.call()
    assert story.ringing("amelie")
    story.wait(20)
    wait = story.contact_of(line).wait
    assert wait is not None and wait.queue_id == "sales"
    assert story.agent("amelie").reason_id == "no_answer"


def test_a_script_transfers_to_an_agent_who_logs_out_while_it_rings() -> None:
    story = Story(variables(start=TransferStep("agent:amelie", "sales"), sales=QueueStep("sales")))
    story.staff("amelie")
    line = story.call()
    story.tell(ev.AgentLoggedOut("amelie"))
    wait = story.contact_of(line).wait
    assert wait is not None and wait.queue_id == "sales"


def test_a_script_transfers_to_a_queue() -> None:
    story = Story(variables(start=TransferStep("queue:urgent")))
    line = story.call()
    wait = story.contact_of(line).wait
    assert wait is not None and (wait.queue_id, wait.priority) == ("urgent", 10)


# -- what is wrong


def test_an_unknown_number_hears_that_something_is_wrong() -> None:
    story = Story()
    line = story.call(number="+33199999999")
    assert sounds(story, line) == ("prompt:technical-problem",)
    assert [incident.kind for incident in story.incidents] == ["script_missing"]
    story.hear_out(line)
    assert story.causes() == [EndCause.FAILED]


def test_a_number_without_its_script_too() -> None:
    story = Story(replace(centre(), scripts={}))
    line = story.call()
    assert sounds(story, line) == ("prompt:technical-problem",)
    assert [(incident.kind, incident.subject) for incident in story.incidents] == [
        ("script_missing", "front")
    ]


def test_a_script_that_runs_in_a_circle_is_stopped() -> None:
    story = Story(variables(start=SetStep({}, "again"), again=SetStep({}, "start")))
    line = story.call()
    assert sounds(story, line) == ("prompt:technical-problem",)
    assert [incident.kind for incident in story.incidents] == ["script_loops"]
    assert len(story.facts(facts.StepEntered)) == 100


def test_a_step_that_is_missing_is_an_incident() -> None:
    story = Story(variables(start=PlayStep("welcome", "nowhere")))
    line = story.call()
    story.hear_out(line)
    assert sounds(story, line) == ("prompt:technical-problem",)
    assert [(incident.kind, incident.subject) for incident in story.incidents] == [
        ("step_missing", "main/nowhere")
    ]


def test_the_same_call_reported_twice_is_one() -> None:
    story = Story()
    line = story.call()
    story.tell(ev.CallArrived(line, "+33199001000", ""))
    assert len(story.state.contacts) == 1


def test_an_inbox_is_not_a_number() -> None:
    story = Story()
    line = story.call("hello@demo.example")
    assert sounds(story, line) == ("prompt:technical-problem",)


def test_a_menu_of_one_attempt_goes_on_at_once() -> None:
    story = Story(
        variables(
            start=MenuStep("menu", {"1": "start"}, "sales", timedelta(seconds=2), 1), sales=QueueStep("sales")
        )
    )
    line = story.call()
    story.press(line, "7")
    assert story.contact_of(line).phase is Phase.WAITING
