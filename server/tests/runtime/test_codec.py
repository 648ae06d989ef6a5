"""Whatever the core can say or remember is the same after a trip through JSON."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cordboard.core import events, facts
from cordboard.core.state import State
from cordboard.runtime import codec as codec_module
from cordboard.runtime.codec import EVENT_VERSION, Codec, Undecodable, wire_name

codec = Codec()
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)

st.register_type_strategy(str, TEXT)
st.register_type_strategy(int, st.integers(-(2**53), 2**53))
st.register_type_strategy(
    datetime, st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
)
st.register_type_strategy(timedelta, st.timedeltas(timedelta(days=-1), timedelta(days=400)))
st.register_type_strategy(time, st.times())
st.register_type_strategy(date, st.dates(date(2000, 1, 1), date(2100, 1, 1)))

relaxed = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.mark.parametrize("cls", get_args(events.Event), ids=wire_name)
@relaxed
@given(data=st.data())
def test_every_event_comes_back_as_it_was(cls: type, data: st.DataObject) -> None:
    event = data.draw(st.from_type(cls))
    name, body = codec.write_event(event)
    assert codec.read_event(name, EVENT_VERSION, body) == event


@pytest.mark.parametrize("cls", get_args(facts.Fact), ids=wire_name)
@relaxed
@given(data=st.data())
def test_every_fact_comes_back_as_it_was(cls: type, data: st.DataObject) -> None:
    fact = data.draw(st.from_type(cls))
    assert codec.read_fact(*codec.write_fact(fact)) == fact


@relaxed
@given(state=st.from_type(State))
def test_every_state_comes_back_as_it_was(state: State) -> None:
    state.schema_version = State("").schema_version
    assert codec.read_state(codec.write_state(state)) == state


def test_names_on_the_wire_are_unique() -> None:
    for union in (events.Event, facts.Fact):
        names = [wire_name(cls) for cls in get_args(union)]
        assert len(set(names)) == len(names)


def test_a_nul_character_can_be_stored() -> None:
    """PostgreSQL's jsonb takes none, and SIP display names may have some."""
    event = events.CallArrived("line", "+33199001000", "", "a\x00b\\u0000")
    _, body = codec.write_event(event)
    read = codec.read_event("call_arrived", EVENT_VERSION, body)
    assert read == events.CallArrived("line", "+33199001000", "", "a\ufffdb\\u0000")


def test_what_a_newer_build_wrote_is_not_read() -> None:
    with pytest.raises(Undecodable):
        codec.read_event("woke", EVENT_VERSION + 1, '{"key":"a"}')
    with pytest.raises(Undecodable):
        codec.read_event("unheard_of", EVENT_VERSION, "{}")
    with pytest.raises(Undecodable):
        codec.read_event("woke", EVENT_VERSION, '{"key":[]}')


@contextmanager
def _newer_build() -> Iterator[None]:
    before = codec_module.EVENT_VERSION
    codec_module.EVENT_VERSION = before + 2
    codec_module.UPCASTS["old_woke", before] = lambda raw: {"type": "woke", "key": raw["name"]}
    codec_module.UPCASTS["woke", before + 1] = lambda raw: {"key": raw["key"] + "!"}
    try:
        yield
    finally:
        codec_module.EVENT_VERSION = before
        codec_module.UPCASTS.clear()


def test_what_an_older_build_wrote_is_lifted_step_by_step() -> None:
    version = EVENT_VERSION
    with _newer_build():
        assert codec.read_event("old_woke", version, '{"name":"ring:1"}') == events.Woke("ring:1!")
