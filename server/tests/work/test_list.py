"""The list of work: who sees what, orders and pages, filters, views, and what its live topics tell."""

import asyncio
import itertools
import json
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest

from cordboard.core.config import Space, TenantConfig
from cordboard.core.events import AgentLoggedIn, ClaimRequested, HangUpRequested, WorkArrived, WrapUpFinished
from cordboard.core.words import Channel, SeatKind
from cordboard.db.database import Database
from cordboard.index.fold import IndexRow
from cordboard.index.items import Scope, scope_of, sees
from cordboard.index.tables import COLUMNS
from cordboard.testing import builders
from cordboard.testing.web import SUPERVISOR, CentreForTests, WebForTests, add_centre
from cordboard.work import repository, tables
from cordboard.work.repository import Narrowed

_keys = itertools.count(1)


def config_of_two_spaces() -> TenantConfig:
    """`grace` picks emails herself; `hugo` works in another Space, whose mails need German."""
    config = builders.centre()
    german = replace(config.queues["mail"], id="post", name="Post", space_id="bank", needs={"german": 2})
    hugo = replace(config.agents["grace"], id="hugo", name="Hugo", space_ids=("bank",), skills={"german": 3})
    return replace(
        config,
        spaces={**config.spaces, "bank": Space("bank", "Bank")},
        queues={**config.queues, "post": german},
        agents={**config.agents, "hugo": hugo},
        entry_points={
            **config.entry_points,
            "letters": replace(config.entry_points["inbox"], id="letters", name="Letters", space_id="bank"),
        },
    )


@pytest.fixture
async def two_spaces(web: WebForTests) -> CentreForTests:
    made = await add_centre(web, config_of_two_spaces())
    await web.start(made.world)
    return made


async def writes(centre: CentreForTests, subject: str, entry_point: str = "inbox") -> int:
    event = WorkArrived(
        Channel.EMAIL, entry_point, f"<{next(_keys)}@example.org>", "jeanne@example.org", "Jeanne", subject
    )
    return (await centre.server.ask(event)).contact_id


async def test_agents_see_what_they_may_take_and_supervisors_all(two_spaces: CentreForTests) -> None:
    shop = [await writes(two_spaces, f"Shop {number}") for number in range(3)]
    bank = [await writes(two_spaces, f"Bank {number}", "letters") for number in range(2)]
    await two_spaces.server.ask(AgentLoggedIn("grace", "login-1", SeatKind.EMAIL, None))
    async with AsyncExitStack() as stack:
        grace = await stack.enter_async_context(two_spaces.browser("grace"))
        hugo = await stack.enter_async_context(two_spaces.browser("hugo"))
        amelie = await stack.enter_async_context(two_spaces.browser("amelie"))
        sophie = await stack.enter_async_context(two_spaces.browser(SUPERVISOR))
        for browser, expected in ((grace, shop), (hugo, bank), (amelie, []), (sophie, [*shop, *bank])):
            page = (await browser.http.get("/work?sort=arrival")).json()
            assert [item["contact_id"] for item in page["items"]] == expected, browser.login
            assert (page["total"], page["total_is"], page["next"]) == (len(expected), "exact", None)
        await two_spaces.server.ask(ClaimRequested("grace", shop[1]))
        mine = (await grace.http.get("/work?mine=true")).json()["items"]
        assert [(item["contact_id"], item["state"], item["agent"]["name"]) for item in mine] == [
            (shop[1], "in_contact", "Grace")
        ]
        held = (await sophie.http.get("/work?agent=grace")).json()["items"]
        assert [item["contact_id"] for item in held] == [shop[1]], "who holds what"
        waiting = (await grace.http.get("/work?state=waiting&state=offered")).json()["items"]
        assert [item["contact_id"] for item in waiting] == [shop[0], shop[2]]
        for wrong in ("sort=colour", "cursor=nonsense", "cursor=now~1", "limit=0", "state=asleep"):
            assert (await grace.http.get(f"/work?{wrong}")).status_code == 422, wrong


async def test_words_narrow_the_list(two_spaces: CentreForTests) -> None:
    wanted = await writes(two_spaces, "Ma facture de décembre")
    await writes(two_spaces, "Something else")
    other = await writes(two_spaces, "Rechnung, facture", "letters")
    async with two_spaces.browser("grace") as grace, two_spaces.browser(SUPERVISOR) as sophie:
        for words in ("facture", "factu", "decembre", "jeanne FACTURE", str(wanted)):
            found = (await grace.http.get("/work", params={"q": words})).json()
            assert [item["contact_id"] for item in found["items"]] == [wanted], words
        both = (await sophie.http.get("/work", params={"q": "facture", "sort": "newest"})).json()
        assert [item["contact_id"] for item in both["items"]] == [other, wanted]
        assert (await sophie.http.get("/work?q=nothing-like-it")).json()["items"] == []


