"""The list's law under random lives of a centre: after every event its rows say of each live contact what the core's state says."""

import importlib.util
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from cordboard.core import contact as core
from cordboard.core import events as ev
from cordboard.core.config import TenantConfig
from cordboard.core.engine import Decision
from cordboard.core.facts import Recorded
from cordboard.index.fold import IndexRow, fold_all


def _lives() -> Any:
    file = Path(__file__).parents[1] / "core" / "test_laws.py"
    spec = importlib.util.spec_from_file_location("lives_for_the_list", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


lives = _lives()
STATES = {
    core.Phase.SCRIPT: {"script", "waiting"},
    core.Phase.WAITING: {"waiting"},
    core.Phase.OFFERED: {"offered"},
    core.Phase.DIALLING: {"in_contact"},
    core.Phase.FORWARDING: {"script", "waiting"},
    core.Phase.TALKING: {"in_contact"},
    core.Phase.PARKED: {"parked"},
    core.Phase.VALIDATING: {"validating"},
    core.Phase.SENDING: {"sending"},
    core.Phase.ENDED: {"wrap_up", "closed"},
}


class ListedStory(lives.WatchedStory):  # type: ignore[misc]  # loaded by path
    """A story whose facts are folded as they come."""

    def __init__(self, config: TenantConfig, **options: Any) -> None:
        self.rows: dict[int, IndexRow] = {}
        self.recorded: list[Recorded] = []
        super().__init__(config, **options)

    def _decide(self, event: ev.Event) -> Decision:
        decision: Decision = super()._decide(event)
        recorded = [Recorded(self.seq, n, self.now, fact) for n, fact in enumerate(decision.facts)]
        self.recorded += recorded
        self.rows |= fold_all(self.rows, recorded)
        self.compare(event)
        return decision

    def compare(self, event: ev.Event) -> None:
        for contact in self.state.contacts.values():
            row = self.rows[contact.id]
            what = f"{row} of {contact} after {event}"
            with_outside = contact.phase is core.Phase.TALKING and contact.talk is None
            assert row.state in STATES[contact.phase] or with_outside, what
            if contact.talk is not None:
                assert row.agent_id == contact.talk.agent_id and row.agent_id in row.hands, what
            if contact.offer is not None:
                assert row.agent_id == contact.offer.agent_id, what
            if contact.phase is core.Phase.WAITING and contact.wait is not None and contact.wait.counted:
                assert (row.queue_id, row.priority) == (contact.wait.queue_id, contact.wait.priority), what
                assert row.agent_id == "", what
            if contact.thread is not None:
                assert row.thread_id == contact.thread.id, what
            if contact.parked is not None:
                assert row.parked_until == contact.parked.until, what
        for contact_id, row in self.rows.items():
            assert contact_id in self.state.contacts or row.state == "closed", f"{row} after {event}"


class ListedLife(lives.CentreLife):  # type: ignore[misc]  # loaded by path
    def __init__(self) -> None:
        super().__init__()
        self.story = ListedStory(lives.a_centre(), deliver_at_once=False)

    def teardown(self) -> None:
        super().teardown()
        assert fold_all({}, self.story.recorded) == self.story.rows, "increments are the whole"


ListedLife.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    report_multiple_bugs=False,
    phases=(Phase.explicit, Phase.generate),
)
TestListedLife = ListedLife.TestCase
