"""From chat to call: every way in which it can end, and what may happen between any two steps."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.config import Calls, ChatButton
from cordboard.core.contact import Contact, Phase
from cordboard.core.conversation import events as chat
from cordboard.core.conversation import facts as said
from cordboard.core.conversation.words import CallAnswer, CallStage, CallWay, MessageKind
from cordboard.core.refusals import RefusalCode
from cordboard.core.words import AgentState, Channel, Direction, EndCause, PhoneKind, SeatKind
from cordboard.testing.builders import EMERGENCY_NUMBERS, OUTSIDE, centre
from cordboard.testing.story import Story

PAGE = "demo-page-1"
AGAIN = "demo-page-2"
TYPED = "01 55 66 77 88"


def story_of(
    *, calls: Calls = Calls.BOTH, call_queue: str = "", seat: SeatKind = SeatKind.OMNICHANNEL
) -> Story:
    button = ChatButton(
        "button", "Button", "shop", visitor_grace=timedelta(seconds=30), calls=calls, call_queue_id=call_queue
    )
    story = Story(replace(centre(), chat_buttons={"button": button}))
    story.staff("dan", seat=seat, kind=PhoneKind.BROWSER if seat is SeatKind.OMNICHANNEL else None)
    return story


def chatting(story: Story) -> int:
    """A visitor chats with Dan."""
    event = chat.ChatArrived("button", f"session-{story.seq}", "ada@example.test", "Ada", "fr")
    contact_id = story.tell(event).contact_id
    story.tell(chat.VisitorConnected(contact_id))
    story.tell(ev.OfferAccepted("dan", contact_id))
    return contact_id


def ask(story: Story, chat_id: int, way: CallWay = CallWay.PAGE, number: str = "") -> RefusalCode | None:
    return story.refuses(chat.CallRequested("dan", chat_id, f"call-{story.seq}", way, number))


def call_back(story: Story, chat_id: int, number: str = TYPED) -> RefusalCode | None:
    return ask(story, chat_id, CallWay.CALLBACK, number)


def asked_number(story: Story) -> int:
    return [fact.number for fact in story.facts(said.MessageWritten) if fact.kind is MessageKind.CALL][-1]


def visitor(story: Story, chat_id: int, answer: CallAnswer, address: str = "") -> None:
    story.tell(chat.VisitorCallAnswered(chat_id, asked_number(story), answer, address))


def stages(story: Story) -> list[CallStage]:
    return [fact.stage for fact in story.facts(said.CallChanged)]


def call_of(story: Story) -> Contact:
    return next(each for each in story.state.contacts.values() if each.origin is not None)


def line_at(story: Story, address: str) -> str:
    line = story.outside.dialled(address)
    assert line is not None, f"{address} was not called"
    return line.line


def speaking(story: Story) -> int:
    """Dan and the visitor's page are connected; the chat."""
    chat_id = chatting(story)
    assert ask(story, chat_id) is None
    visitor(story, chat_id, CallAnswer.ACCEPTED)
    visitor(story, chat_id, CallAnswer.READY, PAGE)
    story.answer_line(line_at(story, PAGE))
    return chat_id


# -- in the page


def test_a_call_in_the_page() -> None:
    story = story_of()
    chat_id = chatting(story)
    assert ask(story, chat_id) is None
    assert not story.outside.lines, "nobody is called before the visitor has said yes"
    visitor(story, chat_id, CallAnswer.ACCEPTED)
    visitor(story, chat_id, CallAnswer.READY, PAGE)
    dan = story.line_of("dan")
    assert dan is not None, "his own phone first, which answers by itself"
    assert dan.sounds == ("tone:ring",)
    story.answer_line(line_at(story, PAGE))
    assert story.outside.hears(dan.line) == (line_at(story, PAGE),)
    call = call_of(story)
    assert (call.channel, call.direction, call.remote, call.remote_name, call.language) == (
        Channel.VOICE,
        Direction.OUTBOUND,
        "ada@example.test",
        "Ada",
        "fr",
    )
    assert story.facts(said.CallLinked) == [said.CallLinked(call.id, chat_id, "dan", CallWay.PAGE)]
    assert story.state.contacts[chat_id].phase is Phase.TALKING, "the chat goes on beside the call"
    assert story.refuses(chat.AgentWrote("dan", chat_id, "k", "Can you hear me?")) is None
    story.hang_up(line_at(story, PAGE))
    assert story.causes() == [EndCause.END_CUSTOMER_HUNG_UP]
    assert stages(story) == [
        CallStage.ASKED,
        CallStage.ACCEPTED,
        CallStage.CALLING,
        CallStage.TALKING,
        CallStage.ENDED,
    ]
    assert story.facts(said.CallChanged)[-1].call_id == call.id


