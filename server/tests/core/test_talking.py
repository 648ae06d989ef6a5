"""Between the answer and the end: hold, digits, hanging up; and a line that is lost and comes back."""

import pytest

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.commands import SendDigits
from cordboard.core.contact import Phase
from cordboard.core.refusals import RefusalCode
from cordboard.core.words import AgentState, EndCause, PhoneKind
from cordboard.testing.builders import seconds
from cordboard.testing.story import Story


def talking(kind: PhoneKind = PhoneKind.BROWSER) -> tuple[Story, str, int]:
    """A caller's line and contact, who talks to amelie."""
    story = Story()
    story.staff("amelie", kind=kind)
    line = story.talk("amelie")
    return story, line, story.contact().id


def test_hold_and_resume() -> None:
    story, line, contact_id = talking()
    story.tell(ev.HoldRequested("amelie", contact_id))
    assert story.outside.hears(line) == ()
    assert story.outside.lines[line].music == "default"
    story.wait(12)
    story.tell(ev.ResumeRequested("amelie", contact_id))
    assert len(story.outside.hears(line)) == 1
    assert [fact.held for fact in story.facts(facts.ContactResumed)] == [seconds(12)]
    story.wait(8)
    story.hang_up(line)
    (ended,) = story.facts(facts.TalkEnded)
    assert (ended.talked, ended.held) == (seconds(20), seconds(12))


def test_held_until_the_end() -> None:
    story, line, contact_id = talking()
    story.tell(ev.HoldRequested("amelie", contact_id))
    story.wait(5)
    story.hang_up(line)
    assert [fact.held for fact in story.facts(facts.TalkEnded)] == [seconds(5)]


@pytest.mark.parametrize("request_type", [ev.HoldRequested, ev.ResumeRequested])
def test_twice_is_once(request_type: type[ev.HoldRequested | ev.ResumeRequested]) -> None:
    story, _, contact_id = talking()
    for _ in range(2):
        assert story.refuses(request_type("amelie", contact_id)) is None
    assert len(story.facts(facts.ContactHeld)) <= 1


def test_digits_go_to_the_end_customer() -> None:
    story, line, contact_id = talking()
    story.tell(ev.DigitsRequested("amelie", contact_id, "12#"))
    assert SendDigits(line, "12#") in story.outside.performed
    assert story.outside.lines[line].digits == ["1", "2", "#"]


def test_the_agent_hangs_up_at_the_desktop() -> None:
    story, _, contact_id = talking()
    story.tell(ev.HangUpRequested("amelie", contact_id))
    assert story.causes() == [EndCause.AGENT_HUNG_UP]
    assert not story.outside.lines
    assert story.agent("amelie").state is AgentState.WRAP_UP


@pytest.mark.parametrize("kind", [PhoneKind.SIP, PhoneKind.NUMBER])
def test_the_agent_hangs_up_his_telephone(kind: PhoneKind) -> None:
    story, _, _ = talking(kind)
    line = story.line_of("amelie")
    assert line is not None
    story.hang_up(line.line)
    assert story.causes() == [EndCause.AGENT_HUNG_UP]
    assert not story.outside.lines


@pytest.mark.parametrize(
    "request_",
    [
        ev.HoldRequested("amelie", 0),
        ev.ResumeRequested("amelie", 0),
        ev.HangUpRequested("amelie", 0),
        ev.DigitsRequested("amelie", 0, "1"),
        ev.ReconnectRequested("amelie", 0),
        ev.TransferRequested("amelie", 0, "queue:support"),
    ],
    ids=lambda request: type(request).__name__,
)
def test_after_the_call_nothing_can_be_done_with_it(request_: ev.HoldRequested) -> None:
    story, line, contact_id = talking()
    story.hang_up(line)
    kind = type(request_)
    extra = [getattr(request_, name) for name in ("digits", "to") if hasattr(request_, name)]
    assert story.refuses(kind("amelie", contact_id, *extra)) is RefusalCode.NOT_POSSIBLE_NOW
    assert story.refuses(kind("amelie", 4711, *extra)) is RefusalCode.UNKNOWN_CONTACT


# -- adrift


def lose_line(story: Story) -> None:
    line = story.line_of("amelie")
    assert line is not None
    story.hang_up(line.line, EndCause.CONNECTION_LOST)


def test_a_browser_that_loses_its_line_gets_the_call_back() -> None:
    story, line, contact_id = talking()
    lose_line(story)
    assert story.outside.lines[line].music == "default"
    assert story.agent("amelie").state is AgentState.IN_CONTACT
    story.wait(5)
    story.tell(ev.ReconnectRequested("amelie", contact_id))
    assert len(story.outside.hears(line)) == 1
    assert [fact.away for fact in story.facts(facts.AgentLegRestored)] == [seconds(5)]


def test_a_reloaded_page_reconnects_although_the_old_line_still_seems_to_be_there() -> None:
    story, line, contact_id = talking()
    old = story.line_of("amelie")
    story.tell(ev.ReconnectRequested("amelie", contact_id))
    new = story.line_of("amelie")
    assert old is not None and new is not None and old.line != new.line
    assert story.outside.hears(line) == (new.line,)
    assert old.line not in story.outside.lines


def test_a_page_away_for_two_seconds_lets_the_caller_hear_music() -> None:
    story, line, _ = talking()
    story.tell(ev.DesktopDisconnected("amelie", "desktop-amelie"))
    story.wait(1.9)
    assert story.outside.hears(line)
    story.wait(0.2)
    assert story.outside.lines[line].music == "default"


