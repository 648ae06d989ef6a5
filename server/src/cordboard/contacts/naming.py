"""Ids to names, for people. What the configuration no longer has keeps its id as its name."""

from collections.abc import Mapping

from cordboard.contacts import schemas
from cordboard.contacts.summary import LegSummary, Summary
from cordboard.core.config import TenantConfig


def named(known: Mapping[str, object], wanted: str) -> schemas.Named | None:
    """None for ""."""
    if not wanted:
        return None
    found = known.get(wanted)
    return schemas.Named(id=wanted, name=getattr(found, "name", wanted))


def row_of(summary: Summary, config: TenantConfig) -> schemas.ContactRow:
    arrival = summary.arrival
    return schemas.ContactRow(
        contact_id=summary.contact_id,
        channel=arrival.channel.value,
        direction=arrival.direction.value,
        remote=arrival.remote,
        remote_name=arrival.remote_name,
        address=arrival.address,
        subject=arrival.subject,
        queue=named(config.queues, summary.queue_id),
        agent=named(config.agents, summary.agent_id),
        entry_point=named(config.entry_points, arrival.entry_point_id),
        space_id=arrival.space_id,
        arrived_at=summary.arrived_at,
        waited_seconds=summary.waited.total_seconds() if summary.waited is not None else None,
        talked_seconds=summary.talked.total_seconds() if summary.talked is not None else None,
        held_seconds=summary.held.total_seconds() if summary.held is not None else None,
        outcome=summary.outcome,
        cause=summary.cause,
        closing_reason=named(config.closing_reasons, summary.closing_reason_id),
        note=summary.note,
        transferred=summary.transferred,
        lasted_seconds=summary.lasted.total_seconds() if summary.lasted is not None else None,
    )


def leg_of(leg: LegSummary, config: TenantConfig) -> schemas.LegRow:
    return schemas.LegRow(
        leg_id=leg.leg_id,
        role=leg.role.value,
        agent=named(config.agents, leg.agent_id),
        started_at=leg.started_at,
        answered_at=leg.answered_at,
        ended_at=leg.ended_at,
        cause=leg.cause,
    )
