"""Wrong documents: every problem with its line, its column, its path and a sentence that says what to do."""

from datetime import UTC, datetime
from importlib import resources

import pytest

from cordboard import demo
from cordboard.configuration.compiled import read_text
from cordboard.configuration.nodes import DocumentWrong, Problem
from cordboard.core.hours import next_change
from tests.configuration.documents import SMALL, changed


def wrong(text: str) -> list[Problem]:
    with pytest.raises(DocumentWrong) as raised:
        read_text(text, 1)
    return raised.value.problems


def test_the_small_and_the_demo_document_are_right() -> None:
    config = read_text(SMALL, 7).config
    assert config.version == 7
    assert config.scripts["main"].start == "hours"
    assert config.schedules["office"].time_zone == "Europe/Paris"
    assert config.agents["amelie"].language == "en"
    assert read_text(demo.document(), 1).config.name == "Maison Lanterne"


@pytest.mark.parametrize(
    ("old", "new", "line_of", "path", "part"),
    [
        ("ring: 20s", "ring: 20x", "sales: {name", "queues.sales.ring", "write 20s, 2m, 1h30m"),
        ("ring: 20s", "ring: 2h", "sales: {name", "queues.sales.ring", "out of range: 2 s to 10 min"),
        ("ring: 20s", "rign: 20s", "sales: {name", "queues.sales.rign", "Did you mean 'ring'?"),
        ("queues:\n", "queus:\n", "queus:", "queus", "Did you mean 'queues'?"),
        ("{french: 2}", "{frensh: 2}", "sales: {name", "queues.sales.needs.frensh", "Did you mean 'french'?"),
        ("{french: 2}", "{french: 9}", "sales: {name", "queues.sales.needs.french", "from 1 to 5"),
        ("location: paris", "location: pairs", "location:", "agents.amelie.location", "Did you mean 'paris'?"),
        ("skills: {french: 3}", "skills: 3", "skills: 3", "agents.amelie.skills", "such as `{french: 3}`"),
        ("mon-fri: 09:00", "mon-frj: 09:00", "hours: {mon", "schedules.office.hours.mon-frj", "no day of the week"),
        ("09:00-18:00", "9-18", "hours: {mon", "schedules.office.hours.mon-fri", "write them as 09:00-18:00"),
        ("09:00-18:00", "09:00-25:00", "hours: {mon", "schedules.office.hours.mon-fri", "from 00:00 to 24:00"),
        ("open: menu", "open: menus", "hours: {hours", "scripts.main.steps.hours.open", "no step of script main"),
        ("{1: sales, 2", "{1: sales, 22", "menu: {menu", "scripts.main.steps.menu.choices.22", "no key of a telephone"),
        ("otherwise: sales", "timeout: 5s", "menu: {menu", "scripts.main.steps.menu", "`otherwise` is missing"),
        ("sales: {queue: sales}", "sales: {quue: sales}", "sales: {quue", "scripts.main.steps.sales", "'queue'?"),
        ("hang_up: shut", "hang_up: shot", "shut: {hang", "scripts.main.steps.shut.hang_up", "Did you mean 'shut'?"),
        ("dissuaded: yes", "dissuaded: maybe", "shut: {hang", "scripts.main.steps.shut.dissuaded", "neither yes nor no"),
        ("01 99 00 11 11", "01 99", "main: {name: Main, n", "numbers.main.number", "write it with its country"),
        ("script: main", "script: mane", "main: {name: Main, n", "numbers.main.script", "Did you mean 'main'?"),
        ("Europe/Paris}\nseats", "Europe/Pariss}\nseats", "customer:", "customer.time_zone", "write it as `Europe"),
        ("key: small", "key: Small", "customer:", "customer.key", "use small letters"),
        ("roles: administrator", "roles: boss", "ada:", "people.ada.roles", "not possible here"),
        ("roles: administrator", "roles: provider", "ada:", "people.ada.roles", "command line only"),
        ("roles: administrator", "roles: observer", "people:", "people", "Nobody has the role administrator"),
        ("closing_reasons:\n  sold: {name: Sold, space: shop}", "closing_reasons: {}", "sales: {name", "queues.sales",
         "requires a closing reason"),
        ("voice: 2", "voice: many", "seats:", "seats.voice", "no whole number"),
        ("voice: 2", "vocie: 2", "seats:", "seats.vocie", "Did you mean 'voice'?"),
        ('["+33"]', '["33"]', "dial_plan:", "dial_plan.allowed[1]", "write it with its country"),
        ('["112", "15"]', '["112", "112"]', "dial_plan:", "dial_plan.emergency[2]", "twice"),
        ("  shut: {name: Shut, space: shop, texts: {en: We are closed}}", "  shut: {name: Shut, space: shop}",
         "shut: {name", "messages.shut", "neither a sound nor a text"),
    ],
)  # fmt: skip
def test_each_problem_has_its_place(old: str, new: str, line_of: str, path: str, part: str) -> None:
    text = changed(SMALL, (old, new))
    problems = wrong(text)
    matching = [one for one in problems if one.path == path and part in one.message]
    assert matching, problems
    line = text.splitlines()[matching[0].line - 1]
    assert line.strip().startswith(line_of), (matching[0], line)


