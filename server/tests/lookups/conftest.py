"""A service of a customer's: a real HTTP server that answers what it is told to."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest


@dataclass(slots=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Service:
    """Each question gets the next of `answers`, (status, JSON or bytes); None is a connection that is closed without one."""

    answers: list[tuple[int, object] | None] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    silent: bool = False
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.asked.append(Asked(method, path, headers, body))
        if self.silent:
            await reader.read()
        elif (answer := self.answers.pop(0)) is not None:
            status, content = answer
            sent = content if isinstance(content, bytes) else json.dumps(content).encode()
            more = "Location: http://127.0.0.1:1/\r\n" if status == 302 else ""
            writer.write(
                f"HTTP/1.1 {status} X\r\n{more}Content-Length: {len(sent)}\r\nConnection: close\r\n\r\n".encode()
            )
            writer.write(sent)
        writer.close()


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    made = Service()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
