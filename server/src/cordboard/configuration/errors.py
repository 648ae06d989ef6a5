"""What can go wrong with a configuration beside what is wrong in its document (`nodes.DocumentWrong`)."""

from cordboard.errors import Refused


class VersionConflict(Refused):
    """Somebody has published another version since this one was read. Plan again."""

    code = "version_conflict"
    status = 409


class VersionNotFound(Refused):
    """There is no such version."""

    code = "not_found"
    status = 404


class NothingPublished(Refused):
    """Nothing has been published for this customer yet."""

    code = "not_found"
    status = 404
