"""One connection to the server that takes our mail. What goes wrong is told apart: for good, for now, or not known.

*Permanent*: trying again would be refused again (5xx). *Temporary*: busy, greylisted, away, a log-in that fails (4xx, network).
*Unknown*: the text was handed over and no answer came: the server may have it.
"""

import asyncio
import base64
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import aiosmtplib
from aiosmtplib import SMTPStatus
from aiosmtplib.errors import SMTPException, SMTPResponseException

from cordboard.channels.email.imap import tls
from cordboard.channels.email.inboxes import Server
from cordboard.channels.email.sign_in import (
    AccessTokens,
    NoAccessToken,
    after_refusal,
    answer_of,
    mechanism_of,
)
from cordboard.core.words import MailSecurity, MailSignIn

TIMEOUT_SECONDS = 60.0
DATA_TIMEOUT_SECONDS = 600.0
"""RFC 5321, 4.5.3.2.6 gives a server ten minutes to answer to the end of the text."""


class SendFailed(Exception):
    """It did not leave. `detail` is the server's own answer or a sentence."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Permanent(SendFailed):
    """Refused, and would be refused again."""


class Temporary(SendFailed):
    """Not now."""


class Unknown(SendFailed):
    """The text was handed over; the answer did not come."""


@dataclass(frozen=True, slots=True)
class Envelope:
    sender: str
    recipients: Sequence[str]
    content: bytes
    last_try: bool = False  # then those who are accepted get it, whoever else is refused for now


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server has it. `refused` are the recipients that it does not deliver to, with its answers."""

    answer: str
    refused: dict[str, str] = field(default_factory=dict)


class SmtpOut:
    """Open it with `open`, send several, close it."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self._client = client

    @classmethod
    async def open(cls, server: Server, tokens: AccessTokens) -> "SmtpOut":
        """Raises `Temporary`: a server that is away, a wrong certificate and a wrong password are mended by people."""
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.real_port,
            use_tls=server.security == MailSecurity.TLS,
            start_tls=server.security == MailSecurity.STARTTLS,
            tls_context=None if server.security == MailSecurity.NONE else tls(server),
            timeout=TIMEOUT_SECONDS,
        )
        try:
            await client.connect()
            if server.sign_in == MailSignIn.OAUTH2:
                await _sign_in_by_token(client, server, tokens)
            elif server.sign_in == MailSignIn.PASSWORD and server.user:
                await client.login(server.user, server.secret)
        except Temporary:
            client.close()
            raise
        except NoAccessToken as error:
            client.close()
            raise Temporary(error.detail) from error
        except (SMTPException, OSError, ValueError) as error:
            client.close()
            raise Temporary(f"{server.host}: {_told(error)}") from error
        return cls(client)

    async def close(self) -> None:
        with contextlib.suppress(SMTPException, OSError):
            await asyncio.wait_for(self._client.quit(), 5)
        self._client.close()

    async def send(self, envelope: Envelope, before_text: Callable[[], Awaitable[None]]) -> Accepted:
        """Raises a `SendFailed`. `before_text` is awaited before the first byte of the text leaves."""
        options = [] if envelope.content.isascii() else ["BODY=8BITMIME"]
        refused: dict[str, str] = {}
        try:
            await self._client.mail(envelope.sender, options=options if self._eight_bit() else [])
            for_now = await self._offer(envelope, refused)
        except SMTPResponseException as error:
            await self._reset()
            raise _by_code(error) from error
        except (SMTPException, OSError, UnicodeError) as error:
            raise Temporary(_told(error)) from error
        if len(refused) == len(envelope.recipients) or (for_now and not envelope.last_try):
            await self._reset()
            told = "; ".join(f"{address}: {answer}" for address, answer in refused.items())
            raise Temporary(told) if for_now and not envelope.last_try else Permanent(told)
        await before_text()
        try:
            response = await self._client.data(envelope.content, timeout=DATA_TIMEOUT_SECONDS)
        except SMTPResponseException as error:
            raise _by_code(error) from error
        except (SMTPException, OSError) as error:
            raise Unknown(_told(error)) from error
        return Accepted(f"{response.code} {response.message}", refused)

    async def _offer(self, envelope: Envelope, refused: dict[str, str]) -> bool:
        """Fills `refused`; True when somebody is refused for now only."""
        for_now = False
        for address in envelope.recipients:
            try:
                await self._client.rcpt(address)
            except SMTPResponseException as error:
                refused[address] = f"{error.code} {error.message}"
                for_now = for_now or error.code < 500
        return for_now

    def _eight_bit(self) -> bool:
        return bool(self._client.supports_extension("8bitmime"))

    async def _reset(self) -> None:
        with contextlib.suppress(SMTPException, OSError):
            await self._client.rset()


async def _sign_in_by_token(client: aiosmtplib.SMTP, server: Server, tokens: AccessTokens) -> None:
    """A token that has ended or was withdrawn is replaced, and the new one tried once."""
    if client.is_ehlo_or_helo_needed:
        await client.ehlo()
    mechanism = mechanism_of(client.esmtp_extensions.get("auth", ""))
    for last in (False, True):
        token = await asyncio.to_thread(tokens.get, server)
        told = base64.b64encode(answer_of(mechanism, server, token))
        response = await client.execute_command(b"AUTH", mechanism.encode(), told)
        if response.code == SMTPStatus.auth_continue:  # its reasons
            response = await client.execute_command(base64.b64encode(after_refusal(mechanism)))
        if response.code == SMTPStatus.auth_successful:
            return
        tokens.forget(server)
        if last:
            raise Temporary(
                f"{server.host} does not take the access token of {server.user} ({response.code} {response.message}). "
                "Sign in at the identity provider again, with the rights for mail, and store the new refresh token."
            )


def _by_code(error: SMTPResponseException) -> SendFailed:
    told = f"{error.code} {error.message}"
    return Permanent(told) if error.code >= 500 else Temporary(told)


def _told(error: BaseException) -> str:
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {error.message}"
    return str(error) or type(error).__name__
