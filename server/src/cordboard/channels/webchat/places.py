"""How far a waiting visitor has come: his position, and an estimate from how fast his queue was answered lately.

The estimate is `position ÷ answers per second of the last fifteen minutes`; nothing is said while nobody was answered.
"""

from collections import deque
from datetime import datetime, timedelta

from cordboard.core.contact import Contact, Phase
from cordboard.core.facts import ContactAnswered, Recorded
from cordboard.core.state import State

WINDOW = timedelta(minutes=15)
LEAST_TIME = timedelta(minutes=1)


class Places:
    """Of one tenant."""

    def __init__(self) -> None:
        self._answers: dict[str, deque[datetime]] = {}

    def follow(self, recorded: Recorded) -> None:
        fact = recorded.fact
        if isinstance(fact, ContactAnswered) and fact.queue_id:
            self._answers.setdefault(fact.queue_id, deque(maxlen=1000)).append(recorded.at)

    def estimate(self, queue_id: str, position: int, now: datetime) -> timedelta | None:
        answers = self._answers.get(queue_id)
        while answers and answers[0] < now - WINDOW:
            answers.popleft()
        if not answers:
            return None
        observed = max(now - answers[0], LEAST_TIME)
        return observed / len(answers) * position


def positions(state: State) -> dict[int, int]:
    """Position of each waiting contact in its queue; who is being offered is first."""
    queues: dict[str, list[Contact]] = {}
    for contact in state.contacts.values():
        if contact.wait is not None and contact.phase in (Phase.WAITING, Phase.OFFERED):
            queues.setdefault(contact.wait.queue_id, []).append(contact)
    return {
        contact.id: index
        for waiting in queues.values()
        for index, contact in enumerate(sorted(waiting, key=_order), 1)
    }


def _order(contact: Contact) -> tuple[bool, int, datetime, int]:
    wait = contact.wait
    assert wait is not None
    return (contact.phase is not Phase.OFFERED, -wait.priority, wait.since, contact.id)
