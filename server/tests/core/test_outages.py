"""Telephony lost and found, Asterisk started anew, the server crashed: what exists is compared with what is known."""

import pytest

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.commands import CloseRoom
from cordboard.core.contact import Phase
from cordboard.core.refusals import RefusalCode
from cordboard.core.words import AgentState, EndCause, PhoneKind
from cordboard.testing.builders import CALLER, NUMBER, OUTSIDE
from cordboard.testing.story import Story


def busy_centre() -> tuple[Story, dict[str, str]]:
    """One line in each situation: menu, waiting, ringing, talking, on hold, forwarded."""
    story = Story()
    lines = {}
    story.staff("amelie", "bruno", "chloe")
    lines["held"] = story.talk("amelie", "1")
    story.tell(ev.HoldRequested("amelie", story.contact_of(lines["held"]).id))
    lines["talking"] = story.talk("bruno", "2")
    lines["forwarded"] = story.talk("chloe", "1")
    forwarded = story.contact_of(lines["forwarded"]).id
    story.tell(ev.TransferRequested("chloe", forwarded, f"number:{OUTSIDE}"))
    story.tell(ev.WrapUpFinished("chloe", forwarded, "sold"))
    lines["ringing"] = story.call_into_queue("1")
    lines["waiting"] = story.call_into_queue("1")
    lines["menu"] = story.call()
    story.hear_out(lines["menu"])
    return story, lines


def hearing(story: Story, line: str) -> str:
    found = story.outside.lines[line]
    return " ".join((*story.outside.hears(line), *found.sounds, found.music)).strip()


@pytest.mark.parametrize("perform_last", [True, False])
def test_a_crash_changes_nothing_for_anybody(perform_last: bool) -> None:
    story, lines = busy_centre()
    before = {name: hearing(story, line) for name, line in lines.items()}
    since = {
        contact.id: contact.wait.since
        for contact in story.state.contacts.values()
        if contact.wait is not None
    }
    story.crash(perform_last=perform_last)
    assert {name: hearing(story, line) for name, line in lines.items()} == before
    assert {
        contact.id: contact.wait.since
        for contact in story.state.contacts.values()
        if contact.wait is not None
    } == since
    for agent_id in ("amelie", "bruno", "chloe"):
        story.tell(ev.DesktopConnected(agent_id, "again"))
    story.wait(5)
    assert story.agent("bruno").state is AgentState.IN_CONTACT
    story.press(lines["menu"], "2")
    assert story.contact_of(lines["menu"]).phase is Phase.WAITING


def test_whoever_hung_up_meanwhile_has_ended() -> None:
    story, lines = busy_centre()
    story.lose_telephony()
    for line in lines.values():
        story.outside.hang_up(line)
    story.find_telephony()
    assert story.causes() == [EndCause.END_CUSTOMER_HUNG_UP] * 6
    assert len(story.facts(facts.ContactAbandoned)) == 2
    story.wait(1)
    assert not story.outside.lines
    assert not story.outside.rooms


def test_whoever_called_meanwhile_is_served() -> None:
    story = Story()
    story.lose_telephony()
    story.outside.call("demo", "new", NUMBER, CALLER)
    story.find_telephony()
    assert story.outside.lines["new"].sounds == ("message:welcome",)
    assert len(story.state.contacts) == 1


def test_an_answer_meanwhile_counts() -> None:
    story = Story()
    story.staff("amelie")
    line = story.call_into_queue()
    story.lose_telephony()
    story.answer("amelie")
    story.find_telephony()
    assert story.agent("amelie").state is AgentState.IN_CONTACT
    assert story.outside.hears(line)


def test_ringing_that_ends_while_telephony_is_away_is_nobodys_fault() -> None:
    story = Story()
    story.staff("amelie")
    line = story.call_into_queue()
    story.lose_telephony()
    story.wait(25)
    assert story.agent("amelie").state is AgentState.READY
    story.find_telephony()
    assert story.contact_of(line).phase is Phase.OFFERED
    assert [each.address for each in story.outside.lines.values()] == ["", "demo.amelie"]


def test_nothing_is_offered_while_telephony_is_away() -> None:
    story = Story()
    story.staff("amelie")
    story.tell(ev.TelephonyLost())
    line = story.call_into_queue()
    assert story.contact_of(line).phase is Phase.WAITING
    story.tell(story.outside.seen("demo"))
    assert story.contact_of(line).phase is Phase.OFFERED


def test_who_hung_up_at_the_desktop_meanwhile_has_hung_up() -> None:
    """However long it takes: the caller must not be taken for a new one."""
    story = Story()
    story.staff("amelie")
    line = story.talk("amelie")
    story.lose_telephony()
    story.tell(ev.HangUpRequested("amelie", story.contact().id))
    story.tell(ev.WrapUpFinished("amelie", story.contact().id, "sold"))
    story.wait(300)
    assert line in story.outside.lines
    story.find_telephony()
    story.wait(1)
    assert not story.outside.lines
    assert not story.state.contacts
    assert len(story.facts(facts.ContactArrived)) == 1


