"""Emails: threads and their contacts, answers that can be taken back, parking, experts, approval, due times."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.contact import Contact, Phase
from cordboard.core.mail import commands as mail_do
from cordboard.core.mail import events as mail
from cordboard.core.mail import facts as said
from cordboard.core.refusals import RefusalCode
from cordboard.core.script.steps import (
    AnswerStep,
    Case,
    CloseStep,
    ConditionStep,
    ForwardStep,
    QueueStep,
    Script,
    SetStep,
    Step,
)
from cordboard.core.words import AgentState, MailKind, MailOutcome, MailThen, SeatKind
from cordboard.testing.builders import BEGIN, centre, with_queue, without_queue
from cordboard.testing.story import Story

WRITER = "someone@demo.example"


def digital(*agent_ids: str, story: Story | None = None) -> Story:
    story = story or Story()
    story.staff(*agent_ids, seat=SeatKind.DIGITAL, kind=None)
    return story


def arrive(story: Story, mail_id: int, thread_id: int = 1, **more: object) -> int:
    event = mail.MailArrived(mail_id, thread_id, "inbox", f"<{mail_id}@demo.example>", WRITER, **more)  # type: ignore[arg-type]  # names are the fields'
    return story.tell(event).contact_id


def in_hand(story: Story, agent_id: str = "emma", mail_id: int = 1) -> int:
    contact_id = arrive(story, mail_id)
    assert story.refuses(ev.OfferAccepted(agent_id, contact_id)) is None
    return contact_id


def contact(story: Story, contact_id: int) -> Contact:
    return story.state.contacts[contact_id]


def sent(story: Story) -> list[int]:
    return [each.mail_id for each in story.mails if isinstance(each, mail_do.SendMail)]


def with_steps(**steps: Step) -> Story:
    config = centre()
    point = replace(config.entry_points["inbox"], script_id="mail")
    script = Script("mail", "Mail", "shop", "start", steps)
    return Story(
        replace(
            config,
            version=2,
            entry_points={**config.entry_points, "inbox": point},
            scripts={**config.scripts, "mail": script},
        )
    )


# -- arriving


def test_a_thread_has_one_open_contact() -> None:
    story = digital("emma")
    first = arrive(story, 1)
    assert arrive(story, 2) == first
    assert arrive(story, 3, thread_id=3) != first
    assert [fact.again for fact in story.facts(said.MailReceived)] == [False, True, False]
    thread = contact(story, first).thread
    assert thread is not None
    assert (thread.received, thread.unread) == (2, 2)


def test_what_was_decided_on_is_ignored() -> None:
    story = digital()
    arrive(story, 5)
    assert arrive(story, 5) == 0
    assert arrive(story, 4, thread_id=9) == 0
    assert len(story.state.contacts) == 1


def test_who_knows_the_thread_gets_it() -> None:
    story = digital("felix", "emma")
    contact_id = arrive(story, 1, agent_id="emma")
    (decided,) = story.facts(facts.RoutingDecided)
    assert (decided.contact_id, decided.agent_id, decided.rule) == (contact_id, "emma", "preferred_agent")


def test_it_waits_for_him_and_then_for_anybody() -> None:
    story = Story(with_queue(centre(), "mail", preferred_wait=timedelta(minutes=10)))
    digital("emma", story=story)
    story.tell(ev.WithdrawRequested("emma", "lunch"))
    digital("felix", story=story)
    contact_id = arrive(story, 1, agent_id="emma")
    assert contact(story, contact_id).phase is Phase.WAITING, "felix is free, but it waits for emma"
    story.wait(timedelta(minutes=10))
    assert story.agent("felix").state is AgentState.RESERVED


def test_when_he_comes_back_in_time_it_is_his() -> None:
    story = Story(with_queue(centre(), "mail", preferred_wait=timedelta(minutes=10)))
    digital("emma", story=story)
    story.tell(ev.WithdrawRequested("emma", "lunch"))
    digital("felix", story=story)
    arrive(story, 1, agent_id="emma")
    story.tell(ev.ReadyRequested("emma"))
    assert story.agent("emma").state is AgentState.RESERVED


def test_when_he_leaves_anybody_may_have_it() -> None:
    story = Story(with_queue(centre(), "mail", preferred_wait=timedelta(minutes=10)))
    digital("emma", story=story)
    story.tell(ev.WithdrawRequested("emma", "lunch"))
    digital("felix", story=story)
    arrive(story, 1, agent_id="emma")
    story.tell(ev.AgentLoggedOut("emma"))
    assert story.agent("felix").state is AgentState.RESERVED


def test_without_any_queue_it_is_kept_and_shown() -> None:
    story = Story(without_queue(centre(), "mail"))
    contact_id = arrive(story, 1)
    assert contact(story, contact_id).phase is Phase.PARKED
    assert [each.kind for each in story.incidents] == ["contact_stranded"]
    story.tell(ev.ConfigPublished(replace(centre(), version=3)))
    assert contact(story, contact_id).phase is Phase.WAITING


# -- answering


def test_answered_and_closed_without_wrap_up() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    story.wait(60)
    story.tell(mail.AnswerRequested("emma", contact_id, 2, closing_reason_id="sold", note="done"))
    assert story.agent("emma").state is AgentState.READY
    assert contact(story, contact_id).phase is Phase.SENDING
    assert sent(story) == []
    story.wait(10)
    assert sent(story) == [2]
    (answer,) = story.facts(said.AnswerSent)
    assert (answer.waited, answer.first, answer.in_due) == (timedelta(seconds=70), True, True)
    (wrapped,) = story.facts(facts.WrappedUp)
    assert (wrapped.closing_reason_id, wrapped.note) == ("sold", "done")
    assert story.state.contacts == {}
    assert story.state.threads == {}


def test_taken_back_in_time() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    story.tell(mail.AnswerRequested("emma", contact_id, 2, closing_reason_id="sold"))
    story.wait(9)
    assert story.refuses(mail.AnswerRecalled("emma", contact_id, 2)) is None
    assert contact(story, contact_id).phase is Phase.TALKING
    assert story.agent("emma").engagements[contact_id].closing_reason_id == "sold"
    story.wait(60)
    assert sent(story) == []
    assert story.mails == [mail_do.DiscardMail(2, "taken_back")]


def test_taken_back_too_late() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    story.tell(mail.AnswerRequested("emma", contact_id, 2))
    story.wait(10)
    assert story.refuses(mail.AnswerRecalled("emma", contact_id, 2)) is RefusalCode.ANSWER_GONE


def test_taking_back_needs_no_room() -> None:
    story = digital("emma")
    first = in_hand(story, mail_id=1)
    story.tell(mail.AnswerRequested("emma", first, 50))
    for mail_id in (3, 4):
        story.tell(ev.OfferAccepted("emma", arrive(story, mail_id, thread_id=mail_id)))
    story.tell(mail.AnswerRecalled("emma", first, 50))
    assert len(story.agent("emma").engagements) == 3


def test_answered_and_kept() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    story.tell(mail.AnswerRequested("emma", contact_id, 2, MailThen.KEEP))
    story.wait(10)
    assert sent(story) == [2]
    assert contact(story, contact_id).phase is Phase.TALKING
    story.tell(mail.AnswerRequested("emma", contact_id, 3))
    story.wait(10)
    assert sent(story) == [2, 3]
    assert [fact.first for fact in story.facts(said.AnswerSent)] == [True, False]


def test_closing_right_after_an_answer_that_is_kept_sends_it() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    story.tell(mail.AnswerRequested("emma", contact_id, 2, MailThen.KEEP))
    story.tell(ev.HangUpRequested("emma", contact_id))
    assert sent(story) == [2]


def test_a_mail_that_comes_while_the_answer_leaves_keeps_the_contact_open() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    story.tell(mail.AnswerRequested("emma", contact_id, 2))
    arrive(story, 3)
    story.wait(10)
    assert sent(story) == [2]
    assert contact(story, contact_id).phase is Phase.OFFERED
    assert story.agent("emma").state is AgentState.RESERVED


def test_a_newer_mail_is_to_be_read_first() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    arrive(story, 2)
    event = mail.AnswerRequested("emma", contact_id, 3, seen_mails=1)
    assert story.refuses(event) is RefusalCode.NEWER_MAIL
    assert story.refuses(replace(event, seen_mails=2)) is None


def test_a_required_reason_is_required() -> None:
    story = Story(with_queue(centre(), "mail", closing_reason_required=True))
    digital("emma", story=story)
    contact_id = in_hand(story)
    event = mail.AnswerRequested("emma", contact_id, 2)
    assert story.refuses(event) is RefusalCode.CLOSING_REASON_REQUIRED
    assert story.refuses(replace(event, closing_reason_id="no such")) is RefusalCode.UNKNOWN_REASON
    assert story.refuses(replace(event, then=MailThen.PARK)) is None


# -- parking, returning, handing on


def test_parked_until_an_instant() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    story.tell(mail.ParkRequested("emma", contact_id, story.now + timedelta(hours=1), "parts come"))
    assert story.agent("emma").state is AgentState.READY
    story.wait(timedelta(hours=1))
    assert contact(story, contact_id).phase is Phase.OFFERED
    assert [fact.cause for fact in story.facts(said.ContactUnparked)] == ["time"]


def test_a_reply_wakes_it_and_a_machine_does_not() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    story.tell(mail.ParkRequested("emma", contact_id, None))
    arrive(story, 2, kind=MailKind.AUTO_REPLY)
    assert contact(story, contact_id).phase is Phase.PARKED
    arrive(story, 3)
    assert contact(story, contact_id).phase is Phase.OFFERED


def test_only_its_agent_unparks_it_while_he_is_here() -> None:
    story = digital("emma", "felix")
    contact_id = in_hand(story)
    story.tell(mail.ParkRequested("emma", contact_id, None))
    assert story.refuses(mail.UnparkRequested("felix", contact_id)) is RefusalCode.NOT_YOUR_CONTACT
    story.tell(ev.AgentLoggedOut("emma"))
    assert story.refuses(mail.UnparkRequested("felix", contact_id)) is None
    assert story.agent("felix").state is AgentState.IN_CONTACT


def test_not_in_the_past() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    event = mail.ParkRequested("emma", contact_id, story.now)
    assert story.refuses(event) is RefusalCode.INSTANT_PAST


def test_returned_it_goes_to_somebody_else() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    story.tell(mail.ReturnRequested("emma", contact_id, "not my language"))
    assert contact(story, contact_id).phase is Phase.WAITING
    assert story.agent("emma").state is AgentState.READY, "and not offered the same again"
    story.wait(5)
    digital("felix", story=story)
    assert story.agent("felix").state is AgentState.RESERVED
    assert contact(story, contact_id).arrived_at == contact(story, contact_id).wait.since  # type: ignore[union-attr]  # it has one


def test_handed_on_to_an_agent_who_is_busy() -> None:
    story = digital("emma", "felix")
    contact_id = in_hand(story)
    story.tell(ev.WithdrawRequested("felix", "lunch"))
    assert story.refuses(ev.TransferRequested("emma", contact_id, "agent:felix")) is None
    assert contact(story, contact_id).phase is Phase.WAITING
    story.tell(ev.ReadyRequested("felix"))
    assert story.agent("felix").state is AgentState.RESERVED


@pytest.mark.parametrize(
    "to, code",
    [
        ("queue:sales", RefusalCode.UNKNOWN_QUEUE),
        ("agent:nobody", RefusalCode.UNKNOWN_AGENT),
        ("agent:amelie", RefusalCode.AGENT_NOT_READY),
        ("number:+33155667788", RefusalCode.NUMBER_INVALID),
    ],
)
def test_where_an_email_can_not_go(to: str, code: RefusalCode) -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    assert story.refuses(ev.TransferRequested("emma", contact_id, to)) is code
    assert contact(story, contact_id).phase is Phase.TALKING


def test_who_logs_out_gives_his_mails_back() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    assert story.refuses(ev.AgentLoggedOut("emma")) is None
    assert contact(story, contact_id).phase is Phase.WAITING


# -- experts


def test_an_expert_is_asked_reminded_and_answers() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    story.tell(
        mail.ForwardRequested("emma", contact_id, 2, "expert@demo.example", story.now + timedelta(hours=2))
    )
    assert sent(story) == [2]
    story.wait(timedelta(hours=1))
    (reminder,) = [each for each in story.mails if isinstance(each, mail_do.SendAutomatic)]
    assert (reminder.to, reminder.reminder_of) == ("expert@demo.example", 2)
    arrive(story, 3, thread_id=77, contact_id=contact_id, expert=True)
    assert contact(story, contact_id).phase is Phase.OFFERED
    (answered,) = story.facts(said.ExpertAnswered)
    assert answered.waited == timedelta(hours=1)
    assert contact(story, contact_id).expert is None


def test_an_expert_who_does_not_answer() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    story.tell(
        mail.ForwardRequested(
            "emma", contact_id, 2, "expert@demo.example", story.now + timedelta(hours=2), remind=False
        )
    )
    story.wait(timedelta(hours=2))
    assert contact(story, contact_id).phase is Phase.OFFERED
    assert contact(story, contact_id).thread.trouble == "expert_overdue"  # type: ignore[union-attr]  # it has one
    assert len(story.facts(said.ExpertOverdue)) == 1


# -- approval


def held() -> tuple[Story, int]:
    """felix's answers are held."""
    story = digital("felix")
    contact_id = in_hand(story, "felix")
    story.tell(mail.AnswerRequested("felix", contact_id, 2))
    assert contact(story, contact_id).phase is Phase.VALIDATING
    return story, contact_id


