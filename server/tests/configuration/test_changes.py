"""Plans that a person can read."""

import pytest

from cordboard.configuration.changes import changes_between
from cordboard.configuration.compiled import read_text
from tests.configuration.documents import SMALL, changed


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        ("ring: 20s", "ring: 1m30s", ["Queue sales: ring time 20 s → 1 min 30 s"]),
        ("ring: 20s, ", "", []),  # 20 s is the default
        ("needs: {french: 2}", "needs: {french: 4, english: 1}",
         ["Queue sales: skills needed, french 2 → 4", "Queue sales: skills needed, english added: 1"]),
        ("2: support}", "2: support, 3: sales}", ["Script main: step menu, choice 3 added: sales"]),
        ("1: sales, 2", "1: support, 2", ["Script main: step menu, choice 1 sales → support"]),
        ("sales: {queue: sales}", "sales: {queue: sales, priority: 5}", ["Script main: step sales, priority added: 5"]),
        ("shut: {hang_up: shut, dissuaded: yes}", "shut: {queue: sales}",
         ["Script main: step shut: hang up shut → queue sales"]),
        ("{mon-fri: 09:00-18:00}", "{mon-fri: 09:00-18:00, sat: 10:00-12:00}",
         ["Schedule office: hours: sat 10:00-12:00 added"]),
        ("{voice: 2}", "{voice: 2, chat: 1}", ["Seats: chat seats 0 → 1"]),
        ("withdrawal_reasons: {lunch: Lunch}", "withdrawal_reasons: {lunch: Lunch, tea: Tea}",
         ["Withdrawal reason tea (Tea): added"]),
        ("name: Small", "name: Smaller", ["Customer: name Small → Smaller"]),
        ('["112", "15"]', '["112", "15", "17"]', ["Dial plan: emergency numbers: 17 added"]),
        ("skills: {french: 3}", "skills: {french: 3}\n    extension: 201", ["Agent amelie: extension none → 201"]),
        ("# A small centre", "# The small centre", []),
    ],
)  # fmt: skip
def test_sentences(old: str, new: str, sentences: list[str]) -> None:
    before, after = read_text(SMALL, 1).document, read_text(changed(SMALL, (old, new)), 2).document
    assert [change.sentence for change in changes_between(before, after)] == sentences


def test_of_nothing_everything_is_added() -> None:
    found = changes_between(None, read_text(SMALL, 1).document)
    assert {change.kind for change in found} == {"add"}
    assert "Queue sales (Sales): added" in [change.sentence for change in found]
