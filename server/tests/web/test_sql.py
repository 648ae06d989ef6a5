"""Every query of the slices is prepared on the real tables, and gives exactly the columns of its row."""

from dataclasses import fields
from types import ModuleType

import pytest

from cordboard.answers import tables as answers
from cordboard.answers.repository import (
    AnswerRow,
    AskedRow,
    CandidateRow,
    FiguresRow,
    FoundText,
    ListedRow,
    TextRow,
    ThemeRow,
    UseRow,
)
from cordboard.attachments import tables as attachments
from cordboard.attachments.store import ChatFile
from cordboard.blobs import tables as blobs
from cordboard.blobs.rows import BlobRow
from cordboard.channels.email import tables as email
from cordboard.channels.email.repository import BookmarkRow, InboxStateRow, MailRow, ReportRow
from cordboard.channels.webchat import tables as webchat
from cordboard.chat import tables as chat
from cordboard.chat.repository import MessageRow
from cordboard.contacts import tables as contacts
from cordboard.core.refusals import RefusalCode
from cordboard.db.database import Database
from cordboard.desktop import tables as desktop
from cordboard.desktop.repository import LayoutRow
from cordboard.identity import tables as identity
from cordboard.identity.repository import LoginRow, PersonRow, SessionRow
from cordboard.identity.rights import Session
from cordboard.index import tables as index
from cordboard.index.fold import IndexRow
from cordboard.mail import tables as mail
from cordboard.mail.repository import DraftRow, Mail
from cordboard.runtime import history
from cordboard.seats import tables as seats
from cordboard.seats.repository import AccountRow
from cordboard.spelling import tables as spelling
from cordboard.web.problems import SENTENCES

ROWS = {
    identity.FIND_LOGIN: LoginRow,
    identity.FIND_SESSION: Session,
    identity.GET_PERSON: PersonRow,
    identity.SESSIONS_OF: SessionRow,
    seats.FIND_ACCOUNT: AccountRow,
    seats.ALL_ACCOUNTS: AccountRow,
    contacts.ROWS: IndexRow,
    index.ROWS: IndexRow,
    desktop.FIND_LAYOUT: LayoutRow,
    answers.THEMES: ThemeRow,
    answers.LIST_ANSWERS: ListedRow,
    answers.SEARCH_TEXTS: FoundText,
    answers.GET_ANSWER: AnswerRow,
    answers.TEXTS_OF: TextRow,
    answers.FIGURES_OF: FiguresRow,
    answers.CANDIDATES: CandidateRow,
    answers.NEWEST_USES: UseRow,
    answers.NEWEST_MAIL: AskedRow,
    chat.ADD_MESSAGE: MessageRow,
    chat.FIND_BY_KEY: MessageRow,
    chat.TEAM_MESSAGES: MessageRow,
    chat.MESSAGES_BETWEEN: MessageRow,
    chat.NEWEST_FOR: MessageRow,
    blobs.FIND_BLOB: BlobRow,
    mail.FIND_MAIL: Mail,
    mail.MAILS_OF_THREAD: Mail,
    mail.FIND_DRAFT: DraftRow,
    email.FIND_MAIL: MailRow,
    email.ARRIVED_AFTER: MailRow,
    email.MAILS_OF_THREAD: MailRow,
    email.MAILS_OF_CONTACT: MailRow,
    email.MAILS_SET_ASIDE: MailRow,
    email.REPORTS_AFTER: ReportRow,
    email.FIND_BOOKMARK: BookmarkRow,
    email.INBOX_STATES: InboxStateRow,
    attachments.FIND_FILE: ChatFile,
    attachments.TAKE_DOWNLOAD: ChatFile,
    attachments.ADD_FILE: ChatFile,
}


def queries(module: ModuleType) -> list[str]:
    return [
        value
        for name, value in vars(module).items()
        if name.isupper()
        and isinstance(value, str)
        and value.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")
    ]


@pytest.mark.parametrize(
    "module",
    [
        identity,
        seats,
        desktop,
        chat,
        contacts,
        history,
        index,
        blobs,
        email,
        answers,
        spelling,
        webchat,
        attachments,
        mail,
    ],
    ids=lambda each: each.__name__,
)
async def test_queries(web_database: Database, module: ModuleType) -> None:
    found = queries(module)
    assert found
    async with web_database.tenant("nobody") as connection:
        for query in found:
            statement = await connection.prepare(query)  # type: ignore[attr-defined]  # asyncpg's own
            if query in ROWS:
                columns = {attribute.name for attribute in statement.get_attributes()}
                assert columns == {field.name for field in fields(ROWS[query])}, query


def test_every_refusal_has_a_sentence() -> None:
    assert set(SENTENCES) == set(RefusalCode)