def test_the_agent_hangs_up() -> None:
    story = story_of()
    speaking(story)
    assert story.refuses(ev.HangUpRequested("dan", call_of(story).id)) is None
    assert stages(story)[-1] is CallStage.ENDED
    assert not story.outside.lines


@pytest.mark.parametrize(
    ("answer", "stage"),
    [
        (CallAnswer.DECLINED, CallStage.DECLINED),
        (CallAnswer.NO_MICROPHONE, CallStage.NO_MICROPHONE),
        (CallAnswer.FAILED, CallStage.FAILED),
        (CallAnswer.HUNG_UP, CallStage.DECLINED),
    ],
)
@pytest.mark.parametrize("accepted", [False, True])
def test_the_visitor_does_not_come_to_the_call(answer: CallAnswer, stage: CallStage, accepted: bool) -> None:
    story = story_of()
    chat_id = chatting(story)
    ask(story, chat_id)
    if accepted:
        visitor(story, chat_id, CallAnswer.ACCEPTED)
    visitor(story, chat_id, answer)
    assert stages(story)[-1] is stage
    assert not story.outside.lines
    assert ask(story, chat_id) is None, "he may be asked again"


def test_the_visitor_does_not_answer() -> None:
    story = story_of()
    chat_id = chatting(story)
    ask(story, chat_id)
    story.wait(61)
    assert stages(story) == [CallStage.ASKED, CallStage.NOT_ANSWERED]
    visitor(story, chat_id, CallAnswer.READY, PAGE)
    assert not story.outside.lines, "too late means nothing"


def test_the_page_does_not_become_a_line() -> None:
    story = story_of()
    chat_id = chatting(story)
    ask(story, chat_id)
    story.wait(50)
    visitor(story, chat_id, CallAnswer.ACCEPTED)
    story.wait(50)
    assert stages(story)[-1] is CallStage.ACCEPTED
    story.wait(11)
    assert stages(story)[-1] is CallStage.FAILED


def test_the_page_is_there_and_does_not_answer() -> None:
    story = story_of()
    chat_id = chatting(story)
    ask(story, chat_id)
    visitor(story, chat_id, CallAnswer.READY, PAGE)
    assert stages(story)[-1] is CallStage.CALLING
    story.wait(46)
    assert stages(story)[-1] is CallStage.NOT_ANSWERED
    assert story.causes() == [EndCause.NO_ANSWER]
    assert not story.outside.lines


def test_the_page_can_not_be_reached() -> None:
    story = story_of()
    chat_id = chatting(story)
    story.outside.unreachable.add(PAGE)
    ask(story, chat_id)
    visitor(story, chat_id, CallAnswer.READY, PAGE)
    assert stages(story)[-1] is CallStage.NOT_ANSWERED
    assert story.agent("dan").engaged_in(Channel.VOICE) == 0


def test_a_second_click() -> None:
    story = story_of()
    chat_id = chatting(story)
    assert ask(story, chat_id) is None
    assert ask(story, chat_id) is None, "the visitor is being asked"
    assert call_back(story, chat_id) is RefusalCode.CALL_UNDER_WAY
    assert stages(story) == [CallStage.ASKED]
    visitor(story, chat_id, CallAnswer.READY, PAGE)
    assert ask(story, chat_id) is RefusalCode.CALL_UNDER_WAY


