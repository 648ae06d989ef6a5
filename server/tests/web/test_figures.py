"""Figures over HTTP: by skill, in parts, who may ask, and nothing of another tenant."""

from datetime import timedelta
from typing import Any

import pytest

from cordboard.core.statistics.totals import Scope
from cordboard.figures.days import FigureDays
from cordboard.runtime.codec import Codec
from cordboard.runtime.history import History
from cordboard.testing.centre import NUMBER, small_centre
from cordboard.testing.web import (
    ADMINISTRATOR,
    OBSERVER,
    SUPERVISOR,
    Browser,
    WebForTests,
    add_centre,
)
from cordboard.web.configs import ConfigVersions


async def test_in_parts_by_skill_and_by_hour_for_one_tenant_only(web: WebForTests) -> None:
    first = await add_centre(web)
    second = await add_centre(web, small_centre(number="+33199009000"))
    await web.start(first.world)
    outside = first.world.telephony
    outside.call(first.tenant_id, "line-1", NUMBER, "+33612345678")
    await first.server.settle()
    outside.finish_playback("line-1")
    await first.server.settle()
    outside.press("line-1", "1")
    await first.server.settle()
    async with first.browser(SUPERVISOR) as sophie, second.browser(ADMINISTRATOR) as stranger:
        whole = (await sophie.http.get("/figures")).json()
        assert (whole["by"], whole["parts"]) == ("", [])
        hours = (await sophie.http.get("/figures?by=hour")).json()["parts"]
        assert sum(part["values"]["offered"] for part in hours) == 1
        assert hours[0]["since"] == whole["since"] and "waiting" not in hours[0]["values"]
        queues = (await sophie.http.get("/figures?by=queue")).json()["parts"]
        assert {part["id"]: part["values"]["waiting"] for part in queues}["sales"] == 1
        skills = {part["id"]: part for part in (await sophie.http.get("/figures?by=skill")).json()["parts"]}
        needed = [skill_id for skill_id, part in skills.items() if part["values"]["offered"]]
        assert len(needed) == 1
        for skill_id, offered in ((needed[0], 1), ("nobody-has-it", 0)):
            rows = (await sophie.http.get("/figures", params={"skill": skill_id})).json()["figures"]
            assert {row["id"]: row["value"] for row in rows}["offered"] == offered
            behind = await sophie.http.get("/figures/offered/contacts", params={"skill": skill_id})
            assert len(behind.json()["items"]) == offered
        for by in ("quarter", "hour", "day", "queue", "space", "skill", "agent"):
            theirs = (await stranger.http.get("/figures", params={"by": by})).json()
            assert not any(part["values"].get("offered") for part in theirs["parts"]), by
        too_many = await sophie.http.get("/figures?by=quarter&from=2026-01-01T00:00:00")
        assert too_many.status_code == 422 and too_many.json()["code"] == "invalid"
        assert (await sophie.http.get("/figures?by=moon")).status_code == 422


async def test_parts_need_the_right_to_read_all_figures(web: WebForTests) -> None:
    centre = await add_centre(web)
    await web.start(centre.world)
    async with centre.browser("bruno") as bruno:
        assert (await bruno.http.get("/figures")).status_code == 200
        assert (await bruno.http.get("/figures?by=hour")).json()["code"] == "forbidden"


async def test_days_that_are_over_are_stored_and_say_the_same_as_their_facts(web: WebForTests) -> None:
    """Made while the server lives, made anew after they were deleted, and read by a server that has just begun."""
    centre = await add_centre(web)
    await web.start(centre.world)
    outside, clock, tenant_id = centre.world.telephony, centre.world.clock, centre.tenant_id
    begin = clock.now()
    for day in range(3):
        line = f"line-{day}"
        outside.call(tenant_id, line, NUMBER, f"+3361234567{day}")
        await centre.server.settle()
        outside.finish_playback(line)
        await centre.server.settle()
        outside.press(line, "1")
        await centre.server.settle()
        clock.advance(timedelta(minutes=1))
        outside.hang_up(line)
        await centre.server.settle()
        clock.advance(timedelta(days=1))
    whole = {"from": begin.isoformat(), "by": "day"}

    async def told(browser: Browser) -> list[dict[str, Any]]:
        answer = (await browser.http.get("/figures", params=whole)).json()
        return [answer["figures"], answer["parts"]]

    async def stored(statement: str) -> Any:
        async with web.db.tenant(tenant_id) as connection:
            return await connection.fetchval(statement)

    async with centre.browser(SUPERVISOR) as sophie:
        figures, parts = await told(sophie)
        values = {row["id"]: row["value"] for row in figures}
        assert (values["received"], values["abandoned"]) == (3, 3)
        assert [part["values"]["received"] for part in parts] == [1, 1, 1, 0]
        assert await stored("SELECT count(*) FROM figure_day") == 3
        await stored("DELETE FROM figure_day")
        assert await told(sophie) == [figures, parts]
        assert await stored("SELECT count(*) FROM figure_day") == 3
        await stored("UPDATE figure_day SET fold = 0")
        assert await told(sophie) == [figures, parts], "what another version has made is made anew"
        await stored("UPDATE figure_day SET body = 'nonsense'")
        assert await told(sophie) == [figures, parts], "what can not be read is made anew"
        configs = ConfigVersions(web.db)
        days = FigureDays(web.db, History(web.db, Codec()), configs.all_of, clock)
        period, _ = await days.period(tenant_id, centre.config, begin, None)
        again = {each.figure.id: each.value for each in period.values(Scope())}
        assert again == pytest.approx(values, nan_ok=True)
        half = begin + timedelta(days=1, seconds=90)
        period, end = await days.period(tenant_id, centre.config, begin, half)
        cut = {each.figure.id: each.value for each in period.values(Scope())}
        assert end == half and (cut["received"], cut["abandoned"], cut["waiting"]) == (2, 1, 1)
        now = (await sophie.http.get("/figures/now")).json()
        assert {row["id"]: row["value"] for row in now["figures"]}["waiting"] == 0


async def test_observers_see_numbers_and_no_contacts(web: WebForTests) -> None:
    centre = await add_centre(web)
    await web.start(centre.world)
    async with centre.browser(OBSERVER) as oscar, centre.browser("bruno") as bruno:
        assert (await oscar.http.get("/figures?by=queue")).status_code == 200
        for path in ("contacts", "occurrences"):
            assert (await oscar.http.get(f"/figures/received/{path}")).json()["code"] == "forbidden"
        assert (await bruno.http.get("/figures/answered/occurrences")).json()["total"] == 0
        assert (await bruno.http.get("/figures/choices")).json()["code"] == "forbidden"
        assert (await bruno.http.get("/figures/answered/occurrences?agent=amelie")).json()[
            "code"
        ] == "forbidden"
