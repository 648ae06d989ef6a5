"""The search over HTTP: who finds what, pages, snippets with marks, refusals."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from cordboard.core.events import WorkArrived
from cordboard.core.words import Channel
from cordboard.index.projector import put_texts
from cordboard.index.texts import Text
from cordboard.testing import builders
from cordboard.testing.web import SUPERVISOR, CentreForTests, WebForTests, add_centre


@pytest.fixture
async def shop(web: WebForTests) -> AsyncIterator[CentreForTests]:
    made = await add_centre(web, builders.centre())
    await web.start(made.world)
    yield made


async def writes(centre: CentreForTests, number: int, subject: str, text: str = "") -> int:
    event = WorkArrived(
        Channel.EMAIL, "inbox", f"<{number}@x>", f"p{number}@example.org", f"Person {number}", subject
    )
    contact_id = (await centre.server.ask(event)).contact_id
    if text:
        async with centre.web.db.tenant(centre.tenant_id) as connection:
            projector = centre.web.web.projector if centre.web.web else None
            assert projector is not None
        await projector.catch_up(centre.tenant_id)
        async with centre.web.db.tenant(centre.tenant_id) as connection:
            one = Text(contact_id, "mail", str(number), centre.world.clock.now(), text, "fr")
            await put_texts(connection, [one], lambda text: text.language)
    return contact_id


async def test_found_with_marks_by_who_may(shop: CentreForTests) -> None:
    contact_id = await writes(
        shop, 1, "Question", "Bonjour, mes commandes ne sont <b>pas</b> livrées. Merci."
    )
    await writes(shop, 2, "Something else")
    async with AsyncExitStack() as stack:
        amelie = await stack.enter_async_context(shop.browser("amelie"))
        sophie = await stack.enter_async_context(shop.browser(SUPERVISOR))
        for browser in (amelie, sophie):
            found = (await browser.http.get("/search", params={"q": "commande livree"})).json()
            (item,) = found["items"]
            assert (item["contact_id"], item["subject"], item["queue"]["name"]) == (
                contact_id,
                "Question",
                "Mail",
            )
            (one,) = item["snippets"]
            assert one["source"] == "mail"
            assert [part["text"] for part in one["parts"] if part["hit"]] == ["commandes", "livrées"]
            assert "<b>pas</b>" in "".join(part["text"] for part in one["parts"])
            opened = await browser.http.get(f"/contacts/{contact_id}")
            assert opened.status_code == 200, "what is found can be opened"
        assert (await sophie.http.get("/search?q=nothing-of-it")).json() == {"items": [], "next": None}
        everything = (await sophie.http.get("/search")).json()["items"]
        assert len(everything) == 2 and everything[0]["contact_id"] > everything[1]["contact_id"]
        for wrong in ("q=x&cursor=nonsense", "cursor=nonsense", "from=yesterday", "channel=fax", "limit=500"):
            assert (await sophie.http.get(f"/search?{wrong}")).status_code == 422, wrong


async def test_pages_leave_nothing_out(shop: CentreForTests) -> None:
    written = [await writes(shop, number, f"Umbrella {number % 3}") for number in range(12)]
    async with shop.browser(SUPERVISOR) as sophie:
        for sort in ("relevance", "newest"):
            for q in ("umbrella", ""):
                found: list[int] = []
                params = {"q": q, "sort": sort, "limit": 5}
                while True:
                    page = (await sophie.http.get("/search", params=params)).json()
                    found += [item["contact_id"] for item in page["items"]]
                    if page["next"] is None:
                        break
                    params["cursor"] = page["next"]
                assert sorted(found) == written, (sort, q)
                if sort == "newest" or not q:
                    assert found == sorted(found, reverse=True)


async def test_filters(shop: CentreForTests) -> None:
    first = await writes(shop, 1, "Umbrella")
    between = shop.world.clock.advance(timedelta(minutes=5))
    shop.world.clock.advance(timedelta(minutes=5))
    second = await writes(shop, 2, "Umbrella")
    async with shop.browser(SUPERVISOR) as sophie:
        for q in ("umbrella", ""):
            for params, expected in (
                ({"channel": "email"}, {first, second}),
                ({"channel": "voice"}, set()),
                ({"queue": "mail", "state": "open"}, {first, second}),
                ({"state": "closed"}, set()),
                ({"from": between.isoformat()}, {second}),
                ({"to": between.isoformat()}, {first}),
                ({"agent": "amelie"}, set()),
                ({"reason": "sold"}, set()),
            ):
                found = (await sophie.http.get("/search", params={"q": q, **params})).json()["items"]
                assert {item["contact_id"] for item in found} == expected, (q, params)


async def test_another_customer_finds_nothing(web: WebForTests) -> None:
    first = await add_centre(web, builders.centre())
    second = await add_centre(web, builders.centre())
    await web.start(first.world)
    await writes(first, 1, "The secret umbrella")
    async with second.browser(SUPERVISOR) as stranger, second.browser("grace") as grace:
        for browser in (stranger, grace):
            for path in (
                "/search?q=umbrella",
                "/search",
                "/search?q=p1@example.org",
                "/work",
                "/work?q=umbrella",
            ):
                assert (await browser.http.get(path)).json()["items"] == [], path


async def test_how_far_the_list_is_behind_is_measured(shop: CentreForTests) -> None:
    await writes(shop, 1, "Umbrella")
    async with shop.browser(SUPERVISOR) as sophie:
        assert (await sophie.http.get("/search?q=umbrella")).json()["items"]
        measured = (await sophie.http.get(f"{shop.web.origin}/metrics")).text
    assert "cordboard_index_lag_events 0.0" in measured and "cordboard_index_facts_total" in measured
