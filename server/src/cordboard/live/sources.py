"""What the live topics need from the database, named here and made by the slices; `main` joins them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cordboard.core.config import TenantConfig
from cordboard.core.facts import Recorded
from cordboard.core.statistics.items import ConfigOf
from cordboard.live.rows import ChatRow


@dataclass(frozen=True, slots=True)
class Sources:
    """`facts_since`: (tenant, instant) → all facts from then on, before them the last state of each agent.

    `configs`: the configuration versions of a tenant. `chat`: (tenant, who) → the newest messages that he may see, oldest first.
    """

    facts_since: Callable[[str, datetime], Awaitable[Sequence[Recorded]]]
    configs: Callable[[str, TenantConfig], Awaitable[ConfigOf]]
    chat: Callable[[str, str], Awaitable[Sequence[ChatRow]]]
