"""Emails in the figures: what comes in, what is answered, and what has no answer yet, by age.

`Backlog` follows which contacts have a mail that nobody has answered. A mail that comes in while an answer is on its way is not
answered by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cordboard.core import facts
from cordboard.core.mail import facts as mail
from cordboard.core.statistics.items import Measure
from cordboard.core.words import MailKind

REPEAT_DAYS = 7
"""So long after a mail another contact of the same sender at the same inbox counts as a further contact, if nothing else is asked."""
MOST_REPEAT_DAYS = 90
AGES = (
    (Measure.BACKLOG, timedelta(-1)),
    (Measure.BACKLOG_HOUR, timedelta(hours=1)),
    (Measure.BACKLOG_HOURS, timedelta(hours=4)),
    (Measure.BACKLOG_DAY, timedelta(days=1)),
    (Measure.BACKLOG_WEEK, timedelta(days=7)),
)
"""Mails without an answer count in each that is younger than they are."""

_UNATTENDED = (MailKind.AUTO_REPLY, MailKind.BOUNCE, MailKind.LOOP)


@dataclass(slots=True)
class _Unanswered:
    oldest: datetime
    newest: datetime
    written_at: datetime | None = None  # an answer is on its way since then


@dataclass(slots=True)
class Backlog:
    """Contact → its mails without an answer, and the queue that it came to last."""

    waiting: dict[int, _Unanswered] = field(default_factory=dict)
    queues: dict[int, str] = field(default_factory=dict)

    def follow(self, fact: facts.Fact, at: datetime) -> None:
        match fact:
            case mail.MailReceived() if fact.kind not in _UNATTENDED and not fact.expert:
                known = self.waiting.setdefault(fact.contact_id, _Unanswered(at, at))
                known.newest = at
            case mail.AnswerWritten():
                if fact.contact_id in self.waiting:
                    self.waiting[fact.contact_id].written_at = at
            case mail.AnswerTakenBack() | mail.AnswerSentBack():
                if fact.contact_id in self.waiting:
                    self.waiting[fact.contact_id].written_at = None
            case mail.AnswerSent():
                self._answered(fact.contact_id)
            case facts.ContactQueued():
                self.queues[fact.contact_id] = fact.queue_id
            case facts.ContactEnded():
                self.waiting.pop(fact.contact_id, None)
                self.queues.pop(fact.contact_id, None)
            case _:
                return

    def _answered(self, contact_id: int) -> None:
        known = self.waiting.get(contact_id)
        if known is None:
            return
        if known.written_at is not None and known.newest > known.written_at:
            known.oldest, known.written_at = known.newest, None
        else:
            del self.waiting[contact_id]

    def standing(self, until: datetime) -> Iterator[tuple[int, str, timedelta]]:
        """Contact, queue and age of each that has no answer at `until`."""
        for contact_id, known in self.waiting.items():
            yield contact_id, self.queues.get(contact_id, ""), until - known.oldest
