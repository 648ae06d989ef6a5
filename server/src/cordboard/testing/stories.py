"""Stories for the crash simulation: what the world does, step by step, to a server that may die between any two lines.

A step of the outside happens once, whether a server is there or not. A request of an agent is asked again when it was not
answered, and so is a key that a caller presses while the menu still waits for it.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from cordboard.core.contact import Phase
from cordboard.core.events import (
    AgentLoggedIn,
    ConfigPublished,
    DesktopConnected,
    DialRequested,
    Event,
    HangUpRequested,
    HoldRequested,
    Phone,
    ReadyRequested,
    ResumeRequested,
    TransferRequested,
    WithdrawRequested,
    WrapUpFinished,
)
from cordboard.core.words import Direction, EndCause, PhoneKind, SeatKind
from cordboard.testing.centre import NUMBER, small_centre
from cordboard.testing.runtime import FakeServer, World

OUTSIDE = "+33612340000"
"""A telephone somewhere in the world."""

Step = Callable[["Play"], Awaitable[None]]


@dataclass(slots=True)
class Play:
    """A story under way: the world, and the server that lives at present."""

    world: World
    server: FakeServer
    desktops: list[str] = field(default_factory=list)
    contacts: dict[str, int] = field(default_factory=dict)
    revive: Callable[["Play"], Awaitable[None]] | None = None

    def contact_of(self, line: str) -> int:
        """The contact of a caller's line; it is remembered when the contact is over."""
        if line not in self.contacts:
            self.contacts[line] = next(
                c.id for c in self.server.state.contacts.values() if c.reference == line
            )
        return self.contacts[line]


def outside(act: Callable[[World], None]) -> Step:
    """Happens once, in the world."""

    async def step(play: Play) -> None:
        act(play.world)

    return step


def asks(make: Callable[[Play], Event], *, done: Callable[[Play], bool] = lambda _: False) -> Step:
    """An agent asks, and asks again until he is answered; a refusal then is an answer too.

    After a crash he looks first whether it is `done`: his desktop shows it.
    """

    async def step(play: Play) -> None:
        server = play.server
        while True:
            try:
                await server.ask(make(play))
            except Crash:
                await _revived(play)
                server = play.server
                if done(play):
                    return
                continue
            return

    return step


class Crash(BaseException):
    """The server dies here."""


async def _revived(play: Play) -> None:
    assert play.revive is not None
    await play.revive(play)


def calls(line: str) -> Step:
    return outside(lambda world: _call(world, line))


def _call(world: World, line: str) -> None:
    world.telephony.call(world.tenant_id, line, NUMBER, f"+3361234567{line[-1]}")


def plays_out(line: str, sound: str) -> Step:
    """A last message comes to its end, however often it has to be said."""

    async def step(play: Play) -> None:
        while (heard := play.world.telephony.lines.get(line)) is not None and heard.sounds == (sound,):
            play.world.telephony.finish_playback(line)
            await settled(play)

    return step


def hears_out(line: str) -> Step:
    """The greeting comes to its end; a caller who hears it once more after a crash hears that out, too."""

    async def step(play: Play) -> None:
        while (heard := play.world.telephony.lines[line]).sounds == ("message:welcome",):
            play.world.telephony.finish_playback(heard.line)
            await settled(play)

    return step


def presses(line: str, digit: str) -> Step:
    async def step(play: Play) -> None:
        play.world.telephony.press(line, digit)
        await settled(play)
        contact = next((c for c in play.server.state.contacts.values() if c.reference == line), None)
        if contact is not None and contact.phase is Phase.SCRIPT:
            play.world.telephony.press(line, digit)

    return step


def picks_up(agent_id: str) -> Step:
    async def step(play: Play) -> None:
        telephony = play.world.telephony
        ringing = telephony.dialled(f"sip-{agent_id}")
        assert ringing is not None, f"the phone of {agent_id} does not ring"
        telephony.answer(ringing.line)

    return step


def hangs_up(line: str) -> Step:
    return outside(lambda world: world.telephony.hang_up(line))


def notes_the_contact(line: str) -> Step:
    """The agent's desktop shows which contact it is."""

    async def step(play: Play) -> None:
        play.contact_of(line)

    return step


def declines(agent_id: str) -> Step:
    """The agent declines on his phone, and again when a crash has forgotten it."""

    async def step(play: Play) -> None:
        while (ringing := play.world.telephony.dialled(f"sip-{agent_id}")) is not None:
            play.world.telephony.hang_up(ringing.line, EndCause.DECLINED)
            await settled(play)

    return step


def passes(seconds: int) -> Step:
    async def step(play: Play) -> None:
        left = seconds
        while left:
            play.world.clock.advance(timedelta(seconds=1))
            left -= 1
            play.server.runtime.inbox.wake()
            await settled(play)

    return step


def outside_answers() -> Step:
    """The number that was called outside is picked up."""

    async def step(play: Play) -> None:
        telephony = play.world.telephony
        ringing = telephony.dialled(OUTSIDE)
        assert ringing is not None, "the number outside does not ring"
        telephony.answer(ringing.line)

    return step


def _has_dialled(play: Play) -> bool:
    return any(contact.direction is Direction.OUTBOUND for contact in play.server.state.contacts.values())


def _calls_out(agent_id: str) -> Step:
    return asks(lambda _: DialRequested(agent_id, OUTSIDE), done=_has_dialled)


def _hangs_up_the_outgoing(agent_id: str) -> Step:
    def make(play: Play) -> Event:
        if "out" not in play.contacts:
            contacts = play.server.state.contacts.values()
            play.contacts["out"] = next(c.id for c in contacts if c.direction is Direction.OUTBOUND)
        return HangUpRequested(agent_id, play.contacts["out"])

    return asks(make)


