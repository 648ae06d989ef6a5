"""Our own thread token: which of our mails an answer belongs to, whatever the other side's program did to the headers.

A token is `cb.<tenant>.<mail>.<mac>`, signed with the tenant's key, so that nobody can write into another's thread by guessing
numbers. It is the left side of our Message-IDs, may stand behind a plus in our address and, for programs that throw both away,
in a tag of the subject: `[#cb.demo.120.k3…]`.
"""

import hashlib
import hmac
import re
from base64 import b32encode
from typing import NamedTuple

TOKEN = re.compile(r"\bcb\.([a-z0-9][a-z0-9_-]{0,62})\.([0-9]{1,18})\.([a-z2-7]{16})\b", re.IGNORECASE)
MAC_BYTES = 10
"""80 bits: 2 to the power of 79 mails to be sent before one guess is likely to be right."""


class Token(NamedTuple):
    """A verified token."""

    tenant_id: str
    mail_id: int


def tenant_key(secret: str, tenant_id: str) -> bytes:
    """A tenant's key, out of the installation's secret (`session_secret`). With another secret the tokens of mails that have
    left are no longer known; their threads are still found by References."""
    return hmac.new(secret.encode(), f"cordboard mail token {tenant_id}".encode(), hashlib.sha256).digest()


def make_token(key: bytes, tenant_id: str, mail_id: int) -> str:
    """The token of an outgoing mail. `key` has at least 16 secret bytes."""
    return f"cb.{tenant_id}.{mail_id}.{_mac(key, tenant_id, mail_id)}"


def message_id(token: str, domain: str) -> str:
    """The Message-ID of that mail, without angle brackets."""
    return f"{token}@{domain}"


def plus_address(token: str, address: str) -> str:
    """Our address with the token behind a plus, for Reply-To where the mailbox takes plus-addresses."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{token}@{domain}"


def subject_tag(token: str) -> str:
    """What is put behind a subject."""
    return f"[#{token}]"


SUBJECT_TAG = re.compile(r"\s*\[#cb\.[^\]\s]{1,100}\]", re.IGNORECASE)


def without_tag(subject: str) -> str:
    """The subject as a person wrote it."""
    return SUBJECT_TAG.sub("", subject).strip()


def read_token(key: bytes, token: str) -> Token | None:
    """The token's tenant and mail; None when it is none of ours. Takes the same time whatever is wrong with the signature."""
    hit = TOKEN.fullmatch(token.strip())
    if hit is None:
        return None
    tenant_id, mail_id = hit[1].lower(), int(hit[2])
    if not hmac.compare_digest(_mac(key, tenant_id, mail_id), hit[3].lower()):
        return None
    return Token(tenant_id, mail_id)


def find_tokens(*texts: str) -> tuple[str, ...]:
    """Everything in the texts that looks like a token, each once, in order."""
    return tuple(dict.fromkeys(hit[0].lower() for text in texts for hit in TOKEN.finditer(text[:20_000])))


def _mac(key: bytes, tenant_id: str, mail_id: int) -> str:
    signed = hmac.new(key, f"cordboard mail {tenant_id} {mail_id}".encode(), hashlib.sha256).digest()
    return b32encode(signed[:MAC_BYTES]).decode("ascii").lower()
