"""Due: the instant by which an email should be answered, its service level counted in the working hours of a schedule.

It is set once, when the contact enters its first queue, from the oldest mail that has no answer yet; it is settled by the answer,
and set anew when the end-customer writes again.
"""

from datetime import datetime, timedelta

from cordboard.core.config import Queue
from cordboard.core.contact import Contact
from cordboard.core.hours import add_working_time, working_time_between
from cordboard.core.mail.facts import DueMissed, DueSet
from cordboard.core.turn import Turn


def working_instant(turn: Turn, since: datetime, within: timedelta, schedule_id: str) -> datetime:
    """`since` and `within` of the schedule's hours later; by the clock without a schedule."""
    schedule = turn.config.schedules.get(schedule_id)
    return since + within if schedule is None else add_working_time(schedule, since, within)


def due_in_queue(
    turn: Turn, contact: Contact, queue: Queue, within: timedelta | None, schedule_id: str
) -> None:
    """By what the script says, else by the queue. What is due already stays so."""
    thread = contact.thread
    within = within or queue.due
    if thread is None or thread.due_at is not None or within is None or thread.unanswered_since is None:
        return
    thread.due_schedule_id = schedule_id or queue.due_schedule_id
    thread.due_at = working_instant(turn, thread.unanswered_since, within, thread.due_schedule_id)
    turn.wake(f"due:{contact.id}", max(thread.due_at, turn.now))
    turn.note(DueSet(contact.id, thread.due_at, thread.due_schedule_id))


def due_come(turn: Turn, contact: Contact) -> None:
    thread = contact.thread
    if thread is None or thread.due_at is None or thread.due_missed:
        return
    thread.due_missed = True
    turn.note(DueMissed(contact.id, _queue_id(contact), thread.due_at))


def settle_due(turn: Turn, contact: Contact) -> None:
    thread = contact.thread
    if thread is not None:
        thread.due_at, thread.due_missed = None, False
        turn.cancel_wake(f"due:{contact.id}")


def worked_since(turn: Turn, contact: Contact, since: datetime) -> timedelta | None:
    """Working time since then, by the schedule of the contact's due time; None without one."""
    schedule = turn.config.schedules.get(contact.thread.due_schedule_id) if contact.thread else None
    return None if schedule is None else working_time_between(schedule, since, turn.now)


def _queue_id(contact: Contact) -> str:
    if contact.wait is not None:
        return contact.wait.queue_id
    if contact.talk is not None:
        return contact.talk.queue_id
    if contact.outgoing:
        return contact.outgoing[-1].queue_id
    place = contact.parked.place if contact.parked else None
    return place.queue_id if place else ""
