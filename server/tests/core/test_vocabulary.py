"""The closed sets are closed, and the engine knows every event."""

import dataclasses
import inspect
import pickle
from typing import get_args

import pytest

from cordboard.core import commands, events, facts
from cordboard.core.engine import _TRANSITIONS, Engine
from cordboard.core.events import Event
from cordboard.core.quick import quicken
from cordboard.core.state import State
from cordboard.expressions import evaluate
from cordboard.numbers import normalise
from cordboard.testing.builders import BEGIN, CALLER, NUMBER

EVENTS = get_args(events.Event)
COMMANDS = get_args(commands.Command)
FACTS = get_args(facts.Fact)


def test_every_event_has_a_transition() -> None:
    assert set(_TRANSITIONS) == set(EVENTS)


@pytest.mark.parametrize("word", [*EVENTS, *COMMANDS, *FACTS], ids=lambda word: word.__name__)
def test_words_are_frozen_and_slotted(word: type) -> None:
    assert dataclasses.is_dataclass(word)
    assert word.__dataclass_params__.frozen  # type: ignore[attr-defined]  # dataclasses keep it there
    assert not hasattr(word, "__dict__") or "__slots__" in word.__dict__


@pytest.mark.parametrize("word", [*COMMANDS, *FACTS], ids=lambda word: word.__name__)
def test_quickened_words_are_what_dataclasses_would_make(word: type) -> None:
    fields = [(field.name, field.type, field) for field in dataclasses.fields(word)]
    plain = dataclasses.make_dataclass(word.__name__, fields, frozen=True, slots=True)
    assert inspect.signature(word) == inspect.signature(plain)
    given = {field.name: field.name for field in dataclasses.fields(word)}
    said = word(**given)
    assert [getattr(said, name) for name in given] == list(given)
    assert said == word(*given.values()) == dataclasses.replace(said) == pickle.loads(pickle.dumps(said))
    assert hash(said) == hash(plain(**given))
    for name in given:
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(said, name, "another")


def test_only_plain_words_are_quickened() -> None:
    @dataclasses.dataclass(frozen=True, slots=True)
    class Listing:
        names: list[str] = dataclasses.field(default_factory=list)

    quicken(Listing)
    assert Listing().names == []
    assert Listing().names is not Listing().names


@pytest.mark.parametrize("module, union", [(events, EVENTS), (commands, COMMANDS), (facts, FACTS)])
def test_no_word_is_outside_its_union(module: object, union: tuple[type, ...]) -> None:
    beside = {"Phone", "SeenLine", "Recorded"}
    here = {
        value
        for name, value in vars(module).items()
        if dataclasses.is_dataclass(value) and value.__module__ == module.__name__ and name not in beside  # type: ignore[attr-defined]  # a module
    }
    assert here == {word for word in union if word.__module__ == module.__name__}  # type: ignore[attr-defined]  # a module


def test_nothing_is_decided_before_a_configuration() -> None:
    engine = Engine(State("demo"), evaluate, normalise)
    event: Event = events.CallArrived("L1", NUMBER, CALLER)
    decision = engine.handle(event, BEGIN, 1)
    assert (decision.commands, decision.facts, decision.refusal) == ([], [], None)
