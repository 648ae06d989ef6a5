"""Somebody leaves at every step of every story: one outcome, nobody stuck, no line left over.

A plot is a list of steps. Each is played up to every step, and there each line that exists is hung up, for each cause; or an agent
logs out, or loses his desktop; or the server crashes, or Asterisk does. Then what is left of the people goes home.
"""

from collections.abc import Callable

import pytest

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.words import AgentState, EndCause, PhoneKind, SeatKind
from cordboard.testing.builders import OUTSIDE
from cordboard.testing.story import Story

Step = Callable[[Story], object]
CAUSES = (EndCause.NORMAL, EndCause.CONNECTION_LOST, EndCause.BUSY)


def contact_id(story: Story) -> int:
    return next(iter(story.state.contacts), 0)


def first_line(story: Story) -> str:
    return next(iter(story.outside.lines))


def asks(kind: type, *more: str) -> Step:
    """Amelie asks for something about the only contact."""
    return lambda story: story.tell(kind("amelie", contact_id(story), *more))


def outside_answers(story: Story) -> None:
    line = story.outside.dialled(OUTSIDE)
    assert line is not None
    story.answer_line(line.line)


IN_QUEUE: list[Step] = [
    lambda story: story.call(),
    lambda story: story.hear_out(first_line(story)),
    lambda story: story.wait(2),
    lambda story: story.press(first_line(story), "9"),
    lambda story: story.press(first_line(story), "1"),
]
TALKING: list[Step] = [*IN_QUEUE, lambda story: story.wait(3), lambda story: story.answer("amelie")]


def desktop(agent_id: str, there: bool) -> Step:
    kind = ev.DesktopConnected if there else ev.DesktopDisconnected
    return lambda story: story.tell(kind(agent_id, f"desktop-{agent_id}"))


def later(seconds: float) -> Step:
    return lambda story: story.wait(seconds)


def bruno_is_ready(story: Story) -> None:
    story.staff("bruno")


PLOTS: dict[str, list[Step]] = {
    "talk, hold, resume": [
        *TALKING,
        asks(ev.HoldRequested),
        later(5),
        asks(ev.ResumeRequested),
        asks(ev.DigitsRequested, "1"),
    ],
    "not answered, then by the next": [
        *IN_QUEUE,
        bruno_is_ready,
        later(20),
        lambda story: story.answer("bruno"),
    ],
    "announcements": [*IN_QUEUE, later(21), later(30), later(30)],
    "transferred to an agent": [
        *TALKING,
        bruno_is_ready,
        asks(ev.TransferRequested, "agent:bruno"),
        later(5),
        lambda story: story.answer("bruno"),
    ],
    "transferred to an agent who does not answer": [
        *TALKING,
        bruno_is_ready,
        asks(ev.TransferRequested, "agent:bruno"),
        later(20),
        asks(ev.WrapUpFinished, "sold"),
    ],
    "transferred to a queue": [
        *TALKING,
        asks(ev.TransferRequested, "queue:support"),
        later(31),
        bruno_is_ready,
    ],
    "transferred to a number": [*TALKING, asks(ev.TransferRequested, f"number:{OUTSIDE}"), outside_answers],
    "transferred to a number that does not answer": [
        *TALKING,
        asks(ev.TransferRequested, f"number:{OUTSIDE}"),
        later(45),
        later(30),
    ],
    "outgoing": [
        lambda story: story.tell(ev.DialRequested("amelie", OUTSIDE)),
        later(5),
        outside_answers,
        asks(ev.HoldRequested),
        asks(ev.ResumeRequested),
    ],
    "outgoing, transferred, and back": [
        lambda story: story.tell(ev.DialRequested("amelie", OUTSIDE)),
        outside_answers,
        bruno_is_ready,
        asks(ev.TransferRequested, "agent:bruno"),
        later(20),
        lambda story: story.answer("amelie"),
    ],
    "the page is reloaded": [
        *TALKING,
        desktop("amelie", False),
        later(3),
        desktop("amelie", True),
        asks(ev.ReconnectRequested),
    ],
    "the laptop is closed": [*TALKING, desktop("amelie", False), later(3), later(30), later(30)],
    "the greeting": [lambda story: story.call("+33100000000"), later(2)],
}


def played(plot: str, kind: PhoneKind, steps: int) -> Story:
    story = Story(watched=False)
    story.staff("amelie", kind=kind)
    for step in PLOTS[plot][:steps]:
        step(story)
    story.watched = True
    return story


