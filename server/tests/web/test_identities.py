"""Every endpoint of the API × everybody who may knock: who is let in, who is told to log in, who is refused, and what of
another customer is seen (nothing)."""

from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from cordboard.core.events import ReadyRequested
from cordboard.testing.centre import NUMBER, small_centre
from cordboard.testing.web import (
    ADMINISTRATOR,
    OBSERVER,
    SUPERVISOR,
    Browser,
    CentreForTests,
    WebForTests,
    add_centre,
)

ALL = {"amelie", SUPERVISOR, ADMINISTRATOR, OBSERVER}
AGENT = {"amelie"}
LEADS = {SUPERVISOR, ADMINISTRATOR}

OPEN = "open"  # no session needed
MAY: dict[str, set[str] | str] = {
    "GET /health": OPEN,
    "POST /sessions": OPEN,
    "GET /sessions": ALL,
    "GET /sessions/current": ALL,
    "DELETE /sessions/current": ALL,
    "POST /sessions/current/password": ALL,
    "DELETE /sessions/{session_id}": ALL,
    "GET /desktop": ALL,
    "GET /desktop/layout": ALL,
    "PUT /desktop/layout": ALL,
    "POST /desktop/seat": AGENT,
    "DELETE /desktop/seat": AGENT,
    "PUT /desktop/phone": AGENT,
    "POST /desktop/state": AGENT,
    "POST /desktop/calls": AGENT,
    **{
        f"POST /contacts/{{contact_id}}/{action}": AGENT
        for action in (
            "hold",
            "resume",
            "hang-up",
            "accept",
            "decline",
            "claim",
            "reconnect",
            "digits",
            "transfer",
            "wrap-up",
        )
    },
    "GET /contacts": AGENT | LEADS,
    "GET /contacts/{contact_id}": AGENT | LEADS,
    "GET /contacts/{contact_id}/facts": AGENT | LEADS,
    "GET /contacts/{contact_id}/why": AGENT | LEADS,
    "GET /conversations": LEADS,
    "GET /contacts/{contact_id}/messages": AGENT | LEADS,
    "POST /contacts/{contact_id}/messages": AGENT | LEADS,
    "PATCH /contacts/{contact_id}/messages/{number}": AGENT,
    "DELETE /contacts/{contact_id}/messages/{number}": AGENT,
    "POST /contacts/{contact_id}/read": AGENT,
    "POST /contacts/{contact_id}/invite": AGENT,
    "POST /contacts/{contact_id}/watch": LEADS,
    "POST /contacts/{contact_id}/leave": AGENT | LEADS,
    "POST /contacts/{contact_id}/take-over": LEADS,
    "POST /contacts/{contact_id}/answer-by-email": AGENT | LEADS,
    "POST /contacts/{contact_id}/files": AGENT,
    "GET /contacts/{contact_id}/files/{file_id}": AGENT | LEADS,
    "POST /contacts/{contact_id}/library-files": AGENT | LEADS,
    "POST /contacts/{contact_id}/call": AGENT,
    "DELETE /contacts/{contact_id}/call": AGENT,
    "POST /visitor/call": OPEN,
    "GET /visitor/messages": OPEN,
    "POST /visitor/messages": OPEN,
    "POST /visitor/files": OPEN,
    "GET /visitor/files/{file_id}": OPEN,
    "GET /visitor/{tenant_id}/{button_id}": OPEN,
    "POST /visitor/{tenant_id}/{button_id}/sessions": OPEN,
    "POST /visitor/{tenant_id}/{button_id}/invitation": OPEN,
    "DELETE /visitor/{tenant_id}/{button_id}/invitation": OPEN,
    **{
        f"{verb} /contacts/{{contact_id}}/{name}": AGENT
        for verb, name in (
            ("GET", "draft"),
            ("PUT", "draft"),
            ("DELETE", "draft"),
            ("POST", "answer"),
            ("POST", "answer/{mail_id}/recall"),
            ("POST", "park"),
            ("POST", "unpark"),
            ("POST", "return"),
            ("POST", "forward"),
            ("POST", "reopen"),
        )
    },
    "GET /contacts/{contact_id}/thread": AGENT | LEADS,
    "POST /mail": AGENT,
    "GET /mail/drafts": AGENT,
    "GET /mail/drafts/{draft_id}": AGENT,
    "PUT /mail/drafts/{draft_id}": AGENT,
    "DELETE /mail/drafts/{draft_id}": AGENT,
    "POST /files": AGENT,
    "GET /files/{file_id}": AGENT | LEADS,
    "GET /mails/{mail_id}/html": AGENT | LEADS,
    "GET /mails/{mail_id}/raw": AGENT | LEADS,
    "GET /mails/{mail_id}/attachments/{index}": AGENT | LEADS,
    "GET /mails/set-aside": LEADS,
    "POST /mails/{mail_id}/retry": LEADS,
    "GET /inboxes": LEADS,
    "POST /inboxes/{inbox_id}/test": LEADS,
    "POST /inboxes/test": {ADMINISTRATOR},
    "GET /validation": {ADMINISTRATOR},
    **{f"POST /validation/{{mail_id}}/{name}": {ADMINISTRATOR} for name in ("approve", "correct", "return")},
    "GET /search": AGENT | LEADS,
    "GET /work": AGENT | LEADS,
    "GET /work/views": AGENT | LEADS,
    "PUT /work/views/{view_id}": AGENT | LEADS,
    "DELETE /work/views/{view_id}": AGENT | LEADS,
    "GET /figures": ALL,
    "GET /figures/now": ALL,
    "GET /figures/choices": LEADS | {OBSERVER},
    "GET /figures/{figure_id}/contacts": AGENT | LEADS,
    "GET /figures/{figure_id}/occurrences": AGENT | LEADS,
    "GET /chat/messages": AGENT | LEADS,
    "POST /chat/messages": AGENT | LEADS,
    "GET /answers": AGENT | LEADS,
    "POST /answers": LEADS,
    "GET /answers/{answer_id}": AGENT | LEADS,
    "PUT /answers/{answer_id}": LEADS,
    "DELETE /answers/{answer_id}": LEADS,
    "POST /answers/{answer_id}/render": AGENT | LEADS,
    "POST /answers/{answer_id}/used": AGENT | LEADS,
    "GET /contacts/{contact_id}/suggestions": AGENT | LEADS,
    "POST /answers/{answer_id}/attachments": LEADS,
    "GET /answers/{answer_id}/attachments/{file_id}": AGENT | LEADS,
    "DELETE /answers/{answer_id}/attachments/{file_id}": LEADS,
    "GET /spelling/words": AGENT | LEADS,
    "PUT /spelling/words": LEADS,
    "POST /spelling/words": LEADS,
    "DELETE /spelling/words": LEADS,
    "GET /library": LEADS,
    "POST /library/plan": LEADS,
    "POST /library/apply": LEADS,
    "POST /spelling/check": AGENT | LEADS,
    "GET /answers/themes": AGENT | LEADS,
    "POST /answers/themes": LEADS,
    "PUT /answers/themes/{theme_id}": LEADS,
    "DELETE /answers/themes/{theme_id}": LEADS,
    "GET /configuration": LEADS,
    "POST /configuration/plan": LEADS,
    "GET /configuration/versions": LEADS,
    "GET /configuration/versions/{version}": LEADS,
    "POST /configuration/versions/{version}/plan": LEADS,
    "POST /configuration/apply": {ADMINISTRATOR},
    "POST /configuration/rollback": {ADMINISTRATOR},
}

