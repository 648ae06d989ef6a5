"""Emails and chats: the same queues and offers without legs; capacity, pull, and work that ends by itself."""

from dataclasses import replace

import pytest

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.contact import Phase
from cordboard.core.refusals import RefusalCode
from cordboard.core.script.steps import QueueStep
from cordboard.core.words import AgentState, Channel, EndCause, SeatKind
from cordboard.testing.builders import centre, with_agent, with_script
from cordboard.testing.story import Story


def arrive(story: Story, channel: Channel = Channel.CHAT) -> int:
    entry_point = "button" if channel is Channel.CHAT else "inbox"
    decision = story.tell(ev.WorkArrived(channel, entry_point, f"ref-{story.seq}", "someone@demo.example"))
    return decision.contact_id


def digital(*agent_ids: str) -> Story:
    story = Story()
    story.staff(*agent_ids, seat=SeatKind.DIGITAL, kind=None)
    return story


def offers(story: Story) -> list[tuple[int, str]]:
    return [(fact.contact_id, fact.agent_id) for fact in story.facts(facts.ContactOffered)]


def test_pushed_and_accepted() -> None:
    story = digital("emma")
    contact_id = arrive(story)
    assert story.agent("emma").state is AgentState.RESERVED
    story.wait(3)
    story.tell(ev.OfferAccepted("emma", contact_id))
    assert story.agent("emma").state is AgentState.IN_CONTACT
    (answered,) = story.facts(facts.ContactAnswered)
    assert (answered.queue_id, answered.waited.total_seconds()) == ("chat", 3)
    story.tell(ev.HangUpRequested("emma", contact_id))
    assert story.causes() == [EndCause.CLOSED]
    assert story.agent("emma").state is AgentState.WRAP_UP
    story.wait(30)
    assert story.agent("emma").state is AgentState.READY
    assert not story.outside.performed, "telephony has nothing to do with it"


def test_declined_it_goes_to_the_next() -> None:
    story = digital("emma", "felix")
    contact_id = arrive(story)
    story.tell(ev.OfferDeclined("emma", contact_id))
    assert offers(story) == [(contact_id, "emma"), (contact_id, "felix")]
    assert story.agent("emma").reason_id == "declined"


def test_not_accepted_in_time() -> None:
    story = digital("emma")
    contact_id = arrive(story)
    story.wait(30)
    assert story.agent("emma").reason_id == "no_answer"
    assert story.state.contacts[contact_id].phase is Phase.WAITING


def test_while_telephony_is_away_mail_goes_on() -> None:
    story = digital("emma")
    story.tell(ev.TelephonyLost())
    contact_id = arrive(story, Channel.EMAIL)
    story.wait(120)
    assert story.agent("emma").reason_id == "no_answer"
    assert story.state.contacts[contact_id].phase is Phase.WAITING


def test_as_many_as_he_can_take() -> None:
    story = digital("emma")
    contacts = [arrive(story) for _ in range(3)] + [arrive(story, Channel.EMAIL) for _ in range(3)]
    assert offers(story) == [(contact_id, "emma") for contact_id in (*contacts[:2], *contacts[3:5])]
    story.tell(ev.OfferAccepted("emma", contacts[0]))
    story.tell(ev.HangUpRequested("emma", contacts[0]))
    story.wait(29)
    assert len(offers(story)) == 4, "wrap-up takes its place"
    story.tell(ev.WrapUpFinished("emma", contacts[0], ""))
    assert offers(story)[-1] == (contacts[2], "emma")


def test_a_chat_keeps_calls_away_and_an_email_does_not() -> None:
    config = with_agent(centre(), "dan", capacity={Channel.VOICE: 1, Channel.EMAIL: 2})
    story = Story(config)
    story.staff("dan", seat=SeatKind.MULTIMEDIA)
    mail = arrive(story, Channel.EMAIL)
    story.tell(ev.OfferAccepted("dan", mail))
    line = story.call_into_queue()
    assert story.contact_of(line).phase is Phase.OFFERED
    story.answer("dan")
    other = arrive(story, Channel.EMAIL)
    assert story.state.contacts[other].phase is Phase.WAITING, "nothing comes beside a call"


def test_pulled() -> None:
    story = digital("grace")
    contact_id = arrive(story, Channel.EMAIL)
    assert offers(story) == []
    assert story.refuses(ev.ClaimRequested("grace", contact_id)) is None
    assert story.agent("grace").state is AgentState.IN_CONTACT
    assert [fact.rule for fact in story.facts(facts.RoutingDecided)] == ["claimed"]


def test_two_who_want_the_same() -> None:
    story = digital("grace")
    contact_id = arrive(story, Channel.EMAIL)
    story.staff("emma", seat=SeatKind.EMAIL, kind=None)
    story.tell(ev.OfferDeclined("emma", contact_id))
    assert story.refuses(ev.ClaimRequested("grace", contact_id)) is None
    assert story.refuses(ev.ClaimRequested("emma", contact_id)) is RefusalCode.ALREADY_TAKEN
    assert story.refuses(ev.ClaimRequested("emma", 4711)) is RefusalCode.UNKNOWN_CONTACT


