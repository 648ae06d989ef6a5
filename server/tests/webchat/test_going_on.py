"""A visitor goes on with a conversation that is over, in all his tabs; and an agent hands his chat to the script."""

from dataclasses import replace
from datetime import timedelta

from cordboard.core import events as ev
from cordboard.core.script.steps import ButtonCase, ButtonsStep, QueueStep
from cordboard.testing.web import Browser, CentreForTests, Live, WebForTests, add_centre
from cordboard.testing.webchat import Visitor, at_chat_desk, begin, chat_centre, http, new_key
from tests.webchat.test_folders import ended, mails
from tests.webchat.test_protocol import answered, talking

At = tuple[Browser, Live]


def chats(live: Live) -> list[int]:
    return [row["contact_id"] for row in live.rows["me"].values() if "contact_id" in row]


async def test_it_goes_on_in_all_tabs_with_all_that_was_said(centre: CentreForTests, amelie: At) -> None:
    agent, live = amelie
    visitor, earlier_id = await talking(centre, live)
    other_tab = Visitor(centre, visitor.token)
    async with visitor.online(), other_tab.online():
        await visitor.say("Where is my lamp?")
        await answered(agent, earlier_id, "On its way.")
        await ended(visitor)
        assert visitor.state["continue"] is True
        await other_tab.until(lambda each: each.state.get("state") == "ended")
        last = visitor.last
        await visitor.send(t="continue")
        await visitor.send(t="continue")
        for tab in (visitor, other_tab):
            await tab.until(lambda each: each.state.get("state") == "talking")
            assert tab.messages[last + 1]["text"] == "The conversation goes on."
        await live.until(lambda each: chats(each) not in ([], [earlier_id]))
        (contact_id,) = chats(live)
        await visitor.say("It has not come.")
        await other_tab.until(lambda each: "It has not come." in each.texts())
        rows = (await agent.http.get(f"/contacts/{contact_id}/messages")).json()["items"]
        assert [row["n"] for row in rows] == list(range(1, len(rows) + 1))
        assert [row["text"] for row in rows if row["author"] == "visitor"] == [
            "Where is my lamp?",
            "It has not come.",
        ]
        assert [row["earlier"] for row in rows if row["kind"] == "text"] == [True, True, False]
    reloaded = Visitor(centre, visitor.token)
    async with reloaded.online():
        await reloaded.until(lambda each: each.last == len(rows))
    assert reloaded.texts("visitor") == ["Where is my lamp?", "It has not come."]
    kinds = await centre.world.recorded()
    assert kinds.count("contact_reopened") == 1 and kinds.count("contact_arrived") == 2


async def test_files_of_before_are_still_there_and_the_survey_counts_again(
    centre: CentreForTests, amelie: At
) -> None:
    _, live = amelie
    visitor, _ = await talking(centre, live)
    async with visitor.online(), http(centre) as client:
        files = {"file": ("note.txt", b"Some words", "text/plain")}
        kept = (await client.post(f"/files?token={visitor.token}", files=files)).json()
        await visitor.send(t="file", key=new_key(), file_id=kept["file_id"])
        await visitor.until(lambda each: any("file" in one for one in each.messages.values()))
        await ended(visitor)
        await visitor.send(t="survey", score=2, text="")
        await visitor.send(t="continue")
        await visitor.until(lambda each: each.state.get("state") == "talking")
        url = f"/files/{kept['file_id']}?token={visitor.token}"
        assert (await client.get(url)).text == "Some words"
        await ended(visitor)
        await visitor.send(t="survey", score=5, text="")
        await visitor.send(t="transcript", email="ann@home.example")
        await visitor.send(t="ping")
        await visitor.until(lambda each: {"t": "pong"} in each.others)
    sent = [mail for mail in await mails(centre) if mail["direction"] == "out"]
    assert len(sent) == 1 and "note.txt" in sent[0]["text"], "the whole conversation"
    assert (await centre.world.recorded()).count("survey_given") == 2


async def test_too_late_and_gone_are_said_in_the_visitors_language(
    centre: CentreForTests, amelie: At
) -> None:
    _, live = amelie
    config = centre.server.state.config
    assert config is not None
    at_once = replace(config.chat_buttons["site"], reopen_within=timedelta())
    visitor = await begin(centre, language="fr")
    async with visitor.online():
        await live.until(lambda each: len(each.rows["me"]) > 1)
        await ended(visitor)
        shorter = replace(config, version=config.version + 1, chat_buttons={"site": at_once})
        await centre.server.ask(ev.ConfigPublished(shorter))
        await visitor.send(t="continue")
        await visitor.until(lambda each: any(one["t"] == "error" for one in each.others))
        assert visitor.others[-1]["code"] == "too_late_to_go_on"
        assert visitor.others[-1]["detail"].startswith("Cette conversation est trop ancienne")
        gone = replace(config, version=config.version + 2, chat_buttons={})
        await centre.server.ask(ev.ConfigPublished(gone))
        await visitor.send(t="continue")
        await visitor.until(lambda each: each.others[-1].get("code") == "unknown_button")


async def test_nobody_there_and_an_email_that_waits(centre: CentreForTests) -> None:
    visitor = await begin(centre, fields={"name": "Ann", "email": "ann@home.example"})
    async with visitor.online():
        await visitor.say("Is anybody there?")
        await ended(visitor)
        assert len(await mails(centre)) == 1
        await visitor.send(t="continue")
        await visitor.until(lambda each: each.state.get("state") == "waiting")
        assert visitor.state["position"] == 1
        await visitor.say("Hello again")
        await ended(visitor)
    first, second = await mails(centre)
    assert "Is anybody there?" in second["text"] and "Hello again" in second["text"]
    assert "Hello again" not in first["text"]


async def test_handed_to_the_script(web: WebForTests) -> None:
    ask = ButtonsStep({"en": "What else?"}, (ButtonCase({"en": "People"}, "wait"),))
    config = chat_centre(start=QueueStep("chats"), ask=ask, wait=QueueStep("chats"))
    script = replace(config.scripts["talk"], hand_to={"ask": {"en": "The assistant", "fr": "L'assistant"}})
    centre = await add_centre(web, replace(config, scripts={**config.scripts, "talk": script}))
    await web.start(centre.world)
    async with centre.browser("amelie") as agent, agent.live("me") as live:
        await at_chat_desk(agent)
        visitor, contact_id = await talking(centre, live)
        topic = f"conversation:{contact_id}"
        async with visitor.online(), agent.live(topic) as chat:
            await chat.until(lambda each: "state" in each.rows[topic])
            assert chat.rows[topic]["state"]["hand_to"] == [
                {"to": "step:ask", "labels": {"en": "The assistant", "fr": "L'assistant"}}
            ]
            refused = await agent.http.post(f"/contacts/{contact_id}/transfer", json={"to": "step:wait"})
            assert (refused.status_code, refused.json()["code"]) == (404, "unknown_step")
            done = await agent.http.post(f"/contacts/{contact_id}/transfer", json={"to": "step:ask"})
            assert done.status_code < 300, done.text
            await visitor.until(lambda each: each.state.get("state") == "script")
            await visitor.until(lambda each: "What else?" in each.texts())
            assert any("has handed you over to our assistant" in text for text in visitor.texts())
            asked = max(n for n, each in visitor.messages.items() if each.get("choices"))
            await visitor.send(t="choose", key=new_key(), n=asked, choice="1")
            await visitor.until(lambda each: each.state.get("state") == "talking")
