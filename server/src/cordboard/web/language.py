"""The library, suggestions and spelling, built from what the web has."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter

from cordboard.answers.attachments import Attachments
from cordboard.answers.contact import ContactViews
from cordboard.answers.endpoints import AnswerEndpoints
from cordboard.answers.files import AttachmentEndpoints
from cordboard.answers.library_file import LibraryFileEndpoints
from cordboard.answers.ranking import Ranker
from cordboard.answers.service import Library
from cordboard.answers.suggesting import Suggesting
from cordboard.answers.using import AnswersInUse
from cordboard.blobs.store import BlobStore
from cordboard.db.database import Database
from cordboard.identity.rights import Session
from cordboard.knowledge.spelling import Speller
from cordboard.knowledge.suggestions.process import WorkerEngine
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.background import Background
from cordboard.runtime.clock import Clock
from cordboard.runtime.history import History
from cordboard.spelling.endpoints import SpellingEndpoints
from cordboard.spelling.service import Spelling


@dataclass(frozen=True, slots=True)
class LanguageParts:
    """`engine` is a process when it is in use: stop it at the end."""

    routers: Sequence[APIRouter]
    engine: WorkerEngine
    attachments: Attachments

    async def read_file(self, session: Session, answer_id: str, file_id: str) -> tuple[str, bytes]:
        """A file of a ready-made answer, for who may read that: its name and content."""
        found = await self.attachments.read(session, answer_id, file_id)
        return found.name, found.data


@dataclass(frozen=True, slots=True)
class Under:
    db: Database
    switchboard: Switchboard
    history: History
    clock: Clock
    background: Background
    blobs: Path


def build(under: Under, engine: WorkerEngine | None) -> LanguageParts:
    """`engine`: that of a test; the worker on this machine otherwise."""
    db, switchboard, clock = under.db, under.switchboard, under.clock
    engine = engine or WorkerEngine(clock)
    library = Library(db, switchboard, clock)
    contacts = ContactViews(switchboard, under.history)
    in_use = AnswersInUse(db, library, contacts, switchboard, clock)
    suggesting = Suggesting(
        db, library, in_use, contacts, switchboard, Ranker(db, engine, under.background), under.background
    )
    attachments = Attachments(db, library, BlobStore(under.blobs), clock)
    routers = [
        AnswerEndpoints(library, in_use, suggesting).router(),
        AttachmentEndpoints(attachments).router(),
        LibraryFileEndpoints(db, switchboard, clock).router(),
        SpellingEndpoints(Spelling(db, switchboard, Speller())).router(),
    ]
    return LanguageParts(routers, engine, attachments)
