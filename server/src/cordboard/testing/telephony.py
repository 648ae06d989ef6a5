"""A telephony server in memory behind the port that the runtime uses: the shipped `Outside`, and a connection that can break.

It lives on when the server is crashed, as Asterisk does: what happens meanwhile is not reported, and `connect` reports all
that there is. The outside's part is played by the test: `call`, `answer`, `press`, `finish_playback`, `hang_up`.
"""

from collections.abc import Callable

from cordboard.core.commands import TelephonyCommand
from cordboard.core.events import Event, TelephonyLost
from cordboard.testing.outside import Outside

Post = Callable[[str, Event], None]
"""(tenant id, event): where the fake reports."""


class FakeTelephony(Outside):
    """Implements `ports.Telephony`."""

    def __init__(self) -> None:
        super().__init__(self._post_if_connected)
        self.phones: dict[str, str] = {}  # SIP user name -> password
        self._post: Post | None = None
        self._kept: list[tuple[str, TelephonyCommand]] = []  # by the server's adapter, until it is connected

    @property
    def connected(self) -> bool:
        return self._post is not None

    def connect(self, tenant_id: str, post: Post) -> None:
        """The server is there (again): what it kept is performed, it is told what exists, then what has happened since."""
        meanwhile: list[tuple[str, Event]] = []
        self._post = lambda tenant, event: meanwhile.append((tenant, event))
        kept, self._kept = self._kept, []
        for command in kept:
            self.perform(*command)
        self._post = post
        self._post_if_connected(tenant_id, self.seen(tenant_id))
        for happened in meanwhile:
            self._post_if_connected(*happened)

    def perform(self, tenant_id: str, command: TelephonyCommand) -> None:
        if self.connected:
            super().perform(tenant_id, command)
        else:
            self._kept.append((tenant_id, command))

    def disconnect(self) -> None:
        """The server is gone with all that it kept: nothing is reported any more."""
        self._post = None
        self._kept.clear()

    def lose(self, tenant_id: str) -> None:
        """The connection breaks while the server lives."""
        self._post_if_connected(tenant_id, TelephonyLost())
        self._post = None

    async def provision_phone(
        self, tenant_id: str, agent_id: str, username: str, password: str, browser: bool
    ) -> None:
        self.phones[username] = password

    async def revoke_phone(self, username: str) -> None:
        self.phones.pop(username, None)

    async def provision_page(self, tenant_id: str, username: str, password: str) -> None:
        self.phones[username] = password

    def _post_if_connected(self, tenant_id: str, event: Event) -> None:
        if self._post is not None:
            self._post(tenant_id, event)
