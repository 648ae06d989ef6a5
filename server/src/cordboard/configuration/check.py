"""What only the whole document shows: names that lead nowhere, things that are taken twice, settings that contradict."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from cordboard import expressions
from cordboard.configuration import chat, mails, sources
from cordboard.configuration.nodes import Mark, Problem, problem_at
from cordboard.configuration.schema import ENTRIES, AgentEntry, Person
from cordboard.configuration.shapes import Reading, did_you_mean
from cordboard.configuration.steps import place_of
from cordboard.core.config import TenantConfig
from cordboard.core.script.validate import find_problems
from cordboard.core.words import Channel

Sections = Mapping[str, Mapping[str, Any]]


def unknown_references(reading: Reading, sections: Sections) -> Iterator[Problem]:
    """A problem for each name of something that is not there."""
    for reference in reading.references:
        there = sections.get(reference.section, {})
        if reference.key in there:
            continue
        what = ENTRIES[reference.section][0]
        removal = reading.removed.get(f"{reference.section}.{reference.key}")
        if removal is not None and not reference.mark.given:
            message = f"{what} {reference.key} can not be removed: {reference.path} uses it. Change that in the same file."
            yield problem_at(removal, f"{reference.section}.{reference.key}", message)
        else:
            message = f"There is no {what.lower()} {reference.key!r}.{did_you_mean(reference.key, there)}"
            yield problem_at(reference.mark, reference.path, message)


def contradictions(reading: Reading, sections: Sections, config: TenantConfig) -> Iterator[Problem]:
    """Everything else that can not be published as it is."""
    for path, message in (
        *_taken_twice(sections, config),
        *_closing_reasons(config),
        *_presented(config),
        *_empty_messages(config),
        *_nobody_in_charge(sections),
        *_same_keys(sections),
        *mails.contradictions(sections.get("inboxes", {}), _keys(sections), config),
        *sources.contradictions(config.tables),
        *chat.contradictions(sections.get("chat_buttons", {}), config.queues),
    ):
        yield problem_at(place(reading, path), path, message)


def script_problems(reading: Reading, config: TenantConfig) -> Iterator[Problem]:
    """What `core.script.validate` finds, with the places of the document."""
    for script in config.scripts.values():
        for problem in find_problems(script, config, expressions.check):
            step = f".steps.{problem.step_id}" if problem.step_id else ""
            path = f"scripts.{script.id}{step}{place_of(problem.branch)}"
            where = f"Script {script.id}, step {problem.step_id}: " if problem.step_id else ""
            yield problem_at(place(reading, path), path, where + problem.message)


def place(reading: Reading, path: str) -> Mark:
    """The nearest place that the document has for a path: the field's, else the entry's, else the section's."""
    while path:
        if path in reading.marks:
            return reading.marks[path]
        path = path[: path.rindex("[")] if path.endswith("]") else path.rpartition(".")[0]
    return Mark(1, 1)


def _taken_twice(sections: Sections, config: TenantConfig) -> Iterator[tuple[str, str]]:
    points = [point for point in config.entry_points.values() if point.channel is Channel.VOICE]
    yield from _doubles(
        ((f"numbers.{p.id}.number", p.address) for p in points), lambda it: f"The number {it}"
    )
    agents: list[AgentEntry] = list(sections.get("agents", {}).values())
    people: list[Person] = list(sections.get("people", {}).values())
    extensions = ((f"agents.{a.id}.extension", a.extension) for a in agents if a.extension)
    yield from _doubles(extensions, lambda it: f"The extension {it}")
    logins = [(f"people.{p.id}.login", login) for p in people for login in (p.logins or (p.id,))]
    logins += [(f"agents.{a.id}.login", login) for a in agents for login in (a.logins or (a.id,))]
    yield from _doubles(logins, lambda it: f"The login {it}")
    for agent in agents:
        if agent.id in sections.get("people", {}):
            yield (
                f"agents.{agent.id}",
                f"The key {agent.id} is also in `people`: an agent stands in `agents` alone.",
            )


def _doubles(taken: Iterable[tuple[str, str]], named: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    first: dict[str, str] = {}
    for path, value in taken:
        if value in first:
            yield path, f"{named(value)} is taken already by {first[value].rpartition('.')[0]}."
        else:
            first[value] = path


def _keys(sections: Sections) -> dict[str, Any]:
    """Of the entry points of the other channels."""
    return {**sections.get("numbers", {}), **sections.get("chat_buttons", {})}


def _same_keys(sections: Sections) -> Iterator[tuple[str, str]]:
    """Entry points of all channels share their keys."""
    numbers = sections.get("numbers", {})
    for key in sections.get("chat_buttons", {}):
        if key in numbers:
            yield (
                f"chat_buttons.{key}",
                f"The key {key} is also in `numbers`: choose another, such as {key}-chat.",
            )


def _closing_reasons(config: TenantConfig) -> Iterator[tuple[str, str]]:
    spaces = {reason.space_id for reason in config.closing_reasons.values()}
    for queue in config.queues.values():
        if queue.closing_reason_required and queue.space_id not in spaces:
            yield (
                f"queues.{queue.id}",
                f"Queue {queue.id} requires a closing reason, but Space {queue.space_id} has none: add one to "
                "`closing_reasons`, or set `closing_reason_required: no`.",
            )


def _presented(config: TenantConfig) -> Iterator[tuple[str, str]]:
    plan = config.dial_plan
    for index, prefix in enumerate(plan.allowed_prefixes, 1):
        if prefix in plan.refused_prefixes:
            yield (
                f"dial_plan.allowed[{index}]",
                f"The prefix {prefix} is both allowed and refused: keep one of them.",
            )


def _empty_messages(config: TenantConfig) -> Iterator[tuple[str, str]]:
    for message in config.messages.values():
        if not message.sounds and not message.texts:
            yield (
                f"messages.{message.id}",
                f"Message {message.id} has neither a sound nor a text: give it one of them.",
            )


def _nobody_in_charge(sections: Sections) -> Iterator[tuple[str, str]]:
    everybody = [*sections.get("people", {}).values(), *sections.get("agents", {}).values()]
    if everybody and not any("administrator" in person.roles for person in everybody):
        yield "people", "Nobody has the role administrator: give it to at least one person."
