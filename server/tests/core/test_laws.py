"""Random lives of a centre: whatever the parties do, and in whatever order it is reported, the laws hold.

The rules are what callers, agents, the outside and the weather may do. Reports wait until a rule delivers them, so an answer may
cross a time-out and two parties may hang up at once. An engine that was loaded from the state follows and must decide the same.
"""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from cordboard.core import events as ev
from cordboard.core.config import TenantConfig
from cordboard.core.contact import EngagementState, Phase
from cordboard.core.engine import Decision, Engine
from cordboard.core.look_ups import LookedUp, LookUpOutcome
from cordboard.core.mail import events as mail
from cordboard.core.script.steps import LookUpStep, MenuStep, TransferStep
from cordboard.core.words import (
    AgentState,
    Channel,
    EndCause,
    PhoneKind,
    SeatKind,
)
from cordboard.expressions import evaluate
from cordboard.numbers import normalise
from cordboard.testing.builders import (
    OUTSIDE,
    centre,
    logged_in,
    phone_of,
    with_agent,
    with_queue,
    without_agent,
    without_queue,
)
from cordboard.testing.story import Story, copy_of
from tests.core.mail_life import DIGITAL, MailLife, pick

VOICE = ("amelie", "bruno", "chloe")
CAUSES = (
    EndCause.NORMAL,
    EndCause.BUSY,
    EndCause.DECLINED,
    EndCause.UNREACHABLE,
    EndCause.CONNECTION_LOST,
    EndCause.FAILED,
)


def a_centre() -> TenantConfig:
    """The builders' centre, with menu choices that transfer."""
    config = centre()
    main = config.scripts["main"]
    menu = main.steps["menu"]
    assert isinstance(menu, MenuStep)
    steps = {
        **main.steps,
        "menu": replace(
            menu, choices={**menu.choices, "4": "to_agent", "5": "to_number", "6": "to_queue", "7": "look"}
        ),
        "look": LookUpStep(
            "table:callers", {"number": "caller"}, {"skill": "needs"}, "sales", "support", "closed"
        ),
        "to_agent": TransferStep("agent:amelie", "support"),
        "to_number": TransferStep(f"number:{OUTSIDE}", ""),
        "to_queue": TransferStep("queue:urgent", "closed"),
    }
    validation = {"new": replace(config.validation["new"], agent_ids=("grace",), percent=50)}
    return replace(config, scripts={"main": replace(main, steps=steps)}, validation=validation)


class Twin:
    """An engine that was loaded from a copy of the state, and is told the same from then on."""

    def __init__(self, story: Story) -> None:
        self.engine = Engine(copy_of(story.state), evaluate, normalise)

    def follow(self, event: ev.Event, story: Story, decision: Decision) -> None:
        theirs = self.engine.handle(event, story.now, story.seq)
        assert theirs == decision, f"{event}\nrunning: {decision}\nloaded:  {theirs}"


class WatchedStory(Story):
    twin: Twin | None = None

    def _decide(self, event: ev.Event) -> Decision:
        decision = super()._decide(event)
        if self.twin is not None:
            self.twin.follow(event, self, decision)
        return decision


