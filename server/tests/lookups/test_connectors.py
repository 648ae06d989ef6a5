"""Connectors over real HTTP: what is sent, what is made of answers, tries, limits, and the guard."""

import json
from dataclasses import replace
from ipaddress import ip_network

import pytest

from cordboard.core.config import Connector, ConnectorMethod
from cordboard.lookups.connectors import LARGEST_ANSWER, ConnectorFailed, Question, address_of, ask, value_at
from cordboard.reach import OutOfReach, Reach
from tests.lookups.conftest import Service

HERE = Reach([ip_network("127.0.0.0/8")])


def question(
    service: Service, secret: str = "", asked: dict[str, str] | None = None, **changes: object
) -> Question:
    connector = Connector("stock", "Stock", f"{service.address}/stock/{{article}}")
    changed = replace(connector, **changes)  # type: ignore[arg-type]  # names are the fields'
    return Question(changed, asked or {"article": "lamp/1 é", "shop": "Paris & more"}, secret, "demo-7-1")


async def test_get_fills_the_address(service: Service) -> None:
    service.answers = [(200, {"left": 3})]
    assert await ask(question(service, "a key"), HERE, 5) == {"left": 3}
    (asked,) = service.asked
    assert (asked.method, asked.path) == ("GET", "/stock/lamp%2F1%20%C3%A9?shop=Paris+%26+more")
    assert asked.headers["authorization"] == "a key"
    assert asked.headers["host"] == f"127.0.0.1:{service.port}"


async def test_post_sends_json(service: Service) -> None:
    service.answers = [(201, [1])]
    sent = question(service, "key", method=ConnectorMethod.POST, header="X-Api-Key")
    assert await ask(sent, HERE, 5) == [1]
    (asked,) = service.asked
    assert json.loads(asked.body) == {"article": "lamp/1 é", "shop": "Paris & more"}
    assert (asked.headers["x-api-key"], asked.headers["idempotency-key"]) == ("key", "demo-7-1")
    service.answers = [(200, {})]
    await ask(question(service, "key"), HERE, 5)
    assert service.asked[1].headers["authorization"] == "Bearer key"


@pytest.mark.parametrize("status", [204, 404, 410])
async def test_nothing_is_an_answer(service: Service, status: int) -> None:
    service.answers = [(status, b"")]
    assert await ask(question(service), HERE, 5) is None


async def test_it_is_tried_again(service: Service) -> None:
    service.answers = [(503, b""), None, (200, {"left": 1})]
    assert await ask(question(service, retries=2), HERE, 5) == {"left": 1}
    assert len({each.headers["idempotency-key"] for each in service.asked}) == 1


@pytest.mark.parametrize(
    "status, content, tries, sentence",
    [
        (503, b"", 2, "answered 503"),
        (403, b"", 1, "answered 403"),
        (302, b"", 1, "answered 302"),
        (200, b"<html>", 1, "no JSON"),
        (200, b"[" * 100_000, 1, "no JSON"),
        (200, b" " * (LARGEST_ANSWER + 1), 1, "too long"),
    ],
)
async def test_what_can_not_be_used(
    service: Service, status: int, content: bytes, tries: int, sentence: str
) -> None:
    service.answers = [(status, content)] * tries
    with pytest.raises(ConnectorFailed, match=sentence):
        await ask(question(service), HERE, 5)
    assert len(service.asked) == tries


async def test_silence_takes_no_longer_than_it_may(service: Service) -> None:
    service.silent = True
    with pytest.raises(ConnectorFailed, match="no answer in time"):
        await ask(question(service), HERE, 0.4)
    assert len(service.asked) == 2


async def test_inside_is_not_asked(service: Service) -> None:
    with pytest.raises(OutOfReach, match="inside"):
        await ask(question(service), Reach(), 5)
    assert not service.asked


def test_an_address_without_places() -> None:
    connector = Connector("a", "A", "https://x.example/find?lang=fr")
    assert address_of(connector, {"q": "a b"}) == "https://x.example/find?lang=fr&q=a+b"
    assert address_of(replace(connector, method=ConnectorMethod.POST), {"q": "a"}) == connector.address


def test_values_by_their_path() -> None:
    answer = {"order": {"lines": [{"state": "sent", "n": 2, "ok": True, "price": 1.5, "none": None}]}}
    found = [value_at(answer, f"order.lines.0.{name}") for name in ("state", "n", "ok", "price", "none", "x")]
    assert found == ["sent", "2", "true", "1.5", "", ""]
    assert [
        value_at(answer, path) for path in ("order", "order.lines", "order.lines.9", "order.lines.x")
    ] == [""] * 4
    assert len(value_at(["x" * 9_000], "0")) == 2_000
