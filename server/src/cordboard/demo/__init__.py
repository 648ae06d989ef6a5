"""The demo centre: a small shop in Paris and London, loaded into an empty database at the first start.

`centre.yaml` is its whole configuration, and the best example of one. A second start changes nothing: what people have
changed since stays as they left it.
"""

from collections.abc import Mapping
from importlib import resources

from cordboard.configuration.compiled import read_text
from cordboard.configuration.errors import NothingPublished
from cordboard.configuration.service import Configuration

TENANT_ID = "demo"


def document() -> str:
    """The text of the demo centre's configuration."""
    return resources.files(__package__).joinpath("centre.yaml").read_text(encoding="utf-8")


def roles() -> Mapping[str, str]:
    """Login → what that person is, for telling whom one can log in as."""
    return {
        login: ", ".join(role.value for role in person.roles)
        for person in read_text(document(), 1).logins
        for login in person.logins
    }


async def seed(configuration: Configuration) -> Mapping[str, str]:
    """Publishes the demo centre where nothing is published yet; login → random password of those it made, else nothing."""
    try:
        await configuration.current(TENANT_ID)
    except NothingPublished:
        applied = await configuration.apply(TENANT_ID, document(), 0, "The demo centre", "cordboard run")
        return applied.new_logins
    return {}
