"""The live law under random lives of a centre: after every event, snapshot + deltas == a fresh snapshot, for every topic.

The lives are those of `tests/core/test_laws.py`. The same lives show that figures kept fact by fact are those folded in one go,
and that the reasons derived from the facts find as many agents eligible as the decision did.
"""

import importlib.util
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import msgspec
from hypothesis import HealthCheck, Phase, settings

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.config import ChatButton, TenantConfig
from cordboard.core.contact import Phase as CorePhase
from cordboard.core.conversation import events as chat
from cordboard.core.conversation.words import CallAnswer, CallWay, MessageKind
from cordboard.core.engine import Decision
from cordboard.core.explain import ELIGIBLE, Past, explain
from cordboard.core.facts import Recorded
from cordboard.core.mail import events as mail
from cordboard.core.statistics.fold import Fold
from cordboard.core.statistics.items import Item
from cordboard.core.statistics.totals import Sum, Sums
from cordboard.core.words import Channel, MailOutcome, MailThen, PhoneKind, SeatKind
from cordboard.live.rows import Rows
from cordboard.live.tenant_feeds import TenantFeeds
from cordboard.live.today import Today
from cordboard.runtime.ports import Batch


def _lives() -> Any:
    file = Path(__file__).parents[1] / "core" / "test_laws.py"
    spec = importlib.util.spec_from_file_location("lives_of_a_centre", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


lives = _lives()
AGENTS = (*lives.VOICE, *lives.DIGITAL)
TOPICS = [
    ("colleagues", ""),
    ("queues", ""),
    *((topic, agent_id) for topic in ("me", "figures") for agent_id in AGENTS),
]
SEEN: set[type] = set()  # event types that the lives have shown to the law


@dataclass(eq=False)
class Screen:
    """A browser's copy of one topic."""

    rows: dict[str, Any] = field(default_factory=dict)
    n: int = 0

    def send(self, message: str) -> None:
        delta = json.loads(message)
        assert delta["n"] == self.n + 1, "a gap"
        self.n = delta["n"]
        self.rows.update(delta["set"])
        for key in delta["del"]:
            del self.rows[key]
        assert delta["set"] or delta["del"], "an empty delta"

    def start(self, message: str) -> None:
        snapshot = json.loads(message)
        self.rows, self.n = snapshot["snapshot"], snapshot["n"]


def as_sent(rows: Rows) -> Any:
    return json.loads(msgspec.json.encode(rows))


class LiveStory(lives.WatchedStory):  # type: ignore[misc]  # loaded by path
    """A story that is watched on screens."""

    def __init__(self, config: TenantConfig, **options: Any) -> None:
        self.recorded: list[Recorded] = []
        self.configs: dict[int, TenantConfig] = {}
        self.monotonic = 0.0
        self.later: list[Callable[[], None]] = []
        self.screens: dict[tuple[str, str], Screen] = {}
        self.feeds: TenantFeeds | None = None
        super().__init__(config, **options)
        self.today = Today(self.config_of, self.now, "Europe/Paris")
        self.today.apply(self.recorded)
        self.feeds = self.new_feeds()
        for topic, audience in TOPICS:
            screen = self.screens[(topic, audience)] = Screen()
            screen.start(self.feeds.join(topic, audience, screen, self.now))

    def config_of(self, version: int) -> TenantConfig | None:
        return self.configs.get(version)

    def new_feeds(self) -> TenantFeeds:
        return TenantFeeds(
            lambda: self.state, self.today, lambda: self.monotonic, lambda _, call: self.later.append(call)
        )

    def _decide(self, event: ev.Event) -> Decision:
        decision: Decision = super()._decide(event)
        SEEN.add(type(event))
        if isinstance(event, ev.ConfigPublished):
            self.configs[event.config.version] = event.config
        recorded = [Recorded(self.seq, n, self.now, fact) for n, fact in enumerate(decision.facts)]
        self.recorded.extend(recorded)
        if self.feeds is not None:
            contact_ids = frozenset({decision.contact_id} - {0})
            self.feeds.on_batch(Batch(self.state.tenant_id, self.seq, recorded, self.now, contact_ids))
            self.monotonic += 0.03
            self.compare(event)
        return decision

    def compare(self, event: ev.Event) -> None:
        """What was gathered goes out, then every screen must show what a fresh snapshot would."""
        assert self.feeds is not None
        due, self.later = self.later, []
        for call in due:
            call()
        fresh = self.new_feeds()
        for (topic, audience), screen in self.screens.items():
            assert screen.rows == as_sent(fresh.fresh_rows(topic, audience)), (
                f"{topic} {audience} after {event}"
            )


class LiveLife(lives.CentreLife):  # type: ignore[misc]  # loaded by path
    def __init__(self) -> None:
        super().__init__()
        self.story = LiveStory(lives.a_centre(), deliver_at_once=False)

    def teardown(self) -> None:
        super().teardown()
        figures_agree(self.story)
        reasons_agree(self.story)


def sums_of(items: Iterable[Item]) -> Sums:
    sums: Sums = defaultdict(Sum)
    for item in items:
        sums[item.measure].add(item.seconds)
    return sums


def figures_agree(story: LiveStory) -> None:
    until = story.now + timedelta(microseconds=1)  # what happens at this very instant counts
    fold = Fold(story.config_of, story.today.since)
    done = [item for each in story.recorded if each.at < until for item in fold.apply(each)]
    for agent_id in AGENTS:
        kept, folded = (
            story.today._totals.of_agent(agent_id),
            sums_of(each for each in done if each.agent_id == agent_id),
        )
        for measure in {*kept, *folded}:
            assert kept[measure].count == folded[measure].count, measure
            assert abs(kept[measure].seconds - folded[measure].seconds) < 1e-6, measure
    everything = sums_of(done)
    for measure, total in everything.items():
        assert story.today._totals.all[measure].count == total.count, measure


def reasons_agree(story: LiveStory) -> None:
    """Each decision by matching: 1 + the eligible that are found afterwards == the eligible that it counted."""
    past = Past()
    channels: dict[int, Channel] = {}
    needs: dict[int, tuple[tuple[str, int], ...]] = {}
    for each in story.recorded:
        fact = each.fact
        if isinstance(fact, facts.ContactArrived):
            channels[fact.contact_id] = fact.channel
        elif isinstance(fact, facts.ContactQueued):
            needs[fact.contact_id] = tuple(sorted(fact.needs.items()))
        elif isinstance(fact, facts.RoutingDecided) and fact.rule not in (
            "named_agent",
            "claimed",
            "taken_over",
            "preferred_agent",
            "taken_back",
            "unparked",
            "reopened",
        ):
            config = story.configs[past.config_version]
            verdicts = explain(fact, past, config, channels[fact.contact_id], needs.get(fact.contact_id))
            eligible = [verdict.agent_id for verdict in verdicts if verdict.verdict == ELIGIBLE]
            assert 1 + len(eligible) == fact.eligible, (fact, verdicts)
        past.apply(each)


LiveLife.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    report_multiple_bugs=False,
    phases=(Phase.explicit, Phase.generate),  # what breaks the law is short enough to read as it is found
)
TestLiveLife = LiveLife.TestCase