def test_the_same_request_again_is_the_same() -> None:
    story = story_of()
    chat_id = chatting(story)
    event = chat.CallRequested("dan", chat_id, "the-same", CallWay.CALLBACK, TYPED)
    assert story.refuses(event) is None
    assert story.refuses(event) is None
    assert len(story.facts(said.CallLinked)) == 1


def test_the_agent_takes_it_back() -> None:
    story = story_of()
    chat_id = chatting(story)
    ask(story, chat_id)
    assert story.refuses(chat.CallWithdrawn("dan", chat_id)) is None
    assert stages(story)[-1] is CallStage.WITHDRAWN
    visitor(story, chat_id, CallAnswer.READY, PAGE)
    assert not story.outside.lines
    assert story.refuses(chat.CallWithdrawn("dan", chat_id)) is None


def test_a_call_that_goes_on_is_hung_up_not_taken_back() -> None:
    story = story_of()
    chat_id = speaking(story)
    assert story.refuses(chat.CallWithdrawn("dan", chat_id)) is RefusalCode.NOT_POSSIBLE_NOW


# -- between the question and the call


def test_the_chat_ends_while_the_visitor_is_asked() -> None:
    story = story_of()
    chat_id = chatting(story)
    ask(story, chat_id)
    story.tell(ev.HangUpRequested("dan", chat_id))
    assert stages(story)[-1] is CallStage.WITHDRAWN
    visitor(story, chat_id, CallAnswer.READY, PAGE)
    assert not story.outside.lines


def test_the_chat_ends_and_the_call_goes_on() -> None:
    story = story_of()
    chat_id = speaking(story)
    story.tell(chat.VisitorEnded(chat_id))
    story.tell(ev.WrapUpFinished("dan", chat_id, ""))
    assert chat_id not in story.state.contacts
    assert call_of(story).phase is Phase.TALKING
    visitor(story, chat_id, CallAnswer.HUNG_UP)
    assert stages(story)[-1] is CallStage.ENDED
    assert not story.outside.lines


def test_the_agent_is_in_another_call_when_the_page_is_ready() -> None:
    story = story_of()
    chat_id = chatting(story)
    ask(story, chat_id)
    assert story.refuses(ev.DialRequested("dan", OUTSIDE)) is None
    visitor(story, chat_id, CallAnswer.READY, PAGE)
    assert stages(story)[-1] is CallStage.FAILED
    assert story.outside.dialled(PAGE) is None


def test_the_chat_was_handed_on_meanwhile() -> None:
    story = story_of()
    chat_id = chatting(story)
    story.staff("emma", seat=SeatKind.DIGITAL, kind=None)
    ask(story, chat_id)
    story.tell(ev.TransferRequested("dan", chat_id, "agent:emma"))
    story.tell(ev.OfferAccepted("emma", chat_id))
    visitor(story, chat_id, CallAnswer.READY, PAGE)
    assert stages(story)[-1] is CallStage.FAILED


# -- what is refused


def test_what_is_refused() -> None:
    story = story_of()
    chat_id = chatting(story)
    assert story.refuses(chat.CallRequested("emma", chat_id, "k", CallWay.PAGE)) is RefusalCode.NOT_LOGGED_IN
    story.staff("emma", seat=SeatKind.DIGITAL, kind=None)
    refused = story.refuses(chat.CallRequested("emma", chat_id, "k", CallWay.PAGE))
    assert refused is RefusalCode.NOT_YOUR_CONTACT
    assert call_back(story, chat_id, "nothing") is RefusalCode.NUMBER_INVALID
    assert call_back(story, chat_id, "+8105512345678") is RefusalCode.NUMBER_NOT_ALLOWED
    for number in EMERGENCY_NUMBERS:
        assert call_back(story, chat_id, number) is RefusalCode.EMERGENCY_NUMBER
    story.tell(chat.VisitorDisconnected(chat_id))
    assert ask(story, chat_id) is RefusalCode.VISITOR_AWAY
    story.tell(ev.PhoneUnreached("dan"))
    assert call_back(story, chat_id) is RefusalCode.PHONE_UNREACHABLE
    story.tell(ev.PhoneReached("dan"))
    story.lose_telephony()
    assert call_back(story, chat_id) is RefusalCode.TELEPHONY_AWAY
    story.find_telephony()
    assert story.refuses(ev.DialRequested("dan", OUTSIDE)) is None
    assert call_back(story, chat_id) is RefusalCode.IN_A_CALL
    assert stages(story) == []


