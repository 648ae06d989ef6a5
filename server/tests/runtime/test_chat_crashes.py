"""A chat with a crash at every point: each message is there once, with the same number, and the chat ends the same."""

from collections.abc import Sequence

import pytest

from cordboard.core import events as ev
from cordboard.core.conversation import events as chat
from cordboard.core.words import SeatKind
from cordboard.testing.runtime import MakeWorld, World
from cordboard.testing.stories import STORIES, Play, Step, asks
from cordboard.testing.webchat import chat_centre
from tests.runtime.test_crashes import play

_MESSAGES = """
SELECT body->>'number' AS number, body->>'author' AS author, body->>'text' AS text FROM fact
WHERE kind = 'message_written' ORDER BY seq, ordinal
"""


def _chat(play: Play) -> int:
    """The one chat; known when it is over, too."""
    if "chat" not in play.contacts:
        play.contacts["chat"] = play.server.state.chat_references["s1"]
    return play.contacts["chat"]


def _at_desk(play: Play) -> ev.DesktopConnected:
    if "amelie" not in play.desktops:
        play.desktops.append("amelie")
    return ev.DesktopConnected("amelie", "tab-amelie")


def _writes(key: str, text: str) -> Step:
    return asks(lambda play: chat.VisitorWrote(_chat(play), key, text))


def _answers(key: str, text: str) -> Step:
    return asks(lambda play: chat.AgentWrote("amelie", _chat(play), key, text))


STORY: Sequence[Step] = (
    asks(lambda play: ev.ConfigPublished(chat_centre())),
    asks(lambda play: ev.AgentLoggedIn("amelie", "login-1", SeatKind.CHAT, None)),
    asks(_at_desk),
    asks(lambda play: ev.ReadyRequested("amelie")),
    asks(lambda play: chat.ChatArrived("site", "s1", "ann@home.example")),
    asks(lambda play: chat.VisitorConnected(_chat(play))),
    _writes("k1", "Hello"),
    _answers("k2", "Good morning"),
    _writes("k3", "Where is my order?"),
    _answers("k4", "On its way"),
    asks(lambda play: ev.HangUpRequested("amelie", _chat(play))),
)


async def _messages(world: World) -> list[tuple[str, str, str]]:
    async with world.database.tenant(world.tenant_id) as connection:
        rows = await connection.fetch(_MESSAGES)
    return [(row["number"], row["author"], row["text"]) for row in rows]


async def test_every_message_once_with_its_number(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(STORIES, "chat", STORY)
    undisturbed = await make_world()
    expected, points = await play(undisturbed, "chat", 0)
    messages = await _messages(undisturbed)
    assert [text for _, _, text in messages] == [
        "agent_joined",
        "Hello",
        "Good morning",
        "Where is my order?",
        "On its way",
    ]
    assert [number for number, _, _ in messages] == ["1", "2", "3", "4", "5"]
    assert points > 15
    for point in range(1, points + 1):
        world = await make_world()
        ending, _ = await play(world, "chat", point)
        assert await _messages(world) == messages, point
        assert ending == expected, point
