"""Blind transfer by an agent: to an agent, a queue or a number, and every way in which it comes to nothing."""

import pytest

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.contact import Phase
from cordboard.core.refusals import RefusalCode
from cordboard.core.words import AgentState, EndCause
from cordboard.testing.builders import OUTSIDE, centre, without_agent, without_queue
from cordboard.testing.story import Story


def talking(*others: str) -> tuple[Story, str, int]:
    """A caller from `sales` who talks to amelie, while these others are ready."""
    story = Story()
    story.staff("amelie")
    line = story.talk("amelie")
    story.staff(*others)
    return story, line, story.contact_of(line).id


def outside_line(story: Story) -> str:
    line = story.outside.dialled(OUTSIDE)
    assert line is not None
    return line.line


def test_to_an_agent() -> None:
    story, line, contact_id = talking("bruno")
    assert story.refuses(ev.TransferRequested("amelie", contact_id, "agent:bruno")) is None
    assert story.agent("amelie").state is AgentState.WRAP_UP
    assert story.line_of("amelie") is None
    assert story.outside.lines[line].music == "default"
    bruno = story.answer("bruno")
    assert story.outside.hears(line) == (bruno,)
    answered = story.facts(facts.ContactAnswered)
    assert [(fact.agent_id, fact.queue_id) for fact in answered] == [("amelie", "sales"), ("bruno", "")]


def test_an_agent_who_does_not_answer_puts_the_caller_back_to_his_place() -> None:
    story, line, contact_id = talking("bruno")
    since = story.facts(facts.ContactQueued)[0].since
    story.tell(ev.TransferRequested("amelie", contact_id, "agent:bruno"))
    story.wait(20)
    assert story.contact_of(line).phase is Phase.WAITING
    queued = story.facts(facts.ContactQueued)[-1]
    assert (queued.queue_id, queued.since, queued.again) == ("sales", since, False)
    assert [(fact.to, fact.cause) for fact in story.facts(facts.TransferFailed)] == [
        ("agent:bruno", EndCause.NO_ANSWER)
    ]


@pytest.mark.parametrize("cause", [EndCause.NORMAL, EndCause.BUSY, EndCause.UNREACHABLE])
def test_an_agent_who_declines(cause: EndCause) -> None:
    story, line, contact_id = talking("bruno")
    story.tell(ev.TransferRequested("amelie", contact_id, "agent:bruno"))
    phone = story.ringing("bruno")
    assert phone is not None
    story.hang_up(phone.line, cause)
    assert story.contact_of(line).phase is Phase.WAITING
    assert len(story.facts(facts.TransferFailed)) == 1


def test_the_caller_leaves_while_it_rings_at_the_other_agents() -> None:
    story, line, contact_id = talking("bruno")
    story.tell(ev.TransferRequested("amelie", contact_id, "agent:bruno"))
    story.hang_up(line)
    assert story.agent("bruno").state is AgentState.READY
    assert [fact.queue_id for fact in story.facts(facts.ContactAbandoned)] == [""]
    assert not story.outside.lines


def test_to_a_queue() -> None:
    story, line, contact_id = talking("bruno")
    story.tell(ev.TransferRequested("amelie", contact_id, "queue:support"))
    assert story.contact_of(line).phase is Phase.OFFERED
    story.answer("bruno")
    assert [fact.queue_id for fact in story.facts(facts.ContactAnswered)] == ["sales", "support"]
    story.wait(5)
    story.hang_up(line)
    assert [(fact.agent_id, fact.queue_id) for fact in story.facts(facts.TalkEnded)] == [
        ("amelie", "sales"),
        ("bruno", "support"),
    ]


