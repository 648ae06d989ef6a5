"""Frozen dataclasses that are as quick to make as the core needs them: a call is some fifty commands and facts.

`dataclass(frozen=True)` sets each field through `object.__setattr__`, looked up anew each time, which was a fifth of the time of
deciding. `quicken` gives the classes an `__init__` with the same arguments that uses their slots' own setters instead.
"""

import dataclasses


def quicken(*classes: type) -> None:
    """For frozen, slotted dataclasses whose fields are all arguments and whose defaults are values."""
    for cls in classes:
        fields = dataclasses.fields(cls)
        names = {f"set_{field.name}": getattr(cls, field.name).__set__ for field in fields}
        arguments = []
        for field in fields:
            if field.default is dataclasses.MISSING:
                arguments.append(field.name)
            else:
                names[f"default_{field.name}"] = field.default
                arguments.append(f"{field.name}=default_{field.name}")
        body = "; ".join(f"set_{field.name}(self, {field.name})" for field in fields) or "pass"
        source = f"def __init__(self, {', '.join(arguments)}): {body}"
        exec(source, names)  # noqa: S102  # as dataclasses itself makes it
        made = names["__init__"]
        made.__annotations__ = cls.__init__.__annotations__  # type: ignore[misc]  # of the class itself
        made.__qualname__ = f"{cls.__qualname__}.__init__"
        cls.__init__ = made  # type: ignore[misc]  # this is what it is for
