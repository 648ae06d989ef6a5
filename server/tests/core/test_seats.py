"""Logins and seats, desktops and their grace time, readiness, withdrawal, and wrap-up."""

from itertools import pairwise

import pytest

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.refusals import RefusalCode
from cordboard.core.words import AgentState, PhoneKind, SeatKind
from cordboard.testing.builders import centre, logged_in, phone_of, seconds, with_queue, with_seats
from cordboard.testing.story import Story


def state_of(story: Story, agent_id: str = "amelie") -> tuple[AgentState, str]:
    agent = story.agent(agent_id)
    return agent.state, agent.reason_id


# -- seats


def test_after_a_login_one_is_withdrawn_and_then_ready() -> None:
    story = Story()
    story.log_in("amelie")
    assert state_of(story) == (AgentState.WITHDRAWN, "logged_in")
    story.tell(ev.ReadyRequested("amelie"))
    assert state_of(story) == (AgentState.READY, "")


def test_one_too_many_is_told_who_has_the_seats() -> None:
    story = Story(with_seats(centre(), voice=2))
    story.log_in("amelie")
    story.log_in("bruno")
    refusal = story.tell(logged_in("chloe")).refusal
    assert refusal is not None
    assert refusal.code is RefusalCode.SEATS_FULL
    assert refusal.params == {"seat": "voice", "subscribed": "2", "taken_by": "Amelie, Bruno"}
    story.tell(ev.AgentLoggedOut("bruno"))
    assert story.refuses(logged_in("chloe")) is None


def test_a_kind_of_seat_that_is_not_subscribed() -> None:
    story = Story(with_seats(centre(), voice=2))
    assert story.refuses(logged_in("dan", SeatKind.DIGITAL)) is RefusalCode.SEAT_NOT_SUBSCRIBED


def test_somebody_unknown() -> None:
    assert Story().refuses(logged_in("nobody")) is RefusalCode.UNKNOWN_AGENT


def test_a_second_login_takes_over() -> None:
    story = Story(with_seats(centre(), voice=1))
    story.staff("amelie")
    assert story.refuses(logged_in("amelie", login_id="login-2")) is None
    assert state_of(story) == (AgentState.READY, "")
    assert [fact.taken_over for fact in story.facts(facts.SeatTaken)] == [False, True]
    story.tell(ev.AgentLoggedOut("amelie", "login-1"))
    assert state_of(story) == (AgentState.READY, "")
    story.tell(ev.AgentLoggedOut("amelie", "login-2"))
    assert state_of(story) == (AgentState.LOGGED_OUT, "")


def test_another_kind_of_seat_needs_one_to_be_free() -> None:
    story = Story(with_seats(centre(), voice=1, multimedia=1))
    story.log_in("amelie", SeatKind.MULTIMEDIA)
    story.log_in("bruno")
    assert story.refuses(logged_in("amelie")) is RefusalCode.SEATS_FULL
    assert story.agent("amelie").seat is SeatKind.MULTIMEDIA


def test_fewer_seats_throw_nobody_out() -> None:
    story = Story()
    story.staff("amelie", "bruno")
    story.tell(ev.ConfigPublished(with_seats(centre(), voice=1)))
    assert state_of(story, "bruno") == (AgentState.READY, "")
    assert story.refuses(logged_in("chloe")) is RefusalCode.SEATS_FULL


# -- logging out, in each state


def test_logging_out_when_ready() -> None:
    story = Story()
    story.staff("amelie")
    story.tell(ev.AgentLoggedOut("amelie"))
    assert [fact.cause for fact in story.facts(facts.SeatFreed)] == ["logged_out"]
    assert story.refuses(ev.AgentLoggedOut("amelie")) is RefusalCode.NOT_LOGGED_IN


def test_logging_out_in_a_contact_is_refused() -> None:
    story = Story()
    story.staff("amelie")
    story.talk("amelie")
    assert story.refuses(ev.AgentLoggedOut("amelie")) is RefusalCode.NOT_POSSIBLE_NOW
    assert state_of(story) == (AgentState.IN_CONTACT, "")


def test_logging_out_in_wrap_up_closes_it_without_a_reason() -> None:
    story = Story()
    story.staff("amelie")
    story.hang_up(story.talk("amelie"))
    story.tell(ev.AgentLoggedOut("amelie"))
    assert [fact.closing_reason_id for fact in story.facts(facts.WrappedUp)] == [""]
    assert not story.state.contacts


# -- desktops


