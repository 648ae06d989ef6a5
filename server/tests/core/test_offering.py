"""An offer ends once: answered, declined, not answered, unreachable, withdrawn or abandoned; and agents are as they should be."""

import pytest

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.contact import Phase
from cordboard.core.refusals import RefusalCode
from cordboard.core.words import AgentState, EndCause, PhoneKind
from cordboard.testing.builders import seconds
from cordboard.testing.story import Story


def ringing() -> tuple[Story, str]:
    """A caller's line, while it rings at amelie's."""
    story = Story()
    story.staff("amelie")
    line = story.call_into_queue()
    assert story.agent("amelie").state is AgentState.RESERVED
    return story, line


def ended(story: Story) -> list[str]:
    return [fact.outcome for fact in story.facts(facts.OfferEnded)]


def test_answered() -> None:
    story, line = ringing()
    story.wait(3)
    agent_line = story.answer("amelie")
    assert story.outside.hears(line) == (agent_line,)
    assert story.agent("amelie").state is AgentState.IN_CONTACT
    (answered,) = story.facts(facts.ContactAnswered)
    assert (answered.queue_id, answered.waited, answered.rang) == ("sales", seconds(3), seconds(3))


def test_answered_twice_is_answered_once() -> None:
    story, _ = ringing()
    line = story.answer("amelie")
    story.tell(ev.LineAnswered(line))
    assert len(story.facts(facts.ContactAnswered)) == 1


@pytest.mark.parametrize(
    "cause, reason, outcome",
    [
        (EndCause.NORMAL, "declined", "declined"),
        (EndCause.BUSY, "declined", "declined"),
        (EndCause.DECLINED, "declined", "declined"),
        (EndCause.NO_ANSWER, "no_answer", "no_answer"),
        (EndCause.UNREACHABLE, "phone_unreachable", "unreachable"),
        (EndCause.FAILED, "phone_unreachable", "unreachable"),
        (EndCause.CONNECTION_LOST, "phone_unreachable", "unreachable"),
    ],
)
def test_the_telephone_says_no(cause: EndCause, reason: str, outcome: str) -> None:
    story, line = ringing()
    phone = story.ringing("amelie")
    assert phone is not None
    story.hang_up(phone.line, cause)
    assert (story.agent("amelie").state, story.agent("amelie").reason_id) == (AgentState.WITHDRAWN, reason)
    assert ended(story) == [outcome]
    assert story.contact_of(line).phase is Phase.WAITING


def test_a_telephone_that_can_not_be_dialled() -> None:
    story = Story()
    story.staff("amelie")
    story.outside.unreachable.add("demo.amelie")
    line = story.call_into_queue()
    assert story.agent("amelie").reason_id == "phone_unreachable"
    assert story.contact_of(line).phase is Phase.WAITING
    assert list(story.outside.lines) == [line]


@pytest.mark.parametrize("request_type", [ev.OfferDeclined, ev.HangUpRequested])
def test_declined_at_the_desktop(request_type: type[ev.OfferDeclined | ev.HangUpRequested]) -> None:
    story, line = ringing()
    story.tell(request_type("amelie", story.contact().id))
    assert story.agent("amelie").reason_id == "declined"
    assert list(story.outside.lines) == [line]


def test_not_answered_in_time() -> None:
    story, line = ringing()
    story.wait(19.999)
    assert story.agent("amelie").state is AgentState.RESERVED
    story.wait(0.001)
    assert (story.agent("amelie").state, story.agent("amelie").reason_id) == (
        AgentState.WITHDRAWN,
        "no_answer",
    )
    assert ended(story) == ["no_answer"]
    assert story.contact_of(line).phase is Phase.WAITING
    assert story.outside.lines[line].music == "default"


def test_the_next_agent_is_asked_at_once() -> None:
    story = Story()
    story.staff("amelie", "bruno")
    story.call_into_queue()
    story.wait(20)
    assert story.ringing("bruno")
    assert not story.ringing("amelie")


def test_an_offer_that_came_to_nothing_does_not_move_the_idle_time() -> None:
    story, line = ringing()
    since = story.agent("amelie").idle_since
    story.wait(5)
    story.hang_up(line)
    assert story.agent("amelie").state is AgentState.READY
    assert story.agent("amelie").idle_since == since


def test_the_caller_hangs_up_while_it_rings() -> None:
    story, line = ringing()
    story.wait(4)
    story.hang_up(line)
    assert ended(story) == ["abandoned"]
    assert [fact.waited for fact in story.facts(facts.ContactAbandoned)] == [seconds(4)]
    assert story.agent("amelie").state is AgentState.READY
    assert not story.outside.lines


