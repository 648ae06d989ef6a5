"""The ARI client against a server that misbehaves as real ones do: slow, silent, gone."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve

from cordboard.channels.asterisk import client as ari
from cordboard.channels.asterisk.client import Answer, AriAddress, AriClient
from cordboard.channels.asterisk.wire import Message


class Scene:
    """A client connected to `behaves`; what it heard is in `heard`."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self.connected = asyncio.Semaphore(0)
        self.lost = 0
        self.client: AriClient

    async def on_connected(self) -> None:
        self.connected.release()

    def on_lost(self) -> None:
        self.lost += 1


Behaviour = Callable[[ServerConnection], "asyncio.Future[None] | object"]


@asynccontextmanager
async def scene(behaves: object) -> AsyncIterator[Scene]:
    now = Scene()
    async with serve(behaves, "127.0.0.1", 0) as server:  # type: ignore[arg-type]  # any coroutine of a connection
        port = next(iter(server.sockets)).getsockname()[1]
        address = AriAddress("127.0.0.1", port, "user", "pass", "app")
        now.client = AriClient(address, now.heard.append, now.on_connected, now.on_lost)
        running = asyncio.create_task(now.client.run())
        try:
            await asyncio.wait_for(now.connected.acquire(), 5)
            yield now
        finally:
            running.cancel()
            await asyncio.wait([running])


def answer_to(request: str | bytes, status: int = 200, body: str = "") -> str:
    asked = json.loads(request)
    return json.dumps(
        {
            "type": "RESTResponse",
            "request_id": asked["request_id"],
            "status_code": status,
            "reason_phrase": "OK",
            "message_body": body,
        }
    )


def noting(answered: list[int], number: int) -> Callable[[Answer], None]:
    return lambda _: answered.append(number)


async def test_client_order() -> None:
    """Requests reach Asterisk in the order of the calls, and events and answers come back in theirs."""
    asked: list[str] = []

    async def behaves(connection: ServerConnection) -> None:
        async for request in connection:
            asked.append(json.loads(request)["uri"])
            await connection.send(json.dumps({"type": "StasisEnd", "digit": asked[-1]}))
            await connection.send(answer_to(request))

    async with scene(behaves) as now:
        answered: list[int] = []
        for number in range(300):
            now.client.send("POST", f"channels/{number}", on_answer=noting(answered, number))
        assert (await now.client.request("GET", "last", {"a b": "c&d"})).ok
        assert answered == list(range(300))
        assert asked == [*(f"channels/{number}" for number in range(300)), "last?a+b=c%26d"]
        assert [message.digit for message in now.heard] == asked


async def test_credentials_and_body() -> None:
    asked: list[dict[str, str]] = []
    credentials: list[str | None] = []

    async def behaves(connection: ServerConnection) -> None:
        assert connection.request is not None
        credentials.append(connection.request.headers.get("Authorization"))
        async for request in connection:
            asked.append(json.loads(request))
            await connection.send(answer_to(request, 404, '{"message":"no"}'))

    async with scene(behaves) as now:
        answer = await now.client.request("PUT", "x", body={"fields": []})
    assert answer == Answer(404, "OK", '{"message":"no"}') and answer.gone and not answer.ok
    assert credentials == ["Basic dXNlcjpwYXNz"]
    assert asked[0]["message_body"] == '{"fields":[]}' and asked[0]["content_type"] == "application/json"


async def test_client_timeouts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ari, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(ari, "PING_SECONDS", 0.1)

    async def behaves(connection: ServerConnection) -> None:
        async for _ in connection:
            pass

    async with scene(behaves) as now:
        assert (await asyncio.wait_for(now.client.request("GET", "x"), 2)).status == 0
        assert now.lost == 0


async def test_client_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says nothing at all, not even to a ping, is lost, and connected to again."""
    monkeypatch.setattr(ari, "SILENCE_SECONDS", 0.3)
    monkeypatch.setattr(ari, "PING_SECONDS", 0.1)

    async def behaves(connection: ServerConnection) -> None:
        connection.transport.pause_reading()
        await asyncio.sleep(3)

    async with scene(behaves) as now:
        await asyncio.wait_for(now.connected.acquire(), 3)
        assert now.lost == 1


async def test_lost_connection_answers_all_and_comes_back() -> None:
    connections = 0

    async def behaves(connection: ServerConnection) -> None:
        nonlocal connections
        connections += 1
        async for request in connection:
            if connections == 1:
                connection.transport.abort()
                return
            await connection.send(answer_to(request))

    async with scene(behaves) as now:
        answers = await asyncio.gather(*(now.client.request("GET", "x") for _ in range(5)))
        assert [answer.status for answer in answers] == [0] * 5
        await asyncio.wait_for(now.connected.acquire(), 5)
        assert (await now.client.request("GET", "x")).ok
        assert now.lost == 1


async def test_requests_without_a_connection() -> None:
    nobody = AriClient(AriAddress("127.0.0.1", 9, "u", "p", "app"), print, asyncio.Event().wait, print)  # type: ignore[arg-type]  # never called
    assert not nobody.connected
    assert (await nobody.request("GET", "x")).status == 0


async def test_long_messages_in_pieces() -> None:
    async def behaves(connection: ServerConnection) -> None:
        text = json.dumps({"type": "StasisEnd", "digit": "x" * 100_000})
        await connection.send(iter([text[:10], text[10:50_000], text[50_000:]]))
        await asyncio.sleep(1)

    async with scene(behaves) as now:
        async with asyncio.timeout(3):
            while not now.heard:
                await asyncio.sleep(0.01)
        assert len(now.heard[0].digit) == 100_000
