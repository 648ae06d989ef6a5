"""A feed's pace and numbers, and a browser that does not keep up."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cordboard.live.feed import Feed, Pace
from cordboard.live.rows import ChatRow
from cordboard.live.socket import QUEUE_LENGTH, LiveSocket

NOW = "2026-11-23T09:00:00.000Z"


class Bench:
    """A feed with a clock that is set by hand."""

    def __init__(self, burst: float = 2, rate: float = 5) -> None:
        self.at = 0.0
        self.later: list[tuple[float, Callable[[], None]]] = []
        self.sent: list[dict[str, Any]] = []
        self.feed = Feed("chat", {}, Pace(burst, rate, 0.0), lambda: self.at, self.call_later)
        self.feed.join(self, NOW)

    def send(self, message: str) -> None:
        self.sent.append(json.loads(message))

    def call_later(self, delay: float, call: Callable[[], None]) -> None:
        self.later.append((self.at + delay, call))

    def pass_time(self, seconds: float) -> None:
        self.at += seconds
        due = [call for at, call in self.later if at <= self.at]
        self.later = [entry for entry in self.later if entry[0] > self.at]
        for call in due:
            call()


def row(text: str) -> ChatRow:
    return ChatRow("1", "amelie", "Amelie", "team", text, NOW)


def test_the_first_goes_at_once_and_a_busy_feed_gathers() -> None:
    bench = Bench()
    for number in range(100):
        bench.feed.change({"1": row(str(number))}, NOW)
        bench.pass_time(0.01)
    bench.pass_time(1)
    assert len(bench.sent) <= 2 + 5 + 1
    assert bench.sent[0]["set"]["1"]["text"] == "0"
    assert bench.sent[-1]["set"]["1"]["text"] == "99"
    assert [message["n"] for message in bench.sent] == list(range(1, len(bench.sent) + 1))


def test_what_comes_back_to_what_was_sent_is_not_sent() -> None:
    bench = Bench(burst=1)
    bench.feed.change({"1": row("a")}, NOW)
    bench.feed.change({"1": row("b")}, NOW)
    bench.feed.change({"1": row("a"), "2": None}, NOW)
    bench.pass_time(10)
    assert len(bench.sent) == 1


def test_a_row_may_come_and_go_between_two_deltas() -> None:
    bench = Bench(burst=1)
    bench.feed.change({"1": row("a")}, NOW)
    bench.feed.change({"1": None}, NOW)
    bench.feed.change({"2": row("b")}, NOW)
    bench.feed.change({"2": None}, NOW)
    bench.pass_time(10)
    assert [(message["set"].keys() | set(message["del"])) for message in bench.sent] == [{"1"}, {"1"}]


def test_who_joins_late_has_all_and_the_others_are_told_first() -> None:
    bench = Bench(burst=1)
    bench.feed.change({"1": row("a")}, NOW)
    bench.feed.change({"1": row("b")}, NOW)
    late = Bench()
    snapshot = json.loads(bench.feed.join(late, NOW))
    assert snapshot["n"] == bench.sent[-1]["n"] == 2
    assert snapshot["snapshot"]["1"]["text"] == "b"
    bench.pass_time(1)
    bench.feed.change({"1": row("c")}, NOW)
    assert late.sent[-1]["n"] == 3


class SlowBrowser:
    """A WebSocket that takes nothing until it is let."""

    def __init__(self) -> None:
        self.may_take = asyncio.Event()
        self.taken: list[str] = []
        self.cookies: dict[str, str] = {}
        self.said: asyncio.Queue[str] = asyncio.Queue()

    async def send_text(self, message: str) -> None:
        await self.may_take.wait()
        self.taken.append(message)

    async def receive_text(self) -> str:
        return await self.said.get()

    async def close(self, code: int) -> None:
        self.taken.append(f"closed {code}")


class QuietHub:
    """A hub without anything behind it."""

    def __init__(self) -> None:
        self.left: list[str] = []

    def enter(self, socket: object) -> None: ...

    def leave(self, socket: object) -> None: ...

    def desktop_announced(self, socket: object) -> None: ...

    def may_listen(self, session: object, topic: str) -> bool:
        return True

    def unsubscribe(self, socket: object, listener: object, topic: str) -> None:
        self.left.append(topic)

    async def subscribe(self, socket: object, listener: object, topic: str) -> Callable[[], str]:
        return lambda: f"snapshot of {topic}"


async def test_a_slow_browser_is_told_to_subscribe_again() -> None:
    from cordboard.identity.rights import Role, Session
    from cordboard.runtime.clock import ManualClock

    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    session = Session("s", "acme", "p", "P", "p", "amelie", (Role.AGENT,), "en", at, at)
    browser, hub = SlowBrowser(), QuietHub()
    socket = LiveSocket(browser, session, hub, None, ManualClock(at))  # type: ignore[arg-type]  # stand-ins
    running = asyncio.create_task(socket.run())
    browser.said.put_nowait('{"subscribe":["me","queues"]}')
    while len(socket._queue) < 1:
        await asyncio.sleep(0)
    for number in range(QUEUE_LENGTH + 50):
        socket.put(str(number))
    assert hub.left == ["me", "queues"]
    browser.may_take.set()
    browser.said.put_nowait("nonsense")
    await running
    assert '{"topic":"me","resync":true}' in browser.taken and len(browser.taken) < QUEUE_LENGTH
    assert browser.taken[-2:] == ['{"closed":"bad_message"}', "closed 4005"]
