"""What the mail desk refuses, beside what the core refuses."""

from cordboard.errors import Refused


class MailNotFound(Refused):
    """There is no such mail."""

    code = "not_found"
    status = 404


class DraftChanged(Refused):
    """Somebody else has changed this draft meanwhile."""

    code = "draft_changed"


class TooManyDrafts(Refused):
    """There are too many drafts of new mails. Send or throw away some of them first."""

    code = "too_many_drafts"


class MailAlreadySent(Refused):
    """This mail has already been sent from another window, with another text."""

    code = "mail_already_sent"


class RecipientMissing(Refused):
    """Say to whom the mail goes."""

    code = "recipient_missing"
    status = 422


class RecipientInvalid(Refused):
    """One of the recipients is no email address."""

    code = "recipient_invalid"
    status = 422


class NothingWritten(Refused):
    """Write something first."""

    code = "invalid"
    status = 422


class FileMissing(Refused):
    """An attached file is not here any more. Attach it again."""

    code = "file_missing"
    status = 422


class FileTooLarge(Refused):
    """This file is too large."""

    code = "file_too_large"
    status = 413


class FileRefused(Refused):
    """Programs can not be attached."""

    code = "file_refused"
    status = 422


class AlreadyAnswered(Refused):
    """A colleague has answered in this exchange since you began to write. Read it, then send yours anyway or not."""

    code = "already_answered"


class OwnAnswer(Refused):
    """Somebody else has to look at an answer that you have written yourself."""

    code = "own_answer"
    status = 403


class NothingToTry(Refused):
    """Say which server is to be tried: one that mail is fetched from, one that sends it, or both."""

    code = "invalid"
    status = 422


class PortNotForMail(Refused):
    """This port is none of a mail server's. Use 993, 143, 995, 110, 465, 587, 25, or one from 1024 on."""

    code = "port_not_for_mail"
    status = 422


class TooManyTests(Refused):
    """Too many connections were tried lately, or one is being tried. Wait a minute."""

    code = "too_many_tests"
    status = 429


class UnknownInbox(Refused):
    """There is no such inbox."""

    code = "unknown_inbox"
    status = 404
