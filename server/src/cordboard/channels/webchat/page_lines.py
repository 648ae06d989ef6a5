"""The visitor's page as a telephone line, for the time of one call: a SIP account that exists for one message of one chat.

The account's name and password are made from the server's secret, so nothing is kept: whoever knows neither can guess them,
and after a crash they are the same. It can only be called: in Asterisk it reaches no number (`endpoints.py`), and the page's
SIP passes a gate (`may_pass`) that lets a page register this one name and answer, and nothing else. When the call is over,
the account is removed.
"""

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import structlog

from cordboard.channels.webchat.sessions import VisitorSession
from cordboard.core.contact import Phase
from cordboard.core.conversation.facts import CallChanged
from cordboard.core.conversation.words import CallStage, CallWay
from cordboard.core.state import State
from cordboard.errors import Refused, Unavailable
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.ports import Batch

log = structlog.get_logger(__name__)

REMOVED_AFTER_SECONDS = 5.0
"""So that the last words of a call are not lost."""
NAME_LETTERS = 20

_JOINS = frozenset(
    {CallStage.ACCEPTED, CallStage.QUEUED, CallStage.CALLING, CallStage.TALKING, CallStage.LOST}
)


class NoCall(Refused):
    """There is no call for this page now."""

    code = "no_call"
    status = 409


class PageTelephony(Protocol):
    """What telephony does for pages."""

    async def provision_page(self, tenant_id: str, username: str, password: str) -> None: ...

    async def revoke_phone(self, username: str) -> None: ...


@dataclass(frozen=True, slots=True)
class PageLine:
    username: str
    password: str = field(repr=False)


Later = Callable[[float, Callable[[], Awaitable[None]]], None]


class PageLines:
    """One for the server. `later` runs something after some seconds."""

    def __init__(
        self,
        switchboard: Switchboard,
        telephony: Callable[[], PageTelephony | None],
        secret: str,
        later: Later,
    ) -> None:
        self._switchboard = switchboard
        self._telephony = telephony
        self._secret = hashlib.sha256(b"page lines:" + secret.encode()).digest()
        self._later = later

    def line(self, tenant_id: str, contact_id: int, number: int) -> PageLine:
        """The account for the call of message `number` of this chat."""
        name = f"{tenant_id}-page-{contact_id}-{number}"
        return PageLine(f"{name}-{self._made('name', name)[:NAME_LETTERS]}", self._made("password", name))

    def _made(self, what: str, name: str) -> str:
        return hmac.digest(self._secret, f"{what}:{name}".encode(), hashlib.sha256).hex()

    async def open(self, session: VisitorSession, number: int) -> PageLine:
        """Makes the page of this visitor a line, while he has accepted a call that is not over; raises NoCall."""
        telephony = self._telephony()
        if telephony is None:
            raise Unavailable("Telephony is away at present.")
        if not joins(self._switchboard.state(session.tenant_id), session.contact_id, number):
            raise NoCall
        made = self.line(session.tenant_id, session.contact_id, number)
        await telephony.provision_page(session.tenant_id, made.username, made.password)
        return made

    def on_batch(self, batch: Batch) -> None:
        """What is over is removed."""
        for recorded in batch.recorded:
            fact = recorded.fact
            if isinstance(fact, CallChanged) and fact.stage.over:
                username = self.line(batch.tenant_id, fact.contact_id, fact.number).username
                self._later(REMOVED_AFTER_SECONDS, partial(self._remove, username))

    async def _remove(self, username: str) -> None:
        telephony = self._telephony()
        if telephony is None:
            return
        try:
            await telephony.revoke_phone(username)
        except Unavailable:
            log.info("page_line_removed_later")  # it is not made again when Asterisk comes back


def joins(state: State, contact_id: int, number: int) -> bool:
    """Whether this visitor has accepted the call of message `number`, and it is not over."""
    chat = state.contacts.get(contact_id)
    call = chat.chat.call if chat is not None and chat.chat is not None else None
    if call is not None and call.number == number:
        return call.way is CallWay.PAGE and call.stage in _JOINS
    return any(
        each.origin is not None
        and each.phase is not Phase.ENDED
        and (each.origin.contact_id, each.origin.number, each.origin.way)
        == (contact_id, number, CallWay.PAGE)
        for each in state.contacts.values()
    )


# -- the gate

_REQUEST = re.compile(r"([A-Z]{3,12}) sips?:\S+ SIP/2\.0\r\n")
_TO = re.compile(r"^(?:to|t)[ \t]*:[ \t]*(.*)$", re.IGNORECASE | re.MULTILINE)
_REGISTERED = re.compile(r"<sips?:([^@<>;]+)@[^<>]*>(?:;[^,<>\"]*)?")
_IN_DIALOG = re.compile(r"<[^<>\"]*>(?:;[^;,<>\"]*)*;tag=[^;,<>\"\s]+[^,<>\"]*")
_OF_A_CALL = frozenset({"ACK", "BYE", "INFO", "INVITE", "UPDATE"})


def may_pass(message: str, username: str) -> bool:
    """Whether a page that is the line `username` may say this: answers, its own registration, and requests within a call."""
    if message.startswith("SIP/2.0 ") or not message.strip():
        return True
    request = _REQUEST.match(message)
    head = message.partition("\r\n\r\n")[0]
    found = [value.strip() for value in _TO.findall(head)]
    if request is None or len(found) != 1:
        return False
    if request[1] == "REGISTER":
        named = _REGISTERED.fullmatch(found[0])
        return named is not None and named[1] == username
    return request[1] in _OF_A_CALL and _IN_DIALOG.fullmatch(found[0]) is not None
