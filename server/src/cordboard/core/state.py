"""The whole live state of one tenant. Plain mutable dataclasses, so that a snapshot is just their values."""

from dataclasses import dataclass, field
from datetime import datetime

from cordboard.core.agent import Agent
from cordboard.core.config import TenantConfig
from cordboard.core.contact import Contact
from cordboard.core.conversation.state import Invitation
from cordboard.core.script.steps import Script

SCHEMA_VERSION = 1


@dataclass(slots=True)
class State:
    tenant_id: str
    schema_version: int = SCHEMA_VERSION
    config: TenantConfig | None = None
    contacts: dict[int, Contact] = field(default_factory=dict)  # live ones: not ended, or still in wrap-up
    agents: dict[str, Agent] = field(
        default_factory=dict
    )  # everyone who has logged in since the last config removal
    wakes: dict[str, datetime] = field(default_factory=dict)
    pinned_scripts: dict[str, Script] = field(
        default_factory=dict
    )  # "version:id" -> script of runs in progress
    refused_lines: dict[str, str] = field(
        default_factory=dict
    )  # line -> playback that it hears before we hang up
    telephony_up: bool = False
    mail_cursor: int = 0  # the newest mail that has been decided on
    report_cursor: int = 0  # the same of what became of sent mails
    threads: dict[int, int] = field(default_factory=dict)  # thread -> its open contact
    answers_sent: dict[str, int] = field(default_factory=dict)  # agent -> answers that have left
    answered_automatically: dict[str, datetime] = field(
        default_factory=dict
    )  # "step sender" -> when, oldest first
    chat_references: dict[str, int] = field(default_factory=dict)  # session -> its live contact
    invitations: dict[str, Invitation] = field(default_factory=dict)  # by reference
