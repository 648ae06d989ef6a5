"""What the written channels bring to the web: the desk of email, chats with visitors, and the language that both stand on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter

from cordboard.channels.webchat.beginning import SecretOf
from cordboard.channels.webchat.wiring import PageParts, WebChat, WebChatParts, WebChatSettings
from cordboard.conversations.endpoints import ConversationEndpoints
from cordboard.conversations.service import ConversationService
from cordboard.db.database import Database
from cordboard.index.projector import Projector
from cordboard.knowledge.suggestions.process import WorkerEngine
from cordboard.mail.answering import MailAnswering
from cordboard.mail.endpoints import MailCareEndpoints, MailEndpoints, NewDraftEndpoints
from cordboard.mail.new_drafts import NewDrafts
from cordboard.mail.reading import MailReading
from cordboard.mail.supervising import InboxCare, TestServer, Validation
from cordboard.mail.trying import NewServers, TryServer
from cordboard.mail.undecided import Undecided
from cordboard.mail.writing import MailWriting
from cordboard.reach import Reach
from cordboard.runtime.asking import LiveTenants, Switchboard
from cordboard.runtime.background import Background
from cordboard.runtime.clock import Clock
from cordboard.runtime.codec import Codec
from cordboard.runtime.history import History
from cordboard.runtime.ports import Batch
from cordboard.runtime.transcripts import Transcripts
from cordboard.scanning.verdicts import Verdicts
from cordboard.web import language


@dataclass(frozen=True, slots=True)
class Under:
    """What they are built on."""

    db: Database
    switchboard: Switchboard
    history: History
    clock: Clock
    background: Background
    codec: Codec
    tenants: LiveTenants
    projector: Projector


@dataclass(frozen=True, slots=True)
class Choices:
    """`engine`: that of a test; the worker on this machine otherwise."""

    blobs: Path
    webchat: WebChatSettings
    secret_of: SecretOf
    engine: WorkerEngine | None
    test_mail_server: TestServer | None
    try_mail_server: TryServer | None
    reach: Reach
    page: PageParts
    verdicts: Verdicts


@dataclass(frozen=True, slots=True)
class Written:
    """`engine` is a process when it is in use: stop it at the end."""

    routers: Sequence[APIRouter]
    transcripts: Transcripts
    webchat: WebChat
    engine: WorkerEngine
    verdicts: Verdicts
    undecided: Undecided

    def on_batch(self, batch: Batch) -> None:
        self.transcripts.on_batch(batch)
        self.webchat.on_batch(batch)


def build(under: Under, choices: Choices) -> Written:
    db, switchboard, clock = under.db, under.switchboard, under.clock
    words = language.build(
        language.Under(db, switchboard, under.history, clock, under.background, choices.blobs), choices.engine
    )
    transcripts = Transcripts(under.history)
    webchat = WebChat(
        choices.webchat,
        WebChatParts(
            db,
            under.tenants,
            transcripts,
            clock,
            under.codec,
            under.background,
            choices.secret_of,
            choices.reach,
            choices.page,
            choices.verdicts,
        ),
    )
    conversations = ConversationService(
        switchboard, transcripts, webchat.files, clock, webchat.folders.file, words.read_file
    )
    routers = [
        *words.routers,
        *_mail(under, choices),
        ConversationEndpoints(conversations, switchboard).router(),
        webchat.endpoints.router(),
        webchat.calls.router(),
    ]
    return Written(routers, transcripts, webchat, words.engine, choices.verdicts, Undecided(db, clock))


def _mail(under: Under, choices: Choices) -> list[APIRouter]:
    """The desk of email, from its parts."""
    db, switchboard, clock = under.db, under.switchboard, under.clock
    verdicts, catch_up = choices.verdicts, under.projector.catch_up
    writing = MailWriting(db, switchboard, verdicts, clock, catch_up)
    drafts = NewDrafts(db, clock)
    answering = MailAnswering(db, switchboard, writing, drafts)
    reading = MailReading(db, switchboard, verdicts, catch_up)
    care = InboxCare(db, switchboard, clock, choices.test_mail_server)
    new_servers = NewServers(clock, choices.try_mail_server)
    return [
        MailCareEndpoints(Validation(db, switchboard, writing, clock), care, new_servers).router(),
        NewDraftEndpoints(drafts).router(),
        MailEndpoints(reading, writing, answering, switchboard).router(),
    ]