def go_home(story: Story) -> None:
    """Whoever is left hangs up, wrap-ups are done, agents log out: then nothing may be left."""
    for _ in range(6):
        for line in list(story.outside.lines):
            story.hang_up(line)
        for agent in list(story.state.agents.values()):
            for contact in list(agent.engagements):
                story.tell(ev.WrapUpFinished(agent.id, contact, "sold"))
        story.wait(1)
    assert not story.state.contacts, story.state.contacts
    assert not story.outside.lines
    assert not story.outside.rooms
    for agent in story.state.agents.values():
        assert agent.state in (AgentState.READY, AgentState.WITHDRAWN, AgentState.LOGGED_OUT)
        story.tell(ev.AgentLoggedOut(agent.id))
    assert not story.wakes
    arrived = [fact.contact_id for fact in story.facts(facts.ContactArrived)]
    assert sorted(fact.contact_id for fact in story.facts(facts.ContactEnded)) == sorted(arrived)


EVERYWHERE = [
    pytest.param(plot, kind, id=f"{plot}-{kind}")
    for plot in PLOTS
    for kind in (PhoneKind.BROWSER, PhoneKind.SIP)
]


@pytest.mark.parametrize("plot, kind", EVERYWHERE)
def test_any_line_ends_at_any_step(plot: str, kind: PhoneKind) -> None:
    for steps in range(1, len(PLOTS[plot]) + 1):
        for line in played(plot, kind, steps).outside.lines:
            for cause in CAUSES:
                story = played(plot, kind, steps)
                customer = line == first_line(story) and bool(story.outside.lines[line].number)
                story.hang_up(line, cause)
                if customer:
                    assert len(story.causes()) == 1
                    assert not story.outside.lines, "nobody goes on without him"
                story.look()
                go_home(story)


@pytest.mark.parametrize("plot, kind", EVERYWHERE)
def test_an_agent_leaves_at_any_step(plot: str, kind: PhoneKind) -> None:
    for steps in range(1, len(PLOTS[plot]) + 1):
        for agent_id in played(plot, kind, steps).state.agents:
            for leave in ("logs out", "hangs up", "desktop", "phone"):
                story = played(plot, kind, steps)
                match leave:
                    case "logs out":
                        story.tell(ev.AgentLoggedOut(agent_id))
                    case "hangs up":
                        story.tell(ev.HangUpRequested(agent_id, contact_id(story)))
                    case "desktop":
                        story.tell(ev.DesktopDisconnected(agent_id, f"desktop-{agent_id}"))
                    case "phone":
                        story.tell(ev.PhoneUnreached(agent_id))
                story.wait(130)
                go_home(story)


@pytest.mark.parametrize("plot, kind", EVERYWHERE)
def test_the_server_or_asterisk_dies_at_any_step(plot: str, kind: PhoneKind) -> None:
    for steps in range(1, len(PLOTS[plot]) + 1):
        for weather in ("crash", "crash, unperformed", "away", "restarted", "hung up meanwhile"):
            story = played(plot, kind, steps)
            if weather.startswith("crash"):
                story.crash(perform_last="unperformed" not in weather)
                for agent in list(story.state.agents.values()):
                    story.tell(ev.DesktopConnected(agent.id, "again"))
            else:
                story.lose_telephony()
                story.wait(7)
                if weather == "restarted":
                    story.outside.restart()
                if weather == "hung up meanwhile":
                    story.outside.hang_up(next(iter(story.outside.lines), ""))
                story.find_telephony(restarted=weather == "restarted")
            story.wait(3)
            if weather == "restarted":
                assert not story.outside.lines
            go_home(story)


@pytest.mark.parametrize("seat", [SeatKind.DIGITAL])
@pytest.mark.parametrize("steps", range(4))
@pytest.mark.parametrize("leave", ["log out", "desktop", "work ends", "crash"])
def test_written_work_at_any_step(seat: SeatKind, steps: int, leave: str) -> None:
    story = Story()
    story.staff("emma", seat=seat, kind=None)
    arrived = story.tell(ev.WorkArrived(_CHAT, "button", "chat-1", "visitor")).contact_id
    plot: list[ev.Event] = [
        ev.OfferAccepted("emma", arrived),
        ev.TransferRequested("emma", arrived, "queue:chat"),
        ev.OfferAccepted("emma", arrived),
    ]
    for event in plot[:steps]:
        story.tell(event)
    match leave:
        case "log out":
            story.tell(ev.AgentLoggedOut("emma"))
        case "desktop":
            story.tell(ev.DesktopDisconnected("emma", "desktop-emma"))
            story.wait(61)
        case "crash":
            story.crash()
            story.wait(61)
    story.tell(ev.WorkEnded(arrived, EndCause.CLOSED))
    story.wait(61)
    go_home(story)


_CHAT = Story().config.queues["chat"].channel