FILES = {"POST /contacts/{contact_id}/files", "POST /visitor/files"}
BODIES: dict[str, object] = {
    "POST /contacts/{contact_id}/messages": {"key": "0123456789", "text": "hello"},
    "PATCH /contacts/{contact_id}/messages/{number}": {"text": "hello"},
    "POST /contacts/{contact_id}/read": {"n": 1},
    "POST /contacts/{contact_id}/invite": {"agent_id": "bruno"},
    "POST /contacts/{contact_id}/call": {"key": "0123456789", "way": "page"},
    "POST /contacts/{contact_id}/library-files": {"answer_id": "none", "file_id": "0" * 64},
    "POST /spelling/words": {"language": "en", "word": "lanterne"},
    "POST /library/plan": {"document": ""},
    "POST /library/apply": {"document": ""},
    "POST /sessions": {"login": "nobody", "password": "nothing at all"},
    "POST /sessions/current/password": {"current": "wrong", "new": "something entirely new"},
    "PUT /desktop/layout": {"layouts": {}},
    "POST /desktop/seat": {"seat": "voice", "phone": {"kind": "browser"}},
    "PUT /desktop/phone": {"kind": "browser"},
    "POST /desktop/state": {"state": "ready"},
    "POST /desktop/calls": {"number": "0155667788"},
    "POST /contacts/{contact_id}/digits": {"digits": "1"},
    "POST /contacts/{contact_id}/transfer": {"to": "queue:sales"},
    "POST /contacts/{contact_id}/wrap-up": {},
    "POST /chat/messages": {"to": "team", "text": "hello", "key": "0123456789"},
    "PUT /contacts/{contact_id}/draft": {"text": "Hello"},
    "POST /contacts/{contact_id}/answer": {"to": ["a@b.example"], "text": "Hello", "key": "0123456789"},
    "POST /contacts/{contact_id}/park": {},
    "POST /contacts/{contact_id}/return": {"reason": "not mine"},
    "POST /contacts/{contact_id}/forward": {"to": "a@b.example", "text": "Do you know?"},
    "PUT /mail/drafts/{draft_id}": {"inbox_id": "inbox", "text": "Hello"},
    "POST /mail": {"inbox_id": "none", "to": ["a@b.example"], "text": "Hello", "key": "0123456789"},
    "POST /inboxes/test": {},
    "POST /validation/{mail_id}/correct": {"text": "Better"},
    "POST /validation/{mail_id}/return": {"remark": "kinder"},
    "POST /answers": {"theme_id": "none", "texts": {"en": {"title": "Hours", "text": "We are open."}}},
    "PUT /answers/{answer_id}": {"theme_id": "none", "texts": {"en": {"title": "Hours", "text": "Open."}}},
    "POST /answers/{answer_id}/render": {},
    "POST /answers/{answer_id}/used": {"contact_id": 4711},
    "POST /answers/themes": {"names": {"en": "Orders"}, "parent_id": "none"},
    "PUT /answers/themes/{theme_id}": {"names": {"en": "Orders"}},
    "PUT /work/views/{view_id}": {"name": "Late", "filters": {"late": True}},
    "POST /configuration/plan": {"document": ""},
    "POST /configuration/apply": {"document": "", "base_version": 1},
    "POST /configuration/rollback": {"version": 1},
}


