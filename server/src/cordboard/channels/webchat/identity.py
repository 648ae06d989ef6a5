"""Signed identities: the customer's site says who the visitor is, as a JWT signed with the button's secret (HS256)."""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cordboard.errors import Refused

LONGEST = 4096
LEEWAY = timedelta(seconds=60)
LONGEST_LIFE = timedelta(days=1)


class IdentityWrong(Refused):
    """The signed identity is not valid: its signature, its time or its form is wrong."""

    code = "identity_wrong"
    status = 401


@dataclass(frozen=True, slots=True)
class Identity:
    subject: str
    name: str = ""
    email: str = ""


def verified(token: str, secret: str, now: datetime) -> Identity:
    """Raises IdentityWrong. Needs `sub` and `exp`; `name` and `email` are taken over."""
    if len(token) > LONGEST or token.count(".") != 2 or not secret:
        raise IdentityWrong
    head, body, signature = token.split(".")
    header, claims = _decoded(head), _decoded(body)
    if header.get("alg") != "HS256":
        raise IdentityWrong
    expected = hmac.new(secret.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(expected, _bytes(signature)):
        raise IdentityWrong
    expires, begins = claims.get("exp"), claims.get("nbf", 0)
    at = now.timestamp()
    if not isinstance(expires, int | float) or not isinstance(begins, int | float):
        raise IdentityWrong
    if not at - LEEWAY.total_seconds() < expires < at + LONGEST_LIFE.total_seconds():
        raise IdentityWrong
    if begins > at + LEEWAY.total_seconds() or not isinstance(claims.get("sub"), str):
        raise IdentityWrong
    return Identity(claims["sub"][:200], _text(claims.get("name")), _text(claims.get("email")))


def _text(value: object) -> str:
    return value[:254] if isinstance(value, str) else ""


def _bytes(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError) as error:
        raise IdentityWrong from error


def _decoded(part: str) -> dict[str, Any]:
    try:
        value = json.loads(_bytes(part))
    except ValueError as error:
        raise IdentityWrong from error
    if not isinstance(value, dict):
        raise IdentityWrong
    return value