# -- races: reports that cross


def crossing() -> tuple[Story, str, str]:
    """As `ringing`, but what happens outside is not reported yet."""
    story = Story(deliver_at_once=False)
    story.staff("amelie")
    line = story.call()
    story.deliver()
    story.hear_out(line)
    story.deliver()
    story.press(line, "1")
    story.deliver()
    phone = story.ringing("amelie")
    assert phone is not None
    return story, line, phone.line


def test_the_answer_crosses_the_time_out() -> None:
    story, line, phone = crossing()
    story.answer_line(phone)
    story.wait(20)  # the time-out is decided first
    story.deliver()
    story.look()
    assert story.facts(facts.ContactAnswered) == []
    assert list(story.outside.lines) == [line]
    assert story.agent("amelie").reason_id == "no_answer"


def test_the_answer_crosses_the_callers_hanging_up() -> None:
    story, line, phone = crossing()
    story.hang_up(line)
    story.answer_line(phone)
    story.deliver()
    story.look()
    assert story.facts(facts.ContactAnswered) == []
    assert story.causes() == [EndCause.END_CUSTOMER_HUNG_UP]
    assert story.agent("amelie").state is AgentState.READY
    assert not story.outside.lines


def test_the_caller_hangs_up_at_the_moment_of_the_answer() -> None:
    story, line, phone = crossing()
    story.answer_line(phone)
    story.hang_up(line)
    story.deliver()
    story.look()
    assert len(story.facts(facts.ContactAnswered)) == 1
    assert story.agent("amelie").state is AgentState.WRAP_UP
    assert not story.outside.lines


def test_both_hang_up_at_once() -> None:
    story, line, phone = crossing()
    story.answer_line(phone)
    story.deliver()
    story.hang_up(phone)
    story.hang_up(line)
    story.deliver()
    story.look()
    assert len(story.causes()) == 1
    assert story.agent("amelie").state is AgentState.WRAP_UP


def test_two_answers_at_once_one_agent_gets_the_call() -> None:
    """Amelie answers as her time runs out, bruno as soon as it rings at his."""
    story = Story(deliver_at_once=False)
    story.staff("amelie", "bruno")
    line = story.call()
    story.deliver()
    story.press(line, "1")
    story.deliver()
    story.answer("amelie")
    story.wait(20)
    story.answer("bruno")
    story.deliver()
    story.look()
    assert [fact.agent_id for fact in story.facts(facts.ContactAnswered)] == ["bruno"]
    bruno = story.line_of("bruno")
    assert bruno is not None
    assert story.outside.hears(line) == (bruno.line,)
    assert story.line_of("amelie") is None


def test_a_withdrawal_asked_for_while_it_rings_comes_after_the_call() -> None:
    story, line = ringing()
    story.tell(ev.WithdrawRequested("amelie", "lunch"))
    assert story.agent("amelie").state is AgentState.RESERVED
    story.answer("amelie")
    story.hang_up(line)
    story.tell(ev.WrapUpFinished("amelie", story.contact().id, "sold"))
    assert (story.agent("amelie").state, story.agent("amelie").reason_id) == (AgentState.WITHDRAWN, "lunch")


def test_an_agent_who_logs_out_while_it_rings_leaves_the_caller_in_his_place() -> None:
    story, line = ringing()
    story.tell(ev.AgentLoggedOut("amelie"))
    assert story.agent("amelie").state is AgentState.LOGGED_OUT
    assert ended(story) == ["withdrawn"]
    assert story.contact_of(line).phase is Phase.WAITING
    assert list(story.outside.lines) == [line]


@pytest.mark.parametrize("kind", list(PhoneKind))
def test_every_kind_of_telephone_rings(kind: PhoneKind) -> None:
    story = Story()
    story.staff("amelie", kind=kind)
    line = story.call_into_queue()
    agent_line = story.answer("amelie")
    assert story.outside.hears(line) == (agent_line,)


def test_a_call_can_not_be_accepted_at_the_desktop() -> None:
    story, _ = ringing()
    assert story.refuses(ev.OfferAccepted("amelie", story.contact().id)) is RefusalCode.NOT_POSSIBLE_NOW


def test_an_offer_is_nobody_elses() -> None:
    story, _ = ringing()
    story.staff("bruno")
    assert story.refuses(ev.OfferDeclined("bruno", story.contact().id)) is RefusalCode.NOT_YOUR_CONTACT
    assert story.refuses(ev.OfferDeclined("bruno", 99999)) is RefusalCode.UNKNOWN_CONTACT
    assert story.refuses(ev.OfferDeclined("nobody", story.contact().id)) is RefusalCode.NOT_LOGGED_IN
