"""`cordboard password LOGIN`: a new password for somebody who has lost his. It is printed, once."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from cordboard.cli.configured import Customer, database_of
from cordboard.cli.options import Data
from cordboard.identity.passwords import Passwords
from cordboard.identity.service import set_password
from cordboard.runtime.clock import SystemClock
from cordboard.runtime.randomness import new_password


def command(
    login: Annotated[str, typer.Argument(help="Whose password; `cordboard export` shows the logins.")],
    data: Data = None,
    customer: Customer = None,
) -> None:
    """Give a login a new password, end its sessions, and lift a lock-out."""
    print(asyncio.run(_reset(login, data, customer)))


async def _reset(login: str, data: Path | None, customer: str | None) -> str:
    password = new_password()
    passwords = Passwords()
    try:
        async with database_of(data, customer) as (database, _):
            await set_password(database, passwords, login, password, SystemClock().now())
    finally:
        passwords.close()
    return password
