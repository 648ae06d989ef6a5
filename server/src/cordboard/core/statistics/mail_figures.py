"""The figures of email (FEATURES D11, D6): each with its one written definition."""

from cordboard.core.statistics.formulas import Figure, Formula, Unit, count_of, mean_of, part_of
from cordboard.core.statistics.items import Measure
from cordboard.core.statistics.mails import REPEAT_DAYS
from cordboard.core.statistics.totals import Sums
from cordboard.core.words import Channel

_EMAIL = (Channel.EMAIL,)


def _share(good: Measure, bad: Measure) -> Formula:
    def share(sums: Sums) -> float | None:
        whole = part_of(sums, good).count + part_of(sums, bad).count
        return part_of(sums, good).count / whole if whole else None

    return share


def _first_contact_ratio(sums: Sums) -> float | None:
    contacts = part_of(sums, Measure.MAIL_CONTACT).count
    return 1 - part_of(sums, Measure.MAIL_REPEAT).count / contacts if contacts else None


def _approval_time(sums: Sums) -> float | None:
    decided = [
        part_of(sums, measure)
        for measure in (Measure.ANSWER_APPROVED, Measure.ANSWER_CORRECTED, Measure.ANSWER_SENT_BACK)
    ]
    count = sum(part.count for part in decided)
    return sum(part.seconds for part in decided) / count if count else None


MAIL_FIGURES = (
    Figure(
        "mails_received",
        "Emails received",
        Unit.COUNT,
        "Emails that have come in, into new contacts and into open ones. Their queue is the one that their contact was first put "
        "into.",
        (Measure.MAIL_RECEIVED,),
        count_of(Measure.MAIL_RECEIVED),
        of_agents=False,
        channels=_EMAIL,
    ),
    Figure(
        "mails_answered",
        "Emails answered",
        Unit.COUNT,
        "Answers of agents that have left (they can not be taken back any more), counted at that instant. Automatic answers are none.",
        (Measure.MAIL_ANSWERED,),
        count_of(Measure.MAIL_ANSWERED),
        channels=_EMAIL,
    ),
    Figure(
        "mail_backlog",
        "Emails without answer",
        Unit.COUNT,
        "Contacts with an email of a person that has no answer yet, at the end of the period.",
        (Measure.BACKLOG,),
        count_of(Measure.BACKLOG),
        of_agents=False,
        of_hours=False,
        channels=_EMAIL,
    ),
    Figure(
        "mail_backlog_hour",
        "Without answer for an hour",
        Unit.COUNT,
        "Of the emails without answer at the end of the period, those that came more than an hour before.",
        (Measure.BACKLOG_HOUR,),
        count_of(Measure.BACKLOG_HOUR),
        of_agents=False,
        of_hours=False,
        channels=_EMAIL,
    ),
    Figure(
        "mail_backlog_hours",
        "Without answer for 4 hours",
        Unit.COUNT,
        "Of the emails without answer at the end of the period, those that came more than 4 hours before.",
        (Measure.BACKLOG_HOURS,),
        count_of(Measure.BACKLOG_HOURS),
        of_agents=False,
        of_hours=False,
        channels=_EMAIL,
    ),
    Figure(
        "mail_backlog_day",
        "Without answer for a day",
        Unit.COUNT,
        "Of the emails without answer at the end of the period, those that came more than 24 hours before.",
        (Measure.BACKLOG_DAY,),
        count_of(Measure.BACKLOG_DAY),
        of_agents=False,
        of_hours=False,
        channels=_EMAIL,
    ),
    Figure(
        "mail_backlog_week",
        "Without answer for a week",
        Unit.COUNT,
        "Of the emails without answer at the end of the period, those that came more than 7 days before.",
        (Measure.BACKLOG_WEEK,),
        count_of(Measure.BACKLOG_WEEK),
        of_agents=False,
        of_hours=False,
        channels=_EMAIL,
    ),
    Figure(
        "mail_first_reply",
        "First reply",
        Unit.SECONDS,
        "Mean time from an email's arrival to the first answer of its contact, by the clock.",
        (Measure.MAIL_FIRST_REPLY,),
        mean_of(Measure.MAIL_FIRST_REPLY),
        channels=_EMAIL,
    ),
    Figure(
        "mail_treatment",
        "Arrival to answer",
        Unit.SECONDS,
        "Mean time from the arrival of the oldest unanswered email of a contact to its answer, by the clock.",
        (Measure.MAIL_ANSWERED,),
        mean_of(Measure.MAIL_ANSWERED),
        channels=_EMAIL,
    ),
    Figure(
        "mail_treatment_worked",
        "Arrival to answer, working hours",
        Unit.SECONDS,
        "The same, in the working hours of the schedule by which the contact was due; answers without one do not count.",
        (Measure.MAIL_WORKED,),
        mean_of(Measure.MAIL_WORKED),
        channels=_EMAIL,
    ),
    Figure(
        "mail_service_level",
        "Answered by due time",
        Unit.SHARE,
        "Answers that left by their due time, divided by all answers to contacts that had one.",
        (Measure.MAIL_IN_DUE, Measure.MAIL_LATE),
        _share(Measure.MAIL_IN_DUE, Measure.MAIL_LATE),
        channels=_EMAIL,
    ),
    Figure(
        "answers_held",
        "Answers held",
        Unit.COUNT,
        "Answers of agents that a validation rule has held for approval.",
        (Measure.ANSWER_HELD,),
        count_of(Measure.ANSWER_HELD),
        channels=_EMAIL,
    ),
    Figure(
        "answers_corrected",
        "Answers corrected",
        Unit.COUNT,
        "Held answers that left in a version that the validator has corrected.",
        (Measure.ANSWER_CORRECTED,),
        count_of(Measure.ANSWER_CORRECTED),
        channels=_EMAIL,
    ),
    Figure(
        "answers_sent_back",
        "Answers sent back",
        Unit.COUNT,
        "Held answers that were given back to their author with a remark.",
        (Measure.ANSWER_SENT_BACK,),
        count_of(Measure.ANSWER_SENT_BACK),
        channels=_EMAIL,
    ),
    Figure(
        "approval_time",
        "Time to approval",
        Unit.SECONDS,
        "Mean time that answers were held, until they were approved, corrected or sent back.",
        (Measure.ANSWER_APPROVED, Measure.ANSWER_CORRECTED, Measure.ANSWER_SENT_BACK),
        _approval_time,
        channels=_EMAIL,
    ),
    Figure(
        "first_contact_ratio",
        "First Contact Ratio",
        Unit.SHARE,
        "Of the email contacts that began in the period, those that are no further contact. A further contact is one whose "
        f"sender has begun another contact on the same theme (at the same inbox) in the {REPEAT_DAYS} days before.",
        (Measure.MAIL_CONTACT,),
        _first_contact_ratio,
        (Measure.MAIL_REPEAT,),
        of_agents=False,
        channels=_EMAIL,
    ),
)


def definition_of(figure: Figure, repeat_days: int) -> str:
    """As it is written, with the days that were asked for."""
    if figure.id != "first_contact_ratio":
        return figure.definition
    return figure.definition.replace(f"{REPEAT_DAYS} days", f"{repeat_days} day{'s' * (repeat_days != 1)}")
