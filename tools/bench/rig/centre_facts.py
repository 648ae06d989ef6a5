"""Facts of a busy centre over some days, as its journal would have recorded them: half calls, the rest emails and chats."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import psycopg

from cordboard.core import facts
from cordboard.core.config import AgentProfile, ClosingReason, EntryPoint, Named, Queue, Space, TenantConfig
from cordboard.core.conversation import facts as chat
from cordboard.core.facts import Fact
from cordboard.core.mail import facts as mail
from cordboard.core.words import AgentState, Channel, Direction, EndCause, LegRole, MailKind
from cordboard.runtime.codec import Codec

TENANT = "bench"
AGENTS, QUEUES = 50, 9
_COPY = "COPY fact (tenant_id, seq, ordinal, at, kind, contact_id, agent_id, queue_id, body) FROM STDIN"


def config() -> TenantConfig:
    channels = (Channel.VOICE, Channel.EMAIL, Channel.CHAT)
    queues = [
        Queue(
            f"queue-{number}",
            f"Queue {number}",
            f"space-{number % 2}",
            channels[number % 3],
            {f"skill-{number % 4}": 1},
            (f"group-{number % 3}",),
        )
        for number in range(QUEUES)
    ]
    agents = [
        AgentProfile(f"agent-{number}", f"Agent {number}", "paris", ("space-0",), (f"group-{number % 3}",))
        for number in range(AGENTS)
    ]
    return TenantConfig(
        1,
        "Bench",
        "en",
        "Europe/Paris",
        spaces={f"space-{number}": Space(f"space-{number}", f"Space {number}") for number in range(2)},
        skills={f"skill-{number}": Named(f"skill-{number}", f"Skill {number}") for number in range(4)},
        groups={f"group-{number}": Named(f"group-{number}", f"Group {number}") for number in range(3)},
        agents={each.id: each for each in agents},
        queues={each.id: each for each in queues},
        entry_points={
            f"entry-{each.id}": EntryPoint(f"entry-{each.id}", each.name, each.channel, "", each.space_id)
            for each in queues
        },
        closing_reasons={
            f"reason-{number}": ClosingReason(
                f"reason-{number}", f"Reason {number}", "space-0", number % 2 == 0
            )
            for number in range(8)
        },
    )


@dataclass(frozen=True, slots=True)
class Told:
    at: datetime
    fact: Fact


def contact(number: int, at: datetime, chance: Random, of: TenantConfig) -> Iterator[Told]:
    """One contact's life, some twenty facts, its agent's states among them."""
    channel = chance.choices((Channel.VOICE, Channel.EMAIL, Channel.CHAT), (5, 3, 2))[0]
    queue = chance.choice([each for each in of.queues.values() if each.channel is channel])
    agent_id = f"agent-{chance.randrange(AGENTS)}"
    arrived = facts.ContactArrived(
        number, channel, Direction.INBOUND, f"entry-{queue.id}", queue.space_id, f"+336{number:08}", "", ""
    )
    yield Told(at, arrived)
    yield Told(at, facts.ScriptStarted(number, "script", 1))
    yield Told(at, facts.StepEntered(number, "script", "queue"))
    if channel is Channel.EMAIL:
        gap = timedelta(days=chance.randrange(1, 60)) if chance.random() < 0.3 else None
        yield Told(at, mail.MailReceived(number, number, number, MailKind.PERSON, since_previous=gap))
    yield Told(at, facts.ContactQueued(number, queue.id, 0, {}, at))
    waited = timedelta(seconds=chance.expovariate(1 / (3_600 if channel is Channel.EMAIL else 20)))
    at += waited
    if channel is not Channel.EMAIL and chance.random() < 0.08:
        yield Told(at, facts.ContactAbandoned(number, queue.id, waited))
        yield Told(at, facts.ContactEnded(number, EndCause.NORMAL, waited))
        return
    yield Told(at, facts.RoutingDecided(number, queue.id, agent_id, "longest_idle", 3))
    yield Told(at, facts.ContactOffered(number, queue.id, agent_id))
    yield Told(at, facts.LegStarted(number, f"{number}.2", LegRole.AGENT, agent_id))
    yield Told(at, facts.ContactAnswered(number, queue.id, agent_id, waited, timedelta(seconds=3)))
    yield Told(at, _changed(agent_id, AgentState.READY, AgentState.IN_CONTACT, chance))
    talked = timedelta(seconds=chance.expovariate(1 / 240))
    if channel is Channel.CHAT:
        for _ in range(4):
            yield Told(
                at + talked / 2, chat.ResponseGiven(number, queue.id, agent_id, talked / 8, talked / 9)
            )
    at += talked
    if channel is Channel.EMAIL:
        yield Told(at, mail.AnswerWritten(number, agent_id, number, at))
        yield Told(
            at,
            mail.AnswerSent(
                number, queue.id, agent_id, number, waited + talked, waited / 3, True, chance.random() < 0.9
            ),
        )
    yield Told(at, facts.TalkEnded(number, queue.id, agent_id, talked, timedelta()))
    yield Told(at, _changed(agent_id, AgentState.IN_CONTACT, AgentState.WRAP_UP, chance))
    yield Told(at, facts.ContactEnded(number, EndCause.NORMAL, waited + talked))
    at += (lasted := timedelta(seconds=chance.expovariate(1 / 30)))
    reason = f"reason-{chance.randrange(8)}"
    yield Told(at, facts.WrappedUp(number, queue.id, agent_id, reason, "", lasted))
    yield Told(at, _changed(agent_id, AgentState.WRAP_UP, AgentState.READY, chance))


def _changed(agent_id: str, before: AgentState, after: AgentState, chance: Random) -> Fact:
    return facts.AgentStateChanged(agent_id, before, after, timedelta(seconds=chance.expovariate(1 / 60)))


def load(dsn: str, number: int, begin: datetime, end: datetime) -> int:
    """Writes the facts of so many contacts between these instants; how many facts they are."""
    chance, of, codec = Random(7), config(), Codec()
    step = (end - begin) / number
    told = [
        Told(begin, facts.ConfigChanged(1)),
        *(each for index in range(number) for each in contact(index + 1, begin + step * index, chance, of)),
    ]
    told.sort(key=lambda each: each.at)
    told = [each for each in told if each.at < end]
    with psycopg.connect(dsn, autocommit=True) as connection:
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            for seq, each in enumerate(told, 1):
                kind, body = codec.write_fact(each.fact)
                ids = (getattr(each.fact, name, None) for name in ("contact_id", "agent_id", "queue_id"))
                copy.write_row((TENANT, seq, 0, each.at, kind, *(one or None for one in ids), body))
        connection.execute("VACUUM ANALYZE fact")
    return len(told)
