"""Divides a text into what is new, what is quoted and the signature.

Found are: "On … wrote:" in the languages that our end-customers' programs speak, the header blocks and separators of Outlook and
its like, forwarded messages, lines that begin with ">", "-- " and what telephones add. Where a quote stands between new lines
(answers between the lines) nothing is cut: leaving too much is better than hiding what somebody wrote.
"""

import re
from typing import NamedTuple

LOOKED_AT = 4_000
"""Lines of a text that are read."""

WROTE = re.compile(
    r"""^[>\s*_]*(?:
      (?:On|Le|Am|El|Il|Op|Den|Em|W\ dniu|Dne|Dnia|Pada)\b.{3,250}?
        \b(?:wrote|a\ écrit|a\ ecrit|schrieb.{0,150}|escribió|escribio|ha\ scritto|schreef.{0,150}|het\ volgende\ geschreven|geschreven
            |skrev.{0,150}|escreveu|napisał\(?a?\)?|napsal\(?a?\)?|menulis)\s?\xa0?:
    | .{3,250}?\b(?:wrote|a\ écrit|schrieb|escribió|ha\ scritto|schreef|escreveu|написал(?:\(а\))?|пишет)\s?\xa0?:
    | \d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b.{0,120}<[^<>\s]+@[^<>\s]+>\s?:
    | (?:Von|From|De)\s.{2,120}\s(?:am|on|le|el)\s.{4,60}(?:schrieb|wrote|a\ écrit|escribió)\s?:
    )\s*[*_]*\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
WROTE_START = re.compile(r"^[>\s*_]*(?:On|Le|Am|El|Il|Op|Den|Em|W dniu|Dne|Dnia)\b.{3,}", re.IGNORECASE)
DATED = re.compile(r"\d{1,4}[-/.:]\d{1,2}|\b(?:19|20)\d\d\b|@")
SEPARATOR = re.compile(
    r"""^[>\s*]*(?:
      [-_=]{2,}\s*(?:original\ (?:message|appointment)|message\ d['’]origine|message\ original|ursprüngliche\ nachricht|mensaje\ original
        |messaggio\ originale|mensagem\ original|oorspronkelijk\ bericht|forwarded\ message|message\ transféré|message\ transmis
        |weitergeleitete\ nachricht|mensaje\ reenviado|messaggio\ inoltrato|mensagem\ encaminhada|doorgestuurd\ bericht|reply\ message
        |réponse|antwort|original\ mail|e-mail\ d['’]origine)\s*[-_=]{2,}
    | (?:begin\ forwarded\ message|début\ du\ message\ (?:réexpédié|transféré)|anfang\ der\ weitergeleiteten\ (?:e-mail|nachricht)
        |inicio\ del\ mensaje\ reenviado|inizio\ messaggio\ inoltrato)\s?:
    | _{20,}
    )\s*\*?$""",
    re.VERBOSE | re.IGNORECASE,
)
HEADING = re.compile(
    r"""^[>\s*_]*(?:(?P<who>from|de|von|da|van|från|fra|od|от|expéditeur|remitente|absender)
      |(?P<when>sent|date|envoyé|envoyé\ le|gesendet|datum|enviado|enviado\ el|fecha|inviato|data|verzonden|skickat|дата)
      |(?P<whom>to|à|an|para|a|aan|till|do|кому|destinataire|cc|copie|kopie|ccn|cco)
      |(?P<what>subject|objet|betreff|asunto|oggetto|assunto|onderwerp|ämne|temat|тема|sujet))\s?\xa0?[*_]*\s?:[*_]*\s*\S?.*$""",
    re.VERBOSE | re.IGNORECASE,
)
QUOTED = re.compile(r"^\s{0,3}>")
DASHES = re.compile(r"^(?:-- ?|—|––|_{3,10}|\*{3,10}|-{3,10})$")
TELEPHONE = re.compile(
    r"""^[\s>*_]*(?:
      (?:sent|get)\ (?:from|with|via|using)\ (?:my\ )?.{2,60}
    | (?:get|download)\ outlook\ for\ .{2,20}(?:<.*>)?
    | envoyé\ (?:de(?:puis)?|à\ partir\ de|via|avec)\ (?:mon\ |ma\ |l['’]).{2,60} | envoyé\ depuis\ .{2,50}
    | télécharg(?:er|ez)\ outlook\ pour\ .{2,30}
    | (?:von\ mei(?:nem|ner)\ .{2,50}\ (?:gesendet|gesandt|verschickt))
    | gesendet\ (?:von|mit|über)\ .{2,60} | diese\ nachricht\ wurde\ von\ mein.{2,60}
    | enviado\ (?:desde|de|con|do)\ (?:mi|meu|el)?\ ?.{2,60} | (?:obtener|descargar)\ outlook\ para\ .{2,20} | inviato\ da\ .{2,60}
    | verstuurd\ vanaf\ .{2,60} | verzonden\ (?:met|vanaf)\ .{2,60}
    )\s*[.!]?\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
CLOSING = re.compile(
    r"""^\s*(?:(?:kind|best|warm|many|with\ (?:kind|best)|yours)\ (?:regards|wishes|thanks|sincerely|faithfully|truly)
    |regards|best|cheers|sincerely(?:\ yours)?
    |(?:bien\ )?cordialement|(?:bien\ )?à\ (?:vous|toi)|(?:meilleures|sincères|cordiales)\ salutations
    |salutations(?:\ distinguées)?|bien\ amicalement
    |mit\ (?:freundlichen|besten|vielen)\ grü(?:ß|ss)en|(?:viele|liebe|beste|freundliche)\ grü(?:ß|ss)e|mfg
    |(?:un\ )?(?:cordial\ )?saludos?(?:\ cordiales)?|atentamente|un\ abrazo)\s*[,.!]?\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
LONGEST_SIGNATURE = 12
"""Lines."""


class Divided(NamedTuple):
    """The three parts; together they are the text, but for blank lines between them."""

    text: str
    quoted: str
    signature: str


def divide(text: str) -> Divided:
    """A clean text in its three parts."""
    lines = text.split("\n")
    start = _quote_start(lines[:LOOKED_AT])
    new, quoted = lines[:start], lines[start:]
    if not quoted or not any(line.strip() for line in new):
        # An answer below the quote; else what is new is all: a forwarded mail without a word is itself the message.
        below = _below(lines[:LOOKED_AT], lines[LOOKED_AT:])
        if below is not None:
            return below
        new, quoted = lines, []
    kept, signature = _signature(new)
    return Divided("\n".join(kept).strip(), "\n".join(quoted).strip(), "\n".join(signature).strip())


def _below(lines: list[str], rest: list[str]) -> Divided | None:
    """An answer under the quote: nothing but who wrote stands above it, and all new lines stand behind it."""
    marked = [at for at, line in enumerate(lines) if QUOTED.match(line)]
    if not marked:
        return None
    first, last = marked[0], marked[-1]
    above = " ".join(line.strip() for line in lines[:first] if line.strip())
    if above and not (len(above) < 500 and _wrote(above)):
        return None
    if any(line.strip() and not QUOTED.match(line) for line in lines[first : last + 1]):
        return None  # answered between the lines
    below = [*lines[last + 1 :], *rest]
    if not any(line.strip() for line in below):
        return None
    new, signature = _signature(below)
    if not any(line.strip() for line in new):
        return None
    return Divided("\n".join(new).strip(), "\n".join(lines[: last + 1]).strip(), "\n".join(signature).strip())


def _quote_start(lines: list[str]) -> int:
    """The line with which the quote begins; the number of lines when there is none."""
    for at, line in enumerate(lines):
        bare = line.strip()
        if not bare:
            continue
        if _begins_quote(lines, at, bare):
            return at if not _answered_between(lines, at) else len(lines)
    return _trailing_quote(lines)


def _begins_quote(lines: list[str], at: int, bare: str) -> bool:
    if len(bare) > 1_000:
        return False
    first = bare.lstrip("> *_")[:1]
    if bare[-1] in ":*_" and _wrote(bare):
        return True
    separates = (bare[0] in "-_=>*" or bare[-1] == ":") and SEPARATOR.match(bare) is not None
    if separates and (not bare.startswith("____") or _heading_block(lines, at + 1)):
        return True
    if first and WROTE_START.match(bare):
        joined = bare
        for more in lines[at + 1 : at + 4]:
            if not more.strip():
                break
            joined += " " + more.strip().lstrip("> ")
            if joined.rstrip("*_ ").endswith(":") and len(joined) < 500 and _wrote(joined):
                return True
    return ":" in bare and _heading_block(lines, at)


def _wrote(line: str) -> bool:
    return WROTE.match(line) is not None and (DATED.search(line) is not None or "<" in line)


def _heading_block(lines: list[str], at: int) -> bool:
    """Outlook's way: From, Sent, To, Subject on lines of their own, the sender among the first two."""
    kinds: list[str] = []
    for line in lines[at : at + 9]:
        if not line.strip():
            if kinds:
                break
            continue
        hit = HEADING.match(line) if len(line) < 2_000 else None
        if hit is None:
            if not kinds or len(kinds) >= 3:
                break
            continue
        kinds.append(str(hit.lastgroup))
        if len(kinds) == 1 and kinds[0] not in ("who", "when"):
            return False
    return "who" in kinds[:2] and len(set(kinds)) >= 3


def _answered_between(lines: list[str], at: int) -> bool:
    """True when new lines stand after a quoted one below: the answer is between the lines, or below."""
    seen_quote = False
    new = 0
    for line in lines[at + 1 :]:
        if QUOTED.match(line):
            seen_quote = True
        elif seen_quote and line.strip():
            if DASHES.match(line.strip()) or TELEPHONE.match(line):
                break
            new += 1
    return seen_quote and new > 0


def _trailing_quote(lines: list[str]) -> int:
    """Where the lines with ">" at the end begin, when at least two stand there together."""
    at = len(lines)
    while at > 0 and (not lines[at - 1].strip() or QUOTED.match(lines[at - 1])):
        at -= 1
    quoted = sum(1 for line in lines[at:] if QUOTED.match(line))
    if quoted < 2:
        return len(lines)
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """The new lines without the signature, and the signature."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    lines = lines[:end]
    for at in range(end - 1, max(-1, end - 30), -1):
        if _is_signature_mark(lines, at):
            return lines[:at], lines[at:]
    for at in range(end - 1, max(0, end - 6), -1):
        if len(lines[at]) < 200 and TELEPHONE.match(lines[at]):
            return lines[:at], lines[at:]
    for at in range(max(1, end - LONGEST_SIGNATURE), end):
        if (
            len(lines[at]) < 60
            and CLOSING.match(lines[at])
            and all(len(line) < 90 for line in lines[at + 1 :])
        ):
            return lines[:at], lines[at:]
    return lines, []


def _is_signature_mark(lines: list[str], at: int) -> bool:
    """The standard's own mark (RFC 3676, 4.3) wherever it stands; a line of dashes after a blank line, shortly before the end."""
    bare = lines[at].strip()
    if bare == "--":
        return True
    if at == 0 or not 0 < len(lines) - at - 1 <= LONGEST_SIGNATURE or DASHES.match(bare) is None:
        return False
    return bare in ("—", "––") or not lines[at - 1].strip()
