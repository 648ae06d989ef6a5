"""Shapes: how a node becomes a value, and what is said when it can not. A shape is a function `(Reading, Node, path) → value`.

Durations are `20s`, `2m`, `1h30m` or plain seconds; clock times `09:00`; days `2026-12-25`; numbers are telephone numbers in any
form that their country knows. Wrong values raise `Wrong`, which the record that is being read turns into a `Problem`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from cordboard import numbers
from cordboard.configuration.nodes import Entries, Items, Mark, Node, Problem, Scalar, child, problem_at

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
MAX_TEXT = 2_000
_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?:in)?)?(?:(\d+(?:\.\d+)?)s)?")
_TIMES = re.compile(r"(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})")


class Wrong(Exception):
    """This node's value is not what belongs here."""

    def __init__(self, mark: Mark, message: str, path: str = "") -> None:
        self.mark = mark
        self.path = path
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Reference:
    """A name of something in another section, to be looked up when all has been read."""

    section: str
    key: str
    mark: Mark
    path: str


@dataclass(slots=True)
class Reading:
    """One reading of a document: what went wrong, and what was referred to."""

    country: str = "FR"  # how numbers without + are read
    problems: list[Problem] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    marks: dict[str, Mark] = field(default_factory=dict)  # path -> place of its key
    removed: dict[str, Mark] = field(default_factory=dict)  # path -> where the file says null

    def wrong(self, mark: Mark, path: str, message: str) -> None:
        self.problems.append(problem_at(mark, path, message))


Shape = Callable[[Reading, Node, str], T]


def did_you_mean(word: str, there: Mapping[str, object] | tuple[str, ...] | list[str]) -> str:
    """ " Did you mean 'x'?" for a near miss, else what there is."""
    close = get_close_matches(word, list(there), n=1, cutoff=0.6)
    if close:
        return f" Did you mean {close[0]!r}?"
    if 0 < len(there) <= 12:
        return f" There is {', '.join(there)}."
    return ""


def scalar(node: Node, what: str) -> str:
    """The text of a single value."""
    if not isinstance(node, Scalar):
        kind = "a list" if isinstance(node, Items) else "a mapping"
        raise Wrong(node.mark, f"Here belongs {what}, not {kind}.")
    if node.is_null:
        raise Wrong(node.mark, f"Here belongs {what}, but there is nothing.")
    return node.text


def text(reading: Reading, node: Node, path: str) -> str:
    value = scalar(node, "a text").strip()
    if len(value) > MAX_TEXT:
        raise Wrong(node.mark, f"This text has {len(value)} characters; at most {MAX_TEXT} are allowed.")
    return value


def key(reading: Reading, node: Node, path: str) -> str:
    value = scalar(node, "a key")
    checked_key(value, node.mark)
    return value


def checked_key(value: str, mark: Mark) -> str:
    if not KEY.fullmatch(value):
        raise Wrong(
            mark,
            f"{value!r} is no key: use small letters, digits, - and _, at most 40, such as `first-line`.",
        )
    return value


def boolean(reading: Reading, node: Node, path: str) -> bool:
    value = scalar(node, "yes or no").lower()
    if value in ("yes", "true", "on"):
        return True
    if value in ("no", "false", "off"):
        return False
    raise Wrong(node.mark, f"{value!r} is neither yes nor no.")


def integer(least: int, most: int) -> Shape[int]:
    def read(reading: Reading, node: Node, path: str) -> int:
        value = scalar(node, "a whole number")
        if not re.fullmatch(r"[+-]?\d{1,9}", value) or not least <= int(value) <= most:
            raise Wrong(node.mark, f"{value!r} is no whole number from {least} to {most}.")
        return int(value)

    return read


def duration(least: timedelta = timedelta(), most: timedelta = timedelta(hours=24)) -> Shape[timedelta]:
    def read(reading: Reading, node: Node, path: str) -> timedelta:
        value = scalar(node, "a duration")
        written = value.replace(" ", "").lower()
        if re.fullmatch(r"\d+(\.\d+)?", written):
            written += "s"
        found = _DURATION.fullmatch(written)
        if found is None or not written:
            raise Wrong(node.mark, f"{value!r} is no duration: write 20s, 2m, 1h30m or plain seconds.")
        hours, minutes, seconds = (float(part or 0) for part in found.groups())
        try:
            lasts = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        except OverflowError:
            lasts = timedelta.max
        if not least <= lasts <= most:
            raise Wrong(
                node.mark, f"{value!r} is out of range: {shown_duration(least)} to {shown_duration(most)}."
            )
        return lasts

    return read