def test_columns_are_exact() -> None:
    text = changed(SMALL, ("ring: 20s", "ring: twenty"))
    (problem,) = wrong(text)
    line = text.splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith("twenty")


def test_all_problems_come_at_once_in_the_order_of_lines() -> None:
    text = changed(
        SMALL,
        ("voice: 2", "voice: x"),
        ("ring: 20s", "ring: x"),
        ("space: shop, script", "space: shp, script"),
    )
    problems = wrong(text)
    assert [one.path for one in problems] == ["seats.voice", "queues.sales.ring", "numbers.main.space"]


def test_a_loop_names_the_script_and_the_steps() -> None:
    text = changed(SMALL, ("otherwise: sales", "otherwise: menu"))
    (problem,) = wrong(text)
    assert problem.path == "scripts.main.steps.menu"
    assert "Script main, step menu: " in problem.message
    assert "menu → menu" in problem.message


@pytest.mark.parametrize(
    ("text", "line", "column", "part"),
    [
        ("queues: [1", 1, 11, "flow sequence"),
        ("a:\n\tb: 1", 2, 1, "not with tabs"),
        ("queues: {a: 1}\nqueues: {}", 2, 1, "here twice (first in line 1)"),
        ("a: &x 1", 1, 4, "Anchors"),
        ("a: *x", 1, 4, "Anchors"),
        ("- a\n- b", 1, 1, "starts with sections"),
        ("just words", 1, 1, "starts with sections"),
        ("a: 1\n---\nb: 2", 2, 1, "single document"),
        ("", 1, 1, "The section `customer` is missing"),
    ],
)
def test_what_is_no_document(text: str, line: int, column: int, part: str) -> None:
    problem = wrong(text)[0]
    assert (problem.line, problem.column) == (line, column), problem
    assert part in problem.message


def test_a_document_that_wants_to_grow_while_it_is_read_is_refused_at_once() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    assert "Anchors" in wrong(bomb)[0].message
    deep = "a: " + "[" * 500 + "]" * 500
    assert wrong(deep)


def test_what_yaml_would_turn_into_something_else_stays_as_written() -> None:
    text = changed(
        SMALL,
        ("number: 01 99 00 11 11", "number: +33199001111"),
        ("name: Sales", "name: no"),
        ("name: Support", "name: 0755"),
    )
    config = read_text(text, 1).config
    assert config.entry_points["main"].address == "+33199001111"
    assert (config.queues["sales"].name, config.queues["support"].name) == ("no", "0755")


def test_the_demo_centre_refers_to_sounds_that_are_shipped_and_answers_at_any_time() -> None:
    config = read_text(demo.document(), 1).config
    shipped = resources.files("cordboard") / "sounds"
    for message in config.messages.values():
        assert set(message.texts) == {"en", "fr"}
        assert set(message.sounds or message.subjects) == {"en", "fr"}
        for sound in message.sounds.values():
            assert (shipped / f"{sound}.wav").is_file(), sound
    assert next_change(config.schedules["retail-open"], datetime(2026, 11, 23, tzinfo=UTC)) is None