def test_a_page_that_blinks_is_not_noticed() -> None:
    story, line, _ = talking()
    story.tell(ev.DesktopDisconnected("amelie", "desktop-amelie"))
    story.wait(1)
    story.tell(ev.DesktopConnected("amelie", "another-tab"))
    story.wait(120)
    assert story.outside.hears(line)


def test_a_line_that_has_survived_is_joined_again_without_dialling() -> None:
    story, line, contact_id = talking()
    story.tell(ev.DesktopDisconnected("amelie", "desktop-amelie"))
    story.wait(10)
    story.tell(ev.DesktopConnected("amelie", "desktop-amelie"))
    survived = story.line_of("amelie")
    story.tell(ev.ResumeRequested("amelie", contact_id))
    assert survived is not None
    assert story.outside.hears(line) == (survived.line,)


def test_resume_without_a_line_is_refused() -> None:
    story, _, contact_id = talking()
    lose_line(story)
    assert story.refuses(ev.ResumeRequested("amelie", contact_id)) is RefusalCode.NOT_POSSIBLE_NOW


def test_an_agent_who_does_not_come_back_gives_the_caller_back_to_the_front() -> None:
    story, line, _ = talking()
    since = story.facts(facts.ContactQueued)[0].since
    other = story.call_into_queue()
    lose_line(story)
    story.wait(60)
    assert (story.agent("amelie").state, story.agent("amelie").reason_id) == (
        AgentState.WITHDRAWN,
        "connection_lost",
    )
    assert story.contact_of(line).phase is Phase.WAITING
    assert story.facts(facts.ContactQueued)[-1].since == since
    story.staff("bruno")
    assert story.contact_of(line).phase is Phase.OFFERED
    assert story.contact_of(other).phase is Phase.WAITING


def test_what_the_script_asked_for_is_asked_for_again() -> None:
    from cordboard.core.script.steps import QueueStep
    from cordboard.testing.builders import centre, with_script

    story = Story(with_script(centre(), start=QueueStep("sales", priority=7, needs={"french": 5})))
    story.staff("amelie")
    line = story.call()
    story.answer("amelie")
    lose_line(story)
    story.wait(60)
    wait = story.contact_of(line).wait
    assert wait is not None
    assert (wait.priority, wait.needs) == (7, (("english", 3), ("french", 5)))


def test_the_caller_may_leave_while_the_agent_is_lost() -> None:
    story, line, _ = talking()
    lose_line(story)
    story.hang_up(line)
    assert story.causes() == [EndCause.END_CUSTOMER_HUNG_UP]
    assert story.agent("amelie").state is AgentState.WRAP_UP


def test_a_telephone_whose_line_broke_is_dialled_again() -> None:
    story, line, _ = talking(PhoneKind.SIP)
    lose_line(story)
    again = story.line_of("amelie")
    assert again is not None
    assert story.outside.hears(line) == (again.line,)


def test_a_telephone_that_can_not_be_reached_again_gives_the_caller_back() -> None:
    story, line, _ = talking(PhoneKind.SIP)
    story.outside.unreachable.add("demo.amelie")
    lose_line(story)
    assert story.contact_of(line).phase is Phase.TALKING
    story.wait(60)
    assert story.contact_of(line).phase is Phase.WAITING


@pytest.mark.parametrize("cause", [EndCause.BUSY, EndCause.NO_ANSWER, EndCause.NORMAL])
def test_a_second_attempt_that_fails_is_not_hanging_up(cause: EndCause) -> None:
    story = Story(deliver_at_once=False)
    story.staff("amelie", kind=PhoneKind.SIP)
    line = story.call()
    story.deliver()
    story.press(line, "1")
    story.deliver()
    agent_line = story.answer("amelie")
    story.deliver()
    story.hang_up(agent_line, EndCause.CONNECTION_LOST)
    story.deliver(1)
    (again,) = [each for each in story.outside.lines.values() if each.address == "demo.amelie"]
    story.reports.clear()  # its answer is not what comes
    again.up = False
    story.hang_up(again.line, cause)
    story.deliver()
    story.look()
    assert story.contact_of(line).phase is Phase.TALKING
    assert story.outside.lines[line].music == "default"


def test_a_hold_ends_when_the_agent_is_lost() -> None:
    story, _, contact_id = talking()
    story.tell(ev.HoldRequested("amelie", contact_id))
    story.wait(3)
    lose_line(story)
    assert [fact.held for fact in story.facts(facts.ContactResumed)] == [seconds(3)]
    assert story.refuses(ev.HoldRequested("amelie", contact_id)) is None
    assert len(story.facts(facts.ContactHeld)) == 1


def test_reconnecting_waits_for_telephony() -> None:
    story, _, contact_id = talking()
    lose_line(story)
    story.lose_telephony()
    assert story.refuses(ev.ReconnectRequested("amelie", contact_id)) is RefusalCode.TELEPHONY_AWAY


def test_taken_over_on_another_computer() -> None:
    """The second login has the seat and the contact; the first desktop's end changes nothing."""
    story, line, contact_id = talking()
    story.log_in("amelie", login_id="login-2")
    story.tell(ev.DesktopConnected("amelie", "laptop"))
    story.tell(ev.DesktopDisconnected("amelie", "desktop-amelie"))
    story.tell(ev.AgentLoggedOut("amelie", "login-1"))
    story.tell(ev.ReconnectRequested("amelie", contact_id))
    story.wait(120)
    assert len(story.outside.hears(line)) == 1
    assert story.agent("amelie").state is AgentState.IN_CONTACT
