"""Events, facts and state ↔ JSON.

The wire name of an event, a fact or a script step is its class's name in snake case, derived once; the body is the object's
fields. Durations are ISO 8601 (`PT20.5S`), instants ISO 8601 UTC, enums their values: all of which PostgreSQL can cast.

msgspec does the work wherever no union of classes is inside. Where one is (script steps, inside a configuration or a state),
a *shape* made from the class's annotations adds `"type": <wire name>` to each member of the union.

Upcasting: a body that an older build wrote is lifted by the functions in `UPCASTS`, one version at a time, before it is decoded.
"""

import dataclasses
import functools
import re
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, get_args, get_origin

import msgspec

from cordboard.core import events, facts
from cordboard.core.state import SCHEMA_VERSION, State

EVENT_VERSION = 1
"""Version of the event bodies that this build writes."""

Upcast = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTS: dict[tuple[str, int], Upcast] = {}
"""(event's wire name, version it was written with) -> what makes the next version of it."""
STATE_UPCASTS: dict[int, Upcast] = {}
"""The same for whole states, by `schema_version`."""


class Undecodable(ValueError):
    """What is stored can not be read by this build: it was written by a newer one, or is damaged."""


def wire_name(cls: type) -> str:
    """`CallArrived` -> `call_arrived`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


# -- shapes: how values of one annotation are written and read


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """`write` makes what msgspec encodes as it is; `read` makes the value again from decoded JSON."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


@functools.cache
def _shape(annotation: Any) -> Shape:
    if not _has_union(annotation):
        return Shape(_same, functools.partial(msgspec.convert, type=annotation, strict=False))
    if get_origin(annotation) in (typing.Union, types.UnionType):
        return _union_shape(annotation)
    if dataclasses.is_dataclass(annotation):
        return _class_shape(typing.cast(type, annotation))
    if issubclass(typing.cast(type, get_origin(annotation)), Mapping):
        return _mapping_shape(annotation)
    return _sequence_shape(annotation)


def _same(value: Any) -> Any:
    return value


def _as_dict(value: object) -> object:
    """For mappings that are no dict, which msgspec does not know."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} can not be stored")


_ESCAPED_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def _storable(body: bytes) -> str:
    """PostgreSQL's jsonb has no NUL character; the outside (a SIP display name) may. It becomes U+FFFD."""
    text = body.decode()
    return _ESCAPED_NUL.sub("\\1\ufffd", text) if "\\u0000" in text else text


@functools.cache
def _has_union(annotation: Any) -> bool:
    """Whether a union of several classes is anywhere inside."""
    arguments = get_args(annotation)
    if get_origin(annotation) in (typing.Union, types.UnionType):
        if sum(1 for member in arguments if dataclasses.is_dataclass(member)) > 1:
            return True
    elif dataclasses.is_dataclass(annotation):
        return any(_has_union(hint) for hint in typing.get_type_hints(annotation).values())
    return any(_has_union(argument) for argument in arguments if argument is not Ellipsis)


def _union_shape(annotation: Any) -> Shape:
    members = [member for member in get_args(annotation) if member is not type(None)]
    by_class = {member: (wire_name(member), _shape(member)) for member in members}
    by_name = dict(by_class.values())

    def write(value: Any) -> Any:
        if value is None:
            return None
        name, shape = by_class[type(value)]
        return {"type": name, **msgspec.to_builtins(shape.write(value), enc_hook=_as_dict)}

    def read(raw: Any) -> Any:
        if raw is None:
            return None
        shape = by_name.get(raw.get("type"))
        if shape is None:
            raise Undecodable(f"unknown type {raw.get('type')!r}")
        return shape.read(raw)

    return Shape(write, read) if len(members) > 1 else _optional(by_class[members[0]][1])


def _optional(shape: Shape) -> Shape:
    return Shape(
        lambda value: None if value is None else shape.write(value),
        lambda raw: None if raw is None else shape.read(raw),
    )


def _class_shape(cls: type) -> Shape:
    hints = typing.get_type_hints(cls)
    fields = [(field.name, _shape(hints[field.name])) for field in dataclasses.fields(cls)]

    def write(value: Any) -> Any:
        return {name: shape.write(getattr(value, name)) for name, shape in fields}

    def read(raw: Any) -> Any:
        return cls(**{name: shape.read(raw[name]) for name, shape in fields if name in raw})

    return Shape(write, read)


