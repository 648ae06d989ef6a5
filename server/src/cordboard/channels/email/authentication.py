"""What the mail server in front of us found out about a sender (Authentication-Results, RFC 8601). We compute nothing of our own.

Only the topmost of these headers counts, and only when it carries the name of the filter that the settings trust: anybody can write
the others. The filter has to remove those that claim its name (RFC 8601, 5), as all of them do. Pure.
"""

import re

VERIFIED, FAILED = "verified", "failed"
_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"^\s*(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.IGNORECASE)
_DOMAINS = {
    "dkim": re.compile(r"\bheader\.(?:d|i)\s*=\s*\"?@?(?:[^\s;\"@]*@)?([^\s;\"]+)", re.IGNORECASE),
    "spf": re.compile(r"\bsmtp\.(?:mailfrom|helo)\s*=\s*\"?(?:[^\s;\"@]*@)?([^\s;\"]+)", re.IGNORECASE),
}
_REFUSED = ("fail", "softfail", "permerror")


def verdict(header: str, trusted: str, sender: str) -> str:
    """`verified`: the domain of the From address stands behind the mail; `failed`: it does not; "": nothing certain is said."""
    if not header or not trusted:
        return ""
    plain = header
    while _COMMENT.search(plain):
        plain = _COMMENT.sub(" ", plain)
    name, *results = plain.split(";")
    if name.split()[:1] != [trusted] and name.strip().lower().split()[:1] != [trusted.lower()]:
        return ""
    domain = sender.rpartition("@")[2].lower()
    found = [(match[1].lower(), match[2].lower(), one) for one in results if (match := _RESULT.match(one))]
    policy = [result for method, result, _ in found if method == "dmarc"]
    if "pass" in policy or "fail" in policy:
        return VERIFIED if "pass" in policy else FAILED
    for method, result, one in found:
        named = _DOMAINS[method].search(one) if method in _DOMAINS else None
        if result == "pass" and named is not None and _aligned(named[1].lower().rstrip("."), domain):
            return VERIFIED
    return FAILED if any(result in _REFUSED for _, result, _ in found) else ""


def _aligned(one: str, other: str) -> bool:
    return bool(one and other) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))
