"""The step that looks things up: for chats, calls and emails; found, missing, failed; crashes and answers that come late."""

from dataclasses import replace
from datetime import timedelta

from cordboard.core import facts
from cordboard.core.config import Connector, Message, Table, TenantConfig
from cordboard.core.contact import Contact
from cordboard.core.conversation import events as chat
from cordboard.core.conversation import facts as said
from cordboard.core.conversation.words import Author
from cordboard.core.look_ups import LookedUp, LookUpAsked, LookUpEnded, LookUpOutcome
from cordboard.core.mail import commands as mail_do
from cordboard.core.mail.events import MailArrived
from cordboard.core.script.steps import (
    AnswerStep,
    Case,
    ConditionStep,
    HangUpStep,
    LookUpStep,
    MenuStep,
    PlayStep,
    QueueStep,
    SayStep,
    Script,
    SetStep,
    Step,
)
from cordboard.core.words import EndCause
from cordboard.testing.builders import CALLER, centre
from cordboard.testing.story import Story

ORDER = LookUpStep(
    "table:orders",
    {"number": "values.order"},
    {"state": "state", "tag": "kind", "priority": "rank", "skill": "needs"},
    found="found",
    missing="missing",
    failed="failed",
)
FOUND, MISSING, FAILED = LookUpOutcome.FOUND, LookUpOutcome.MISSING, LookUpOutcome.FAILED
STEPS: dict[str, Step] = {
    "start": SetStep({"order": "'7'"}, "look"),
    "look": ORDER,
    "found": SayStep({"en": "Order {{values.order}} is {{values.state}}."}, "wait"),
    "missing": SayStep({"en": "There is none."}, "wait"),
    "failed": SayStep({"en": "Ask a person."}, "wait"),
    "wait": QueueStep("chat"),
}


def config(entry_point_id: str = "button", **steps: Step) -> TenantConfig:
    made = centre()
    point = replace(made.entry_points[entry_point_id], script_id="script")
    return replace(
        made,
        scripts={**made.scripts, "script": Script("script", "Script", "shop", "start", steps or STEPS)},
        entry_points={**made.entry_points, point.id: point},
        tables={"orders": Table("orders", "Orders", ("number", "state", "kind", "rank", "needs"))},
        connectors={
            "stock": Connector(
                "stock", "Stock", "https://shop.example/{article}", timeout=timedelta(seconds=2)
            )
        },
    )


def arrive(story: Story) -> int:
    contact_id = story.tell(chat.ChatArrived("button", "session")).contact_id
    story.tell(chat.VisitorConnected(contact_id))
    return contact_id


def contact_of(story: Story, contact_id: int) -> Contact:
    return story.state.contacts[contact_id]


def said_to(story: Story) -> list[str]:
    return [fact.text for fact in story.facts(said.MessageWritten) if fact.author is Author.SCRIPT]


def test_what_is_found_is_known_from_then_on() -> None:
    story = Story(config())
    contact_id = arrive(story)
    (asked,) = story.look_ups
    assert (asked.source, asked.asked, asked.number) == ("table:orders", {"number": "7"}, 1)
    values = {"state": "on its way", "tag": "vip", "priority": "20", "skill": "french:3"}
    story.tell(LookedUp(contact_id, 1, FOUND, values))
    contact = contact_of(story, contact_id)
    assert said_to(story) == ["Order 7 is on its way."]
    assert (contact.tags, contact.priority, contact.needs) == (["vip"], 20, {"french": 3})
    assert contact.values == {"order": "7", "state": "on its way"}
    assert contact.wait is not None
    assert [(fact.step_id, fact.asked) for fact in story.facts(LookUpAsked)] == [("look", {"number": "7"})]
    assert [fact.outcome for fact in story.facts(LookUpEnded)] == [FOUND]
    assert story.facts(facts.ContactQualified)[-1].values == values
    story.tell(LookedUp(contact_id, 1, MISSING))
    assert said_to(story) == ["Order 7 is on its way."], "the same answer twice means nothing"


def test_what_the_answer_does_not_have_is_empty() -> None:
    story = Story(config())
    contact_id = arrive(story)
    story.tell(LookedUp(contact_id, 1, FOUND, {"state": "paid", "other": "not asked for"}))
    contact = contact_of(story, contact_id)
    assert (contact.tags, contact.priority, contact.needs) == ([], 0, {})
    assert contact.values == {"order": "7", "state": "paid"}


def test_missing_and_failed_have_their_ways() -> None:
    for outcome, words in ((MISSING, "There is none."), (FAILED, "Ask a person.")):
        story = Story(config())
        contact_id = arrive(story)
        story.tell(LookedUp(contact_id, 1, outcome, detail="answered 503"))
        assert said_to(story) == [words]


