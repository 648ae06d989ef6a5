"""Configuration over HTTP while calls run: what a plan says about them, and that they keep the script that they began."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from cordboard.core.contact import Phase
from cordboard.testing.web import ADMINISTRATOR, CentreForTests, WebForTests, add_centre
from tests.configuration.documents import SMALL, changed


def number_of(tenant_id: str) -> str:
    """A number of the tenant's own: tests share a database, and a number has one owner."""
    return f"+33199{int(tenant_id.rpartition('-')[2]):06d}"


def document_of(tenant_id: str) -> str:
    return changed(
        SMALL,
        ("key: small", f"key: {tenant_id}"),
        ("ada: {name: Ada,", f"{ADMINISTRATOR}: {{name: Adrien, login: {ADMINISTRATOR}.{tenant_id},"),
        ("name: Amélie\n", f"name: Amélie\n    login: amelie.{tenant_id}\n"),
        ("hours: {mon-fri: 09:00-18:00}", "hours: {daily: 00:00-24:00}"),
        ("01 99 00 11 11", number_of(tenant_id)),
    )


@pytest.fixture
async def acme(web: WebForTests) -> CentreForTests:
    made = await add_centre(web)
    await web.start(made.world)
    return made


@pytest.fixture
async def adrien(acme: CentreForTests) -> AsyncIterator[httpx2.AsyncClient]:
    """An administrator, who has published a document."""
    async with acme.browser(ADMINISTRATOR) as browser:
        answer = await apply(browser.http, document_of(acme.tenant_id), 0)
        assert answer.status_code == 200, answer.text
        assert answer.json()["version"] == 1
        yield browser.http


async def apply(http: httpx2.AsyncClient, document: str, base_version: int) -> httpx2.Response:
    body = {"document": document, "base_version": base_version, "note": "a test"}
    return await http.post("/configuration/apply", json=body)


async def plan(http: httpx2.AsyncClient, document: str) -> dict[str, Any]:
    answer = await http.post("/configuration/plan", json={"document": document})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def call(acme: CentreForTests, line: str) -> None:
    """A caller who hears the menu."""
    acme.world.telephony.call(acme.tenant_id, line, number_of(acme.tenant_id), "+33612345678")
    await acme.server.settle()


async def test_export_plan_and_apply_again(acme: CentreForTests, adrien: httpx2.AsyncClient) -> None:
    document = document_of(acme.tenant_id)
    current = await adrien.get("/configuration")
    assert current.json() == {"version": 1, "document": document}
    assert current.headers["ETag"] == '"1"'
    planned = await plan(adrien, document)
    assert (planned["changes"], planned["errors"], planned["base_version"]) == ([], [], 1)
    again = (await apply(adrien, document, 1)).json()
    assert (again["version"], again["changed"]) == (1, False)


async def test_calls_in_the_menu_keep_the_script_that_they_began_with(
    acme: CentreForTests, adrien: httpx2.AsyncClient
) -> None:
    for line in ("a", "b"):
        await call(acme, line)
    swapped = changed(document_of(acme.tenant_id), ("{1: sales, 2: support}", "{1: support, 2: sales}"))

    planned = await plan(adrien, swapped)

    ids = sorted(acme.server.state.contacts)
    assert [row["contact_id"] for row in planned["affected"]] == ids
    assert planned["affected"][0]["sentence"] == f"Call {ids[0]} keeps version 1 of script main."
    assert planned["summary"] == ["2 calls in progress keep version 1 of script main."]

    applied = (await apply(adrien, swapped, 1)).json()
    assert (applied["version"], applied["in_force"]) == (2, True)
    await call(acme, "c")
    for line in ("a", "c"):
        acme.world.telephony.press(line, "1")
    await acme.server.settle()
    waits = {contact.reference: contact.wait for contact in acme.server.state.contacts.values()}
    assert waits["a"] is not None and waits["a"].queue_id == "sales"
    assert waits["c"] is not None and waits["c"].queue_id == "support"


async def test_a_plan_names_the_calls_that_wait_in_a_changed_queue(
    acme: CentreForTests, adrien: httpx2.AsyncClient
) -> None:
    await call(acme, "a")
    acme.world.telephony.press("a", "1")
    await acme.server.settle()
    (contact,) = acme.server.state.contacts.values()
    assert contact.phase is Phase.WAITING

    planned = await plan(adrien, "queues: {sales: {ring: 15s}}")

    assert planned["summary"] == [
        f"Call {contact.id} waits in queue sales and follows its new settings from now on."
    ]


async def test_agents_who_are_logged_in_are_named_when_they_are_removed(
    acme: CentreForTests, adrien: httpx2.AsyncClient
) -> None:
    async with acme.browser("amelie") as amelie:
        await amelie.take_seat()
        planned = await plan(adrien, "agents: {amelie: null}")
        assert planned["summary"] == [
            "Amélie is logged in and will be logged out, after the present contact if there is one."
        ]
        assert (await plan(adrien, "seats: {voice: 0}"))["summary"][0].startswith(
            "1 voice seats are taken and 0"
        )
        await apply(adrien, "agents: {amelie: null}", 1)
        assert (await amelie.http.get("/sessions/current")).status_code == 401


async def test_a_wrong_document_is_refused_with_lines_and_changes_nothing(adrien: httpx2.AsyncClient) -> None:
    document = "queues:\n  sales: {ring: soon}\n"
    planned = await plan(adrien, document)
    assert [(error["line"], error["column"], error["path"]) for error in planned["errors"]] == [
        (2, 17, "queues.sales.ring")
    ]
    refused = await apply(adrien, document, 1)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert (refused.json()["code"], refused.json()["errors"]) == ("invalid", planned["errors"])
    assert (await adrien.get("/configuration")).json()["version"] == 1


async def test_a_version_conflict(adrien: httpx2.AsyncClient) -> None:
    assert (await apply(adrien, "seats: {voice: 3}", 1)).status_code == 200
    refused = await apply(adrien, "seats: {voice: 4}", 1)
    assert (refused.status_code, refused.json()["code"]) == (409, "version_conflict")


async def test_versions_and_rollback(acme: CentreForTests, adrien: httpx2.AsyncClient) -> None:
    await apply(adrien, "groups: {night: Night}", 1)
    planned = (await adrien.post("/configuration/versions/1/plan")).json()
    assert [change["sentence"] for change in planned["changes"]] == ["Group night (Night): removed"]

    back = (await adrien.post("/configuration/rollback", json={"version": 1})).json()

    assert (back["version"], back["in_force"]) == (3, True)
    assert acme.server.state.config is not None
    assert (acme.server.state.config.version, "night" in acme.server.state.config.groups) == (3, False)
    items = (await adrien.get("/configuration/versions")).json()["items"]
    assert [(item["version"], item["note"]) for item in items] == [
        (3, "Back to version 1"),
        (2, "a test"),
        (1, "a test"),
    ]
    assert (await adrien.get("/configuration/versions/1")).json()["document"] == document_of(acme.tenant_id)
    assert (await adrien.get("/configuration/versions/9")).status_code == 404


async def test_new_logins_get_a_password_that_opens_a_session(
    acme: CentreForTests, adrien: httpx2.AsyncClient
) -> None:
    login = f"zoe.{acme.tenant_id}"
    zoe = f"agents: {{zoe: {{name: Zoé, login: {login}, location: paris, spaces: [shop]}}}}"
    passwords = (await apply(adrien, zoe, 1)).json()["new_logins"]
    assert set(passwords) == {login}
    body = {"login": login, "password": passwords[login]}
    assert (await adrien.post("/sessions", json=body)).status_code == 201
