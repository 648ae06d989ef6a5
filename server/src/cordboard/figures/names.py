"""What the parts of a breakdown are called."""

from collections.abc import Mapping
from typing import Protocol

from cordboard.core.config import TenantConfig
from cordboard.core.statistics.parts import By
from cordboard.core.words import Channel


class Named(Protocol):
    @property
    def name(self) -> str: ...


def name_of(of: Mapping[str, Named], id_: str) -> str:
    """What is gone from the configuration is called by its id."""
    found = of.get(id_)
    return found.name if found else id_


def names_of(config: TenantConfig, by: By) -> dict[str, str]:
    """Id → name. In time there are none."""
    match by:
        case By.QUEUE:
            return _names(config.queues)
        case By.SPACE:
            return _names(config.spaces)
        case By.SKILL:
            return _names(config.skills)
        case By.GROUP:
            return _names(config.groups)
        case By.AGENT:
            return _names(config.agents)
        case By.ENTRY_POINT:
            return _names(config.entry_points)
        case By.REASON:
            return _names(config.closing_reasons) | _names(config.withdrawal_reasons)
        case By.CHANNEL:
            return {each.value: each.value.title() for each in Channel}
        case _:
            return {}


def _names(of: Mapping[str, Named]) -> dict[str, str]:
    return {id_: each.name for id_, each in of.items()}