def endpoints(web: WebForTests) -> Iterator[str]:
    assert web.web is not None
    for path, methods in web.web.app.openapi()["paths"].items():
        for method in methods:
            yield f"{method.upper()} {path.removeprefix('/api/v1')}"


async def knock(browser: Browser, endpoint: str, contact_id: int = 4711) -> tuple[int, str]:
    """Status and code. Logging out is not knocked at by who is needed later."""
    method, path = endpoint.split()
    values = {
        "contact_id": contact_id,
        "session_id": "x",
        "figure_id": "answered",
        "version": 1,
        "view_id": "late",
    }
    values |= {"answer_id": "none", "view_id": "late", "theme_id": "none", "file_id": "0" * 64}
    values |= {"number": 1, "tenant_id": "nobody", "button_id": "none"}
    values |= {"draft_id": "0123456789"}
    values |= {"mail_id": 4711, "index": 0, "inbox_id": "none"}
    body = BODIES.get(endpoint)
    files = {"file": ("note.txt", b"hello", "text/plain")} if endpoint in FILES else None
    answer = await browser.http.request(method, path.format(**values), json=body, files=files)
    problem = (
        answer.headers["content-type"].startswith("application/problem+json") if answer.content else False
    )
    return answer.status_code, answer.json()["code"] if problem else ""


def test_the_table_is_complete(centre: CentreForTests) -> None:
    assert set(endpoints(centre.web)) == set(MAY)


@pytest.mark.parametrize("person", ["", "amelie", SUPERVISOR, ADMINISTRATOR, OBSERVER])
async def test_who_is_let_in(centre: CentreForTests, person: str) -> None:
    wrong = []
    async with centre.browser(person or "nobody", log_in=bool(person)) as browser:
        for endpoint, may in MAY.items():
            if endpoint == "DELETE /sessions/current" and person:
                continue
            status, code = await knock(browser, endpoint)
            if may == OPEN:
                good = code not in ("session_expired", "forbidden")
            elif not person:
                good = (status, code) == (401, "session_expired")
            elif person in may:
                good = code not in ("session_expired", "forbidden") and status < 500
            else:
                good = (status, code) == (403, "forbidden")
            if not good:
                wrong.append(f"{endpoint}: {status} {code}")
    assert not wrong


