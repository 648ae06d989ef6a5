"""Absent is not delete: a document that is applied is merged into the published one.

- A section or an entry that the file does not mention stays; so does a field of an entry that it mentions.
- A field that it gives replaces the whole old value, also where that is a list or a mapping (`choices`, `skills`, `steps`).
- `null` removes: `queues: {sales: null}` the queue, `ring: null` the field, which then has its default. Removing what is not
  there is no error, so the same file can be applied twice.

The text keeps its comments and its order: a file that says everything becomes the published text as it is, any other is
written into the published text.
"""

from io import StringIO
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from cordboard.configuration.nodes import (
    DocumentWrong,
    Entries,
    Entry,
    Mark,
    Node,
    Scalar,
    parse,
    plain,
    syntax_problem,
)

SINGLE_SECTIONS = ("customer", "seats", "dial_plan", "times")
"""Sections that are one entry; all others hold entries by their keys."""


def merged(published: Entries, given: Entries) -> Entries:
    """The whole document as it would be published; nodes keep the places of the text that they come from."""
    sections = dict(published.entries)
    for name, entry in given.entries.items():
        if _is_null(entry.node):
            continue
        old = sections.get(name)
        depth = 1 if name in SINGLE_SECTIONS else 2
        sections[name] = Entry(entry.mark, _overlaid(old.node if old else None, entry.node, depth))
    return Entries(given.mark, sections)


def removals(given: Entries) -> dict[str, Mark]:
    """Where the file removes whole entries: `queues.sales` → the place of its null."""
    return {
        f"{name}.{key}": entry.mark
        for name, section in given.entries.items()
        if name not in SINGLE_SECTIONS and isinstance(section.node, Entries)
        for key, entry in section.node.entries.items()
        if _is_null(entry.node)
    }


def merged_text(published_text: str, given_text: str) -> str:
    """The text of the merged document, with comments and order; raises DocumentWrong where a text does not parse."""
    if published_text == given_text:
        return given_text
    published, given = parse(published_text, given=False), parse(given_text)
    whole = plain(merged(published, given))
    if whole == plain(published) and whole != plain(given):
        return published_text
    if whole == plain(given):
        return given_text
    says_everything = whole == plain(_without_nulls(given))
    base = "" if says_everything else published_text
    for quoted in (False, True):
        try:
            text = _edited(base, given_text, quoted=quoted)
        except YAMLError as error:  # the reader that keeps comments is a little stricter
            raise DocumentWrong([syntax_problem(error, given_text)]) from error
        if _says(text, whole):
            return text
    raise AssertionError("the merged text does not say what the merged document says")


def _says(text: str, whole: object) -> bool:
    try:
        return plain(parse(text)) == whole
    except DocumentWrong:
        return False


def _overlaid(old: Node | None, new: Node, depth: int) -> Node:
    if depth == 0 or not isinstance(new, Entries):
        return new
    kept = dict(old.entries) if isinstance(old, Entries) else {}
    for key, entry in new.entries.items():
        if _is_null(entry.node):
            kept.pop(key, None)
        else:
            before = kept.get(key)
            kept[key] = Entry(entry.mark, _overlaid(before.node if before else None, entry.node, depth - 1))
    return Entries(new.mark, kept)


def _without_nulls(given: Entries) -> Entries:
    return merged(Entries(given.mark, {}), given)


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_null


# -- the same on the text, comments and all


class _AsWritten(VersionedResolver):
    """Reads every plain scalar but null as text, so that writing gives it back as it was."""

    @property
    def versioned_resolver(self) -> Any:
        return _ONLY_NULL


_ONLY_NULL = {
    first: [(tag, pattern) for tag, pattern in rules if tag.endswith(":null")]
    for first, rules in cast(
        "dict[Any, list[tuple[str, Any]]]", VersionedResolver(loader=None).versioned_resolver
    ).items()
}


def _round_trip() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Resolver = _AsWritten
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _edited(published_text: str, given_text: str, *, quoted: bool) -> str:
    """`quoted` puts quotes around every word of the file, for the rare ones that can not stand plain in their new place."""
    yaml = _round_trip()
    given = yaml.load(given_text)
    if quoted:
        _quote(given)
    target = yaml.load(published_text) if published_text else None
    if target is None:
        target = given
        for name in [name for name, section in given.items() if section is None]:
            del target[name]
        for name, section in target.items():
            _drop_nulls(section, 1 if name in SINGLE_SECTIONS else 2)
    else:
        for name, section in given.items():
            if section is None:
                continue
            if (
                name in target
                and isinstance(target[name], CommentedMap)
                and isinstance(section, CommentedMap)
            ):
                _overlay(target[name], section, 1 if name in SINGLE_SECTIONS else 2)
            else:
                _drop_nulls(section, 1 if name in SINGLE_SECTIONS else 2)
                target[name] = section
    out = StringIO()
    yaml.dump(target, out)
    return out.getvalue()


def _overlay(old: CommentedMap, new: CommentedMap, depth: int) -> None:
    for key, value in new.items():
        if value is None:
            old.pop(key, None)
        elif depth > 1 and isinstance(value, CommentedMap):
            if isinstance(old.get(key), CommentedMap):
                _overlay(old[key], value, depth - 1)
            else:
                _drop_nulls(value, depth - 1)
                old[key] = value
        else:
            old[key] = value


def _quote(node: object) -> None:
    pairs: list[tuple[Any, object]] = []
    if isinstance(node, CommentedMap):
        pairs = list(node.items())
    elif isinstance(node, CommentedSeq):
        pairs = list(enumerate(node))
    for key, value in pairs:
        if type(value) is str:
            node[key] = DoubleQuotedScalarString(value)  # type: ignore[index]  # a map or a list, as above
        else:
            _quote(value)


def _drop_nulls(section: object, depth: int) -> None:
    if not isinstance(section, CommentedMap) or depth == 0:
        return
    for key in [key for key, value in section.items() if value is None]:
        del section[key]
    for value in section.values():
        _drop_nulls(value, depth - 1)
