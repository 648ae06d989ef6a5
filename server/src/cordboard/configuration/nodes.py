"""A YAML text as nodes that know where they stand. Scalars stay as written: their meaning is the schema's business.

So `+33199001234` keeps its plus, `09:00` is no number and `no` is a word. Anchors, aliases and tags are refused: a
configuration that says each thing once, where it stands, is easier to review, and nothing can grow while being read.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, NodeEvent
from yaml.nodes import MappingNode, ScalarNode, SequenceNode
from yaml.nodes import Node as YamlNode

MAX_CHARACTERS = 2_000_000
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """Line and column, both from 1. `given` is False for what comes from the published document, not from the file."""

    line: int
    column: int
    given: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and what to do about it. `path` is `queues.sales.ring`, "" for the document as a whole."""

    line: int
    column: int
    path: str
    message: str


def problem_at(mark: Mark, path: str, message: str) -> Problem:
    """A problem at this place. What stands only in the published document has no line in the file: 0."""
    if mark.given:
        return Problem(mark.line, mark.column, path, message)
    return Problem(
        0, 0, path, f"{message} (This is in line {mark.line} of the published document, not in the file.)"
    )


class DocumentWrong(Exception):
    """The document can not be published; `problems` says why, in the order of its lines."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} problem(s) in the document")


@dataclass(frozen=True, slots=True)
class Scalar:
    mark: Mark
    text: str
    quoted: bool = False

    @property
    def is_null(self) -> bool:
        return not self.quoted and self.text in ("", "~", "null")


@dataclass(frozen=True, slots=True)
class Items:
    mark: Mark
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Entries:
    mark: Mark
    entries: dict[str, "Entry"]


@dataclass(frozen=True, slots=True)
class Entry:
    """`mark` is the key's."""

    mark: Mark
    node: "Node"


Node = Scalar | Items | Entries


def parse(text: str, *, given: bool = True) -> Entries:
    """The document's nodes; raises DocumentWrong where it is no YAML or uses what is refused. An empty text has no entries."""
    if len(text) > MAX_CHARACTERS:
        raise DocumentWrong(
            [Problem(1, 1, "", f"The document is longer than {MAX_CHARACTERS:,} characters.")]
        )
    try:
        _refuse_what_is_not_used(text)
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError) as error:
        raise DocumentWrong([syntax_problem(error, text)]) from error
    if root is None:
        return Entries(Mark(1, 1, given), {})
    problems: list[Problem] = []
    node = _converted(root, "", given, problems)
    if not isinstance(node, Entries):
        problems.append(Problem(1, 1, "", "A configuration starts with sections, such as `queues:`."))
    if problems:
        raise DocumentWrong(problems)
    assert isinstance(node, Entries)
    return node


def plain(node: Node) -> object:
    """The node without places, for comparing what two documents say: dict, tuple, text or None."""
    match node:
        case Scalar():
            return None if node.is_null else node.text
        case Items():
            return tuple(plain(item) for item in node.items)
        case Entries():
            return {key: plain(entry.node) for key, entry in node.entries.items()}


def child(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _refuse_what_is_not_used(text: str) -> None:
    """Anchors, aliases, tags and deep nesting, seen in the stream of events before anything is built of them."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        message = ""
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            message = (
                "Anchors (&) and aliases (*) are not used here: write the value out, or put quotes around it."
            )
        elif getattr(event, "tag", None) not in (None, "!"):
            message = "Tags (!) are not used here: put quotes around the value."
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > MAX_DEPTH:
            message = "This is nested too deeply."
        if message:
            place = event.start_mark
            line, column = (place.line + 1, place.column + 1) if place is not None else (1, 1)
            raise DocumentWrong([Problem(line, column, "", message)])


def _converted(node: YamlNode, path: str, given: bool, problems: list[Problem]) -> Node:
    mark = Mark(node.start_mark.line + 1, node.start_mark.column + 1, given)
    if isinstance(node, ScalarNode):
        return Scalar(mark, str(node.value), quoted=bool(node.style))
    if isinstance(node, SequenceNode):
        items = [
            _converted(item, f"{path}[{index}]", given, problems) for index, item in enumerate(node.value, 1)
        ]
        return Items(mark, tuple(items))
    assert isinstance(node, MappingNode)
    return Entries(mark, dict(_entries(node, path, given, problems)))


def _entries(
    node: MappingNode, path: str, given: bool, problems: list[Problem]
) -> Iterator[tuple[str, Entry]]:
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        place = Mark(key_node.start_mark.line + 1, key_node.start_mark.column + 1, given)
        if not isinstance(key_node, ScalarNode):
            problems.append(
                Problem(
                    place.line, place.column, path, "A key must be a single word, not a list or a mapping."
                )
            )
            continue
        key = str(key_node.value)
        if key in seen:
            message = f"{key!r} is here twice (first in line {seen[key]}): keep one of them."
            problems.append(Problem(place.line, place.column, child(path, key), message))
            continue
        seen[key] = place.line
        yield key, Entry(place, _converted(value_node, child(path, key), given, problems))


def syntax_problem(error: Exception, text: str) -> Problem:
    """What a YAML library says about a text, with its place if it tells one; the end counts as the last line's."""
    place = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (place.line + 1, place.column + 1) if place is not None else (1, 1)
    lines = text.splitlines()
    if lines and line > len(lines):
        line, column = len(lines), len(lines[-1]) + 1
    parts = [getattr(error, name, None) for name in ("context", "problem")]
    what = " ".join(str(part) for part in parts if part) or str(error).splitlines()[0]
    if "cannot start any token" in what:
        what += "; indent with spaces, not with tabs, and put quotes around words that start with a sign"
    return Problem(line, column, "", f"This is no YAML: {what}.")
