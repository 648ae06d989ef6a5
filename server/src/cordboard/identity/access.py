"""Access as types: an endpoint says in its signature who may call it, and gets the session that proves it.

`Anyone` has a session; the others need a permission. What is denied is logged, with who, what and where.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

import structlog
from fastapi import Depends
from starlette.requests import HTTPConnection

from cordboard.identity.errors import Forbidden, SessionExpired
from cordboard.identity.rights import Permission, Session
from cordboard.identity.service import Sessions

log = structlog.get_logger()

COOKIE = "cordboard_session"


async def find_session(connection: HTTPConnection) -> Session | None:
    """The session of a request's or handshake's cookie."""
    token = connection.cookies.get(COOKIE)
    if not token or len(token) > 100:
        return None
    sessions: Sessions = connection.app.state.sessions
    return await sessions.find(token)


async def current_session(connection: HTTPConnection) -> Session:
    session = await find_session(connection)
    if session is None:
        raise SessionExpired()
    return session


def require(session: Session, permission: Permission, where: str) -> None:
    """Raises Forbidden, and logs it, unless the session has the permission."""
    if not session.may(permission):
        log.warning(
            "denied",
            tenant_id=session.tenant_id,
            person_id=session.person_id,
            permission=permission.value,
            where=where,
        )
        raise Forbidden(permission=permission.value)


def _needs(permission: Permission) -> Callable[[HTTPConnection], Awaitable[Session]]:
    async def permitted(connection: HTTPConnection) -> Session:
        session = await current_session(connection)
        require(session, permission, f"{connection.scope.get('method', 'WS')} {connection.url.path}")
        return session

    permitted.__name__ = f"needs_{permission.name.lower()}"
    return permitted


@dataclass(frozen=True, slots=True)
class AgentSession:
    """A session whose person is an agent and may use the desktop."""

    session: Session
    agent_id: str

    @property
    def tenant_id(self) -> str:
        return self.session.tenant_id


async def agent_session(connection: HTTPConnection) -> AgentSession:
    session = await current_session(connection)
    require(session, Permission.DESKTOP_USE, f"{connection.scope.get('method', 'WS')} {connection.url.path}")
    return AgentSession(session, session.agent_id or "")


Anyone = Annotated[Session, Depends(current_session)]
AtDesk = Annotated[AgentSession, Depends(agent_session)]
MayChat = Annotated[Session, Depends(_needs(Permission.CHAT_USE))]
MayReadContacts = Annotated[Session, Depends(_needs(Permission.CONTACTS_READ_OWN))]
MayReadAllContacts = Annotated[Session, Depends(_needs(Permission.CONTACTS_READ))]
MayReadFigures = Annotated[Session, Depends(_needs(Permission.FIGURES_READ_OWN))]
MayReadAnswers = Annotated[Session, Depends(_needs(Permission.ANSWERS_READ))]
MayWriteAnswers = Annotated[Session, Depends(_needs(Permission.ANSWERS_WRITE))]
MayValidate = Annotated[Session, Depends(_needs(Permission.MAIL_VALIDATE))]
MaySuperviseMail = Annotated[Session, Depends(_needs(Permission.MAIL_SUPERVISE))]
MayReadConfiguration = Annotated[Session, Depends(_needs(Permission.CONFIGURATION_READ))]
MayWriteConfiguration = Annotated[Session, Depends(_needs(Permission.CONFIGURATION_WRITE))]
