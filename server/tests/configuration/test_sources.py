"""Tables, connectors and look-up steps in the document: what they become, and errors at their lines."""

from datetime import timedelta

import pytest

from cordboard.configuration.changes import changes_between
from cordboard.configuration.compiled import read_text
from cordboard.configuration.nodes import DocumentWrong
from cordboard.core.config import Connector, ConnectorMethod, Table
from cordboard.core.script.steps import LookUpStep
from tests.configuration.documents import SMALL
from tests.configuration.test_chat import DOCUMENT as CHAT

DOCUMENT = (
    CHAT.replace(
        "      wait: {queue: chat",
        """\
      look: {lookup: table:orders, ask: {number: values.order}, take: {state: state}, found: stock, missing: wait, failed: wait}
      stock: {lookup: connector:stock, ask: {article: values.state}, take: {left: stock.0.left}, found: wait, missing: wait, failed: wait}
      wait: {queue: chat""",
    ).replace("required: yes}], next: wait}", "required: yes}], next: look}")
    + """\
tables:
  orders: {name: Orders, columns: [number, state]}
connectors:
  stock:
    name: Stock
    address: https://shop.example/api/{article}
    method: post
    secret: stock
    header: X-Api-Key
    timeout: 4s
    retries: 2
"""
)


def test_what_they_become() -> None:
    config = read_text(DOCUMENT, 1).config
    assert config.tables["orders"] == Table("orders", "Orders", ("number", "state"))
    assert config.tables["orders"].key_column == "number"
    assert config.connectors["stock"] == Connector(
        "stock",
        "Stock",
        "https://shop.example/api/{article}",
        ConnectorMethod.POST,
        "stock",
        "X-Api-Key",
        timedelta(seconds=4),
        2,
    )
    step = config.scripts["talk"].steps["look"]
    assert step == LookUpStep(
        "table:orders", {"number": "values.order"}, {"state": "state"}, "stock", "wait", "wait"
    )


@pytest.mark.parametrize(
    "before, after, where, sentence",
    [
        ("table:orders", "table:order", "table:order,", "Did you mean 'orders'?"),
        ("table:orders", "orders", "lookup: orders", "write table:… or connector:…"),
        ("connector:stock", "connector:stok", "connector:stok", "no connector 'stok'"),
        ("take: {state: state}", "take: {state: sate}", "take: {state: sate", "has no column 'sate'"),
        ("ask: {number:", "ask: {nummer:", "ask: {nummer", "has no column 'nummer'"),
        ("values.order}", "value.order}", "ask: {number", "can not work"),
        ("stock.0.left", "stock..left", "left: stock..", "no path of a value"),
        ("ask: {article:", "ask: {art:", "stock: {lookup", "has {article}"),
        (", failed: wait}\\n      stock", "}\\n      stock", "look: {lookup", "`failed` is missing"),
        ("found: stock", "found: stok", "found: stok", "leads to 'stok'"),
        ("columns: [number, state]", "columns: [number, state], key: id", "key: id", "no column 'id'"),
        (
            "columns: [number, state]",
            "columns: [number, 'the state']",
            "columns: [num",
            "no name of a column",
        ),
        ("https://shop", "shop", "address: shop", "is no web address"),
        ("method: post", "method: put", "method: put", "not possible here"),
        ("header: X-Api-Key", "header: 'X: a'", "header: 'X", "no name of a header"),
        ("timeout: 4s", "timeout: 5m", "timeout: 5m", "out of range"),
    ],
)
def test_what_is_wrong_stands_at_its_line(before: str, after: str, where: str, sentence: str) -> None:
    text = DOCUMENT.replace(before.replace("\\n", "\n"), after.replace("\\n", "\n"))
    assert text != DOCUMENT
    with pytest.raises(DocumentWrong) as wrong:
        read_text(text, 1)
    problems = [(problem.line, problem.message) for problem in wrong.value.problems]
    line = text[: text.index(where)].count("\n") + 1
    assert any(at == line and sentence in message for at, message in problems), problems


def test_a_plan_says_what_changes() -> None:
    changed = DOCUMENT.replace("retries: 2", "retries: 0").replace(
        "[number, state]}", "[number, state, day]}"
    )
    changed = changed.replace("take: {state: state}", "take: {state: state, day: day}")
    changes = changes_between(read_text(DOCUMENT, 1).document, read_text(changed, 1).document)
    assert [change.sentence for change in changes] == [
        "Script talk: step look, take day added: day",
        "Table orders: columns: day added",
        "Connector stock: further tries 2 → 0",
    ]


def test_a_circle_of_look_ups_is_found() -> None:
    text = DOCUMENT.replace(
        "missing: wait, failed: wait}\n      wait", "missing: wait, failed: look}\n      wait"
    )
    with pytest.raises(DocumentWrong) as wrong:
        read_text(text, 1)
    assert "look → stock → look" in wrong.value.problems[0].message


def test_a_document_without_them() -> None:
    config = read_text(SMALL, 1).config
    assert (config.tables, config.connectors) == ({}, {})
