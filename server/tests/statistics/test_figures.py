"""Each figure on a story small enough to be counted by hand; days, periods and targets that change."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from cordboard.core import events as ev
from cordboard.core.facts import AgentStateChanged, Recorded
from cordboard.core.statistics.figures import FIGURES
from cordboard.core.statistics.period import Period, fold_period
from cordboard.core.statistics.totals import Scope
from cordboard.core.words import AgentState
from cordboard.live.today import Today, day_of
from cordboard.testing.builders import with_queue
from cordboard.testing.story import Story

SECOND = timedelta(seconds=1)


def recorded_of(story: Story) -> list[Recorded]:
    return [
        Recorded(number, ordinal, told.at, fact)
        for number, told in enumerate(story.told, 1)
        for ordinal, fact in enumerate(told.decision.facts)
    ]


def period_of(story: Story, since: datetime | None = None, until: datetime | None = None) -> Period:
    configs = {
        told.event.config.version: told.event.config
        for told in story.told
        if isinstance(told.event, ev.ConfigPublished)
    }
    begin = since or story.told[0].at - timedelta(hours=1)
    return fold_period(recorded_of(story), configs.get, begin, until or story.now + SECOND / 1000)


def value(period: Period, figure_id: str, scope: Scope | None = None) -> float | None:
    return FIGURES[figure_id].value(period.sums(scope or Scope()))


def one_call(wait_before: float = 5, talk: float = 40, wrap_up: float = 10) -> Story:
    """A caller waits, Amélie comes, they talk, she wraps up."""
    story = Story()
    line = story.call_into_queue("1")
    story.wait(wait_before)
    story.staff("amelie")
    story.answer("amelie")
    story.wait(talk)
    story.hang_up(line)
    story.wait(wrap_up)
    contact_id = next(iter(story.agent("amelie").engagements))
    story.tell(ev.WrapUpFinished("amelie", contact_id, "sold"))
    return story


def test_one_answered_call() -> None:
    period = period_of(one_call())
    assert value(period, "offered") == 1
    assert value(period, "answered") == 1
    assert value(period, "abandoned") == 0
    assert value(period, "speed_of_answer") == 6.0  # 5 s, and the second until she was ready
    assert value(period, "service_level") == 1.0
    assert value(period, "talk_time") == 40.0
    assert value(period, "wrap_up_time") == 10.0
    assert value(period, "handle_time") == 50.0
    assert value(period, "in_contact_time") == 40.0
    assert value(period, "wrap_up_state_time") == 10.0
    assert value(period, "withdrawn_time") == 1.0
    assert value(period, "waiting") == 0
    assert value(period, "logged_in_time") == pytest.approx(51.0, abs=0.01)


def test_scopes() -> None:
    period = period_of(one_call())
    assert value(period, "answered", Scope(agent_id="amelie")) == 1
    assert value(period, "answered", Scope(agent_id="bruno")) == 0
    assert value(period, "offered", Scope(queue_id="sales")) == 1
    assert value(period, "offered", Scope(queue_id="support")) == 0
    assert value(period, "offered", Scope(space_id="shop")) == 1
    of_agent = {each.figure.id for each in period.values(Scope(agent_id="amelie"))}
    assert "answered" in of_agent and "abandoned" not in of_agent


def test_abandoned_and_waiting() -> None:
    story = Story()
    gone = story.call_into_queue("1")
    story.wait(30)
    story.hang_up(gone)
    story.call_into_queue("1")
    period = period_of(story)
    assert value(period, "abandoned") == 1
    assert value(period, "waiting") == 1
    assert value(period, "service_level") == 0.0
    assert period.contact_ids(FIGURES["abandoned"], Scope()) == [
        item.contact_id
        for bundle in period.bundles
        for item in [bundle.item(0)]
        if item.measure == "abandoned"
    ]
    assert len(period.contact_ids(FIGURES["waiting"], Scope())) == 1


def test_an_offer_not_taken_is_missed_and_counts_the_contact_once() -> None:
    story = Story()
    story.staff("amelie")
    story.call_into_queue("1")
    story.wait(25)
    period = period_of(story)
    assert value(period, "missed", Scope(agent_id="amelie")) == 1
    assert value(period, "offered") == 1
    assert value(period, "reserved_time") == 20.0


def test_holding_is_part_of_talking() -> None:
    story = Story()
    story.staff("amelie")
    line = story.talk("amelie")
    contact_id = story.contact_of(line).id
    story.wait(10)
    story.tell(ev.HoldRequested("amelie", contact_id))
    story.wait(5)
    story.tell(ev.ResumeRequested("amelie", contact_id))
    story.wait(5)
    story.hang_up(line)
    period = period_of(story)
    assert (value(period, "talk_time"), value(period, "hold_time")) == (20.0, 5.0)


def test_an_outgoing_call_and_a_transfer_are_the_agents() -> None:
    story = Story()
    story.staff("amelie")
    story.tell(ev.DialRequested("amelie", "0155667788"))
    period = period_of(story)
    assert value(period, "outgoing", Scope(agent_id="amelie")) == 1
    story = Story()
    story.staff("amelie")
    line = story.talk("amelie")
    story.tell(ev.TransferRequested("amelie", story.contact_of(line).id, "queue:support"))
    assert value(period_of(story), "transferred", Scope(agent_id="amelie")) == 1


def test_the_target_is_that_of_the_time_of_the_answer() -> None:
    """A target that is changed afterwards changes no figure of before."""
    story = one_call(wait_before=15)
    before = value(period_of(story), "service_level")
    story.tell(ev.ConfigPublished(with_queue(story.config, "sales", service_level=SECOND)))
    assert value(period_of(story), "service_level") == before == 1.0


def test_a_state_is_cut_at_the_ends_of_the_period() -> None:
    story = Story()
    story.staff("amelie")
    ready_at = story.now
    story.wait(600)
    middle = period_of(story, ready_at + 100 * SECOND, ready_at + 250 * SECOND)
    assert value(middle, "ready_time") == 150.0
    assert value(middle, "withdrawn_time") == 0.0
    assert value(period_of(story, ready_at + 100 * SECOND), "ready_time") == pytest.approx(500.0, abs=0.01)


def test_parts_of_a_period_add_up_to_the_whole() -> None:
    story = one_call()
    begin, end = story.told[0].at - SECOND, story.now + SECOND
    cuts = [begin, begin + 7 * SECOND, begin + 30 * SECOND, end]
    parts = [period_of(story, since, until) for since, until in pairwise(cuts)]
    whole = period_of(story, begin, end)
    for figure_id in ("offered", "answered", "handled", "ready_time", "in_contact_time", "logged_in_time"):
        summed = sum(value(part, figure_id) or 0 for part in parts)
        assert summed == pytest.approx(value(whole, figure_id)), figure_id


def test_a_day_is_the_customers_own() -> None:
    since, until = day_of(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "Europe/Paris")
    assert (since, until) == (datetime(2026, 11, 23, 23, tzinfo=UTC), datetime(2026, 11, 24, 23, tzinfo=UTC))
    since, until = day_of(datetime(2026, 10, 25, 12, tzinfo=UTC), "Europe/Paris")  # the clock goes back
    assert until - since == timedelta(hours=25)
    since, until = day_of(datetime(2026, 3, 29, 12, tzinfo=UTC), "Europe/Paris")
    assert until - since == timedelta(hours=23)


def test_at_midnight_today_begins_anew_and_states_go_on() -> None:
    evening = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    today = Today(lambda version: None, evening, "Europe/Paris")
    ready = AgentStateChanged("amelie", AgentState.WITHDRAWN, AgentState.READY, timedelta(minutes=1))
    today.apply([Recorded(1, 0, evening, ready)])
    assert not today.roll(evening + timedelta(minutes=59))
    assert today.roll(evening + timedelta(hours=1))
    assert today.rows_of_agent("amelie")["ready_time"].growing_since == "2026-11-23T23:00:00.000Z"  # type: ignore[union-attr]
    later = evening + timedelta(hours=1, minutes=10)
    withdrawn = AgentStateChanged("amelie", AgentState.READY, AgentState.WITHDRAWN, timedelta(minutes=70))
    today.apply([Recorded(2, 0, later, withdrawn), Recorded(2, 0, later, withdrawn)])
    assert today.rows_of_agent("amelie")["ready_time"].value == 600.0  # type: ignore[union-attr]


def test_every_figure_is_defined() -> None:
    for figure in FIGURES.values():
        assert figure.definition.endswith(".") and len(figure.definition) > 30, figure.id
