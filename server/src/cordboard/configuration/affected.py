"""What a new version means for the contacts and agents of this instant, read from the live state of the core."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cordboard.core.config import TenantConfig
from cordboard.core.contact import Contact, Phase
from cordboard.core.state import State
from cordboard.core.words import Channel


@dataclass(frozen=True, slots=True)
class Affected:
    """`contact_id` is None for what concerns an agent or the centre. `many`: the sentence for several of the kind."""

    contact_id: int | None
    sentence: str
    many: str = ""


def affected_by(state: State, new: TenantConfig) -> list[Affected]:
    """In the order of the contacts, then the agents."""
    old = state.config
    if old is None:
        return []
    found: list[Affected] = []
    for contact in sorted(state.contacts.values(), key=lambda contact: contact.id):
        found += _of_contact(contact, old, new)
    found += _of_agents(state, old, new)
    found += _of_seats(state, old, new)
    return found


def summary(affected: list[Affected]) -> list[str]:
    """The same in few sentences: what several share is counted."""
    counts = Counter(item.many for item in affected if item.many)
    said: list[str] = []
    for item in affected:
        count = counts.get(item.many, 0)
        sentence = item.sentence if count < 2 else f"{count} {item.many}"
        if sentence not in said:
            said.append(sentence)
    return said


def _of_contact(contact: Contact, old: TenantConfig, new: TenantConfig) -> Iterator[Affected]:
    word = "call" if contact.channel is Channel.VOICE else "contact"
    if contact.run is not None:
        version, _, script_id = contact.run.script_key.partition(":")
        if old.scripts.get(script_id) != new.scripts.get(script_id):
            kept = f"version {version} of script {script_id}"
            yield Affected(
                contact.id,
                f"{word.capitalize()} {contact.id} keeps {kept}.",
                f"{word}s in progress keep {kept}.",
            )
    wait = contact.wait
    if wait is None or contact.phase not in (Phase.WAITING, Phase.OFFERED) or wait.queue_id not in old.queues:
        return
    queue_id = wait.queue_id
    if queue_id not in new.queues:
        what = "on with the script, or told and let go"
        if contact.channel is Channel.EMAIL:
            what = "on with the script, or to another queue of its Space; without one it waits, parked"
        gone = f"in queue {queue_id}, which is removed: {what}."
        yield Affected(contact.id, f"{word.capitalize()} {contact.id} waits {gone}", f"{word}s wait {gone}")
    elif old.queues[queue_id] != new.queues[queue_id]:
        follows = f"in queue {queue_id} and follow{{}} its new settings from now on."
        yield Affected(
            contact.id,
            f"{word.capitalize()} {contact.id} waits {follows.format('s')}",
            f"{word}s wait {follows.format('')}",
        )


def _of_agents(state: State, old: TenantConfig, new: TenantConfig) -> Iterator[Affected]:
    for agent in state.agents.values():
        if not agent.logged_in or agent.id not in old.agents:
            continue
        name = old.agents[agent.id].name
        if agent.id not in new.agents:
            yield Affected(
                None,
                f"{name} is logged in and will be logged out, after the present contact if there is one.",
            )
        elif old.agents[agent.id] != new.agents[agent.id]:
            yield Affected(None, f"{name} is logged in: the new profile holds from the next contact on.")


def _of_seats(state: State, old: TenantConfig, new: TenantConfig) -> Iterator[Affected]:
    taken = Counter(agent.seat for agent in state.agents.values() if agent.seat is not None)
    for seat, count in taken.items():
        left = new.seats.get(seat, 0)
        if left < count and left < old.seats.get(seat, 0):
            yield Affected(
                None,
                f"{count} {seat.value} seats are taken and {left} will be subscribed: nobody is logged out, "
                "but nobody else can log in until enough have left.",
            )
