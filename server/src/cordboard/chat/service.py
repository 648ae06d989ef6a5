"""Writing and reading internal messages."""

from collections.abc import Callable

from cordboard.chat import repository
from cordboard.chat.repository import TEAM, MessageRow
from cordboard.db.database import Database
from cordboard.errors import Refused
from cordboard.identity.rights import Session
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.clock import Clock

OnMessage = Callable[[str, MessageRow], None]


class ReaderUnknown(Refused):
    """There is nobody of that name to write to."""

    code = "unknown_agent"
    status = 404


class EmptyMessage(Refused):
    """Write something first."""

    code = "invalid"
    status = 422


def chat_name(session: Session) -> str:
    """How a person is addressed in the chat: his agent's id, else his own."""
    return session.agent_id or session.person_id


def may_read(row: MessageRow, reader: str) -> bool:
    return row.to_id == TEAM or reader in (row.to_id, row.from_id)


class ChatService:
    def __init__(self, db: Database, switchboard: Switchboard, clock: Clock) -> None:
        self._db = db
        self._switchboard = switchboard
        self._clock = clock
        self._listeners: list[OnMessage] = []

    def on_message(self, listener: OnMessage) -> None:
        self._listeners.append(listener)

    async def write(self, session: Session, to: str, text: str, key: str) -> MessageRow:
        """Stores and tells; the same key again gives the same message."""
        me = chat_name(session)
        if not text.strip():
            raise EmptyMessage
        if to != TEAM and to not in self._switchboard.config(session.tenant_id).agents:
            async with self._db.tenant(session.tenant_id) as connection:
                if not await repository.messages_with(connection, me, to, 2**62, 1):
                    raise ReaderUnknown
        new = MessageRow(0, me, session.name, to, text.strip(), self._clock.now())
        async with self._db.tenant(session.tenant_id) as connection:
            row, is_new = await repository.add_message(connection, session.tenant_id, key, new)
        if is_new:
            for listener in self._listeners:
                listener(session.tenant_id, row)
        return row

    async def read(self, session: Session, other: str, before: int, limit: int) -> list[MessageRow]:
        """Newest first, older than `before`."""
        async with self._db.tenant(session.tenant_id) as connection:
            return await repository.messages_with(connection, chat_name(session), other, before, limit)

    async def newest(self, tenant_id: str, reader: str, limit: int) -> list[MessageRow]:
        async with self._db.tenant(tenant_id) as connection:
            return await repository.newest_for(connection, reader, limit)
