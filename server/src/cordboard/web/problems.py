"""Errors as problem+json (RFC 9457): a status, a stable code, its parameters and one English sentence.

The catalogue below is the one place for the sentences of the core's refusals; other errors carry theirs as docstring.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from cordboard.core.refusals import RefusalCode
from cordboard.db.database import OUTAGES
from cordboard.errors import CordboardError, Unavailable
from cordboard.runtime.asking import NotDone

log = structlog.get_logger()

SENTENCES: Mapping[RefusalCode, tuple[int, str]] = {
    RefusalCode.UNKNOWN_AGENT: (404, "There is no such agent."),
    RefusalCode.UNKNOWN_CONTACT: (404, "There is no such contact any more."),
    RefusalCode.UNKNOWN_QUEUE: (404, "There is no such queue."),
    RefusalCode.UNKNOWN_REASON: (422, "There is no such reason."),
    RefusalCode.SEATS_FULL: (
        409,
        "All {subscribed} {seat} seats are taken. A seat becomes free when somebody logs out.",
    ),
    RefusalCode.SEAT_NOT_SUBSCRIBED: (409, "No {seat} seats are subscribed."),
    RefusalCode.NOT_LOGGED_IN: (409, "Take a seat first."),
    RefusalCode.NOT_YOUR_CONTACT: (403, "This contact is not in your hands."),
    RefusalCode.NOT_POSSIBLE_NOW: (409, "This is not possible now."),
    RefusalCode.WRAP_UP_FIRST: (409, "Finish the wrap-up of the last contact first."),
    RefusalCode.CLOSING_REASON_REQUIRED: (422, "Choose a closing reason."),
    RefusalCode.PHONE_MISSING: (409, "Choose a phone first."),
    RefusalCode.PHONE_UNREACHABLE: (409, "Your phone can not be reached. Check that it is registered."),
    RefusalCode.AGENT_NOT_READY: (409, "{agent} is not ready to take it."),
    RefusalCode.EMERGENCY_NUMBER: (
        422,
        "Emergency numbers can not be called from here: {number} was refused. Use a normal telephone.",
    ),
    RefusalCode.NUMBER_NOT_ALLOWED: (422, "The dial plan does not allow calls to {number}."),
    RefusalCode.NUMBER_INVALID: (422, "{number} is not a telephone number."),
    RefusalCode.NUMBER_NOT_PRESENTABLE: (422, "This number may not be presented."),
    RefusalCode.ALREADY_TAKEN: (409, "Somebody else has just taken it."),
    RefusalCode.TELEPHONY_AWAY: (
        503,
        "Telephony is away at present. Calls in progress go on; try again in a few seconds.",
    ),
    RefusalCode.ANSWER_GONE: (409, "This answer can not be taken back or decided on any more: it has left."),
    RefusalCode.NEWER_MAIL: (409, "A newer mail has come in meanwhile: read it before you answer."),
    RefusalCode.INSTANT_PAST: (422, "Choose an instant that is still to come."),
    RefusalCode.THREAD_OPEN: (409, "This exchange is open already, as contact {contact}."),
    RefusalCode.OPTION_OFF: (403, "Your centre does not have the option {option}. Ask your provider for it."),
    RefusalCode.UNKNOWN_INBOX: (404, "There is no inbox {inbox}."),
    RefusalCode.CHAT_ENDED: (409, "This chat is over. A new one can be begun."),
    RefusalCode.TOO_LATE_TO_GO_ON: (
        409,
        "This chat is too long ago to be gone on with. A new one can be begun.",
    ),
    RefusalCode.ANSWERED_BY_EMAIL: (409, "This chat is already being answered by email."),
    RefusalCode.UNKNOWN_STEP: (404, "The chat's script does not offer this any more: choose something else."),
    RefusalCode.NOBODY_FREE: (409, "Nobody is free to take this chat now."),
    RefusalCode.CALLS_OFF: (409, "This chat button does not offer calls of this kind."),
    RefusalCode.NO_TELEPHONE_SEAT: (
        409,
        "Your seat has no telephone, and no queue makes the calls of this chat button. Take an omnichannel seat, "
        "or have a `call_queue` named for the button.",
    ),
    RefusalCode.IN_A_CALL: (409, "You are in a call already: end it first, and wrap it up."),
    RefusalCode.CALL_UNDER_WAY: (409, "There is a call with this visitor already."),
    RefusalCode.VISITOR_AWAY: (409, "The visitor's page is not connected: call his number instead."),
    RefusalCode.UNKNOWN_MESSAGE: (404, "There is no message {number} that you may change."),
}


class InvalidPart(BaseModel):
    """What is wrong at one place of a request (or, with a line and a column, of a configuration document)."""

    path: str
    message: str
    line: int | None = None
    column: int | None = None


class Problem(BaseModel):
    """Every error of the API. `code` is stable; `detail` is an English sentence; `params` are its values."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    params: dict[str, str]
    errors: list[InvalidPart] = []


RESPONSES: dict[int | str, dict[str, Any]] = {
    422: {"model": Problem, "description": "Something in the request is not right, or not possible"},
    "default": {"model": Problem, "description": "A problem (application/problem+json)"},
}
"""For every endpoint's description."""


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def problem(
    status: int, code: str, detail: str, params: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    content = {
        "type": f"urn:cordboard:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        "params": dict(params or {}),
        **more,
    }
    headers = {"Cache-Control": "no-store"}
    if params and "retry_after_seconds" in params:
        headers["Retry-After"] = params["retry_after_seconds"]
    elif status == 503:
        headers["Retry-After"] = "3"
    return JSONResponse(content, status, headers, media_type="application/problem+json")


def of_error(error: CordboardError) -> JSONResponse:
    if isinstance(error, NotDone):
        status, sentence = SENTENCES[error.refusal.code]
        return problem(
            status, error.code, sentence.format_map(_Blank(error.refusal.params)), error.refusal.params
        )
    return problem(error.status, error.code, error.detail, error.params)


def install(app: FastAPI) -> None:
    """Every error that reaches the edge leaves it as problem+json; bugs are logged and tell nothing."""

    async def on_cordboard_error(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, CordboardError)
        return of_error(error)

    async def on_invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        errors = [
            {"path": ".".join(str(part) for part in one["loc"][1:]), "message": one["msg"]}
            for one in error.errors()
        ]
        return problem(422, "invalid", "Something in the request is not right.", errors=errors)

    async def on_http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "refused")
        return problem(error.status_code, code, str(error.detail))

    async def on_outage(request: Request, error: Exception) -> JSONResponse:
        log.warning("database_away", error=type(error).__name__, path=request.url.path)
        return of_error(Unavailable())

    async def on_bug(request: Request, error: Exception) -> JSONResponse:
        log.error("request_failed", path=request.url.path, exc_info=error)
        return problem(500, "error", "Something went wrong here. It has been logged.")

    app.add_exception_handler(CordboardError, on_cordboard_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    for outage in OUTAGES:
        app.add_exception_handler(outage, on_outage)
    app.add_exception_handler(Exception, on_bug)