def test_to_a_number() -> None:
    story, line, contact_id = talking()
    story.tell(ev.TransferRequested("amelie", contact_id, "number:01 55 66 77 88"))
    other = outside_line(story)
    assert story.outside.lines[line].music == "default"
    story.answer_line(other)
    assert story.outside.hears(line) == (other,)
    assert story.agent("amelie").state is AgentState.WRAP_UP
    story.tell(ev.WrapUpFinished("amelie", contact_id, "sold"))
    assert story.agent("amelie").state is AgentState.READY
    story.hang_up(line)
    assert story.causes() == [EndCause.END_CUSTOMER_HUNG_UP]
    assert not story.outside.lines


@pytest.mark.parametrize("cause", [EndCause.BUSY, EndCause.UNREACHABLE, EndCause.NORMAL, None])
def test_a_number_that_does_not_answer_puts_the_caller_back_to_his_place(cause: EndCause | None) -> None:
    story, line, contact_id = talking()
    story.tell(ev.TransferRequested("amelie", contact_id, f"number:{OUTSIDE}"))
    if cause is None:
        story.wait(45)
    else:
        story.hang_up(outside_line(story), cause)
    assert story.contact_of(line).phase is Phase.WAITING
    assert [fact.cause for fact in story.facts(facts.TransferFailed)] == [cause or EndCause.NO_ANSWER]


def test_the_caller_leaves_while_the_number_rings() -> None:
    story, line, contact_id = talking()
    story.tell(ev.TransferRequested("amelie", contact_id, f"number:{OUTSIDE}"))
    story.hang_up(line)
    assert story.causes() == [EndCause.END_CUSTOMER_HUNG_UP]
    assert not story.outside.lines


def test_the_number_answers_as_the_caller_leaves() -> None:
    story, line, contact_id = talking()
    story.tell(ev.TransferRequested("amelie", contact_id, f"number:{OUTSIDE}"))
    other = outside_line(story)
    story.hang_up(line)
    story.tell(ev.LineAnswered(other))
    assert not story.outside.lines
    assert len(story.causes()) == 1


@pytest.mark.parametrize(
    "to, code",
    [
        ("agent:nobody", RefusalCode.UNKNOWN_AGENT),
        ("agent:bruno", RefusalCode.AGENT_NOT_READY),
        ("agent:amelie", RefusalCode.AGENT_NOT_READY),
        ("queue:nothing", RefusalCode.UNKNOWN_QUEUE),
        ("queue:mail", RefusalCode.UNKNOWN_QUEUE),
        ("number:112", RefusalCode.EMERGENCY_NUMBER),
        ("number:+33 112", RefusalCode.EMERGENCY_NUMBER),
        ("number:+12125550100", RefusalCode.NUMBER_NOT_ALLOWED),
        ("number:+33892000000", RefusalCode.NUMBER_NOT_ALLOWED),
        ("number:", RefusalCode.NUMBER_INVALID),
        ("somewhere", RefusalCode.NUMBER_INVALID),
        ("", RefusalCode.NUMBER_INVALID),
    ],
)
def test_a_refused_transfer_changes_nothing(to: str, code: RefusalCode) -> None:
    story, line, contact_id = talking()
    assert story.refuses(ev.TransferRequested("amelie", contact_id, to)) is code
    assert story.contact_of(line).phase is Phase.TALKING
    assert len(story.outside.hears(line)) == 1


def test_only_who_talks_may_transfer() -> None:
    story, _, contact_id = talking("bruno")
    refusal = story.refuses(ev.TransferRequested("bruno", contact_id, "queue:support"))
    assert refusal is RefusalCode.NOT_YOUR_CONTACT


def outgoing_talk(*others: str) -> tuple[Story, int]:
    """Amelie has called a number: a contact that came from no queue."""
    story = Story()
    story.staff("amelie", *others)
    story.tell(ev.DialRequested("amelie", "+33611223344"))
    line = story.outside.dialled("+33611223344")
    assert line is not None
    story.answer_line(line.line)
    return story, story.contact().id


