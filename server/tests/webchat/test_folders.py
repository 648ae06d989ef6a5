"""After the session: missed chats and left messages become emails, others when somebody wants it; transcripts are sent."""

import json
from datetime import timedelta
from typing import Any

from cordboard.core.script.steps import LeaveMessageStep, QueueStep
from cordboard.testing.web import Browser, CentreForTests, Live, WebForTests, add_centre
from cordboard.testing.webchat import Visitor, begin, chat_centre, new_key

At = tuple[Browser, Live]
MAILS = """
SELECT direction, state, inbox_id, sender, sender_name, subject, text, recipients::text AS recipients,
    attachments::text AS attachments FROM mail ORDER BY id
"""


async def mails(centre: CentreForTests) -> list[dict[str, Any]]:
    assert centre.web.web is not None
    await centre.server.settle()
    while await centre.web.web.webchat.folders.catch_up(centre.tenant_id):
        pass
    async with centre.web.db.tenant(centre.tenant_id) as connection:
        return [dict(row.items()) for row in await connection.fetch(MAILS)]


async def ended(visitor: Visitor) -> None:
    await visitor.send(t="end")
    await visitor.until(lambda each: each.state.get("state") == "ended")


async def test_a_missed_chat_with_an_address_becomes_an_email_once(centre: CentreForTests) -> None:
    visitor = await begin(centre, fields={"name": "Ann", "email": "ann@home.example"})
    async with visitor.online():
        await visitor.say("Is anybody there?")
        await ended(visitor)
    (mail,) = await mails(centre)
    assert (mail["direction"], mail["state"], mail["inbox_id"]) == ("in", "stored", "inbox")
    assert (mail["sender"], mail["sender_name"]) == ("ann@home.example", "Ann")
    assert "Ann: Is anybody there?" in mail["text"]
    async with centre.web.db.tenant(centre.tenant_id) as connection:
        await connection.execute("UPDATE projection SET projected_seq = 0 WHERE name = 'chat_folders'")
    assert len(await mails(centre)) == 1, "seen twice, filed once"


async def test_without_an_address_or_a_word_there_is_nothing_to_answer(centre: CentreForTests) -> None:
    nobody = await begin(centre)
    async with nobody.online():
        await nobody.say("Hello?")
        await ended(nobody)
    silent = await begin(centre, fields={"email": "ann@home.example"})
    async with silent.online():
        await ended(silent)
    assert await mails(centre) == []


async def test_a_left_message(web: WebForTests) -> None:
    centre = await add_centre(web, chat_centre(start=LeaveMessageStep({"en": "Leave a message."})))
    await web.start(centre.world)
    visitor = await begin(centre)
    async with visitor.online():
        await visitor.until(lambda each: each.messages)
        await visitor.send(t="leave_message", key=new_key(), email="ann@home.example", text="It is late.")
        await visitor.until(lambda each: each.state.get("state") == "ended")
    (mail,) = await mails(centre)
    assert mail["sender"] == "ann@home.example" and mail["text"].startswith("It is late.")


async def test_a_message_instead_of_waiting(web: WebForTests) -> None:
    """Nobody is there, and he is told so; what is known of him is not asked again."""
    waiting = QueueStep("chats", max_wait=timedelta(minutes=10), timeout="away")
    away = LeaveMessageStep({"en": "Leave a message."})
    centre = await add_centre(web, chat_centre(start=waiting, away=away))
    await web.start(centre.world)
    visitor = await begin(centre, fields={"email": "ann@home.example"})
    async with visitor.online():
        await visitor.until(lambda each: each.state.get("message"))
        assert visitor.state["nobody"]
        await visitor.send(t="stop_waiting")
        await visitor.until(lambda each: each.messages)
        question = visitor.messages[visitor.last]
        assert [field["name"] for field in question["fields"]] == ["message"]
        await visitor.send(t="form", key=new_key(), n=question["n"], values={"message": "It is late."})
        await visitor.until(lambda each: each.state.get("state") == "ended")
    (mail,) = await mails(centre)
    assert mail["sender"] == "ann@home.example" and mail["text"].startswith("It is late.")


async def test_a_handled_chat_when_somebody_wants_it(centre: CentreForTests, amelie: At) -> None:
    agent, live = amelie
    visitor = await begin(centre, fields={"email": "ann@home.example"})
    await live.until(lambda each: len(each.rows["me"]) > 1)
    contact_id = next(int(key[8:]) for key in live.rows["me"] if key.startswith("contact:"))
    async with visitor.online():
        await visitor.say("Hello")
        await agent.http.post(
            f"/contacts/{contact_id}/messages", json={"key": new_key(), "text": "For us", "kind": "whisper"}
        )
        await ended(visitor)
    assert await mails(centre) == []
    async with centre.browser(
        "bruno"
    ) as bruno:  # of its Space: who finds it in the search may read it when it is over
        history = (await bruno.http.get(f"/contacts/{contact_id}/messages")).json()["items"]
        assert "Hello" in [row["text"] for row in history]
    for _ in range(2):
        answer = await agent.http.post(f"/contacts/{contact_id}/answer-by-email")
        assert answer.status_code == 204, answer.text
    (mail,) = await mails(centre)
    assert "For us" not in mail["text"] and "Hello" in mail["text"]


async def test_a_transcript_leaves_through_the_outbox(centre: CentreForTests, amelie: At) -> None:
    _, live = amelie
    visitor = await begin(centre, language="fr")
    await live.until(lambda each: len(each.rows["me"]) > 1)
    async with visitor.online():
        await visitor.say("Bonjour")
        await ended(visitor)
        for _ in range(2):
            await visitor.send(t="transcript", email="ann@home.example")
        await visitor.send(t="ping")
        await visitor.until(lambda each: {"t": "pong"} in each.others)
    (mail,) = await mails(centre)
    assert (mail["direction"], mail["state"], mail["subject"]) == ("out", "queued", "Discussion")
    assert json.loads(mail["recipients"])[0]["address"] == "ann@home.example"
    assert "Amelie est là pour vous." in mail["text"]
    async with centre.web.db.tenant(centre.tenant_id) as connection:
        assert await connection.fetchval("SELECT count(*) FROM outbox") == 1
