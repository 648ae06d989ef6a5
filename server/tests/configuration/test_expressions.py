"""CEL within bounds."""

import pytest

from cordboard.expressions import MAX_LENGTH, ExpressionError, check, evaluate

CALLER = {
    "caller": "+33199001234",
    "called": "+33199005678",
    "language": "fr",
    "channel": "voice",
    "priority": 2,
    "tags": ["vip", "paris"],
    "values": {"order": "4711"},
    "hour": 10,
    "weekday": 1,
    "page": {"url": "https://shop.example/cart?x=1", "path": "/cart", "title": "Cart", "referrer": ""},
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("caller.startsWith('+33')", True),
        ("'vip' in tags && priority > 1", True),
        ("hour < 9 || weekday > 4", False),
        ("language == 'fr' ? 'bonjour' : 'hello'", "bonjour"),
        ("values.order", "4711"),
        ("has(values.nothing)", False),
        ("priority + 40", 42),
        ("tags.exists(t, t.startsWith('par'))", True),
        ("caller.matches('^[+]33[67]')", False),
        ("size(tags)", 2),
        ("page.path == '/cart' && page.referrer == ''", True),
    ],
)
def test_values(expression: str, value: object) -> None:
    check(expression)
    assert evaluate(expression, CALLER) == value


@pytest.mark.parametrize(
    ("expression", "part"),
    [
        ("1 +", "at character 4"),
        ("colour == 'red'", "no variable 'colour'"),
        ("lower(caller)", "no function 'lower'"),
        ("[1].map(x, [2].map(y, 1)) == []", "more than one list"),
        ("(" * 200, "too deeply nested"),
        ("'" + "x" * MAX_LENGTH + "'", "at most"),
        ("", "at character 1"),
    ],
)
def test_what_can_never_work_is_refused(expression: str, part: str) -> None:
    with pytest.raises(ExpressionError, match=part):
        check(expression)


@pytest.mark.parametrize(
    ("expression", "part"),
    [
        ("values.nothing == 'a'", "no value 'nothing'"),
        ("1 / (priority - 2)", "zero"),
        ("priority + 'a'", "operation"),
        ("tags", "gives list"),
        ("caller.matches('[')", "regex"),
        ("9223372036854775807 + priority", "overflow"),
    ],
)
def test_what_fails_for_this_contact_is_an_error_of_one_kind(expression: str, part: str) -> None:
    check(expression)
    with pytest.raises(ExpressionError, match=part):
        evaluate(expression, CALLER)


def test_a_sentence_never_shows_the_caller() -> None:
    for expression in (
        "values.nothing == 'a'",
        "caller + 1 == ''",
        "int(caller + 'x') > 1",
        "caller.matches('[')",
    ):
        with pytest.raises(ExpressionError) as raised:
            evaluate(expression, CALLER)
        assert "199001234" not in str(raised.value)
