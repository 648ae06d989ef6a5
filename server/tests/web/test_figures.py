"""Figures over HTTP: by skill, in parts, who may ask, and nothing of another tenant."""

from cordboard.testing.centre import NUMBER, small_centre
from cordboard.testing.web import ADMINISTRATOR, SUPERVISOR, WebForTests, add_centre


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
