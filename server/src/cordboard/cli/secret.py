"""`cordboard secret`: passwords and tokens that the configuration names (`receive: {secret: shop-mailbox}`)."""

import asyncio
import getpass
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cordboard.cli.configured import Customer, database_of
from cordboard.cli.options import Data
from cordboard.errors import Refused
from cordboard.runtime.clock import SystemClock
from cordboard.secrets import Secrets
from cordboard.settings import Settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="As the configuration names it, such as shop-mailbox.")]


class NoSuchSecret(Refused):
    """There is no secret of this name."""

    code = "not_found"


class SecretEmpty(Refused):
    """Nothing was given: type the secret, or pass it on standard input."""

    code = "invalid"


@app.command("set")
def set_(name: Name, data: Data = None, customer: Customer = None) -> None:
    """Seal a secret; it is asked for, or read from standard input."""
    value = getpass.getpass("Secret: ") if sys.stdin.isatty() else sys.stdin.read().rstrip("\r\n")
    if not value:
        raise SecretEmpty
    asyncio.run(_set(name, value, data, customer))
    print(f"{name} is sealed.")


@app.command("remove")
def remove(name: Name, data: Data = None, customer: Customer = None) -> None:
    """Forget a secret."""
    if not asyncio.run(_remove(name, data, customer)):
        raise NoSuchSecret
    print(f"{name} is removed.")


@app.command("list")
def list_(data: Data = None, customer: Customer = None) -> None:
    """The names of the secrets, and when each was set."""
    for name, changed_at in asyncio.run(_names(data, customer)):
        print(f"{name:<40}  {changed_at:%Y-%m-%d %H:%M}")


async def _set(name: str, value: str, data: Path | None, customer: str | None) -> None:
    async with database_of(data, customer) as (database, tenant_id):
        await Secrets(database, _key(data)).set(tenant_id, name, value, SystemClock().now())


async def _remove(name: str, data: Path | None, customer: str | None) -> bool:
    async with database_of(data, customer) as (database, tenant_id):
        return await Secrets(database, _key(data)).delete(tenant_id, name)


async def _names(data: Path | None, customer: str | None) -> list[tuple[str, datetime]]:
    async with database_of(data, customer) as (database, tenant_id):
        return await Secrets(database, _key(data)).names(tenant_id)


def _key(data: Path | None) -> str:
    return Settings.load(data).session_secret.get_secret_value()
