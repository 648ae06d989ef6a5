"""The figures of email (FEATURES D11, D6): each with its one written definition."""

from cordboard.core.statistics.formulas import Figure, Formula, Unit, count_of, mean_of, part_of
from cordboard.core.statistics.items import Measure
from cordboard.core.statistics.mails import REPEAT_DAYS
from cordboard.core.statistics.totals import Sums


def _share(good: Measure, bad: Measure) -> Formula:
    def share(sums: Sums, waiting: int) -> float | None:
        whole = part_of(sums, good).count + part_of(sums, bad).count
        return part_of(sums, good).count / whole if whole else None

    return share


def _first_contact_ratio(sums: Sums, waiting: int) -> float | None:
    contacts = part_of(sums, Measure.MAIL_CONTACT).count
    return 1 - part_of(sums, Measure.MAIL_REPEAT).count / contacts if contacts else None


def _resolved_ratio(sums: Sums, waiting: int) -> float | None:
    closed = part_of(sums, Measure.MAIL_CLOSED).count
    return part_of(sums, Measure.MAIL_RESOLVED).count / closed if closed else None


def _approval_time(sums: Sums, waiting: int) -> float | None:
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
        "Emails that have come in, into new contacts and into open ones.",
        (Measure.MAIL_RECEIVED,),
        count_of(Measure.MAIL_RECEIVED),
        of_agents=False,
        of_queues=False,
    ),
    Figure(
        "mails_answered",
        "Emails answered",
        Unit.COUNT,
        "Answers of agents that have left (they can not be taken back any more), counted at that instant.",
        (Measure.MAIL_ANSWERED,),
        count_of(Measure.MAIL_ANSWERED),
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
    ),
    Figure(
        "mail_first_reply",
        "First reply",
        Unit.SECONDS,
        "Mean time from an email's arrival to the first answer of its contact, by the clock.",
        (Measure.MAIL_FIRST_REPLY,),
        mean_of(Measure.MAIL_FIRST_REPLY),
    ),
    Figure(
        "mail_treatment",
        "Arrival to answer",
        Unit.SECONDS,
        "Mean time from the arrival of the oldest unanswered email of a contact to its answer, by the clock.",
        (Measure.MAIL_ANSWERED,),
        mean_of(Measure.MAIL_ANSWERED),
    ),
    Figure(
        "mail_treatment_worked",
        "Arrival to answer, working hours",
        Unit.SECONDS,
        "The same, in the working hours of the schedule by which the contact was due; answers without one do not count.",
        (Measure.MAIL_WORKED,),
        mean_of(Measure.MAIL_WORKED),
    ),
    Figure(
        "mail_service_level",
        "Answered by due time",
        Unit.SHARE,
        "Answers that left by their due time, divided by all answers to contacts that had one.",
        (Measure.MAIL_IN_DUE, Measure.MAIL_LATE),
        _share(Measure.MAIL_IN_DUE, Measure.MAIL_LATE),
    ),
    Figure(
        "answers_held",
        "Answers held",
        Unit.COUNT,
        "Answers of agents that a validation rule has held for approval.",
        (Measure.ANSWER_HELD,),
        count_of(Measure.ANSWER_HELD),
    ),
    Figure(
        "answers_corrected",
        "Answers corrected",
        Unit.COUNT,
        "Held answers that left in a version that the validator has corrected.",
        (Measure.ANSWER_CORRECTED,),
        count_of(Measure.ANSWER_CORRECTED),
    ),
    Figure(
        "answers_sent_back",
        "Answers sent back",
        Unit.COUNT,
        "Held answers that were given back to their author with a remark.",
        (Measure.ANSWER_SENT_BACK,),
        count_of(Measure.ANSWER_SENT_BACK),
    ),
    Figure(
        "approval_time",
        "Time to approval",
        Unit.SECONDS,
        "Mean time that answers were held, until they were approved, corrected or sent back.",
        (Measure.ANSWER_APPROVED, Measure.ANSWER_CORRECTED, Measure.ANSWER_SENT_BACK),
        _approval_time,
    ),
    Figure(
        "first_contact_ratio",
        "First Contact Ratio",
        Unit.SHARE,
        "Of the email contacts that began in the period, those that are no further contact. A further contact is one whose "
        f"sender has begun another contact on the same theme (at the same inbox) in the {REPEAT_DAYS} days before.",
        (Measure.MAIL_CONTACT,),
        _first_contact_ratio,
        of_agents=False,
        of_queues=False,
    ),
    Figure(
        "first_contact_resolved",
        "First Contact Ratio, by reason",
        Unit.SHARE,
        "Of the email contacts that agents closed with a reason, those whose reason is marked resolved and that do not take up "
        "an earlier contact again.",
        (Measure.MAIL_CLOSED,),
        _resolved_ratio,
    ),
)
