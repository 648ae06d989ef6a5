"""The heap of wakes against the obvious model: a mapping that is searched."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from cordboard.runtime.timers import Timers
from cordboard.testing.runtime import BEGIN

KEYS = st.sampled_from(["a", "b", "c", "d"])
SECONDS = st.integers(0, 50)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), KEYS, SECONDS),
        st.tuples(st.just("cancel"), KEYS, st.just(0)),
        st.tuples(st.just("pass"), st.just(""), SECONDS),
    ),
    max_size=300,
)


@given(STEPS)
def test_wakes_come_once_in_order_and_when_they_are_due(steps: list[tuple[str, str, int]]) -> None:
    now, timers = BEGIN, Timers({"a": BEGIN})
    model = {"a": BEGIN}
    for what, key, seconds in steps:
        if what == "set":
            timers.set(key, now + timedelta(seconds=seconds))
            model[key] = now + timedelta(seconds=seconds)
        elif what == "cancel":
            timers.cancel(key)
            model.pop(key, None)
        else:
            now += timedelta(seconds=seconds)
            due = timers.take_due(now)
            assert sorted(due) == sorted(key for key, at in model.items() if at <= now)
            assert [model[key] for key in due] == sorted(model[key] for key in due)
            model = {key: at for key, at in model.items() if at > now}
        assert timers.next_at() == min(model.values(), default=None)
        assert len(timers) == len(model)
