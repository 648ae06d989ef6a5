"""The demo centre: a small shop in Paris and London, loaded into an empty database at the first start.

`centre.yaml` is its whole configuration, and the best example of one. A second start changes nothing: what people have
changed since stays as they left it.
"""

import json
import os
from importlib import resources
from pathlib import Path

from cordboard.configuration.compiled import Login, read_text
from cordboard.configuration.errors import NothingPublished
from cordboard.configuration.service import Configuration

TENANT_ID = "demo"


def document() -> str:
    """The text of the demo centre's configuration."""
    return resources.files(__name__).joinpath("centre.yaml").read_text(encoding="utf-8")


async def seed(configuration: Configuration, logins_file: Path) -> bool:
    """Publishes the demo centre where nothing is published yet, and writes the first passwords; False if it was there.

    `logins_file` gets a list of `{login, password, who}`, readable by its owner alone.
    """
    try:
        await configuration.current(TENANT_ID)
    except NothingPublished:
        applied = await configuration.apply(TENANT_ID, document(), 0, "The demo centre", "cordboard run")
    else:
        return False
    people = {login: person for person in read_text(document(), 1).logins for login in person.logins}
    rows = [
        {"login": login, "password": password, "who": _who(people[login])}
        for login, password in applied.new_logins.items()
    ]
    _write_privately(logins_file, json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    return True


def _who(person: Login) -> str:
    return f"{person.name}, {', '.join(role.value for role in person.roles)}"


def _write_privately(file: Path, text: str) -> None:
    partial = file.with_suffix(".partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    partial.replace(file)
