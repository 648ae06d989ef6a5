"""What would change, as sentences that a person can read: "Queue sales: ring time 20 s → 15 s"."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from cordboard.configuration.compiled import Document
from cordboard.configuration.mails import with_name
from cordboard.configuration.nodes import Entries, child
from cordboard.configuration.records import Field
from cordboard.configuration.schema import ENTRIES, SINGLE, WEEKDAYS
from cordboard.configuration.shapes import shown_duration
from cordboard.configuration.steps import FORMS
from cordboard.core.config import InvitationRule, MailServer, OpenHours
from cordboard.core.script.steps import ButtonCase, Case, FormField, Script, Step

_SINGLE_NAMES = {
    "customer": "Customer",
    "seats": "Seats",
    "dial_plan": "Dial plan",
    "times": "Times",
    "options": "Options",
}
_KIND_OF_STEP = {record.build: kind for kind, record in FORMS.items()}
_LONGEST = 80


class ChangeKind(StrEnum):
    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    KEEP = "keep"  # is published, but not in the file: it stays


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `before` and `after` are as shown to a person, "" where there is none."""

    path: str
    kind: ChangeKind
    before: str
    after: str
    sentence: str


def changes_between(old: Document | None, new: Document) -> list[Change]:
    """What the centre would do differently, in the order of the sections."""
    found: list[Change] = []
    before = old or Document({})
    for section, title in _SINGLE_NAMES.items():
        if section in before.sections and section in new.sections:
            found += _field_changes(
                section,
                title,
                before.sections[section][section],
                new.sections[section][section],
                SINGLE[section].fields,
            )
    for section, (title, record) in ENTRIES.items():
        found += _entry_changes(section, title, before.of(section), new.of(section), record.fields)
    return found


def kept(published: Entries, given: Entries) -> list[Change]:
    """What is published and not mentioned in the file, so that nobody believes it removed."""
    absent = [name for name in published.entries if name not in given.entries]
    found = []
    if absent:
        found.append(_keep("", f"Not in the file, unchanged: {', '.join(absent)}."))
    for name, entry in given.entries.items():
        section = published.entries.get(name)
        if name in SINGLE or section is None or not isinstance(section.node, Entries):
            continue
        mentioned = entry.node.entries if isinstance(entry.node, Entries) else {}
        missing = [key for key in section.node.entries if key not in mentioned]
        if missing:
            found.append(_keep(name, f"In {name}, not in the file, unchanged: {', '.join(missing)}."))
    return found


def _keep(path: str, sentence: str) -> Change:
    return Change(path, ChangeKind.KEEP, "", "", sentence)


def _entry_changes(
    section: str, title: str, old: Mapping[str, Any], new: Mapping[str, Any], fields: tuple[Field, ...]
) -> Iterator[Change]:
    for key in [key for key in old if key not in new]:
        name = old[key].name
        yield Change(child(section, key), ChangeKind.REMOVE, name, "", f"{title} {key} ({name}): removed")
    for key, value in new.items():
        path = child(section, key)
        if key not in old:
            yield Change(path, ChangeKind.ADD, "", value.name, f"{title} {key} ({value.name}): added")
        elif isinstance(value, Script):
            plain = tuple(field for field in fields if field.name != "steps")
            yield from _field_changes(path, f"{title} {key}", old[key], value, plain)
            yield from _step_changes(child(path, "steps"), f"{title} {key}", old[key].steps, value.steps)
        else:
            yield from _field_changes(path, f"{title} {key}", old[key], value, fields)


def _field_changes(
    path: str, who: str, old: object, new: object, fields: tuple[Field, ...]
) -> Iterator[Change]:
    for field in fields:
        before, after = getattr(old, field.target), getattr(new, field.target)
        if before != after:
            yield from _value_changes(child(path, field.name), f"{who}: {field.title}", before, after)


def _value_changes(path: str, what: str, before: Any, after: Any) -> Iterator[Change]:
    """One change for a single value; one for each key of a mapping."""
    if isinstance(before, Mapping) and isinstance(after, Mapping) and (before and after):
        for key in [*before, *(key for key in after if key not in before)]:
            if before.get(key) != after.get(key):
                yield _change(child(path, str(key)), f"{what}, {key}", before.get(key), after.get(key))
        return
    if isinstance(before, tuple) and isinstance(after, tuple) and before and after:
        gone = [item for item in before if item not in after]
        come = [item for item in after if item not in before]
        if (gone or come) and [i for i in before if i in after] == [i for i in after if i in before]:
            parts = [f"{_short(tuple(come))} added"] if come else []
            parts += [f"{_short(tuple(gone))} removed"] if gone else []
            yield Change(path, ChangeKind.CHANGE, shown(before), shown(after), f"{what}: {', '.join(parts)}")
            return
    yield _change(path, what, before, after)


