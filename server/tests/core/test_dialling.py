"""Outgoing calls, what may be dialled, and emergency numbers, which are refused on every path."""

import pytest

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.dialling import check_number
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.script.steps import TransferStep
from cordboard.core.words import AgentState, Direction, EndCause, PhoneKind, SeatKind
from cordboard.numbers import normalise
from cordboard.testing.builders import EMERGENCY_NUMBERS, NUMBER, OUTSIDE, centre, logged_in, with_script
from cordboard.testing.story import Story

EMERGENCY = [
    dressed
    for number in EMERGENCY_NUMBERS
    for dressed in (
        number,
        f"0{number}",
        f"00 {number}",
        f"+33{number}",
        f"0033{number}",
        f"{number[0]}-{number[1:]}",
    )
]


def dialled(story: Story, number: str = OUTSIDE) -> str:
    line = story.outside.dialled(number)
    assert line is not None
    return line.line


def calling(kind: PhoneKind = PhoneKind.BROWSER) -> Story:
    """Amelie's telephone has answered by itself; the number rings."""
    story = Story()
    story.staff("amelie", kind=kind)
    assert story.refuses(ev.DialRequested("amelie", "01 55 66 77 88")) is None
    return story


def test_an_outgoing_call() -> None:
    story = calling()
    assert story.agent("amelie").state is AgentState.IN_CONTACT
    amelie = story.line_of("amelie")
    assert amelie is not None
    assert amelie.sounds == ("tone:ring",)
    story.wait(4)
    story.hear_out(amelie.line)
    assert amelie.sounds == ("tone:ring",), "it goes on ringing"
    story.answer_line(dialled(story))
    assert story.outside.hears(amelie.line) == (dialled(story),)
    contact = story.contact()
    assert (contact.direction, contact.remote, contact.address) == (Direction.OUTBOUND, OUTSIDE, NUMBER)
    story.hang_up(dialled(story))
    assert story.causes() == [EndCause.END_CUSTOMER_HUNG_UP]
    assert story.agent("amelie").state is AgentState.WRAP_UP
    story.wait(30)
    assert story.agent("amelie").state is AgentState.READY


@pytest.mark.parametrize("cause", [EndCause.BUSY, EndCause.UNREACHABLE, EndCause.FAILED, None])
def test_nobody_answers(cause: EndCause | None) -> None:
    story = calling()
    if cause is None:
        story.wait(45)
    else:
        story.hang_up(dialled(story), cause)
    assert story.causes() == [cause or EndCause.NO_ANSWER]
    assert story.agent("amelie").state is AgentState.READY
    assert not story.outside.lines


def test_the_agent_takes_it_back() -> None:
    story = calling()
    story.tell(ev.HangUpRequested("amelie", story.contact().id))
    assert story.causes() == [EndCause.AGENT_HUNG_UP]
    assert not story.outside.lines
    assert story.agent("amelie").state is AgentState.READY


def test_the_agents_own_telephone_does_not_answer() -> None:
    story = Story()
    story.staff("amelie")
    story.outside.unreachable.add("demo.amelie")
    story.tell(ev.DialRequested("amelie", OUTSIDE))
    assert story.causes() == [EndCause.UNREACHABLE]
    assert story.outside.dialled(OUTSIDE) is None
    assert story.agent("amelie").state is AgentState.READY


def test_the_agents_line_ends_while_it_rings() -> None:
    story = calling(PhoneKind.SIP)
    amelie = story.line_of("amelie")
    assert amelie is not None
    story.hang_up(amelie.line)
    assert story.causes() == [EndCause.AGENT_HUNG_UP]
    assert not story.outside.lines


def test_dialled_on_the_telephone() -> None:
    story = Story()
    story.staff("amelie", kind=PhoneKind.SIP)
    story.outside.dial_on_phone("demo", "sip-1", "amelie", "0155667788")
    story.deliver()
    story.answer_line(dialled(story))
    assert story.outside.hears("sip-1") == (dialled(story),)
    story.hang_up("sip-1")
    assert story.causes() == [EndCause.AGENT_HUNG_UP]


@pytest.mark.parametrize("presented, shown", [("", NUMBER), ("+33199001001", "+33199001001")])
def test_the_number_presented(presented: str, shown: str) -> None:
    story = Story()
    story.staff("amelie")
    story.tell(ev.DialRequested("amelie", OUTSIDE, presented))
    assert story.contact().address == shown


def test_a_number_that_is_not_ours_is_not_presented() -> None:
    story = Story()
    story.staff("amelie")
    refusal = story.refuses(ev.DialRequested("amelie", OUTSIDE, "+33123456789"))
    assert refusal is RefusalCode.NUMBER_NOT_PRESENTABLE
    assert not story.state.contacts


def test_who_may_not_dial() -> None:
    story = Story()
    story.log_in("dan", SeatKind.CHAT, None)
    assert story.refuses(ev.DialRequested("dan", OUTSIDE)) is RefusalCode.NOT_LOGGED_IN
    assert story.refuses(ev.DialRequested("bruno", OUTSIDE)) is RefusalCode.NOT_LOGGED_IN
    story.log_in("chloe", kind=None)
    assert story.refuses(ev.DialRequested("chloe", OUTSIDE)) is RefusalCode.PHONE_MISSING
    story.log_in("bruno")
    story.tell(ev.PhoneUnreached("bruno"))
    assert story.refuses(ev.DialRequested("bruno", OUTSIDE)) is RefusalCode.PHONE_UNREACHABLE
    story.staff("amelie")
    line = story.talk("amelie")
    assert story.refuses(ev.DialRequested("amelie", OUTSIDE)) is RefusalCode.NOT_POSSIBLE_NOW
    story.hang_up(line)
    assert story.refuses(ev.DialRequested("amelie", OUTSIDE)) is RefusalCode.WRAP_UP_FIRST


