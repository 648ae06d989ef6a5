"""Long lives of a centre whose agents call the visitors of their chats, under the laws of `test_laws`: whatever happens in between."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from cordboard.core import events as ev
from cordboard.core.config import ChatButton
from cordboard.core.conversation import events as chat
from cordboard.core.conversation.words import CallAnswer, CallWay
from cordboard.core.words import PhoneKind, SeatKind
from cordboard.testing.builders import OUTSIDE, logged_in
from tests.core.test_laws import CAUSES, CentreLife

BUTTON = ChatButton("button", "Button", "shop", call_queue_id="support")
CHATTING = {"dan": SeatKind.OMNICHANNEL, "emma": SeatKind.DIGITAL}


class ChatCalls(CentreLife):
    """Dan has a telephone beside his chats, Emma has none: the voice agents call for her."""

    def morning(self) -> None:
        self.story.tell(
            ev.ConfigPublished(replace(self.story.config, version=2, chat_buttons={"button": BUTTON}))
        )
        self.story.staff("amelie", "bruno")
        for agent_id in CHATTING:
            self.sits_down(agent_id)
        self.load()

    def sits_down(self, agent_id: str) -> None:
        seat = CHATTING[agent_id]
        phone = PhoneKind.BROWSER if seat is SeatKind.OMNICHANNEL else None
        self.tell(logged_in(agent_id, seat, phone, "one"))
        self.tell(ev.DesktopConnected(agent_id, f"desktop-{agent_id}"))
        self.tell(ev.ReadyRequested(agent_id))

    def chats(self) -> list[int]:
        return [each.id for each in self.story.state.contacts.values() if each.chat is not None]

    def a_visitor_comes(self) -> None:
        reference = f"session-{self.story.seq}"
        self.tell(chat.ChatArrived("button", reference, "ada@demo.example", "Ada"))
        self.tell(chat.VisitorConnected(self.story.state.chat_references[reference]))

    def chats_are_taken(self) -> None:
        for contact_id in self.chats():
            offer = self.story.state.contacts[contact_id].offer
            if offer is not None:
                self.tell(ev.OfferAccepted(offer.agent_id, contact_id))

    def asks(self, number: int, way: CallWay) -> None:
        for contact_id in self.chats()[number % 3 :: 3]:
            for agent_id in CHATTING:
                key = f"call-{self.story.seq}"
                self.tell(chat.CallRequested(agent_id, contact_id, key, way, OUTSIDE))

    def the_page_says(self, number: int, answer: CallAnswer) -> None:
        """Of a call that goes on, or of one that does not (any more)."""
        live = [
            (each.origin.contact_id, each.origin.number)
            for each in self.story.state.contacts.values()
            if each.origin
        ]
        asked = [
            (each.id, each.chat.call.number)
            for each in self.story.state.contacts.values()
            if each.chat and each.chat.call
        ]
        known = live + asked
        if known:
            contact_id, message = known[number % len(known)]
            address = f"demo-page-{self.story.seq}" if answer is CallAnswer.READY else ""
            self.tell(chat.VisitorCallAnswered(contact_id, message, answer, address))

    def about_a_chat(self, number: int, what: str) -> None:
        found = self.chats()
        if not found:
            return
        contact_id = found[number % len(found)]
        match what:
            case "withdraw":
                for agent_id in CHATTING:
                    self.tell(chat.CallWithdrawn(agent_id, contact_id))
            case "gone":
                self.tell(chat.VisitorDisconnected(contact_id))
            case "back":
                self.tell(chat.VisitorConnected(contact_id))
            case _:
                self.tell(chat.VisitorEnded(contact_id))

    def nobody_waits(self) -> None:
        """Who waits for a call gives up."""
        for each in list(self.story.state.contacts.values()):
            if each.origin is not None:
                gives_up = chat.VisitorCallAnswered(
                    each.origin.contact_id, each.origin.number, CallAnswer.HUNG_UP
                )
                self.tell(gives_up)


def a_life(chance: random.Random, steps: int) -> None:
    life = ChatCalls()
    life.morning()

    def some() -> int:
        return chance.randint(0, 50)

    answers = (*(CallAnswer.ACCEPTED, CallAnswer.READY) * 3, *CallAnswer)
    doings = ("logs out", "desktop", "desktop gone", "ready", "withdraws", "reached", "unreached")
    asked = (ev.HangUpRequested, ev.HoldRequested, ev.ResumeRequested, ev.ReconnectRequested)
    targets = ("agent:bruno", "agent:dan", "queue:support", f"number:{OUTSIDE}")
    weather = ("crash", "crash, unperformed", "no support", "lost", "restarted")
    doable: dict[Callable[[], object], float] = {
        life.a_visitor_comes: 4,
        life.chats_are_taken: 6,
        lambda: life.asks(some(), chance.choice((CallWay.PAGE, CallWay.PAGE, CallWay.CALLBACK))): 6,
        lambda: life.the_page_says(some(), chance.choice(answers)): 12,
        lambda: life.about_a_chat(some(), chance.choice(("withdraw", "gone", "back", "back", "ends"))): 3,
        lambda: life.a_call_comes_through("1"): 2,
        life.reserved_agents_answer: 5,
        lambda: life.a_sound_ends(some()): 3,
        lambda: life.a_line_ends(some(), chance.choice(CAUSES)): 4,
        lambda: life.a_phone_is_answered(some()): 9,
        lambda: life.logs_in(chance.choice(("amelie", "bruno")), PhoneKind.BROWSER, "one"): 3,
        lambda: life.sits_down(chance.choice(("dan", "emma"))): 3,
        lambda: life.an_agent_does_something(
            chance.choice(("amelie", "dan", "emma")), chance.choice(doings)
        ): 4,
        lambda: life.does_something_with_a_contact(some(), chance.choice(asked)): 5,
        lambda: life.wraps_up(some(), "sold", True): 6,
        lambda: life.transfers(some(), chance.choice(targets)): 2,
        lambda: life.time_passes(chance.choice((0.2, 3, 12, 31, 61))): 8,
        lambda: life.something_happens(chance.choice(weather)): 0.8,
        lambda: life.story.connected or life.telephony_is_back(): 2,
        lambda: life.reports_are_late(chance.random() < 0.4): 2,
        lambda: life.reports_arrive(chance.randint(1, 3)): 2,
    }
    for _ in range(steps):
        chance.choices(list(doable), list(doable.values()))[0]()
        life.order_is_kept()
        life.only_who_waits_is_in_a_pool()
    life.late = False
    life.deliver_all()
    life.nobody_waits()
    life.teardown()


@pytest.mark.parametrize("seed", range(10))
def test_a_long_life_of_calls_out_of_chats(seed: int) -> None:
    a_life(random.Random(seed), 500)