def test_a_closed_browser_frees_the_seat_after_its_grace() -> None:
    story = Story()
    story.staff("amelie")
    story.tell(ev.DesktopDisconnected("amelie", "desktop-amelie"))
    story.wait(59)
    assert story.agent("amelie").logged_in
    story.wait(2)
    assert not story.agent("amelie").logged_in
    assert [fact.cause for fact in story.facts(facts.SeatFreed)] == ["desktop_lost"]


def test_the_last_of_two_desktops_counts() -> None:
    story = Story()
    story.staff("amelie")
    story.tell(ev.DesktopConnected("amelie", "second"))
    story.tell(ev.DesktopDisconnected("amelie", "desktop-amelie"))
    story.wait(300)
    assert story.agent("amelie").logged_in


def test_a_login_without_any_desktop_does_not_stay() -> None:
    story = Story()
    story.tell(logged_in("amelie"))
    story.wait(61)
    assert not story.agent("amelie").logged_in


def test_a_desktop_that_was_there_before_the_login_is_known() -> None:
    story = Story()
    story.tell(ev.DesktopConnected("amelie", "early"))
    story.tell(logged_in("amelie"))
    story.wait(300)
    assert story.agent("amelie").logged_in


def test_a_desktop_that_left_after_the_log_out_is_not_counted_at_the_next_login() -> None:
    story = Story()
    story.staff("amelie")
    story.tell(ev.AgentLoggedOut("amelie"))
    story.tell(ev.DesktopDisconnected("amelie", "desktop-amelie"))
    story.tell(logged_in("amelie"))
    story.wait(61)
    assert not story.agent("amelie").logged_in


def test_on_a_telephone_the_call_goes_on_without_a_desktop_and_the_seat_is_freed_after_it() -> None:
    story = Story()
    story.staff("amelie", kind=PhoneKind.SIP)
    line = story.talk("amelie")
    story.tell(ev.DesktopDisconnected("amelie", "desktop-amelie"))
    story.wait(120)
    assert state_of(story) == (AgentState.IN_CONTACT, "")
    assert story.outside.hears(line)
    story.hang_up(line)
    assert state_of(story) == (AgentState.LOGGED_OUT, "")
    assert not story.state.contacts


def test_a_desktop_that_comes_back_during_the_call_keeps_the_seat() -> None:
    story = Story()
    story.staff("amelie", kind=PhoneKind.SIP)
    line = story.talk("amelie")
    story.tell(ev.DesktopDisconnected("amelie", "desktop-amelie"))
    story.wait(120)
    story.tell(ev.DesktopConnected("amelie", "new"))
    story.hang_up(line)
    assert state_of(story) == (AgentState.WRAP_UP, "")


# -- telephones


def test_a_telephone_that_is_lost_gets_no_calls_until_it_is_back() -> None:
    story = Story()
    story.staff("amelie")
    story.tell(ev.PhoneUnreached("amelie"))
    story.call_into_queue()
    assert story.ringing("amelie") is None
    assert state_of(story) == (AgentState.READY, "")
    story.tell(ev.PhoneReached("amelie"))
    assert story.ringing("amelie")


def test_an_outside_number_does_not_register() -> None:
    story = Story()
    story.staff("amelie", kind=PhoneKind.NUMBER)
    story.tell(ev.PhoneUnreached("amelie"))
    story.call_into_queue()
    assert story.ringing("amelie")


def test_another_telephone_may_be_chosen_between_calls() -> None:
    story = Story()
    story.staff("amelie")
    line = story.call_into_queue()
    assert story.refuses(ev.PhoneChosen("amelie", phone_of("amelie", PhoneKind.SIP))) is (
        RefusalCode.NOT_POSSIBLE_NOW
    )
    story.hang_up(line)
    story.tell(ev.PhoneChosen("amelie", phone_of("amelie", PhoneKind.NUMBER)))
    story.call_into_queue()
    assert story.ringing("amelie")


# -- withdrawal


def test_withdrawing_and_being_ready_again() -> None:
    story = Story()
    story.staff("amelie")
    story.tell(ev.WithdrawRequested("amelie", "lunch"))
    assert state_of(story) == (AgentState.WITHDRAWN, "lunch")
    story.call_into_queue()
    assert story.ringing("amelie") is None
    story.tell(ev.ReadyRequested("amelie"))
    assert story.ringing("amelie")


def test_for_a_reason_that_does_not_exist() -> None:
    story = Story()
    story.staff("amelie")
    assert story.refuses(ev.WithdrawRequested("amelie", "boredom")) is RefusalCode.UNKNOWN_REASON


