"""A contact's life in one line, and the reasons of its routing."""

from datetime import timedelta

import pytest

from cordboard.contacts.summary import Summary, legs_of, summarise
from cordboard.contacts.why import decision_of
from cordboard.core import events as ev
from cordboard.core.explain import Past, explain
from cordboard.core.facts import Recorded, RoutingDecided
from cordboard.core.words import Channel
from cordboard.testing.builders import with_agent
from cordboard.testing.centre import NUMBER
from cordboard.testing.story import Story
from cordboard.testing.web import SUPERVISOR, CentreForTests


def recorded_of(story: Story) -> list[Recorded]:
    return [
        Recorded(number, ordinal, told.at, fact)
        for number, told in enumerate(story.told, 1)
        for ordinal, fact in enumerate(told.decision.facts)
    ]


def summary_of(story: Story, contact_id: int) -> Summary:
    own = [each for each in recorded_of(story) if getattr(each.fact, "contact_id", 0) == contact_id]
    summary = summarise(own)
    assert summary is not None
    return summary


def test_outcomes() -> None:
    story = Story()
    abandoned = story.call_into_queue("1")
    first = story.contact_of(abandoned).id
    story.wait(12)
    assert summary_of(story, first).outcome == "live"
    story.hang_up(abandoned)
    assert summary_of(story, first).outcome == "abandoned"
    assert summary_of(story, first).waited == timedelta(seconds=12)

    story.staff("amelie")
    line = story.talk("amelie")
    second = story.contact_of(line).id
    story.wait(30)
    story.hang_up(line)
    story.tell(ev.WrapUpFinished("amelie", second, "sold", "calls back"))
    answered = summary_of(story, second)
    assert (answered.outcome, answered.agent_id, answered.queue_id) == ("answered", "amelie", "sales")
    assert (answered.talked, answered.closing_reason_id, answered.note) == (
        timedelta(seconds=30),
        "sold",
        "calls back",
    )
    legs = legs_of(each for each in recorded_of(story) if getattr(each.fact, "contact_id", 0) == second)
    assert [(leg.role, leg.agent_id) for leg in legs] == [("end_customer", ""), ("agent", "amelie")]
    assert all(leg.answered_at and leg.ended_at for leg in legs)

    story.tell(ev.ReadyRequested("amelie"))
    story.tell(ev.DialRequested("amelie", "0155667788"))
    third = story.contact().id
    story.tell(ev.HangUpRequested("amelie", third))
    outgoing = summary_of(story, third)
    assert (outgoing.outcome, outgoing.agent_id) == ("not_answered", "amelie")


def test_reasons_name_the_rule_that_excluded() -> None:
    story = Story()
    config = with_agent(story.config, "chloe", skills={})
    story.tell(ev.ConfigPublished(config))
    story.staff("amelie", "bruno", "chloe")
    story.tell(ev.WithdrawRequested("bruno", "lunch"))
    story.call_into_queue("1")
    past = Past()
    for each in recorded_of(story):
        if isinstance(each.fact, RoutingDecided):
            needs = None
            verdicts = explain(each.fact, past, config, Channel.VOICE, needs)
            rules = {verdict.agent_id: (verdict.verdict, verdict.rule) for verdict in verdicts}
            assert rules["amelie"] == ("chosen", "")
            assert rules["bruno"] == ("excluded", "withdrawn")
            assert rules["chloe"] == ("excluded", "lacks_skill")
            assert rules["dan"] == ("excluded", "not_logged_in")
            decision = decision_of(each, each.fact, verdicts, config)
            considered = {row.agent_id: row.detail for row in decision.considered}
            assert considered["bruno"] == "Lunch" and considered["chloe"].startswith("needs ")
            assert decision.sentence == "Amelie: nobody else was free for it (2.0 s idle)."
            return
        past.apply(each)
    pytest.fail("nothing was decided")


async def test_pages_and_search(centre: CentreForTests) -> None:
    outside = centre.world.telephony
    for number in range(5):
        outside.call(centre.tenant_id, f"line-{number}", NUMBER, f"+3361234560{number}", f"Caller {number}")
        await centre.server.settle()
        outside.hang_up(f"line-{number}")
        await centre.server.settle()
    async with centre.browser(SUPERVISOR) as sophie:
        first = (await sophie.http.get("/contacts?limit=3")).json()
        assert [row["remote"][-1] for row in first["items"]] == ["4", "3", "2"]
        rest = (await sophie.http.get(f"/contacts?limit=3&cursor={first['next']}")).json()
        assert [row["remote"][-1] for row in rest["items"]] == ["1", "0"] and rest["next"] is None
        for query, found in (("+336 1234 5603", ["3"]), ("caller 2", ["2"]), ("%", []), ("nobody", [])):
            rows = (await sophie.http.get("/contacts", params={"q": query})).json()["items"]
            assert [row["remote"][-1] for row in rows] == found, query
        contact_id = first["items"][0]["contact_id"]
        by_id = (await sophie.http.get("/contacts", params={"q": str(contact_id)})).json()["items"]
        assert contact_id in [row["contact_id"] for row in by_id]
        kinds = [
            row["kind"] for row in (await sophie.http.get(f"/contacts/{contact_id}/facts")).json()["items"]
        ]
        assert kinds[0] == "contact_arrived" and "contact_ended" in kinds
        assert (await sophie.http.get("/contacts/999999")).status_code == 404
        assert (await sophie.http.get("/contacts?limit=0")).json()["code"] == "invalid"