def test_a_hold_meanwhile_is_made_true() -> None:
    story = Story()
    story.staff("amelie")
    line = story.talk("amelie")
    story.lose_telephony()
    story.tell(ev.HoldRequested("amelie", story.contact().id))
    assert story.outside.hears(line), "nobody could do it"
    story.find_telephony()
    assert hearing(story, line) == "default"
    assert CloseRoom(f"demo-{story.contact().id}") in story.outside.performed


def test_lines_of_ours_that_nobody_knows_are_hung_up() -> None:
    story = Story()
    story.lose_telephony()
    story.outside.call("demo", "demo-99.2", "", "")
    story.outside.call("demo", "sip-7", "", "")
    story.find_telephony()
    assert not story.outside.lines


def test_asterisk_started_anew_closes_its_calls_with_that_cause() -> None:
    story, _ = busy_centre()
    story.lose_telephony()
    story.outside.restart()
    story.find_telephony(restarted=True)
    assert story.causes() == [EndCause.TELEPHONY_LOST] * 6
    assert not story.outside.lines, "nobody's telephone rings for a call that is over"
    story.wait(31)
    assert {agent.state for agent in story.state.agents.values()} == {AgentState.READY}
    assert not story.state.contacts


def test_it_is_not_the_callers_fault() -> None:
    story, _ = busy_centre()
    story.lose_telephony()
    story.outside.restart()
    story.find_telephony(restarted=True)
    assert story.facts(facts.ContactAbandoned) == []


def test_an_outgoing_call_survives() -> None:
    story = Story()
    story.staff("amelie")
    story.tell(ev.DialRequested("amelie", OUTSIDE))
    amelie = story.line_of("amelie")
    assert amelie is not None
    story.outside.finish_playback(amelie.line)
    story.crash()
    assert amelie.sounds == ("tone:ring",)
    other = story.outside.dialled(OUTSIDE)
    assert other is not None
    story.answer_line(other.line)
    assert story.outside.hears(other.line) == (amelie.line,)


def test_a_number_that_was_never_dialled_because_of_the_crash() -> None:
    story = Story()
    story.staff("amelie")
    story.tell(ev.DialRequested("amelie", OUTSIDE))
    other = story.outside.dialled(OUTSIDE)
    assert other is not None
    del story.outside.lines[other.line]
    story.crash(perform_last=False)
    assert story.causes() == [EndCause.TELEPHONY_LOST]
    assert story.agent("amelie").state is AgentState.READY
    assert not story.outside.lines


def test_desktops_that_do_not_come_back_after_a_crash_free_their_seats() -> None:
    story = Story()
    story.staff("amelie", "bruno")
    story.crash()
    story.tell(ev.DesktopConnected("bruno", "again"))
    story.wait(61)
    assert not story.agent("amelie").logged_in
    assert story.agent("bruno").logged_in


def test_a_browser_call_after_a_crash_waits_ten_seconds_for_its_desktop() -> None:
    story = Story()
    story.staff("amelie")
    line = story.talk("amelie")
    story.crash()
    story.wait(9)
    assert story.outside.hears(line)
    story.wait(2)
    assert hearing(story, line) == "default"
    story.tell(ev.DesktopConnected("amelie", "again"))
    story.tell(ev.ReconnectRequested("amelie", story.contact().id))
    assert story.outside.hears(line)


def test_a_last_sentence_that_was_lost_is_not_waited_for() -> None:
    story = Story()
    line = story.call(number="+33100000000")
    story.outside.lines[line].playback_id = ""
    story.crash(perform_last=False)
    assert story.causes() == [EndCause.FAILED]


def test_a_refusal_that_was_being_spoken_is_cut_off() -> None:
    story = Story()
    story.staff("amelie", kind=PhoneKind.SIP)
    story.outside.dial_on_phone("demo", "sip-1", "amelie", "112")
    story.deliver()
    story.crash()
    assert not story.outside.lines
    assert not story.state.refused_lines


def test_a_line_whose_end_is_never_reported_is_given_up() -> None:
    story = Story(watched=False)
    story.staff("amelie")
    line = story.talk("amelie")
    story.outside.hang_up(line)
    story.deliver(1)
    story.reports.clear()
    story.wait(20)
    story.tell(ev.WrapUpFinished("amelie", story.contact().id, "sold"))
    assert not story.state.contacts


def test_a_line_that_rings_although_it_was_given_up_is_hung_up() -> None:
    story = Story()
    story.outside.call("demo", "demo-77.2", "", "")
    story.reports.clear()
    story.tell(ev.LineRinging("demo-77.2"))
    assert not story.outside.lines


def test_reports_about_nobody_change_nothing() -> None:
    story = Story()
    for event in (
        ev.LineEnded("x", EndCause.NORMAL),
        ev.DigitPressed("x", "1"),
        ev.PlaybackEnded("x", "y"),
        ev.PhoneReached("nobody"),
        ev.DesktopConnected("nobody", "d"),
        ev.WorkEnded(99, EndCause.CLOSED),
        ev.Woke("ring:99"),
    ):
        decision = story.tell(event)
        assert (decision.commands, decision.facts) == ([], [])
    assert story.refuses(ev.ReadyRequested("nobody")) is RefusalCode.NOT_LOGGED_IN
