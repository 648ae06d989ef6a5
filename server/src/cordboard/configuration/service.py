"""Plan, apply, export, roll back: one customer's configuration from a text to what is in force."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from cordboard.configuration import repository
from cordboard.configuration.affected import Affected, affected_by
from cordboard.configuration.changes import Change, ChangeKind, changes_between, kept
from cordboard.configuration.compiled import Login, Published, read, read_text
from cordboard.configuration.errors import NothingPublished, VersionConflict, VersionNotFound
from cordboard.configuration.merge import merged, merged_text, removals
from cordboard.configuration.nodes import DocumentWrong, Problem, parse, problem_at
from cordboard.configuration.repository import Version
from cordboard.core.config import TenantConfig
from cordboard.core.state import State
from cordboard.core.words import Channel
from cordboard.db.database import Database
from cordboard.errors import Unavailable
from cordboard.runtime.clock import Clock
from cordboard.runtime.ports import Outcome

log = structlog.get_logger()

MOST_VERSIONS = 200

SaveLogins = Callable[[str, Sequence[Login]], Awaitable[Mapping[str, str]]]
"""(tenant id, everybody who may log in) → the random passwords of new logins."""

LoginOwners = Callable[[Sequence[str]], Awaitable[Mapping[str, str]]]
"""Logins → tenant id of those that exist."""


class LiveTenants(Protocol):
    """What the running server knows and does; without it (command line, no server) versions are only stored."""

    def state_of(self, tenant_id: str) -> State | None: ...

    async def publish(self, tenant_id: str, config: TenantConfig) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What a text would change. With `errors` it can not be applied; then the rest is empty."""

    tenant_id: str
    base_version: int
    changes: tuple[Change, ...] = ()
    affected: tuple[Affected, ...] = ()
    errors: tuple[Problem, ...] = ()
    document: str = ""  # the text as it would be published
    published: Published | None = None

    @property
    def changes_something(self) -> bool:
        return any(change.kind is not ChangeKind.KEEP for change in self.changes)


@dataclass(frozen=True, slots=True)
class Applied:
    """`in_force` is False when no server, or another one, decides for the tenant: it takes the version up by itself."""

    version: int
    plan: Plan
    in_force: bool
    new_logins: Mapping[str, str] = field(default_factory=dict)  # login -> its first password, told only now


