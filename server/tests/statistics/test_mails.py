"""The figures of email on stories small enough to be counted by hand."""

from dataclasses import replace
from datetime import timedelta

from cordboard.core import events as ev
from cordboard.core.mail import events as mail
from cordboard.core.statistics.figures import FIGURES
from cordboard.core.statistics.totals import Scope
from cordboard.core.words import MailKind, MailThen, SeatKind
from cordboard.testing.builders import centre
from cordboard.testing.story import Story
from tests.statistics.test_figures import period_of

HOUR = timedelta(hours=1)


def arrive(story: Story, mail_id: int, thread_id: int, **more: object) -> int:
    event = mail.MailArrived(
        mail_id,
        thread_id,
        "inbox",
        f"<{mail_id}@demo.example>",
        "someone@demo.example",
        **more,  # type: ignore[arg-type]  # names are the fields'
    )
    return story.tell(event).contact_id


def value(story: Story, figure_id: str, scope: Scope | None = None) -> float | None:
    period = period_of(story)
    return FIGURES[figure_id].value(period.sums(scope or Scope()))


def answered(
    story: Story, contact_id: int, mail_id: int, then: MailThen = MailThen.CLOSE, reason: str = "sold"
) -> None:
    story.tell(ev.OfferAccepted("emma", contact_id))
    story.tell(mail.AnswerRequested("emma", contact_id, mail_id, then, reason))
    story.wait(10)


def test_received_answered_and_left_over() -> None:
    story = Story()
    story.staff("emma", seat=SeatKind.DIGITAL, kind=None)
    first = arrive(story, 1, 1)
    story.tell(ev.OfferAccepted("emma", first))
    story.wait(HOUR - timedelta(seconds=10))
    answered(story, first, 100)
    arrive(story, 2, 2)
    arrive(story, 3, 3, kind=MailKind.AUTO_REPLY)
    story.wait(timedelta(hours=30))
    assert value(story, "mails_received") == 3
    assert value(story, "mails_answered") == 1
    assert value(story, "mails_answered", Scope(agent_id="emma", queue_id="mail")) == 1
    assert value(story, "mail_first_reply") == HOUR.total_seconds()
    assert value(story, "mail_treatment") == HOUR.total_seconds()
    assert value(story, "mail_treatment_worked") == HOUR.total_seconds(), "10:00 to 11:00 in the office"
    assert value(story, "mail_service_level") == 1
    assert value(story, "mail_backlog") == 1, "a machine's mail needs no answer"
    assert (value(story, "mail_backlog_day"), value(story, "mail_backlog_week")) == (1, 0)
    assert value(story, "mail_backlog", Scope(queue_id="mail", space_id="shop")) == 1


def test_late_and_outside_working_hours() -> None:
    story = Story()
    contact_id = arrive(story, 1, 1)
    story.wait(timedelta(hours=23, minutes=59, seconds=49))
    story.staff("emma", seat=SeatKind.DIGITAL, kind=None)
    answered(story, contact_id, 100)
    assert value(story, "mail_treatment") == timedelta(days=1).total_seconds()
    assert value(story, "mail_treatment_worked") == timedelta(hours=9).total_seconds()
    assert value(story, "mail_service_level") == 0


def test_a_mail_that_crosses_the_answer_is_not_answered_by_it() -> None:
    story = Story()
    story.staff("emma", seat=SeatKind.DIGITAL, kind=None)
    contact_id = arrive(story, 1, 1)
    story.tell(ev.OfferAccepted("emma", contact_id))
    story.tell(mail.AnswerRequested("emma", contact_id, 100, closing_reason_id="sold"))
    story.wait(5)
    arrive(story, 2, 1)
    story.wait(5)
    assert value(story, "mail_backlog") == 1


def test_first_contact_ratio_both_ways() -> None:
    config = centre()
    reasons = {**config.closing_reasons, "sold": replace(config.closing_reasons["sold"], resolved=True)}
    reasons["open"] = replace(config.closing_reasons["sold"], id="open", name="Open")
    story = Story(replace(config, closing_reasons=reasons))
    story.staff("emma", seat=SeatKind.DIGITAL, kind=None)
    answered(story, arrive(story, 1, 1), 100)
    answered(story, arrive(story, 2, 2), 101, reason="open")
    answered(story, arrive(story, 3, 3, repeat=True), 102)
    arrive(story, 4, 4)
    assert value(story, "first_contact_ratio") == 0.75
    assert value(story, "first_contact_resolved") == 2 / 3
    assert "7 days" in FIGURES["first_contact_ratio"].definition


def test_nothing_can_be_said_of_nothing() -> None:
    story = Story()
    for figure_id in (
        "mail_first_reply",
        "mail_service_level",
        "first_contact_ratio",
        "first_contact_resolved",
    ):
        assert value(story, figure_id) is None


def test_answers_that_were_held() -> None:
    story = Story()
    story.staff("felix", seat=SeatKind.DIGITAL, kind=None)
    contact_id = arrive(story, 1, 1)
    story.tell(ev.OfferAccepted("felix", contact_id))
    story.tell(mail.AnswerRequested("felix", contact_id, 100))
    story.wait(60)
    story.tell(mail.AnswerSentBack("boss", contact_id, 100, "kinder"))
    story.tell(ev.OfferAccepted("felix", contact_id))
    story.tell(mail.AnswerRequested("felix", contact_id, 101))
    story.wait(120)
    story.tell(mail.AnswerApproved("boss", contact_id, 101))
    story.wait(1)
    assert (value(story, "answers_held"), value(story, "answers_sent_back")) == (2, 1)
    assert value(story, "answers_corrected") == 0
    assert value(story, "approval_time") == 90
    assert value(story, "mails_answered", Scope(agent_id="felix")) == 1
