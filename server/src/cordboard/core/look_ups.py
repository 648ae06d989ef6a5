"""The messages of a look-up: what the core asks of a customer's tables and connectors, what comes back, what is remembered.

A look-up has a number within its contact: an answer to another number comes too late, or twice, and means nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cordboard.core.words import Word


class LookUpOutcome(Word):
    FOUND = "found"
    MISSING = "missing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class LookUp:
    """Command. Ends in `LookedUp` of the same number; the core keeps the deadline itself too."""

    contact_id: int
    number: int
    source: str  # "table:<id>" or "connector:<id>"
    asked: Mapping[str, str]  # personal data
    take: Mapping[str, str]
    deadline: datetime


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Event. `detail`: why it has failed, for people who look after the centre; never personal data."""

    contact_id: int
    number: int
    outcome: LookUpOutcome
    values: Mapping[str, str] = field(default_factory=dict)  # personal data
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LookUpAsked:
    contact_id: int
    step_id: str
    source: str
    asked: Mapping[str, str]  # personal data


@dataclass(frozen=True, slots=True)
class LookUpEnded:
    """What was found follows as `ContactQualified`."""

    contact_id: int
    step_id: str
    source: str
    outcome: LookUpOutcome
    detail: str = ""


LookUpFact = LookUpAsked | LookUpEnded