def test_one_call_with_everything_that_an_agent_does() -> None:
    story = LiveStory(lives.a_centre())
    story.staff("amelie")
    caller = story.talk("amelie")
    contact_id = story.contact_of(caller).id
    story.tell(ev.WithdrawRequested("amelie", "lunch"))
    story.tell(ev.ReadyRequested("amelie"))
    story.tell(ev.WithdrawRequested("amelie", "lunch"))
    story.tell(ev.DigitsRequested("amelie", contact_id, "12#"))
    story.tell(ev.HoldRequested("amelie", contact_id))
    story.tell(ev.ResumeRequested("amelie", contact_id))
    story.tell(ev.WrapUpFinished("amelie", contact_id, "sold", "kept for later"))
    story.tell(ev.HangUpRequested("amelie", contact_id))
    story.tell(ev.PhoneUnreached("amelie"))
    story.tell(ev.PhoneReached("amelie"))
    story.wait(60)
    figures_agree(story)
    reasons_agree(story)


def test_one_thread_with_everything_that_can_happen_in_it() -> None:
    """grace's answers are held (half of them), emma's are not."""
    story = LiveStory(lives.a_centre())
    story.staff("emma", "grace", seat=SeatKind.DIGITAL, kind=None)

    def arrive(number: int, thread: int) -> int:
        told = story.tell(mail.MailArrived(number, thread, "inbox", f"<{number}>", "someone@demo.example"))
        return int(told.contact_id)

    first = arrive(1, 1)
    story.tell(ev.OfferAccepted("emma", first))
    story.tell(mail.AnswerRequested("emma", first, 100))
    story.tell(mail.AnswerRecalled("emma", first, 100))
    story.tell(mail.ForwardRequested("emma", first, 101, "expert@demo.example"))
    story.tell(mail.UnparkRequested("emma", first))
    story.tell(mail.ParkRequested("emma", first, None))
    arrive(2, 1)
    story.tell(ev.OfferAccepted("emma", first))
    story.tell(mail.ReturnRequested("emma", first, "not mine"))
    for number, decide in enumerate((mail.AnswerSentBack, mail.AnswerCorrected, mail.AnswerApproved), 1):
        mail_id = 200
        story.tell(ev.ClaimRequested("grace", first))
        while story.state.contacts[first].phase is not CorePhase.VALIDATING:
            mail_id += 1
            story.tell(mail.AnswerRequested("grace", first, 1000 * number + mail_id, MailThen.KEEP))
        held = story.state.contacts[first].outgoing[-1].mail_id
        more = () if decide is mail.AnswerApproved else ("kinder",)
        story.tell(
            decide("boss", first, held, *((9000 + number,) if decide is mail.AnswerCorrected else more))
        )
        story.wait(11)
    story.tell(mail.MailSendingEnded(9100, 1, first, MailOutcome.BOUNCED, "no such box", 1))
    story.tell(ev.ClaimRequested("grace", first))
    story.tell(ev.HangUpRequested("grace", first))
    story.tell(ev.WrapUpFinished("grace", first, "sold"))
    story.tell(mail.ContactReopened("emma", first, 1, "inbox", "mail", "someone@demo.example"))
    story.tell(mail.MailWritten("emma", 9200, "inbox", "else@demo.example"))
    story.wait(60)
    story.crash()
    figures_agree(story)
    reasons_agree(story)


