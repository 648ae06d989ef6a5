"""Access tokens for mail servers that want OAuth2: a refresh token is exchanged for one that lasts an hour (RFC 6749, 6)."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass

import httpx2

from cordboard.channels.email.inboxes import Server
from cordboard.errors import CordboardError
from cordboard.runtime.clock import Clock

XOAUTH2, OAUTHBEARER = "XOAUTH2", "OAUTHBEARER"
EARLY_SECONDS = 120.0
"""A token is replaced this long before it ends."""


class NoAccessToken(CordboardError):
    """The identity provider gives no access token for this inbox. Sign in there again and store the new refresh token."""

    code = "no_access_token"


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    until: float


class AccessTokens:
    """Keeps tokens until shortly before they end. May be asked from several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[tuple[str, str], _Token] = {}
        self._lock = threading.Lock()

    def get(self, server: Server) -> str:
        """Raises `NoAccessToken`; asks the provider at most once for each hour or so."""
        key = (server.user, server.secret)
        with self._lock:
            known = self._known.get(key)
            if known is None or known.until < self._clock.monotonic():
                known = self._known[key] = self._ask(server)
        return known.text

    def forget(self, server: Server) -> None:
        """The mail server did not take it."""
        with self._lock:
            self._known.pop((server.user, server.secret), None)

    def _ask(self, server: Server) -> _Token:
        try:
            told = json.loads(server.secret)
            form = {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]}
            form |= {name: told[name] for name in ("client_id", "client_secret", "scope") if told.get(name)}
            answer = httpx2.post(told["token_url"], data=form, timeout=20)
        except (ValueError, KeyError, TypeError) as error:
            raise NoAccessToken(
                "The secret of this inbox is not one for OAuth2: it must be a JSON object with token_url, client_id and "
                "refresh_token."
            ) from error
        except httpx2.HTTPError as error:
            raise NoAccessToken("The identity provider can not be reached. Check token_url.") from error
        try:
            given = answer.json()
            token = str(given["access_token"])
            lasts = float(given.get("expires_in", 3600))
        except (ValueError, KeyError, TypeError) as error:
            raise NoAccessToken from error
        return _Token(token, self._clock.monotonic() + max(30.0, lasts - EARLY_SECONDS))


def xoauth2(user: str, token: str) -> bytes:
    """The first answer of XOAUTH2, before base64."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01".encode()


def oauthbearer(server: Server, token: str) -> bytes:
    """The first answer of OAUTHBEARER, before base64 (RFC 7628, 3.1)."""
    user = server.user.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={user},\x01host={server.host}\x01port={server.real_port}\x01auth=Bearer {token}\x01\x01".encode()


def answer_of(mechanism: str, server: Server, token: str) -> bytes:
    return oauthbearer(server, token) if mechanism == OAUTHBEARER else xoauth2(server.user, token)


def after_refusal(mechanism: str) -> bytes:
    """What is answered to the reasons that a server gives before it refuses (RFC 7628, 3.2.3)."""
    return b"\x01" if mechanism == OAUTHBEARER else b""


def mechanism_of(offered: str) -> str:
    """Of the ways to sign in that a server offers, in its own words."""
    return OAUTHBEARER if OAUTHBEARER in offered.upper() else XOAUTH2


def with_token(
    tokens: AccessTokens, server: Server, refused: type[Exception], sign_in: Callable[[str], object]
) -> None:
    """A token that has ended or was withdrawn is replaced, and the new one tried once. Raises what the second try raises."""
    token = tokens.get(server)
    try:
        sign_in(token)
    except refused:
        tokens.forget(server)
        try:
            sign_in(tokens.get(server))
        except refused:
            tokens.forget(server)
            raise