def test_approved_it_leaves_as_it_is() -> None:
    story, contact_id = held()
    story.wait(120)
    assert sent(story) == []
    story.tell(mail.AnswerApproved("boss", contact_id, 2))
    assert sent(story) == [2]
    assert story.state.contacts == {}
    (approved,) = story.facts(said.AnswerApproved)
    assert (approved.agent_id, approved.person_id, approved.held) == ("felix", "boss", timedelta(seconds=120))
    assert story.refuses(mail.AnswerApproved("boss", contact_id, 2)) is RefusalCode.ANSWER_GONE


def test_corrected_the_other_version_leaves() -> None:
    story, contact_id = held()
    story.tell(mail.AnswerCorrected("boss", contact_id, 2, 3))
    assert story.mails == [mail_do.DiscardMail(2, "corrected"), mail_do.SendMail(3, contact_id)]


def test_sent_back_it_is_its_authors() -> None:
    story, contact_id = held()
    story.tell(mail.AnswerSentBack("boss", contact_id, 2, "kinder"))
    assert story.agent("felix").state is AgentState.RESERVED
    assert contact(story, contact_id).thread.trouble == "sent_back: kinder"  # type: ignore[union-attr]  # it has one


def test_its_author_takes_it_back() -> None:
    story, contact_id = held()
    story.tell(mail.AnswerRecalled("felix", contact_id, 2))
    assert contact(story, contact_id).phase is Phase.TALKING
    assert story.refuses(mail.AnswerApproved("boss", contact_id, 2)) is RefusalCode.ANSWER_GONE


