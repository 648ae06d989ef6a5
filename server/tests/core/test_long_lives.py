"""Long lives of a centre under the laws of `test_laws`: things happen as often as they do, so that queues build up and talks are long."""

import random
from collections.abc import Callable

import pytest

from cordboard.core import events as ev
from cordboard.core.words import (
    Channel,
    MailKind,
    MailOutcome,
    MailThen,
    PhoneKind,
)
from cordboard.testing.builders import (
    OUTSIDE,
)
from tests.core.test_laws import CAUSES, DIGITAL, VOICE, CentreLife


def a_life(chance: random.Random, steps: int) -> None:
    """One long life. The rules are chosen by how often things happen, so that a queue builds up and talks are long."""
    life = CentreLife()
    life.morning()
    kinds = (
        ev.HangUpRequested,
        ev.HoldRequested,
        ev.ResumeRequested,
        ev.ReconnectRequested,
        ev.OfferDeclined,
    )
    targets = (
        "agent:amelie",
        "agent:bruno",
        "agent:emma",
        "queue:support",
        "queue:urgent",
        "queue:mail",
        f"number:{OUTSIDE}",
    )
    doings = (
        "logs out",
        "desktop",
        "desktop gone",
        "ready",
        "ready",
        "withdraws",
        "reached",
        "unreached",
        "phone",
    )
    weather = (
        "crash",
        "crash, unperformed",
        "no support",
        "no bruno",
        "no dan",
        "no mail",
        "sales is harder",
        "as it was",
    )
    works = ((Channel.EMAIL, "inbox"), (Channel.CHAT, "button"))
    kinds_of_phone = (PhoneKind.BROWSER, PhoneKind.BROWSER, PhoneKind.SIP, None)

    def some() -> int:
        return chance.randint(0, 50)

    def anybody() -> str:
        return chance.choice(VOICE + DIGITAL)

    doable: dict[Callable[[], object], float] = {
        lambda: life.somebody_calls(chance.choice("1234569")): 9,
        lambda: life.a_call_comes_through(chance.choice("123")): 6,
        life.reserved_agents_answer: 5,
        lambda: life.a_sound_ends(some()): 6,
        lambda: life.somebody_presses(some(), chance.choice("12459#")): 2,
        lambda: life.a_line_ends(some(), chance.choice(CAUSES)): 7,
        lambda: life.a_phone_is_answered(some()): 4,
        lambda: life.work_arrives(chance.choice(works)): 3,
        lambda: life.work_goes_on(some(), chance.choice(("ends", "claimed")), chance.choice(DIGITAL)): 3,
        lambda: life.a_mail_arrives(
            chance.randint(1, 6),
            chance.choice(tuple(MailKind)),
            chance.choice(("", "emma", "dan")),
            chance.random() < 0.2,
            chance.random() < 0.1,
        ): 5,
        lambda: life.answers(
            some(), chance.choice(tuple(MailThen)), chance.choice(("", "sold")), chance.choice((None, 5, 90))
        ): 6,
        lambda: life.lets_go(some(), chance.choice(("park", "later", "return", "ask", "ask soon"))): 3,
        lambda: life.about_an_answer(
            some(), chance.choice(("recall", "recall", "approve", "correct", "send back")), "emma"
        ): 4,
        lambda: life.mails_come_back(some(), chance.choice(DIGITAL), chance.choice(tuple(MailOutcome))): 2,
        lambda: life.writes_first(chance.choice(DIGITAL), chance.randint(1, 9), chance.random() < 0.5): 1,
        lambda: life.logs_in(anybody(), chance.choice(kinds_of_phone), chance.choice(("one", "two"))): 4,
        lambda: life.an_agent_does_something(anybody(), chance.choice(doings)): 5,
        lambda: life.dials(chance.choice(VOICE), OUTSIDE, chance.random() < 0.5, chance.random() < 0.6): 2,
        lambda: life.does_something_with_a_contact(some(), chance.choice(kinds)): 6,
        lambda: life.wraps_up(some(), chance.choice(("", "sold")), chance.random() < 0.2): 8,
        lambda: life.transfers(some(), chance.choice(targets)): 4,
        lambda: life.time_passes(chance.choice((0.2, 3, 3, 12, 21, 31, 31, 65))): 9,
        lambda: life.something_happens(chance.choice(weather)): 0.6,
        lambda: life.something_happens(chance.choice(("lost", "restarted"))): 0.3,
        lambda: life.story.connected or life.telephony_is_back(): 2,
        lambda: life.reports_are_late(chance.random() < 0.4): 2,
        lambda: life.reports_arrive(chance.randint(1, 3)): 2,
    }
    for _ in range(steps):
        chance.choices(list(doable), list(doable.values()))[0]()
        life.order_is_kept()
        life.only_who_waits_is_in_a_pool()
    life.teardown()


@pytest.mark.parametrize("seed", range(8))
def test_a_long_life(seed: int) -> None:
    a_life(random.Random(seed), 600)
