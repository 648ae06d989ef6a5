"""Ids to names, for people. What the configuration no longer has keeps its id as its name."""

from collections.abc import Mapping

from cordboard.contacts import schemas
from cordboard.contacts.summary import LegSummary
from cordboard.core.config import TenantConfig
from cordboard.index.fold import IndexRow


def named(known: Mapping[str, object], wanted: str) -> schemas.Named | None:
    """None for ""."""
    if not wanted:
        return None
    found = known.get(wanted)
    return schemas.Named(id=wanted, name=getattr(found, "name", wanted))


def row_of(row: IndexRow, config: TenantConfig) -> schemas.ContactRow:
    return schemas.ContactRow(
        contact_id=row.contact_id,
        channel=row.channel,
        direction=row.direction,
        remote=row.remote,
        remote_name=row.remote_name,
        address=row.address,
        subject=row.subject,
        queue=named(config.queues, row.queue_id),
        agent=named(config.agents, row.answered_by),
        entry_point=named(config.entry_points, row.entry_point_id),
        space_id=row.space_id,
        arrived_at=row.arrived_at,
        waited_seconds=row.waited,
        talked_seconds=row.talked,
        held_seconds=row.held,
        outcome=row.outcome,
        cause=row.cause,
        closing_reason=named(config.closing_reasons, row.closing_reason_id),
        note=row.note,
        transferred=row.transferred,
        lasted_seconds=row.lasted,
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
