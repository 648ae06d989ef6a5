"""What is typed, and what it is looked for by."""

import pytest

from cordboard.index.terms import Term, number_terms, read_query, reference_terms, terms_in


@pytest.mark.parametrize(
    "typed", ["+33 6 12 34 56 78", "0033612345678", "06.12.34.56.78", "(0)6 12-34-56-78"]
)
def test_every_spelling_of_a_number_has_the_same_ending(typed: str) -> None:
    (term,) = read_query(typed)
    stored = number_terms("+33612345678")
    assert any(
        kept.startswith(wanted) if beginning else kept == wanted
        for wanted, beginning in term.exact
        for kept in stored
    ), term


def test_words_phrases_and_the_last_word() -> None:
    assert read_query('the "lost parcel" de Paris') == [
        Term("the", droppable=True),
        Term("lost parcel"),
        Term("de", droppable=True),
        Term("Paris", prefix=True),
    ]
    assert read_query("  ") == [] and read_query("& | ! ()") == []
    assert read_query("a") == [Term("a", prefix=True)]
    assert read_query('"unfinished phr') == [Term("unfinished phr")]
    assert len(read_query("word " * 50)) == 12


def test_ids_addresses_and_references() -> None:
    assert read_query("#4711") == [Term("", exact=(("=i:4711", False),))]
    (short,) = read_query("42")
    assert short.exact == (("=i:42", False),) and not short.prefix
    (long,) = read_query("4711")
    assert ("=i:4711", False) in long.exact and ("#4711", True) in long.exact
    (address,) = read_query("Jeanne@Example.org")
    assert ("=a:jeanne@example.org", True) in address.exact
    (message,) = read_query("<CB.1@mail.example>")
    assert (reference_terms("<CB.1@mail.example>")[0], False) in message.exact


def test_numbers_and_addresses_in_a_text() -> None:
    found = terms_in("Call 06 12 34 56 78 or write to Jeanne.Martin@example.org, order 12-2026, 31/12/2026")
    assert {"~876543216", "=a:jeanne.martin@example.org"} <= set(found)
    assert terms_in("On 3 May, at 10:30") == []


def test_nothing_typed_can_break_out_of_a_term() -> None:
    for typed in ("a'b@c", "'; drop", "x\\y@z", '"\'"@'):
        for term in read_query(typed):
            assert all(not set(exact) & set("'\"\\ ") for exact, _ in term.exact)
