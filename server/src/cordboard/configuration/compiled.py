"""From nodes to what is published: the document's values, the core's configuration, and the people who may log in.

`read` reads and checks the whole; it raises `DocumentWrong` with every problem, or gives a `Published` that can be run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from cordboard.configuration import check
from cordboard.configuration.nodes import DocumentWrong, Entries, Mark, Node, Problem, Scalar, child, parse
from cordboard.configuration.schema import ENTRIES, SINGLE, AgentEntry, Customer, Person, Seats, Times
from cordboard.configuration.shapes import Reading, Wrong, checked_key, did_you_mean
from cordboard.core.config import AgentProfile, DialPlan, Options, Schedule, TenantConfig
from cordboard.identity.rights import Role

EMERGENCY_NUMBERS: dict[str, tuple[str, ...]] = {
    "FR": ("112", "15", "17", "18", "110", "114", "115", "116000", "116117", "119", "191", "196", "197"),
    "GB": ("112", "999", "18000"),
    "US": ("911", "933", "988"),
    "DE": ("112", "110"),
}
"""What is refused when the document does not list emergency numbers; elsewhere 112 and 911."""


@dataclass(frozen=True, slots=True)
class Login:
    """A person who may log in. `agent_id` is "" for people who take no contacts."""

    id: str
    name: str
    logins: tuple[str, ...]
    roles: tuple[Role, ...]
    agent_id: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class Document:
    """The values that a document gives, by section and key. Single sections stand under their own name as key."""

    sections: Mapping[str, Mapping[str, object]]

    @property
    def customer(self) -> Customer:
        return cast(Customer, self.sections["customer"]["customer"])

    def of(self, section: str) -> Mapping[str, Any]:
        return self.sections.get(section, {})


@dataclass(frozen=True, slots=True)
class Published:
    """A checked document and what follows from it."""

    document: Document
    config: TenantConfig
    logins: tuple[Login, ...]
    reading: Reading

    def place(self, path: str) -> Mark:
        """Where the document says this, or the nearest place above it."""
        return check.place(self.reading, path)


def read(whole: Entries, version: int, removed: Mapping[str, Mark] | None = None) -> Published:
    """Raises DocumentWrong when the document can not be published as this version. `removed`: see `Reading`."""
    reading = Reading(country=_country(whole), removed=dict(removed or {}))
    document = Document(_sections(reading, whole))
    problems = [*reading.problems, *check.unknown_references(reading, document.sections)]
    if reading.problems:
        raise DocumentWrong(_in_order(problems))
    config = _config(document, version)
    problems += check.contradictions(reading, document.sections, config)
    missing = {
        reference.path
        for reference in reading.references
        if reference.key not in document.of(reference.section)
    }
    problems += [problem for problem in check.script_problems(reading, config) if problem.path not in missing]
    if problems:
        raise DocumentWrong(_in_order(problems))
    return Published(document, config, _logins(document), reading)


def read_text(text: str, version: int) -> Published:
    """The same from a published text."""
    return read(parse(text), version)


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


def _country(whole: Entries) -> str:
    """How numbers without + are read, needed before anything else is read."""
    dial_plan = whole.entries.get("dial_plan")
    if dial_plan is not None and isinstance(dial_plan.node, Entries):
        entry = dial_plan.node.entries.get("country")
        if entry is not None and isinstance(entry.node, Scalar):
            return entry.node.text
    return DialPlan().country


def _sections(reading: Reading, whole: Entries) -> dict[str, dict[str, object]]:
    """The values by section and key; None for an entry in which a problem was found."""
    known = [*SINGLE, *ENTRIES]
    for name, entry in whole.entries.items():
        reading.marks[name] = entry.mark
        if name not in known:
            reading.wrong(entry.mark, name, f"There is no section {name!r}.{did_you_mean(name, known)}")
    sections: dict[str, dict[str, object]] = {}
    empty = Entries(whole.mark, {})
    for name, record in SINGLE.items():
        node: Node = whole.entries[name].node if name in whole.entries else empty
        if name == "customer" and name not in whole.entries:
            reading.wrong(
                Mark(1, 1), name, "The section `customer` is missing: it says the customer's key and name."
            )
            continue
        sections[name] = {name: record.read(reading, node, name)}
    for name in ENTRIES:
        if name in whole.entries:
            sections[name] = _entries(reading, name, whole.entries[name].node)
    return sections


def _entries(reading: Reading, section: str, node: Node) -> dict[str, object]:
    if isinstance(node, Scalar) and node.is_null:
        return {}
    if not isinstance(node, Entries):
        reading.wrong(
            node.mark, section, f"`{section}` holds its entries by their keys, such as `first: {{name: …}}`."
        )
        return {}
    found: dict[str, object] = {}
    _, record = ENTRIES[section]
    for key, entry in node.entries.items():
        path = child(section, key)
        reading.marks[path] = entry.mark
        try:
            checked_key(key, entry.mark)
        except Wrong as wrong:
            reading.wrong(wrong.mark, path, str(wrong))
            continue
        found[key] = record.read(reading, entry.node, path, id=key)
    return found


def _config(document: Document, version: int) -> TenantConfig:
    customer = document.customer
    seats = cast(Seats, document.of("seats")["seats"])
    times = cast(Times, document.of("times")["times"])
    return TenantConfig(
        version=version,
        name=customer.name,
        language=customer.language,
        time_zone=customer.time_zone,
        seats=seats.subscribed(),
        spaces=dict(document.of("spaces")),
        locations=dict(document.of("locations")),
        skills=dict(document.of("skills")),
        groups=dict(document.of("groups")),
        agents={key: _agent(entry, customer) for key, entry in document.of("agents").items()},
        queues=dict(document.of("queues")),
        schedules={key: _schedule(entry, customer) for key, entry in document.of("schedules").items()},
        messages=dict(document.of("messages")),
        scripts=dict(document.of("scripts")),
        entry_points={
            **document.of("numbers"),
            **{key: each.entry_point(customer.language) for key, each in document.of("chat_buttons").items()},
            **{key: each.entry_point(customer.language) for key, each in document.of("inboxes").items()},
        },
        inboxes={key: each.inbox() for key, each in document.of("inboxes").items()},
        tables=dict(document.of("tables")),
        connectors=dict(document.of("connectors")),
        validation=dict(document.of("validation")),
        options=cast(Options, document.of("options")["options"]),
        chat_buttons={
            key: each.button(customer.language) for key, each in document.of("chat_buttons").items()
        },
        withdrawal_reasons=dict(document.of("withdrawal_reasons")),
        closing_reasons=dict(document.of("closing_reasons")),
        dial_plan=_dial_plan(cast(DialPlan, document.of("dial_plan")["dial_plan"])),
        desktop_grace=times.desktop_grace,
        reconnect_grace=times.reconnect_grace,
    )


def _agent(entry: AgentEntry, customer: Customer) -> AgentProfile:
    return AgentProfile(
        id=entry.id,
        name=entry.name,
        location_id=entry.location_id,
        space_ids=entry.space_ids,
        group_ids=entry.group_ids,
        skills=entry.skills,
        capacity=entry.capacity,
        language=entry.language or customer.language,
        extension=entry.extension,
        pull=entry.pull,
        auto_accept=entry.auto_accept,
        signature=entry.signature,
    )


def _schedule(schedule: Schedule, customer: Customer) -> Schedule:
    return schedule if schedule.time_zone else replace(schedule, time_zone=customer.time_zone)


def _dial_plan(plan: DialPlan) -> DialPlan:
    if plan.emergency_numbers:
        return plan
    return replace(plan, emergency_numbers=EMERGENCY_NUMBERS.get(plan.country, ("112", "911")))


def _logins(document: Document) -> tuple[Login, ...]:
    """Every person and agent; who names no login logs in with the key."""
    language = document.customer.language
    people: list[Person | AgentEntry] = [*document.of("people").values(), *document.of("agents").values()]
    return tuple(
        Login(
            id=person.id,
            name=person.name,
            logins=person.logins or (person.id,),
            roles=person.roles,
            agent_id=person.id if isinstance(person, AgentEntry) else "",
            email=person.email,
            language=person.language or language,
        )
        for person in people
    )
