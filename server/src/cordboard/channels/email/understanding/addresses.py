"""Addresses: what stands in From, To and Cc → mailboxes, whatever a program wrote there.

A normalised address has its domain in lower case and in its readable (Unicode) form; the part before the @ is kept as it came,
with its plus-address. `same_sender` says when two addresses mean one person.
"""

import re
from functools import lru_cache

from cordboard.channels.email.understanding.headers import decode_words
from cordboard.channels.email.understanding.model import Mailbox

TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*"?)|(?P<angle><[^<>]*>?)|(?P<mark>[,;:])|(?P<comment>\()|(?P<word>[^\s,;:<("]+)|(?P<other>.))""",
    re.DOTALL,
)
ADDRESS = re.compile(
    r"(?<![^\s@<>()\[\],;:\"])[^\s@<>()\[\],;:\"]{1,200}@(?:\[[^\]\s]{1,60}\]|[^\s@<>()\[\],;:\"]{1,255})"
)
"""It is looked for where words begin only: elsewhere each letter of a long word would be a beginning."""
QUOTED_LOCAL = re.compile(r"\"(?:[^\"\\]|\\.){0,64}\"@[^\s@<>()\[\],;:\"]+")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
LONGEST = 100_000


def normalise(address: str) -> str:
    """The domain in lower case and readable, the rest as it is; "" when it is no address."""
    address = address.strip().strip("<>'\"").strip()
    if len(address) > 320 or "@" not in address:
        return ""
    local, _, domain = address.rpartition("@")
    domain = domain.rstrip(".").lower()
    if not local or not domain or any(letter.isspace() or letter in "<>," for letter in domain + local):
        return ""
    if "xn--" in domain:
        domain = _readable_domain(domain)
    return f"{local}@{domain}"


@lru_cache(maxsize=10_000)
def same_sender(address: str) -> str:
    """A key that is equal for what one person sends from: all in lower case, without the plus-address.

    Providers read the part before the @ without regard to case (RFC 5321 allows otherwise, nobody does), and a plus-address
    reaches the same mailbox.
    """
    local, _, domain = normalise(address).rpartition("@")
    if not local.startswith('"') and "+" in local[1:]:
        local = local[0] + local[1:].split("+", 1)[0]
    return f"{local.casefold()}@{domain}" if domain else ""


def read(raw: str, most: int = 1_000) -> tuple[tuple[Mailbox, ...], list[str]]:
    """The mailboxes of a header's undecoded value, groups opened, at most `most`; and what had to be mended."""
    mended: list[str] = []
    found: list[Mailbox] = []
    words: list[str] = []
    angle = ""
    comments: list[str] = []
    raw = raw[:LONGEST]
    at = 0

    def close() -> None:
        nonlocal angle
        if words or angle or comments:
            found.extend(_mailbox(words, angle, comments, mended))
        words.clear()
        comments.clear()
        angle = ""

    while at < len(raw) and len(found) < most:
        token = TOKEN.match(raw, at)
        if token is None:
            break
        at = token.end()
        if token["comment"] is not None:
            comment, at = _comment(raw, at)
            comments.append(comment)
        elif token["mark"] == ":" and not angle and not _has_address(words):
            words.clear()  # the name of a group
        elif token["mark"] is not None and token["mark"] != ":":
            close()
        elif token["angle"] is not None:
            if angle:
                close()
            angle = token["angle"]
        else:
            words.append(token[0].strip())
    close()
    if at < len(raw) and len(found) >= most:
        mended.append("too-many-recipients")
    return tuple(found), mended


def _mailbox(words: list[str], angle: str, comments: list[str], mended: list[str]) -> list[Mailbox]:
    if angle:
        route = angle.strip("<>").strip()
        if route.startswith("@") and ":" in route:
            route = route.rpartition(":")[2]  # a source route (RFC 5322, 4.4)
        address = normalise(_plain(route, mended))
        if address:
            return [Mailbox(address, _name(words, comments, address, mended))]
    text = " ".join(words) + (" " + angle if angle else "")
    if "=?" in text:
        text = _plain(text, mended)
    hits = [*QUOTED_LOCAL.findall(text)] or ADDRESS.findall(text)
    hits = [address for address in map(normalise, hits) if address]
    if len(hits) == 1:
        address = hits[0]
        rest = [word if "@" not in word else word.partition("<")[0] for word in words]
        rest = [word for word in rest if "@" not in word and word.strip('" ')]
        if rest:
            mended.append("address-broken")
        return [Mailbox(address, _name(rest, comments, address, mended))]
    if hits:
        mended.append("address-broken")
        return [Mailbox(address) for address in hits]
    if text.strip(" <>\"'"):
        mended.append("address-broken")
        return [Mailbox("", _name(words, comments, "", mended))] if words else []
    return []


def _name(words: list[str], comments: list[str], address: str, mended: list[str]) -> str:
    pieces = [ESCAPED.sub(r"\1", word.strip('"')) if word.startswith('"') else word for word in words]
    raw = " ".join(pieces) or " ".join(comments)
    name = " ".join(_plain(raw, mended).split()).strip("\"' ,")[:200]
    return "" if name.casefold() == address.casefold() else name


def _plain(raw: str, mended: list[str]) -> str:
    from cordboard.channels.email.understanding.charsets import clean

    text, wrong = decode_words(raw)
    mended += wrong
    return clean(text).replace("\n", " ")


def _comment(raw: str, at: int) -> tuple[str, int]:
    """What stands in brackets, which may be nested; counted, not recursed."""
    depth, start = 1, at
    while at < len(raw) and depth:
        letter = raw[at]
        if letter == "\\":
            at += 1
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
        at += 1
    return raw[start : at - 1 if not depth else at], at


def _has_address(words: list[str]) -> bool:
    return any("@" in word for word in words)


@lru_cache(maxsize=10_000)
def _readable_domain(domain: str) -> str:
    labels: list[str] = []
    for label in domain.split("."):
        try:
            labels.append(label.encode("ascii").decode("idna") if label.startswith("xn--") else label)
        except (UnicodeError, ValueError):
            labels.append(label)
    return ".".join(labels)