async def settled(play: Play) -> None:
    """Everything that has happened is decided and performed, however often the server dies meanwhile."""
    while True:
        try:
            await play.server.settle()
        except Crash:
            await _revived(play)
            continue
        return


def _logs_in(agent_id: str) -> list[Step]:
    phone = Phone(PhoneKind.SIP, f"sip-{agent_id}")

    async def connects(play: Play) -> None:
        play.desktops.append(agent_id)

    return [
        asks(lambda _: AgentLoggedIn(agent_id, f"login-{agent_id}", SeatKind.VOICE, phone)),
        connects,
        asks(lambda _: DesktopConnected(agent_id, f"tab-{agent_id}")),
        asks(lambda _: ReadyRequested(agent_id)),
    ]


def _waits_in(line: str, digit: str = "1") -> list[Step]:
    return [calls(line), hears_out(line), presses(line, digit)]


PUBLISH: list[Step] = [asks(lambda _: ConfigPublished(small_centre()))]

STORIES: dict[str, Sequence[Step]] = {
    "one call, answered and wrapped up": [
        *PUBLISH,
        *_logs_in("amelie"),
        *_waits_in("in-1"),
        picks_up("amelie"),
        passes(5),
        asks(lambda play: HangUpRequested("amelie", play.contact_of("in-1"))),
        asks(lambda play: WrapUpFinished("amelie", play.contact_of("in-1"), "done")),
    ],
    "a call waits, is not answered, and is taken by the next agent": [
        *PUBLISH,
        *_logs_in("amelie"),
        *_waits_in("in-1"),
        passes(21),
        *_logs_in("bruno"),
        picks_up("bruno"),
        passes(3),
        notes_the_contact("in-1"),
        hangs_up("in-1"),
        asks(lambda play: WrapUpFinished("bruno", play.contact_of("in-1"), "done")),
    ],
    "abandoned while ringing": [
        *PUBLISH,
        *_logs_in("amelie"),
        *_waits_in("in-1"),
        passes(4),
        hangs_up("in-1"),
        passes(2),
    ],
    "hold, resume, transfer to a queue, and a withdrawal planned meanwhile": [
        *PUBLISH,
        *_logs_in("amelie"),
        *_waits_in("in-1"),
        picks_up("amelie"),
        asks(lambda play: HoldRequested("amelie", play.contact_of("in-1"))),
        asks(lambda play: ResumeRequested("amelie", play.contact_of("in-1"))),
        asks(lambda _: WithdrawRequested("amelie", "lunch")),
        *_logs_in("bruno"),
        asks(lambda play: TransferRequested("amelie", play.contact_of("in-1"), "queue:support")),
        asks(lambda play: WrapUpFinished("amelie", play.contact_of("in-1"), "done")),
        picks_up("bruno"),
        passes(2),
        hangs_up("in-1"),
        asks(lambda play: WrapUpFinished("bruno", play.contact_of("in-1"), "done")),
    ],
    "two callers, one agent": [
        *PUBLISH,
        *_logs_in("amelie"),
        *_waits_in("in-1"),
        *_waits_in("in-2"),
        picks_up("amelie"),
        passes(3),
        notes_the_contact("in-1"),
        hangs_up("in-1"),
        asks(lambda play: WrapUpFinished("amelie", play.contact_of("in-1"), "done")),
        picks_up("amelie"),
        passes(3),
        notes_the_contact("in-2"),
        hangs_up("in-2"),
        asks(lambda play: WrapUpFinished("amelie", play.contact_of("in-2"), "done")),
    ],
    "declined, then taken by the other agent": [
        *PUBLISH,
        *_logs_in("amelie"),
        *_waits_in("in-1"),
        declines("amelie"),
        *_logs_in("bruno"),
        picks_up("bruno"),
        passes(2),
        notes_the_contact("in-1"),
        hangs_up("in-1"),
        asks(lambda play: WrapUpFinished("bruno", play.contact_of("in-1"), "done")),
    ],
    "nobody is there: the wait runs out, and the caller is told goodbye": [
        *PUBLISH,
        *_waits_in("in-1", "2"),
        passes(301),
        plays_out("in-1", "message:goodbye"),
    ],
    "an outgoing call": [
        *PUBLISH,
        *_logs_in("amelie"),
        _calls_out("amelie"),
        picks_up("amelie"),
        outside_answers(),
        passes(2),
        _hangs_up_the_outgoing("amelie"),
        passes(31),
    ],
    "transferred to a number outside": [
        *PUBLISH,
        *_logs_in("amelie"),
        *_waits_in("in-1"),
        picks_up("amelie"),
        asks(lambda play: TransferRequested("amelie", play.contact_of("in-1"), f"number:{OUTSIDE}")),
        outside_answers(),
        asks(lambda play: WrapUpFinished("amelie", play.contact_of("in-1"), "done")),
        passes(2),
        hangs_up("in-1"),
        passes(2),
    ],
    "a new configuration in the middle of a menu": [
        *PUBLISH,
        *_logs_in("amelie"),
        calls("in-1"),
        asks(lambda _: ConfigPublished(small_centre(version=2))),
        hears_out("in-1"),
        presses("in-1", "2"),
        picks_up("amelie"),
        passes(1),
        notes_the_contact("in-1"),
        hangs_up("in-1"),
        asks(lambda play: WrapUpFinished("amelie", play.contact_of("in-1"), "done")),
    ],
}
