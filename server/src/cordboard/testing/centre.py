"""A small centre for tests: one number, one menu, two queues, two agents. Small enough to be read at one go."""

from collections.abc import Iterable
from datetime import timedelta

from cordboard.core.config import (
    AgentProfile,
    ClosingReason,
    DialPlan,
    EntryPoint,
    Location,
    Message,
    Named,
    Queue,
    Space,
    TenantConfig,
    WithdrawalReason,
)
from cordboard.core.script.steps import HangUpStep, MenuStep, PlayStep, QueueStep, Script
from cordboard.core.words import Channel, SeatKind

NUMBER = "+33199001000"
WRAP_UP = timedelta(seconds=30)
RING = timedelta(seconds=20)


def small_centre(
    agent_ids: Iterable[str] = ("amelie", "bruno"), *, version: int = 1, number: str = NUMBER
) -> TenantConfig:
    """Greeting, then a menu (1: sales, 2: support, else: goodbye). Every agent is in the one group and speaks English."""
    script = Script(
        "main",
        "Main",
        "shop",
        "greeting",
        {
            "greeting": PlayStep("welcome", "menu"),
            "menu": MenuStep("menu", {"1": "sales", "2": "support"}, "goodbye"),
            "sales": QueueStep("sales"),
            "support": QueueStep("support", max_wait=timedelta(minutes=5), timeout="goodbye"),
            "goodbye": HangUpStep("goodbye", dissuaded=True),
        },
    )
    agents = {
        agent_id: AgentProfile(agent_id, agent_id.title(), "paris", ("shop",), ("team",), {"english": 3})
        for agent_id in agent_ids
    }
    messages = ("welcome", "menu", "goodbye")
    return TenantConfig(
        version,
        "Small centre",
        "en",
        "Europe/Paris",
        seats={SeatKind.VOICE: len(agents)},
        spaces={"shop": Space("shop", "Shop")},
        locations={"paris": Location("paris", "Paris", "FR", "Europe/Paris")},
        skills={"english": Named("english", "English")},
        groups={"team": Named("team", "Team")},
        agents=agents,
        queues={
            name: Queue(
                name,
                name.title(),
                "shop",
                needs={"english": 1},
                group_ids=("team",),
                ring=RING,
                wrap_up=WRAP_UP,
                announce_position=False,
            )
            for name in ("sales", "support")
        },
        messages={name: Message(name, name.title(), "shop", {"en": f"en/{name}"}) for name in messages},
        scripts={"main": script},
        entry_points={"front": EntryPoint("front", "Front door", Channel.VOICE, number, "shop", "main")},
        withdrawal_reasons={"lunch": WithdrawalReason("lunch", "Lunch")},
        closing_reasons={"done": ClosingReason("done", "Done", "shop")},
        dial_plan=DialPlan("FR", ("+33",), presented_numbers=(number,)),
    )
