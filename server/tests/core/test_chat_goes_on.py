"""A chat that is over goes on, and one that an agent hands back to its script."""

from dataclasses import replace
from datetime import datetime, timedelta

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.config import TenantConfig
from cordboard.core.contact import Phase
from cordboard.core.conversation import events as chat
from cordboard.core.conversation.continuing import past_of
from cordboard.core.conversation.transcript import transcript_of
from cordboard.core.conversation.words import Author
from cordboard.core.facts import Recorded
from cordboard.core.mail.events import MailArrived
from cordboard.core.mail.facts import ContactReopened
from cordboard.core.refusals import RefusalCode
from cordboard.core.script.steps import (
    BotStep,
    Case,
    ConditionStep,
    LeaveMessageStep,
    QueueStep,
    SayStep,
    Script,
    Step,
)
from cordboard.core.words import EndCause, SeatKind
from cordboard.testing.builders import BEGIN, with_seats
from cordboard.testing.story import Story
from tests.core.test_webchat import answer, arrive, contact_of, messages, story_of, talking, write
from tests.core.test_webchat import config as chat_config

WAITING = {
    "start": SayStep({"en": "Welcome"}, "wait"),
    "wait": QueueStep("chat", max_wait=timedelta(minutes=2), timeout="away"),
    "away": LeaveMessageStep({"en": "Leave us a message."}),
}


def config(**steps: Step) -> TenantConfig:
    return with_seats(chat_config(**steps), digital=3)


def ended(story: Story, agent_id: str = "emma") -> int:
    """Answered by the agent, ended by the visitor, wrapped up."""
    contact_id = talking(story, agent_id)
    write(story, contact_id, "Where is my lamp?")
    answer(story, agent_id, contact_id, "On its way.")
    story.tell(chat.VisitorEnded(contact_id))
    return contact_id


def event(story: Story, earlier_id: int, ended_at: datetime, **more: object) -> chat.ChatReopened:
    return chat.ChatReopened(
        "button",
        f"again-{earlier_id}",
        earlier_id,
        ended_at,
        len(messages(story, earlier_id)),
        queue_id="chat",
        agent_id="emma",
        **more,  # type: ignore[arg-type]  # fields
    )


def reopen(story: Story, earlier_id: int, **more: object) -> int:
    return story.tell(event(story, earlier_id, story.now, **more)).contact_id


def test_a_new_contact_of_the_same_conversation_goes_to_who_had_it() -> None:
    story = story_of("felix", "emma", made=config(**WAITING))
    earlier_id = arrive(story)
    for _ in range(2):
        if (offer := contact_of(story, earlier_id).offer) and offer.agent_id != "emma":
            story.tell(ev.OfferDeclined(offer.agent_id, earlier_id))
    story.tell(ev.OfferAccepted("emma", earlier_id))
    story.tell(ev.ReadyRequested("felix"))
    write(story, earlier_id, "Where is my lamp?")
    answer(story, "emma", earlier_id, "On its way.")
    story.tell(chat.VisitorEnded(earlier_id))
    before = len(messages(story, earlier_id))
    story.wait(60)
    contact_id = reopen(story, earlier_id)
    contact = contact_of(story, contact_id)
    assert contact_id != earlier_id
    assert contact.offer is not None and contact.offer.agent_id == "emma", "though Felix has rested longer"
    assert [fact.number for fact in messages(story, contact_id)] == [before + 1]
    assert messages(story, contact_id)[0].text == "continued", "what it waited for is not asked again"
    assert [(f.contact_id, f.earlier_id, f.cause) for f in story.facts(ContactReopened)] == [
        (contact_id, earlier_id, "visitor")
    ]
    assert [fact.rule for fact in story.facts(facts.RoutingDecided)][-1] == "preferred_agent"
    assert len(story.facts(facts.ContactArrived)) == 2, "counted when it happened"


