"""The two roads of a page that becomes a line: it asks for its account, and its SIP comes over a WebSocket of its own."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.websockets import WebSocket

from cordboard.channels.webchat import limits
from cordboard.channels.webchat.limits import Limits
from cordboard.channels.webchat.page_lines import NoCall, PageLines, joins, may_pass
from cordboard.channels.webchat.schemas import IceServerOfPage, LineOfPage
from cordboard.channels.webchat.sessions import TokenUnknown, VisitorSession, VisitorSessions
from cordboard.db.database import OUTAGES
from cordboard.errors import Refused
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.clock import Clock

IceFor = Callable[[str, datetime], Sequence[dict[str, Any]]]
"""(name, until): the STUN and TURN servers that a page is told, with what lets it in until then."""
Relay = Callable[[WebSocket, Callable[[str], bool]], Awaitable[None]]
"""Passes SIP on to Asterisk and back; the gate looks at each message of the page."""

LONGEST_CALL = timedelta(hours=4)
WRONG = 4401

Token = Annotated[str, Query(max_length=200)]
Number = Annotated[int, Query(ge=1, lt=2**31)]


class TooManyCalls(Refused):
    """Too many requests from here. Wait a moment."""

    code = "too_many_requests"
    status = 429


class PageCalls:
    def __init__(
        self,
        switchboard: Switchboard,
        sessions: VisitorSessions,
        lines: PageLines,
        clock: Clock,
        ice: IceFor,
        relay: Relay,
    ) -> None:
        self._switchboard = switchboard
        self._sessions = sessions
        self._lines = lines
        self._clock = clock
        self._ice = ice
        self._relay = relay
        self._limits = Limits(limits.CALLS)

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/visitor", tags=["visitor"])
        router.add_api_route("/call", self.open, methods=["POST"], status_code=201)
        return router

    async def open(self, token: Token, n: Number, request: Request) -> LineOfPage:
        """What the page registers with, once its visitor has accepted the call of message `n`."""
        session = await self._sessions.get(token, self._clock.now())
        if not self._limits.take(session.reference, self._clock.monotonic()):
            raise TooManyCalls
        line = await self._lines.open(session, n)
        return LineOfPage(
            username=line.username,
            password=line.password,
            uri=f"sip:{line.username}@cordboard",
            ice_servers=[
                IceServerOfPage(**each) for each in self._ice(line.username, self._clock.now() + LONGEST_CALL)
            ],
        )

    async def sip(self, websocket: WebSocket) -> None:
        """SIP of the page, for the one line that it is."""
        try:
            session = await self._sessions.get(websocket.query_params.get("token", ""), self._clock.now())
            number = int(websocket.query_params.get("n", "0") or 0)
            username = self._username(session, number)
        except (TokenUnknown, ValueError, NoCall):
            await websocket.close(WRONG)
            return
        except (Refused, *OUTAGES):
            await websocket.close(1013)
            return
        await self._relay(websocket, partial(may_pass, username=username))

    def _username(self, session: VisitorSession, number: int) -> str:
        if not joins(self._switchboard.state(session.tenant_id), session.contact_id, number):
            raise NoCall
        return self._lines.line(session.tenant_id, session.contact_id, number).username
