"""Figures in parts: by the clock, by queue, Space, skill and agent; what the parts and the whole have to do with each other."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from cordboard.core import events as ev
from cordboard.core.statistics.figures import FIGURES
from cordboard.core.statistics.formulas import Unit
from cordboard.core.statistics.parts import By, Part, edges_of, parts_in_time, parts_of
from cordboard.core.statistics.period import Period
from cordboard.core.statistics.totals import Scope
from cordboard.core.words import SeatKind
from cordboard.testing.builders import with_queue
from cordboard.testing.story import Story
from tests.statistics.test_figures import period_of
from tests.statistics.test_mails import answered, arrive

PARIS = ZoneInfo("Europe/Paris")
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def a_day() -> tuple[Story, datetime, datetime]:
    """Mails and calls over several hours, some answered, some not; one call waits on."""
    story = Story()
    begin = story.told[0].at - SECOND
    story.staff("emma", seat=SeatKind.DIGITAL, kind=None)
    first = arrive(story, 1, 1)
    story.tell(ev.OfferAccepted("emma", first))
    story.wait(HOUR * 1.5)
    answered(story, first, 100)
    arrive(story, 2, 2)
    gone = story.call_into_queue("1")
    story.wait(30)
    story.hang_up(gone)
    story.staff("amelie")
    line = story.talk("amelie")
    story.wait(HOUR * 2)
    story.hang_up(line)
    story.wait(100)
    story.call_into_queue("2")
    return story, begin, story.now + SECOND


def values(parts: list[Part], figure_id: str) -> dict[str, float | None]:
    return {part.id: each.value for part in parts for each in part.values if each.figure.id == figure_id}


def by_id(period: Period, by: By, scope: Scope = Scope()) -> list[Part]:  # noqa: B008  # frozen
    nowhen = datetime(2026, 1, 1, tzinfo=UTC)
    return parts_of(period, scope, by, (nowhen, nowhen), ())


def test_a_mail_is_received_in_one_hour_and_answered_in_another() -> None:
    story, begin, end = a_day()
    edges = edges_of(By.HOUR, begin, end, PARIS)
    parts = parts_in_time(period_of(story, begin, end), Scope(), edges)
    filled = {
        figure_id: [
            part.since
            for part in parts
            if any(each.figure.id == figure_id and each.value for each in part.values)
        ]
        for figure_id in ("mails_received", "mails_answered", "mail_first_reply")
    }
    assert len(filled["mails_received"]) == 2
    assert filled["mails_answered"] == filled["mail_first_reply"] == [filled["mails_received"][1]]


@pytest.mark.parametrize("by", [By.QUARTER, By.HOUR, By.DAY])
def test_each_part_in_time_is_what_a_question_for_it_gives(by: By) -> None:
    """Law: the breakdown and the periods that it names have the same values, times of states to the second."""
    story, begin, end = a_day()
    parts = parts_in_time(period_of(story, begin, end), Scope(), edges_of(by, begin, end, PARIS))
    assert parts[0].since == begin and parts[-1].until == end
    for part in parts:
        asked = {
            each.figure.id: each.value
            for each in period_of(story, part.since, part.until).values(Scope())
            if each.figure.of_hours
        }
        told = {each.figure.id: each.value for each in part.values}
        assert told == pytest.approx(asked, nan_ok=True)


@pytest.mark.parametrize("by", [By.HOUR, By.QUEUE, By.SPACE, By.AGENT])
def test_counts_of_parts_that_exclude_one_another_add_up_to_the_whole(by: By) -> None:
    story, begin, end = a_day()
    period = period_of(story, begin, end)
    whole = {each.figure.id: each.value for each in period.values(Scope())}
    parts = (
        parts_in_time(period, Scope(), edges_of(by, begin, end, PARIS))
        if by is By.HOUR
        else by_id(period, by)
    )
    additive = [
        figure.id
        for figure in FIGURES.values()
        if (figure.unit is Unit.COUNT or figure.id.endswith(("ready_time", "logged_in_time")))
        and figure.id in {each.figure.id for each in parts[0].values}
    ]
    assert len(additive) > 5
    for figure_id in additive:
        summed = sum(each.value or 0 for part in parts for each in part.values if each.figure.id == figure_id)
        assert summed == pytest.approx(whole[figure_id]), figure_id


@pytest.mark.parametrize("by", [By.QUEUE, By.SPACE, By.SKILL, By.AGENT])
def test_a_part_is_what_a_question_for_its_scope_gives(by: By) -> None:
    story, begin, end = a_day()
    period = period_of(story, begin, end)
    parts = [part for part in by_id(period, by) if part.id]
    assert parts
    for part in parts:
        asked = {each.figure.id: each.value for each in period.values(Scope(**{f"{by.value}_id": part.id}))}
        assert {each.figure.id: each.value for each in part.values} == asked


def test_the_skills_are_those_that_the_queue_needed_at_the_time() -> None:
    story = Story()
    story.call_into_queue("1")  # sales needs English
    story.tell(ev.ConfigPublished(with_queue(story.config, "sales", needs={"french": 1, "english": 0})))
    story.call_into_queue("1")
    period = period_of(story)
    assert values(by_id(period, By.SKILL), "offered") == {"english": 1, "french": 1}
    assert values(by_id(period, By.SKILL), "waiting") == {"english": 0, "french": 2}, "what it needs now"
    story.tell(ev.ConfigPublished(with_queue(story.config, "sales", needs={"french": 1, "english": 2})))
    story.call_into_queue("1")
    offered = values(by_id(period_of(story), By.SKILL), "offered")
    assert offered == {"english": 2, "french": 2}, "three calls: one counts with both"
    assert values(by_id(period_of(story), By.SKILL, Scope(skill_id="french")), "offered")["french"] == 2


def test_figures_that_parts_can_not_have_are_left_out() -> None:
    story, begin, end = a_day()
    period = period_of(story, begin, end)
    hours = parts_in_time(period, Scope(), edges_of(By.HOUR, begin, end, PARIS))
    assert not {"waiting", "mail_backlog"} & {each.figure.id for each in hours[0].values}
    assert "abandoned" not in {each.figure.id for each in by_id(period, By.AGENT)[0].values}
    assert "mails_received" in {each.figure.id for each in by_id(period, By.SKILL)[0].values}
    assert "ready_time" not in {each.figure.id for each in by_id(period, By.SPACE)[0].values}


def test_hours_and_days_are_the_customers() -> None:
    back = datetime(2026, 10, 24, 22, tzinfo=UTC)  # midnight in Paris; the clock goes back at 3
    hours = edges_of(By.HOUR, back, back + 25 * HOUR, PARIS)
    assert len(hours) == 26 and all(after - before == HOUR for before, after in pairwise(hours))
    days = edges_of(By.DAY, back + HOUR / 2, back + 30 * HOUR, PARIS)
    assert days == [back + HOUR / 2, back + 25 * HOUR, back + 30 * HOUR]
    india = edges_of(By.HOUR, back, back + HOUR, ZoneInfo("Asia/Kolkata"))
    assert india == [back, back + HOUR / 2, back + HOUR]
    local = (back.astimezone(PARIS), (back + 25 * HOUR).astimezone(PARIS))
    assert edges_of(By.HOUR, *local, PARIS) == hours
    assert edges_of(By.QUARTER, back, back, PARIS) == [back, back]
