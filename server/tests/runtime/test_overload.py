"""A full inbox keeps requests and new contacts away, and never loses what the outside reports."""

from datetime import timedelta

import pytest

from cordboard.core.events import DigitPressed, ReadyRequested
from cordboard.errors import Overloaded
from cordboard.runtime.clock import ManualClock
from cordboard.runtime.inbox import Bounds, TenantInbox
from cordboard.testing.runtime import BEGIN, accepts

BOUNDS = Bounds(requests=10, slow_at=5, lag=timedelta(seconds=2))


async def test_new_contacts_wait_first_then_requests_and_facts_never() -> None:
    inbox = TenantInbox(ManualClock(BEGIN), BOUNDS)
    for _ in range(4):
        inbox.post(DigitPressed("in-1", "1"))
    assert accepts(inbox)
    for _ in range(6):
        inbox.submit(ReadyRequested("amelie"))
    assert not accepts(inbox)
    with pytest.raises(Overloaded):
        inbox.submit(ReadyRequested("amelie"))
    inbox.post(DigitPressed("in-1", "2"))
    assert inbox.depth == 11
    assert len(inbox.take(100)) == 11
    assert accepts(inbox)


async def test_lag_keeps_new_contacts_away() -> None:
    clock = ManualClock(BEGIN)
    inbox = TenantInbox(clock, BOUNDS)
    inbox.post(DigitPressed("in-1", "1"))
    clock.advance(timedelta(seconds=3))
    assert inbox.lag() == timedelta(seconds=3)
    assert not accepts(inbox)
    inbox.take(1)
    assert accepts(inbox)
