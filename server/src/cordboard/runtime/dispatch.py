"""Commands to those who perform them, after the batch that they come from is durable. All of it returns at once."""

from collections.abc import Callable, Iterable
from typing import assert_never

import structlog

from cordboard.core.commands import (
    AnswerLine,
    CancelWake,
    CloseRoom,
    Command,
    Dial,
    HangUp,
    Play,
    ReportIncident,
    SendDigits,
    SetRoom,
    StartMusic,
    StopMusic,
    StopPlayback,
    WakeAt,
)
from cordboard.core.conversation.commands import AskBot
from cordboard.core.look_ups import LookUp
from cordboard.core.mail.commands import DiscardMail, SendAutomatic, SendMail
from cordboard.runtime.ports import Mails, Telephony
from cordboard.runtime.timers import Timers

log = structlog.get_logger(__name__)

OnIncident = Callable[[str, ReportIncident], None]


class Dispatch:
    """One for the whole server; the tenant and its timers come with each call."""

    def __init__(
        self, telephony: Telephony, on_incident: OnIncident | None = None, mails: Mails | None = None
    ) -> None:
        self._telephony = telephony
        self._mails = mails
        self._on_incident = on_incident or log_incident
        self.ask_bot: Callable[[str, AskBot], None] = _nobody_asks  # web chat puts its own in

        self.look_up: Callable[[str, LookUp], None] = (
            _nobody_asks  # and so do the customers' tables and connectors
        )

    def perform(self, tenant_id: str, timers: Timers, commands: Iterable[Command]) -> None:
        """In the order given. A performer that fails has a bug; the other commands are performed all the same."""
        for command in commands:
            try:
                self._perform(tenant_id, timers, command)
            except Exception:
                log.exception("perform_failed", tenant=tenant_id, command=type(command).__name__)

    def settled(self, tenant_id: str) -> bool:
        """Whether nothing of what was performed is still to be written down somewhere."""
        return self._mails is None or self._mails.settled(tenant_id)

    def _perform(self, tenant_id: str, timers: Timers, command: Command) -> None:
        match command:
            case WakeAt():
                timers.set(command.key, command.at)
            case CancelWake():
                timers.cancel(command.key)
            case ReportIncident():
                self._on_incident(tenant_id, command)
            case SendMail() | DiscardMail() | SendAutomatic():
                if self._mails is not None:
                    self._mails.perform(tenant_id, command)
            case (
                AnswerLine()
                | Play()
                | StopPlayback()
                | StartMusic()
                | StopMusic()
                | Dial()
                | HangUp()
                | SetRoom()
                | CloseRoom()
                | SendDigits()
            ):
                self._telephony.perform(tenant_id, command)
            case AskBot():
                self.ask_bot(tenant_id, command)
            case LookUp():
                self.look_up(tenant_id, command)
            case _:
                assert_never(command)


def _nobody_asks(tenant_id: str, command: AskBot | LookUp) -> None:
    """Before who asks is there: the core's own deadline answers."""


def log_incident(tenant_id: str, incident: ReportIncident) -> None:
    """Incidents carry no personal data, so they may be logged as they are."""
    log.warning(
        "incident", tenant=tenant_id, kind=incident.kind, subject=incident.subject, detail=incident.detail
    )