def shown_duration(value: timedelta) -> str:
    """As a person says it: `20 s`, `2 min`, `1 h 30 min`."""
    seconds = value.total_seconds()
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    parts = [
        f"{hours:g} h" if hours else "",
        f"{minutes:g} min" if minutes else "",
        f"{rest:g} s" if rest else "",
    ]
    return " ".join(part for part in parts if part) or "0 s"


def choice(words: type[E]) -> Shape[E]:
    def read(reading: Reading, node: Node, path: str) -> E:
        value = scalar(node, "a word")
        try:
            return words(value)
        except ValueError:
            names = [word.value for word in words]
            raise Wrong(node.mark, f"{value!r} is not possible here.{did_you_mean(value, names)}") from None

    return read


def reference(section: str) -> Shape[str]:
    """A key of another section; whether it is there is checked when everything has been read."""

    def read(reading: Reading, node: Node, path: str) -> str:
        value = scalar(node, f"a key of `{section}`")
        reading.references.append(Reference(section, value, node.mark, path))
        return value

    return read


def list_of(shape: Shape[T], *, single: bool = True) -> Shape[tuple[T, ...]]:
    """A list; with `single` one value may stand alone. Every wrong item is a problem of its own."""

    def read(reading: Reading, node: Node, path: str) -> tuple[T, ...]:
        if isinstance(node, Scalar) and node.is_null:
            return ()
        if single and isinstance(node, Scalar):
            return (shape(reading, node, path),)
        if not isinstance(node, Items):
            raise Wrong(node.mark, "Here belongs a list, such as `[first, second]`.")
        values: list[T] = []
        for index, item in enumerate(node.items, 1):
            with_path = f"{path}[{index}]"
            reading.marks[with_path] = item.mark
            try:
                value = shape(reading, item, with_path)
            except Wrong as wrong:
                reading.wrong(wrong.mark, wrong.path or with_path, str(wrong))
                continue
            if value in values:
                reading.wrong(item.mark, with_path, "This is in the list twice: keep one.")
            else:
                values.append(value)
        return tuple(values)

    return read


def mapping_of(shape: Shape[T], read_key: Callable[[Reading, str, Mark, str], str]) -> Shape[dict[str, T]]:
    """A mapping of keys, as `read_key` takes them, to values."""

    def read(reading: Reading, node: Node, path: str) -> dict[str, T]:
        if isinstance(node, Scalar) and node.is_null:
            return {}
        if not isinstance(node, Entries):
            raise Wrong(node.mark, "Here belongs a mapping, such as `{french: 3}`.")
        values: dict[str, T] = {}
        for name, entry in node.entries.items():
            with_path = child(path, name)
            reading.marks[with_path] = entry.mark
            try:
                values[read_key(reading, name, entry.mark, with_path)] = shape(reading, entry.node, with_path)
            except Wrong as wrong:
                reading.wrong(wrong.mark, wrong.path or with_path, str(wrong))
        return values

    return read


def referred_key(section: str) -> Callable[[Reading, str, Mark, str], str]:
    """Keys that name entries of another section."""

    def read(reading: Reading, name: str, mark: Mark, path: str) -> str:
        reading.references.append(Reference(section, name, mark, path))
        return name

    return read


def word_key(words: type[E]) -> Callable[[Reading, str, Mark, str], str]:
    """Keys out of a closed set."""

    def read(reading: Reading, name: str, mark: Mark, path: str) -> str:
        names = [word.value for word in words]
        if name not in names:
            raise Wrong(mark, f"{name!r} is not possible here.{did_you_mean(name, names)}")
        return words(name)

    return read


def language_key(reading: Reading, name: str, mark: Mark, path: str) -> str:
    return _checked_language(name, mark)


