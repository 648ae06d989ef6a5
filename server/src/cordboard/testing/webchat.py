"""A centre with chat buttons, and visitors who talk to it over real sockets as the widget does."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from cordboard.core.config import (
    ButtonKind,
    ChatButton,
    EntryPoint,
    Inbox,
    InvitationRule,
    Queue,
    TenantConfig,
)
from cordboard.core.script.steps import Script, Step
from cordboard.core.words import Channel, SeatKind
from cordboard.testing.centre import small_centre
from cordboard.testing.web import Browser, CentreForTests

SHOP = "https://shop.example"
_keys = itertools.count(1)


def chat_centre(**steps: Step) -> TenantConfig:
    """The small centre with a queue for chats, four places with each of its two agents, and two buttons."""
    config = small_centre()
    agents = {
        agent_id: replace(profile, capacity={Channel.VOICE: 1, Channel.CHAT: 4})
        for agent_id, profile in config.agents.items()
    }
    queue = Queue(
        "chats",
        "Chats",
        "shop",
        Channel.CHAT,
        auto_accept=True,
        closing_reason_required=False,
        wrap_up=timedelta(),
    )
    script = {"talk": Script("talk", "Talk", "shop", "start", steps)} if steps else {}
    button = ChatButton(
        "site",
        "Site",
        "shop",
        languages=("en", "fr"),
        origins=(SHOP,),
        titles={"en": "Talk to us", "fr": "Parlez-nous"},
        files=("image/*", "text/plain"),
        largest_file=100_000,
        survey=True,
        preview=True,
        identity_secret="site",
        inbox_id="inbox",
        visitor_grace=timedelta(seconds=30),
    )
    inviting = ChatButton(
        "inviting",
        "Inviting",
        "shop",
        ButtonKind.DYNAMIC,
        origins=(SHOP,),
        queue_id="chats",
        rules=(InvitationRule(seconds=5, texts={"en": "May we help?"}),),
    )
    points = {
        key: EntryPoint(key, key.title(), Channel.CHAT, key, "shop", "talk" if steps else "")
        for key in ("site", "inviting")
    }
    return replace(
        config,
        agents=agents,
        seats={SeatKind.CHAT: 2, SeatKind.OMNICHANNEL: 2},
        queues={**config.queues, "chats": queue},
        scripts={**config.scripts, **script},
        entry_points={
            **config.entry_points,
            **points,
            "inbox": EntryPoint("inbox", "Inbox", Channel.EMAIL, "shop@acme.example", "shop"),
        },
        inboxes={"inbox": Inbox("inbox")},
        chat_buttons={"site": button, "inviting": inviting},
    )


async def at_chat_desk(agent: Browser) -> None:
    """Takes a seat for chats and is ready. A live socket makes him be there."""
    answer = await agent.http.post("/desktop/seat", json={"seat": "chat", "phone": None})
    assert answer.status_code == 200, answer.text
    answer = await agent.state("ready")
    assert answer.status_code < 300, answer.text


@dataclass(slots=True)
class Visitor:
    """What a widget knows: messages by number without gaps, the state, and its token."""

    centre: CentreForTests
    token: str
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    others: list[dict[str, Any]] = field(default_factory=list)
    socket: ClientConnection | None = None

    @property
    def last(self) -> int:
        return max(self.messages, default=0)

    @asynccontextmanager
    async def online(self, origin: str = SHOP) -> AsyncIterator["Visitor"]:
        url = f"{self.centre.web.origin.replace('http', 'ws')}/api/v1/visitor/socket"
        async with connect(f"{url}?token={self.token}&after={self.last}", origin=Origin(origin)) as socket:
            self.socket = socket
            yield self

    async def next(self, seconds: float = 5) -> dict[str, Any]:
        assert self.socket is not None
        frame: dict[str, Any] = json.loads(await asyncio.wait_for(self.socket.recv(), seconds))
        self.take(frame)
        return frame

    def take(self, frame: dict[str, Any]) -> None:
        if frame["t"] == "message":
            assert frame["n"] <= self.last + 1, "a gap"
            self.messages[frame["n"]] = frame
        elif frame["t"] == "state":
            self.state = frame
        else:
            self.others.append(frame)

    async def until(self, holds: Any, seconds: float = 5) -> None:
        async with asyncio.timeout(seconds):
            while not holds(self):
                await self.next()

    async def send(self, **frame: object) -> None:
        assert self.socket is not None
        await self.socket.send(json.dumps(frame))

    async def say(self, text: str, key: str = "") -> str:
        """Sends it, and waits until it has come back."""
        key = key or new_key()
        await self.send(t="say", key=key, text=text)
        await self.until(lambda visitor: any(each.get("key") == key for each in visitor.messages.values()))
        return key

    def texts(self, *authors: str) -> list[str]:
        """What was written, oldest first."""
        found = sorted(self.messages.items())
        return [
            each["text"] for _, each in found if "text" in each and (not authors or each["from"] in authors)
        ]


def new_key() -> str:
    return f"key-{next(_keys):08d}"


def http(centre: CentreForTests, origin: str = SHOP) -> httpx2.AsyncClient:
    """A browser on another site."""
    return httpx2.AsyncClient(
        base_url=f"{centre.web.origin}/api/v1/visitor", headers={"Origin": origin}, timeout=30
    )


async def begin(centre: CentreForTests, button: str = "site", **more: object) -> Visitor:
    """A visitor with a new session."""
    async with http(centre) as client:
        body: Mapping[str, object] = {"key": new_key(), "visitor_id": new_key(), "language": "en", **more}
        answer = await client.post(f"/{centre.tenant_id}/{button}/sessions", json=body)
        assert answer.status_code == 201, answer.text
        return Visitor(centre, answer.json()["token"])
