"""How simulated callers notice that somebody speaks to them.

SIP does not say it (the call was answered long before, by a greeting), and a person hears it at once. Here the centre's
Asterisk is asked every second which callers share a mixing bridge with another party. It is only read.
"""

import asyncio

import httpx2
import structlog

from cordboard.channels.asterisk.wire import decode_bridges, decode_channels
from cordboard.settings import Settings

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0


class Ears:
    def __init__(self, settings: Settings) -> None:
        self._client = httpx2.AsyncClient(
            base_url=f"{settings.ari_url}/ari",
            auth=(settings.ari_user, settings.ari_password.get_secret_value()),
            timeout=5.0,
        )
        self._in_talk: frozenset[str] = frozenset()

    def hears_somebody(self, number: str) -> bool:
        return number in self._in_talk

    async def run(self) -> None:
        """Runs until cancelled."""
        async with self._client:
            while True:
                try:
                    await self._look()
                except httpx2.HTTPError as error:
                    log.debug("ears_deaf", error=type(error).__name__)
                await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        bridges = decode_bridges((await self._client.get("/bridges")).raise_for_status().content)
        channels = decode_channels((await self._client.get("/channels")).raise_for_status().content)
        number_of = {channel.id: channel.caller.number for channel in channels if channel.state == "Up"}
        self._in_talk = frozenset(
            number_of[member]
            for bridge in bridges
            if bridge.bridge_type != "holding" and len(bridge.channels) > 1
            for member in bridge.channels
            if member in number_of
        )