def test_who_had_it_is_not_there_so_anybody_gets_it() -> None:
    story = story_of("emma", made=config(**WAITING))
    earlier_id = ended(story)
    story.tell(ev.AgentLoggedOut("emma"))
    story.staff("felix", seat=SeatKind.DIGITAL, kind=None)
    offer = contact_of(story, reopen(story, earlier_id)).offer
    assert offer is not None and offer.agent_id == "felix"
    assert offer.queue_id == "chat", "counted for the queue"


def test_with_nobody_there_the_script_begins_again() -> None:
    story = story_of("emma", made=config(**WAITING))
    earlier_id = ended(story)
    story.tell(ev.AgentLoggedOut("emma"))
    contact_id = reopen(story, earlier_id)
    assert [fact.text for fact in messages(story, contact_id)] == ["continued", "Welcome"]
    story.tell(chat.VisitorConnected(contact_id))
    story.wait(130)
    assert messages(story, contact_id)[-1].text == "Leave us a message."


def test_twice_is_once_and_too_late_is_refused() -> None:
    story = story_of("emma", made=config(**WAITING))
    earlier_id, at = ended(story), story.now
    first = reopen(story, earlier_id)
    assert reopen(story, earlier_id) == first
    assert len(story.facts(ContactReopened)) == 1
    story.tell(chat.VisitorEnded(first))
    story.wait(timedelta(hours=25))
    assert story.refuses(event(story, earlier_id, at)) is RefusalCode.TOO_LATE_TO_GO_ON


def test_without_its_button_it_is_over() -> None:
    made = config(**WAITING)
    story = story_of("emma", made=made)
    earlier_id = ended(story)
    story.tell(ev.ConfigPublished(replace(made, version=made.version + 1, chat_buttons={})))
    assert story.refuses(event(story, earlier_id, story.now)) is RefusalCode.CHAT_ENDED


def mail_of(story: Story, thread_id: int) -> int:
    return story.tell(
        MailArrived(thread_id, thread_id, "inbox", f"<{thread_id}@x>", "a@home.example")
    ).contact_id


def test_an_email_that_waits_is_taken_along_and_one_in_hand_is_said() -> None:
    story = story_of("emma", made=config(**WAITING))
    earlier_id = ended(story)
    waiting = mail_of(story, 1)
    assert story.state.threads.get(1) == waiting
    contact_id = reopen(story, earlier_id, mail_thread_id=1)
    assert contact_of(story, contact_id).phase is not Phase.ENDED
    assert [f.contact_id for f in story.facts(facts.ContactEnded) if f.cause is EndCause.TRANSFERRED] == [
        waiting
    ]
    story.tell(chat.VisitorEnded(contact_id))
    in_hand = mail_of(story, 2)
    assert story.refuses(ev.OfferAccepted("emma", in_hand)) is None
    again = replace(event(story, contact_id, story.now), mail_thread_id=2)
    assert story.refuses(again) is RefusalCode.ANSWERED_BY_EMAIL


def test_it_goes_on_through_a_crash() -> None:
    story = story_of("emma", made=config(**WAITING))
    contact_id = reopen(story, ended(story))
    story.crash()
    story.tell(ev.DesktopConnected("emma", "desktop-emma"))
    story.tell(chat.VisitorConnected(contact_id))
    if contact_of(story, contact_id).offer is not None:
        story.tell(ev.OfferAccepted("emma", contact_id))
    write(story, contact_id, "Still there?")
    numbers = [fact.number for fact in messages(story, contact_id)]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_the_past_and_the_whole_transcript_are_folds() -> None:
    story = story_of("emma", made=config(**WAITING))
    earlier_id = ended(story)
    contact_id = reopen(story, earlier_id)

    def recorded(of: int) -> list[Recorded]:
        found = [
            fact
            for told in story.told
            for fact in told.decision.facts
            if getattr(fact, "contact_id", 0) == of
        ]
        return [Recorded(seq, 0, BEGIN, fact) for seq, fact in enumerate(found, 1)]

    past = past_of(recorded(earlier_id))
    assert (past.agent_id, past.queue_id, past.entry_point_id) == ("emma", "chat", "button")
    whole = transcript_of(contact_id, recorded(contact_id), transcript_of(earlier_id, recorded(earlier_id)))
    assert [line.number for line in whole.lines] == list(range(1, len(whole.lines) + 1))
    assert [line.text for line in whole.lines if line.author is not Author.SYSTEM] == [
        "Welcome",
        "Where is my lamp?",
        "On its way.",
    ]
    assert [line.earlier for line in whole.lines][-1] is False
    assert whole.contact_ids == (earlier_id, contact_id)
    assert whole.ended is None