def test_without_a_queue_the_call_comes_back_to_who_sent_it() -> None:
    story, contact_id = outgoing_talk("bruno")
    story.tell(ev.TransferRequested("amelie", contact_id, "agent:bruno"))
    story.wait(20)
    assert story.ringing("amelie"), "amelie has it again, out of her wrap-up"
    amelie = story.answer("amelie")
    caller = story.outside.dialled("+33611223344")
    assert caller is not None
    assert story.outside.hears(caller.line) == (amelie,)


def test_a_number_that_fails_brings_an_outgoing_call_back_too() -> None:
    story, contact_id = outgoing_talk()
    story.tell(ev.TransferRequested("amelie", contact_id, f"number:{OUTSIDE}"))
    story.hang_up(outside_line(story), EndCause.BUSY)
    assert story.ringing("amelie")


def test_who_sent_it_is_gone_and_the_end_customer_is_told() -> None:
    story, contact_id = outgoing_talk("bruno")
    story.tell(ev.TransferRequested("amelie", contact_id, "agent:bruno"))
    story.tell(ev.AgentLoggedOut("amelie"))
    story.wait(20)
    caller = story.outside.dialled("+33611223344")
    assert caller is not None
    assert caller.sounds == ("prompt:agent-unreachable",)
    story.hear_out(caller.line)
    assert story.causes() == [EndCause.UNREACHABLE]


def test_who_sent_it_does_not_answer_either() -> None:
    story, contact_id = outgoing_talk("bruno")
    story.tell(ev.TransferRequested("amelie", contact_id, "agent:bruno"))
    story.wait(45)
    caller = story.outside.dialled("+33611223344")
    assert caller is not None
    assert caller.sounds == ("prompt:agent-unreachable",)


def test_who_sent_it_wanted_to_withdraw_and_still_gets_it_back() -> None:
    story, contact_id = outgoing_talk("bruno")
    story.tell(ev.WithdrawRequested("amelie", "lunch"))
    story.tell(ev.TransferRequested("amelie", contact_id, "agent:bruno"))
    story.wait(20)
    assert story.ringing("amelie")
    line = story.answer("amelie")
    story.tell(ev.HangUpRequested("amelie", contact_id))
    assert line not in story.outside.lines
    story.wait(30)
    assert (story.agent("amelie").state, story.agent("amelie").reason_id) == (AgentState.WITHDRAWN, "lunch")


def test_the_queue_is_gone_when_the_transfer_fails() -> None:
    story, line, contact_id = talking("bruno")
    story.tell(ev.TransferRequested("amelie", contact_id, "agent:bruno"))
    story.tell(ev.ConfigPublished(without_queue(centre(), "sales")))
    story.wait(20)
    assert story.ringing("amelie"), "it comes back to who sent it"
    assert story.contact_of(line).phase is Phase.OFFERED


def test_the_agent_is_removed_while_it_rings() -> None:
    story, line, contact_id = talking("bruno")
    story.tell(ev.TransferRequested("amelie", contact_id, "agent:bruno"))
    story.tell(ev.ConfigPublished(without_agent(centre(), "bruno")))
    assert story.contact_of(line).phase is Phase.WAITING


def test_a_transfer_while_the_caller_is_on_hold() -> None:
    story, line, contact_id = talking("bruno")
    story.tell(ev.HoldRequested("amelie", contact_id))
    story.wait(4)
    story.tell(ev.TransferRequested("amelie", contact_id, "agent:bruno"))
    story.answer("bruno")
    assert len(story.outside.hears(line)) == 1
    assert story.facts(facts.TalkEnded)[0].held.total_seconds() == 4


def test_a_chain_of_transfers() -> None:
    story, line, contact_id = talking("bruno")
    story.tell(ev.TransferRequested("amelie", contact_id, "agent:bruno"))
    story.answer("bruno")
    story.tell(ev.WrapUpFinished("amelie", contact_id, "sold"))
    story.tell(ev.TransferRequested("bruno", contact_id, "agent:amelie"))
    amelie = story.answer("amelie")
    assert story.outside.hears(line) == (amelie,)
    story.hang_up(line)
    assert len(story.facts(facts.TalkEnded)) == 3
