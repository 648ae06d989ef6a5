"""Log in, take a seat, see oneself live, become Ready, get a call, answer it, wrap it up."""

from cordboard.testing.centre import NUMBER
from cordboard.testing.web import CentreForTests


async def test_from_the_login_to_the_end_of_a_call(centre: CentreForTests) -> None:
    async with centre.browser("amelie") as amelie:
        current = (await amelie.http.get("/sessions/current")).json()
        assert current["needs_seat"] and current["person"]["agent_id"] == "amelie"
        held = await amelie.take_seat()
        assert centre.world.telephony.phones == {f"{centre.tenant_id}-amelie-web": held["sip"]["password"]}
        async with amelie.live("me", "queues", "colleagues", "figures", "chat") as live:
            assert live.me["state"] == "withdrawn" and live.me["reason_name"] == "Just logged in"
            assert (await amelie.state("ready")).status_code == 204
            await live.until(lambda live: live.me["state"] == "ready")

            outside = centre.world.telephony
            outside.call(centre.tenant_id, "line-1", NUMBER, "+33612345678")
            await centre.server.settle()
            outside.finish_playback("line-1")
            await centre.server.settle()
            outside.press("line-1", "1")
            await live.until(lambda live: live.contact() and live.contact()["phase"] == "reserved")
            contact = live.contact()
            assert contact["remote"] == "+33612345678" and contact["queue"] == {
                "id": "sales",
                "name": "Sales",
            }
            assert contact["website"] == ""

            outside.answer(contact["line"])
            await live.until(lambda live: live.contact()["phase"] == "talking")
            path = f"/contacts/{contact['contact_id']}"
            assert (await amelie.http.post(f"{path}/hold")).status_code == 204
            await live.until(lambda live: live.contact()["phase"] == "held")
            assert (await amelie.http.post(f"{path}/resume")).status_code == 204
            assert (await amelie.http.post(f"{path}/hang-up")).status_code == 204
            await live.until(lambda live: live.contact()["phase"] == "wrap_up")
            refused = await amelie.http.post(f"{path}/wrap-up", json={})
            assert refused.status_code == 422 and refused.json()["code"] == "closing_reason_required"
            done = await amelie.http.post(f"{path}/wrap-up", json={"closing_reason_id": "done", "note": "ok"})
            assert done.status_code == 204
            await live.until(lambda live: live.contact() is None and live.me["state"] == "ready")
            await live.drain()
            assert live.rows["queues"]["sales"]["answered"] == 1
            assert live.rows["figures"]["answered"]["value"] == 1

        history = (await amelie.http.get("/contacts?mine=1")).json()["items"]
        assert [row["outcome"] for row in history] == ["answered"]
        assert history[0]["closing_reason"]["name"] == "Done"
        why = (await amelie.http.get(f"{path}/why")).json()["decisions"]
        assert why[0]["chosen"]["id"] == "amelie"
        assert [(each["agent_id"], each["rule"]) for each in why[0]["considered"]] == [
            ("amelie", ""),
            ("bruno", "not_logged_in"),
        ]
        figures = (await amelie.http.get("/figures")).json()["figures"]
        assert {row["id"]: row["value"] for row in figures}["answered"] == 1
