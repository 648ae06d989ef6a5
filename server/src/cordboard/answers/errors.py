"""What the library refuses."""

from cordboard.errors import Refused


class AnswerNotFound(Refused):
    """There is no such answer."""

    code = "answer_not_found"
    status = 404


class ThemeNotFound(Refused):
    """There is no such theme. Choose one of the list."""

    code = "theme_not_found"
    status = 422


class NameTaken(Refused):
    """This short name belongs to another answer. Choose another one."""

    code = "short_name_taken"
    status = 409


class IdTaken(Refused):
    """There is one of this id already."""

    code = "id_taken"
    status = 409


class ChangedMeanwhile(Refused):
    """Somebody else has changed it since you opened it. Look at the newest version, then save again."""

    code = "answer_changed"
    status = 412


class VersionMissing(Refused):
    """Say which version you have changed: the header If-Match with its ETag."""

    code = "version_missing"
    status = 428


class ThemeInUse(Refused):
    """This theme still has answers or themes below it. Move or delete them first."""

    code = "theme_in_use"
    status = 409


class ThemeCircle(Refused):
    """A theme can not be below itself."""

    code = "theme_circle"
    status = 422


class UnknownVariable(Refused):
    """The text has a variable that does not exist."""

    code = "unknown_variable"
    status = 422


class EmptyAnswer(Refused):
    """Write the text of the answer first."""

    code = "empty_answer"
    status = 422


class DatesReversed(Refused):
    """The last day is before the first."""

    code = "dates_reversed"
    status = 422


class SpaceUnknown(Refused):
    """There is no such Space."""

    code = "unknown_space"
    status = 422


class ContactNotYours(Refused):
    """There is no such contact among yours."""

    code = "not_found"
    status = 404


class TooLarge(Refused):
    """This file is too large: 20 MB is the most."""

    code = "file_too_large"
    status = 413


class TooMany(Refused):
    """An answer has at most ten attachments."""

    code = "too_many_attachments"
    status = 409


class AttachmentNotFound(Refused):
    """This answer has no such attachment."""

    code = "attachment_not_found"
    status = 404