def test_approval_that_takes_too_long() -> None:
    story, _ = held()
    story.wait(timedelta(hours=1))
    assert [fact.rule_id for fact in story.facts(said.ValidationOverdue)] == ["new"]


@pytest.mark.parametrize(
    "changes, hits, holds",
    [
        ({"first": 1}, (), True),
        ({"first": 1, "agent_ids": ("emma",)}, (), False),
        ({"percent": 100}, (), True),
        ({"words": ("refund",)}, (), False),
        ({"words": ("refund",)}, ("new",), True),
        ({"group_ids": ("night",)}, (), False),
        ({"queue_ids": ("mail",)}, (), True),
        ({"tags": ("vip",)}, (), False),
    ],
)
def test_what_is_held(changes: dict[str, object], hits: tuple[str, ...], holds: bool) -> None:
    config = centre()
    rule = replace(config.validation["new"], **changes)  # type: ignore[arg-type]  # names are the fields'
    story = Story(replace(config, version=2, validation={"new": rule}))
    digital("felix", story=story)
    contact_id = in_hand(story, "felix")
    story.tell(mail.AnswerRequested("felix", contact_id, 2, hits=hits))
    assert (contact(story, contact_id).phase is Phase.VALIDATING) is holds


def test_a_newcomers_first_answers_only() -> None:
    config = centre()
    rule = replace(config.validation["new"], first=1)
    story = Story(replace(config, version=2, validation={"new": rule}))
    digital("felix", story=story)
    contact_id = in_hand(story, "felix")
    story.tell(mail.AnswerRequested("felix", contact_id, 2))
    story.tell(mail.AnswerApproved("boss", contact_id, 2))
    second = in_hand(story, "felix", 3)
    story.tell(mail.AnswerRequested("felix", second, 4))
    assert contact(story, second).phase is Phase.SENDING


