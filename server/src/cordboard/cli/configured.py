"""The configuration of a centre, wherever it is: through its API while it runs, else straight in its database.

A running centre is found by DIR/endpoints.json, and logged in to as `--login` (password: CORDBOARD_PASSWORD, else the demo
password in that file, else asked for); without one, as the first administrator of that file. When no centre runs, its
database is used: the embedded one is started for the length of the command. A server that runs elsewhere on the same
database takes the new version up by itself.
"""

import asyncio
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Protocol, TypeVar

import structlog
import typer
from rich.console import Console
from rich.markup import escape

from cordboard.configuration.answers import apply_answer, plan_answer, version_list
from cordboard.configuration.nodes import DocumentWrong, Entries, Problem, Scalar, parse
from cordboard.configuration.people import IdentityLogins
from cordboard.configuration.schemas import ApplyAnswer, CurrentConfiguration, ErrorRow, PlanAnswer, Versions
from cordboard.configuration.service import Configuration
from cordboard.db.database import OUTAGES, Database
from cordboard.db.embedded import EmbeddedPostgres
from cordboard.errors import Refused
from cordboard.identity.passwords import Passwords
from cordboard.runtime.clock import SystemClock
from cordboard.settings import Settings
from cordboard.supervisor.folder import DataFolder

T = TypeVar("T")

