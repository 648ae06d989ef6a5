"""The figures of chats, on a story small enough to be counted by hand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cordboard.core import events as ev
from cordboard.core.config import ChatButton, ClosingReason
from cordboard.core.conversation import events as chat
from cordboard.core.facts import Recorded
from cordboard.core.statistics.figures import FIGURES
from cordboard.core.statistics.period import Period, fold_period
from cordboard.core.statistics.totals import Scope
from cordboard.core.words import SeatKind
from cordboard.testing.builders import centre
from cordboard.testing.story import Story


def told() -> tuple[Story, Period]:
    """Two chats of Emma's overlap for half of their time; one came by an invitation, another invitation was declined."""
    story = Story(
        replace(centre(), chat_buttons={"button": ChatButton("button", "B", "shop", queue_id="chat")})
    )
    story.staff("emma", seat=SeatKind.DIGITAL, kind=None)
    first = story.tell(chat.ChatArrived("button", "s1")).contact_id
    story.tell(chat.VisitorConnected(first))
    story.tell(chat.VisitorWrote(first, "k1", "Hello"))
    story.wait(4)
    story.tell(ev.OfferAccepted("emma", first))
    story.wait(6)
    story.tell(chat.AgentWrote("emma", first, "k1", "Yes?"))
    story.tell(chat.InvitationRequested("button", "i1"))
    story.tell(chat.InvitationEnded("i1"))
    story.tell(chat.InvitationRequested("button", "i2"))
    story.wait(4)
    second = story.tell(chat.ChatArrived("button", "s2", invitation="i2")).contact_id
    story.tell(chat.VisitorConnected(second))
    story.tell(ev.OfferAccepted("emma", second))
    story.wait(10)
    story.tell(chat.VisitorEnded(first))
    story.wait(10)
    story.tell(chat.VisitorEnded(second))
    story.tell(chat.SurveyAnswered(second, "button", 4))
    recorded = [
        Recorded(number, ordinal, each.at, fact)
        for number, each in enumerate(story.told, 1)
        for ordinal, fact in enumerate(each.decision.facts)
    ]
    config = story.config
    return story, fold_period(
        recorded, lambda version: config, story.told[0].at, story.now + timedelta(seconds=1)
    )


@pytest.mark.parametrize(
    "figure_id, expected",
    [
        ("chat_first_response", 10.0),  # 4 s until it was taken on, 6 s until the answer
        ("chat_response_time", 6.0),
        ("chat_concurrency", 40 / 30),  # 20 s and 20 s, within 30 s
        ("chat_invitations", 2),
        ("chat_invitation_acceptance", 0.5),
        ("chat_rating", 4.0),
    ],
)
def test_figures_of_chats(figure_id: str, expected: float) -> None:
    _, period = told()
    found = FIGURES[figure_id].value(period.sums(Scope()))
    assert found == pytest.approx(expected)


def test_a_chat_that_goes_on_is_counted_when_it_does_and_is_no_first_contact() -> None:
    button = ChatButton("button", "B", "shop", queue_id="chat")
    reasons = {"sold": ClosingReason("sold", "Sold", "shop", resolved=True)}
    story = Story(replace(centre(), chat_buttons={"button": button}, closing_reasons=reasons))
    story.staff("emma", seat=SeatKind.DIGITAL, kind=None)
    contact_id = story.tell(chat.ChatArrived("button", "s1")).contact_id
    for round_ in range(2):
        story.tell(chat.VisitorConnected(contact_id))
        story.tell(ev.OfferAccepted("emma", contact_id))
        story.tell(chat.VisitorEnded(contact_id))
        story.tell(ev.WrapUpFinished("emma", contact_id, "sold"))
        if not round_:
            goes_on = chat.ChatReopened(
                "button", "again", contact_id, story.now, 2, queue_id="chat", agent_id="emma"
            )
            contact_id = story.tell(goes_on).contact_id
    recorded = [
        Recorded(number, ordinal, each.at, fact)
        for number, each in enumerate(story.told, 1)
        for ordinal, fact in enumerate(each.decision.facts)
    ]
    config = story.config
    end = story.now + timedelta(seconds=1)
    period = fold_period(recorded, lambda version: config, story.told[0].at, end)
    sums = period.sums(Scope())
    assert FIGURES["handled"].value(sums) == 2
    assert FIGURES["first_contact_resolved"].value(sums) == 0.5