# -- sending


def test_a_bounce_is_work_again() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    story.tell(mail.AnswerRequested("emma", contact_id, 2))
    story.wait(10)
    report = mail.MailSendingEnded(
        7, 2, contact_id, MailOutcome.BOUNCED, "no such box", 1, "inbox", "emma", "mail", WRITER
    )
    again = story.tell(report).contact_id
    assert again != contact_id
    assert story.agent("emma").state is AgentState.RESERVED
    assert contact(story, again).thread.trouble == "bounced: no such box"  # type: ignore[union-attr]  # it has one
    story.tell(report)
    assert len(story.facts(said.MailBounced)) == 1, "a report that was seen is ignored"


def test_a_mail_that_arrived_is_noted() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    story.tell(mail.AnswerRequested("emma", contact_id, 2))
    story.wait(10)
    story.tell(mail.MailSendingEnded(3, 2, contact_id, MailOutcome.SENT))
    assert story.state.contacts == {}
    assert len(story.facts(said.MailSent)) == 1


# -- reopening, and mails without one before


def test_reopened() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    story.tell(ev.HangUpRequested("emma", contact_id))
    story.wait(30)
    event = mail.ContactReopened("emma", contact_id, 1, "inbox", "mail", WRITER)
    again = story.tell(event).contact_id
    assert contact(story, again).phase is Phase.TALKING
    assert story.refuses(event) is RefusalCode.THREAD_OPEN
    assert arrive(story, 2) == again


