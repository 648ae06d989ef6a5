"""A new version of the configuration in the middle of everything."""

from dataclasses import replace

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.config import TenantConfig
from cordboard.core.contact import Phase
from cordboard.core.refusals import RefusalCode
from cordboard.core.script.steps import HangUpStep, PlayStep
from cordboard.core.words import AgentState, EndCause, SeatKind
from cordboard.testing.builders import (
    centre,
    with_agent,
    with_queue,
    with_script,
    without_agent,
    without_queue,
)
from cordboard.testing.story import Story


def publish(story: Story, config: TenantConfig) -> None:
    story.tell(ev.ConfigPublished(replace(config, version=story.config.version + 1)))


def test_a_run_keeps_the_version_of_its_script() -> None:
    story = Story()
    line = story.call()
    publish(story, with_script(centre(), start=PlayStep("closed", "end"), end=HangUpStep()))
    story.hear_out(line)
    assert story.outside.lines[line].sounds == ("message:menu",)
    other = story.call()
    assert story.outside.lines[other].sounds == ("message:closed",)
    assert set(story.state.pinned_scripts) == {"1:main", "2:main"}
    story.hang_up(line)
    publish(story, centre())
    assert set(story.state.pinned_scripts) == {"2:main"}


def test_a_queue_that_is_gone_lets_its_callers_go_on_in_their_script() -> None:
    story = Story()
    line = story.call_into_queue("2")
    publish(story, without_queue(centre(), "support"))
    assert story.outside.lines[line].sounds == ("message:closed",)
    assert len(story.facts(facts.WaitTimedOut)) == 1


def test_or_tells_them_and_lets_them_go() -> None:
    story = Story()
    line = story.call_into_queue("1")
    publish(story, without_queue(centre(), "sales"))
    assert story.outside.lines[line].sounds == ("prompt:dissuaded",)
    story.hear_out(line)
    assert story.causes() == [EndCause.SCRIPT_ENDED]


def test_a_queue_that_is_gone_while_it_rings() -> None:
    story = Story()
    story.staff("amelie")
    line = story.call_into_queue("2")
    publish(story, without_queue(centre(), "support"))
    assert story.contact_of(line).phase is Phase.OFFERED
    story.wait(20)
    assert story.outside.lines[line].sounds == ("message:closed",)


def test_a_queue_that_is_gone_while_they_talk() -> None:
    story = Story()
    story.staff("amelie")
    line = story.talk("amelie", "2")
    publish(story, without_queue(centre(), "support"))
    assert story.outside.hears(line)
    story.hang_up(line)
    story.wait(30)
    assert story.agent("amelie").state is AgentState.READY


def test_a_script_that_comes_to_a_queue_that_is_gone() -> None:
    story = Story()
    line = story.call()
    story.hear_out(line)
    publish(story, without_queue(centre(), "sales"))
    story.press(line, "1")
    assert [incident.kind for incident in story.incidents] == ["queue_missing"]
    assert story.outside.lines[line].sounds == ("prompt:technical-problem",)
    other = story.call()
    story.hear_out(other)
    publish(story, without_queue(centre(), "support"))
    story.press(other, "2")
    assert story.outside.lines[other].sounds == ("message:closed",)


def test_needs_that_change_are_those_of_who_waits() -> None:
    story = Story(with_queue(centre(), "sales", needs={"english": 4}))
    story.staff("amelie")
    story.call_into_queue()
    assert story.ringing("amelie") is None
    publish(story, centre())
    assert story.ringing("amelie")


def test_needs_that_change_while_it_rings_hold_for_the_next_offer() -> None:
    story = Story()
    story.staff("amelie", "bruno", "chloe")
    story.call_into_queue()
    publish(story, with_queue(centre(), "sales", needs={"english": 5}))
    story.wait(20)
    assert story.ringing("chloe"), "bruno was next, but does not speak it well enough any more"


def test_an_agent_who_learns_is_offered_more() -> None:
    story = Story()
    story.staff("chloe")
    line = story.call_into_queue("2")
    assert story.contact_of(line).phase is Phase.WAITING
    publish(story, with_agent(centre(), "chloe", skills={"french": 2}))
    assert story.contact_of(line).phase is Phase.OFFERED


def test_an_agent_who_is_gone_is_logged_out() -> None:
    story = Story()
    story.staff("amelie")
    publish(story, without_agent(centre(), "amelie"))
    assert story.agent("amelie").state is AgentState.LOGGED_OUT
    assert [fact.cause for fact in story.facts(facts.SeatFreed)] == ["configuration"]
    publish(story, without_agent(centre(), "amelie"))
    assert "amelie" not in story.state.agents


def test_or_after_his_call() -> None:
    story = Story()
    story.staff("amelie")
    line = story.talk("amelie")
    publish(story, without_agent(centre(), "amelie"))
    assert story.outside.hears(line)
    assert story.refuses(ev.DialRequested("amelie", "0155667788")) is RefusalCode.NOT_LOGGED_IN
    story.hang_up(line)
    assert story.agent("amelie").state is AgentState.LOGGED_OUT
    assert not story.state.contacts


def test_or_while_it_rings_at_his() -> None:
    story = Story()
    story.staff("amelie", "bruno")
    line = story.call_into_queue()
    publish(story, without_agent(centre(), "amelie"))
    assert story.ringing("bruno")
    assert story.contact_of(line).phase is Phase.OFFERED


def test_an_agent_who_is_back_before_his_call_is_over_stays() -> None:
    story = Story()
    story.staff("amelie")
    line = story.talk("amelie")
    publish(story, without_agent(centre(), "amelie"))
    publish(story, centre())
    story.hang_up(line)
    assert story.agent("amelie").state is AgentState.WRAP_UP


def test_an_agent_who_is_gone_takes_no_more_work() -> None:
    story = Story()
    story.staff("emma", seat=SeatKind.DIGITAL, kind=None)
    story.tell(ev.WithdrawRequested("emma", "lunch"))
    story.tell(ev.WorkArrived(_CHAT, "button", "chat-1", "visitor"))
    contact_id = story.contact().id
    story.tell(ev.ClaimRequested("emma", contact_id))
    story.tell(ev.WorkArrived(_CHAT, "button", "chat-2", "visitor"))
    publish(story, without_agent(centre(), "emma"))
    assert story.agent("emma").state is AgentState.LOGGED_OUT, "chats are given to somebody else"
    assert [contact.phase for contact in story.state.contacts.values()] == [Phase.WAITING, Phase.WAITING]
    last = list(story.state.contacts)[-1]
    assert story.refuses(ev.ClaimRequested("emma", last)) is RefusalCode.NOT_LOGGED_IN


_CHAT = centre().queues["chat"].channel