def test_nobody_waits_longer_than_the_time_of_the_source() -> None:
    steps = {**STEPS, "look": replace(ORDER, source="connector:stock")}
    story = Story(config(**steps))
    contact_id = arrive(story)
    story.wait(2)
    assert said_to(story) == ["Ask a person."]
    assert [fact.detail for fact in story.facts(LookUpEnded)] == ["no answer in time"]
    story.tell(LookedUp(contact_id, 1, FOUND, {"state": "too late"}))
    assert said_to(story) == ["Ask a person."]


def test_with_nothing_to_ask_for_nobody_is_asked() -> None:
    for expression in ("values.nowhere", "' '"):
        story = Story(config(**{**STEPS, "look": replace(ORDER, ask={"number": expression})}))
        arrive(story)
        assert (said_to(story), story.look_ups) == (["There is none."], [])


def test_after_a_crash_it_is_asked_again() -> None:
    story = Story(config())
    contact_id = arrive(story)
    story.crash()
    assert [asked.number for asked in story.look_ups] == [1, 1]
    story.tell(LookedUp(contact_id, 1, FOUND, {"state": "here"}))
    story.tell(LookedUp(contact_id, 1, FOUND, {"state": "here again"}))
    assert said_to(story) == ["Order 7 is here."]
    story.crash()
    assert len(story.look_ups) == 2, "nothing is asked any more"


def test_a_visitor_who_leaves_is_not_waited_for() -> None:
    story = Story(config())
    contact_id = arrive(story)
    story.tell(chat.VisitorEnded(contact_id))
    assert story.causes() == [EndCause.END_CUSTOMER_HUNG_UP]
    story.tell(LookedUp(contact_id, 1, FOUND, {"state": "here"}))
    story.crash()
    assert len(story.look_ups) == 1


def test_two_look_ups_have_two_numbers() -> None:
    story = Story(config(**{**STEPS, "missing": replace(ORDER, missing="failed")}))
    contact_id = arrive(story)
    story.tell(LookedUp(contact_id, 1, MISSING))
    story.tell(LookedUp(contact_id, 1, MISSING))
    assert [asked.number for asked in story.look_ups] == [1, 2]
    story.tell(LookedUp(contact_id, 2, FOUND, {"state": "here"}))
    assert said_to(story) == ["Order 7 is here."]


def test_a_caller_is_looked_up_and_may_press_ahead() -> None:
    steps: dict[str, Step] = {
        "start": PlayStep("welcome", "look"),
        "look": LookUpStep("table:orders", {"number": "caller"}, {"tag": "kind"}, "who", "menu", "menu"),
        "who": ConditionStep((Case("'vip' in tags", "sales"),), "menu"),
        "menu": MenuStep("menu", {"2": "support"}, "sales"),
        "sales": QueueStep("sales"),
        "support": QueueStep("support"),
    }
    story = Story(config("front", **steps))
    line = story.call()
    contact_id = story.contact_of(line).id
    story.hear_out(line)
    assert story.look_ups[0].asked == {"number": CALLER}
    story.press(line, "2")
    story.tell(LookedUp(contact_id, 1, MISSING))
    wait = contact_of(story, contact_id).wait
    assert wait is not None and wait.queue_id == "support"
    story.hang_up(line)
    line = story.call()
    story.hear_out(line)
    story.hang_up(line)
    assert not story.state.contacts


def test_an_email_is_answered_with_what_was_found() -> None:
    steps: dict[str, Step] = {
        "start": LookUpStep("table:orders", {"number": "sender"}, {"state": "state"}, "tell", "wait", "wait"),
        "tell": AnswerStep("state", "wait"),
        "wait": QueueStep("mail"),
    }
    made = config("inbox", **steps)
    words = Message("state", "State", "shop", texts={"en": "It is {{values.state}}."})
    story = Story(replace(made, messages={**made.messages, "state": words}))
    event = MailArrived(1, 1, "inbox", "<1@x>", "someone@demo.example", body="Where is it?")
    contact_id = story.tell(event).contact_id
    story.tell(MailArrived(2, 1, "inbox", "<2@x>", "someone@demo.example"))
    story.tell(LookedUp(contact_id, 1, FOUND, {"state": "on its way"}))
    (answer,) = [mail for mail in story.mails if isinstance(mail, mail_do.SendAutomatic)]
    assert answer.values == {"state": "on its way"}
    thread = contact_of(story, contact_id).thread
    assert thread is not None and thread.received == 2
    assert contact_of(story, contact_id).wait is not None


def test_a_bye_may_tell_what_was_found() -> None:
    bye = HangUpStep(texts={"en": "It is {{ values.state }}. Bye {{name}}!"})
    story = Story(config(**{**STEPS, "found": bye}))
    contact_id = arrive(story)
    story.tell(LookedUp(contact_id, 1, FOUND, {"state": "here"}))
    assert said_to(story) == ["It is here. Bye!"]
