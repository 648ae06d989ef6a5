"""A caller, the menu, a queue, an agent with a SIP telephone, wrap-up, and what is written down of it."""

import asyncio

import pytest

from cordboard.testing.product import Product
from tests.acceptance.town import RETAIL, Town

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]


async def test_a_call_goes_from_the_number_to_the_agent_and_into_the_figures(
    product: Product, town: Town
) -> None:
    async with town.agent(product.login("amelie")) as amelie:
        caller = await town.call(RETAIL, "+33612345601")
        await asyncio.sleep(0.5)  # a person listens before he presses
        await caller.press("1")
        await amelie.until_state("in_contact")
        contact = amelie.contacts[0]
        assert contact["remote"] == "+33612345601"
        assert contact["queue"]["id"] == "sales"
        await amelie.post(f"/contacts/{contact['contact_id']}/hold")
        await amelie.until(lambda: amelie.contacts[0]["phase"] == "held")
        await amelie.post(f"/contacts/{contact['contact_id']}/resume")
        await amelie.until(lambda: amelie.contacts[0]["phase"] == "talking")
        await caller.hang_up()
        await amelie.until_state("wrap_up")
        refused = await amelie.http.post(
            f"/contacts/{contact['contact_id']}/wrap-up", json={"closing_reason_id": "", "note": ""}
        )
        assert refused.json()["code"] == "closing_reason_required"
        reason = amelie.contacts[0]["closing_reasons"][0]["id"]
        await amelie.post(
            f"/contacts/{contact['contact_id']}/wrap-up", {"closing_reason_id": reason, "note": "Merci"}
        )
        await amelie.until_state("ready")
        why = await amelie.get(f"/contacts/{contact['contact_id']}/why")
        assert why["decisions"][0]["chosen"]["id"] == "amelie"
        history = await amelie.get("/contacts", mine="1")
        mine = next(row for row in history["items"] if row["contact_id"] == contact["contact_id"])
        assert mine["closing_reason"] and mine["talked_seconds"] > 0
        figures = {
            figure["id"]: figure["value"]
            for figure in (await amelie.get("/figures", agent="amelie"))["figures"]
        }
        assert figures["answered"] >= 1
