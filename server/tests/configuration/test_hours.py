"""Opening hours: midnight, nights, holidays, exceptional openings, and the days on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordboard.core.config import OpenHours, Schedule
from cordboard.core.hours import is_open, next_change

PARIS = ZoneInfo("Europe/Paris")
WEEK = (0, 1, 2, 3, 4)
DAILY = tuple(range(7))


def schedule(*hours: OpenHours, **more: object) -> Schedule:
    return Schedule("s", "S", "space", "Europe/Paris", hours, **more)  # type: ignore[arg-type]


def at(text: str) -> datetime:
    """An instant as a clock in Paris shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


OFFICE = schedule(OpenHours(WEEK, time(9), time(18)), closed_on=(date(2026, 12, 25),))
NIGHT = schedule(OpenHours(WEEK, time(22), time(6)))


@pytest.mark.parametrize(
    ("what", "when", "expected"),
    [
        (OFFICE, "2026-11-23T09:00:00", True),
        (OFFICE, "2026-11-23T08:59:59", False),
        (OFFICE, "2026-11-23T17:59:59", True),
        (OFFICE, "2026-11-23T18:00:00", False),
        (OFFICE, "2026-11-22T12:00:00", False),  # a Sunday
        (OFFICE, "2026-12-25T12:00:00", False),  # a Friday, closed
        (NIGHT, "2026-11-23T05:59:59", False),  # Monday morning belongs to Sunday's night
        (NIGHT, "2026-11-24T05:59:59", True),
        (NIGHT, "2026-11-28T05:59:59", True),  # Saturday morning belongs to Friday's night
        (NIGHT, "2026-11-28T22:00:00", False),
        (schedule(OpenHours(DAILY, time(), time())), "2026-11-23T00:00:00", True),
        (schedule(OpenHours(DAILY, time(18), time())), "2026-11-23T23:59:59", True),
        (schedule(OpenHours(DAILY, time(18), time())), "2026-11-24T00:00:00", False),
        (schedule(), "2026-11-23T12:00:00", False),
    ],
)
def test_open(what: Schedule, when: str, expected: bool) -> None:
    assert is_open(what, at(when)) is expected
    assert is_open(what, at(when).astimezone(UTC)) is expected


def test_a_closed_day_ends_the_night_before_it_at_midnight() -> None:
    night = schedule(OpenHours(DAILY, time(22), time(6)), closed_on=(date(2026, 12, 25),))
    assert is_open(night, at("2026-12-24T23:59:59"))
    assert not is_open(night, at("2026-12-25T00:00:00"))
    assert not is_open(night, at("2026-12-25T23:00:00"))
    assert not is_open(night, at("2026-12-26T05:00:00"))


def test_an_exceptional_opening_takes_the_place_of_the_weekday_and_of_a_closed_day() -> None:
    special = schedule(
        OpenHours(WEEK, time(9), time(18)),
        closed_on=(date(2026, 12, 25),),
        open_on={
            date(2026, 12, 25): (OpenHours((), time(10), time(12)),),
            date(2026, 12, 21): (OpenHours((), time(14), time(16)),),
        },
    )
    assert is_open(special, at("2026-12-25T11:00:00"))
    assert not is_open(special, at("2026-12-25T13:00:00"))
    assert not is_open(special, at("2026-12-21T10:00:00"))
    assert is_open(special, at("2026-12-21T15:00:00"))


def test_clocks_going_forward_open_at_the_change_when_the_hour_does_not_exist() -> None:
    early = schedule(OpenHours(DAILY, time(2, 30), time(4)))
    change = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # 02:00 becomes 03:00
    assert not is_open(early, change - timedelta(seconds=1))
    assert is_open(early, change)
    assert next_change(early, change - timedelta(hours=1)) == change


def test_clocks_going_back_open_at_the_first_and_close_at_the_second_of_two_hours() -> None:
    early = schedule(OpenHours(DAILY, time(2, 15), time(2, 45)))
    first = datetime(2026, 10, 25, 0, 15, tzinfo=UTC)  # 02:15, for the first time
    last = datetime(2026, 10, 25, 1, 45, tzinfo=UTC)  # 02:45, for the second time
    assert not is_open(early, first - timedelta(seconds=1))
    assert is_open(early, first)
    assert next_change(early, first) == last
    assert not is_open(early, last)


def test_the_next_change() -> None:
    assert next_change(OFFICE, at("2026-11-23T10:00:00")) == at("2026-11-23T18:00:00")
    assert next_change(OFFICE, at("2026-11-27T18:00:00")) == at("2026-11-30T09:00:00")
    assert next_change(OFFICE, at("2026-12-24T19:00:00")) == at("2026-12-28T09:00:00")
    assert next_change(schedule(OpenHours(DAILY, time(), time())), at("2026-11-23T10:00:00")) is None
    assert next_change(schedule(), at("2026-11-23T10:00:00")) is None


def test_hours_that_touch_are_one() -> None:
    two = schedule(OpenHours(DAILY, time(9), time(12)), OpenHours(DAILY, time(12), time(18)))
    assert next_change(two, at("2026-11-23T10:00:00")) == at("2026-11-23T18:00:00")


clock_times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
days = st.dates(date(2026, 3, 20), date(2026, 4, 5))
hours = st.builds(
    OpenHours,
    st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(tuple),
    clock_times,
    clock_times,
)
schedules = st.builds(
    lambda hours, closed, opened: schedule(*hours, closed_on=tuple(closed), open_on=opened),
    st.lists(hours, max_size=3),
    st.lists(days, max_size=3),
    st.dictionaries(days, st.lists(hours, max_size=2).map(tuple), max_size=2),
)


@given(schedules, st.integers(0, 14 * 24 * 60))
def test_nothing_changes_before_the_next_change(what: Schedule, minutes: int) -> None:
    now = datetime(2026, 3, 22, tzinfo=UTC) + timedelta(minutes=minutes)
    change = next_change(what, now)
    before = is_open(what, now)
    if change is None:
        assert is_open(what, now + timedelta(days=1)) is before
        return
    assert change > now
    assert is_open(what, change) is not before
    assert is_open(what, change - timedelta(microseconds=1)) is before
    middle = now + (change - now) / 2
    assert is_open(what, middle) is before
