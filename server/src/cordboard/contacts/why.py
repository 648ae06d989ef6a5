"""The reasons of one contact's routing, for the API and for `cordboard why` alike."""

from collections.abc import Awaitable, Callable, Sequence

from cordboard.contacts import schemas
from cordboard.contacts.naming import named
from cordboard.core import facts
from cordboard.core.config import TenantConfig
from cordboard.core.explain import Past, Verdict, explain
from cordboard.core.facts import Recorded, RoutingDecided
from cordboard.core.matching import Needs
from cordboard.core.words import Channel
from cordboard.runtime.history import History

ConfigAt = Callable[[str, int], Awaitable[TenantConfig | None]]
"""(tenant id, version) → that version, None when it is not stored."""

_RULES = {
    "only_one": "nobody else was free for it",
    "longest_idle": "he has been idle longest",
    "best_skill": "he has the best skills for it",
    "oldest_contact": "it had waited longest of those that he can take",
    "named_agent": "it was meant for him by name",
    "claimed": "he picked it himself",
    "preferred_agent": "he knows its thread",
    "taken_back": "he took his answer back",
    "unparked": "he took it up again",
    "reopened": "he opened it again",
}


class Reasons:
    def __init__(self, history: History, config_at: ConfigAt) -> None:
        self._history = history
        self._config_at = config_at

    async def of_contact(
        self, tenant_id: str, recorded: Sequence[Recorded], present: TenantConfig
    ) -> schemas.Why:
        """Each decision among the contact's facts, explained by the configuration that was in force."""
        decisions = []
        for index, each in enumerate(recorded):
            if isinstance(each.fact, RoutingDecided):
                decision = await self._explained(tenant_id, each, each.fact, recorded[:index], present)
                decisions.append(decision)
        return schemas.Why(decisions=decisions)

    async def _explained(
        self,
        tenant_id: str,
        recorded: Recorded,
        fact: RoutingDecided,
        before: Sequence[Recorded],
        present: TenantConfig,
    ) -> schemas.Decision:
        past = Past()
        agent_ids = sorted({*present.agents, fact.agent_id})
        for each in await self._history.before_decision(tenant_id, recorded, agent_ids):
            past.apply(each)
        config = await self._config_at(tenant_id, past.config_version) or present
        channel, needs = _asked_for(before)
        verdicts = explain(fact, past, config, channel, needs)
        return decision_of(recorded, fact, verdicts, config)


def _asked_for(before: Sequence[Recorded]) -> tuple[Channel, Needs | None]:
    """The contact's channel, and what its last place in a queue asked for."""
    channel, needs = Channel.VOICE, None
    for each in before:
        if isinstance(each.fact, facts.ContactArrived):
            channel = each.fact.channel
        elif isinstance(each.fact, facts.ContactQueued):
            needs = tuple(sorted(each.fact.needs.items()))
    return channel, needs


def decision_of(
    recorded: Recorded, fact: RoutingDecided, verdicts: Sequence[Verdict], config: TenantConfig
) -> schemas.Decision:
    chosen = named(config.agents, fact.agent_id)
    assert chosen is not None
    return schemas.Decision(
        at=recorded.at,
        seq=recorded.seq,
        queue=named(config.queues, fact.queue_id),
        chosen=chosen,
        rule=fact.rule,
        measure=fact.measure,
        runner_up=named(config.agents, fact.runner_up_id),
        runner_up_measure=fact.runner_up_measure,
        eligible=fact.eligible,
        sentence=_sentence(fact, config),
        considered=[_considered(verdict, config) for verdict in verdicts],
    )


def _considered(verdict: Verdict, config: TenantConfig) -> schemas.Considered:
    detail = verdict.detail
    if verdict.rule == "lacks_skill":
        skill_id, _, level = detail.rpartition(":")
        skill = config.skills.get(skill_id)
        detail = f"needs {skill.name if skill else skill_id} at level {level}"
    elif verdict.rule == "withdrawn" and detail in config.withdrawal_reasons:
        detail = config.withdrawal_reasons[detail].name
    return schemas.Considered(
        agent_id=verdict.agent_id,
        name=config.agents[verdict.agent_id].name,
        verdict=verdict.verdict,
        rule=verdict.rule,
        detail=detail,
    )


def _sentence(fact: RoutingDecided, config: TenantConfig) -> str:
    agent = config.agents.get(fact.agent_id)
    sentence = f"{agent.name if agent else fact.agent_id}: {_RULES.get(fact.rule, fact.rule)}"
    if fact.measure:
        sentence += f" ({fact.measure})"
    if fact.runner_up_id:
        runner_up = config.agents.get(fact.runner_up_id)
        sentence += f"; next would have been {runner_up.name if runner_up else fact.runner_up_id}"
        sentence += f" ({fact.runner_up_measure})" if fact.runner_up_measure else ""
    return sentence + "."
