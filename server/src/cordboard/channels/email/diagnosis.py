"""Connection test of an inbox: what does not work, in a sentence, and what to do about it. The same words for failures at work.

The stages in their order: dns, connect, tls, login, folder, send. All of it blocks: call it in a thread.
"""

import contextlib
import imaplib
import poplib
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from cordboard.channels.email.imap import ImapBox, tls
from cordboard.channels.email.inboxes import USUAL_PORTS, Server
from cordboard.channels.email.pop import PopBox
from cordboard.channels.email.sign_in import (
    AccessTokens,
    NoAccessToken,
    after_refusal,
    answer_of,
    mechanism_of,
    with_token,
)
from cordboard.core.words import MailAfter, MailProtocol, MailSecurity, MailSignIn
from cordboard.errors import Unavailable

TIMEOUT_SECONDS = 10.0


class Stage(StrEnum):
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    LOGIN = "login"
    FOLDER = "folder"
    SEND = "send"
    STORE = "store"  # our own side


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`sentence` says what is the matter, `hint` what to do; both "" when all is well."""

    ok: bool
    stage: str = ""
    sentence: str = ""
    hint: str = ""


WELL = Diagnosis(True)


def stages(server: Server) -> list[Stage]:
    """What a test of this server goes through, in order."""
    secured = [] if server.security == MailSecurity.NONE else [Stage.TLS]
    signs_in = server.sign_in != MailSignIn.NONE and bool(server.user)
    return [
        Stage.DNS,
        Stage.CONNECT,
        *secured,
        *([Stage.LOGIN] if signs_in else []),
        *([Stage.FOLDER] if server.protocol != MailProtocol.SMTP else []),
    ]


def diagnose(
    server: Server, tokens: AccessTokens, timeout: float = TIMEOUT_SECONDS, *, quoting: bool = True
) -> Diagnosis:
    """Tries the whole way, changes nothing, sends nothing. Without `quoting` nothing is said of what a stranger answered."""
    tries: dict[MailProtocol, Callable[[Server, AccessTokens, float], None]] = {
        MailProtocol.IMAP: _try_imap,
        MailProtocol.POP3: _try_pop,
        MailProtocol.SMTP: _try_smtp,
    }
    try:
        socket.getaddrinfo(server.host, server.real_port, type=socket.SOCK_STREAM)
        tries[server.protocol](server, tokens, timeout)
    except (OSError, imaplib.IMAP4.error, poplib.error_proto, smtplib.SMTPException, ImapToolsError) as error:
        return explain(error, server, quoting=quoting)
    except (NoAccessToken, UnicodeError) as error:
        return explain(error, server)
    return WELL


def _try_imap(server: Server, tokens: AccessTokens, timeout: float) -> None:
    box = ImapBox.open(server, tokens, timeout)
    try:
        if server.after == MailAfter.MOVE and not box.can_write():
            raise MailboxFolderSelectError(("NO", [b"read-only"]), "OK")
    finally:
        box.close()


def _try_pop(server: Server, tokens: AccessTokens, timeout: float) -> None:
    box = PopBox.open(server, tokens, timeout)
    try:
        box.list()
    finally:
        box.close()


def _try_smtp(server: Server, tokens: AccessTokens, timeout: float) -> None:
    where = (server.host, server.real_port)
    client: smtplib.SMTP = (
        smtplib.SMTP_SSL(*where, timeout=timeout, context=tls(server))
        if server.security == MailSecurity.TLS
        else smtplib.SMTP(*where, timeout=timeout)
    )
    try:
        client.ehlo()
        if server.security == MailSecurity.STARTTLS:
            client.starttls(context=tls(server))
            client.ehlo()
        if server.sign_in == MailSignIn.OAUTH2:
            mechanism = mechanism_of(client.esmtp_features.get("auth", ""))

            def by_token(token: str) -> None:
                told = answer_of(mechanism, server, token).decode()
                refused = after_refusal(mechanism).decode()
                client.auth(mechanism, lambda reasons=None: told if reasons is None else refused)

            with_token(tokens, server, smtplib.SMTPAuthenticationError, by_token)
        elif server.sign_in == MailSignIn.PASSWORD and server.user:
            client.login(server.user, server.secret)
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            client.quit()


def explain(error: BaseException, server: Server, *, quoting: bool = True) -> Diagnosis:
    """What an error at work or in a test means, for the person who set the inbox up."""
    where = f"{server.host}, port {server.real_port}"
    if isinstance(error, Unavailable) or type(error).__module__.startswith("asyncpg"):
        sentence = "The centre's own database does not take mail at present."
        return _bad(Stage.STORE, sentence, "Nothing is lost: it is tried again by itself.")
    if isinstance(error, NoAccessToken):
        return _bad(Stage.LOGIN, error.detail, "Check the inbox's OAuth2 secret.")
    if isinstance(error, socket.gaierror | UnicodeError):
        return _bad(Stage.DNS, f"There is no server named {server.host}.", "Check the spelling of the host.")
    if isinstance(error, ssl.SSLError):
        return _tls(error, server, where)
    if isinstance(error, ConnectionRefusedError):
        return _bad(Stage.CONNECT, f"Nothing answers at {where}.", _port_hint(server))
    if isinstance(error, TimeoutError):
        hint = f"A firewall may be in the way, or the port is wrong. {_port_hint(server)}"
        return _bad(Stage.CONNECT, f"{where} does not answer in time.", hint)
    return _login(error, server) or _folder(error, server) or _protocol(error, server, where, quoting)


def _tls(error: ssl.SSLError, server: Server, where: str) -> Diagnosis:
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message
        if "self-signed" in why or "self signed" in why or "unable to get local issuer" in why:
            hint = "Name the certificate authority's file if it is the company's own, or have the server's renewed."
        elif "expired" in why:
            hint = "The owner of the server must renew it."
        else:
            hint = "Use the host name that the certificate is for."
        return _bad(Stage.TLS, f"The certificate of {server.host} is not accepted: {why}.", hint)
    if server.security == MailSecurity.TLS:
        hint = f"Choose starttls if the port is for that. {_port_hint(server)}"
        return _bad(Stage.TLS, f"{where} does not speak TLS from the first byte.", hint)
    return _bad(Stage.TLS, f"{where} and this centre find no common encryption.", "Ask the server's owner.")


def _login(error: BaseException, server: Server) -> Diagnosis | None:
    refused = isinstance(error, MailboxLoginError | smtplib.SMTPAuthenticationError)
    text = _text(error).lower()
    if isinstance(error, imaplib.IMAP4.error | poplib.error_proto | ImapToolsError) and not refused:
        refused = any(word in text for word in ("authenticat", "login", "password", "credentials", "[auth]"))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        hint = "Choose starttls or tls, or no sign-in if this server wants none."
        return _bad(Stage.LOGIN, f"{server.host} offers no sign-in on this kind of connection.", hint)
    if not refused:
        return None
    if "privacyrequired" in text or "plaintext" in text:
        hint = "Choose tls or starttls."
        return _bad(Stage.LOGIN, f"{server.host} takes passwords over an encrypted connection only.", hint)
    if server.sign_in == MailSignIn.OAUTH2:
        hint = "Sign in at the identity provider again, with the rights for mail, and store the new refresh token."
        return _bad(Stage.LOGIN, f"{server.host} does not take the access token of {server.user}.", hint)
    hint = "Check user and password. Some providers want a password for applications, or OAuth2."
    return _bad(
        Stage.LOGIN, f"{server.host} does not accept the user {server.user} with this password.", hint
    )


def _folder(error: BaseException, server: Server) -> Diagnosis | None:
    text = _text(error)
    if isinstance(error, MailboxFolderSelectError):
        hint = "Check its name, and the separator that the server uses (INBOX/Orders or INBOX.Orders)."
        return _bad(Stage.FOLDER, f"There is no folder {server.folder} that can be opened.", hint)
    if isinstance(error, ImapToolsError):
        return _bad(
            Stage.FOLDER, f"{server.host} refused: {text[:200]}", "The rights in the folder may be missing."
        )
    return None


def _protocol(error: BaseException, server: Server, where: str, quoting: bool) -> Diagnosis:
    if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError | smtplib.SMTPServerDisconnected):
        sentence = f"{where} does not greet as a mail server."
        return _bad(Stage.CONNECT, sentence, _port_hint(server))
    if isinstance(error, smtplib.SMTPException):
        told = f": {_text(error)[:200]}" if quoting else "."
        return _bad(Stage.SEND, f"{server.host} refused{told}", "Ask the server's owner.")
    if isinstance(error, imaplib.IMAP4.error | poplib.error_proto):
        told = f": {_text(error)[:200]}" if quoting else "."
        sentence = f"{where} did not answer as {server.protocol} does{told}"
        return _bad(Stage.CONNECT, sentence, _port_hint(server))
    if isinstance(error, OSError):
        return _bad(
            Stage.CONNECT, f"The connection to {where} broke: {error.strerror or error}.", _port_hint(server)
        )
    return _bad(
        Stage.STORE, "Fetching stopped over a defect of ours.", "Report it with the log of the mail process."
    )


def _port_hint(server: Server) -> str:
    usual = USUAL_PORTS[server.protocol, server.security]
    return f"The usual port of {server.protocol} with {server.security} is {usual}."


def _text(error: BaseException) -> str:
    parts = [one.decode(errors="replace") if isinstance(one, bytes) else str(one) for one in error.args]
    return " ".join(parts) or str(error)


def _bad(stage: Stage, sentence: str, hint: str) -> Diagnosis:
    return Diagnosis(False, stage, sentence, hint)
