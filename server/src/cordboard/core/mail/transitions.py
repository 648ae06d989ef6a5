"""Which transition knows which event of the channel email."""

from collections.abc import Callable
from typing import Any, get_args

from cordboard.core.mail.events import MailEvent
from cordboard.core.refusals import Refusal, RefusalCode
from cordboard.core.turn import Turn


def _not_yet(turn: Turn, event: Any) -> Refusal:
    return Refusal(RefusalCode.NOT_POSSIBLE_NOW, {"state": "email"})


TRANSITIONS: dict[type, Callable[[Turn, Any], Refusal | None]] = dict.fromkeys(get_args(MailEvent), _not_yet)
