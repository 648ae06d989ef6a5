"""Calls that wait at the door, ringing: their customer's inbox takes no new contacts, or nobody has the number (yet).

Who has waited too long for an inbox (the journal can not be written, the disk is full) is told so and let go.

Right after a start a customer may not be live yet, so a call for an unknown number waits a while; later it is refused at once.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from cordboard.channels.asterisk.translate import Owners
from cordboard.channels.asterisk.wire import Message

log = structlog.get_logger(__name__)

UNCLAIMED_SECONDS = 10.0
STARTING_SECONDS = 60.0
APOLOGY_SECONDS = 12.0
"""A call rings this long for an inbox that takes nothing; then the caller hears that there is a technical problem."""
UNALLOCATED_NUMBER = "1"
"""Q.850; becomes SIP 404."""


@dataclass(frozen=True, slots=True)
class _Held:
    since: float
    line: str
    number: str
    message: Message | None  # how it entered; None for one that was found after a reconnection


class Door:
    """`enter` takes up a call again (it may come back to the door), `refuse` ends one for a number of nobody.

    `apologise` speaks to one that can not be taken.
    """

    def __init__(
        self,
        enter: Callable[[Message], None],
        refuse: Callable[[str], None],
        apologise: Callable[[str], None],
    ) -> None:
        self._enter = enter
        self._refuse = refuse
        self._apologise = apologise
        self._held: list[_Held] = []
        self._came: dict[str, float] = {}  # line -> when it first stood here
        self.patient_until = 0.0
        self.apology_seconds = APOLOGY_SECONDS

    def started(self) -> None:
        self.patient_until = asyncio.get_running_loop().time() + STARTING_SECONDS

    def hold(self, line: str, number: str, message: Message | None = None) -> None:
        if all(held.line != line for held in self._held):
            since = self._came.setdefault(line, asyncio.get_running_loop().time())
            self._held.append(_Held(since, line, number, message))

    def gone(self, line: str) -> None:
        """The caller has hung up."""
        self._came.pop(line, None)
        if self._held:
            self._held = [held for held in self._held if held.line != line]

    def open(self, owners: Owners) -> None:
        """Looks who may come in, who waits on, and who has to go."""
        now = asyncio.get_running_loop().time()
        held, self._held = self._held, []
        for one in held:
            if owners.tenant_of_number(one.number) is not None:
                if one.message is None:  # it is in the lists that its customer was told
                    continue
                self._enter(one.message)
                if self._is_held(one.line) and now - one.since >= self.apology_seconds:
                    self.gone(one.line)
                    log.warning("call_not_taken", line=one.line)
                    self._apologise(one.line)
            elif now < self.patient_until and now - one.since < UNCLAIMED_SECONDS:
                self._held.append(one)
            else:
                log.warning("number_of_nobody", number=one.number)
                self._refuse(one.line)
        self._came = {line: since for line, since in self._came.items() if self._is_held(line)}

    def _is_held(self, line: str) -> bool:
        return any(held.line == line for held in self._held)