class Configuration:
    """All that can be done with configurations; endpoints, the command line and the demo centre go through here."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        save_logins: SaveLogins,
        login_owners: LoginOwners,
        live: LiveTenants | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._save_logins = save_logins
        self._login_owners = login_owners
        self._live = live
        self._unreadable: set[tuple[str, int]] = set()

    async def current(self, tenant_id: str) -> Version:
        """The newest version; raises NothingPublished."""
        async with self._database.tenant(tenant_id) as connection:
            version = await repository.find_newest(connection)
        if version is None:
            raise NothingPublished
        return version

    async def versions(self, tenant_id: str) -> list[Version]:
        """Newest first, without their documents."""
        async with self._database.tenant(tenant_id) as connection:
            return await repository.list_versions(connection, MOST_VERSIONS)

    async def version(self, tenant_id: str, version: int) -> Version:
        async with self._database.tenant(tenant_id) as connection:
            found = await repository.find_version(connection, version)
        if found is None:
            raise VersionNotFound
        return found

    async def newer(self, tenant_id: str, version: int) -> TenantConfig | None:
        """A version newer than the one in force: how a server takes up what was applied elsewhere."""
        async with self._database.tenant(tenant_id) as connection:
            newest = await repository.find_newer(connection, version)
        if newest is None or (tenant_id, newest.version) in self._unreadable:
            return None
        try:
            return (await asyncio.to_thread(read_text, newest.document, newest.version)).config
        except DocumentWrong as wrong:
            self._unreadable.add((tenant_id, newest.version))
            problems = [
                f"{problem.line}: {problem.path}: {problem.message}" for problem in wrong.problems[:20]
            ]
            log.error(
                "configuration_unreadable", tenant_id=tenant_id, version=newest.version, problems=problems
            )
            return None

    async def plan(self, tenant_id: str, text: str) -> Plan:
        """What applying `text` would change; nothing is written."""
        async with self._database.tenant(tenant_id) as connection:
            published = await repository.find_newest(connection)
        return await self._plan(tenant_id, text, published, replace=False)

    async def apply(self, tenant_id: str, text: str, base_version: int | None, note: str, by: str) -> Applied:
        """Publishes `text` as the next version, if `base_version` (None: whichever) is still the newest.

        Raises DocumentWrong or VersionConflict. A text that changes nothing makes no version.
        """
        return await self._apply(tenant_id, text, base_version, note, by, replace=False)

    async def rollback(self, tenant_id: str, version: int, note: str, by: str) -> Applied:
        """Publishes an older version's document as the next version: exactly that one, what came later is removed."""
        old = await self.version(tenant_id, version)
        note = note or f"Back to version {version}"
        return await self._apply(tenant_id, old.document, None, note, by, replace=True)

    async def plan_rollback(self, tenant_id: str, version: int) -> Plan:
        old = await self.version(tenant_id, version)
        return await self._plan(tenant_id, old.document, await self.current(tenant_id), replace=True)

    async def _plan(self, tenant_id: str, text: str, published: Version | None, *, replace: bool) -> Plan:
        plan = await asyncio.to_thread(_planned, tenant_id, text, published, replace)
        if plan.published is None:
            return plan
        errors = await self._taken_elsewhere(tenant_id, plan.published)
        if errors:
            return Plan(tenant_id, plan.base_version, errors=tuple(errors))
        state = self._live.state_of(tenant_id) if self._live is not None else None
        affected = affected_by(state, plan.published.config) if state is not None else []
        return Plan(
            tenant_id,
            plan.base_version,
            plan.changes,
            tuple(affected),
            (),
            plan.document,
            plan.published,
        )

    async def _apply(
        self, tenant_id: str, text: str, base_version: int | None, note: str, by: str, *, replace: bool
    ) -> Applied:
        async with self._database.tenant(tenant_id) as connection:
            await repository.lock(connection, tenant_id)
            published = await repository.find_newest(connection)
            newest = published.version if published is not None else 0
            if base_version is not None and base_version != newest:
                raise VersionConflict(
                    f"Version {newest} has been published since version {base_version} was read. Plan again.",
                    version=str(newest),
                )
            plan = await self._plan(tenant_id, text, published, replace=replace)
            if plan.errors or plan.published is None:
                raise DocumentWrong(list(plan.errors))
            if not plan.changes_something:
                return Applied(newest, plan, in_force=True)
            config = plan.published.config
            await repository.save_tenant(connection, tenant_id, config.name)
            new_logins = await self._save_logins(tenant_id, plan.published.logins)
            points = _numbers(config)
            await repository.save_numbers(connection, tenant_id, points)
            row = Version(config.version, plan.document, self._clock.now(), by, note)
            await repository.add_version(connection, tenant_id, row)
        log.info("configuration_applied", tenant_id=tenant_id, version=config.version, by=by)
        return Applied(config.version, plan, await self._publish(tenant_id, config), new_logins)

    async def _publish(self, tenant_id: str, config: TenantConfig) -> bool:
        if self._live is None:
            return False
        try:
            await self._live.publish(tenant_id, config)
        except Unavailable:
            log.info("configuration_waits_to_be_taken_up", tenant_id=tenant_id, version=config.version)
            return False
        return True

    async def _taken_elsewhere(self, tenant_id: str, published: Published) -> list[Problem]:
        """Numbers and logins are unique over all customers; who has them is nobody's business."""
        found: list[Problem] = []
        points = _numbers(published.config)
        async with self._database.tenant(tenant_id) as connection:
            for number in await repository.numbers_of_others(connection, tenant_id, list(points)):
                path = f"numbers.{points[number]}"
                found.append(
                    problem_at(
                        published.place(f"{path}.number"),
                        path,
                        f"The number {number} is taken on this installation.",
                    )
                )
        wanted = {login: person for person in published.logins for login in person.logins}
        for login, owner in (await self._login_owners(list(wanted))).items():
            if owner != tenant_id:
                person = wanted[login]
                path = f"{'agents' if person.agent_id else 'people'}.{person.id}"
                message = f"The login {login} is taken on this installation: give `login:` another name."
                found.append(problem_at(published.place(f"{path}.login"), path, message))
        return found


def _planned(tenant_id: str, text: str, published: Version | None, replace: bool) -> Plan:
    """The plan without what only the running server and the database know. Takes long for large documents."""
    base = published.version if published is not None else 0
    try:
        given = parse(text)
        old = parse(published.document, given=False) if published is not None else None
        whole = given if old is None or replace else merged(old, given)
        document = text if replace else merged_text(published.document if published is not None else "", text)
        new = read(whole, base + 1, removals(given))
        if new.document.customer.key != tenant_id:
            message = f"The customer's key is {tenant_id} and can not change."
            raise DocumentWrong([problem_at(new.place("customer.key"), "customer.key", message)])
    except DocumentWrong as wrong:
        return Plan(tenant_id, base, errors=tuple(wrong.problems))
    before = read(old, base).document if old is not None else None
    changes = changes_between(before, new.document)
    if published is not None and not changes and document != published.document:
        sentence = "Comments, order or spelling of the document change; what the centre does stays the same."
        changes.append(Change("", ChangeKind.CHANGE, "", "", sentence))
    if old is not None and not replace:
        changes += kept(old, given)
    return Plan(tenant_id, base, tuple(changes), (), (), document, new)


def _numbers(config: TenantConfig) -> dict[str, str]:
    """Telephone numbers and their entry points; inboxes and chat buttons are the tenant's own."""
    return {
        point.address: point.id for point in config.entry_points.values() if point.channel is Channel.VOICE
    }