def test_one_chat_with_everything_that_can_happen_in_it() -> None:
    story = LiveStory(_with_buttons(lives.a_centre()))
    story.staff("emma", "felix", seat=SeatKind.DIGITAL, kind=None)
    story.tell(chat.InvitationRequested("button", "i1"))
    story.tell(chat.InvitationRequested("button", "i2"))
    story.tell(chat.InvitationEnded("i2"))
    contact_id = story.tell(chat.ChatArrived("button", "s1", invitation="i1")).contact_id
    story.tell(chat.VisitorConnected(contact_id))
    holder = story.state.contacts[contact_id].offer.agent_id
    other = "felix" if holder == "emma" else "emma"
    story.tell(ev.OfferAccepted(holder, contact_id))
    story.tell(chat.VisitorWrote(contact_id, "k1", "Hello"))
    story.tell(chat.MessagesRead(contact_id, holder, 2))
    story.tell(chat.AgentWrote(holder, contact_id, "k2", "Good morning"))
    story.tell(chat.EditRequested(holder, contact_id, 3, "Good afternoon"))
    story.tell(chat.DeleteRequested(holder, contact_id, 3))
    story.tell(chat.MessagesRead(contact_id, "", 3))
    story.tell(chat.ColleagueInvited(holder, contact_id, other))
    story.tell(chat.AgentWrote(other, contact_id, "k3", "Let me see"))
    story.tell(chat.PartyLeft(other, contact_id))
    story.tell(chat.WatchRequested(other, contact_id))
    story.tell(chat.TakeOverRequested(other, contact_id))
    page = chat.AgentWrote(other, contact_id, "k4", "Look", MessageKind.PAGE, url="https://shop.example")
    story.tell(page)
    number = story.state.contacts[contact_id].chat.messages_made
    story.tell(chat.ConsentGiven(contact_id, number, True))
    story.tell(chat.VisitorMoved(contact_id, "https://shop.example", "Shop"))
    story.tell(chat.VisitorDisconnected(contact_id))
    story.tell(chat.BotAnswered(contact_id, 1, 0, "Nobody asked"))
    story.tell(chat.BotFailed(contact_id, 1, "Nobody asked"))
    story.tell(chat.TranscriptRequested(contact_id, "ann@home.example"))
    story.tell(chat.VisitorEnded(contact_id))
    story.tell(chat.SurveyAnswered(contact_id, "button", 5))
    goes_on = chat.ChatReopened(
        "button", "again", contact_id, story.now, number, queue_id="chat", agent_id=other
    )
    second = story.tell(goes_on).contact_id
    story.tell(chat.VisitorStoppedWaiting(second))
    story.tell(chat.VisitorEnded(second))
    story.wait(60)
    figures_agree(story)
    reasons_agree(story)


def test_from_chat_to_call_and_back() -> None:
    story = LiveStory(_with_buttons(lives.a_centre()))
    story.staff("emma", seat=SeatKind.OMNICHANNEL, kind=PhoneKind.BROWSER)
    contact_id = story.tell(chat.ChatArrived("button", "s1")).contact_id
    story.tell(chat.VisitorConnected(contact_id))
    story.tell(ev.OfferAccepted("emma", contact_id))
    for number in range(2):
        story.tell(chat.CallRequested("emma", contact_id, f"call-{number}", CallWay.PAGE))
        asked = story.state.contacts[contact_id].chat.messages_made
        if number:
            story.tell(chat.CallWithdrawn("emma", contact_id))
        else:
            story.tell(chat.VisitorCallAnswered(contact_id, asked, CallAnswer.DECLINED))
    story.tell(chat.VisitorEnded(contact_id))
    story.wait(60)
    figures_agree(story)
    reasons_agree(story)


def _with_buttons(config: TenantConfig) -> TenantConfig:
    button = ChatButton("button", "Button", "shop", queue_id="chat")
    return replace(config, chat_buttons={"button": button})


def test_every_type_of_event_was_shown_to_the_law() -> None:
    """Runs after those above, in the same process."""
    assert set(get_args(ev.Event)) <= SEEN