async def test_the_closed_are_a_view_of_their_own_last_closed_first(two_spaces: CentreForTests) -> None:
    """Until then they were to be found by search only."""
    ids = [await writes(two_spaces, f"Mail {number}") for number in range(3)]
    bank = await writes(two_spaces, "For the bank", "letters")
    await two_spaces.server.ask(AgentLoggedIn("grace", "login-1", SeatKind.EMAIL, None))
    for contact_id in (ids[2], ids[0]):
        await two_spaces.server.ask(ClaimRequested("grace", contact_id))
        two_spaces.world.clock.advance(timedelta(seconds=10))
        await two_spaces.server.ask(HangUpRequested("grace", contact_id))
        await two_spaces.server.ask(WrapUpFinished("grace", contact_id, "sold"))
    async with (
        two_spaces.browser("grace") as grace,
        two_spaces.browser("hugo") as hugo,
        two_spaces.browser(SUPERVISOR) as sophie,
    ):
        for browser, expected in ((grace, [ids[0], ids[2]]), (sophie, [ids[0], ids[2]]), (hugo, [])):
            closed = (await browser.http.get("/work?closed=true&channel=email&state=waiting&sort=due")).json()
            assert [item["contact_id"] for item in closed["items"]] == expected, browser.login
            assert {item["state"] for item in closed["items"]} <= {"closed"}
            assert all(item["ended_at"] and item["agent"]["id"] == "grace" for item in closed["items"])
        still = (await sophie.http.get("/work?sort=arrival")).json()
        assert [item["contact_id"] for item in still["items"]] == [ids[1], bank]
        first = (await grace.http.get("/work?closed=true&limit=1")).json()
        rest = (await grace.http.get(f"/work?closed=true&limit=1&cursor={quote(first['next'])}")).json()
        assert [first["total"], *(item["contact_id"] for item in rest["items"])] == [2, ids[2]]
        assert len((await grace.http.get("/work?closed=true&mine=true&q=mail")).json()["items"]) == 2
        assert (await grace.http.get("/work?closed=true&days=400")).status_code == 422
        kept = {"name": "Closed", "filters": {"closed": True, "days": 20, "channel": "email"}}
        assert (await grace.http.put("/work/views/closed", json=kept)).json()["count"] == 2
    two_spaces.world.clock.advance(timedelta(days=8))
    async with two_spaces.browser(SUPERVISOR) as sophie:
        assert (await sophie.http.get("/work?closed=true&days=7")).json()["items"] == []
        assert len((await sophie.http.get("/work?closed=true&days=9")).json()["items"]) == 2


async def test_views_are_kept_shared_and_counted(two_spaces: CentreForTests) -> None:
    await writes(two_spaces, "One")
    await writes(two_spaces, "Two", "letters")
    async with (
        two_spaces.browser("grace") as grace,
        two_spaces.browser("hugo") as hugo,
        two_spaces.browser(SUPERVISOR) as sophie,
    ):
        mails = {"name": "Mails", "filters": {"channel": "email", "sort": "arrival"}}
        assert (await grace.http.put("/work/views/mine", json=mails)).json()["count"] == 1
        assert (await hugo.http.put("/work/views/mine", json=mails)).status_code == 404, "another's"
        shared = {**mails, "name": "All mails", "space_id": "shop"}
        assert (await grace.http.put("/work/views/ours", json=shared)).status_code == 403
        assert (await sophie.http.put("/work/views/ours", json=shared)).json()["count"] == 2
        names = [
            [
                (view["name"], view["count"], view["mine"])
                for view in (await each.http.get("/work/views")).json()["items"]
            ]
            for each in (grace, hugo, sophie)
        ]
        assert names == [[("Mails", 1, True), ("All mails", 1, False)], [], [("All mails", 2, True)]]
        assert (await grace.http.delete("/work/views/ours")).status_code == 404
        assert (await grace.http.delete("/work/views/mine")).status_code == 204
        assert [view["id"] for view in (await grace.http.get("/work/views")).json()["items"]] == ["ours"]


async def test_the_topic_tells_changes_to_who_may_see_them(two_spaces: CentreForTests) -> None:
    before = await writes(two_spaces, "Before")
    await two_spaces.server.ask(AgentLoggedIn("grace", "login-1", SeatKind.EMAIL, None))
    async with AsyncExitStack() as stack:
        grace = await stack.enter_async_context(two_spaces.browser("grace"))
        sophie = await stack.enter_async_context(two_spaces.browser(SUPERVISOR))
        hers = await stack.enter_async_context(grace.live("work", "viewers", desktop=False))
        all_of = await stack.enter_async_context(sophie.live("work", "viewers", desktop=False))
        page = (await grace.http.get("/work")).json()
        assert [item["contact_id"] for item in page["items"]] == [before]
        foreign = await writes(two_spaces, "For the bank", "letters")
        taken = await writes(two_spaces, "New")
        await all_of.until(lambda live: {str(foreign), str(taken)} <= live.rows["work"].keys())
        await two_spaces.server.ask(ClaimRequested("grace", taken))
        await hers.until(lambda live: live.rows["work"].get(str(taken), {}).get("state") == "in_contact")
        row = hers.rows["work"][str(taken)]
        assert row["seq"] > page["as_of"] and row["agent"] == {"id": "grace", "name": "Grace"}
        assert str(foreign) not in hers.rows["work"]
        fresh = (await sophie.http.get("/work?sort=arrival")).json()
        assert {item["contact_id"] for item in fresh["items"]} == {before, foreign, taken}

        await grace_looks(hers, taken)
        await all_of.until(lambda live: str(taken) in live.rows["viewers"])
        assert all_of.rows["viewers"][str(taken)]["people"] == [{"id": "grace", "name": "Grace"}]
        await grace_looks(hers, 0)
        await all_of.until(lambda live: str(taken) not in live.rows["viewers"])
        await grace_looks(hers, before)
        await all_of.until(lambda live: str(before) in live.rows["viewers"])
        await hers.socket.close()
        await all_of.until(lambda live: str(before) not in live.rows["viewers"])


