"""Reading and writing chats for those who may."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cordboard.attachments import kinds
from cordboard.attachments.store import ChatFile, ChatFiles, FileGone, Upload
from cordboard.core.agent import Agent
from cordboard.core.contact import Contact, Phase
from cordboard.core.conversation import events, showing
from cordboard.core.conversation.transcript import Transcript
from cordboard.core.conversation.words import Attachment, MessageKind
from cordboard.core.state import State
from cordboard.core.words import Channel
from cordboard.errors import Refused
from cordboard.identity.rights import Permission, Session
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.clock import Clock
from cordboard.runtime.transcripts import Transcripts

FileAsMail = Callable[[str, int], Awaitable[None]]
"""(tenant, contact): the chat becomes an email; raises a refusal when it can not."""


ReadLibrary = Callable[[Session, str, str], Awaitable[tuple[str, bytes]]]
"""(session, answer, file) -> name and content of a file of the ready-made answers; raises a refusal."""


class EmptyMessage(Refused):
    """Write something first."""

    code = "invalid"
    status = 422


class ContactUnknown(Refused):
    """There is no such chat."""

    code = "unknown_contact"
    status = 404


class NotYours(Refused):
    """This contact is not in your hands."""

    code = "not_your_contact"
    status = 403


def viewer_of(session: Session) -> str:
    return session.agent_id or session.person_id


class ConversationService:
    def __init__(
        self,
        switchboard: Switchboard,
        transcripts: Transcripts,
        files: ChatFiles,
        clock: Clock,
        file_as_mail: FileAsMail,
        read_library: ReadLibrary,
    ) -> None:
        self._read_library = read_library
        self._file_as_mail = file_as_mail
        self._switchboard = switchboard
        self._transcripts = transcripts
        self._files = files
        self._clock = clock

    # -- reading

    async def messages(self, session: Session, contact_id: int, after: int) -> list[showing.Shown]:
        """All messages, also those for agents alone; of a chat that is over too."""
        transcript = await self._transcripts.get(session.tenant_id, contact_id)
        if not transcript.last_seq:
            raise ContactUnknown
        self._require_reader(session, transcript)
        config = self._switchboard.config(session.tenant_id)
        name = showing.visitor_name(self._state(session).contacts.get(contact_id))
        return [showing.line_shown(line, config, name) for line in transcript.lines if line.number > after]

    def _state(self, session: Session) -> State:
        return self._switchboard.state(session.tenant_id)

    def _require(self, session: Session, contact_id: int, agent_ids: set[str]) -> None:
        """Who is or was in it, or may read all contacts."""
        agent = self._state(session).agents.get(session.agent_id or "")
        present = agent is not None and (
            contact_id in agent.engagements
            or contact_id in agent.beside
            or contact_id in self._chats_of_calls(session, agent)
        )
        past = bool(session.agent_id) and session.agent_id in agent_ids
        if not (present or past or session.may(Permission.CONTACTS_READ)):
            raise NotYours

    def _require_reader(self, session: Session, transcript: Transcript) -> None:
        """Also agents of its Space when it is over, as they find it in the search."""
        config = self._switchboard.config(session.tenant_id)
        profile = config.agents.get(session.agent_id or "")
        in_space = profile is not None and transcript.space_id in profile.space_ids
        if transcript.ended is None or not in_space:
            written = {line.agent_id for line in transcript.lines}
            self._require(session, transcript.contact_id, written | transcript.agent_ids)

    def _chats_of_calls(self, session: Session, agent: Agent) -> set[int]:
        """The chats that the calls in his hands come from: who calls for a colleague reads what was written."""
        contacts = self._state(session).contacts
        calls = [contacts[held] for held in agent.engagements if held in contacts]
        return {call.origin.contact_id for call in calls if call.origin is not None}

    def live(self, session: Session) -> list[Contact]:
        """Chats that go on, those that have waited longest for an answer first."""
        found = [
            contact
            for contact in self._state(session).contacts.values()
            if contact.channel is Channel.CHAT and contact.phase is not Phase.ENDED
        ]
        return sorted(found, key=_urgency)

    async def answer_by_email(self, session: Session, contact_id: int) -> None:
        transcript = await self._transcripts.get(session.tenant_id, contact_id)
        if not transcript.last_seq:
            raise ContactUnknown
        self._require_reader(session, transcript)
        await self._file_as_mail(session.tenant_id, contact_id)

    # -- writing

    async def write(
        self, session: Session, contact_id: int, kind: MessageKind, key: str, text: str, more: "More"
    ) -> int:
        """The message's number; the same key again is the same message."""
        attachment: Attachment | None = None
        if kind is MessageKind.FILE:
            file = await self._files.find(session.tenant_id, [contact_id], more.file_id)
            if file is None:
                raise FileGone
            attachment = file.attachment
        elif kind in (MessageKind.LINK, MessageKind.PAGE):
            if not more.url:
                raise EmptyMessage
        elif not text.strip():
            raise EmptyMessage
        viewer = viewer_of(session)
        event = events.AgentWrote(viewer, contact_id, key, text.strip(), kind, attachment, more.url)
        await self._switchboard.ask(session.tenant_id, event)
        contact = self._state(session).contacts.get(contact_id)
        return contact.chat.keys.get(f"{viewer}:{key}", 0) if contact and contact.chat else 0

    async def add_file(
        self,
        session: Session,
        contact_id: int,
        upload: Upload,
        lives: timedelta | None,
        downloads: int | None,
    ) -> ChatFile:
        """A file that the visitor may download until it expires, as often as is allowed."""
        if contact_id not in self._state(session).contacts:
            raise ContactUnknown
        self._require(session, contact_id, set())
        now: datetime = self._clock.now()
        kept = Upload(
            upload.id,
            upload.name,
            upload.data,
            upload.media_type,
            viewer_of(session),
            now + lives if lives else None,
            downloads,
        )
        return await self._files.add(session.tenant_id, contact_id, kept, now)

    async def add_from_library(self, session: Session, contact_id: int, chosen: "FromLibrary") -> ChatFile:
        """A copy of it for this chat: what becomes of the answer later changes nothing."""
        name, data = await self._read_library(session, chosen.answer_id, chosen.file_id)
        upload = Upload(chosen.id, name, data, kinds.media_type_of(data, name))
        return await self.add_file(session, contact_id, upload, chosen.lives, chosen.downloads)

    async def file(self, session: Session, contact_id: int, file_id: str) -> tuple[ChatFile, Path]:
        transcript = await self._transcripts.get(session.tenant_id, contact_id)
        if not transcript.last_seq:
            raise ContactUnknown
        self._require_reader(session, transcript)
        file = await self._files.find(session.tenant_id, transcript.contact_ids, file_id)
        if file is None:
            raise FileGone
        return file, await self._files.path(session.tenant_id, file)


@dataclass(frozen=True, slots=True)
class FromLibrary:
    """A file of a ready-made answer, and how long and how often the visitor may have it."""

    id: str
    answer_id: str
    file_id: str
    lives: timedelta | None
    downloads: int | None


class More:
    """What goes with a message beside its text."""

    __slots__ = ("file_id", "url")

    def __init__(self, file_id: str = "", url: str = "") -> None:
        self.file_id = file_id
        self.url = url


def _urgency(contact: Contact) -> tuple[bool, datetime, int]:
    since = contact.chat.unanswered_since if contact.chat else None
    return (since is None, since or contact.arrived_at, contact.id)
