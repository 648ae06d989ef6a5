"""Telephone numbers as people type them."""

import pytest

from cordboard.numbers import is_country, normalise, readable


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("01 99 00 12 34", "FR", "+33199001234"),
        ("+44 (0)20 7946 0018", "FR", "+442079460018"),
        ("0044 20 7946 0018", "FR", "+442079460018"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("+33.1.99.00.12.34", "GB", "+33199001234"),
        ("112", "FR", None),
        ("", "FR", None),
        ("anonymous", "FR", None),
        ("+", "FR", None),
        ("1" * 60, "FR", None),
        ("01 99 00 12 34 ext. 5", "FR", None),
    ],
)
def test_normalise(typed: str, country: str, number: str | None) -> None:
    assert normalise(typed, country) == number
    if number is not None:
        assert normalise(number, "US") == number


def test_readable() -> None:
    assert readable("+33199001234") == "+33 1 99 00 12 34"
    assert readable("amelie") == "amelie"


def test_countries() -> None:
    assert is_country("FR")
    assert not is_country("France")