Login = Annotated[
    str | None,
    typer.Option("--login", metavar="NAME", help="Log in to the running centre as this administrator."),
]
Customer = Annotated[
    str | None,
    typer.Option(
        "--customer", metavar="KEY", help="Which customer, when no centre runs and there are several."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]

_SECONDS = 60.0


class CentreRefused(Refused):
    """The centre has refused this."""

    code = "refused"


class Configured(Protocol):
    """What the commands ask for; DocumentWrong where a document is wrong."""

    async def current(self) -> CurrentConfiguration: ...

    async def version(self, version: int) -> CurrentConfiguration: ...

    async def versions(self) -> Versions: ...

    async def plan(self, document: str) -> PlanAnswer: ...

    async def plan_rollback(self, version: int) -> PlanAnswer: ...

    async def apply(self, document: str, base_version: int, note: str) -> ApplyAnswer: ...

    async def rollback(self, version: int, note: str) -> ApplyAnswer: ...


@dataclass(frozen=True, slots=True)
class _Credentials:
    login: str
    password: str


class OverHttp:
    """The running centre, as an administrator."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def current(self) -> CurrentConfiguration:
        return CurrentConfiguration.model_validate(await self._ask("GET", ""))

    async def version(self, version: int) -> CurrentConfiguration:
        return CurrentConfiguration.model_validate(await self._ask("GET", f"/versions/{version}"))

    async def versions(self) -> Versions:
        return Versions.model_validate(await self._ask("GET", "/versions"))

    async def plan(self, document: str) -> PlanAnswer:
        return PlanAnswer.model_validate(await self._ask("POST", "/plan", {"document": document}))

    async def plan_rollback(self, version: int) -> PlanAnswer:
        return PlanAnswer.model_validate(await self._ask("POST", f"/versions/{version}/plan", {}))

    async def apply(self, document: str, base_version: int, note: str) -> ApplyAnswer:
        body = {"document": document, "base_version": base_version, "note": note}
        return ApplyAnswer.model_validate(await self._ask("POST", "/apply", body))

    async def rollback(self, version: int, note: str) -> ApplyAnswer:
        return ApplyAnswer.model_validate(
            await self._ask("POST", "/rollback", {"version": version, "note": note})
        )

    async def _ask(self, method: str, path: str, body: object = None) -> Any:
        answer = await self._client.request(method, f"/api/v1/configuration{path}", json=body)
        content = answer.json()
        if answer.status_code == 422 and content.get("errors") and "line" in content["errors"][0]:
            rows = [ErrorRow.model_validate(row) for row in content["errors"]]
            raise DocumentWrong([Problem(row.line, row.column, row.path, row.message) for row in rows])
        if answer.status_code >= 400:
            raise CentreRefused(content.get("detail", f"The centre answered {answer.status_code}."))
        return content


class InDatabase:
    """The database, when no centre runs."""

    def __init__(self, configuration: Configuration, tenant_id: str) -> None:
        self._configuration = configuration
        self._tenant_id = tenant_id

    async def current(self) -> CurrentConfiguration:
        newest = await self._configuration.current(self._tenant_id)
        return CurrentConfiguration(version=newest.version, document=newest.document)

    async def version(self, version: int) -> CurrentConfiguration:
        found = await self._configuration.version(self._tenant_id, version)
        return CurrentConfiguration(version=found.version, document=found.document)

    async def versions(self) -> Versions:
        return version_list(await self._configuration.versions(self._tenant_id))

    async def plan(self, document: str) -> PlanAnswer:
        return plan_answer(await self._configuration.plan(self._tenant_id, document))

    async def plan_rollback(self, version: int) -> PlanAnswer:
        return plan_answer(await self._configuration.plan_rollback(self._tenant_id, version))

    async def apply(self, document: str, base_version: int, note: str) -> ApplyAnswer:
        by = "command line"
        return apply_answer(
            await self._configuration.apply(self._tenant_id, document, base_version, note, by)
        )

    async def rollback(self, version: int, note: str) -> ApplyAnswer:
        return apply_answer(
            await self._configuration.rollback(self._tenant_id, version, note, "command line")
        )


def ask(
    data: Path | None,
    login: str | None,
    customer: str | None,
    question: Callable[[Configured], Awaitable[T]],
) -> T:
    """Runs `question` against the centre of this data folder."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )

    async def run() -> T:
        async with _open(data, login, customer) as configured:
            return await question(configured)

    return asyncio.run(run())


def customer_of(document: str) -> str | None:
    """The key that a document names, if it does; wrong documents are complained about later."""
    try:
        section = parse(document).entries.get("customer")
    except DocumentWrong:
        return None
    if section is None or not isinstance(section.node, Entries) or "key" not in section.node.entries:
        return None
    node = section.node.entries["key"].node
    return node.text if isinstance(node, Scalar) else None


@asynccontextmanager
async def _open(data: Path | None, login: str | None, customer: str | None) -> AsyncIterator[Configured]:
    settings = Settings.load(data)
    file = DataFolder(settings.data_dir).endpoints
    if file.exists():
        async with _running(json.loads(file.read_text()), login) as running:
            if running is not None:
                yield running
                return
            _complain("No administrator to log in as (give --login): the database is changed directly.")
    async with _stored(settings, customer) as stored:
        yield stored


@asynccontextmanager
async def _running(endpoints: dict[str, Any], login: str | None) -> AsyncIterator[OverHttp | None]:
    import httpx2

    credentials = _credentials(endpoints, login)
    if credentials is None:
        yield None
        return
    origin = endpoints["http"]
    async with httpx2.AsyncClient(base_url=origin, headers={"Origin": origin}, timeout=_SECONDS) as client:
        try:
            answer = await client.post(
                "/api/v1/sessions", json={"login": credentials.login, "password": credentials.password}
            )
        except httpx2.TransportError as error:
            raise CentreRefused(
                f"The centre at {origin} does not answer ({error}). Is `cordboard run` still up?"
            ) from error
        if answer.status_code == 401 and login is None:
            yield None
            return
        if answer.status_code >= 400:
            raise CentreRefused(answer.json().get("detail", "The centre refuses the login."))
        try:
            yield OverHttp(client)
        finally:
            await client.delete("/api/v1/sessions/current")


def _credentials(endpoints: dict[str, Any], login: str | None) -> _Credentials | None:
    known = {row["login"]: row for row in endpoints.get("logins", [])}
    if login is None:
        administrators = [row for row in known.values() if "administrator" in row["who"]]
        return (
            _Credentials(administrators[0]["login"], administrators[0]["password"])
            if administrators
            else None
        )
    password = os.environ.get("CORDBOARD_PASSWORD") or known.get(login, {}).get("password")
    if not password and sys.stdin.isatty():
        password = typer.prompt(f"Password of {login}", hide_input=True, err=True)
    if not password:
        raise CentreRefused(f"There is no password for {login}: set CORDBOARD_PASSWORD.")
    return _Credentials(login, password)


@asynccontextmanager
async def database_of(data: Path | None, customer: str | None) -> AsyncIterator[tuple[Database, str]]:
    """The database of this data folder, whether its centre runs or not, and the customer's key (default: the only one)."""
    settings = Settings.load(data)
    running = DataFolder(settings.data_dir).endpoints.exists()
    with _database_up(settings, running):
        database = await _connected(settings)
        try:
            yield database, customer or await _only_customer(database)
        finally:
            await database.close()


@asynccontextmanager
async def _stored(settings: Settings, customer: str | None) -> AsyncIterator[InDatabase]:
    passwords, clock = Passwords(), SystemClock()
    try:
        async with database_of(settings.data_dir, customer) as (database, tenant_id):
            logins = IdentityLogins(database, passwords, clock)
            configuration = Configuration(database, clock, logins.save, logins.owners)
            yield InDatabase(configuration, tenant_id)
    finally:
        passwords.close()


def _database_up(settings: Settings, running: bool) -> AbstractContextManager[object]:
    """Starts the embedded PostgreSQL for a moment when nothing runs on the folder."""
    if running or not settings.embedded_database:
        return nullcontext()
    if not (settings.data_dir / "postgres").exists():
        raise CentreRefused(
            f"There is no centre in {settings.data_dir}: start one with `cordboard run`, or give --data DIR."
        )
    return _Embedded(settings)


class _Embedded:
    """The folder's lock and its PostgreSQL, for the length of a command."""

    def __init__(self, settings: Settings) -> None:
        self._folder = DataFolder(settings.data_dir)
        self._server = EmbeddedPostgres(
            settings.data_dir / "postgres",
            settings.postgres_port,
            owner_password=settings.postgres_owner_password.get_secret_value(),
            app_password=settings.postgres_app_password.get_secret_value(),
            ends_with_parent=True,
        )

    def __enter__(self) -> None:
        self._folder.__enter__()
        try:
            self._server.start()
        except BaseException:
            self._folder.__exit__(None, None, None)
            raise

    def __exit__(self, *error: object) -> None:
        try:
            self._server.stop()
        finally:
            self._folder.__exit__(None, None, None)


async def _connected(settings: Settings) -> Database:
    try:
        return await Database.connect(settings.database_dsn, size=4)
    except OUTAGES as error:
        raise CentreRefused(f"The database does not answer ({type(error).__name__}: {error}).") from error


async def _only_customer(database: Database) -> str:
    async with database.provider() as connection:
        ids = [str(row["id"]) for row in await connection.fetch("SELECT id FROM tenant ORDER BY id")]
    if len(ids) == 1:
        return ids[0]
    if not ids:
        raise CentreRefused("There is no customer yet: apply a document first.")
    raise CentreRefused(f"There are several customers: give --customer with one of {', '.join(ids)}.")


def _complain(sentence: str) -> None:
    Console(stderr=True, highlight=False).print(f"[yellow]{escape(sentence)}[/]")