def file_name(reading: Reading, name: str, mark: Mark, path: str) -> str:
    """A key that is the name of a file, as it is shown to who gets it."""
    if not re.fullmatch(r"[^/\\\x00-\x1f]{1,120}", name):
        raise Wrong(mark, f"{name!r} is no name of a file: leave out / and \\.")
    return name


def language(reading: Reading, node: Node, path: str) -> str:
    return _checked_language(scalar(node, "a language"), node.mark)


def _checked_language(value: str, mark: Mark) -> str:
    if not re.fullmatch(r"[a-z]{2}", value):
        raise Wrong(mark, f"{value!r} is no language: write its two letters, such as `en` or `fr`.")
    return value


def country(reading: Reading, node: Node, path: str) -> str:
    value = scalar(node, "a country")
    if not numbers.is_country(value):
        raise Wrong(
            node.mark, f"{value!r} is no country: write its two capital letters, such as `FR` or `GB`."
        )
    return value


def time_zone(reading: Reading, node: Node, path: str) -> str:
    value = scalar(node, "a time zone")
    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError):
        raise Wrong(node.mark, f"{value!r} is no time zone: write it as `Europe/Paris`.") from None
    return value


def number(reading: Reading, node: Node, path: str) -> str:
    """A telephone number, as E.164."""
    value = scalar(node, "a telephone number")
    found = numbers.normalise(value, reading.country)
    if found is None:
        raise Wrong(
            node.mark, f"{value!r} is no telephone number: write it with its country, as +33 1 99 00 12 34."
        )
    return found


def prefix(reading: Reading, node: Node, path: str) -> str:
    value = scalar(node, "a prefix").replace(" ", "")
    if not re.fullmatch(r"\+\d{0,14}", value):
        raise Wrong(node.mark, f"{value!r} is no prefix: write it with its country, as `+33` or `+3389`.")
    return value


def digits(most: int) -> Shape[str]:
    def read(reading: Reading, node: Node, path: str) -> str:
        value = scalar(node, "digits")
        if not re.fullmatch(rf"\d{{1,{most}}}", value):
            raise Wrong(node.mark, f"{value!r} is not made of 1 to {most} digits.")
        return value

    return read


def email(reading: Reading, node: Node, path: str) -> str:
    value = scalar(node, "an email address")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", value):
        raise Wrong(node.mark, f"{value!r} is no email address.")
    return value


def login_name(reading: Reading, node: Node, path: str) -> str:
    value = scalar(node, "a login").lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9._@+-]{0,79}", value):
        raise Wrong(node.mark, f"{value!r} is no login: use letters, digits and . _ @ + -, no spaces.")
    return value


def website(reading: Reading, node: Node, path: str) -> str:
    value = scalar(node, "an address of a page")
    if not re.match(r"https?://[^/\s]+", value) or re.search(r"\s", value):
        raise Wrong(node.mark, f"{value!r} is no address of a page: start it with https://.")
    return value


def sound_name(reading: Reading, node: Node, path: str) -> str:
    value = scalar(node, "the name of a sound")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*){0,3}", value):
        raise Wrong(
            node.mark, f"{value!r} is no name of a sound: write it as `en/retail-welcome`, without an ending."
        )
    return value


def day(value: str, mark: Mark) -> date:
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise Wrong(mark, f"{value!r} is no day: write it as 2026-12-25.") from None


def clock_times(value: str, mark: Mark) -> list[tuple[time, time]]:
    """`09:00-12:00, 14:00-18:00`; midnight at the end is 00:00 or 24:00."""
    spans: list[tuple[time, time]] = []
    for part in value.split(","):
        found = _TIMES.fullmatch(part.strip())
        if found is None:
            raise Wrong(mark, f"{part.strip()!r} are no hours: write them as 09:00-18:00.")
        try:
            opens = time.fromisoformat(found.group(1).zfill(5))
            closes = time() if found.group(2) == "24:00" else time.fromisoformat(found.group(2).zfill(5))
        except ValueError:
            raise Wrong(mark, f"{part.strip()!r} are no hours: a day goes from 00:00 to 24:00.") from None
        spans.append((opens, closes))
    return spans