def test_a_new_mail() -> None:
    story = digital("emma")
    contact_id = story.tell(mail.MailWritten("emma", 9, "inbox", WRITER)).contact_id
    assert contact(story, contact_id).phase is Phase.SENDING
    story.tell(mail.AnswerRecalled("emma", contact_id, 9))
    assert contact(story, contact_id).phase is Phase.TALKING
    story.tell(mail.AnswerRequested("emma", contact_id, 10))
    story.wait(10)
    assert sent(story) == [10]
    assert story.state.contacts == {}


def test_the_option_may_be_off() -> None:
    config = centre()
    story = Story(replace(config, version=2, options=replace(config.options, outgoing_mail=False)))
    digital("emma", story=story)
    assert story.refuses(mail.MailWritten("emma", 9, "inbox", WRITER)) is RefusalCode.OPTION_OFF


# -- due times


def test_due_in_working_hours() -> None:
    begin = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)  # Friday 17:00 in Paris; the office closes at 18:00
    story = Story(begin=begin)
    contact_id = arrive(story, 1)
    (due,) = story.facts(said.DueSet)
    assert due.due_at == datetime(2026, 11, 23, 11, 0, tzinfo=UTC), "Monday 12:00: one hour and three"
    story.wait(due.due_at - begin)
    assert [fact.contact_id for fact in story.facts(said.DueMissed)] == [contact_id]


def test_what_was_answered_is_not_due() -> None:
    story = digital("emma")
    contact_id = in_hand(story)
    story.tell(mail.AnswerRequested("emma", contact_id, 2, MailThen.PARK))
    story.wait(timedelta(hours=30))
    assert story.facts(said.DueMissed) == []
    arrive(story, 3)
    assert len(story.facts(said.DueSet)) == 2, "the reply is due anew"


# -- scripts


def test_acknowledged_once_in_a_window_and_never_a_machine() -> None:
    story = with_steps(start=AnswerStep("welcome", "on"), on=QueueStep("mail"))
    arrive(story, 1, thread_id=1)
    arrive(story, 2, thread_id=2)
    arrive(story, 3, thread_id=3, kind=MailKind.AUTO_REPLY)
    automatic = [each for each in story.mails if isinstance(each, mail_do.SendAutomatic)]
    assert [(each.to, each.message_id, each.in_reply_to) for each in automatic] == [(WRITER, "welcome", 1)]
    assert [fact.cause for fact in story.facts(said.AutomaticAnswerSkipped)] == ["too_soon", "machine"]
    story.wait(timedelta(hours=24))
    arrive(story, 4, thread_id=4)
    assert len(story.facts(said.AutomaticAnswerSent)) == 2


def test_never_our_own_address() -> None:
    story = with_steps(
        start=AnswerStep("welcome", "on"), on=ForwardStep("hello@demo.example", "end"), end=CloseStep()
    )
    event = mail.MailArrived(1, 1, "inbox", "<1@demo.example>", "hello@demo.example")
    story.tell(event)
    assert story.mails == []
    assert [fact.cause for fact in story.facts(said.AutomaticAnswerSkipped)] == ["loop", "loop"]


def test_qualified_by_what_it_says() -> None:
    story = with_steps(
        start=ConditionStep(
            (
                Case("sender_domain == 'demo.example' && body.contains('broken')", "urgent"),
                Case("thread.again || end_customer.mails > 3", "known"),
            ),
            "end",
        ),
        urgent=SetStep({"tag": "'broken'", "priority": "5", "skill": "'french:4'"}, "queue"),
        known=SetStep({"tag": "'known'"}, "queue"),
        queue=QueueStep("mail", due=timedelta(minutes=30)),
        end=CloseStep("sold"),
    )
    first = contact(story, arrive(story, 1, thread_id=1, body="It is broken."))
    assert (first.tags, first.priority, first.wait.needs if first.wait else ()) == (
        ["broken"],
        5,
        (("french", 4),),
    )
    assert first.thread is not None
    assert first.thread.body == "", "nothing will look at it again"
    assert first.thread.due_at == BEGIN + timedelta(minutes=30)
    assert contact(story, arrive(story, 2, thread_id=2, sender_mails=4)).tags == ["known"]
    closed = arrive(story, 3, thread_id=3)
    assert closed not in story.state.contacts
    assert story.facts(facts.ExpressionFailed) == []