# -- handed back to the script


def handing(**more: str) -> TenantConfig:
    steps = {
        **WAITING,
        "robot": BotStep("https://bot.example", "wait", failed="wait"),
    }
    made = config(**steps)
    script = Script(
        "chat",
        "Chat",
        "shop",
        "start",
        steps,
        {
            "robot": {"en": "The order bot"},
        },
    )
    return replace(made, scripts={**made.scripts, "chat": script})


def test_an_agent_hands_his_chat_to_the_bot_and_gets_it_back() -> None:
    story = story_of("felix", "emma", made=handing())
    contact_id = arrive(story)
    offer = contact_of(story, contact_id).offer
    assert offer is not None
    holder = offer.agent_id
    story.tell(ev.OfferAccepted(holder, contact_id))
    write(story, contact_id, "Where is order 7?")
    assert story.refuses(ev.TransferRequested(holder, contact_id, "step:nowhere")) is RefusalCode.UNKNOWN_STEP
    assert story.refuses(ev.TransferRequested(holder, contact_id, "step:start")) is RefusalCode.UNKNOWN_STEP
    story.tell(ev.TransferRequested(holder, contact_id, "step:robot"))
    contact = contact_of(story, contact_id)
    assert contact.phase is Phase.SCRIPT and contact.talk is None
    assert messages(story, contact_id)[-1].text == "handed_to_script"
    assert [asked.contact_id for asked in story.asked] == [contact_id]
    assert [fact.to for fact in story.facts(facts.ContactTransferred)] == ["step:robot"]
    assert [fact.agent_id for fact in story.facts(facts.TalkEnded)] == [holder]
    turn = story.asked[-1].turn
    story.tell(chat.BotAnswered(contact_id, turn, 0, "It is packed.", more=True))
    story.tell(chat.BotAnswered(contact_id, turn, 1, "", then="hand_over"))
    offer = contact_of(story, contact_id).offer
    assert offer is not None and offer.agent_id == holder, "it comes back to who knows it"


def test_only_who_holds_it_may_hand_it_over() -> None:
    story = story_of("felix", "emma", made=handing())
    contact_id = arrive(story)
    offer = contact_of(story, contact_id).offer
    assert offer is not None
    story.tell(ev.OfferAccepted(offer.agent_id, contact_id))
    other = "emma" if offer.agent_id == "felix" else "felix"
    refused = story.refuses(ev.TransferRequested(other, contact_id, "step:robot"))
    assert refused is RefusalCode.NOT_YOUR_CONTACT


def test_the_page_is_a_variable_of_conditions() -> None:
    steps = {
        "start": ConditionStep(
            (Case("page.path.startsWith('/cart') && page.referrer.contains('mail')", "cart"),), "else"
        ),
        "cart": SayStep({"en": "Your basket"}, "wait"),
        "else": SayStep({"en": "Hello"}, "wait"),
        "wait": QueueStep("chat"),
    }
    story = story_of("emma", made=config(**steps))
    seen = "https://shop.example/cart/2?x=1"
    contact_id = arrive(story, page_url=seen, page_referrer="https://mail.example/")
    assert messages(story, contact_id)[0].text == "Your basket"
    contact_id = arrive(story, page_url="https://[broken", page_title="x")
    assert messages(story, contact_id)[0].text == "Hello"
