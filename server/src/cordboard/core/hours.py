"""Opening hours: is a schedule open at an instant, and when does that change next.

The rules, as a supervisor would say them:

- A day has the hours of its weekday, unless it is an exceptional opening (then only those) or a closed day (then none).
  A day that is both is an exceptional opening.
- Hours belong to the day on which they open. Hours that close at or before the time at which they open end on the next
  day: `22:00`-`06:00` is a night, `00:00`-`00:00` a whole day. A closed day ends such a night at midnight.
- Working time is the time during which it is open.
- Clock times are those of the schedule's time zone. When the clocks go forward, an hour that does not exist is the instant
  of the change; when they go back, hours open at the first and close at the second of the two.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cordboard.core.config import OpenHours, Schedule

_DAY = timedelta(days=1)
_HORIZON = 400  # days that `next_change` looks ahead: more than a year, so every yearly exception is seen


def is_open(schedule: Schedule, now: datetime) -> bool:
    """True when the schedule is open at `now` (aware)."""
    today = now.astimezone(ZoneInfo(schedule.time_zone)).date()
    return any(
        opens <= now < closes for day in (today - _DAY, today) for opens, closes in _open_times(schedule, day)
    )


def next_change(schedule: Schedule, now: datetime) -> datetime | None:
    """The next instant (UTC) at which the schedule opens or closes; None when it stays as it is for over a year."""
    until = now  # open without a break from now until here
    for opens, closes in _merged(schedule, now):
        if closes <= now:
            continue
        if opens > until:
            return opens if until == now else until
        until = max(until, closes)
    horizon = now + timedelta(days=_HORIZON - 2)
    return until if now < until < horizon else None


def add_working_time(schedule: Schedule, at: datetime, duration: timedelta) -> datetime:
    """The instant (UTC) at which the schedule has been open for `duration` since `at`; by the clock if it never opens."""
    left, done = duration, at
    for opens, closes in _merged(schedule, at):
        begin = max(opens, done)
        if closes <= begin:
            continue
        if closes - begin >= left:
            return (begin + left).astimezone(UTC)
        left -= closes - begin
        done = closes
    return (at + duration).astimezone(UTC)


def working_time_between(schedule: Schedule, since: datetime, until: datetime) -> timedelta:
    """How long the schedule was open between two instants."""
    worked, done = timedelta(), since
    for opens, closes in _merged(schedule, since):
        if opens >= until:
            break
        begin, end = max(opens, done), min(closes, until)
        if begin < end:
            worked += end - begin
            done = end
    return worked


def _merged(schedule: Schedule, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The open times in order, from the day before `now` to the horizon."""
    first = now.astimezone(ZoneInfo(schedule.time_zone)).date() - _DAY
    for offset in range(_HORIZON):
        yield from sorted(_open_times(schedule, first + offset * _DAY))


def _open_times(schedule: Schedule, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The spans (UTC) that open on `day`."""
    zone = ZoneInfo(schedule.time_zone)
    for hours in _hours_of(schedule, day):
        opens = _instant(day, hours.opens, zone, last=False)
        overnight = hours.closes <= hours.opens
        closes = _instant(day + _DAY if overnight else day, hours.closes, zone, last=True)
        if overnight and day + _DAY in schedule.closed_on:
            closes = min(closes, _instant(day + _DAY, time(), zone, last=False))
        if opens < closes:
            yield opens, closes


def _hours_of(schedule: Schedule, day: date) -> tuple[OpenHours, ...]:
    if day in schedule.open_on:
        return schedule.open_on[day]
    if day in schedule.closed_on:
        return ()
    return tuple(hours for hours in schedule.hours if day.weekday() in hours.weekdays)


def _instant(day: date, at: time, zone: ZoneInfo, *, last: bool) -> datetime:
    """The instant (UTC) at which the clock in `zone` reads `at`: the change itself where it never does."""
    local = datetime.combine(day, at, zone)
    early = local.replace(fold=0).astimezone(UTC)
    late = local.replace(fold=1).astimezone(UTC)
    if late >= early:  # an ordinary instant, or one that comes twice
        return late if last else early
    # in the gap: `late` (read with the offset after) is before the change, `early` (the offset before) at or after it
    before, after = late, early
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)
