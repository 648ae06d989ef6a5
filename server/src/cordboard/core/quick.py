"""Frozen dataclasses that are as quick to make as the core needs them: a call is some fifty commands and facts.

`dataclass(frozen=True)` sets each field through `object.__setattr__`, looked up anew each time: a tenth of the time of
deciding. `quicken` gives the classes an `__init__` with the same arguments that uses their slots' own setters instead.
Nothing else changes: they are as frozen, comparable, copied and stored as before.
"""

import dataclasses
from collections.abc import Callable


def quicken(*classes: type) -> None:
    """For frozen, slotted dataclasses. One that is more than fields and values by default is left as it is."""
    for cls in classes:
        if _is_plain(cls):
            cls.__init__ = _quick_init(cls)  # type: ignore[misc]  # this is what it is for


def _is_plain(cls: type) -> bool:
    return not hasattr(cls, "__post_init__") and all(
        field.init and not field.kw_only and field.default_factory is dataclasses.MISSING
        for field in dataclasses.fields(cls)
    )


def _quick_init(cls: type) -> Callable[..., None]:
    """Made from source, as `dataclasses` makes its own."""
    names: dict[str, object] = {}
    arguments, settings = ["self"], []
    for field in dataclasses.fields(cls):
        names[f"set_{field.name}"] = getattr(cls, field.name).__set__
        settings.append(f"set_{field.name}(self, {field.name})")
        if field.default is dataclasses.MISSING:
            arguments.append(field.name)
        else:
            names[f"default_{field.name}"] = field.default
            arguments.append(f"{field.name}=default_{field.name}")
    made: dict[str, Callable[..., None]] = {}
    exec(f"def __init__({', '.join(arguments)}): {'; '.join(settings) or 'pass'}", names, made)  # noqa: S102
    init = made["__init__"]
    init.__annotations__ = cls.__init__.__annotations__  # type: ignore[misc]  # of the class itself
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__module__ = cls.__module__
    return init
