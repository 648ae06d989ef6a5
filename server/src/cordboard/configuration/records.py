"""Records: an entry's fields, each with its shape, its default and the words that a plan uses for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cordboard.configuration.nodes import Entries, Mark, Node, Scalar, child
from cordboard.configuration.shapes import Reading, Shape, Wrong, did_you_mean


@dataclass(frozen=True, slots=True)
class Field:
    """`name` in the document, `attribute` of what is built (default: the same name), `title` in a plan's sentences."""

    name: str
    shape: Shape[Any]
    title: str
    attribute: str = ""
    required: bool = False

    @property
    def target(self) -> str:
        return self.attribute or self.name


@dataclass(frozen=True, slots=True)
class Record:
    """How an entry is read. `build` gets the attributes that the document gives; the others keep their defaults.

    `short`: the field that a single value in the entry's place stands for (`skills: {french: French}`).
    """

    fields: tuple[Field, ...]
    build: Callable[..., Any]
    short: str = ""

    def read(self, reading: Reading, node: Node, path: str, **fixed: object) -> Any:
        """What `build` makes of the entry; None when a problem was found in it (and noted)."""
        given = self.attributes(reading, node, path)
        return None if given is None else self.build(**{**fixed, **given})

    def attributes(self, reading: Reading, node: Node, path: str) -> dict[str, object] | None:
        """The attributes that the entry gives, or None when one of them is wrong or missing."""
        before = len(reading.problems)
        entries = self._entries(reading, node, path)
        if entries is None:
            return None
        given: dict[str, object] = {}
        named = {field.name: field for field in self.fields}
        for name, (mark, value) in entries.items():
            with_path = child(path, name)
            reading.marks[with_path] = mark
            field = named.get(name)
            if field is None:
                reading.wrong(mark, with_path, f"{name!r} is not known here.{did_you_mean(name, named)}")
                continue
            try:
                given[field.target] = field.shape(reading, value, with_path)
            except Wrong as wrong:
                reading.wrong(wrong.mark, wrong.path or with_path, str(wrong))
        for field in self.fields:
            if field.required and field.name not in entries:
                reading.wrong(node.mark, path, f"`{field.name}` is missing here: {field.title}.")
        return given if len(reading.problems) == before else None

    def _entries(self, reading: Reading, node: Node, path: str) -> Mapping[str, tuple[Mark, Node]] | None:
        if isinstance(node, Entries):
            return {
                name: (entry.mark, entry.node)
                for name, entry in node.entries.items()
                if not (isinstance(entry.node, Scalar) and entry.node.is_null)
            }
        if isinstance(node, Scalar) and node.is_null:
            return {}
        if isinstance(node, Scalar) and self.short:
            return {self.short: (node.mark, node)}
        names = ", ".join(field.name for field in self.fields)
        reading.wrong(node.mark, path, f"Here belongs a mapping with some of: {names}.")
        return None