def test_who_is_withdrawn_may_pull_but_not_more_than_he_can_take() -> None:
    story = digital()
    story.log_in("grace", SeatKind.DIGITAL, None)
    contacts = [arrive(story, Channel.EMAIL) for _ in range(3)]
    refusals = [story.refuses(ev.ClaimRequested("grace", contact_id)) for contact_id in contacts]
    assert refusals == [None, None, RefusalCode.NOT_POSSIBLE_NOW]


def test_a_call_can_not_be_claimed() -> None:
    story = Story()
    story.staff("dan", seat=SeatKind.MULTIMEDIA, kind=None)
    line = story.call_into_queue()
    refusal = story.refuses(ev.ClaimRequested("dan", story.contact_of(line).id))
    assert refusal is RefusalCode.ALREADY_TAKEN


@pytest.mark.parametrize("stage", ["waiting", "offered", "taken", "wrap_up"])
def test_work_that_ends_by_itself(stage: str) -> None:
    story = digital() if stage == "waiting" else digital("emma")
    contact_id = arrive(story)
    if stage in ("taken", "wrap_up"):
        story.tell(ev.OfferAccepted("emma", contact_id))
    if stage == "wrap_up":
        story.tell(ev.HangUpRequested("emma", contact_id))
    story.tell(ev.WorkEnded(contact_id, EndCause.END_CUSTOMER_HUNG_UP))
    story.tell(ev.WorkEnded(contact_id, EndCause.END_CUSTOMER_HUNG_UP))
    assert len(story.causes()) == 1
    assert len(story.facts(facts.ContactAbandoned)) == (stage in ("waiting", "offered"))
    story.wait(30)
    assert not story.state.contacts
    if stage != "waiting":
        assert story.agent("emma").state is AgentState.READY


def test_transferred_to_a_colleague_and_back() -> None:
    story = digital("emma")
    contact_id = arrive(story)
    story.tell(ev.OfferAccepted("emma", contact_id))
    story.staff("felix", seat=SeatKind.DIGITAL, kind=None)
    story.tell(ev.TransferRequested("emma", contact_id, "agent:felix"))
    story.tell(ev.OfferAccepted("felix", contact_id))
    story.tell(ev.TransferRequested("felix", contact_id, "agent:emma"))
    story.tell(ev.OfferAccepted("emma", contact_id))
    assert [fact.agent_id for fact in story.facts(facts.ContactAnswered)] == ["emma", "felix", "emma"]
    assert len(story.facts(facts.WrappedUp)) == 1, "her first wrap-up ended as it came back"


@pytest.mark.parametrize(
    "kind", [ev.HoldRequested, ev.ResumeRequested, ev.ReconnectRequested, ev.DigitsRequested]
)
def test_what_is_for_calls_only(kind: type) -> None:
    story = digital("emma")
    contact_id = arrive(story)
    story.tell(ev.OfferAccepted("emma", contact_id))
    more = ("1",) if kind is ev.DigitsRequested else ()
    assert story.refuses(kind("emma", contact_id, *more)) is RefusalCode.NOT_POSSIBLE_NOW
    to_a_number = ev.TransferRequested("emma", contact_id, "number:+33155667788")
    assert story.refuses(to_a_number) is RefusalCode.NUMBER_INVALID


def test_a_desktop_that_does_not_come_back_gives_chats_to_somebody_else() -> None:
    story = digital("emma")
    contact_id = arrive(story)
    story.tell(ev.OfferAccepted("emma", contact_id))
    story.tell(ev.DesktopDisconnected("emma", "desktop-emma"))
    story.wait(59)
    assert story.state.contacts[contact_id].phase is Phase.TALKING
    story.wait(2)
    assert story.agent("emma").state is AgentState.LOGGED_OUT
    assert story.state.contacts[contact_id].phase is Phase.WAITING
    story.staff("felix", seat=SeatKind.DIGITAL, kind=None)
    assert offers(story)[-1] == (contact_id, "felix")


def test_of_two_that_are_put_back_together_the_more_urgent_goes_first() -> None:
    config = with_agent(centre(), "felix", capacity={Channel.CHAT: 1})
    config = with_script(config, start=QueueStep("chat", priority=4))
    urgent = replace(config.entry_points["button"], id="urgent", address="urgent", script_id="main")
    story = Story(replace(config, entry_points={**config.entry_points, "urgent": urgent}))
    story.staff("emma", "felix", seat=SeatKind.DIGITAL, kind=None)
    arrive(story)
    second = story.tell(ev.WorkArrived(Channel.CHAT, "urgent", "ref", "someone@demo.example")).contact_id
    assert {agent_id for _, agent_id in offers(story)} == {"emma"}
    story.tell(ev.AgentLoggedOut("emma"))
    assert offers(story)[2:] == [(second, "felix")]


def test_a_script_qualifies_written_work_too() -> None:
    config = with_script(centre(), start=QueueStep("chat", priority=4))
    button = replace(config.entry_points["button"], script_id="main")
    story = Story(replace(config, entry_points={**config.entry_points, "button": button}))
    contact_id = arrive(story)
    wait = story.state.contacts[contact_id].wait
    assert wait is not None and (wait.queue_id, wait.priority) == ("chat", 4)


def test_an_entry_point_without_a_queue_is_an_incident() -> None:
    config = centre()
    story = Story(replace(config, queues={"sales": config.queues["sales"]}))
    arrive(story)
    assert story.causes() == [EndCause.FAILED]
    assert [incident.kind for incident in story.incidents] == ["queue_missing"]
