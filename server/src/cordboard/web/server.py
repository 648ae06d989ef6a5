"""Listens: HTTPS for everybody, plain HTTP on the loopback address alone. One event loop, one application."""

import asyncio
import contextlib
import socket
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

PING_EVERY_SECONDS = 10.0  # a browser that has gone without a word is noticed within twice that
LARGEST_MESSAGE = 65_536


@dataclass(frozen=True, slots=True)
class Listening:
    """`certificate` and `key`: PEM files for HTTPS; without them that port is not opened. 0 leaves a port closed."""

    host: str
    https_port: int = 0
    http_port: int = 0
    certificate: Path | None = None
    key: Path | None = None


class _Server(uvicorn.Server):
    """uvicorn that leaves signals to `main`, and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


class WebServer:
    """`run` until `stop`. Opening the ports is the first thing, so that a taken one raises OSError at once."""

    def __init__(self, app: ASGIApp, listening: Listening) -> None:
        self._servers = [
            (_Server(config), _open(config.host, config.port)) for config in _configs(app, listening)
        ]

    async def run(self) -> None:
        """Serves until `stop` has been called and the open requests are answered (three seconds at most)."""
        async with asyncio.TaskGroup() as group:
            for server, opened in self._servers:
                group.create_task(server.serve([opened]))

    async def started(self) -> None:
        """Returns when all ports answer."""
        for server, _ in self._servers:
            await server.listens.wait()

    def stop(self) -> None:
        for server, _ in self._servers:
            server.should_exit = True


def _open(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
    except OSError:
        opened.close()
        raise
    return opened


def _configs(app: ASGIApp, listening: Listening) -> Sequence[uvicorn.Config]:
    configs = []
    if listening.https_port and listening.certificate and listening.key:
        configs.append(
            _config(app, listening.host, listening.https_port, listening.certificate, listening.key)
        )
    if listening.http_port:
        configs.append(_config(app, "127.0.0.1", listening.http_port))
    return configs


def _config(
    app: ASGIApp, host: str, port: int, certificate: Path | None = None, key: Path | None = None
) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host,
        port,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=PING_EVERY_SECONDS,
        ws_ping_timeout=PING_EVERY_SECONDS,
        ws_max_size=LARGEST_MESSAGE,
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
