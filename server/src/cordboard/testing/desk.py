"""An agent's desk without a browser: the same HTTP calls and the same live connection, for tests, benches and trials."""

import asyncio
import json
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from cordboard.testing.product import Login

Row = Mapping[str, Any]


class Desk:
    """One login: `rows` are what its live topics show. The live connection comes back by itself, as a browser's does."""

    def __init__(self, base_url: str, login: Login, *, topics: tuple[str, ...] = ("me",)) -> None:
        self.base_url = base_url
        self.login = login
        self._topics = topics
        self.rows: dict[str, dict[str, Row]] = {topic: {} for topic in topics}
        self.closed_because = ""
        self._changed = asyncio.Event()
        self._live: asyncio.Task[None] | None = None
        self.http = httpx2.AsyncClient(
            base_url=f"{base_url}/api/v1", headers={"Origin": base_url}, timeout=30.0, trust_env=False
        )

    async def __aenter__(self) -> Self:
        (
            await self.http.post(
                "/sessions", json={"login": self.login.login, "password": self.login.password}
            )
        ).raise_for_status()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close_live()
        await self.http.aclose()

    async def get(self, path: str, **parameters: str) -> Any:
        return (await self.http.get(path, params=parameters)).raise_for_status().json()

    async def post(self, path: str, body: object = None) -> httpx2.Response:
        """Posts and expects it to be done; a refusal raises with its text."""
        answer = await self.http.post(path, json=body)
        if answer.is_error:
            raise AssertionError(f"POST {path} → {answer.status_code} {answer.text}")
        return answer

    async def take_seat(self, phone: str = "sip", seat: str = "voice", address: str = "") -> Row:
        """Takes a seat and opens the live connection. Returns the answer (with the telephone's account)."""
        choice = {"kind": phone, **({"address": address} if address else {})}
        answer: Row = (await self.post("/desktop/seat", {"seat": seat, "phone": choice})).json()
        self.open_live()
        await self.until(lambda: "agent" in self.rows["me"])
        return answer

    async def ready(self) -> None:
        await self.post("/desktop/state", {"state": "ready"})

    @property
    def agent(self) -> Row:
        return self.rows["me"].get("agent", {})

    @property
    def contacts(self) -> list[Row]:
        return [row for key, row in self.rows["me"].items() if key.startswith("contact:")]

    async def until(self, true: Callable[[], object], seconds: float = 15.0) -> None:
        """Waits until what the desk shows makes `true()` true."""
        try:
            async with asyncio.timeout(seconds):
                while not true():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(
                f"{self.login.login} still shows {json.dumps(self.rows, indent=1)}"
            ) from None

    async def until_state(self, state: str, seconds: float = 15.0) -> None:
        await self.until(lambda: self.agent.get("state") == state, seconds)

    # -- the live connection

    def open_live(self) -> None:
        if self._live is None or self._live.done():
            self._live = asyncio.get_running_loop().create_task(self._stay_live())

    async def close_live(self) -> None:
        if self._live is not None:
            self._live.cancel()
            await asyncio.gather(self._live, return_exceptions=True)

    async def _stay_live(self) -> None:
        while not self.closed_because:
            try:
                await self._one_connection()
            except (OSError, ConnectionClosed, InvalidHandshake, TimeoutError):
                await asyncio.sleep(0.3)

    async def _one_connection(self) -> None:
        cookie = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        url = f"{self.base_url.replace('http', 'ws', 1)}/api/v1/live"
        headers = {"Cookie": cookie, "Origin": self.base_url}
        async with connect(url, additional_headers=headers, proxy=None) as live:
            await live.send(
                json.dumps({"subscribe": list(self._topics), "desktop_id": f"desk-{self.login.login}"})
            )
            await self._read(live)

    async def _read(self, live: ClientConnection) -> None:
        async for text in live:
            message = json.loads(text)
            if "closed" in message:
                self.closed_because = message["closed"]
            if message.get("resync"):
                await live.send(json.dumps({"subscribe": [message["topic"]]}))
            elif "topic" in message:
                self._apply(message)
            self._changed.set()

    def _apply(self, message: Row) -> None:
        rows = self.rows.setdefault(message["topic"], {})
        if "snapshot" in message:
            rows.clear()
            rows.update(message["snapshot"])
        rows.update(message.get("set", {}))
        for key in message.get("del", ()):
            rows.pop(key, None)