def _change(path: str, what: str, before: object, after: object) -> Change:
    if before is None:
        return Change(path, ChangeKind.ADD, "", shown(after), f"{what} added: {_short(after)}")
    if after is None:
        return Change(path, ChangeKind.REMOVE, shown(before), "", f"{what} removed (was {_short(before)})")
    return Change(
        path, ChangeKind.CHANGE, shown(before), shown(after), f"{what} {_short(before)} → {_short(after)}"
    )


def _step_changes(path: str, who: str, old: Mapping[str, Step], new: Mapping[str, Step]) -> Iterator[Change]:
    for step_id in [step_id for step_id in old if step_id not in new]:
        what = _about(old[step_id])
        yield Change(
            child(path, step_id), ChangeKind.REMOVE, what, "", f"{who}: step {step_id} ({what}) removed"
        )
    for step_id, step in new.items():
        with_path, what = child(path, step_id), f"{who}: step {step_id}"
        before = old.get(step_id)
        if before is None:
            yield Change(with_path, ChangeKind.ADD, "", _about(step), f"{what} ({_about(step)}) added")
        elif type(before) is not type(step):
            yield _change(with_path, f"{what}:", _about(before), _about(step))
        elif before != step:
            yield from _within_step(with_path, what, before, step)
    if list(old) != list(new) and set(old) == set(new):
        yield Change(path, ChangeKind.CHANGE, "", "", f"{who}: order of the steps in the document")


def _within_step(path: str, what: str, before: Step, step: Step) -> Iterator[Change]:
    for field in FORMS[_KIND_OF_STEP[type(step)]].fields:
        old, new = getattr(before, field.target), getattr(step, field.target)
        if old == new:
            continue
        title = "choice" if field.name == "choices" else field.name.replace("_", " ")
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            for key in [*old, *(key for key in new if key not in old)]:
                if old.get(key) != new.get(key):
                    yield _change(
                        child(child(path, field.name), key),
                        f"{what}, {title} {key}",
                        old.get(key),
                        new.get(key),
                    )
        else:
            yield _change(child(path, field.name), f"{what}, {title}", old or None, new or None)


def _about(step: Step) -> str:
    """`queue sales`: a step in two words."""
    kind = _KIND_OF_STEP[type(step)]
    main = getattr(step, FORMS[kind].fields[0].target)
    return f"{kind.replace('_', ' ')} {main}".strip() if isinstance(main, str) else kind


def shown(value: object) -> str:
    """A value as a person reads it; "none" for nothing."""
    match value:
        case bool():
            return "yes" if value else "no"
        case timedelta():
            return shown_duration(value)
        case OpenHours():
            return _shown_hours(value)
        case Case():
            return f"when {value.when} then {value.then}"
        case MailServer():
            return with_name(value)
        case ButtonCase():
            return f"{shown(value.labels)} then {value.then}"
        case FormField() | InvitationRule():
            return value.name if isinstance(value, FormField) else value.pages or "any page"
        case date():
            return value.isoformat()
        case Mapping():
            return ", ".join(f"{shown(key)} {shown(item)}" for key, item in value.items()) or "none"
        case tuple():
            return ", ".join(shown(item) for item in value) or "none"
        case None:
            return "none"
        case _:
            return str(value) or "none"


def _shown_hours(hours: OpenHours) -> str:
    days = ",".join(WEEKDAYS[day] for day in hours.weekdays)
    if hours.weekdays == tuple(range(7)):
        days = "daily"
    elif len(hours.weekdays) > 2 and hours.weekdays == tuple(
        range(hours.weekdays[0], hours.weekdays[-1] + 1)
    ):
        days = f"{WEEKDAYS[hours.weekdays[0]]}-{WEEKDAYS[hours.weekdays[-1]]}"
    closes = "24:00" if hours.closes.isoformat() == "00:00:00" else hours.closes.isoformat("minutes")
    return f"{days} {hours.opens.isoformat('minutes')}-{closes}"


def _short(value: object) -> str:
    text = shown(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
