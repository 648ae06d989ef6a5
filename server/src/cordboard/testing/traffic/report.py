"""What came of the simulated calls and mails, counted and told in one line a minute."""

from collections import Counter
from enum import StrEnum


class Outcome(StrEnum):
    """How a simulated call ended, as the caller saw it."""

    TALKED = "talked to an agent"
    LOST_PATIENCE = "lost patience"
    TURNED_AWAY = "ended by the centre"
    NOT_ANSWERED = "not answered"


class Tally:
    """Calls in progress and calls that are over, and mails that were written."""

    def __init__(self) -> None:
        self.present = 0
        self.over: Counter[Outcome] = Counter()
        self.answered_by_agents = 0
        self.mails = 0

    def sentence(self) -> str:
        ended = ", ".join(f"{self.over[outcome]} {outcome}" for outcome in Outcome)
        return (
            f"{self.present} calls in progress, {sum(self.over.values())} over: {ended}; "
            f"{self.answered_by_agents} answered by simulated agents; {self.mails} mails written"
        )
