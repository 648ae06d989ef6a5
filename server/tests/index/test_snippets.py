"""Marks are where the words are."""

from cordboard.index.snippets import Part, folded, marks_of, snippet


def marked(text: str, query: str) -> list[str]:
    return [part.text for part in snippet(text, marks_of(query))[1] if part.hit]


def test_stems_accents_and_numbers_are_marked() -> None:
    assert marked("Mes Commandes sont là", "'commande' | 'command'") == ["Commandes"]
    assert marked("L'Événement a lieu", "'evenement':* | 'even':*") == ["Événement"]
    assert marked("a happy day", "'happi'") == ["happy"]
    assert marked("un arbre", "'a' | 'un'") == ["un"], "short words are marked whole"
    assert marked("Rappelez le 06 12 34 56 78 svp", "'#6123':* | '~876543216':*") == ["06 12 34 56 78"]
    assert marked("nothing of it", "'other'") == []


def test_a_snippet_is_short_whole_and_shows_most_hits() -> None:
    text = "lamp " + "filler " * 100 + "a lamp and a lamp\nand  a lamp " + "tail " * 100
    hits, parts = snippet(text, marks_of("'lamp'"))
    assert hits == 4 and [part.hit for part in parts] == [False, True] * 3 + [False]
    whole = "".join(part.text for part in parts)
    assert "a lamp and a lamp and a lamp" in whole and len(whole) < 220
    assert whole.startswith("… ") and whole.endswith(" …")
    assert snippet("lamp", marks_of("'lamp'"))[1] == [Part("lamp", True)]
    assert snippet("<b>lamp</b>", marks_of("'lamp'"))[1][0] == Part("<b>", False), "text stays text"


def test_folding_is_the_databases() -> None:
    assert [folded(word) for word in ("Éléphant", "CŒUR", "Straße", "łódź")] == [
        "elephant",
        "coeur",
        "strasse",
        "lodz",
    ]