async def test_another_customers_contact_is_not_there(web: WebForTests) -> None:
    """Same ids, same names, another customer: nothing of the first is seen or moved."""
    first = await add_centre(web)
    second = await add_centre(web, small_centre(number="+33199009000"))
    await web.start(first.world)
    async with AsyncExitStack() as stack:
        owner = await stack.enter_async_context(first.browser("amelie"))
        stranger = await stack.enter_async_context(second.browser("amelie"))
        boss = await stack.enter_async_context(second.browser(ADMINISTRATOR))
        for browser in (owner, stranger):
            await browser.take_seat()
        mine = await stack.enter_async_context(owner.live("me", "queues", "colleagues"))
        theirs = await stack.enter_async_context(stranger.live("me", "queues", "colleagues", "chat"))
        await first.server.ask(ReadyRequested("amelie"))
        outside = first.world.telephony
        outside.call(first.tenant_id, "line-1", NUMBER, "+33612345678")
        await first.server.settle()
        outside.finish_playback("line-1")
        await first.server.settle()
        outside.press("line-1", "1")
        await mine.until(lambda live: live.contact())
        contact = mine.contact()
        assert contact is not None

        for browser in (stranger, boss):
            for endpoint in MAY:
                if "{contact_id}" not in endpoint or endpoint.endswith("/wrap-up"):
                    continue
                status, code = await knock(browser, endpoint, contact["contact_id"])
                assert status in (403, 404, 409), f"{endpoint} {status} {code}"
            history = await browser.http.get("/contacts")
            assert history.json()["items"] == []
        message = {"to": "team", "text": "secret of acme", "key": "0123456789"}
        assert (await owner.http.post("/chat/messages", json=message)).status_code == 201
        assert (await stranger.http.get("/chat/messages")).json()["items"] == []
        await theirs.drain()
        assert theirs.contact() is None and theirs.rows["chat"] == {}
        assert theirs.rows["queues"]["sales"]["waiting"] == 0
        assert first.world.telephony.lines["line-1"].up


async def test_topics_by_role(centre: CentreForTests) -> None:
    async with (
        centre.browser(OBSERVER) as oscar,
        oscar.live("me", "queues", "chat", "colleagues", "figures", "work", "viewers", desktop=False) as live,
    ):
        assert live.denied == {"me", "chat", "colleagues", "figures", "work", "viewers"}
    async with (
        centre.browser(SUPERVISOR) as sophie,
        sophie.live("me", "queues", "chat", "colleagues", "figures", desktop=False) as live,
    ):
        assert live.denied == {"me", "figures"}


async def test_agents_see_their_own_contacts_and_figures_only(centre: CentreForTests) -> None:
    async with (
        centre.browser("bruno") as bruno,
        centre.browser("amelie") as amelie,
        centre.browser(SUPERVISOR) as sophie,
    ):
        await amelie.take_seat()
        async with amelie.live("me") as live:
            await amelie.state("ready")
            outside = centre.world.telephony
            outside.call(centre.tenant_id, "line-1", NUMBER, "+33612345678")
            await centre.server.settle()
            outside.finish_playback("line-1")
            await centre.server.settle()
            outside.press("line-1", "2")
            await live.until(lambda live: live.contact())
            contact = live.contact()
            assert contact is not None
            outside.answer(contact["line"])
            await live.until(lambda live: live.contact()["phase"] == "talking")  # type: ignore[index]
        path = f"/contacts/{contact['contact_id']}"
        assert (await amelie.http.get(path)).status_code == 200
        assert (await sophie.http.get(path)).json()["contact"]["outcome"] == "live"
        for hidden in (path, f"{path}/facts", f"{path}/why"):
            assert (await bruno.http.get(hidden)).json()["code"] == "not_found"
        assert (await bruno.http.get("/contacts")).json()["items"] == []
        assert (await bruno.http.get("/figures?agent=amelie")).json()["code"] == "forbidden"
        answered = await amelie.http.get("/figures/answered/contacts")
        assert [row["contact_id"] for row in answered.json()["items"]] == [contact["contact_id"]]
        assert (await bruno.http.get("/figures/answered/contacts")).json()["items"] == []
