"""A visitor who would rather leave a message than wait in the queue."""

from datetime import timedelta

from cordboard.core import facts
from cordboard.core.contact import Phase
from cordboard.core.conversation import events as chat
from cordboard.core.conversation import facts as said
from cordboard.core.conversation.words import Author, MessageKind
from cordboard.core.script.steps import HangUpStep, LeaveMessageStep, QueueStep, Step
from tests.core.test_webchat import arrive, config, messages, story_of


def steps(instead: Step) -> dict[str, Step]:
    wait = QueueStep("chat", max_wait=timedelta(minutes=10), timeout="away")
    return {"start": wait, "away": instead}


MESSAGE = LeaveMessageStep({"en": "Leave us a message."})


def test_he_leaves_a_message_and_is_not_asked_what_is_known() -> None:
    story = story_of(made=config(**steps(MESSAGE)))
    contact_id = arrive(story, sender="zoe@home.example", sender_name="Zoé")
    story.wait(20)
    story.tell(chat.VisitorStoppedWaiting(contact_id))
    (left,) = story.facts(facts.WaitTimedOut)
    assert left.waited == timedelta(seconds=20)
    question = messages(story, contact_id)[-1]
    assert question.author is Author.SCRIPT
    assert [each.name for each in question.questions] == ["message"]
    filled_in = {"message": "It is broken."}
    story.tell(
        chat.VisitorWrote(
            contact_id, "k1", "", MessageKind.ANSWERS, reply_to=question.number, values=filled_in
        )
    )
    (message,) = story.facts(said.MessageLeft)
    assert (message.address, message.name, message.text) == ("zoe@home.example", "Zoé", "It is broken.")
    assert contact_id not in story.state.contacts or story.state.contacts[contact_id].phase is Phase.ENDED


def test_who_is_not_known_is_asked_who_he_is() -> None:
    story = story_of(made=config(**steps(MESSAGE)))
    contact_id = arrive(story)
    story.tell(chat.VisitorStoppedWaiting(contact_id))
    question = messages(story, contact_id)[-1]
    assert [each.name for each in question.questions] == ["name", "email", "message"]


def test_whose_address_is_known_may_just_write() -> None:
    story = story_of(made=config(**steps(MESSAGE)))
    contact_id = arrive(story, sender="zoe@home.example")
    story.tell(chat.VisitorStoppedWaiting(contact_id))
    story.tell(chat.VisitorWrote(contact_id, "k1", "It is broken."))
    (message,) = story.facts(said.MessageLeft)
    assert message.text == "It is broken."


def test_twice_is_once() -> None:
    story = story_of(made=config(**steps(MESSAGE)))
    contact_id = arrive(story)
    for _ in range(2):
        story.tell(chat.VisitorStoppedWaiting(contact_id))
    assert len(story.facts(facts.WaitTimedOut)) == 1


def test_an_answer_that_crosses_it_stands() -> None:
    story = story_of("emma", made=config(**steps(MESSAGE)))
    contact_id = arrive(story)
    story.tell(chat.VisitorStoppedWaiting(contact_id))
    assert story.state.contacts[contact_id].phase is Phase.OFFERED
    assert not story.facts(facts.WaitTimedOut)


def test_where_no_message_can_be_left_he_waits_on() -> None:
    story = story_of(made=config(**steps(HangUpStep("", texts={"en": "Sorry."}))))
    contact_id = arrive(story)
    story.tell(chat.VisitorStoppedWaiting(contact_id))
    assert story.state.contacts[contact_id].phase is Phase.WAITING
