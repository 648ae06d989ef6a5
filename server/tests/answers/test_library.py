"""The library over HTTP: who writes and who reads, words and short names, versions, days, Spaces, another customer."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cordboard.core.config import Space
from cordboard.demo import library
from cordboard.testing.centre import small_centre
from cordboard.testing.web import SUPERVISOR, Browser, CentreForTests, WebForTests, add_centre

REFUND = {
    "theme_id": "orders",
    "short_name": "Refund",
    "texts": {
        "en": {
            "title": "When a refund arrives",
            "html": '<p onclick="x()">Dear {end_customer.name},</p><script>bad()</script>'
            "<p>Your refund arrives within <b>five days</b>.</p>",
        },
        "fr": {
            "title": "Quand le remboursement arrive",
            "text": "Bonjour {end_customer.name},\n\nvotre remboursement arrive sous cinq jours.",
        },
    },
}


@pytest.fixture
async def sophie(centre: CentreForTests) -> AsyncIterator[Browser]:
    """A supervisor with a theme in her library."""
    async with centre.browser(SUPERVISOR) as browser:
        await made(browser, "/answers/themes", {"id": "orders", "names": {"en": "Orders", "fr": "Commandes"}})
        yield browser


@pytest.fixture
async def amelie(centre: CentreForTests) -> AsyncIterator[Browser]:
    async with centre.browser("amelie") as browser:
        yield browser


async def made(browser: Browser, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await browser.http.post(path, json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def titles(browser: Browser, query: str = "") -> list[str]:
    answer = await browser.http.get(f"/answers{query}")
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


async def test_an_answer_is_written_once_and_harmless(sophie: Browser) -> None:
    answer = await made(sophie, "/answers", REFUND)
    assert answer["texts"]["en"]["html"] == (
        "<p>Dear {end_customer.name},</p><p>Your refund arrives within <b>five days</b>.</p>"
    )
    assert (
        answer["texts"]["en"]["text"] == "Dear {end_customer.name},\n\nYour refund arrives within five days."
    )
    assert answer["texts"]["fr"]["html"].startswith("<p>Bonjour {end_customer.name},</p>")
    assert answer["short_name"] == "refund" and answer["changed_by"] == "Sophie"
    assert answer["figures"] == {
        "used": 0,
        "sent": 0,
        "success": 0,
        "kept_ratio": None,
        "last_used_at": None,
    }


async def test_words_find_it_in_the_languages_own_dictionary(sophie: Browser, amelie: Browser) -> None:
    await made(sophie, "/answers", REFUND)
    hours = {"theme_id": "orders", "texts": {"en": {"title": "Opening hours", "text": "We open at nine."}}}
    await made(sophie, "/answers", hours)
    assert await titles(amelie, "?q=refunds&language=en") == ["When a refund arrives"]
    assert await titles(amelie, "?q=rembourser&language=fr") == ["Quand le remboursement arrive"]
    assert await titles(amelie, "?q=day refu&language=en") == ["When a refund arrives"], "still being typed"
    assert await titles(amelie, "?q=opened nine") == ["Opening hours"]
    assert await titles(amelie, "?q=refund hours&language=en") == []
    assert await titles(amelie, "?q=%27:*%26!(") == []
    assert await titles(amelie, "?short=ref&language=fr") == ["Quand le remboursement arrive"]
    assert await titles(amelie, "?short=%25") == []
    assert await titles(amelie, "?channel=voice") == []


async def test_an_older_version_is_not_written_over(sophie: Browser) -> None:
    answer = await made(sophie, "/answers", REFUND)
    path = f"/answers/{answer['id']}"
    tag = (await sophie.http.get(path)).headers["ETag"]
    without = await sophie.http.put(path, json=REFUND)
    assert (without.status_code, without.json()["code"]) == (428, "version_missing")
    saved = await sophie.http.put(path, json={**REFUND, "short_name": "money"}, headers={"If-Match": tag})
    assert saved.status_code == 200 and saved.headers["ETag"] != tag
    late = await sophie.http.put(path, json=REFUND, headers={"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "answer_changed")
    assert (await sophie.http.delete(path, headers={"If-Match": tag})).status_code == 412
    gone = await sophie.http.delete(path, headers={"If-Match": saved.headers["ETag"]})
    assert gone.status_code == 204
    assert (await sophie.http.get(path)).json()["code"] == "answer_not_found"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"theme_id": "nowhere"}, "theme_not_found"),
        ({"space_id": "nowhere"}, "unknown_space"),
        ({"valid_from": "2026-12-02", "valid_until": "2026-12-01"}, "dates_reversed"),
        ({"texts": {"en": {"title": "Empty", "html": "<p> </p>"}}}, "empty_answer"),
        ({"texts": {"en": {"title": "Odd", "text": "Dear {end_customer.shoe_size}"}}}, "unknown_variable"),
        ({"short_name": "taken"}, "short_name_taken"),
        ({"channels": ["fax"]}, "invalid"),
    ],
)
async def test_what_is_not_coherent_is_refused(sophie: Browser, change: dict[str, Any], code: str) -> None:
    await made(sophie, "/answers", {**REFUND, "short_name": "taken"})
    refused = await sophie.http.post("/answers", json={**REFUND, **change})
    assert refused.status_code in (409, 422) and refused.json()["code"] == code


async def test_agents_see_what_is_valid_today_in_their_spaces(
    sophie: Browser, amelie: Browser, centre: CentreForTests
) -> None:
    config = centre.config
    await centre.server.publish(
        replace(config, version=2, spaces={**config.spaces, "far": Space("far", "Far away")})
    )
    today = centre.world.clock.now().date()
    day = timedelta(days=1)
    for name, more in {
        "yesterday": {"valid_until": str(today - day)},
        "today": {"valid_from": str(today), "valid_until": str(today)},
        "tomorrow": {"valid_from": str(today + day)},
        "elsewhere": {"space_id": "far"},
    }.items():
        text = {"en": {"title": name, "text": name}}
        await made(sophie, "/answers", {"id": name, "theme_id": "orders", "texts": text, **more})
    assert await titles(amelie) == ["today"]
    assert set(await titles(sophie)) == {"today", "elsewhere"}
    assert set(await titles(sophie, "?everything=true")) == {"yesterday", "today", "tomorrow", "elsewhere"}
    assert await titles(sophie, "?space=far") == ["elsewhere", "today"]
    assert (await amelie.http.get("/answers/elsewhere")).json()["code"] == "answer_not_found"
    assert (await amelie.http.get("/answers/yesterday")).json()["valid_now"] is False


async def test_themes_are_a_tree(sophie: Browser) -> None:
    below = await made(sophie, "/answers/themes", {"names": {"en": "Returns"}, "parent_id": "orders"})
    await made(sophie, "/answers", {**REFUND, "theme_id": below["id"]})
    assert await titles(sophie, "?theme=orders") == ["When a refund arrives"], "with the themes below"
    for theme in ("orders", below["id"]):
        assert (await sophie.http.delete(f"/answers/themes/{theme}")).json()["code"] == "theme_in_use"
    circle = {"names": {"en": "Orders"}, "parent_id": below["id"]}
    refused = await sophie.http.put("/answers/themes/orders", json=circle, headers={"If-Match": '"1"'})
    assert refused.json()["code"] == "theme_circle"
    renamed = {"names": {"en": "Orders and returns"}, "position": 3}
    saved = await sophie.http.put("/answers/themes/orders", json=renamed, headers={"If-Match": '"1"'})
    assert saved.json()["version"] == 2
    late = await sophie.http.put("/answers/themes/orders", json=renamed, headers={"If-Match": '"1"'})
    assert late.json()["code"] == "answer_changed"
    empty = await made(sophie, "/answers/themes", {"names": {"en": "Empty"}})
    assert (await sophie.http.delete(f"/answers/themes/{empty['id']}")).status_code == 204


async def test_attachments(sophie: Browser, amelie: Browser) -> None:
    answer = await made(sophie, "/answers", REFUND)
    path = f"/answers/{answer['id']}/attachments"
    file = {"file": ("../Guide d'été.pdf", b"%PDF-1.7 guide", "application/pdf")}
    assert (await sophie.http.post(path, files=file)).json()["code"] == "version_missing"
    added = await sophie.http.post(path, files=file, headers={"If-Match": '"1"'})
    assert added.status_code == 201 and added.headers["ETag"] == '"2"'
    (attachment,) = added.json()["attachments"]
    assert (attachment["name"], attachment["size"]) == ("Guide d'été.pdf", 14)
    got = await amelie.http.get(f"{path}/{attachment['file_id']}")
    assert got.content == b"%PDF-1.7 guide" and got.headers["content-disposition"].startswith("attachment")
    again = await sophie.http.post(path, files=file, headers={"If-Match": '"2"'})
    assert len(again.json()["attachments"]) == 1, "the same file stands there once"
    late = await sophie.http.delete(f"{path}/{attachment['file_id']}", headers={"If-Match": '"2"'})
    assert late.json()["code"] == "answer_changed"
    large = {"file": ("large.bin", b"0" * (20 * 1024 * 1024 + 1), "application/octet-stream")}
    refused = await sophie.http.post(path, files=large, headers={"If-Match": '"3"'})
    assert refused.json()["code"] == "file_too_large"
    saved = await sophie.http.put(f"/answers/{answer['id']}", json=REFUND, headers={"If-Match": '"3"'})
    assert len(saved.json()["attachments"]) == 1, "a change of the texts keeps them"
    gone = await sophie.http.delete(f"{path}/{attachment['file_id']}", headers={"If-Match": '"4"'})
    assert gone.json()["attachments"] == []
    missing = await amelie.http.get(f"{path}/{attachment['file_id']}")
    assert missing.json()["code"] == "attachment_not_found"


async def test_pages(sophie: Browser) -> None:
    for number in range(5):
        text = {"en": {"title": f"Answer {number}", "text": "text"}}
        await made(sophie, "/answers", {"theme_id": "orders", "position": number, "texts": text})
    first = (await sophie.http.get("/answers?limit=3")).json()
    second = (await sophie.http.get(f"/answers?limit=3&cursor={first['next']}")).json()
    assert [len(page["items"]) for page in (first, second)] == [3, 2] and second["next"] is None
    assert [item["title"] for page in (first, second) for item in page["items"]] == [
        f"Answer {number}" for number in range(5)
    ]


async def test_another_customers_library_is_not_there(web: WebForTests) -> None:
    first = await add_centre(web)
    second = await add_centre(web, small_centre(number="+33199009000"))
    await web.start(first.world)
    async with first.browser(SUPERVISOR) as owner, second.browser(SUPERVISOR) as stranger:
        for browser in (owner, stranger):
            await made(browser, "/answers/themes", {"id": "orders", "names": {"en": "Orders"}})
        await made(owner, "/answers", {**REFUND, "id": "refund"})
        assert await titles(stranger) == [] and await titles(stranger, "?q=refund") == []
        for path in ("/answers/refund", "/answers/refund/render", "/answers/refund/used"):
            knocked = await (
                stranger.http.get(path)
                if path.endswith("fund")
                else stranger.http.post(path, json={"contact_id": 1})
            )
            assert knocked.status_code == 404
        change = await stranger.http.put("/answers/refund", json=REFUND, headers={"If-Match": '"1"'})
        assert change.json()["code"] == "answer_not_found"
        await made(stranger, "/answers", {**REFUND, "id": "refund", "short_name": "refund"})
        assert (await owner.http.get("/answers/refund")).json()["version"] == 1


async def test_the_library_is_taken_out_as_a_file_planned_and_put_in_elsewhere(web: WebForTests) -> None:
    first = await add_centre(web)
    second = await add_centre(web)
    await web.start(first.world)
    await library.seed(web.db, first.tenant_id, datetime(2026, 11, 24, tzinfo=UTC))
    async with (
        first.browser(SUPERVISOR) as sophie,
        first.browser("amelie") as amelie,
        second.browser(SUPERVISOR) as stranger,
    ):
        assert (await amelie.http.get("/library")).status_code == 403
        out = await sophie.http.get("/library")
        assert out.headers["content-type"].startswith("application/yaml")
        file = {"document": out.text}
        assert (await sophie.http.post("/library/plan", json=file)).json() == {
            "changes": [],
            "missing_files": [],
        }
        plan = (await stranger.http.post("/library/plan", json=file)).json()
        assert len(plan["changes"]) == 60 and plan["changes"][0]["kind"] == "add"
        assert (await stranger.http.get("/library")).text == "themes: {}\nanswers: {}\n", "nothing is changed"
        assert (await stranger.http.post("/library/apply", json=file)).status_code == 200
        assert (await stranger.http.get("/library")).text == out.text
        wrong = {"document": "answers: {x: {theme: nowhere, texts: {en: {title: X, text: X}}}}"}
        refused = (await stranger.http.post("/library/apply", json=wrong)).json()
        assert (refused["code"], refused["status"]) == ("library_wrong", 422)
        assert "answers.x.theme" in refused["params"]["problem"]
        assert (await amelie.http.post("/library/apply", json=file)).status_code == 403
