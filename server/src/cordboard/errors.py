"""The whole tree of errors at the edge. The docstring of a class is its message; `core.refusals` are values, not errors.

- `Refused`: expected; has a stable code, a status and a sentence.
- `Unavailable`: the outside failed; says whether and when to try again.
Everything else that is raised is a bug, and is left to be seen.
"""

from collections.abc import Mapping


class CordboardError(Exception):
    """Something went wrong."""

    code = "error"
    status = 500

    def __init__(self, detail: str = "", **params: str) -> None:
        self.detail = detail or (type(self).__doc__ or "").strip().split("\n", 1)[0]
        self.params: Mapping[str, str] = params
        super().__init__(self.detail)


class Refused(CordboardError):
    """This can not be done."""

    code = "refused"
    status = 409


class Unavailable(CordboardError):
    """A part that this needs does not answer at present. Try again in a few seconds."""

    code = "unavailable"
    status = 503


class Overloaded(Unavailable):
    """The centre has more work than it can decide at present. Try again in a few seconds."""

    code = "overloaded"


class JournalUnavailable(Unavailable):
    """The database can not be written at present; nothing is lost, it is tried again by itself."""

    code = "journal_unavailable"


class LeaseLost(Unavailable):
    """Another server has taken over this customer's live work."""

    code = "lease_lost"