def test_nobody_dials_without_telephony() -> None:
    story = Story()
    story.staff("amelie")
    story.lose_telephony()
    assert story.refuses(ev.DialRequested("amelie", OUTSIDE)) is RefusalCode.TELEPHONY_AWAY


def test_a_withdrawn_agent_may_dial() -> None:
    story = Story()
    story.log_in("amelie")
    assert story.refuses(ev.DialRequested("amelie", OUTSIDE)) is None
    assert story.agent("amelie").state is AgentState.IN_CONTACT
    story.hang_up(dialled(story), EndCause.BUSY)
    assert (story.agent("amelie").state, story.agent("amelie").reason_id) == (
        AgentState.WITHDRAWN,
        "logged_in",
    )


# -- the dial plan


@pytest.mark.parametrize(
    "typed, outcome",
    [
        ("+33155667788", OUTSIDE),
        ("01 55 66 77 88", OUTSIDE),
        ("01.55.66.77.88", OUTSIDE),
        ("0033155667788", OUTSIDE),
        ("+33112345678", "+33112345678"),  # begins like an emergency number, and is none
        ("+33155660112", "+33155660112"),  # ends like one
        ("0155660015", "+33155660015"),
        ("+33892001122", RefusalCode.NUMBER_NOT_ALLOWED),
        ("+12125550100", RefusalCode.NUMBER_NOT_ALLOWED),
        ("", RefusalCode.NUMBER_INVALID),
        ("hello", RefusalCode.NUMBER_INVALID),
        ("1", RefusalCode.NUMBER_INVALID),
    ],
)
def test_what_may_be_dialled(typed: str, outcome: str | RefusalCode) -> None:
    checked = check_number(centre().dial_plan, typed, normalise)
    assert (checked.code if isinstance(checked, Refusal) else checked) == outcome


@pytest.mark.parametrize("typed", EMERGENCY)
def test_an_emergency_number_is_refused_however_it_is_written(typed: str) -> None:
    checked = check_number(centre().dial_plan, typed, normalise)
    assert isinstance(checked, Refusal)
    assert checked.code is RefusalCode.EMERGENCY_NUMBER


@pytest.mark.parametrize("typed", ["112", "0112", "+33112", "15"])
class TestEmergencyOnEveryPath:
    def test_from_the_desktop(self, typed: str) -> None:
        story = Story()
        story.staff("amelie")
        assert story.refuses(ev.DialRequested("amelie", typed)) is RefusalCode.EMERGENCY_NUMBER
        assert not story.outside.lines

    def test_whatever_else_is_wrong(self, typed: str) -> None:
        story = Story()
        story.log_in("amelie", kind=None)
        story.lose_telephony()
        assert story.refuses(ev.DialRequested("amelie", typed)) is RefusalCode.EMERGENCY_NUMBER

    def test_from_the_telephone_where_it_is_spoken(self, typed: str) -> None:
        story = Story()
        story.staff("amelie", kind=PhoneKind.SIP)
        line = story.outside.dial_on_phone("demo", "sip-1", "amelie", typed)
        story.deliver()
        assert line.sounds == ("prompt:emergency-refused",)
        assert line.up
        story.tell(ev.LineAnswered("sip-1"))
        assert line.sounds == ("prompt:emergency-refused",)
        story.hear_out("sip-1")
        assert not story.outside.lines
        assert not story.state.refused_lines
        assert not story.state.contacts

    def test_as_a_transfer(self, typed: str) -> None:
        story = Story()
        story.staff("amelie")
        line = story.talk("amelie")
        refusal = story.refuses(ev.TransferRequested("amelie", story.contact_of(line).id, f"number:{typed}"))
        assert refusal is RefusalCode.EMERGENCY_NUMBER

    def test_as_a_transfer_by_a_script(self, typed: str) -> None:
        story = Story(with_script(centre(), start=TransferStep(f"number:{typed}")))
        story.call()
        assert story.causes() == [EndCause.REFUSED]
        assert all(line.address != typed for line in story.outside.lines.values())

    def test_as_an_agents_own_telephone(self, typed: str) -> None:
        story = Story()
        phone = ev.Phone(PhoneKind.NUMBER, typed)
        login = ev.AgentLoggedIn("amelie", "login", SeatKind.VOICE, phone)
        assert story.refuses(login) is RefusalCode.EMERGENCY_NUMBER
        story.log_in("amelie")
        assert story.refuses(ev.PhoneChosen("amelie", phone)) is RefusalCode.EMERGENCY_NUMBER


def test_a_number_that_is_not_allowed_is_spoken_too() -> None:
    story = Story()
    story.staff("amelie", kind=PhoneKind.SIP)
    line = story.outside.dial_on_phone("demo", "sip-1", "amelie", "+12125550100")
    story.deliver()
    assert line.sounds == ("prompt:number-not-allowed",)
    story.hang_up("sip-1")
    assert not story.state.refused_lines


def test_an_agents_own_number_is_one_of_the_dial_plans() -> None:
    story = Story()
    phone = ev.Phone(PhoneKind.NUMBER, "+12125550100")
    login = ev.AgentLoggedIn("amelie", "login", SeatKind.VOICE, phone)
    assert story.refuses(login) is RefusalCode.NUMBER_NOT_ALLOWED
    assert story.refuses(logged_in("amelie", kind=PhoneKind.NUMBER)) is None


def test_an_outgoing_call_counts_for_no_queue() -> None:
    story = calling()
    story.answer_line(dialled(story))
    assert [fact.queue_id for fact in story.facts(facts.ContactAnswered)] == [""]
    assert story.facts(facts.ContactQueued) == []