async def grace_looks(live: object, contact_id: int) -> None:
    await live.socket.send(json.dumps({"look": contact_id}))  # type: ignore[attr-defined]  # a Live
    await asyncio.sleep(0)


ROWS = """
INSERT INTO contact_index (tenant_id, contact_id, seq, channel, direction, state, space_id, queue_id, agent_id, answered_by,
    entry_point_id, remote, remote_name, address, reference, subject, arrived_at, priority, needs, tags, language, thread_id,
    due_at, mails, last_mail_at, closing_reason_id, note, agent_ids, hands, answered, transferred, reached, cause, ended_at)
SELECT current_setting('app.tenant_id'), n, n, (ARRAY['email', 'chat', 'voice'])[1 + n % 3], 'inbound',
    (ARRAY['waiting', 'parked', 'in_contact', 'closed'])[1 + n % 4], (ARRAY['shop', 'bank'])[1 + n % 2],
    (ARRAY['mail', 'post', 'calls'])[1 + n % 3], CASE WHEN n % 4 = 2 THEN 'grace' WHEN n % 28 = 3 THEN 'hugo' ELSE '' END, '',
    'inbox', 'r', '', '', '', '',
    timestamptz '2026-11-01' + n * interval '1 minute', n % 5, CASE WHEN n % 6 = 0 THEN '{german:2}'::text[] ELSE '{}' END,
    '{}', '', 0, CASE WHEN n % 3 = 0 THEN timestamptz '2026-12-01' - n * interval '1 hour' END, 0,
    CASE WHEN n % 7 = 0 THEN timestamptz '2026-12-01' - n * interval '1 minute' END, '', '',
    CASE WHEN n % 20 = 3 THEN '{amelie}'::text[] ELSE '{}' END,
    CASE WHEN n % 11 = 0 THEN '{hugo}'::text[] ELSE '{}' END, false, false, '', '',
    CASE WHEN n % 4 = 3 THEN timestamptz '2026-11-02' + (n * 7 % 60) * interval '1 minute' END
FROM generate_series(1, $1::integer) AS n
"""


def _saw(scope: Scope, row: IndexRow) -> bool:
    """The rule of closed ones: those that he had last, and the written ones of his Spaces."""
    of_his_spaces = row.channel != "voice" and row.space_id in scope.space_ids
    return row.state == "closed" and (row.agent_id == scope.agent_id or of_his_spaces)


def _end(row: IndexRow) -> tuple[datetime, int]:
    assert row.ended_at is not None
    return row.ended_at, row.contact_id


@pytest.mark.parametrize("sort", tables.SORTS)
async def test_pages_of_every_order_are_the_whole_list(web_database: Database, sort: str) -> None:
    """Page after page, nothing is left out or doubled; and the rule in SQL is the rule in Python."""
    config, closed = config_of_two_spaces(), sort == "ended"
    async with web_database.tenant(f"pages-{sort.replace('_', '-')}") as connection:
        await connection.execute(ROWS, 200)
        every = await connection.fetch(f"SELECT {', '.join(COLUMNS)} FROM contact_index")
        rows = [IndexRow(**dict(row.items())) for row in every]
        for agent_id in ("grace", "hugo", "amelie", "nobody"):
            scope = scope_of(config, agent_id)
            found: list[int] = []
            cursor = ""
            while True:
                conditions = Narrowed(closed=closed)
                conditions.within(scope)
                if cursor:
                    value, _, contact_id = cursor.rpartition("~")
                    conditions.after(sort, value, int(contact_id))
                page = await repository.page(connection, conditions, sort, 7)
                found += [row.contact_id for row in page]
                if len(page) < 7:
                    break
                cursor = repository.cursor_of(page[-1], sort)
            shown = [row for row in rows if (_saw(scope, row) if closed else sees(scope, row))]
            assert sorted(found) == sorted(row.contact_id for row in shown), agent_id
            if closed:
                assert found == [row.contact_id for row in sorted(shown, key=_end, reverse=True)]
            assert len(set(found)) == len(found)


async def test_totals_are_exact_up_to_a_thousand(web_database: Database) -> None:
    async with web_database.tenant("totals") as connection:
        await connection.execute(ROWS, 1_200)
        assert await repository.count(connection, Narrowed()) == (900, True)
        await connection.execute("UPDATE contact_index SET state = 'waiting'")
        number, exact = await repository.count(connection, Narrowed())
        assert number > 1_000 and not exact
