"""In the queue: music, welcome, position, comfort messages, the longest wait, priority and order."""

from datetime import timedelta

import pytest

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.config import Selection
from cordboard.core.contact import Phase
from cordboard.core.script.steps import QueueStep
from cordboard.core.words import EndCause, SeatKind
from cordboard.testing.builders import centre, seconds, with_agent, with_queue, with_script
from cordboard.testing.story import Story


def heard(story: Story, line: str) -> str:
    """What the line hears: sounds, or its music in brackets."""
    found = story.outside.lines[line]
    return ", ".join(found.sounds) or f"[{found.music}]"


def test_the_position_is_said_every_half_minute_and_music_in_between() -> None:
    story = Story(with_queue(centre(), "sales", music="soft"))
    first, second = story.call_into_queue(), story.call_into_queue()
    assert heard(story, first) == "[soft]"
    story.wait(30)
    assert (heard(story, first), heard(story, second)) == ("prompt:position-1", "prompt:position-2")
    story.hear_out(first)
    assert heard(story, first) == "[soft]"
    story.hang_up(first)
    story.hear_out(second)
    story.wait(30)
    assert heard(story, second) == "prompt:position-1"


def test_far_behind_no_number_is_said() -> None:
    story = Story(watched=False)
    lines = [story.call_into_queue() for _ in range(11)]
    story.wait(30)
    assert [heard(story, line) for line in lines[9:]] == ["prompt:position-10", "prompt:more-than-ten"]


def test_comfort_messages_take_turns() -> None:
    config = with_queue(centre(), "support", comfort_message_ids=("wait", "menu"), announce_every=seconds(10))
    story = Story(config)
    line = story.call_into_queue("2")
    told = []
    for _ in range(3):
        story.wait(10)
        told.append(heard(story, line))
        story.hear_out(line)
    assert told == ["message:wait", "message:menu", "message:wait"]


def test_a_long_announcement_is_not_interrupted_by_the_next() -> None:
    story = Story()
    line = story.call_into_queue()
    story.wait(30)
    playing = story.outside.lines[line].playback_id
    story.wait(30)
    assert story.outside.lines[line].playback_id == playing


def test_a_queue_without_announcements_plays_music_only() -> None:
    story = Story(with_queue(centre(), "sales", announce_position=False))
    line = story.call_into_queue()
    story.wait(300)
    assert heard(story, line) == "[default]"


def test_the_welcome_is_said_once() -> None:
    story = Story(with_queue(centre(), "sales", welcome_message_id="wait"))
    story.staff("amelie")
    line = story.call_into_queue()
    assert heard(story, line) == "message:wait"
    story.wait(20)  # amelie does not answer
    assert heard(story, line) == "message:wait"
    story.hear_out(line)
    assert heard(story, line) == "[default]"
    assert [fact.again for fact in story.facts(facts.ContactQueued)] == [False, True]


def test_after_the_longest_wait_the_script_goes_on() -> None:
    story = Story()
    line = story.call_into_queue("2")
    story.wait(timedelta(minutes=5))
    assert heard(story, line) == "message:closed"
    assert [fact.waited for fact in story.facts(facts.WaitTimedOut)] == [timedelta(minutes=5)]
    story.hear_out(line)
    assert story.causes() == [EndCause.SCRIPT_ENDED]


def test_without_a_step_after_the_longest_wait_the_caller_is_told_and_let_go() -> None:
    story = Story(with_script(centre(), start=QueueStep("sales", max_wait=seconds(60))))
    line = story.call()
    story.wait(60)
    assert heard(story, line) == "prompt:dissuaded"
    story.hear_out(line)
    assert story.causes() == [EndCause.SCRIPT_ENDED]


def test_a_wait_that_is_over_while_it_rings_ends_after_the_ringing() -> None:
    story = Story(with_script(centre(), start=QueueStep("sales", max_wait=seconds(10))))
    story.staff("amelie")
    line = story.call()
    story.wait(19.9)
    assert story.contact_of(line).phase is Phase.OFFERED
    story.wait(0.2)
    assert heard(story, line) == "prompt:dissuaded"


# -- who comes next


def offered(story: Story) -> list[int]:
    return [fact.contact_id for fact in story.facts(facts.ContactOffered)]


@pytest.mark.parametrize("selection", list(Selection))
def test_who_has_waited_longest_comes_first(selection: Selection) -> None:
    story = Story(with_queue(centre(), "sales", selection=selection))
    contacts = []
    for _ in range(4):
        contacts.append(story.contact_of(story.call_into_queue()).id)
        story.wait(1)
    story.staff("bruno", "amelie", "chloe")
    assert offered(story) == contacts[:3]