class CentreLife(MailLife):
    def __init__(self) -> None:
        super().__init__()
        self.story = WatchedStory(a_centre(), deliver_at_once=False)
        self.lines_dialled = 0
        self.mails_made = 0
        self.late = False  # reports wait until a rule delivers them

    @initialize()
    def morning(self) -> None:
        self.story.staff("amelie", "bruno")
        self.story.staff("dan", seat=SeatKind.DIGITAL, kind=None)
        self.load()

    def load(self) -> None:
        self.story.twin = Twin(self.story)

    def tell(self, event: ev.Event) -> None:
        self.story.tell(event)
        self.go_on()

    def go_on(self) -> None:
        if not self.late:
            self.deliver_all()

    def deliver_all(self) -> None:
        self.story.deliver()
        self.story.look()

    def held(self, number: int, *states: EngagementState) -> tuple[str, int] | None:
        """Some agent and a contact that he holds."""
        pairs = [
            (agent.id, contact_id)
            for agent in self.story.state.agents.values()
            for contact_id, engagement in agent.engagements.items()
            if not states or engagement.state in states
        ]
        return pairs[number % len(pairs)] if pairs else None

    # -- callers

    @rule(menu=st.sampled_from(("", "1", "2", "3", "4", "5", "6", "7", "9")))
    def somebody_calls(self, menu: str) -> None:
        if not self.story.connected:
            return
        line = self.story.call()
        if menu:
            self.deliver_all()
            if line in self.story.outside.lines:
                self.story.hear_out(line)
                self.deliver_all()
                self.story.press(line, menu)
        self.go_on()

    @rule(number=pick, late=st.integers(0, 1), outcome=st.sampled_from(tuple(LookUpOutcome)))
    def a_look_up_ends(self, number: int, late: int, outcome: LookUpOutcome) -> None:
        asked = self.story.look_ups[-4:]
        if asked:
            one = asked[number % len(asked)]
            self.tell(LookedUp(one.contact_id, one.number + late, outcome, {"skill": "french:1"}))

    @rule(menu=st.sampled_from("1237"))
    def a_call_comes_through(self, menu: str) -> None:
        self.somebody_calls(menu)
        self.deliver_all()
        self.reserved_agents_answer()

    @rule()
    def reserved_agents_answer(self) -> None:
        for agent in list(self.story.state.agents.values()):
            if agent.state is AgentState.RESERVED and self.story.connected:
                ringing = self.story.ringing(agent.id)
                if ringing is not None:
                    self.story.answer_line(ringing.line)
                for contact_id in list(agent.engagements):
                    self.story.tell(ev.OfferAccepted(agent.id, contact_id))
        self.go_on()

    @rule(number=pick)
    def a_sound_ends(self, number: int) -> None:
        playing = [line.line for line in self.story.outside.lines.values() if line.playback_id]
        if playing:
            self.story.hear_out(playing[number % len(playing)])
            self.go_on()

    @rule(number=pick, digit=st.sampled_from("12459#"))
    def somebody_presses(self, number: int, digit: str) -> None:
        lines = list(self.story.outside.lines)
        if lines:
            self.story.press(lines[number % len(lines)], digit)
            self.go_on()

    @rule(number=pick, cause=st.sampled_from(CAUSES))
    def a_line_ends(self, number: int, cause: EndCause) -> None:
        lines = list(self.story.outside.lines)
        if lines:
            self.story.hang_up(lines[number % len(lines)], cause)
            self.go_on()

    @rule(number=pick)
    def a_phone_is_answered(self, number: int) -> None:
        ringing = [line.line for line in self.story.outside.lines.values() if not line.up and not line.number]
        if ringing:
            self.story.answer_line(ringing[number % len(ringing)])
            self.go_on()

    # -- emails and chats

    @rule(channel=st.sampled_from(((Channel.EMAIL, "inbox"), (Channel.CHAT, "button"))))
    def work_arrives(self, channel: tuple[Channel, str]) -> None:
        self.tell(ev.WorkArrived(channel[0], channel[1], f"ref-{self.story.seq}", "someone@demo.example"))

    @rule(
        number=pick, what=st.sampled_from(("ends", "claimed", "claimed")), agent_id=st.sampled_from(DIGITAL)
    )
    def work_goes_on(self, number: int, what: str, agent_id: str) -> None:
        works = [each.id for each in self.story.state.contacts.values() if each.channel is not Channel.VOICE]
        if not works:
            return
        contact_id = works[number % len(works)]
        if what == "ends":
            self.tell(ev.WorkEnded(contact_id, EndCause.CLOSED))
        else:
            self.tell(ev.ClaimRequested(agent_id, contact_id))

    # -- agents

    @rule(
        agent_id=st.sampled_from(VOICE + DIGITAL),
        kind=st.sampled_from((PhoneKind.BROWSER, PhoneKind.BROWSER, PhoneKind.SIP, None)),
        login_id=st.sampled_from(("one", "two")),
    )
    def logs_in(self, agent_id: str, kind: PhoneKind | None, login_id: str) -> None:
        seat = SeatKind.VOICE if agent_id in VOICE else SeatKind.DIGITAL
        self.tell(logged_in(agent_id, seat, kind, login_id))
        self.tell(ev.DesktopConnected(agent_id, f"desktop-{agent_id}"))
        self.tell(ev.ReadyRequested(agent_id))

    @rule(
        agent_id=st.sampled_from(VOICE + DIGITAL),
        what=st.sampled_from(
            (
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
        ),
    )
    def an_agent_does_something(self, agent_id: str, what: str) -> None:
        match what:
            case "logs out":
                self.tell(ev.AgentLoggedOut(agent_id))
            case "desktop":
                self.tell(ev.DesktopConnected(agent_id, f"desktop-{agent_id}"))
            case "desktop gone":
                self.tell(ev.DesktopDisconnected(agent_id, f"desktop-{agent_id}"))
            case "ready":
                self.tell(ev.ReadyRequested(agent_id))
            case "withdraws":
                self.tell(ev.WithdrawRequested(agent_id, "lunch"))
            case "reached":
                self.tell(ev.PhoneReached(agent_id))
            case "unreached":
                self.tell(ev.PhoneUnreached(agent_id))
            case "phone":
                self.tell(ev.PhoneChosen(agent_id, phone_of(agent_id, PhoneKind.SIP)))

    @rule(
        agent_id=st.sampled_from(VOICE),
        number=st.sampled_from((OUTSIDE, "0155667788", "112")),
        on_phone=st.booleans(),
        answered=st.booleans(),
    )
    def dials(self, agent_id: str, number: str, on_phone: bool, answered: bool) -> None:
        if on_phone and self.story.connected:
            self.lines_dialled += 1
            self.story.outside.dial_on_phone("demo", f"sip-{self.lines_dialled}", agent_id, number)
        else:
            self.tell(ev.DialRequested(agent_id, number))
        if answered and self.story.connected:
            self.deliver_all()
            dialled = [
                line for line in self.story.outside.lines.values() if line.address == OUTSIDE and not line.up
            ]
            if dialled:
                self.story.answer_line(dialled[-1].line)
        self.go_on()

    @rule(
        number=pick,
        kind=st.sampled_from(
            (
                ev.HangUpRequested,
                ev.HoldRequested,
                ev.HoldRequested,
                ev.ResumeRequested,
                ev.ReconnectRequested,
                ev.OfferAccepted,
                ev.OfferDeclined,
            )
        ),
    )
    def does_something_with_a_contact(self, number: int, kind: type) -> None:
        held = self.held(number)
        if held is not None:
            self.tell(kind(*held))

    @rule(number=pick, reason=st.sampled_from(("", "sold", "sold")), any_state=st.booleans())
    def wraps_up(self, number: int, reason: str, any_state: bool) -> None:
        held = self.held(number) if any_state else self.held(number, EngagementState.WRAP_UP)
        if held is not None:
            self.tell(ev.WrapUpFinished(*held, reason))

    @rule(
        number=pick,
        to=st.sampled_from(
            (
                "agent:amelie",
                "agent:bruno",
                "agent:emma",
                "queue:support",
                "queue:urgent",
                "queue:chat",
                "queue:mail",
                f"number:{OUTSIDE}",
                f"number:{OUTSIDE}",
            )
        ),
    )
    def transfers(self, number: int, to: str) -> None:
        held = self.held(number, EngagementState.IN_CONTACT)
        if held is not None:
            self.tell(ev.TransferRequested(*held, to))

    # -- time, configuration, weather

    @rule(seconds=st.sampled_from((0.2, 3, 3, 12, 21, 31, 65, 400)))
    def time_passes(self, seconds: float) -> None:
        self.story.wait(timedelta(seconds=seconds))
        self.go_on()

    @rule(
        what=st.sampled_from(
            (
                "lost",
                "restarted",
                "crash",
                "crash, unperformed",
                "no support",
                "no bruno",
                "no dan",
                "no mail",
                "chloe learns",
                "sales is harder",
                "all as it was",
            )
        )
    )
    def something_happens(self, what: str) -> None:
        if what in ("lost", "restarted"):
            self.telephony_is_lost(what == "restarted")
        elif what.startswith("crash"):
            self.story.twin = None
            self.story.crash(perform_last="unperformed" not in what)
            self.load()
        else:
            self.publish(what)
        self.go_on()

    def publish(self, change: str) -> None:
        config, version = a_centre(), self.story.config.version + 1
        match change:
            case "no support":
                config = without_queue(config, "support")
            case "no bruno":
                config = without_agent(config, "bruno")
            case "no dan":
                config = without_agent(config, "dan")
            case "no mail":
                config = without_queue(config, "mail")
            case "chloe learns":
                config = with_agent(config, "chloe", skills={"french": 5, "english": 5})
            case "sales is harder":
                config = with_queue(config, "sales", needs={"english": 5})
        self.tell(ev.ConfigPublished(replace(config, version=version)))

    def telephony_is_lost(self, restarted: bool) -> None:
        if self.story.connected:
            self.story.lose_telephony()
        if restarted:
            self.story.outside.restart()
            self.story.find_telephony(restarted=True)

    @precondition(lambda self: not self.story.connected)
    @rule()
    def telephony_is_back(self) -> None:
        self.story.find_telephony()
        self.go_on()

    @rule(late=st.booleans())
    def reports_are_late(self, late: bool) -> None:
        self.late = late
        self.go_on()

    @precondition(lambda self: self.late)
    @rule(number=st.integers(1, 3))
    def reports_arrive(self, number: int) -> None:
        self.story.deliver(number)
        self.story.look()

    @rule()
    def state_is_loaded(self) -> None:
        self.load()

    # -- laws beside those that the story looks at

    @invariant()
    def order_is_kept(self) -> None:
        """In a pool, higher priority goes first, and among equals who has waited longer."""
        contacts = self.story.state.contacts
        for _, waiting, _ in self.story.engine.centre.matching.standing():
            keys = [
                (-wait.priority, wait.since)
                for wait in (contacts[contact_id].wait for contact_id in waiting)
                if wait is not None
            ]
            assert keys == sorted(keys)
            assert len(keys) == len(waiting)

    @invariant()
    def only_who_waits_is_in_a_pool(self) -> None:
        pooled = sorted(
            contact_id
            for _, waiting, _ in self.story.engine.centre.matching.standing()
            for contact_id in waiting
        )
        for_one = [id_ for places in self.story.engine.centre.preferred.values() for id_ in places]
        assert sorted([*pooled, *for_one]) == sorted(
            contact.id
            for contact in self.story.state.contacts.values()
            if contact.phase is Phase.WAITING and contact.wait and not contact.wait.named_agent_id
        )

    def teardown(self) -> None:
        """Everybody hangs up and time passes: nothing is left but people."""
        story = self.story
        if not story.connected:
            story.find_telephony()
        for _ in range(30):
            story.deliver()
            for line in list(story.outside.lines):
                story.outside.hang_up(line)
            story.deliver()
            for contact_id, contact in list(story.state.contacts.items()):
                for answer in contact.outgoing:
                    story.tell(mail.AnswerApproved("boss", contact_id, answer.mail_id))
                if contact.channel is not Channel.VOICE:
                    story.tell(ev.WorkEnded(contact_id, EndCause.CLOSED))
            for agent in list(story.state.agents.values()):
                for contact_id in list(agent.engagements):
                    story.tell(ev.WrapUpFinished(agent.id, contact_id, "sold"))
            story.wait(5)
            if not story.outside.lines and not story.state.contacts:
                break
        story.deliver()
        story.look()
        assert not story.state.contacts, story.state.contacts
        assert not story.outside.lines
        assert not story.outside.rooms
        assert {key.partition(":")[0] for key in story.wakes} <= {"desk"}
        assert not story.ledger.live
        assert not story.ledger.held
        assert not story.state.threads


CentreLife.TestCase.settings = settings(
    max_examples=50,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
TestCentreLife = CentreLife.TestCase
