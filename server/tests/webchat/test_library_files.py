"""Files of the ready-made answers for a visitor: with an end, so often and no more, and a sentence afterwards."""

from datetime import timedelta
from typing import Any

from cordboard.testing.web import SUPERVISOR, Browser, CentreForTests, Live
from cordboard.testing.webchat import http, new_key
from tests.webchat.test_protocol import talking

At = tuple[Browser, Live]
SHEET = b"Lamp 40 W, brass"


async def in_the_library(centre: CentreForTests) -> tuple[str, str]:
    """An answer with a file: their ids."""
    async with centre.browser(SUPERVISOR) as sophie:
        await sophie.http.post("/answers/themes", json={"id": "lamps", "names": {"en": "Lamps"}})
        body = {"theme_id": "lamps", "texts": {"en": {"title": "The lamp", "text": "Here it is."}}}
        made = await sophie.http.post("/answers", json=body)
        assert made.status_code == 201, made.text
        answer_id = made.json()["id"]
        added = await sophie.http.post(
            f"/answers/{answer_id}/attachments",
            files={"file": ("lamp.txt", SHEET, "text/plain")},
            headers={"If-Match": made.headers["etag"]},
        )
        assert added.status_code == 201, added.text
        return answer_id, added.json()["attachments"][0]["file_id"]


async def given(agent: Browser, contact_id: int, chosen: dict[str, Any]) -> None:
    kept = await agent.http.post(f"/contacts/{contact_id}/library-files", json=chosen)
    assert kept.status_code == 201, kept.text
    message = {"key": new_key(), "kind": "file", "file_id": kept.json()["file_id"]}
    assert (await agent.http.post(f"/contacts/{contact_id}/messages", json=message)).status_code == 201


async def test_it_is_downloaded_so_often_and_then_a_sentence_says_so(
    centre: CentreForTests, amelie: At
) -> None:
    agent, live = amelie
    answer_id, file_id = await in_the_library(centre)
    visitor, contact_id = await talking(centre, live)
    chosen = {"answer_id": answer_id, "file_id": file_id, "expires_seconds": 86_400, "downloads": 1}
    async with visitor.online(), http(centre) as client:
        await given(agent, contact_id, chosen)
        await visitor.until(lambda each: any("file" in one for one in each.messages.values()))
        file = visitor.messages[visitor.last]["file"]
        assert (file["name"], file["times"]) == ("lamp.txt", 1) and file["until"].endswith("Z")
        url = f"/files/{file['id']}?token={visitor.token}"
        assert (await client.get(url)).content == SHEET
        rows = (await agent.http.get(f"/contacts/{contact_id}/messages")).json()["items"]
        assert rows[-1]["attachment"]["downloads"] == 1 and rows[-1]["attachment"]["expires_at"]
        own = f"/contacts/{contact_id}/files/{file['id']}"
        assert (await agent.http.get(own)).status_code == 200, "the agents' own looks are not counted"
        used_up = await client.get(url, headers={"Accept": "text/html,*/*"})
        assert used_up.status_code == 410 and "not available any more" in used_up.text
        assert used_up.headers["content-type"].startswith("text/html")
        plain = await client.get(url)
        assert (plain.status_code, plain.json()["code"]) == (410, "file_gone")


async def test_it_ends_in_the_visitors_language(centre: CentreForTests, amelie: At) -> None:
    agent, live = amelie
    answer_id, file_id = await in_the_library(centre)
    visitor, contact_id = await talking(centre, live, language="fr")
    chosen = {"answer_id": answer_id, "file_id": file_id, "expires_seconds": 3_600}
    async with visitor.online(), http(centre) as client:
        await given(agent, contact_id, chosen)
        await visitor.until(lambda each: any("file" in one for one in each.messages.values()))
        file = visitor.messages[visitor.last]["file"]
        assert "times" not in file
        url = f"/files/{file['id']}?token={visitor.token}"
        assert (await client.get(url)).status_code == 200
        centre.world.clock.advance(timedelta(hours=2))
        over = await client.get(url, headers={"Accept": "text/html"})
        assert over.status_code == 410 and "n’est plus disponible" in over.text and 'lang="fr"' in over.text


async def test_what_is_not_there_or_not_his(centre: CentreForTests, amelie: At) -> None:
    agent, live = amelie
    answer_id, file_id = await in_the_library(centre)
    _, contact_id = await talking(centre, live)
    path = f"/contacts/{contact_id}/library-files"
    wrong = await agent.http.post(path, json={"answer_id": answer_id, "file_id": "0" * 64})
    assert wrong.status_code == 404
    never = {"answer_id": answer_id, "file_id": file_id, "downloads": 0}
    assert (await agent.http.post(path, json=never)).status_code == 422
    async with centre.browser("bruno") as bruno:
        chosen = {"answer_id": answer_id, "file_id": file_id}
        assert (await bruno.http.post(path, json=chosen)).status_code == 403
