"""Stored days and the facts give the same figures; and what the figures say is what the raw facts say."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.facts import Recorded
from cordboard.core.mail import facts as mail
from cordboard.core.statistics.days import Day, Days, composed
from cordboard.core.statistics.figures import FIGURES
from cordboard.core.statistics.items import ConfigOf
from cordboard.core.statistics.parts import By, Moment, edges_of, parts_in_time, parts_of
from cordboard.core.statistics.period import Period, fold_period
from cordboard.core.statistics.totals import Scope
from cordboard.core.words import Direction
from cordboard.figures.stored import body_of, day_of
from cordboard.testing.story import Story
from tests.statistics.lives import BEGIN, lived, lives
from tests.statistics.test_figures import recorded_of

PARIS = ZoneInfo("Europe/Paris")
FIRST = datetime(2026, 11, 22, 23, tzinfo=BEGIN.tzinfo)  # midnight in Paris before the beginning
SCOPES = (
    Scope(),
    Scope(channel="email"),
    Scope(queue_id="mail"),
    Scope(agent_id="emma"),
    Scope(space_id="shop", repeat_days=14),
    Scope(skill_id="-"),
)


def told(story: Story) -> tuple[list[Recorded], ConfigOf]:
    configs = {
        each.event.config.version: each.event.config
        for each in story.told
        if isinstance(each.event, ev.ConfigPublished)
    }
    return recorded_of(story), configs.get


def days_of(recorded: list[Recorded], config_of: ConfigOf, end: datetime) -> list[Day]:
    """As they are kept: closed days through the store and back, the last as it is."""
    edges = edges_of(By.DAY, FIRST, end, PARIS)
    fold, following = Days(config_of, (edges[0], edges[1])), iter(edges[2:])
    kept: list[Day] = []
    for each in recorded:
        while each.at >= fold.until:
            kept.append(fold.close(next(following)))
        fold.apply(each)
    while len(kept) < len(edges) - 2:
        kept.append(fold.close(next(following)))
    return [*(day_of(day.since, day.until, body_of(day)) for day in kept), fold.present(end)]


def same(ours: Period, theirs: Period, end: datetime, since: datetime) -> None:
    for scope in SCOPES:
        expected = {each.figure.id: each.value for each in theirs.values(scope)}
        assert {each.figure.id: each.value for each in ours.values(scope)} == pytest.approx(
            expected, nan_ok=True
        ), scope
    for figure in FIGURES.values():
        counted = ours.occurrences(figure, Scope())
        assert counted.total == theirs.occurrences(figure, Scope()).total, figure.id
    for moment in Moment:
        edges = edges_of(By.HOUR, since, end, PARIS)
        assert_parts(
            *(parts_in_time(each, Scope(), edges, moment) for each in (ours, theirs)), f"hour {moment}"
        )
    for by in (By.QUEUE, By.SKILL, By.GROUP, By.AGENT, By.CHANNEL, By.ENTRY_POINT, By.REASON):
        assert_parts(*(parts_of(each, Scope(), by, (since, end), ()) for each in (ours, theirs)), by)


def assert_parts(ours: list, theirs: list, what: str) -> None:  # type: ignore[type-arg]  # of Part
    def values(parts: list) -> dict[tuple[str, datetime], dict[str, float | None]]:  # type: ignore[type-arg]
        return {(part.id, part.since): {each.figure.id: each.value for each in part.values} for part in parts}

    found, expected = values(ours), values(theirs)
    assert found.keys() == expected.keys(), what
    for key, each in found.items():
        assert each == pytest.approx(expected[key], nan_ok=True), (what, key)


@settings(max_examples=40, deadline=None)
@given(lives)
def test_composed_days_are_what_the_facts_give(actions: list[str]) -> None:
    """Law: whole days, a first day that is cut, and a day that is not over."""
    story = lived(actions)
    recorded, config_of = told(story)
    end = story.now + timedelta(seconds=1)
    days = days_of(recorded, config_of, end)
    for begin in (FIRST, min(BEGIN + timedelta(minutes=11), end - timedelta(seconds=1)), days[-1].since):
        covering = [day for day in days if day.until > begin]
        same(composed(covering, begin), fold_period(recorded, config_of, begin, end), end, begin)
    for day, following in pairwise(days):
        asked = fold_period(recorded, config_of, day.since, following.since)
        same(composed([day], day.since), asked, following.since, day.since)


@settings(max_examples=60, deadline=None)
@given(lives)
def test_figures_say_what_the_raw_facts_say(actions: list[str]) -> None:
    """Counted again from the facts alone, without the fold."""
    story = lived(actions)
    recorded, config_of = told(story)
    period = fold_period(recorded, config_of, FIRST, story.now + timedelta(seconds=1))
    raw = [(each.at, each.fact) for each in recorded]
    values = {each.figure.id: each.value for each in period.values(Scope())}
    kinds = Counter(type(fact) for _, fact in raw)
    assert values["mails_received"] == kinds[mail.MailReceived]
    sent = [fact for _, fact in raw if isinstance(fact, mail.AnswerSent)]
    assert values["mails_answered"] == len(sent), "automatic answers are none"
    first = [fact.waited.total_seconds() for fact in sent if fact.first]
    assert values["mail_first_reply"] == (pytest.approx(sum(first) / len(first)) if first else None)
    assert values["answered"] == sum(
        isinstance(fact, facts.ContactAnswered) and bool(fact.queue_id) for _, fact in raw
    )
    queued: dict[int, str] = {}
    for _, fact in raw:
        if isinstance(fact, facts.ContactQueued):
            queued.setdefault(fact.contact_id, fact.queue_id)
    arrived = Counter(
        queued.get(fact.contact_id, "")
        for _, fact in raw
        if isinstance(fact, facts.ContactArrived) and fact.direction is Direction.INBOUND
    )
    received = Counter(
        queued.get(fact.contact_id, "") for _, fact in raw if isinstance(fact, mail.MailReceived)
    )
    by_queue: dict[str, dict[str, float | None]] = defaultdict(dict)
    for part in parts_of(period, Scope(), By.QUEUE, (FIRST, story.now), ()):
        by_queue[part.id] = {each.figure.id: each.value for each in part.values}
    for figure_id, counted in (("received", arrived), ("mails_received", received)):
        assert {key: each[figure_id] for key, each in by_queue.items() if each[figure_id]} == dict(counted)
    for days in (1, 7, 30, 90):
        begun = [fact for _, fact in raw if isinstance(fact, mail.MailReceived) and not fact.again]
        gaps = [fact.since_previous for fact in begun if fact.since_previous is not None]
        further = sum(gap <= timedelta(days=days) for gap in gaps)
        ratio = next(
            each.value
            for each in period.values(Scope(repeat_days=days))
            if each.figure.id == "first_contact_ratio"
        )
        assert ratio == (pytest.approx(1 - further / len(begun)) if begun else None)


def test_what_was_received_before_the_period_is_a_part_of_its_own() -> None:
    story = lived(["mail", "night", "answer", "mail", "answer", "wait"])
    recorded, config_of = told(story)
    begin, end = BEGIN + timedelta(hours=6), story.now + timedelta(seconds=1)
    period = fold_period(recorded, config_of, begin, end)
    parts = parts_in_time(period, Scope(), edges_of(By.HOUR, begin, end, PARIS), Moment.RECEIVED)
    answered = [
        (part.id, each.value)
        for part in parts
        for each in part.values
        if each.figure.id == "mails_answered" and each.value
    ]
    assert answered == [("earlier", 1), ("", 1)]
    assert period.occurrences(FIGURES["mails_answered"], Scope(received_until=begin)).total == 1


def test_a_page_of_occurrences_is_the_newest_first_and_says_what_is_marked() -> None:
    story = lived(["mail", "mail", "mail", "wait", "mail"])
    recorded, config_of = told(story)
    period = fold_period(recorded, config_of, FIRST, story.now + timedelta(seconds=1))
    counted = period.occurrences(FIGURES["first_contact_ratio"], Scope(repeat_days=90))
    assert (counted.total, counted.contacts, counted.counts["mail_repeat"]) == (4, 4, 1)
    pages = [*counted.page(0, 3), *counted.page(3, 3)]
    assert [each.item.at for each in pages] == sorted((each.item.at for each in pages), reverse=True)
    assert [each.marked for each in pages] == [(), ("mail_repeat",), (), ()]