def _mapping_shape(annotation: Any) -> Shape:
    key_type, value_type = get_args(annotation)
    key, inner = _shape(key_type), _shape(value_type)
    return Shape(
        lambda value: {k: inner.write(v) for k, v in value.items()},
        lambda raw: {key.read(k): inner.read(v) for k, v in raw.items()},
    )


def _sequence_shape(annotation: Any) -> Shape:
    make = typing.cast(type, get_origin(annotation))
    inner = _shape(get_args(annotation)[0])
    return Shape(lambda value: [inner.write(v) for v in value], lambda raw: make(inner.read(v) for v in raw))


# -- one codec for each closed union


class UnionCodec:
    """Writes and reads the members of a closed union, each as (wire name, body)."""

    def __init__(self, union: Any) -> None:
        self.classes: dict[str, type] = {wire_name(member): member for member in get_args(union)}
        self._names = {cls: name for name, cls in self.classes.items()}
        self._shapes = {cls: _shape(cls) for cls in self._names if _has_union(cls)}
        self._decoders: dict[str, msgspec.json.Decoder[Any]] = {
            name: msgspec.json.Decoder(cls) for name, cls in self.classes.items() if cls not in self._shapes
        }
        self._encode = msgspec.json.Encoder(enc_hook=_as_dict).encode

    def name(self, value: object) -> str:
        return self._names[type(value)]

    def write(self, value: object) -> tuple[str, str]:
        """The wire name and the JSON body."""
        shape = self._shapes.get(type(value))
        return self._names[type(value)], _storable(
            self._encode(value if shape is None else shape.write(value))
        )

    def read(self, name: str, body: str | bytes) -> Any:
        """The value again; raises `Undecodable`."""
        cls = self.classes.get(name)
        if cls is None:
            raise Undecodable(f"unknown kind {name!r}")
        try:
            shape = self._shapes.get(cls)
            if shape is None:
                return self._decoders[name].decode(body)
            return shape.read(msgspec.json.decode(body))
        except (msgspec.MsgspecError, KeyError, TypeError, AttributeError) as error:
            raise Undecodable(f"{name}: {error}") from error


class Codec:
    """Everything that the journal and the snapshots hold. Stateless after its construction; make one."""

    def __init__(self) -> None:
        self.events = UnionCodec(events.Event)
        self.facts = UnionCodec(facts.Fact)
        self._state = _shape(State)

    def write_event(self, event: events.Event) -> tuple[str, str]:
        return self.events.write(event)

    def read_event(self, name: str, version: int, body: str) -> events.Event:
        """The event as this build knows it, whatever build wrote it."""
        if version > EVENT_VERSION:
            raise Undecodable(f"{name} was written by a newer version")
        if version < EVENT_VERSION:
            name, body = _lift(name, version, body)
        return typing.cast(events.Event, self.events.read(name, body))

    def write_fact(self, fact: facts.Fact) -> tuple[str, str]:
        return self.facts.write(fact)

    def read_fact(self, name: str, body: str) -> facts.Fact:
        return typing.cast(facts.Fact, self.facts.read(name, body))

    def write_state(self, state: State) -> bytes:
        return msgspec.json.encode(self._state.write(state), enc_hook=_as_dict)

    def read_state(self, body: bytes) -> State:
        try:
            raw = msgspec.json.decode(body)
            while raw["schema_version"] < SCHEMA_VERSION:
                raw = STATE_UPCASTS[raw["schema_version"]](raw)
            if raw["schema_version"] > SCHEMA_VERSION:
                raise Undecodable("the snapshot was written by a newer version")
            return typing.cast(State, self._state.read(raw))
        except (msgspec.MsgspecError, KeyError, TypeError, AttributeError) as error:
            raise Undecodable(f"snapshot: {error}") from error


def _lift(name: str, version: int, body: str) -> tuple[str, str]:
    raw = msgspec.json.decode(body)
    for step in range(version, EVENT_VERSION):
        upcast = UPCASTS.get((name, step))
        raw = raw if upcast is None else upcast(raw)
        name = raw.pop("type", name)
    return name, msgspec.json.encode(raw).decode()
