"""Puts together what a desktop needs at its start, and keeps layouts."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from cordboard.core.config import AgentProfile, TenantConfig
from cordboard.core.state import State
from cordboard.core.words import Channel, PhoneKind
from cordboard.db.database import Database
from cordboard.desktop import repository, schemas
from cordboard.errors import Refused
from cordboard.identity.rights import Permission, Session
from cordboard.knowledge.markup import html_of
from cordboard.runtime.asking import Switchboard
from cordboard.runtime.clock import Clock

UPLOAD_LIMIT_MB = 25
LARGEST_LAYOUT = 256 * 1024

SeatOf = Callable[[Session, str], Awaitable[Mapping[str, object] | None]]
"""(session, host) → what POST /desktop/seat would give, None when this session holds no seat."""


class LayoutChanged(Refused):
    """The layout has been changed elsewhere meanwhile."""

    code = "version_conflict"
    status = 412


class LayoutTooLarge(Refused):
    """The layout is too large."""

    code = "invalid"
    status = 422


class DesktopService:
    def __init__(self, db: Database, switchboard: Switchboard, clock: Clock, seat_of: SeatOf) -> None:
        self._db = db
        self._switchboard = switchboard
        self._clock = clock
        self._seat_of = seat_of

    async def start(self, session: Session, host: str) -> schemas.Start:
        state = self._switchboard.state(session.tenant_id)
        config = self._switchboard.config(session.tenant_id)
        profile = config.agents.get(session.agent_id or "")
        offered = _seats_offered(state, config, profile)
        agent = state.agents.get(session.agent_id or "")
        elsewhere = agent is not None and agent.seat is not None and agent.login_id != session.id
        held = (await self._seat_of(session, host) if profile else None) or {}
        return schemas.Start.model_validate(
            {
                "server_time": self._clock.now(),
                "config_version": config.version,
                "person": _person(session, config),
                "agent": _agent(profile, config) if profile else None,
                "seat": held.get("seat"),
                "phone": held.get("phone"),
                "sip": held.get("sip"),
                "sip_account": held.get("sip_account"),
                "held_elsewhere": elsewhere,
                "seats_offered": offered,
                "withdrawal_reasons": [_named(each) for each in config.withdrawal_reasons.values()],
                "queues": [_named(each) for each in config.queues.values()],
                "spaces": [_named(each) for each in config.spaces.values()],
                "phones_offered": [kind.value for kind in PhoneKind],
                "presented_numbers": list(config.dial_plan.presented_numbers),
                "mail": _mail(profile, config) if profile else None,
                "outgoing_mail": _outgoing_mail(profile, config) if profile else [],
                "closing_reasons": {
                    space_id: [
                        _named(each) for each in config.closing_reasons.values() if each.space_id == space_id
                    ]
                    for space_id in config.spaces
                },
            }
        )

    async def layout(self, session: Session) -> schemas.Layout:
        async with self._db.tenant(session.tenant_id) as connection:
            row = await repository.find_layout(connection, session.person_id)
        if row is None:
            return schemas.Layout()
        return schemas.Layout.model_validate({**json.loads(row.document), "version": row.version})

    async def save_layout(
        self, session: Session, layout: schemas.Layout, expected: int | None
    ) -> schemas.Layout:
        """Raises LayoutChanged unless the stored version is `expected` (None: whatever it is)."""
        document = layout.model_dump_json(exclude={"version"})
        if len(document) > LARGEST_LAYOUT:
            raise LayoutTooLarge
        now = self._clock.now()
        async with self._db.tenant(session.tenant_id) as connection:
            version = await repository.save_layout(
                connection, session.tenant_id, session.person_id, document, expected, now
            )
        if version is None:
            raise LayoutChanged
        return layout.model_copy(update={"version": version})


class _HasName(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


def _named(each: _HasName) -> dict[str, str]:
    return {"id": each.id, "name": each.name}


def _mail(profile: AgentProfile, config: TenantConfig) -> dict[str, object] | None:
    if profile.capacity.get(Channel.EMAIL, 0) <= 0:
        return None
    undo = max((inbox.undo.total_seconds() for inbox in config.inboxes.values()), default=0.0)
    mode = "pull" if Channel.EMAIL in profile.pull else "push"
    return {"mode": mode, "undo_seconds": undo, "upload_limit_mb": UPLOAD_LIMIT_MB}


def _outgoing_mail(profile: AgentProfile, config: TenantConfig) -> list[dict[str, object]]:
    if not config.options.outgoing_mail or profile.capacity.get(Channel.EMAIL, 0) <= 0:
        return []
    return [
        {
            "inbox_id": inbox.id,
            "address": config.entry_points[inbox.id].address,
            "name": inbox.from_name or config.entry_points[inbox.id].name,
            "language": config.entry_points[inbox.id].language,
            "signature": _signature(profile.signature or inbox.signature),
        }
        for inbox in config.inboxes.values()
        if inbox.id in config.entry_points and config.entry_points[inbox.id].space_id in profile.space_ids
    ]


def _signature(text: str) -> dict[str, str]:
    return {"html": html_of(text), "text": text}


def _seats_offered(
    state: State, config: TenantConfig, profile: AgentProfile | None
) -> list[dict[str, object]]:
    """The seats that the customer has, and that this agent has work for: every channel of it is one that he takes."""
    return [
        {
            "seat": seat.value,
            "subscribed": subscribed,
            "taken": sum(1 for agent in state.agents.values() if agent.seat is seat),
        }
        for seat, subscribed in config.seats.items()
        if subscribed and (profile is None or all(profile.capacity.get(each, 0) for each in seat.channels))
    ]


def _person(session: Session, config: TenantConfig) -> dict[str, object]:
    return {
        "id": session.person_id,
        "name": session.name,
        "roles": [role.value for role in session.roles],
        "permissions": [permission.value for permission in Permission if session.may(permission)],
        "language": session.language,
        "tenant_id": session.tenant_id,
        "tenant_name": config.name,
    }


def _agent(profile: AgentProfile, config: TenantConfig) -> dict[str, object]:
    location = config.locations.get(profile.location_id)
    return {
        "id": profile.id,
        "name": profile.name,
        "location": _named(location) if location else None,
        "groups": [_named(config.groups[each]) for each in profile.group_ids if each in config.groups],
        "skills": [
            {"id": skill_id, "name": config.skills[skill_id].name, "level": level}
            for skill_id, level in profile.skills.items()
            if skill_id in config.skills
        ],
        "spaces": [_named(config.spaces[each]) for each in profile.space_ids if each in config.spaces],
        "extension": profile.extension,
        "language": profile.language,
    }
