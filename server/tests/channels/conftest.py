"""One real Asterisk for all tests of the adapter, and a fresh connection of the adapter to it for each."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from cordboard.testing.asterisk import AsteriskServer
from cordboard.testing.rig import TelephonyRig
from cordboard.testing.sipp import Party


@pytest.fixture(scope="session")
def asterisk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsteriskServer]:
    server = AsteriskServer(tmp_path_factory.mktemp("asterisk"))
    server.start()
    yield server
    server.stop()


@pytest_asyncio.fixture
async def rig(asterisk: AsteriskServer) -> AsyncIterator[TelephonyRig]:
    """The adapter, connected. Whatever a test leaves behind is hung up."""
    asterisk.ask("channel request hangup all")
    async with TelephonyRig(asterisk) as rig:
        yield rig
        asterisk.ask("channel request hangup all")
        async with asyncio.timeout(10):
            while asterisk.channels():
                await asyncio.sleep(0.1)


@pytest.fixture
def parties(tmp_path: Path) -> Iterator[list[Party]]:
    """What a test appends is stopped at its end."""
    started: list[Party] = []
    yield started
    for party in started:
        party.stop()


@pytest.fixture
def phone_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
