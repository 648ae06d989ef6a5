"""The playbook itself, and one call told command by command."""

import gc
import sys

import pytest

from cordboard.core import events as ev
from cordboard.core import facts
from cordboard.core.commands import (
    AnswerLine,
    CloseRoom,
    Dial,
    HangUp,
    Play,
    SetRoom,
    StartMusic,
    StopPlayback,
)
from cordboard.core.refusals import RefusalCode
from cordboard.core.words import EndCause
from cordboard.testing.builders import CALLER, NUMBER, centre, logged_in, phone_of
from cordboard.testing.playbook import Playbook, PlaybookFailed


def test_a_call_from_the_number_to_the_end() -> None:
    assert (
        Playbook(centre())
        >> logged_in("amelie")
        >> ev.DesktopConnected("amelie", "desktop")
        >> ev.ReadyRequested("amelie")
        >> ev.CallArrived("L1", NUMBER, CALLER)
        << AnswerLine("L1")
        << Play("L1", "demo-6.p1", ("message:welcome",), "en")
        >> ev.PlaybackEnded("L1", "demo-6.p1")
        << Play("L1", "demo-6.p2", ("message:menu",), "en")
        >> ev.DigitPressed("L1", "1")
        << StopPlayback("L1", "demo-6.p2")
        << StartMusic("L1", "default")
        << Dial("demo-6.2", 6, phone_of("amelie"), CALLER)
        << facts.MenuChosen(6, "main", "menu", "1")
        << facts.ContactOffered(6, "sales", "amelie")
        >> ev.LineRinging("demo-6.2")
        << facts.LegRinging(6, "6.2")
        >> ev.LineAnswered("demo-6.2")
        << SetRoom("demo-6", ("L1", "demo-6.2"))
        >> ev.LineEnded("L1", EndCause.NORMAL)
        << HangUp("demo-6.2")
        << CloseRoom("demo-6")
        >> ev.LineEnded("demo-6.2", EndCause.NORMAL)
        >> ev.WrapUpFinished("amelie", 6, "")
        << RefusalCode.CLOSING_REASON_REQUIRED
        >> ev.WrapUpFinished("amelie", 6, "sold")
    )


def test_what_is_missing_and_what_is_too_much_is_shown() -> None:
    playbook = Playbook(centre()) >> ev.CallArrived("L1", NUMBER, CALLER) << AnswerLine("L2")
    with pytest.raises(PlaybookFailed) as failure:
        assert playbook
    said = str(failure.value)
    assert "-  AnswerLine(line='L2')" in said
    assert "+  AnswerLine(line='L1')" in said
    assert "+  Play(" in said


def test_a_fact_that_is_not_told_is_shown() -> None:
    playbook = (
        Playbook(centre()) >> ev.LineRinging("nobody") << HangUp("nobody") << facts.LegRinging(1, "1.1")
    )
    with pytest.raises(PlaybookFailed, match="missing, or too late: LegRinging"):
        assert playbook


def test_a_refusal_that_is_not_expected_fails() -> None:
    playbook = Playbook(centre()) >> ev.ReadyRequested("amelie")
    with pytest.raises(PlaybookFailed, match="not_logged_in"):
        assert playbook


def test_a_forgotten_assertion_complains(monkeypatch: pytest.MonkeyPatch) -> None:
    complaints: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda raised: complaints.append(str(raised.exc_value)))
    playbook = Playbook(centre()) >> ev.ReadyRequested("amelie")
    del playbook
    gc.collect()
    assert complaints == ["this playbook was never asserted: write `assert playbook >> …`"]