@pytest.mark.parametrize(
    ("calls", "refused"),
    [
        (Calls.NONE, {CallWay.PAGE, CallWay.CALLBACK}),
        (Calls.CALLBACK, {CallWay.PAGE}),
        (Calls.PAGE, {CallWay.CALLBACK}),
        (Calls.BOTH, set()),
    ],
)
def test_what_the_button_offers(calls: Calls, refused: set[CallWay]) -> None:
    for way in CallWay:
        story = story_of(calls=calls)
        found = ask(story, chatting(story), way, TYPED)
        assert found is (RefusalCode.CALLS_OFF if way in refused else None)


# -- a callback


def test_a_callback() -> None:
    story = story_of()
    chat_id = chatting(story)
    assert call_back(story, chat_id) is None
    dan = story.line_of("dan")
    assert dan is not None
    story.answer_line(line_at(story, OUTSIDE))
    assert story.outside.hears(dan.line) == (line_at(story, OUTSIDE),)
    assert call_of(story).remote == OUTSIDE
    story.hang_up(line_at(story, OUTSIDE))
    assert stages(story) == [CallStage.CALLING, CallStage.TALKING, CallStage.ENDED]


@pytest.mark.parametrize("cause", [EndCause.BUSY, EndCause.NO_ANSWER, EndCause.UNREACHABLE])
def test_a_callback_that_nobody_answers(cause: EndCause) -> None:
    story = story_of()
    chat_id = chatting(story)
    call_back(story, chat_id)
    story.hang_up(line_at(story, OUTSIDE), cause)
    assert stages(story) == [CallStage.CALLING, CallStage.NOT_ANSWERED]
    assert story.agent("dan").state is AgentState.IN_CONTACT, "in his chat, as before"
    assert call_back(story, chat_id) is None


def test_the_agent_gives_up_before_it_is_answered() -> None:
    story = story_of()
    chat_id = chatting(story)
    call_back(story, chat_id)
    story.tell(ev.HangUpRequested("dan", call_of(story).id))
    assert stages(story)[-1] is CallStage.WITHDRAWN


def test_the_page_reloads_during_the_call() -> None:
    story = story_of()
    chat_id = speaking(story)
    old = line_at(story, PAGE)
    visitor(story, chat_id, CallAnswer.READY, AGAIN)
    assert old not in story.outside.lines
    assert stages(story)[-1] is CallStage.LOST
    story.answer_line(line_at(story, AGAIN))
    dan = story.line_of("dan")
    assert dan is not None
    assert story.outside.hears(dan.line) == (line_at(story, AGAIN),)
    assert stages(story)[-1] is CallStage.TALKING
    assert len(story.facts(facts.OutsideAnswered)) == 1, "it is one call"


def test_the_page_breaks_and_comes_back() -> None:
    story = story_of()
    chat_id = speaking(story)
    story.hang_up(line_at(story, PAGE), EndCause.CONNECTION_LOST)
    assert stages(story)[-1] is CallStage.LOST
    assert story.line_of("dan") is not None
    story.wait(20)
    visitor(story, chat_id, CallAnswer.READY, AGAIN)
    story.answer_line(line_at(story, AGAIN))
    story.wait(60)
    assert stages(story)[-1] is CallStage.TALKING


def test_the_page_breaks_and_does_not_come_back() -> None:
    story = story_of()
    speaking(story)
    story.hang_up(line_at(story, PAGE), EndCause.CONNECTION_LOST)
    story.wait(31)
    assert story.causes() == [EndCause.CONNECTION_LOST]
    assert stages(story)[-1] is CallStage.ENDED


