"""Sessions over HTTP: log in, log out, who am I, which sessions are open, change the password."""

from typing import Protocol

from fastapi import APIRouter, Request, Response

from cordboard.identity.access import COOKIE, Anyone
from cordboard.identity.rights import Permission, Session
from cordboard.identity.schemas import (
    ChangePassword,
    CurrentSession,
    LogIn,
    OpenSession,
    OpenSessions,
    Person,
)
from cordboard.identity.service import SESSION_LASTS, Sessions


class SeatLookUp(Protocol):
    """Whether the session's agent holds a seat at this instant."""

    def __call__(self, session: Session) -> bool: ...


class IdentityEndpoints:
    def __init__(self, sessions: Sessions, holds_seat: SeatLookUp) -> None:
        self._sessions = sessions
        self._holds_seat = holds_seat

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/sessions", tags=["sessions"])
        router.add_api_route("", self.log_in, methods=["POST"], status_code=201)
        router.add_api_route("", self.list_open, methods=["GET"])
        router.add_api_route("/current", self.current, methods=["GET"])
        router.add_api_route("/current", self.log_out, methods=["DELETE"], status_code=204)
        router.add_api_route("/current/password", self.change_password, methods=["POST"], status_code=204)
        router.add_api_route("/{session_id}", self.revoke, methods=["DELETE"], status_code=204)
        return router

    async def log_in(self, body: LogIn, request: Request, response: Response) -> CurrentSession:
        """Opens a session; its key is in the cookie alone."""
        session, token = await self._sessions.log_in(
            body.login.strip(), body.password, _address(request), request.headers.get("user-agent", "")
        )
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(SESSION_LASTS.total_seconds()),
            httponly=True,
            secure=request.url.scheme == "https",
            samesite="strict",
            path="/",
        )
        return self._describe(session)

    async def current(self, session: Anyone) -> CurrentSession:
        """Who is logged in."""
        return self._describe(session)

    async def log_out(self, session: Anyone, response: Response) -> None:
        """Ends this session; the agent's seat is freed."""
        await self._sessions.log_out(session)
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")

    async def list_open(self, session: Anyone) -> OpenSessions:
        """The person's open sessions, newest first."""
        rows = await self._sessions.list_open(session)
        return OpenSessions(
            items=[
                OpenSession(
                    id=row.id,
                    login=row.login,
                    created_at=row.created_at,
                    expires_at=row.expires_at,
                    address=row.address,
                    browser=row.browser,
                    current=row.id == session.id,
                )
                for row in rows
            ]
        )

    async def revoke(self, session_id: str, session: Anyone) -> None:
        """Ends one of the person's sessions."""
        await self._sessions.log_out(session, session_id)

    async def change_password(self, body: ChangePassword, session: Anyone, request: Request) -> None:
        """Sets a new password and ends the login's other sessions."""
        await self._sessions.change_password(session, body.current, body.new, _address(request))

    def _describe(self, session: Session) -> CurrentSession:
        person = Person(
            id=session.person_id,
            name=session.name,
            agent_id=session.agent_id,
            roles=[role.value for role in session.roles],
            permissions=[permission.value for permission in Permission if session.may(permission)],
            tenant_id=session.tenant_id,
            language=session.language,
        )
        needs_seat = session.may(Permission.DESKTOP_USE) and not self._holds_seat(session)
        return CurrentSession(
            session_id=session.id, person=person, needs_seat=needs_seat, expires_at=session.expires_at
        )


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
