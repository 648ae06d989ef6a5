"""The Date header: RFC 5322, and what else is sent as one. A date is aware; without a zone it is UTC."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?\s*(Z|[+-]\d{2}:?\d{2})?"
)
COMMENT = re.compile(r"\([^()]*\)")
DOTS = re.compile(r"(?<=\d)\.(?=\d\d\b)")
MONTHS = {
    "janvier": "Jan", "janv": "Jan", "januar": "Jan", "enero": "Jan", "ene": "Jan", "jän": "Jan",
    "février": "Feb", "févr": "Feb", "fév": "Feb", "februar": "Feb", "febrero": "Feb",
    "mars": "Mar", "märz": "Mar", "mär": "Mar", "mrz": "Mar", "marzo": "Mar",
    "avril": "Apr", "avr": "Apr", "abril": "Apr", "abr": "Apr", "mai": "May", "mayo": "May",
    "juin": "Jun", "juni": "Jun", "junio": "Jun", "juillet": "Jul", "juil": "Jul", "juli": "Jul", "julio": "Jul",
    "août": "Aug", "aoû": "Aug", "agosto": "Aug", "ago": "Aug", "septembre": "Sep", "septiembre": "Sep",
    "octobre": "Oct", "oktober": "Oct", "okt": "Oct", "octubre": "Oct", "novembre": "Nov", "noviembre": "Nov",
    "décembre": "Dec", "déc": "Dec", "dezember": "Dec", "dez": "Dec", "diciembre": "Dec", "dic": "Dec",
}  # fmt: skip
WORD = re.compile(r"[^\W\d_]+\.?")
DAY = re.compile(r"^\s*[^\W\d_]+\.?,?\s+(?=\d)")
EARLIEST = 1970


def read(text: str) -> tuple[datetime | None, str]:
    """The moment, and what had to be mended; None when nothing can be made of it."""
    text = text.strip()[:200]
    if not text:
        return None, "date-missing"
    found = _standard(text)
    if found is not None:
        return found, ""
    plain = DAY.sub("", COMMENT.sub(" ", text))
    found = _iso(plain) or _standard(DOTS.sub(":", WORD.sub(_month, plain)))
    return found, "date-broken"


def _month(word: re.Match[str]) -> str:
    bare = word[0].rstrip(".")
    return MONTHS.get(bare.lower(), bare)


def _standard(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
    return _in_reason(found)


def _iso(text: str) -> datetime | None:
    hit = ISO.search(text)
    if hit is None:
        return None
    year, month, day, hour, minute, second, zone = hit.groups()
    try:
        found = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC
        )
    except ValueError:
        return None
    if zone and zone != "Z":
        away = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        found = found - away if zone[0] == "+" else found + away
    return _in_reason(found)


def _in_reason(found: datetime) -> datetime | None:
    """Within what can be stored and counted with, in UTC."""
    try:
        aware = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return aware if EARLIEST <= aware.year <= 2200 else None
