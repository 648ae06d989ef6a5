"""The only place that draws random numbers: keys of sessions, passwords of phones and of first logins."""

import secrets

_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # without look-alikes: it is read from a terminal and typed


def new_token() -> str:
    """256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def new_id() -> str:
    """96 bits in hexadecimal: a public name for a thing that has no natural key."""
    return secrets.token_hex(12)


def new_password() -> str:
    """About 79 bits in four readable groups, such as `k7mq-x3vb-t9ae-wd5h`."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))
