"""Invitations (iCalendar, RFC 5545): a few lines that a person can read."""

import re
from datetime import UTC, datetime

FOLDED = re.compile(r"\n[ \t]")
PROPERTY = re.compile(r"([A-Za-z0-9-]{1,60})((?:;[^:;=\n]{1,60}=(?:\"[^\"\n]*\"|[^:;\n]*))*):(.*)")
ESCAPED = re.compile(r"\\([\\;,nN])")
MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?")
WORDS = {
    "en": ("Invitation", "Cancelled", "Reply", "When", "Where", "From", "repeated"),
    "fr": ("Invitation", "Annulé", "Réponse", "Quand", "Où", "De", "répété"),
    "de": ("Einladung", "Abgesagt", "Antwort", "Wann", "Wo", "Von", "wiederholt"),
    "es": ("Invitación", "Cancelado", "Respuesta", "Cuándo", "Dónde", "De", "repetido"),
}
MOST_EVENTS = 5


def method(text: str) -> str:
    """REQUEST, CANCEL, REPLY, PUBLISH …; "" when it does not say."""
    hit = re.search(r"^METHOD:\s*(\w+)", text[:10_000], re.MULTILINE | re.IGNORECASE)
    return hit[1].upper() if hit is not None else ""


def summary(text: str, language: str) -> str:
    """Title, time, place and organiser of each event; "" when there is none."""
    invited, cancelled, reply, when, where, who, repeated = WORDS.get(language[:2], WORDS["en"])
    how = {"CANCEL": cancelled, "REPLY": reply}.get(method(text), invited)
    told: list[str] = []
    for event in _events(text[:200_000]):
        lines = [f"{how}: {_plain(event.get('SUMMARY', ('', ''))[1])}".rstrip(": ")]
        start, end = _moment(event.get("DTSTART")), _moment(event.get("DTEND"))
        if start:
            lines.append(
                f"{when}: {start}"
                + (f" – {end}" if end else "")
                + (f" ({repeated})" if "RRULE" in event else "")
            )
        place = _plain(event.get("LOCATION", ("", ""))[1])
        if place:
            lines.append(f"{where}: {place}")
        organiser = event.get("ORGANIZER", ("", ""))
        named = re.search(r";CN=\"?([^\";:]+)", organiser[0], re.IGNORECASE)
        address = re.sub(r"^mailto:", "", organiser[1], flags=re.IGNORECASE)
        if address:
            lines.append(f"{who}: {named[1]} <{address}>" if named is not None else f"{who}: {address}")
        told.append("\n".join(lines))
    return "\n\n".join(told)


def _events(text: str) -> list[dict[str, tuple[str, str]]]:
    found: list[dict[str, tuple[str, str]]] = []
    inside = False
    for line in FOLDED.sub("", text).split("\n"):
        hit = PROPERTY.fullmatch(line.strip())
        if hit is None:
            continue
        name, value = hit[1].upper(), hit[3].strip()
        if name == "BEGIN" and value.upper() == "VEVENT":
            if len(found) == MOST_EVENTS:
                break
            found.append({})
            inside = True
        elif name in ("BEGIN", "END"):
            inside = inside and value.upper() != "VEVENT"
            if name == "BEGIN" and value.upper() == "VALARM":
                inside = False
        elif inside:
            found[-1].setdefault(name, (hit[2], value))
    return found


def _plain(value: str) -> str:
    return ESCAPED.sub(lambda hit: " " if hit[1] in "nN" else hit[1], value).strip()[:500]


def _moment(told: tuple[str, str] | None) -> str:
    hit = MOMENT.match(told[1]) if told is not None else None
    if told is None or hit is None:
        return ""
    year, month, day, hour, minute, _, zulu = hit.groups()
    try:
        moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), tzinfo=UTC)
    except ValueError:
        return ""
    if hour is None:
        return moment.strftime("%Y-%m-%d")
    zone = re.search(r"TZID=\"?([^\";:]+)", told[0], re.IGNORECASE)
    return moment.strftime("%Y-%m-%d %H:%M") + (
        " UTC" if zulu else f" ({zone[1]})" if zone is not None else ""
    )
