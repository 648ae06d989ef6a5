"""From chat to call, by an agent whose seat has no telephone: a queue calls for him."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.conversation import events as chat
from cordboard.core.conversation import facts as said
from cordboard.core.conversation.words import CallAnswer, CallStage, CallWay
from cordboard.core.facts import Recorded
from cordboard.core.refusals import RefusalCode
from cordboard.core.statistics.figures import FIGURES
from cordboard.core.statistics.period import fold_period
from cordboard.core.statistics.totals import Scope
from cordboard.core.words import AgentState, EndCause, SeatKind
from cordboard.testing.builders import OUTSIDE
from cordboard.testing.story import Story
from tests.core.test_chat_calls import (
    PAGE,
    TYPED,
    ask,
    call_back,
    call_of,
    chatting,
    line_at,
    stages,
    story_of,
    visitor,
)


def queued(way: CallWay = CallWay.CALLBACK) -> tuple[Story, int]:
    """Dan has no telephone; the call waits for Amelie."""
    story = story_of(call_queue="sales", seat=SeatKind.DIGITAL)
    chat_id = chatting(story)
    assert ask(story, chat_id, way, TYPED) is None
    if way is CallWay.PAGE:
        visitor(story, chat_id, CallAnswer.READY, PAGE)
    return story, chat_id


def test_a_seat_without_a_telephone_needs_a_queue() -> None:
    story = story_of(seat=SeatKind.DIGITAL)
    assert call_back(story, chatting(story)) is RefusalCode.NO_TELEPHONE_SEAT


@pytest.mark.parametrize(("way", "address"), [(CallWay.CALLBACK, OUTSIDE), (CallWay.PAGE, PAGE)])
def test_the_queue_calls_for_him(way: CallWay, address: str) -> None:
    story, _ = queued(way)
    assert stages(story)[-1] is CallStage.QUEUED
    story.staff("amelie")
    amelie = story.answer("amelie")
    assert stages(story)[-1] is CallStage.CALLING
    story.hear_out(amelie)
    assert story.outside.lines[amelie].sounds == ("tone:ring",)
    story.answer_line(line_at(story, address))
    assert story.outside.hears(amelie) == (line_at(story, address),)
    assert stages(story)[-1] is CallStage.TALKING
    assert story.facts(said.CallChanged)[-1].agent_id == "amelie"
    story.hang_up(line_at(story, address))
    assert stages(story)[-1] is CallStage.ENDED
    assert story.agent("amelie").state is AgentState.WRAP_UP


@pytest.mark.parametrize("by_the_queue", [False, True])
def test_what_is_counted(by_the_queue: bool) -> None:
    """A call that the agent makes is an outgoing one of his; one that the queue makes is a handled contact of the queue."""
    if by_the_queue:
        story, _ = queued()
        story.staff("amelie")
        story.answer("amelie")
    else:
        story = story_of()
        call_back(story, chatting(story))
    story.answer_line(line_at(story, OUTSIDE))
    recorded = [
        Recorded(number, ordinal, each.at, fact)
        for number, each in enumerate(story.told, 1)
        for ordinal, fact in enumerate(each.decision.facts)
    ]
    config = story.config
    end = story.now + timedelta(seconds=1)
    period = fold_period(recorded, lambda version: config, story.told[0].at, end)
    assert FIGURES["outgoing"].value(period.sums(Scope())) == (0 if by_the_queue else 1)


def test_the_queue_calls_and_nobody_answers() -> None:
    story, _ = queued()
    story.staff("amelie")
    story.answer("amelie")
    call_id = call_of(story).id
    assert (
        story.refuses(ev.TransferRequested("amelie", call_id, "queue:support"))
        is RefusalCode.NOT_POSSIBLE_NOW
    )
    story.wait(46)
    assert stages(story)[-1] is CallStage.NOT_ANSWERED
    assert story.causes() == [EndCause.NO_ANSWER]


def test_an_agent_of_the_queue_does_not_answer() -> None:
    story, _ = queued()
    story.staff("amelie")
    story.wait(21)
    assert stages(story)[-1] is CallStage.QUEUED
    story.staff("bruno")
    story.answer("bruno")
    assert stages(story)[-1] is CallStage.CALLING


def test_what_waits_is_taken_back() -> None:
    story, chat_id = queued()
    assert story.refuses(chat.CallWithdrawn("dan", chat_id)) is None
    assert stages(story)[-1] is CallStage.WITHDRAWN
    story.staff("amelie")
    assert story.ringing("amelie") is None


def test_the_visitor_does_not_wait_for_the_queue() -> None:
    story, chat_id = queued(CallWay.PAGE)
    visitor(story, chat_id, CallAnswer.HUNG_UP)
    assert stages(story)[-1] is CallStage.DECLINED
    assert len(story.facts(facts.ContactAbandoned)) == 1


def test_the_page_is_gone_while_its_call_waits() -> None:
    story, chat_id = queued(CallWay.PAGE)
    story.tell(chat.VisitorDisconnected(chat_id))
    story.wait(31)
    assert stages(story)[-1] is CallStage.DECLINED
    assert not [each for each in story.state.contacts.values() if each.origin is not None]


def test_nobody_calls_for_half_an_hour() -> None:
    story, _ = queued()
    story.wait(timedelta(minutes=31))
    assert stages(story)[-1] is CallStage.FAILED


def test_the_queue_is_taken_out_of_the_configuration() -> None:
    story, _ = queued()
    queues = {key: queue for key, queue in story.config.queues.items() if key != "sales"}
    story.tell(ev.ConfigPublished(replace(story.config, version=2, queues=queues)))
    assert stages(story)[-1] is CallStage.FAILED


# -- the page comes and goes