def test_the_more_urgent_queue_comes_first() -> None:
    story = Story()
    sales = story.contact_of(story.call_into_queue("1")).id
    story.wait(60)
    urgent = story.contact_of(story.call_into_queue("3")).id
    story.staff("amelie", "bruno")
    assert offered(story) == [urgent, sales]


def test_an_older_contact_of_another_queue_comes_first_among_equals() -> None:
    story = Story()
    support = story.contact_of(story.call_into_queue("2")).id
    story.wait(1)
    sales = story.contact_of(story.call_into_queue("1")).id
    story.staff("amelie")
    assert offered(story) == [support]
    story.staff("bruno")
    assert offered(story) == [support, sales]


def test_the_caller_who_was_not_answered_is_back_at_his_place() -> None:
    story = Story()
    story.staff("amelie")
    first = story.call_into_queue()
    story.wait(5)
    second = story.call_into_queue()
    story.wait(15)
    assert story.engine.centre.matching.position(story.contact_of(first).id) == 1
    assert story.engine.centre.matching.position(story.contact_of(second).id) == 2
    story.staff("bruno")
    assert story.contact_of(first).phase is Phase.OFFERED


def test_the_script_may_ask_for_more() -> None:
    """A step's own needs and priority are added to the queue's."""
    step = QueueStep("sales", priority=3, needs={"french": 5})
    story = Story(with_script(centre(), start=step))
    line = story.call()
    wait = story.contact_of(line).wait
    assert wait is not None
    assert (wait.priority, wait.needs) == (3, (("english", 3), ("french", 5)))
    story.staff("bruno")
    assert offered(story) == []
    story.staff("amelie")
    assert offered(story) == [story.contact().id]


@pytest.mark.parametrize(
    "selection, chosen, rule, measure",
    [
        (Selection.LONGEST_IDLE, "bruno", "longest_idle", "2.0 s idle"),
        (Selection.BEST_SKILL, "chloe", "best_skill", "skill levels 5"),
    ],
)
def test_who_is_chosen_and_why(selection: Selection, chosen: str, rule: str, measure: str) -> None:
    story = Story(with_queue(centre(), "sales", selection=selection))
    story.staff("bruno", "amelie", "chloe")
    story.call_into_queue()
    (decided,) = story.facts(facts.RoutingDecided)
    assert (decided.agent_id, decided.rule, decided.eligible) == (chosen, rule, 3)
    assert decided.measure == measure


def test_equal_skill_goes_by_idle_time() -> None:
    story = Story(with_queue(centre(), "sales", selection=Selection.BEST_SKILL))
    story.staff("bruno", "amelie")
    story.call_into_queue()
    (decided,) = story.facts(facts.RoutingDecided)
    assert (decided.agent_id, decided.rule, decided.runner_up_id) == ("bruno", "longest_idle", "amelie")


def test_only_agents_of_the_groups_are_asked() -> None:
    config = with_agent(with_queue(centre(), "sales", group_ids=("night",)), "bruno", group_ids=("night",))
    story = Story(config)
    story.staff("amelie", "bruno")
    story.call_into_queue()
    assert [fact.agent_id for fact in story.facts(facts.ContactOffered)] == ["bruno"]


def test_a_seat_without_voice_gets_no_call() -> None:
    story = Story()
    story.staff("dan", seat=SeatKind.CHAT, kind=None)
    line = story.call_into_queue()
    assert story.contact_of(line).phase is Phase.WAITING


def test_an_agent_without_a_telephone_gets_no_call() -> None:
    story = Story()
    story.staff("amelie", kind=None)
    line = story.call_into_queue()
    assert story.contact_of(line).phase is Phase.WAITING


def test_a_caller_who_leaves_has_abandoned() -> None:
    story = Story()
    line = story.call_into_queue()
    story.wait(42)
    story.hang_up(line)
    (abandoned,) = story.facts(facts.ContactAbandoned)
    assert (abandoned.queue_id, abandoned.waited) == ("sales", seconds(42))
    assert not story.state.contacts


def test_a_caller_who_leaves_during_the_menu_has_not() -> None:
    story = Story()
    line = story.call()
    story.hear_out(line)
    story.hang_up(line)
    assert story.facts(facts.ContactAbandoned) == []
    assert story.causes() == [EndCause.END_CUSTOMER_HUNG_UP]


def test_a_wake_that_comes_too_early_is_not_obeyed() -> None:
    story = Story()
    story.call_into_queue("2")
    key = f"expire:{story.contact().id}"
    at = story.wakes[key]
    story.tell(ev.Woke(key))
    assert story.contact().phase is Phase.WAITING
    assert story.wakes[key] == at