def test_the_page_reloads_while_it_is_called() -> None:
    story = story_of()
    chat_id = chatting(story)
    ask(story, chat_id)
    visitor(story, chat_id, CallAnswer.READY, PAGE)
    visitor(story, chat_id, CallAnswer.READY, AGAIN)
    story.answer_line(line_at(story, AGAIN))
    assert stages(story)[-1] is CallStage.TALKING
    assert story.outside.dialled(PAGE) is None


def test_hold_and_the_lost_page() -> None:
    story = story_of()
    chat_id = speaking(story)
    call_id = call_of(story).id
    assert story.refuses(ev.HoldRequested("dan", call_id)) is None
    visitor(story, chat_id, CallAnswer.READY, AGAIN)
    story.answer_line(line_at(story, AGAIN))
    assert story.outside.lines[line_at(story, AGAIN)].music, "he is on hold, as before"
    assert story.refuses(ev.ResumeRequested("dan", call_id)) is None
    dan = story.line_of("dan")
    assert dan is not None
    assert story.outside.hears(dan.line) == (line_at(story, AGAIN),)


def test_the_agents_desktop_reloads_while_the_page_is_called_again() -> None:
    story = story_of()
    chat_id = speaking(story)
    call_id = call_of(story).id
    visitor(story, chat_id, CallAnswer.READY, AGAIN)
    assert story.refuses(ev.ReconnectRequested("dan", call_id)) is None
    story.answer_line(line_at(story, AGAIN))
    dan = story.line_of("dan") or story.outside.lines[story.answer("dan")]
    assert story.outside.hears(dan.line) == (line_at(story, AGAIN),)


# -- outages


@pytest.mark.parametrize("perform_last", [False, True])
@pytest.mark.parametrize("steps", range(5))
def test_a_crash_between_any_two_steps(steps: int, perform_last: bool) -> None:
    story = story_of()
    chat_id = chatting(story)

    def crash_at(step: int) -> None:
        if step == steps:
            story.crash(perform_last=perform_last)
            story.tell(chat.VisitorConnected(chat_id))
            story.tell(ev.DesktopConnected("dan", "again"))

    ask(story, chat_id)
    crash_at(0)
    visitor(story, chat_id, CallAnswer.ACCEPTED)
    crash_at(1)
    visitor(story, chat_id, CallAnswer.READY, PAGE)
    crash_at(2)
    if story.outside.dialled(PAGE) is None:
        # the line that was being dialled is not there after the crash: the call is over, the chat goes on
        assert stages(story)[-1] is CallStage.FAILED
        assert story.state.contacts[chat_id].phase is Phase.TALKING
        return
    story.answer_line(line_at(story, PAGE))
    crash_at(3)
    dan = story.line_of("dan")
    assert dan is not None
    assert story.outside.hears(dan.line) == (line_at(story, PAGE),)
    story.hang_up(line_at(story, PAGE))
    crash_at(4)
    assert stages(story)[-1] is CallStage.ENDED
    assert story.state.contacts[chat_id].phase is Phase.TALKING


def test_telephony_is_away_when_the_page_is_ready() -> None:
    story = story_of()
    chat_id = chatting(story)
    ask(story, chat_id)
    story.lose_telephony()
    visitor(story, chat_id, CallAnswer.READY, PAGE)
    story.find_telephony()
    assert stages(story)[-1] is CallStage.FAILED
    assert not story.outside.lines


def test_telephony_is_started_anew_during_the_call() -> None:
    story = story_of()
    chat_id = speaking(story)
    story.lose_telephony()
    story.outside.lines.clear()
    story.outside.rooms.clear()
    story.find_telephony(restarted=True)
    assert stages(story)[-1] is CallStage.ENDED
    assert story.state.contacts[chat_id].phase is Phase.TALKING


def test_the_agent_logs_out_by_the_clock() -> None:
    story = story_of()
    speaking(story)
    story.tell(ev.DesktopDisconnected("dan", "desktop-dan"))
    story.wait(200)
    assert stages(story)[-1] is CallStage.ENDED
    assert not story.outside.lines
    assert story.agent("dan").state is AgentState.LOGGED_OUT
