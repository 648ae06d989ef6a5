"""The whole product, with real callers: one running centre for the friendly tests, one more for each outage."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from cordboard.testing.product import Product, free_port_base
from tests.acceptance.town import Town


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The demo centre, as a newcomer gets it."""
    running = Product(tmp_path_factory.mktemp("centre") / "data", free_port_base())
    running.start()
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="session")
async def town(product: Product) -> AsyncIterator[Town]:
    async with Town.of(product) as town:
        yield town


@pytest.fixture
def outage_folder(tmp_path: Path) -> Path:
    return tmp_path / "data"
