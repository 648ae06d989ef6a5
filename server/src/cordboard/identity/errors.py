"""What can go wrong between a person and a session. The docstring is the sentence that the person reads."""

from cordboard.errors import Refused


class LoginFailed(Refused):
    """The login or the password is not right."""

    code = "login_failed"
    status = 401


class LoginLocked(Refused):
    """Too many wrong passwords. Try again later."""

    code = "login_locked"
    status = 429


class SessionExpired(Refused):
    """Please log in: there is no session, or it has ended."""

    code = "session_expired"
    status = 401


class Forbidden(Refused):
    """Your role does not allow this."""

    code = "forbidden"
    status = 403


class ForeignOrigin(Refused):
    """This request does not come from Cordboard's own pages."""

    code = "foreign_origin"
    status = 403


class PasswordTooWeak(Refused):
    """This password is too easy to guess: use at least 10 characters, not your name and no common password."""

    code = "password_too_weak"
    status = 422


class SessionNotFound(Refused):
    """There is no such session."""

    code = "not_found"
    status = 404


class LoginUnknown(Refused):
    """There is no such login. `cordboard export` shows who may log in."""

    code = "login_unknown"
    status = 404
