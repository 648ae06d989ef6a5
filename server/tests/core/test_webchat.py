"""Web chat in the core: arrival, messages with numbers, several chats per agent, a visitor who is lost, the end of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.config import ButtonKind, ChatButton, TenantConfig
from cordboard.core.contact import Contact, Phase
from cordboard.core.conversation import events as chat
from cordboard.core.conversation import facts as said
from cordboard.core.conversation.words import Author, MessageKind, PartyRole, Readers
from cordboard.core.refusals import RefusalCode
from cordboard.core.script.steps import (
    BotStep,
    ButtonCase,
    ButtonsStep,
    FormField,
    FormStep,
    HangUpStep,
    LeaveMessageStep,
    QueueStep,
    SayStep,
    Script,
    Step,
)
from cordboard.core.words import AgentState, Channel, EndCause, SeatKind
from cordboard.testing.builders import centre, with_agent, with_queue, with_seats
from cordboard.testing.story import Story

BUTTON = ChatButton(
    "button",
    "Button",
    "shop",
    ButtonKind.DYNAMIC,
    queue_id="chat",
    idle_warning=timedelta(minutes=3),
    idle_timeout=timedelta(minutes=1),
    visitor_grace=timedelta(seconds=30),
)


def config(**steps: Step) -> TenantConfig:
    made = replace(centre(), chat_buttons={"button": BUTTON})
    if steps:
        point = replace(made.entry_points["button"], script_id="chat")
        made = replace(
            made,
            scripts={**made.scripts, "chat": Script("chat", "Chat", "shop", "start", steps)},
            entry_points={**made.entry_points, "button": point},
        )
    return made


def story_of(*agent_ids: str, made: TenantConfig | None = None) -> Story:
    story = Story(made or config())
    story.staff(*agent_ids, seat=SeatKind.DIGITAL, kind=None)
    return story


def arrive(story: Story, reference: str = "", **more: object) -> int:
    event = chat.ChatArrived("button", reference or f"session-{story.seq}", **more)  # type: ignore[arg-type]  # fields
    contact_id = story.tell(event).contact_id
    story.tell(chat.VisitorConnected(contact_id))
    return contact_id


def write(story: Story, contact_id: int, text: str, key: str = "") -> RefusalCode | None:
    return story.refuses(chat.VisitorWrote(contact_id, key or f"k{story.seq}", text))


def answer(story: Story, agent_id: str, contact_id: int, text: str, **more: object) -> RefusalCode | None:
    event = chat.AgentWrote(agent_id, contact_id, f"k{story.seq}", text, **more)  # type: ignore[arg-type]  # fields
    return story.refuses(event)


def talking(story: Story, agent_id: str = "emma") -> int:
    contact_id = arrive(story)
    story.tell(ev.OfferAccepted(agent_id, contact_id))
    return contact_id


def messages(story: Story, contact_id: int) -> list[said.MessageWritten]:
    return [fact for fact in story.facts(said.MessageWritten) if fact.contact_id == contact_id]


def contact_of(story: Story, contact_id: int) -> Contact:
    return story.state.contacts[contact_id]


def test_messages_have_numbers_without_gaps_and_a_key_counts_once() -> None:
    story = story_of("emma")
    contact_id = talking(story)
    write(story, contact_id, "Hello", "a")
    write(story, contact_id, "Hello", "a")
    answer(story, "emma", contact_id, "Good morning")
    story.tell(chat.AgentWrote("emma", contact_id, "same", "One"))
    story.tell(chat.AgentWrote("emma", contact_id, "same", "One"))
    written = messages(story, contact_id)
    assert [fact.number for fact in written] == [1, 2, 3, 4]
    assert [(fact.author, fact.text) for fact in written] == [
        (Author.SYSTEM, "agent_joined"),
        (Author.VISITOR, "Hello"),
        (Author.AGENT, "Good morning"),
        (Author.AGENT, "One"),
    ]


def test_the_same_session_is_the_same_contact() -> None:
    story = story_of("emma")
    first, second = arrive(story, "s1"), arrive(story, "s1")
    assert first == second
    assert len(story.facts(facts.ContactArrived)) == 1


def test_how_long_an_answer_took() -> None:
    story = story_of("emma")
    contact_id = arrive(story)
    write(story, contact_id, "Hello?")
    story.wait(10)
    story.tell(ev.OfferAccepted("emma", contact_id))
    story.wait(5)
    answer(story, "emma", contact_id, "Yes")
    story.wait(60)
    write(story, contact_id, "One")
    write(story, contact_id, "Two")
    story.wait(7)
    answer(story, "emma", contact_id, "Both")
    answer(story, "emma", contact_id, "And more")
    times = [(fact.waited, fact.first) for fact in story.facts(said.ResponseGiven)]
    seconds = timedelta
    assert times == [
        (seconds(seconds=5), seconds(seconds=15)),
        (seconds(seconds=7), None),
    ]


def test_as_many_chats_as_he_can_take_and_no_call_beside() -> None:
    made = with_agent(config(), "emma", capacity={Channel.CHAT: 3})
    story = story_of("emma", made=made)
    contacts = [arrive(story) for _ in range(5)]
    assert [fact.contact_id for fact in story.facts(facts.ContactOffered)] == contacts[:3]
    for contact_id in contacts[:3]:
        story.tell(ev.OfferAccepted("emma", contact_id))
    story.tell(chat.VisitorEnded(contacts[0]))
    assert story.agent("emma").state is AgentState.IN_CONTACT
    story.tell(ev.WrapUpFinished("emma", contacts[0], ""))
    assert [fact.contact_id for fact in story.facts(facts.ContactOffered)] == contacts[:4]


@pytest.mark.parametrize("by", ["queue", "profile"])
def test_accepted_automatically_only_at_a_desktop(by: str) -> None:
    made = (
        with_queue(config(), "chat", auto_accept=True)
        if by == "queue"
        else with_agent(config(), "emma", auto_accept=(Channel.CHAT,))
    )
    story = story_of("emma", made=made)
    first = arrive(story)
    assert contact_of(story, first).phase is Phase.TALKING
    story.tell(ev.DesktopDisconnected("emma", "desktop-emma"))
    second = arrive(story)
    assert contact_of(story, second).phase is Phase.OFFERED


def test_a_thousand_arrivals_at_once_never_exceed_a_capacity() -> None:
    made = with_queue(with_seats(config(), digital=2), "chat", auto_accept=True)
    for agent_id, number in (("emma", 5), ("felix", 3)):
        made = with_agent(made, agent_id, capacity={Channel.CHAT: number, Channel.EMAIL: 1})
    story = Story(made, watched=False)
    story.staff("emma", "felix", seat=SeatKind.DIGITAL, kind=None)
    live = [story.tell(chat.ChatArrived("button", f"s{index}")).contact_id for index in range(1000)]
    for step, contact_id in enumerate(live):
        assert story.agent("emma").engaged_in(Channel.CHAT) <= 5
        assert story.agent("felix").engaged_in(Channel.CHAT) <= 3
        if step % 3 == 0:
            story.tell(chat.InvitationRequested("button", f"i{step}"))
        if step % 2:
            story.tell(chat.VisitorEnded(contact_id))
            for agent_id in ("emma", "felix"):
                story.tell(ev.WrapUpFinished(agent_id, contact_id, ""))
    story.watched = True
    story.look()


def test_a_visitor_who_reloads_is_kept_and_one_who_is_gone_is_not() -> None:
    story = story_of("emma")
    contact_id = talking(story)
    story.tell(chat.VisitorDisconnected(contact_id))
    story.wait(20)
    story.tell(chat.VisitorConnected(contact_id))
    story.wait(60)
    assert contact_of(story, contact_id).phase is Phase.TALKING
    story.tell(chat.VisitorDisconnected(contact_id))
    story.wait(31)
    assert story.causes() == [EndCause.CONNECTION_LOST]
    assert story.agent("emma").state is AgentState.WRAP_UP


def test_who_is_lost_while_he_waits_has_abandoned() -> None:
    story = story_of()
    contact_id = story.tell(chat.ChatArrived("button", "never-connected")).contact_id
    story.wait(31)
    assert [fact.contact_id for fact in story.facts(facts.ContactAbandoned)] == [contact_id]


def test_silence_is_warned_of_and_then_the_end_but_not_while_he_waits_for_an_answer() -> None:
    story = story_of("emma")
    contact_id = talking(story)
    write(story, contact_id, "Hello")
    story.wait(600)
    assert contact_of(story, contact_id).phase is Phase.TALKING
    answer(story, "emma", contact_id, "Are you there?")
    story.wait(181)
    assert messages(story, contact_id)[-1].text == "idle_warning"
    write(story, contact_id, "Yes")
    answer(story, "emma", contact_id, "Good")
    story.wait(181 + 61)
    assert story.causes() == [EndCause.IDLE]


def test_an_answer_is_edited_and_deleted_by_who_wrote_it_only() -> None:
    story = story_of("emma", "felix")
    contact_id = talking(story)
    answer(story, "emma", contact_id, "Teh answer")
    number = messages(story, contact_id)[-1].number
    assert story.refuses(chat.EditRequested("emma", contact_id, number, "The answer")) is None
    assert story.refuses(chat.EditRequested("felix", contact_id, number, "No")) is RefusalCode.UNKNOWN_MESSAGE
    assert story.refuses(chat.DeleteRequested("emma", contact_id, number)) is None
    assert story.refuses(chat.DeleteRequested("emma", contact_id, number)) is RefusalCode.UNKNOWN_MESSAGE
    assert [fact.text for fact in story.facts(said.MessageEdited)] == ["The answer"]


def test_colleague_whisper_and_taking_over() -> None:
    story = story_of("emma", "felix")
    contact_id = talking(story)
    assert answer(story, "felix", contact_id, "Me too") is RefusalCode.NOT_YOUR_CONTACT
    assert story.refuses(chat.ColleagueInvited("emma", contact_id, "felix")) is None
    assert answer(story, "felix", contact_id, "Let me help") is None
    assert story.refuses(chat.PartyLeft("felix", contact_id)) is None
    assert story.refuses(chat.WatchRequested("felix", contact_id)) is None
    assert answer(story, "felix", contact_id, "To all") is RefusalCode.NOT_YOUR_CONTACT
    assert answer(story, "felix", contact_id, "Offer 10 %", kind=MessageKind.WHISPER) is None
    assert messages(story, contact_id)[-1].visible_to is Readers.AGENTS
    assert story.refuses(chat.TakeOverRequested("felix", contact_id)) is None
    assert contact_of(story, contact_id).talk.agent_id == "felix"  # type: ignore[union-attr]  # he talks
    assert story.agent("emma").state is AgentState.WRAP_UP
    assert {fact.role for fact in story.facts(said.PartyGone)} == {PartyRole.COLLEAGUE, PartyRole.WATCHER}


def test_the_end_lets_everybody_go() -> None:
    story = story_of("emma", "felix")
    contact_id = talking(story)
    story.tell(chat.ColleagueInvited("emma", contact_id, "felix"))
    story.tell(ev.HangUpRequested("emma", contact_id))
    assert story.agent("felix").beside == []
    assert write(story, contact_id, "One more thing") is RefusalCode.CHAT_ENDED
    story.wait(60)
    assert story.state.contacts == {} and story.state.chat_references == {}


def test_transfer_keeps_the_messages() -> None:
    story = story_of("emma", "felix")
    contact_id = talking(story)
    write(story, contact_id, "Hello")
    story.tell(ev.TransferRequested("emma", contact_id, "agent:felix"))
    story.tell(ev.OfferAccepted("felix", contact_id))
    answer(story, "felix", contact_id, "I have read it")
    assert [fact.number for fact in messages(story, contact_id)] == [1, 2, 3, 4, 5]


def test_an_invitation_keeps_a_place() -> None:
    made = with_agent(config(), "emma", capacity={Channel.CHAT: 1})
    story = story_of("emma", made=made)
    assert story.refuses(chat.InvitationRequested("button", "i1")) is None
    assert story.refuses(chat.InvitationRequested("button", "i2")) is RefusalCode.NOBODY_FREE
    other = arrive(story)
    assert contact_of(story, other).phase is Phase.WAITING, "the place is kept"
    invited = arrive(story, "s-invited", invitation="i1")
    assert contact_of(story, invited).offer is not None
    assert [fact.outcome for fact in story.facts(said.InvitationClosed)] == ["accepted"]


def test_an_invitation_that_nobody_accepts_gives_the_place_back() -> None:
    made = with_agent(config(), "emma", capacity={Channel.CHAT: 1})
    story = story_of("emma", made=made)
    story.tell(chat.InvitationRequested("button", "i1"))
    other = arrive(story)
    story.wait(21)
    assert contact_of(story, other).phase is Phase.OFFERED
    assert [fact.outcome for fact in story.facts(said.InvitationClosed)] == ["expired"]


def test_after_a_crash_visitors_have_time_to_come_back() -> None:
    story = story_of("emma")
    contact_id = talking(story)
    write(story, contact_id, "Hello", "a")
    story.crash()
    story.tell(ev.DesktopConnected("emma", "desktop-emma"))
    story.wait(50)
    story.tell(chat.VisitorConnected(contact_id))
    write(story, contact_id, "Hello", "a")
    write(story, contact_id, "Still here", "b")
    assert [fact.text for fact in messages(story, contact_id)] == ["agent_joined", "Hello", "Still here"]
    story.wait(100)
    assert contact_of(story, contact_id).phase is Phase.TALKING


# -- scripts

ASKING = {
    "start": SayStep({"en": "Welcome", "fr": "Bienvenue"}, "what"),
    "what": ButtonsStep(
        {"en": "What is it about?"},
        (ButtonCase({"en": "An order"}, "who"), ButtonCase({"en": "A complaint"}, "leave")),
    ),
    "who": FormStep({"en": "Who are you?"}, (FormField("email", {"en": "Email"}, "email", True),), "queue"),
    "queue": QueueStep("chat"),
    "leave": LeaveMessageStep({"en": "Leave us a message."}),
}


def test_a_script_asks_with_buttons_and_a_form() -> None:
    story = story_of("emma", made=config(**ASKING))
    contact_id = arrive(story, language="fr")
    asked = messages(story, contact_id)
    assert [fact.text for fact in asked] == ["Bienvenue", "What is it about?"]
    assert [choice.label for choice in asked[1].choices] == ["An order", "A complaint"]
    write(story, contact_id, "hm")
    story.tell(chat.VisitorWrote(contact_id, "c1", "An order", MessageKind.CHOICE, None, 4, {"choice": "1"}))
    assert messages(story, contact_id)[-1].kind is MessageKind.FORM
    story.tell(
        chat.VisitorWrote(contact_id, "f1", "", MessageKind.ANSWERS, None, 6, {"email": "a@demo.example"})
    )
    assert contact_of(story, contact_id).phase is Phase.OFFERED
    assert contact_of(story, contact_id).remote == "a@demo.example"
    assert [fact.choice for fact in story.facts(facts.MenuChosen)] == ["1"]


def test_a_message_is_left() -> None:
    story = story_of(made=config(**ASKING))
    contact_id = arrive(story)
    write(story, contact_id, "a complaint")
    story.tell(chat.VisitorWrote(contact_id, "f1", "", MessageKind.ANSWERS, None, 0, {"email": "none"}))
    values = {"email": "a@demo.example", "name": "Ann", "message": "It is late."}
    story.tell(chat.VisitorWrote(contact_id, "f2", "", MessageKind.ANSWERS, None, 0, values))
    assert [(fact.address, fact.text) for fact in story.facts(said.MessageLeft)] == [
        ("a@demo.example", "It is late.")
    ]
    assert story.causes() == [EndCause.SCRIPT_ENDED]


BOT = {
    "start": BotStep("https://bot.example", "people", failed="people"),
    "people": QueueStep("chat"),
}


def test_a_bot_answers_in_parts_and_hands_over() -> None:
    story = story_of("emma", made=config(**BOT))
    contact_id = arrive(story)
    assert [asked.turn for asked in story.asked] == [1]
    story.tell(chat.BotAnswered(contact_id, 1, 0, "Hello, I am a bot."))
    write(story, contact_id, "Where is my order?")
    story.tell(chat.BotAnswered(contact_id, 2, 0, "One moment.", more=True))
    story.crash()
    assert [asked.turn for asked in story.asked] == [1, 2, 2], "asked again"
    story.tell(chat.BotAnswered(contact_id, 2, 0, "One moment.", more=True))
    story.tell(
        chat.BotAnswered(contact_id, 2, 1, "I ask a colleague.", then="hand_over", values={"order": "7"})
    )
    assert [fact.text for fact in messages(story, contact_id) if fact.author is Author.BOT] == [
        "Hello, I am a bot.",
        "One moment.",
        "I ask a colleague.",
    ]
    assert contact_of(story, contact_id).wait is not None
    assert contact_of(story, contact_id).values == {"order": "7"}


def test_a_bot_that_says_nothing_in_time() -> None:
    story = story_of("emma", made=config(**BOT))
    contact_id = arrive(story)
    story.wait(16)
    assert contact_of(story, contact_id).wait is not None
    story.tell(chat.BotAnswered(contact_id, 1, 0, "Too late"))
    assert [fact.outcome for fact in story.facts(said.BotLeft)] == ["failed"]
    assert all(fact.author is not Author.BOT for fact in messages(story, contact_id))


def test_closed_it_says_so() -> None:
    story = story_of(made=config(start=HangUpStep(dissuaded=True, texts={"en": "We are closed."})))
    contact_id = arrive(story)
    assert [fact.text for fact in messages(story, contact_id)] == ["We are closed."]
    assert contact_id not in story.state.contacts
