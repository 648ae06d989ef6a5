"""What visitors and agents meet: harmful files do not come in by a chat, and do not come out of a mail."""

import json
from dataclasses import replace

import pytest

from cordboard.blobs import rows as blob_rows
from cordboard.blobs.rows import Keep
from cordboard.scanning.scanners import ScanFailed
from cordboard.testing.web import WebForTests, add_centre
from cordboard.testing.webchat import begin, chat_centre, http
from tests.scanning.test_scanning import HARMFUL, Scan
from tests.web.test_mail import make_desk, taken

WORDS = {
    "en": ("refused by the scan", "could not be checked"),
    "fr": ("refusé par l’analyse", "n’a pas pu être analysé"),
    "de": ("schädliche Inhalte", "konnte nicht geprüft werden"),
    "es": ("contenido dañino", "No se ha podido analizar"),
}


@pytest.mark.parametrize("language", WORDS)
async def test_a_visitor_is_told_in_his_language(web: WebForTests, language: str) -> None:
    scan = Scan("Test.Harmful")
    web.scanner = scan
    config = chat_centre()
    button = replace(config.chat_buttons["site"], languages=tuple(WORDS))
    centre = await add_centre(web, replace(config, chat_buttons={**config.chat_buttons, "site": button}))
    await web.start(centre.world)
    visitor = await begin(centre, language=language)
    files = {"file": ("note.txt", HARMFUL, "text/plain")}
    async with http(centre) as client:
        for found, code, words in (
            ("Test.Harmful", "file_infected", WORDS[language][0]),
            (ScanFailed("away"), "file_not_checked", WORDS[language][1]),
        ):
            scan.found = found
            name = "note.txt" if code == "file_infected" else "other.txt"
            data = HARMFUL if code == "file_infected" else b"another"
            files = {"file": (name, data, "text/plain")}
            refused = await client.post("/files", params={"token": visitor.token}, files=files)
            assert (refused.status_code, refused.json()["code"]) == (
                422 if code == "file_infected" else 503,
                code,
            )
            assert words in refused.json()["detail"]
        scan.found = ""
        kept = await client.post(
            "/files", params={"token": visitor.token}, files={"file": ("a.txt", b"fine", "text/plain")}
        )
        assert kept.status_code == 201, kept.text


async def test_an_agent_sees_what_is_harmful_and_can_not_open_it(web: WebForTests) -> None:
    scan = Scan()
    web.scanner = scan
    desk = await make_desk(web)
    assert web.web is not None
    verdicts = web.web.written.verdicts
    hashes = {}
    async with web.db.tenant(desk.centre.tenant_id) as connection:
        for name, data in (("clean.txt", b"clean"), ("harmful.txt", HARMFUL), ("late.txt", b"late")):
            row = await blob_rows.put(
                verdicts.store,
                connection,
                desk.centre.tenant_id,
                Keep(data, "text/plain"),
                desk.centre.world.clock.now(),
            )
            hashes[name] = row.hash
    parts = [
        {"name": name, "media_type": "text/plain", "size": 5, "hash": hash_, "inline_id": "", "text": ""}
        for name, hash_ in hashes.items()
    ]
    await verdicts.look(desk.centre.tenant_id, hashes["clean.txt"])
    scan.found = "Test.Harmful"
    await verdicts.look(desk.centre.tenant_id, hashes["harmful.txt"])
    async with desk.agent() as emma:
        contact_id = await taken(desk, emma, attachments=json.dumps(parts))
        thread = (await emma.http.get(f"/contacts/{contact_id}/thread")).json()
        states = {each["name"]: each["scan"] for each in thread["mails"][0]["attachments"]}
        assert states == {"clean.txt": "clean", "harmful.txt": "infected", "late.txt": "scanning"}
        assert (await emma.http.get("/mails/1/attachments/0")).content == b"clean"
        for index in (1, 2):
            refused = await emma.http.get(f"/mails/1/attachments/{index}")
            assert (refused.status_code, refused.json()["code"]) == (422, "file_infected")
        scan.found = ScanFailed("away")
        refused = await emma.http.post("/files", files={"file": ("up.txt", b"from an agent", "text/plain")})
        assert (refused.status_code, refused.json()["code"]) == (503, "file_not_checked")