@pytest.mark.parametrize("taken_back", [False, True])
def test_a_withdrawal_during_a_call_takes_effect_after_wrap_up(taken_back: bool) -> None:
    story = Story()
    story.staff("amelie")
    line = story.talk("amelie")
    story.tell(ev.WithdrawRequested("amelie", "lunch"))
    assert state_of(story) == (AgentState.IN_CONTACT, "")
    if taken_back:
        story.tell(ev.ReadyRequested("amelie"))
    story.hang_up(line)
    assert state_of(story) == (AgentState.WRAP_UP, "")
    story.tell(ev.WrapUpFinished("amelie", story.contact().id, "sold"))
    assert state_of(story) == ((AgentState.READY, "") if taken_back else (AgentState.WITHDRAWN, "lunch"))
    planned = [fact.reason_id for fact in story.facts(facts.WithdrawalPlanned)]
    assert planned == (["lunch", ""] if taken_back else ["lunch"])


# -- wrap-up


def wrapping_up(queue_digit: str = "1") -> tuple[Story, int]:
    story = Story()
    story.staff("amelie")
    line = story.talk("amelie", queue_digit)
    contact_id = story.contact().id
    story.hang_up(line)
    assert state_of(story) == (AgentState.WRAP_UP, "")
    return story, contact_id


def test_a_required_reason_is_insisted_on() -> None:
    story, contact_id = wrapping_up()
    assert story.refuses(ev.WrapUpFinished("amelie", contact_id, "")) is RefusalCode.CLOSING_REASON_REQUIRED
    assert story.refuses(ev.WrapUpFinished("amelie", contact_id, "wrong")) is RefusalCode.UNKNOWN_REASON
    story.wait(3600)
    assert state_of(story) == (AgentState.WRAP_UP, "")
    story.tell(ev.WrapUpFinished("amelie", contact_id, "sold", "a note"))
    assert state_of(story) == (AgentState.READY, "")
    (wrapped,) = story.facts(facts.WrappedUp)
    assert (wrapped.closing_reason_id, wrapped.note, wrapped.lasted) == ("sold", "a note", seconds(3600))


def test_without_a_required_reason_time_ends_it() -> None:
    story, _ = wrapping_up("2")
    story.wait(29)
    assert state_of(story) == (AgentState.WRAP_UP, "")
    story.wait(1)
    assert state_of(story) == (AgentState.READY, "")


def test_a_reason_given_during_the_call_is_kept_and_time_ends_it() -> None:
    story = Story()
    story.staff("amelie")
    line = story.talk("amelie")
    story.tell(ev.WrapUpFinished("amelie", story.contact().id, "sold", "early"))
    assert state_of(story) == (AgentState.IN_CONTACT, "")
    assert [fact.closing_reason_id for fact in story.facts(facts.ClosingReasonChosen)] == ["sold"]
    story.hang_up(line)
    story.wait(30)
    assert state_of(story) == (AgentState.READY, "")
    (wrapped,) = story.facts(facts.WrappedUp)
    assert (wrapped.closing_reason_id, wrapped.note) == ("sold", "early")


def test_no_time_for_wrap_up_is_ready_at_once() -> None:
    story = Story(with_queue(centre(), "support", wrap_up=seconds(0)))
    story.staff("amelie")
    story.hang_up(story.talk("amelie", "2"))
    assert state_of(story) == (AgentState.READY, "")


def test_one_does_not_become_ready_out_of_wrap_up() -> None:
    story, _ = wrapping_up()
    assert story.refuses(ev.ReadyRequested("amelie")) is RefusalCode.WRAP_UP_FIRST


def test_what_is_not_ones_own_can_not_be_wrapped_up() -> None:
    story, contact_id = wrapping_up()
    story.staff("bruno")
    assert story.refuses(ev.WrapUpFinished("bruno", contact_id, "sold")) is RefusalCode.NOT_YOUR_CONTACT


def test_in_wrap_up_nothing_is_offered_and_after_it_the_next_comes_at_once() -> None:
    story, contact_id = wrapping_up()
    line = story.call_into_queue()
    assert story.ringing("amelie") is None
    story.tell(ev.WrapUpFinished("amelie", contact_id, "sold"))
    assert story.ringing("amelie")
    assert story.contact_of(line).offer is not None


def test_the_states_of_a_day_follow_one_another() -> None:
    story, contact_id = wrapping_up()
    story.tell(ev.WrapUpFinished("amelie", contact_id, "sold"))
    story.tell(ev.AgentLoggedOut("amelie"))
    changes = [(fact.before, fact.after) for fact in story.facts(facts.AgentStateChanged)]
    order = [
        AgentState.LOGGED_OUT,
        AgentState.WITHDRAWN,
        AgentState.READY,
        AgentState.RESERVED,
        AgentState.IN_CONTACT,
        AgentState.WRAP_UP,
        AgentState.READY,
        AgentState.LOGGED_OUT,
    ]
    assert changes == list(pairwise(order))
