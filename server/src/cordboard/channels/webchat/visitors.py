"""What a visitor's frames mean: each becomes an event of the core, and is acknowledged by the message that carries its key."""

from collections.abc import Callable

import structlog

from cordboard.attachments.store import ChatFiles
from cordboard.channels.webchat import frames
from cordboard.channels.webchat.continuing import Continuing
from cordboard.channels.webchat.frames import FromVisitor
from cordboard.channels.webchat.limits import MESSAGES, Limits
from cordboard.channels.webchat.page_lines import PageLines
from cordboard.channels.webchat.sessions import VisitorSession, VisitorSessions
from cordboard.channels.webchat.words import refusal
from cordboard.core.conversation import events
from cordboard.core.conversation.transcript import Transcript
from cordboard.core.conversation.words import Attachment, CallAnswer, MessageKind
from cordboard.core.events import Event
from cordboard.errors import CordboardError
from cordboard.runtime.asking import NotDone, Switchboard
from cordboard.runtime.clock import Clock
from cordboard.runtime.transcripts import Transcripts

log = structlog.get_logger(__name__)

Reply = Callable[[str], None]


class Visitors:
    """One for the server."""

    def __init__(
        self,
        switchboard: Switchboard,
        transcripts: Transcripts,
        sessions: VisitorSessions,
        files: ChatFiles,
        continuing: Continuing,
        clock: Clock,
        lines: PageLines,
    ) -> None:
        self._continuing = continuing
        self._lines = lines
        self._switchboard = switchboard
        self._transcripts = transcripts
        self._sessions = sessions
        self._files = files
        self._clock = clock
        self._limits = Limits(MESSAGES)

    async def take(self, session: VisitorSession, frame: FromVisitor, reply: Reply) -> None:
        """One frame. What goes wrong is said to the visitor; nothing of it ends his connection."""
        key = getattr(frame, "key", "")
        if isinstance(frame, frames.Ping):
            reply(frames.PONG)
            return
        if not self._limits.take(session.reference, self._clock.monotonic()):
            reply(frames.error("too_fast", refusal("too_fast", session.language), key))
            return
        try:
            await self._take(session, frame, reply)
        except NotDone as refused:
            reply(frames.error(refused.code, refusal(refused.code, session.language), key))
        except CordboardError as error:  # without its key: the visitor keeps it and says it again
            reply(frames.error(error.code, refusal(error.code, session.language)))

    async def _take(self, session: VisitorSession, frame: FromVisitor, reply: Reply) -> None:
        transcript = await self._transcripts.get(session.tenant_id, session.contact_id)
        match frame:
            case frames.Choose() if self._is_call(transcript, frame.n):
                answer = CallAnswer.DECLINED if frame.choice == "no" else CallAnswer.ACCEPTED
                await self._call(session, frames.Call(frame.n, answer))
            case frames.Say() | frames.Choose() | frames.Form() | frames.LeaveMessage() | frames.File():
                await self._write(session, transcript, frame, reply)
            case frames.Typing():
                self._type(session, frame)
            case frames.Read():
                await self._ask(session, events.MessagesRead(session.contact_id, "", frame.n))
            case frames.Page():
                await self._ask(session, events.VisitorMoved(session.contact_id, frame.url, frame.title))
            case frames.Consent():
                await self._ask(session, events.ConsentGiven(session.contact_id, frame.n, frame.ok))
            case frames.Call():
                await self._call(session, frame)
            case frames.Survey():
                await self._survey(session, frame)
            case frames.TranscriptWanted():
                await self._ask(session, events.TranscriptRequested(session.contact_id, frame.email))
            case frames.StopWaiting():
                await self._ask(session, events.VisitorStoppedWaiting(session.contact_id))
            case frames.GoOn():
                await self._continuing.go_on(session)
            case _:
                await self._ask(session, events.VisitorEnded(session.contact_id))

    async def _ask(self, session: VisitorSession, event: Event) -> None:
        await self._switchboard.ask(session.tenant_id, event)

    async def _write(
        self,
        session: VisitorSession,
        transcript: Transcript,
        frame: frames.Say | frames.Choose | frames.Form | frames.LeaveMessage | frames.File,
        reply: Reply,
    ) -> None:
        """A key that is known is acknowledged again; nothing is written twice."""
        known = transcript.find(transcript.by_key.get(frame.key, 0))
        if known is not None:
            config = self._switchboard.config(session.tenant_id)
            reply(frames.encoded(frames.message(known, config, session.language)))
            return
        event = await self._event(session, transcript, frame)
        if event is None:
            reply(frames.error("file_gone", refusal("file_gone", session.language), frame.key))
            return
        await self._ask(session, event)

    async def _event(
        self,
        session: VisitorSession,
        transcript: Transcript,
        frame: frames.Say | frames.Choose | frames.Form | frames.LeaveMessage | frames.File,
    ) -> events.VisitorWrote | None:
        contact_id = session.contact_id
        match frame:
            case frames.Say():
                return events.VisitorWrote(contact_id, frame.key, frame.text)
            case frames.Choose():
                line = transcript.find(frame.n)
                labels = {each.id: each.label for each in line.choices} if line else {}
                return events.VisitorWrote(
                    contact_id,
                    frame.key,
                    labels.get(frame.choice, frame.choice),
                    MessageKind.CHOICE,
                    reply_to=frame.n,
                    values={"choice": frame.choice},
                )
            case frames.Form():
                text = "\n".join(value for value in frame.values.values() if value)[:4000]
                return events.VisitorWrote(
                    contact_id,
                    frame.key,
                    text,
                    MessageKind.ANSWERS,
                    reply_to=frame.n,
                    values=dict(list(frame.values.items())[:30]),
                )
            case frames.LeaveMessage():
                values = {"email": frame.email, "message": frame.text}
                return events.VisitorWrote(
                    contact_id, frame.key, frame.text, MessageKind.ANSWERS, values=values
                )
            case frames.File():
                file = await self._files.find(session.tenant_id, [contact_id], frame.file_id)
                if file is None or file.by_agent:
                    return None
                attachment: Attachment = file.attachment
                return events.VisitorWrote(contact_id, frame.key, "", MessageKind.FILE, attachment)

    def _type(self, session: VisitorSession, frame: frames.Typing) -> None:
        """The preview only where the tenant wants it."""
        button = self._switchboard.config(session.tenant_id).chat_buttons.get(session.button_id)
        preview = frame.preview if button is not None and button.preview else ""
        self._transcripts.typing(session.tenant_id, session.contact_id, "", frame.on, preview)

    def _is_call(self, transcript: Transcript, number: int) -> bool:
        line = transcript.find(number)
        return line is not None and line.kind is MessageKind.CALL

    async def _call(self, session: VisitorSession, frame: frames.Call) -> None:
        """Which line his page is, is ours to say."""
        line = self._lines.line(session.tenant_id, session.contact_id, frame.n)
        address = line.username if frame.answer is CallAnswer.READY else ""
        await self._ask(
            session, events.VisitorCallAnswered(session.contact_id, frame.n, frame.answer, address)
        )

    async def _survey(self, session: VisitorSession, frame: frames.Survey) -> None:
        """Once for each session, by its own mark."""
        if await self._sessions.take_survey(session, self._clock.now()):
            event = events.SurveyAnswered(session.contact_id, session.button_id, frame.score, frame.text)
            await self._ask(session, event)
